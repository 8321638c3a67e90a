"""Spans 统计时段: the month, quarter, year, months or days over which a figure is taken, in China time."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.standards.periods import start_of_day

Kind = Literal["month", "quarter", "year", "months", "days"]
_SHAPES = (
    ("month", re.compile(r"(\d{4})-(\d{2})")),
    ("quarter", re.compile(r"(\d{4})-?[qQ]([1-4])")),
    ("year", re.compile(r"(\d{4})()")),
)
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")
_MONTHS = re.compile(r"(\d{4}-\d{2})\.\.(\d{4}-\d{2})")
_EXPECTED = "2026-02, 2026Q1, 2026, 2026-01..2026-10, 2026-02-01..2026-03-31"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    kind: Kind
    first: date
    last: date

    @property
    def start(self) -> int:
        """Return the seconds at which the span begins."""
        return start_of_day(self.first)

    @property
    def end(self) -> int:
        """Return the seconds at which the day after the span begins."""
        return start_of_day(self.last + timedelta(days=1))

    @property
    def days(self) -> int:
        """Return the number of calendar days."""
        return (self.last - self.first).days + 1

    def whole_months(self) -> Span:
        """Return the span widened to whole calendar months."""
        end = monthrange(self.last.year, self.last.month)[1]
        return Span("days", self.first.replace(day=1), self.last.replace(day=end))

    def year_before(self) -> Span:
        """Return the same stretch of the year before 上年同期; a 29 February becomes a 28 February."""
        if self.kind in ("month", "quarter", "year"):
            return parse_span(self._code(self.first.year - 1))
        if self.kind == "months":
            return _months(self.first.replace(year=self.first.year - 1), self.last.year - 1, self.last.month)
        return Span("days", _a_year_before(self.first), _a_year_before(self.last))

    def code(self) -> str:
        """Return the span as it is written on the command line."""
        return self._code(self.first.year)

    def _code(self, year: int) -> str:
        if self.kind == "month":
            return f"{year}-{self.first.month:02d}"
        if self.kind == "quarter":
            return f"{year}Q{(self.first.month + 2) // 3}"
        if self.kind == "months":
            return f"{self.first:%Y-%m}..{self.last:%Y-%m}"
        return str(year) if self.kind == "year" else f"{self.first}..{self.last}"

    def words(self) -> str:
        """Return the span in the reader's language."""
        across = self.kind == "months" and self.first.year != self.last.year
        return text(
            "rankings.span_days" if across else f"rankings.span_{self.kind}",
            year=self.first.year,
            month=self.first.month,
            month_name=f"{self.first:%B}",
            quarter=(self.first.month + 2) // 3,
            quarter_name="一二三四"[(self.first.month - 1) // 3],
            last_month=self.last.month,
            last_month_name=f"{self.last:%B}",
            first=self.first.isoformat(),
            last=self.last.isoformat(),
        )


def parse_span(written: str) -> Span:
    """Read a span: ``2026-02``, ``2026Q1``, ``2026``, ``2026-01..2026-10`` or ``2026-02-01..2026-03-31``.

    Raises
    ------
    InputError
        If it is none of these, or ends before it begins.
    """
    try:
        for kind, shape in _SHAPES:
            if found := shape.fullmatch(written.strip()):
                return _calendar(kind, int(found[1]), int(found[2] or 1))
        if found := _MONTHS.fullmatch(written.strip()):
            begin, end = (_calendar("month", *map(int, found[n].split("-"))) for n in (1, 2))
            if begin.first < end.first:
                return Span("months", begin.first, end.last)
        if found := _DAYS.fullmatch(written.strip()):
            first = date.fromisoformat(found[1])
            last = date.fromisoformat(found[2] or found[1])
            if first <= last:
                return Span("days", first, last)
    except ValueError:
        pass
    raise InputError("rankings.span", value=written, expected=_EXPECTED)


def _calendar(kind: str, year: int, number: int) -> Span:
    if kind == "month":
        return Span("month", date(year, number, 1), date(year, number, monthrange(year, number)[1]))
    if kind == "quarter":
        return Span("quarter", date(year, number * 3 - 2, 1), _calendar("month", year, number * 3).last)
    return Span("year", date(year, 1, 1), date(year, 12, 31))


def _months(first: date, year: int, month: int) -> Span:
    return Span("months", first, _calendar("month", year, month).last)


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
