"""Which figures of one clause are goals: the indicator, the verb, the figure, the thing counted.

Three ways to say a goal are known. *Compared*: an indicator, a verb, a figure (森林覆盖率达到65%以上).
*Counted after*: a verb of doing, a thing, a number of it (建成加气站5座). *Counted before*: a verb, a number,
a thing (完成20家企业治理). A figure that qualifies something else (30吨以上的处理设施) is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from huanzhi.plans.dealing import shared
from huanzhi.plans.figures import ADVERBS, BY_WORD, OP, Goal, parted, sign
from huanzhi.plans.folding import BLOT, shown
from huanzhi.plans.naming import (
    CHANGE_ONLY,
    NOUNS,
    SINCE,
    is_place,
    level,
    listed,
    placed,
    trimmed,
)
from huanzhi.plans.quantities import Quantity, quantities
from huanzhi.plans.words import group, words

_NOUN = re.compile(rf"{group('indicators', 'nouns')}[{BLOT[1:-1]}□]*$")
_GOES_ON = re.compile(
    rf"[{BLOT[1:-1]}□]*(?:$|[、”]|(?:和|及|与|或|并|且|以及|等)|"
    r"作为.{0,20}(?:目标|任务|指标)$|(?:的)?(?:目标|要求|水平|以上水平)(?:要求)?(?:$|[、”]))"
)
_AND = re.compile(r"^(?:、|和|及|与|以及|并|且|或(?=[在较比])|,)+")
_VERB = f"(?:新{BLOT}{{3,6}}建|{group('completion', 'verbs')})"
_AFTER = re.compile(
    rf"(?P<verb>{_VERB})(?P<noun>(?:\d[\d.]*[^\d□、]{{1,10}}(?:以上|以下|以内)的?)?[^\d□]{{1,40}}?)$"
)
_BEFORE = re.compile(rf"(?P<verb>{_VERB})(?P<mid>[^\d]{{0,60}}?)$")
_SCOPE = re.compile(group("indicators", "scopes") + "?的?")
_BOUNDS = (
    "不低于",
    "不少于",
    "不小于",
    "不高于",
    "不超过",
    "不大于",
    "不得低于",
    "不得高于",
    "不得超过",
    "≥",
    "≤",
)
RULES = re.compile(
    "应当|应该|应|须|不得|单位|企业|项目|设施|机组|锅炉|每次|每人|每户|每家|的(?:新建|建设|改建)"
)
_THING = re.compile(rf"(?:\d[\d.]*(?=[^\d]+以))?[一-龥“A-Za-z](?:[一-龥“A-Za-z]|{BLOT}+[一-龥])")
_SIZE = re.compile(r"的?[一-龥“A-Z]{2}")
_PIECES = ("个", "家", "座", "条", "户", "处", "台", "项", "辆", "所")
_VERB_BEHIND = re.compile(f"[、和及与并,]{_VERB}$")
_OF = re.compile("(?:达到|占).{2,20}的$")
_LEVEL = re.compile(rf"(?P<of>.*{group('indicators', 'nouns')})(?P<level>{group('indicators', 'levels')})$")
_DOINGS = f"(?:{group('completion', 'doings')}|新{BLOT}{{3,6}}建)"
_DONE_TO = re.compile(f"(?P<name>[一-龥“”]{{2,20}}{_DOINGS})$")
_DOING = re.compile(f"(?:提升|综合|深度|清洁|达标)*{_DOINGS}$")
DOES = re.compile(f"{_VERB}|{_DOINGS}")
_AGAIN = re.compile(f"(?=.*[{BLOT[1:-1]}□])[{BLOT[1:-1]}□、和及至到的]+")
_TITLED = re.compile(r"[、和]?(?:各?级)?(?P<name>“[^“”]{2,12}”[一-龥]{0,6})\d+[^\d、“”]{1,4}")
_COMPOUND = re.compile("(?:试点|示范)?(?:项目|工程|试点|示范|任务|基地|中心|平台)$")
_LEADS = ("力争", "实现", "确保", "完成")
_MONEY = re.compile("元$")
_RANK = re.compile("[国省市县区](?:家)?级")
_WEAK = set(words()["completion"]["weak_verbs"])
SHORT = 4
"""A name of a part no longer than this (北岸) says nothing without that of the whole."""

PART = 6
"""A name without a noun of indicators, no longer than this, is that of a part."""

_BARE_DOINGS = ("整改", "整治", "改造", "治理", "销号")
_BARE = ("占比", "比例", "比重", "比率")


def goals(
    clause: str, subject: str = "", alike: str = "", said: Sequence[str] = (), years: int = 0
) -> list[Goal]:
    """Return the goals of a clause.

    Parameters
    ----------
    clause : str
        Folded, without blanks, brackets blotted out, years before it taken away.
    subject : str
        What the clauses before spoke of, for a clause that names no indicator of its own.
    alike : str
        The unit of the goal before, of which a clause that begins with 其中 may give a part.
    said : sequence of str
        The indicators of the sentence so far, for 「到2030年分别达到42%、43%」.
    years : int
        How many years stand at the head of the clause: as many values are one for each.
    """
    found: list[Goal] = []
    every = quantities(clause)
    for index, quantity in enumerate(every):
        left_start = every[index - 1].end if index else 0
        left_start = (
            max(left_start, found[-1].end) if found and found[-1].end <= quantity.start else left_start
        )
        if index and not found and _qualifies(clause, every[index - 1], quantity):
            left_start = every[index - 2].end if index > 1 else 0
        left_start += _length(_AND.match(clause[left_start : quantity.start])) if index else 0
        right_end = _next(clause, every, index)
        spoken_of = found[-1].indicator if found else subject
        found += _goals_of(clause, quantity, left_start, right_end, spoken_of, found)
    if not found and alike and clause.startswith("其中"):
        return _parts(clause, every, alike, subject)
    if not found and every:
        found = _titled(clause, every)
    return shared(_done_alike(_ranked(found), clause), clause, said, years)


def _titled(clause: str, every: list[Quantity]) -> list[Goal]:
    """Return the goals of 「“无废工厂”20家、“无废学校”15所」: titles to win, each with its number."""
    titles = list(_TITLED.finditer(clause))
    if len(titles) != len(every) or "".join(each.group() for each in titles) != clause:
        return []
    return [
        Goal(each["name"], sign("", quantity), quantity, each.start(), each.end(), False, "after")
        for each, quantity in zip(titles, every, strict=True)
    ]


def _qualifies(clause: str, before: Quantity, here: Quantity) -> bool:
    """Return whether a figure only says of what: 「浓度不低于100毫克/升的规模占比达到90%」."""
    behind = clause[before.end : here.start]
    if before.tail and re.search(f"{_VERB}$", clause[: before.start]) and here.unit in _PIECES:
        return re.fullmatch("的?[一-龥]{2,20}", behind) is not None
    bounded = parted(clause[: before.start])[1] in _BOUNDS
    sized = before.tail and re.search("(?:能力|规模|人口|容量|面积|存栏|吞吐量)$", clause[: before.start])
    if sized and re.match(f"的?[^、]{{2,}}?{NOUNS}", behind):
        return True
    return bounded and re.match(f"的[^、]*{NOUNS}", behind) is not None


def _done_alike(found: list[Goal], clause: str) -> list[Goal]:
    """Give 「完成12家砖厂、3条石灰窑改造」 the same doing, said once at the end."""
    doing = _DOING.search(found[-1].indicator) if found else None
    if doing is None or any(goal.way != "before" for goal in found):
        return found
    if not clause[: found[0].quantity.start].endswith("完成"):
        return found
    return [
        each if DOES.search(each.indicator) else replace(each, indicator=each.indicator + doing.group())
        for each in found
    ]


def _parts(clause: str, every: list[Quantity], alike: str, subject: str) -> list[Goal]:
    """Return the goals of 「其中北岸110公里、南岸100公里」: parts, in the unit of the goal before."""
    parts: list[Goal] = []
    start = len("其中")
    for quantity in every:
        name = trimmed(_AND.sub("", clause[start : quantity.start]))
        if quantity.unit != alike or not re.fullmatch(r"[一-龥A-Za-z“”]{2,20}", name):
            return []
        if len(name) <= SHORT and subject and not re.search(NOUNS + "$", name):
            name = f"{level(subject)}({name})"
        end = quantity.end
        parts.append(
            Goal(name, sign("", quantity), quantity, start, end, quantity.measured, "after", bool(parts))
        )
        start = end
    return parts if not clause[start:].strip("、,等") else []


def _next(clause: str, every: list[Quantity], index: int) -> int:
    """Return where what a number counts must end: before the next one, unless that only says of what size."""
    after = every[index + 1 :]
    if after and after[0].tail and _SIZE.match(clause[after[0].end :]):  # 5台65蒸吨/小时以上锅炉
        between = clause[every[index].end : after[0].start]
        after = after if re.search("[、和及与并]|不|达|到", between) else after[1:]
    return after[0].start if after else len(clause)


def _ranked(found: list[Goal]) -> list[Goal]:
    """Give 「5个省级、20个市级生态乡镇」 the same thing to count."""
    kept = list(found)
    for at in range(1, len(kept)):
        led = re.search(_RANK.pattern, kept[at - 1].indicator)
        if kept[at].way == kept[at - 1].way == "after" and led and _RANK.fullmatch(kept[at].indicator):
            name = kept[at - 1].indicator
            kept[at] = replace(
                kept[at], indicator=name[: led.start()] + kept[at].indicator + name[led.end() :]
            )
    for at in range(len(kept) - 2, -1, -1):
        after = _RANK.match(kept[at + 1].indicator)
        if kept[at].way == "before" and after and _RANK.fullmatch(kept[at].indicator):
            kept[at] = replace(kept[at], indicator=kept[at].indicator + kept[at + 1].indicator[after.end() :])
    return kept


def _goals_of(
    clause: str, quantity: Quantity, start: int, right_end: int, subject: str, before: list[Goal]
) -> list[Goal]:
    left, right = clause[start : quantity.start], clause[quantity.end :]
    if before and quantity.unit == before[-1].quantity.unit and _AGAIN.fullmatch(left):
        again = replace(before[-1], quantity=quantity, start=start, end=quantity.end)
        return [again] if _GOES_ON.match(right) else []
    if share := _share(left, quantity, clause[quantity.end : right_end].rstrip("、和及与并"), start):
        return [share]
    if wholly := _wholly(left, quantity, right, start):
        return [wholly]
    if held := _held(left, quantity, right, start):
        return [held]
    if _GOES_ON.match(right) or (quantity.unit == "%" and right[:1].isdigit()):
        goal = (
            _compared(left, quantity, start, subject)
            or _counted_after(left, quantity, start, before)
            or _done_to(left, quantity, start)
        )
        return [] if goal is None else _split(goal)
    counted = _counted_before(clause, left, quantity, start, right_end, before)
    return [] if counted is None else [counted]


def _share(left: str, quantity: Quantity, right: str, start: int) -> Goal | None:
    """Return the goal of 「80%以上的村庄建成设施」: a share of things that come to something."""
    found = re.match(f"的(?P<rest>.{{2,40}}?(?:{_VERB}|达到|实现|具备|纳入|得到)[^□]{{0,40}})$", right)
    before = _SCOPE.sub("", trimmed(ADVERBS.sub("", left)))
    if found is None or quantity.unit != "%" or before not in ("", *_LEADS):
        return None
    name = trimmed(found["rest"])
    return Goal(name, sign("", quantity), quantity, start, quantity.end + found.end(), True, "compared")


def _wholly(left: str, quantity: Quantity, right: str, start: int) -> Goal | None:
    """Return the goal of 「水源水质100%达标」: a share, and what is reached by it."""
    found = re.match("(?:达标|合格|全?覆盖|收集|(?:无害化|安全)?处置|(?:无害化)?处理)(?:排放)?$", right)
    bare, word = parted(left)
    name = trimmed(bare)
    if found is None or quantity.unit != "%" or len(name) < SHORT or word not in ("", "实现"):
        return None
    end = quantity.end + found.end()
    return Goal(name + found.group(), sign("", quantity), quantity, start, end, True, "compared")


def _held(left: str, quantity: Quantity, right: str, start: int) -> Goal | None:
    """Return the goal of 「具备5%以上的尖峰负荷响应能力」: something had of a size."""
    found = re.match(rf"的(?P<rest>[^□\d]{{2,30}}?{NOUNS})$", right)
    if found is None or not (quantity.measured or "/" in quantity.unit):
        return None
    if not re.search("(?:具备|形成|达到|实现)(?:约|近)?$", left):
        return None
    end = quantity.end + found.end()
    return Goal(trimmed(found["rest"]), sign("", quantity), quantity, start, end, False, "compared")


def _done_to(left: str, quantity: Quantity, start: int) -> Goal | None:
    """Return the goal of 「户厕改造180户以上」: the doing named behind the thing."""
    found = _DONE_TO.search(ADVERBS.sub("", left))
    if found is None or quantity.measured or _MONEY.search(quantity.unit):
        return None
    name = trimmed(found["name"])
    return Goal(name, sign("", quantity), quantity, start, quantity.end, False, "after")


def _striven(left: str, quantity: Quantity, start: int, subject: str) -> Goal | None:
    """Return the goal of 「提升至90%,力争91.5%」: a figure striven for without a verb."""
    if not subject or not quantity.unit or not re.fullmatch(group("years", "striving"), left):
        return None
    return Goal(
        level(subject), sign("", quantity), quantity, start, quantity.end, quantity.measured, "compared"
    )


def _compared(left: str, quantity: Quantity, start: int, subject: str) -> Goal | None:
    if striven := _striven(left, quantity, start, subject):
        return striven
    if quantity.unit == "%" and _OF.search(left):  # 新能源汽车销售量占汽车销售总量的20%
        left = left.removesuffix("的")
    name, word = parted(left)
    indicator = "" if re.fullmatch(group("indicators", "scopes"), name) else trimmed(name)
    kind = BY_WORD.get(word, "")
    if word == "完成" and not indicator and subject and not quantity.measured:
        return Goal(level(subject), sign("", quantity), quantity, start, quantity.end, False, "compared")
    if kind in ("up", "down") and re.search(f"年均{word}$", left):
        word = f"年均{word}"
    if SINCE.fullmatch(indicator.removeprefix("或")):
        indicator = level(subject) + indicator.removeprefix("或")
    apart = "" if "其中" in left or not subject else _elsewhere(indicator, subject, kind)
    if apart:
        indicator = apart
    if kind in ("up", "down"):
        indicator = (indicator or level(subject)) + word
    elif re.search("(?:均|都|各)$", left[: left.rfind(word)] if word else left):
        indicator += "均"
    if not kind and not (_NOUN.search(name) and len(indicator) > 1):
        return None
    if kind == "equal" and word in ("完成", "在", "实现", "为", "控制") and not _NOUN.search(name):
        return None
    if part := _LEVEL.fullmatch(indicator):
        indicator = f"{part['of']}({part['level']})"
    if indicator in _BARE:
        if not subject or re.search("投资|资金|投入", subject):
            return None
        indicator = level(subject) + indicator
    if len(re.sub("[“”]", "", indicator)) < 2 or re.fullmatch(r"[A-Za-z]?", indicator):
        if not subject or not kind:
            return None
        indicator = level(subject) + (indicator if kind in ("up", "down") else "")
    elif subject and kind and quantity.measured and _is_part(indicator):
        indicator = f"{level(subject)}({indicator})"
    if (not quantity.unit and not _NOUN.search(name)) or (_MONEY.search(quantity.unit) and not kind):
        return None
    strong = (quantity.measured and bool(kind or _NOUN.search(name))) or _bounded(
        left, name, word, rated=quantity.unit == "倍" or _MONEY.search(quantity.unit) is not None
    )
    op = sign(kind, quantity, left)
    return Goal(indicator, op, quantity, start, quantity.end, strong, "compared")


def _is_part(indicator: str) -> bool:
    """Return whether a name is only of a part of what was said before: 东部, 地级及以上城市建成区."""
    own = re.search(f"{NOUNS}|[A-Za-z]|[硫氮氨磷氧]|颗粒物|需氧量", indicator)
    return (len(indicator) <= PART or is_place(indicator)) and not own


def _elsewhere(place: str, subject: str, kind: str) -> str:
    """Return what was said before, of another place: 「县城污水处理率达到95%,建制镇达到70%」."""
    if not is_place(place) or re.search(NOUNS, place):
        return ""
    said = level(subject)
    before = placed(said)
    if kind in ("up", "down"):
        base = SINCE.search(CHANGE_ONLY.sub("", subject))
        rest = before[1] if before else said
        return place + rest + (base.group() if base else "") if re.search(NOUNS + "$", rest) else ""
    return place + before[1] if before and re.search(NOUNS + "$", before[1]) else ""


def _bounded(left: str, name: str, word: str, *, rated: bool = False) -> bool:
    """Return whether a bound is a goal by its wording alone, and no rule for somebody else's plant."""
    if word not in _BOUNDS or RULES.search(name) or rated:
        return False
    return _NOUN.search(name) is not None or re.match(f"(?:每年)?{_VERB}", name) is not None


def _counted_after(left: str, quantity: Quantity, start: int, before: list[Goal]) -> Goal | None:
    found = _AFTER.search(left)
    if quantity.measured or _MONEY.search(quantity.unit):
        return None
    if found and re.search("的.{1,6}共(?:计|有)?$", found["noun"]):
        return None
    if found and len(trimmed(found["noun"])) >= 2:
        verb, things = found["verb"], trimmed(left)
        if _COMPOUND.fullmatch(found["noun"]) and found.start() > 2:  # 地下水修复试点2个
            return Goal(things, sign("", quantity), quantity, start, quantity.end, False, "after", True)
        if verb in ("实施", "开展") and (_DOING.search(found["noun"]) or _COMPOUND.search(found["noun"])):
            return Goal(
                trimmed(found["noun"]),
                sign("", quantity),
                quantity,
                start,
                quantity.end,
                False,
                "after",
                _COMPOUND.search(found["noun"]) is not None,
            )
        name = trimmed(
            found["noun"]
            if verb in ("完成", "建成", "累计完成", "累计建成", "需要")
            else verb.removeprefix("累计") + found["noun"]
        )
        if found["noun"] in _BARE_DOINGS and len(trimmed(left[: found.start()])) >= 2:
            name = trimmed(left[: found.start()]) + found["noun"]
        weak = verb in _WEAK
        return Goal(
            name, sign("", quantity), quantity, start + found.start(), quantity.end, False, "after", weak
        )
    beside = before and before[-1].quantity.unit == quantity.unit and not re.search(NOUNS, left)
    if beside and before[-1].way == "compared" and re.fullmatch(r"[一-龥A-Za-z“”]{4,20}", left):
        return Goal(trimmed(left), sign("", quantity), quantity, start, quantity.end, False, "after")
    if before and before[-1].way == "after" and re.fullmatch(r"[一-龥A-Za-z“”]{2,20}", left):
        return Goal(
            left, sign("", quantity), quantity, start, quantity.end, False, "after", before[-1].weak_verb
        )
    return None


def _counted_before(
    clause: str, left: str, quantity: Quantity, start: int, right_end: int, before: list[Goal]
) -> Goal | None:
    thing = _VERB_BEHIND.sub("", clause[quantity.end : right_end].rstrip("、和及与并"))
    found = _BEFORE.search(left)
    beside = bool(before) and before[-1].way == "before" and not left.strip("、和及与")
    sized = quantity.tail and not (  # 完成5000个以上排污口整治, not 新建30吨以上的锅炉
        found and not found["mid"] and quantity.unit in _PIECES and not thing.startswith("的")
    )
    if quantity.measured or sized or not _THING.match(thing) or not (found or beside):
        return None
    if _MONEY.search(quantity.unit) or _compares(thing):
        return None
    if re.match("的?(?:标准|规模|能力|以上|以下|时)", thing):
        return None
    mid = found["mid"] if found else ""
    if found and found["mid"].count("“") > found["mid"].count("”"):
        return None
    named = (mid if shown(mid).endswith("等") else "") + thing
    weak = before[-1].weak_verb if beside else bool(found) and found["verb"] in _WEAK  # type: ignore[index]
    first = start + (found.start() if found else 0)
    end = quantity.end + len(thing)
    return Goal(trimmed(named), sign("", quantity), quantity, first, end, False, "before", weak)


def _compares(words_before: str) -> bool:
    """Return whether words end as those before a figure do: 「治理率达到」."""
    found = OP.search(ADVERBS.sub("", words_before))
    return found is not None and BY_WORD[found["op"]] not in ("up", "down")


def _split(goal: Goal) -> list[Goal]:
    """Return one goal for each indicator where several share a figure: 「A率和B率均达到95%」."""
    return [replace(goal, indicator=name) for name in listed(goal.indicator)]


def _length(found: re.Match[str] | None) -> int:
    return found.end() if found else 0
