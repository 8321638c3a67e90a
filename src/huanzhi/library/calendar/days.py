"""Working days 工作日: Monday to Friday without days off, and make-up days."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from huanzhi.errors import StandardError

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
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    return Calendar({row["year"]: _year(row) for row in raw["year"]})


def known_years() -> list[Year]:
    """Return the years of the shipped table, for showing."""
    return [year for _, year in sorted(shipped().years.items())]


def is_working_day(day: date, calendar: Calendar | None = None) -> bool:
    """Return whether a day is worked."""
    return (calendar or shipped()).works(day)


def add_working_days(day: date, number: int, calendar: Calendar | None = None) -> date:
    """Return the working day that is `number` working days after `day`; before it where negative.

    The day itself does not count (行政处罚法 第85条 read with 民法典 第201条); with 0 it is `day` itself if
    worked, else the next working day.
    """
    known = calendar or shipped()
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
    known = calendar or shipped()
    if last < first:
        return -working_days_between(last, first, known)
    return sum(known.works(first + _DAY * number) for number in range(1, (last - first).days + 1))


def _year(row: Mapping[str, Any]) -> Year:
    off = frozenset(day for one in row["holidays"] for day in _span(one["first"], one["last"]))
    make_up = frozenset(day for one in row["holidays"] for day in one["make_up"])
    made = Year(row["year"], off, make_up, row["source"], row["confidence"], row["note"])
    if not _agrees(made, row["working_days"]):
        raise StandardError("calendar.wrong_year", value=made.year)
    return made


def _agrees(year: Year, working_days: int) -> bool:
    first = date(year.year, 1, 1)
    alone = Calendar({year.year: year})
    days = [first + _DAY * number for number in range((date(year.year + 1, 1, 1) - first).days)]
    weekend = all(day.weekday() >= _SATURDAY for day in year.make_up)
    return weekend and not year.off & year.make_up and sum(map(alone.works, days)) == working_days


def _span(first: date, last: date) -> list[date]:
    return [first + _DAY * number for number in range((last - first).days + 1)]
