"""What an indicator is called: without the words around it, and each of those that stand in a list."""

from __future__ import annotations

import re

from huanzhi.plans.words import group

NOUNS = group("indicators", "nouns")
SEPARATORS = re.compile(r"、|和|及|与|以及")
_RATE = re.compile(
    "(?:集中|综合|安全|规范|规范化|无害化|资源化|有效)*(?:处置|处理|利用|收集|回收|收运|治理|达标|合格|覆盖|管控)率$"
)
CHANGED = f"(?:{group('operators', 'up')}|{group('operators', 'down')})"
CHANGE = re.compile(f"(?:(?:较|比|与)20\\d\\d年(?:度|底|末|相比)?)?(?:累计|年均)?{CHANGED}$")
_INDICATOR = re.compile(f"(.*{NOUNS})")
_AND_SUCH = re.compile(
    r"(?:等(?:[\d一二两三四五六七八九十])?|(?<=.)[\d两三四五六七八九十])(?:种|项|类|个)?(?:主要|重点)?(?:大气|水)?(?:污染物)?$|等$"
)
_SHARED = group("indicators", "shared_tails")
SINCE = re.compile(
    "(?:均|都|各)?(?:同比|在20\\d\\d年(?:度|底|末)?的?基础上|(?:较|比|与)(?:20\\d\\d年(?:度|底|末)?|[上去]年(?:度|同期)?)(?:相比)?)(?:均|都|各)?$"
)
BASED = re.compile(f"(?:较|比|与)20\\d\\d年(?:度|底|末)?(?:相比)?(?:累计|年均)?{CHANGED}?$")
_EARLIER = re.compile(r"^(?:\d{1,2}月)?(?:年)?(?:底|末|中)?(?:以|之)?前(?=[一-龥“])")
_EACH = re.compile("(?:(?<!年)均|都|各|分别)(?=(?:较|比|与)20|(?:下降|减少|削减|降低|提高|增长)?$)")


def trimmed(name: str) -> str:
    """Return an indicator without the words that lead to it and those that close it."""
    name = _EARLIER.sub("", name.strip("□、,;:的"))
    name = re.sub(f"(?<=.){group('years', 'striving')}(?=同比|[较比与][2上去])", "", name)
    if name.count("“") > name.count("”"):
        name = name.rpartition("“")[2].rpartition("、")[2]
    opener = re.compile(group("indicators", "openers"))
    scope = re.compile(group("indicators", "scopes"))
    for word in ("确保", "力争", "使得", "实现", "争取", "使", "推动", "保证"):
        head, _, tail = name.rpartition(word)
        if head and len(tail) >= 3 and not tail.startswith(("率", "用")):
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
        return [indicator]
    name, change = indicator[: each.start()], indicator[each.end() :]
    base = SINCE.search(name)
    if base:
        name, change = name[: base.start()], base.group() + change
    names = heads(name)
    return [one + change for one in names] if len(names) > 1 else [name + change]


def heads(name: str) -> list[str]:
    """Return the things in a list by their own or their shared ending: 「二氧化硫、氮氧化物排放总量」.

    Without a shared ending there is none.
    """
    ending = re.search(_SHARED + "$", name)
    if ending is None:
        return []
    things = [piece for piece in SEPARATORS.split(_AND_SUCH.sub("", name[: ending.start()])) if piece]
    own = [
        piece if re.search(f"(?:{_SHARED}|{NOUNS})$", piece) else piece + ending.group()
        for piece in things[:-1]
    ]
    return _headed([*own, things[-1] + ending.group()]) if things else []


def _headed(names: list[str]) -> list[str]:
    """Give 「污水收集率和处理率」 the thing that both are rates of."""
    whole = _RATE.search(names[0])
    head = names[0][: whole.start()] if whole else ""
    return [names[0], *(head + each if _RATE.fullmatch(each) else each for each in names[1:])]
