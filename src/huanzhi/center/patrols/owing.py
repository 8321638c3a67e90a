"""What is owed 应巡: the periods of a plan and how often in each; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from huanzhi.center.patrols.validity import months_of

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A period; `end` is its first day no longer in it."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan says of time: `times` in each `per`, in `months`, from `begin` until before `end`."""

    per: str
    times: int
    months: str = ""
    begin: date | None = None
    end: date | None = None


def span_of(per: str, day: date) -> Span:
    """Return the period in which a day lies: day, week (Monday), ten days 旬, half month, month, quarter.

    Raises
    ------
    KeyError
        If there is no such period.
    """
    first = day.replace(day=1)
    if per == "day":
        return Span(day, day + _ONE)
    if per == "week":
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + 7 * _ONE)
    if per == "quarter":
        begin = first.replace(month=(day.month - 1) // 3 * 3 + 1)
        return Span(begin, _next_month(_next_month(_next_month(begin))))
    starts = {"ten_days": (1, 11, 21), "half_month": (1, 16), "month": (1,)}[per]
    begin = max(one for one in starts if one <= day.day)
    later = [one for one in starts if one > begin]
    return Span(day.replace(day=begin), day.replace(day=later[0]) if later else _next_month(first))


def _next_month(first: date) -> date:
    return (first.replace(day=28) + 4 * _ONE).replace(day=1)


def spans(terms: Terms, first: date, last: date) -> Iterator[Span]:
    """Go through the periods in which something is owed and whose last day lies between two days.

    A period counts by its last day, so that what is not over yet is not overdue; it counts whole where the
    plan holds on that day, and only in the months that the plan names (that of its first day).
    """
    day = span_of(terms.per, first).start
    wanted = months_of(terms.months)
    while day <= last:
        span = span_of(terms.per, day)
        end = span.end - _ONE
        holds = (terms.begin is None or terms.begin <= end) and (terms.end is None or end < terms.end)
        if first <= end <= last and holds and span.start.month in wanted:
            yield span
        day = span.end


def counted(terms: Terms, first: date, last: date, done: list[date]) -> tuple[int, int, int]:
    """Return how many are owed, how many of these are done, and how many were done beyond what is owed.

    Parameters
    ----------
    done : list of date
        Days of the valid patrols.
    """
    owed = met = beyond = 0
    for span in spans(terms, first, last):
        number = sum(day in span for day in done)
        owed += terms.times
        met += min(number, terms.times)
        beyond += max(0, number - terms.times)
    return owed, met, beyond
