"""Periods of duties 报告期: ``2026``, ``2026H1``, ``2026Q3``, ``2026-10``; their days and months."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from huanzhi.errors import InputError

_WRITTEN = re.compile(r"(\d{4})(?:Q([1-4])|H([12])|-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A period of `months` months that begins with the month `first` of `year`."""

    year: int
    first: int
    months: int

    @property
    def begins(self) -> date:
        """Return the first day."""
        return date(self.year, self.first, 1)

    @property
    def after(self) -> date:
        """Return the first day that is no longer in it."""
        over = self.first + self.months
        return date(self.year + (over > 12), over - 12 if over > 12 else over, 1)

    @property
    def last(self) -> date:
        """Return the last day."""
        return self.after - timedelta(days=1)

    @property
    def numbers(self) -> range:
        """Return the months by number."""
        return range(self.first, self.first + self.months)

    @property
    def written(self) -> str:
        """Return the period as it is written."""
        if self.months == 12:
            return f"{self.year}"
        if self.months == 6:
            return f"{self.year}H{(self.first + 5) // 6}"
        if self.months == 3:
            return f"{self.year}Q{(self.first + 2) // 3}"
        return f"{self.year}-{self.first:02d}"

    @property
    def place(self) -> int:
        """Return which one of its year it is, from 1."""
        return (self.first - 1) // self.months + 1


def read(written: str) -> Span:
    """Read a period.

    Raises
    ------
    InputError
        ``permits.period`` if it is none.
    """
    found = _WRITTEN.fullmatch(written)
    if found is None or not 1900 < int(found[1]) < 9000:
        raise InputError(
            "permits.period", column="period", value=written[:20], expected="2026, 2026Q3, 2026-10"
        )
    year, quarter, half, month = found.groups()
    if quarter:
        return Span(int(year), 3 * int(quarter) - 2, 3)
    if half:
        return Span(int(year), 6 * int(half) - 5, 6)
    return Span(int(year), int(month), 1) if month else Span(int(year), 1, 12)


def spans(year: int, months: int) -> Iterator[Span]:
    """Go through the periods of a year that are `months` months long."""
    for first in range(1, 13, months):
        yield Span(year, first, months)
