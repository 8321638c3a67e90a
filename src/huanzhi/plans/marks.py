"""Numbers and signs before headings: 第一章, 一、, (一), 1., (1), ①, ——, 01."""

from __future__ import annotations

import re
from dataclasses import dataclass

from huanzhi.plans.words import unit

_CHINESE = "[一二三四五六七八九十百零〇]{1,5}"
_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}

KINDS: tuple[tuple[str, str], ...] = (
    ("chapter", rf"第(?P<n>{_CHINESE}|\d{{1,2}})(?:章|篇|部分|编)"),
    ("section", rf"第(?P<n>{_CHINESE}|\d{{1,2}})节"),
    ("article", rf"第(?P<n>{_CHINESE}|\d{{1,3}})条"),
    ("part", rf"(?P<n>{_CHINESE})(?:、|\.(?=\D)|,(?=[^,]{{2,20}}$))"),
    ("part", r"(?P<n>0\d)(?=[^\d.年月日%:/-])"),
    ("item_cn", rf"\((?P<n>{_CHINESE})\)(?:、|\.)?"),
    ("item", r"(?P<n>\d{1,3})(?:[、．]|\.(?!\d))(?!\d)"),
    ("subitem", r"\((?P<n>\d{1,3})\)(?:、|\.)?|(?P<m>\d{1,3})\)"),
    ("circled", r"(?P<n>[①-⑳])"),
    ("bullet", r"(?P<n>—{1,2}|[●•■◆▪▲★◇○]|-{1,2}(?=[^\d-]))"),
)
"""Kinds of marks from the top down."""

RANKS = {kind: rank for rank, kind in enumerate(dict.fromkeys(kind for kind, _ in KINDS))} | {"paragraph": 9}
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in KINDS]
_DECIMAL = re.compile(r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,2})(?=[一-龥“])")


@dataclass(frozen=True)
class Mark:
    """A mark at the start of a paragraph: its kind, its words, and its number (0 where it has none)."""

    kind: str
    text: str
    number: int


def mark(words: str) -> Mark | None:
    """Return the mark that `words` (folded, without blanks) start with."""
    for kind, pattern in _PATTERNS:
        found = pattern.match(words)
        if found:
            given = next((value for value in found.groupdict().values() if value), "")
            return Mark(kind, found.group(), number(given))
    return _decimal(words)


def _decimal(words: str) -> Mark | None:
    """Return a mark such as 2.1 or 2.1.3; 2.4亿立方米 is none."""
    found = _DECIMAL.match(words)
    if found is None or re.match(unit(), words[found.end() :]):
        return None
    parts = found.group("n").split(".")
    return Mark("item_cn" if len(parts) == 2 else "item", found.group(), int(parts[-1]))


def number(given: str) -> int:
    """Return the number that Chinese or Arabic numerals or circled digits say; 0 where they say none."""
    if given.isdecimal():
        return int(given)
    if given and "①" <= given <= "⑳":
        return ord(given) - ord("①") + 1
    if not given or any(char not in _VALUES and char not in _TENS for char in given):
        return 0
    return _chinese(given)


def _chinese(given: str) -> int:
    total, held = 0, 0
    for char in given:
        if char in _TENS:
            total += (held or 1) * _TENS[char]
            held = 0
        else:
            held = _VALUES[char]
    return total + held
