"""Reading a plan 整改方案: the tasks it counts, the measures it lists, and what its text has lost; pure.

What is found is a clue to confirm, with the words and their place. A year that is not there stays missing:
「年12月底前」 is kept as it stands, and no year is put in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

COUNTS = re.compile(
    r"(?P<term>[^,，。;；\n]*?(?:年\d{1,2}月底前|年底前|立行立改、?长期坚持)[^,，。;；\n]*?)"
    r"(?:完成|的)?整改任务(?P<number>\d+)项(?:[(（](?P<done>\d+)项已完成[)）])?"
)
TOTAL = re.compile(r"(?P<number>\d+)项整改任务")
LOST_YEAR = re.compile(r"(?:(?<=^)|(?<=[。,，;；:：\s])|(?<=到))年(?=\d{1,2}月|[,，]|全|底前)")
LOST_VALUE = re.compile(r"(?<=[达到为率林增于])(?:%|亩|公顷|万吨|平方公里)")
HEADING = re.compile(r"^[(（][一二三四五六七八九十]+[)）]\s*$")
PART = re.compile(r"^(?P<number>0\d)(?P<title>\S+)")
ENTRY = re.compile(r"(?<![\d.])(?P<number>\d{1,2})\.(?=[\u4e00-\u9fff])(?P<title>[^。]{2,40})。")
MEASURES = "主要措施"
IMMEDIATE = "立行立改"
STANDING = "长期"
AROUND = 40
"""Signs shown around what is lost."""


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks that the text counts: how many, done of them, until when in its own words.

    Attributes
    ----------
    lost_year : bool
        The words name a month and no year.
    term_class, standing : str, bool
        ``immediate`` where the words say so; to be kept up for good.
    """

    number: int
    done: int
    term_words: str
    lost_year: bool
    term_class: str
    standing: bool
    quote: str
    offset: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A numbered measure with its chapter."""

    chapter: str
    number: int
    title: str
    words: str
    offset: int
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """A year or value that the text has lost, with what stands around it."""

    kind: str
    quote: str
    offset: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What was read: the total, the groups, the measures, and what is lost."""

    total: int | None
    groups: tuple[Group, ...]
    entries: tuple[Entry, ...]
    losses: tuple[Loss, ...]

    @property
    def counted(self) -> int:
        """Return how many tasks the groups make together."""
        return sum(one.number for one in self.groups)

    @property
    def agrees(self) -> bool:
        """Return whether the groups make up the total that the text names."""
        return self.total is None or self.total == self.counted


def read_plan(text: str) -> Plan:
    """Read a plan.

    Parameters
    ----------
    text : str
        As the file has it; offsets count its characters.

    Examples
    --------
    >>> plan = read_plan("重点是3项整改任务。年12月底前完成整改任务2项(1项已完成),年底前完成整改任务1项。")
    >>> plan.total, [one.number for one in plan.groups], plan.groups[0].term_words
    (3, [2, 1], '年12月底前')
    """
    found = TOTAL.search(text)
    groups = tuple(_group(text, match) for match in COUNTS.finditer(text))
    return Plan(int(found["number"]) if found else None, groups, tuple(_entries(text)), tuple(losses(text)))


def losses(text: str, first: int = 0) -> list[Loss]:
    """Return what a text has lost, in its order."""
    found = [("year", match.start()) for match in LOST_YEAR.finditer(text)]
    found += [("value", match.start()) for match in LOST_VALUE.finditer(text)]
    return [Loss(kind, _around(text, place), first + place) for kind, place in sorted(found, key=_place)]


def _place(one: tuple[str, int]) -> int:
    return one[1]


def _group(text: str, match: re.Match[str]) -> Group:
    words = match["term"].strip().removeprefix("需要").strip()
    sentence = _sentence(text, match.start(), match.end())
    return Group(
        int(match["number"]),
        int(match["done"] or 0),
        words,
        bool(LOST_YEAR.search(words)) or words.startswith("年"),
        "immediate" if IMMEDIATE in words else "",
        STANDING in words,
        sentence,
        match.start(),
    )


def _entries(text: str) -> Iterator[Entry]:
    begin, end = _part(text, MEASURES)
    heads = [(begin + place, line) for place, line in _lines(text[begin:end])]
    marks = [(place, found) for place, line in heads for found in _found(line)]
    chapters: list[tuple[int, str]] = []
    for position, (place, line) in enumerate(heads):
        if HEADING.match(line.strip()):
            below = [each.strip() for _, each in heads[position + 1 : position + 3]]
            chapters.append((place, "，".join(below)))
    starts = [place + found.start() for place, found in marks]
    for position, (place, found) in enumerate(marks):
        start = place + found.start()
        chapter = next((title for at, title in reversed(chapters) if at < start), "")
        stop = starts[position + 1] if position + 1 < len(starts) else end
        after = [at for at, _ in chapters if start < at < stop]
        words = text[start : min([stop, *after])].strip()
        lost = tuple(one.kind for one in losses(words))
        yield Entry(chapter, int(found["number"]), found["title"].strip(), words, start, lost)


def _found(line: str) -> Iterator[re.Match[str]]:
    yield from ENTRY.finditer(line)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    place = 0
    for line in text.splitlines(keepends=True):
        yield place, line
        place += len(line)


def _part(text: str, title: str) -> tuple[int, int]:
    """Return from where to where a part of the text goes; nothing where there is none."""
    heads = [(place, match) for place, line in _lines(text) if (match := PART.match(line))]
    for position, (place, match) in enumerate(heads):
        if title in match["title"]:
            return place, heads[position + 1][0] if position + 1 < len(heads) else len(text)
    return len(text), len(text)


def _sentence(text: str, first: int, last: int) -> str:
    begin = max(text.rfind("。", 0, first), text.rfind("\n", 0, first)) + 1
    end = text.find("。", last)
    return text[begin : end + 1 if end >= 0 else len(text)].strip()


def _around(text: str, place: int) -> str:
    begin, end = max(0, place - AROUND), min(len(text), place + AROUND)
    return text[begin:end].replace("\n", " ")
