"""Bodies 责任单位: strings become names, and different names of one body are brought together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from huanzhi.plans.words import one_of, words

_WORDS = words()["bodies"]
_ENDING = re.compile(rf"{one_of(_WORDS['endings'])}(?:\([^()]{{1,20}}\))?等?$")
_WHOLE = set(_WORDS["whole"])
_EVERYWHERE = re.compile(
    r"(?:各|有关|相关|市级|省级|区级|县级)[一-龥]*(?:\([^()]{1,20}\))?[一-龥]{0,8}?(?:政府|部门|单位|街道|乡镇|镇街|园区|开发区|区|县|市|管委会|企业|功能区|度假区)(?:\([^()]{1,14}\))?(?:党委)?(?:政府)?"
)
_SEPARATOR = re.compile(r"[、,;/\s]+|(?<=[局委厅办院会])(?:和|及|与)(?=[市省区县各])")
_SUFFIX = re.compile(
    "(?:等)?(?:按照?(?:各自)?职责(?:分工)?(?:负责|落实)?|分工负责|负责|牵头负责|牵头|配合|参与|参加|落实|组织实施|具体落实|具体组织实施|具体实施|具体负责|实施|共同负责)$"
)
_AND_OTHERS = re.compile("(?<=[局委厅办院会部])等(?:有关|相关|市级|市直)?(?:部门|单位)$")
LONGEST = 30


def split(given: str) -> list[str]:
    """Return the names in a string of bodies; separators inside brackets part nothing."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(given):
        depth = max(0, depth + (char == "(") - (char == ")"))
        if depth == 0 and _SEPARATOR.match(given, place) and not _inside_name(given, place):
            parts.append(given[start:place])
            start = place + len(_SEPARATOR.match(given, place).group())  # type: ignore[union-attr]
    parts.append(given[start:])
    names = [_AND_OTHERS.sub("", piece.strip("、,;。:的 ")) for piece in parts]
    return [name for name in names if name and name != "等"]


def _inside_name(given: str, place: int) -> bool:
    return given[place] in "和及与" and not _ENDING.search(given[:place])


def is_body(name: str) -> bool:
    """Return whether a name is one of a body."""
    name = name.removesuffix("等")
    if not 2 <= len(name) <= LONGEST or re.search(r"[。:《》\d%]|以下|不再|均需|列出", name):
        return False
    return name in _WHOLE or bool(_EVERYWHERE.fullmatch(name)) or bool(_ENDING.search(name))


def are_bodies(given: str) -> bool:
    """Return whether a string is nothing but names of bodies."""
    names = split(given)
    return bool(names) and all(is_body(name) for name in names)


def stripped(given: str) -> str:
    """Return a string of bodies without 牵头, 配合, 按职责分工负责 and the like behind it."""
    before = ""
    while given != before:
        before, given = given, _SUFFIX.sub("", given).strip("、,; ")
    return given.removesuffix("等")


def brought_together(names: Iterable[str]) -> dict[str, str]:
    """Return the names that are short or misspelt forms of another name in the same document, with that name.

    One is a form of the other when both begin with the same two characters and end with the same one, and all
    characters of the shorter stand in the longer in their order (市住建局, 市住房和城乡建设局); or when a
    common short name says so. The name used most stays, the longer one among equals.
    """
    used = Counter(names)
    aliases: dict[str, str] = {}
    for name in sorted(used, key=lambda each: (used[each], len(each))):
        others = [
            other for other in used if other != name and other not in aliases and _one_body(name, other)
        ]
        better = [other for other in others if (used[other], len(other)) >= (used[name], len(name))]
        if better:
            aliases[name] = max(better, key=lambda other: (used[other], len(other)))
    return {name: _end(aliases, name) for name in aliases}


def _end(aliases: dict[str, str], name: str) -> str:
    while name in aliases:
        name = aliases[name]
    return name


def _one_body(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    for brief, full in _WORDS["short"].items():
        if short.endswith(brief) and long.endswith(full) and short[: -len(brief)] == long[: -len(full)]:
            return True
    if short[:2] != long[:2] or short[-1] != long[-1] or len(short) < 4:
        return False
    return _in_order(short, long)


def _in_order(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)


def canonical(names: Sequence[str], aliases: dict[str, str]) -> tuple[str, ...]:
    """Return the names as they are kept, each once."""
    return tuple(dict.fromkeys(aliases.get(name, name) for name in names))
