"""What an indicator is called: without the words around it, and each of those that stand in a list."""

from __future__ import annotations

import re

from huanzhi.plans.words import group

NOUNS = group("indicators", "nouns")
SEPARATORS = re.compile(r"、|和|及(?!周边|以[上下]|其)|与|以及")
_RATE = re.compile(
    "(?:集中|综合|安全|规范|规范化|无害化|资源化|有效)*(?:处置|处理|利用|收集|回收|收运|治理|达标|合格|覆盖|管控)率$"
)
CHANGED = f"(?:{group('operators', 'up')}|{group('operators', 'down')})"
CHANGE_ONLY = re.compile(f"(?:累计|年均|净|再)?{CHANGED}$")
CHANGE = re.compile(f"(?:相?(?:较|比|与)20\\d\\d年(?:度|底|末|相比)?)?(?:累计|年均|净|再)?{CHANGED}$")
_INDICATOR = re.compile(f"(.*{NOUNS})")
_AND_SUCH = re.compile(
    r"(?:等(?:[\d一二两三四五六七八九十])?|(?<=[一-龥])[\d两三四五六七八九十])(?:种|项|类|个)?(?:主要|重点)?(?:大气|水)?(?:污染物)?$|等$"
)
_SHARED = group("indicators", "shared_tails")
SINCE = re.compile(
    "(?:均|都|各)?(?:同比|在20\\d\\d年(?:度|底|末)?的?基础上|相?(?:较|比|与)(?:20\\d\\d年(?:度|底|末)?|[上去]年(?:度|同期)?)(?:相比)?)(?:均|都|各)?$"
)
BASED = re.compile(f"相?(?:较|比|与)20\\d\\d年(?:度|底|末)?(?:相比)?(?:累计|年均|净|再)?{CHANGED}?$")
PLACES = group("indicators", "places")
_AMOUNTS = "(?:排放总量|排放量|浓度|使用量|施用量|用量|能耗)"
ALIKE = 6
"""A thing in a list no longer than this may share what follows its last character."""
_EARLIER = re.compile(r"^(?:\d{1,2}月)?(?:年)?(?:底|末|中)?(?:以|之)?前(?=[一-龥“])")
_EACH = re.compile("(?:(?<!年)均|都|各|分别)(?=相?(?:较|比|与)20|(?:下降|减少|削减|降低|提高|增长)?$)")


def trimmed(name: str) -> str:
    """Return an indicator without the words that lead to it and those that close it."""
    name = re.sub("^年(?=累计|内|共)", "", _EARLIER.sub("", name.strip("□、,;:的")))
    name = re.sub(f"(?<=.){group('years', 'striving')}(?=同比|[较比与][2上去])", "", name)
    if name.count("“") > name.count("”"):
        name = name.rpartition("“")[2].rpartition("、")[2]
    opener = re.compile(group("indicators", "openers"))
    scope = re.compile(group("indicators", "scopes"))
    for word in ("确保", "力争", "使得", "实现", "争取", "使", "推动", "保证"):
        head, _, tail = name.rpartition(word)
        if head and tail.startswith("达到"):
            name = head + tail
        elif head and len(tail) >= 3 and not tail.startswith(("率", "用")):
            name = tail
    changed = True
    while changed and name:
        changed = False
        for pattern in (opener, scope):
            found = pattern.match(name)
            rest = name[found.end() :] if found else ""
            if found and len(rest) >= 2 and (pattern is scope or not re.match("率|用", rest)):
                name, changed = rest.lstrip("、,的"), True
    closer = re.search(group("indicators", "closers") + "$", name)
    return name[: closer.start()] if closer and closer.start() >= 2 else name


def level(indicator: str) -> str:
    """Return an indicator without the change that was said of it, up to the word that makes it one."""
    bare = CHANGE.sub("", indicator).removeprefix("每年")
    found = _INDICATOR.match(bare)
    return found.group(1) if found else bare


def listed(indicator: str) -> list[str]:
    """Return the indicators in a list; each ends as indicators do, or they share an ending by 均 or 各."""
    pieces, start = [], 0
    for found in SEPARATORS.finditer(indicator):
        if re.search(f"{NOUNS}$", indicator[start : found.start()]) and found.end() < len(indicator):
            pieces.append(indicator[start : found.start()])
            start = found.end()
    pieces.append(indicator[start:])
    if len(pieces) > 1:
        based = BASED.search(pieces[-1])
        end = based.group() if based else ""
        pieces = _headed([piece.removesuffix(end) for piece in pieces])
        pieces = [piece + end for piece in pieces]
        return (
            [trimmed(piece) for piece in pieces] if all(len(piece) >= 2 for piece in pieces) else [indicator]
        )
    each = _EACH.search(indicator)
    if each is None:
        return _changed_alike(indicator)
    name, change = indicator[: each.start()], indicator[each.end() :]
    base = SINCE.search(name)
    if base:
        name, change = name[: base.start()], base.group() + change
    names = heads(name)
    return [one + change for one in names] if len(names) > 1 else [name + change]


def _changed_alike(indicator: str) -> list[str]:
    """Return what changes by one figure: 「化学需氧量、氨氮排放量比2015年减少」 is said of both."""
    change = CHANGE.search(indicator)
    name = indicator[: change.start()] if change else ""
    names = heads(name) if re.search(f"{_AMOUNTS}$", name) and "总和" not in name else []
    own = all(2 <= len(each) <= ALIKE for each in SEPARATORS.split(name)[:-1])
    return [each + change.group() for each in names] if change and len(names) > 1 and own else [indicator]


def heads(name: str) -> list[str]:
    """Return the things in a list by their own or their shared ending: 「二氧化硫、氮氧化物排放总量」.

    Without a shared ending there is none.
    """
    ending = re.search(_SHARED + "$", name)
    if ending is None:
        return []
    things = [piece for piece in SEPARATORS.split(_AND_SUCH.sub("", name[: ending.start()])) if piece]
    last = things[-1] + ending.group() if things else ""
    own = [
        piece if re.search(f"(?:{_SHARED}|{NOUNS})$", piece) else piece + _ending(piece, last, ending.group())
        for piece in things[:-1]
    ]
    return _headed([*own, last]) if things else []


def _ending(piece: str, last: str, shared: str) -> str:
    """Return what a thing shares with the last of its list: 「国控、省控断面达标率」 the words behind 控.

    Things alike end alike; of places, what follows the place is shared.
    """
    alike = last.find(piece[-1], 1, len(piece) + 2)
    if 0 < alike < len(last) - len(shared) and len(piece) <= ALIKE:
        return last[alike + 1 :]
    parted = placed(last) if is_place(piece) else None
    return parted[1] if parted else shared


def is_place(name: str) -> bool:
    """Return whether a name is that of a kind of place: 县城, 汾渭平原, 省控断面."""
    return re.fullmatch(f".{{0,14}}{PLACES}", name) is not None


def placed(indicator: str) -> tuple[str, str] | None:
    """Return the place that an indicator begins with, and the rest; None where it begins with none."""
    found = re.match(f"(.{{0,14}}{PLACES})(.{{2,}})", indicator)
    return (found[1], found[2]) if found else None


def _headed(names: list[str]) -> list[str]:
    """Give 「污水收集率和处理率」 the thing that both are rates of."""
    whole = _RATE.search(names[0])
    head = names[0][: whole.start()] if whole else ""
    return [names[0], *(head + each if _RATE.fullmatch(each) else each for each in names[1:])]
