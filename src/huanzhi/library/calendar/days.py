"""Working days 工作日: Monday to Friday without days off, and make-up days."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from huanzhi.errors import InputError, StandardError
from huanzhi.library.home import home_folder

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Year:
    """What is known of one year.

    Attributes
    ----------
    off, make_up : frozenset of date
        Days off, and weekend days that are worked.
    source, confidence, note : str
        Where it stands and how sure it is.
    """

    year: int
    off: frozenset[date]
    make_up: frozenset[date]
    source: str = ""
    confidence: str = ""
    note: str = ""

    @property
    def working_days(self) -> int:
        """Return the number of days that are worked."""
        first, alone = date(self.year, 1, 1), Calendar({self.year: self})
        return sum(alone.works(first + _DAY * at) for at in range((date(self.year + 1, 1, 1) - first).days))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years that are known, by number."""

    years: Mapping[int, Year] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Return whether a day is worked.

        Raises
        ------
        StandardError
            ``calendar.no_year`` if the notice of that year is not in the table.
        """
        known = self.years.get(day.year)
        if known is None:
            years = ", ".join(str(year) for year in sorted(self.years))
            raise StandardError("calendar.no_year", value=day.year, expected=years)
        return day in known.make_up or (day.weekday() < _SATURDAY and day not in known.off)


@cache
def shipped() -> Calendar:
    """Return the calendar of the shipped table.

    Raises
    ------
    StandardError
        ``calendar.wrong_year`` if the table contradicts itself.
    """
    file = resources.files("huanzhi.library.calendar") / "data" / "working_days.toml"
    return Calendar(years_of(file.read_text(encoding="utf-8")))


def in_force() -> Calendar:
    """Return the calendar that counts here: the shipped table, and before it what this city entered."""
    files = sorted(entered_folder().glob("*.toml"))
    return _with(tuple((file, file.stat().st_mtime_ns) for file in files)) if files else shipped()


def entered_folder() -> Path:
    """Return where a file is kept for each year that this city entered."""
    return home_folder() / "calendar"


@lru_cache(maxsize=4)
def _with(entered: tuple[tuple[Path, int], ...]) -> Calendar:
    years = dict(shipped().years)
    for file, _ in entered:
        years |= years_of(file.read_text(encoding="utf-8"))
    return Calendar(years)


def years_of(words: str) -> dict[int, Year]:
    """Return the years that a table in TOML tells.

    Raises
    ------
    InputError
        ``calendar.unreadable`` if it is no TOML or lacks a key.
    StandardError
        ``calendar.wrong_year`` if a year contradicts itself.
    """
    try:
        return {row["year"]: _year(row) for row in tomllib.loads(words)["year"]}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise InputError("calendar.unreadable", value=str(error)) from error


def known_years() -> list[Year]:
    """Return the years that are known here, for showing."""
    return [year for _, year in sorted(in_force().years.items())]


def is_working_day(day: date, calendar: Calendar | None = None) -> bool:
    """Return whether a day is worked."""
    return (calendar or in_force()).works(day)


def add_working_days(day: date, number: int, calendar: Calendar | None = None) -> date:
    """Return the working day that is `number` working days after `day`; before it where negative.

    The day itself does not count (行政处罚法 第85条 read with 民法典 第201条); with 0 it is `day` itself if
    worked, else the next working day.
    """
    known = calendar or in_force()
    step = _DAY if number >= 0 else -_DAY
    left = abs(number)
    if left == 0:
        while not known.works(day):
            day += _DAY
        return day
    while left:
        day += step
        left -= known.works(day)
    return day


def working_days_between(first: date, last: date, calendar: Calendar | None = None) -> int:
    """Return the number of working days after `first`, with `last`; negative if `last` is earlier."""
    known = calendar or in_force()
    if last < first:
        return -working_days_between(last, first, known)
    return sum(known.works(first + _DAY * number) for number in range(1, (last - first).days + 1))


def _year(row: Mapping[str, Any]) -> Year:
    off = frozenset(day for one in row["holidays"] for day in _span(one["first"], one["last"]))
    make_up = frozenset(day for one in row["holidays"] for day in one["make_up"])
    made = Year(row["year"], off, make_up, row["source"], row["confidence"], row["note"])
    weekend = all(day.weekday() >= _SATURDAY for day in make_up)
    inside = {day.year for day in off | make_up} <= {made.year}
    if not (weekend and inside) or off & make_up or made.working_days != row["working_days"]:
        told = f"{made.year}: working_days = {row['working_days']}"
        raise StandardError("calendar.wrong_year", value=told, expected=f"working_days = {made.working_days}")
    return made


def _span(first: date, last: date) -> list[date]:
    return [first + _DAY * number for number in range((last - first).days + 1)]
