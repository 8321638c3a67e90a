"""Curves 指标曲线: an indicator month by month, each month by itself and the year up to its end.

The days of a year are read once and cut, so that a curve costs no more than one value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from huanzhi.library.indicators.registry import Definition
from huanzhi.library.series import Store
from huanzhi.programmes.indicators.air import Days, figure, read_days
from huanzhi.programmes.indicators.measuring import measure
from huanzhi.programmes.indicators.places import Region
from huanzhi.programmes.spans import Span, parse_span

Point = dict[str, Any]


def curve(
    store: Store | None, definition: Definition, region: Region, year: int, day: date, *, path: str = ""
) -> list[Point]:
    """Return the months of a year up to a day; a month without data has no value."""
    last = min(day, date(year, 12, 31))
    if last < date(year, 1, 1):
        return []
    months = [parse_span(f"{year}-{month:02d}") for month in range(1, last.month + 1)]
    if store is not None and str(definition.formula.get("name")).startswith("air_"):
        return list(_of_days(store, definition, region, months, last))
    return [_of_month(store, definition, region, month, last, path) for month in months]


def _of_days(
    store: Store, definition: Definition, region: Region, months: list[Span], last: date
) -> Iterator[Point]:
    whole = read_days(store, region, Span("days", months[0].first, last))
    for month in months:
        end = min(month.last, last)
        alone = figure(definition, _cut(whole, Span("days", month.first, end)))
        so_far = figure(definition, _cut(whole, Span("days", whole.span.first, end)))
        yield _point(month, end, alone, so_far, any(city.simulated for city in whole.cities))


def _cut(whole: Days, span: Span) -> Days:
    """Return some of the days."""
    low = (span.first - whole.span.first).days
    cities = (replace(city, units=city.units[:, low : low + span.days]) for city in whole.cities)
    return replace(whole, span=span, cities=tuple(city for city in cities if city.valid_days))


def _of_month(
    store: Store | None, definition: Definition, region: Region, month: Span, last: date, path: str
) -> Point:
    end = min(month.last, last)
    year = parse_span(str(month.first.year))
    so_far = measure(store, definition, region, year, end, path=path, history=False)
    alone = measure(store, definition, region, month, end, path=path, history=False)
    value = alone.value if "month" in definition.cycle else None
    return _point(month, end, value, so_far.value, so_far.basis.simulated)


def _point(month: Span, end: date, alone: Decimal | None, so_far: Decimal | None, simulated: bool) -> Point:
    return {
        "month": month.code(),
        "until": end.isoformat(),
        "value": None if alone is None else f"{alone:f}",
        "so_far": None if so_far is None else f"{so_far:f}",
        "simulated": simulated,
    }
