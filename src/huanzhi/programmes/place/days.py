"""Calendar 日历: what each day of a year was: AQI and level, class of a section, hours beyond the permit."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np

from huanzhi.assess.readings import Readings, readings
from huanzhi.assess.water import impossible
from huanzhi.assess.water_means import group_means
from huanzhi.errors import StandardError
from huanzhi.library.recent import Recent
from huanzhi.library.series import Store
from huanzhi.messages import language
from huanzhi.network.quality.held import series_of
from huanzhi.programmes.place.air_days import concentrations
from huanzhi.programmes.place.curve import curve
from huanzhi.programmes.place.limits import limit_steps
from huanzhi.programmes.place.now import exceedance
from huanzhi.programmes.place.standing import Standing, air_standing, water_standing
from huanzhi.programmes.place.subject import Subject
from huanzhi.programmes.spans import Span
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import CHINA_OFFSET, DAY, Period, start_of_day
from huanzhi.standards.water import rules


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day.

    Attributes
    ----------
    exceeding, judged : int
        Hours beyond a limit, and hours judged, at an outlet; 0 elsewhere.
    """

    day: date
    standing: Standing
    exceeding: int = 0
    judged: int = 0


_PERIODS = (Period.HOUR, Period.DAY, Period.DAY_MAX_EIGHT_HOURS, Period.INSTANT)
_MONTHS_KEPT = 1500
_kept: Recent[tuple[DayCell, ...]] = Recent(_MONTHS_KEPT)


def calendar(store: Store, subject: Subject, first: date, last: date) -> list[DayCell]:
    """Return the days from `first` to `last`, both included; a day without data stands nowhere.

    Each month is judged by itself, from hours where the store holds hours of that month; a month from whose
    parts nothing has changed is not judged again.
    """
    found: list[DayCell] = []
    start = first
    while start <= last:
        end = min(last, _end_of_month(start))
        found += _kept.made(_key(store, subject, start, end), partial(_month, store, subject, start, end))
        start = end + timedelta(days=1)
    return found


def read_from(store: Store, first: date, last: date) -> tuple[str, ...]:
    """Return the parts of the store that the days from `first` to `last` are judged from."""
    span = (start_of_day(first), start_of_day(last + timedelta(days=1)))
    return tuple(name for period in _PERIODS for name in store.parts_of(period, *span))


def _key(store: Store, subject: Subject, first: date, last: date) -> tuple[object, ...]:
    return str(store.home), repr(subject), first, last, language(), read_from(store, first, last)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _month(store: Store, subject: Subject, first: date, last: date) -> tuple[DayCell, ...]:
    span = Span("days", first, last)
    judge = {"air": _air_days, "water": _water_days, "outlet": _outlet_days}.get(subject.family)
    if judge is None:
        return tuple(DayCell(day, Standing("none")) for day in _dates(span))
    return tuple(judge(store, subject, span))


def _dates(span: Span) -> list[date]:
    return [span.first + timedelta(days=number) for number in range(span.days)]


def _air_days(store: Store, subject: Subject, span: Span) -> Iterator[DayCell]:
    days = _dates(span)
    times = [start_of_day(day) for day in days]
    found = air_standing(concentrations(store, subject.feature, span), days, Period.DAY, times)
    yield from (DayCell(day, one) for day, one in zip(days, found, strict=True))


def _water_days(store: Store, subject: Subject, span: Span) -> Iterator[DayCell]:
    """Judge the means of each day, of hours where the store holds them, else of days."""
    columns = _daily_means(store, subject, span)
    for number, day in enumerate(_dates(span)):
        sample = {code: column.take(number) for code, column in columns.items() if column.present[number]}
        if not sample:
            yield DayCell(day, Standing("class"))
            continue
        try:
            yield DayCell(day, water_standing(sample, subject.lake, day, start_of_day(day)))
        except StandardError:
            yield DayCell(day, Standing("class"))


def _daily_means(store: Store, subject: Subject, span: Span) -> dict[str, Readings]:
    judging = rules(span.last)
    wanted = {
        known.code: name
        for name in judging.lake
        if name in judging.evaluated and (known := find(name, "water")) is not None
    }
    for period in (Period.HOUR, Period.DAY, Period.INSTANT):
        held = series_of(store, [subject.code], list(wanted), period).get(subject.code, [])
        window = store.window([subject.code], held, period, span.start, span.end)
        if not held or not (window.states[0] == 0).any():
            continue
        groups = (window.times + CHINA_OFFSET) // DAY - (span.start + CHINA_OFFSET) // DAY
        found = {}
        for place, code in enumerate(held):
            column = readings(window.units[0, place], window.decimals[place], window.states[0, place])
            column = column.without(impossible(column, wanted[code]))
            named = group_means({wanted[code]: column}, groups, span.days)[wanted[code]]
            found[code] = named
        return found
    return {}


def _outlet_days(store: Store, subject: Subject, span: Span) -> Iterator[DayCell]:
    """Count the hours of each day beyond a limit, over all parameters that have one."""
    judged, beyond = np.zeros(span.days, np.int64), np.zeros(span.days, np.int64)
    named: list[set[str]] = [set() for _ in range(span.days)]
    for parameter in series_of(store, [subject.code], None, Period.HOUR).get(subject.code, []):
        steps = limit_steps(subject, parameter, Period.HOUR, span.start, span.end)
        if not any(step.applies for step in steps):
            continue
        found = curve(store, None, subject.code, parameter, Period.HOUR, (span.start, span.end))
        known = find(parameter)
        for number in range(span.days):
            hours = found.take(np.arange(number * 24, number * 24 + 24))
            counted = exceedance(hours, steps)
            judged[number] += counted.judged
            beyond[number] += counted.exceeding
            if counted.exceeding:
                named[number].add(known.symbol if known else parameter)
    for number, day in enumerate(_dates(span)):
        yield _outlet_cell(day, int(judged[number]), int(beyond[number]), tuple(sorted(named[number])))


def _outlet_cell(day: date, judged: int, beyond: int, named: tuple[str, ...]) -> DayCell:
    value = "unknown" if not judged else "exceeds" if beyond else "complies"
    return DayCell(day, Standing("verdict", value, primary=named, time=start_of_day(day)), beyond, judged)
