"""When 评价时段: an hour, or a span of days, with the one before it and the same one a year before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.programmes.spans import Span, parse_span
from huanzhi.standards.periods import CHINA, HOUR, from_china, to_china

_HOUR = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2})(?::00(?::00)?)?(?:\+08:00)?")


@dataclass(frozen=True, slots=True)
class When:
    """A period that is assessed.

    Attributes
    ----------
    span : Span
        The days; of an hour, its day.
    hour : int, optional
        Seconds UTC at which the hour begins; None for days.
    """

    span: Span
    hour: int | None = None

    @property
    def kind(self) -> str:
        """``hour``, ``day``, ``days``, ``month``, ``quarter`` or ``year``."""
        if self.hour is not None:
            return "hour"
        return "day" if self.span.kind == "days" and self.span.days == 1 else self.span.kind

    def code(self) -> str:
        """Return the period as it is written in an address."""
        if self.hour is not None:
            return f"{to_china(self.hour):%Y-%m-%dT%H}"
        return self.span.first.isoformat() if self.kind == "day" else self.span.code()

    def words(self) -> str:
        """Return the period in the reader's language."""
        if self.hour is not None:
            return text("books_api.hour_words", time=f"{to_china(self.hour):%Y-%m-%d %H:%M}")
        return self.span.first.isoformat() if self.kind == "day" else self.span.words()

    def previous(self) -> When:
        """Return the period just before, of the same kind 环比."""
        if self.hour is not None:
            return _hour(self.hour - HOUR)
        return When(previous_span(self.span))

    def year_before(self) -> When:
        """Return the same period of the year before 同比."""
        if self.hour is None:
            return When(self.span.year_before())
        moment = to_china(self.hour)
        day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
        return _hour(from_china(moment.replace(year=moment.year - 1, day=day)))


def parse_when(written: str) -> When:
    """Read a period: ``2026-03-01T08`` or what `spans.parse_span` reads.

    Raises
    ------
    InputError
        If it is none of these.
    """
    if found := _HOUR.fullmatch(written.strip()):
        try:
            moment = datetime.fromisoformat(f"{found[1]}T{found[2]}:00").replace(tzinfo=CHINA)
        except ValueError:
            raise InputError("rankings.span", value=written, expected="2026-03-01T08") from None
        return _hour(from_china(moment))
    return When(parse_span(written))


def previous_span(span: Span) -> Span:
    """Return the span of the same kind that ends where this one begins."""
    last = span.first - timedelta(days=1)
    if span.kind == "month":
        return parse_span(f"{last:%Y-%m}")
    if span.kind == "quarter":
        return parse_span(f"{last.year}Q{(last.month + 2) // 3}")
    if span.kind == "year":
        return parse_span(str(last.year))
    return Span("days", last - timedelta(days=span.days - 1), last)


def _hour(seconds: int) -> When:
    day: date = to_china(seconds).date()
    return When(Span("days", day, day), seconds)
