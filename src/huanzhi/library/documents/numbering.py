"""Numbers of headings, tables and figures as official documents print them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from huanzhi.library.documents.blocks import Block, Chart, Table
from huanzhi.messages import Language

DIGITS = "零一二三四五六七八九"
_REFERENCE = re.compile(r"\[\[(.+?)\]\]")


def chinese(number: int) -> str:
    """Return 1 to 99 in Chinese numerals: 一, 十, 十一, 二十, 二十一."""
    tens, ones = divmod(number, 10)
    left = "" if tens == 0 else ("十" if tens == 1 else f"{DIGITS[tens]}十")
    return left + ("" if ones == 0 else DIGITS[ones])


class Headings:
    """Counts headings: 一、 （一） 1. in Chinese; 1, 1.1, 1.1.1 in English."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.counts = [0, 0, 0]

    def next(self, level: int) -> str:
        """Return the number of the next heading of `level`, with the mark that follows it."""
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (3 - level)
        if self.language == "en":
            return ".".join(str(count) for count in self.counts[:level]) + "  "
        number = self.counts[level - 1]
        return (f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}．")[level - 1]


def labels(blocks: Iterable[Block], language: Language) -> dict[str, str]:
    """Return the label of every table and chart by its key: 表1, 图1; Table 1, Figure 1."""
    words = {"zh": ("表", "图"), "en": ("Table ", "Figure ")}[language]
    counts = [0, 0]
    found: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, Table | Chart):
            kind = int(isinstance(block, Chart))
            counts[kind] += 1
            found[block.key] = f"{words[kind]}{counts[kind]}"
    return found


def refer(text: str, known: dict[str, str]) -> str:
    """Replace every ``[[key]]`` by the label of the table or figure; an unknown key is a defect."""
    return _REFERENCE.sub(lambda match: known[match[1]], text)
