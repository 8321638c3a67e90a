"""Legends 图例: the classes of a judge with their official colours, words, edition and clause.

A colour comes from the table of the standard. Where the standard names a colour but prints no number of it,
or names none, the number comes from ``palette.toml`` and the class says that it is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from huanzhi import standards
from huanzhi.atlas.layers import palette
from huanzhi.messages import catalogue, language
from huanzhi.standards import groundwater, sea, water
from huanzhi.standards.air import aqi_rule
from huanzhi.standards.class_items import ClassTable
from huanzhi.standards.periods import Period


@dataclass(frozen=True, slots=True)
class Grade:
    """One class of a legend.

    Attributes
    ----------
    level : int
        From 1, best first.
    short : str
        What stands in a mark: Ⅰ to 劣Ⅴ; empty where the number itself does.
    low, high : float, optional
        Span of the number, both ends as the standard prints them.
    ours : bool
        True where the colour's number is not in a standard.
    """

    level: int
    zh: str
    en: str
    colour: str
    edition: str = ""
    clause: str = ""
    short: str = ""
    low: float | None = None
    high: float | None = None
    ours: bool = True

    @property
    def name(self) -> str:
        """Name in the reader's language."""
        return self.en if language() == "en" else self.zh


@cache
def grades(judge: str, day: date) -> tuple[Grade, ...]:
    """Return the classes of a judge on a China date; none for an unknown judge.

    Raises
    ------
    StandardError
        If the standard was not in force.
    """
    found = _JUDGES.get(judge)
    return tuple(found(day)) if found else ()


def colour(judge: str, day: date, level: int) -> str:
    """Return the colour of a level; that of no data for 0."""
    known = {grade.level: grade.colour for grade in grades(judge, day)}
    return known.get(level) or str(palette()["plain"]["no_data"])


def _air(day: date) -> Iterator[Grade]:
    edition = standards.in_force("HJ 633", day, early=True)
    rule = aqi_rule(edition, Period.HOUR)
    for level in rule.levels:
        yield Grade(
            level.number,
            level.name,
            level.name_en,
            level.hex,
            rule.number,
            rule.level_clause,
            low=level.lowest,
            high=level.highest,
            ours=False,
        )


def _surface_water(day: date) -> Iterator[Grade]:
    rules = water.rules(day)
    clause = rules.evaluation.table("section_grades").clause
    for number, name in enumerate(rules.classes, 1):
        row = rules.grade(number)
        assert row is not None
        hexed = str(palette()["named"][row["colour"]])
        zh, en = f"{name}类（{row['name']}）", f"{_english(name)} ({row['en']})"
        yield Grade(number, zh, en, hexed, rules.evaluation.number, clause, name)


def _classes(judge: str, table: ClassTable) -> Iterator[Grade]:
    named: Mapping[str, str] = palette()["named"]
    for number, name in enumerate(table.names, 1):
        hexed = named[palette()["classes"][judge][number - 1]]
        plain = name.removeprefix("第").removesuffix("类")
        short = plain or name
        clause = table.edition.table("class_names").clause
        zh = name if name.endswith("类") else f"{name}类"
        yield Grade(number, zh, _english(short), hexed, table.edition.number, clause, short)


def _english(name: str) -> str:
    """Return the English name of a class; 劣Ⅴ is what is worse than Ⅴ."""
    plain = name.removeprefix("劣")
    return f"class {name}" if plain == name else f"worse than class {plain}"


def _own(judge: str) -> Iterator[Grade]:
    for number, row in enumerate(palette()[judge], 1):
        words = catalogue()[f"atlas.{judge}_{row['code']}"]
        yield Grade(number, words["zh"], words["en"], row["colour"])


def _number() -> Iterator[Grade]:
    words = catalogue()["atlas.number"]
    yield Grade(1, words["zh"], words["en"], str(palette()["plain"]["number"]))


_JUDGES: Mapping[str, Callable[[date], Iterator[Grade]]] = {
    "aqi": _air,
    "surface_water": _surface_water,
    "groundwater": lambda day: _classes("groundwater", groundwater.table_on(day)),
    "sea": lambda day: _classes("sea", sea.table_on(day)),
    "permit": lambda day: _own("permit"),
    "heard": lambda day: _own("heard"),
    "due": lambda day: _own("due"),
    "place": lambda day: _own("place"),
    "issue": lambda day: _own("issue"),
    "number": lambda day: _number(),
}
