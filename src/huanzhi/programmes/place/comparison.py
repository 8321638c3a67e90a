"""Comparison 同比、环比: the mean of a span beside the same span of the year before and the span just before.

Ambient air is averaged as HJ 663 asks: valid days of complete hours, months and years with the days they
need. Surface water and wells are averaged with half the detection limit for what is below detection
(``assess.water_means``). Outlets are averaged over the values that came, in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from huanzhi.assess import averaging, exact
from huanzhi.assess.exact import MISSING, Ints
from huanzhi.assess.readings import readings
from huanzhi.assess.water import PH
from huanzhi.assess.water_means import group_means
from huanzhi.library.series import Store
from huanzhi.programmes.air_cities import stretches
from huanzhi.programmes.place.air_days import item_days
from huanzhi.programmes.place.subject import Subject
from huanzhi.programmes.spans import Span
from huanzhi.standards.air import item_of, statistics, validity
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import DAY, HOUR, Period, china_date, start_of_day

ENOUGH = Fraction(3, 4)
"""Share of values that a span needs where no document says. DEFAULT, NOT FROM THE DOCUMENTS."""

_STEPS = {Period.HOUR: HOUR, Period.DAY: DAY}


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean of a span.

    Attributes
    ----------
    value : Decimal or None
        None where too few values are there.
    valid, due : int
        Values (of air: days) that are there, and that the span has.
    needed : int
        Values that it needs.
    rule : str
        Clause that asks for so many; empty for our own default.
    """

    start: int
    end: int
    value: Decimal | None
    valid: int
    due: int
    needed: int
    rule: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A span beside others; a change is in percent with one decimal, None where either mean is missing.

    Attributes
    ----------
    unit_of_count : str
        ``day`` or ``value``: what is counted.
    """

    parameter: str
    period: Period
    unit: str
    counted: Literal["day", "value"]
    now: Mean
    year_before: Mean
    span_before: Mean

    @property
    def year_change(self) -> Decimal | None:
        """Change on the same span of the year before 同比."""
        return change(self.now.value, self.year_before.value)

    @property
    def span_change(self) -> Decimal | None:
        """Change on the span just before 环比."""
        return change(self.now.value, self.span_before.value)


def change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return the change in percent, rounded once to one decimal by GB/T 8170.

    >>> change(Decimal(30), Decimal(40))
    Decimal('-25.0')
    """
    if now is None or before is None or before == 0:
        return None
    part = (Fraction(now) - Fraction(before)) / Fraction(before) * 100
    return Decimal(exact.round_fraction(part, 1)).scaleb(-1)


def mean_of_span(
    store: Store, subject: Subject, parameter: str, period: Period, span: tuple[int, int]
) -> Mean:
    """Return the mean of a span alone, as `compared` takes it."""
    return _mean_by(subject, parameter, period, span)(store, subject, parameter, period, span)


def _mean_by(subject: Subject, parameter: str, period: Period, span: tuple[int, int]) -> Callable[..., Mean]:
    """Return how a span is averaged: whole days of air as HJ 663 asks."""
    air = subject.family == "air" and item_of(parameter) is not None and period in (Period.HOUR, Period.DAY)
    return _air_mean if air and _whole_days(*span) else _plain_mean


def compared(
    store: Store, subject: Subject, parameter: str, period: Period, span: tuple[int, int]
) -> Comparison:
    """Return the mean of a span with those of the same span a year before and of the span just before."""
    spans = (span, year_before(span), before(span))
    mean = _mean_by(subject, parameter, period, span)
    now, last_year, last_span = (mean(store, subject, parameter, period, each) for each in spans)
    known = all_parameters().get(parameter)
    counted: Literal["day", "value"] = "day" if mean is _air_mean else "value"
    return Comparison(parameter, period, known.unit if known else "", counted, now, last_year, last_span)


def year_before(span: tuple[int, int]) -> tuple[int, int]:
    """Return the same span of the year before in China time; a 29 February becomes a 28 February."""
    return _a_year_back(span[0]), _a_year_back(span[1])


def _a_year_back(moment: int) -> int:
    day = china_date(moment)
    back = day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
    return start_of_day(back) + moment - start_of_day(day)


def before(span: tuple[int, int]) -> tuple[int, int]:
    """Return the span just before: the month before for a month, the year before for a year, else as long.

    >>> before((1000, 1500))
    (500, 1000)
    """
    start, end = span
    first, after = china_date(start), china_date(end)
    if _whole_days(start, end) and first.day == 1 and after.day == 1:
        months = (after.year - first.year) * 12 + after.month - first.month
        place = first.year * 12 + first.month - 1 - months
        return start_of_day(first.replace(year=place // 12, month=place % 12 + 1)), start
    return start - (end - start), start


def _whole_days(start: int, end: int) -> bool:
    return start == start_of_day(china_date(start)) and end == start_of_day(china_date(end)) and end > start


def _air_mean(store: Store, subject: Subject, parameter: str, period: Period, span: tuple[int, int]) -> Mean:
    item = item_of(parameter)
    assert item is not None
    start, end = span
    days = Span("days", china_date(start), china_date(end - 1))
    units, decimals = item_days(store, subject.feature, item, days)
    evaluation = stretches(days)[0].edition
    needed, clause = _days_needed(evaluation, days)
    valid = int((units != MISSING).sum())
    wanted = statistics(evaluation)[item].decimals
    found = int(averaging.mean_of(units, decimals, wanted, max(1, needed)))
    value = None if found == MISSING else Decimal(found).scaleb(-wanted)
    return Mean(start, end, value, valid, days.days, needed, clause)


def _days_needed(evaluation: object, days: Span) -> tuple[int, str]:
    """Return the valid days that HJ 663 asks of a month or a year; our default for any other span."""
    rule = validity(evaluation)  # type: ignore[arg-type]
    clause = f"{evaluation.number} {evaluation.table('validity').clause}"  # type: ignore[attr-defined]
    months = days.whole_months()
    if (months.first, months.last) == (days.first, days.last):
        if days.first.month == days.last.month and days.days <= 31:
            return rule.month_days(days.first.month), clause
        if days.days in (365, 366) and days.first.month == 1:
            return rule.year, clause
    return -(-days.days * ENOUGH.numerator // ENOUGH.denominator), ""


def _plain_mean(
    store: Store, subject: Subject, parameter: str, period: Period, span: tuple[int, int]
) -> Mean:
    window = store.window([subject.code], [parameter], period, *span)
    units, states = window.units[0, 0], window.states[0, 0]
    column = readings(units, window.decimals[0], states)
    valid = int(column.present.sum())
    due = (span[1] - span[0]) // _STEPS[period] if period in _STEPS else max(valid, 1)
    needed = max(1, -(-due * ENOUGH.numerator // ENOUGH.denominator)) if period in _STEPS else 1
    value = None if valid < needed else _mean_value(parameter, column, window.decimals[0])
    return Mean(*span, value, valid, due, needed, "")


def _mean_value(parameter: str, column: object, decimals: int) -> Decimal | None:
    known = all_parameters().get(parameter)
    name = PH if known is not None and known.symbol == PH else parameter
    groups = np.zeros(len(column), dtype=np.int64)  # type: ignore[arg-type]
    mean = group_means({name: column}, groups, 1)[name]  # type: ignore[dict-item]
    if not mean.present[0]:
        return None
    wanted = max(decimals, known.decimals if known else decimals)
    rounded: Ints = exact.rescale(mean.high, mean.decimals, wanted)
    return Decimal(int(rounded[0])).scaleb(-wanted)
