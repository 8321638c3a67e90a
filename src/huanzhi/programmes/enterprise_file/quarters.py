"""Quarters 季度, and the rules by which days and quarters are judged, from ``data/judging.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Self

from huanzhi.errors import InputError
from huanzhi.standards.periods import start_of_day


@cache
def judging() -> Mapping[str, Any]:
    """Return the tables by name."""
    file = resources.files("huanzhi.programmes.enterprise_file") / "data" / "judging.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def share(table: str, name: str) -> Fraction:
    """Return a share of the tables."""
    return Fraction(judging()[table][name])


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year.

    >>> Quarter.of(date(2026, 11, 22)).before()
    Quarter(year=2026, number=3)
    """

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the quarter that a day lies in."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def parse(cls, written: str) -> Self:
        """Return a quarter from its name, as ``2026Q3``.

        Raises
        ------
        InputError
            If it is not written so.
        """
        year, _, number = written.upper().partition("Q")
        if not (year.isascii() and year.isdigit() and len(year) == 4 and number in ("1", "2", "3", "4")):
            raise InputError("enterprise_file.quarter", value=written, expected="2026Q3")
        return cls(int(year), int(number))

    @property
    def name(self) -> str:
        """Name: ``2026Q3``."""
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> date:
        """First day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> date:
        """First day after it."""
        return date(self.year + self.number // 4, 3 * self.number % 12 + 1, 1)

    def before(self) -> Quarter:
        """Return the quarter before."""
        return Quarter.of(self.first - timedelta(days=1))

    def over_by(self, today: date) -> date:
        """Return the first day that is not judged yet: of a quarter that runs, today."""
        return max(self.first, min(self.after, today))

    def span(self, today: date) -> tuple[int, int]:
        """Return the seconds UTC of the days that can be judged."""
        return start_of_day(self.first), start_of_day(self.over_by(today))


def last_quarters(today: date, count: int) -> list[Quarter]:
    """Return so many quarters up to the one that runs, the oldest first."""
    found = [Quarter.of(today)]
    while len(found) < count:
        found.append(found[-1].before())
    return found[::-1]
