"""Air 空气类指标: means, percentiles, good days and days of a level, each day by its own edition.

A year that straddles a change of edition, as 2026, is taken as status reports and rankings take it: every
day is made and judged by the edition in force on it, the figure of the year has the decimals of the edition
in force on its last day, and a note says so.

References
----------
.. [1] HJ 663, 统计指标, 有效性, 附录A.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import numpy as np

from huanzhi import standards
from huanzhi.assess import exact
from huanzhi.assess.aqi import aqi_by_day
from huanzhi.assess.exact import MISSING, Ints, rescale
from huanzhi.assess.outlook import YearParts
from huanzhi.errors import StandardError
from huanzhi.library.indicators.registry import Definition
from huanzhi.library.series import Feature, Store
from huanzhi.programmes.air_cities import CODES, CityDays, day_starts, read_cities
from huanzhi.programmes.indicators.measured import (
    COUNT_OF_DAYS,
    MEAN,
    PERCENTILE,
    SHARE_OF_DAYS,
    Basis,
    Measured,
    Sort,
    nothing,
)
from huanzhi.programmes.indicators.places import Chosen, Region, of_kinds, stretches
from huanzhi.programmes.indicators.provenance import cited, editions
from huanzhi.programmes.indicators.said import Said
from huanzhi.programmes.spans import Span
from huanzhi.standards.air import ITEMS, Item, aqi_rule, statistics, validity
from huanzhi.standards.periods import Period

KINDS = ("air_station", "city")
EARLIER = 6
"""Earlier years that an outlook looks at. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the cities of a region, and the places behind them."""

    cities: tuple[CityDays, ...]
    span: Span
    features: tuple[Feature, ...]
    left_out: tuple[Feature, ...]


def read_days(store: Store, region: Region, span: Span) -> Days:
    """Return the days of the cities of a region, each stretch with the places in force in it."""
    known = of_kinds(store, region, KINDS)
    parts = []
    for part in stretches(region, known, span.first, span.last):
        kept = [one for one in known if region.holds(one, part.first)]
        parts.append((part, read_cities(cast("Store", Chosen(store, kept)), part)))
    cities = tuple(one for one in _joined(parts, span) if one.valid_days)
    counted = {one.code: one for city in cities for one in city.features}
    out = tuple(one for one in known if not region.holds(one, span.last))
    return Days(cities, span, tuple(counted.values()), out)


def _joined(parts: Sequence[tuple[Span, tuple[CityDays, ...]]], span: Span) -> list[CityDays]:
    """Return the cities with their days of all stretches in one row."""
    if len(parts) == 1:
        return list(parts[0][1])
    names = dict.fromkeys(city.name for _, cities in parts for city in cities)
    return [_one_city(name, parts, span) for name in names]


def _one_city(name: str, parts: Sequence[tuple[Span, tuple[CityDays, ...]]], span: Span) -> CityDays:
    mine = [(part, city) for part, cities in parts for city in cities if city.name == name]
    finest = tuple(max(city.decimals[k] for _, city in mine) for k in range(len(ITEMS)))
    units = np.full((len(ITEMS), span.days), MISSING, np.int64)
    for part, city in mine:
        begin = (part.first - span.first).days
        for k in range(len(ITEMS)):
            units[k, begin : begin + part.days] = rescale(city.units[k], city.decimals[k], finest[k])
    features = {one.code: one for _, city in mine for one in city.features}
    last = mine[-1][1]
    return replace(last, units=units, decimals=finest, features=tuple(features.values()))


def air(
    store: Store, definition: Definition, region: Region, span: Span, until: date, *, history: bool = True
) -> Measured:
    """Reckon an indicator of air for a region from the first day of a span up to a day.

    Parameters
    ----------
    history : bool
        Whether earlier years are read for the outlook.
    """
    taken = Span("days", span.first, min(until, span.last))
    sort = _sort(definition, taken.last)
    found = read_days(store, region, taken)
    if not found.cities:
        return nothing(definition, region.name, span, until, sort, "indicators.no_data", period=span.code())
    made = _FIGURES[definition.formula["name"]](definition, found, sort)
    basis = _basis(store, definition, region, found)
    if history and until < span.last:
        made = replace(made, earlier=tuple(_earlier(store, definition, region, taken, span)))
    left = (span.last - taken.last).days * (1 if sort.sort == MEAN else len(found.cities))
    return replace(
        made, region=region.name, span=span, until=taken.last, left=left, needed=_needed(span), basis=basis
    )


def figure(definition: Definition, found: Days) -> Decimal | None:
    """Return the figure of some days, None where none is valid."""
    if not found.cities:
        return None
    sort = _sort(definition, found.span.last)
    return _FIGURES[definition.formula["name"]](definition, found, sort).value


def _sort(definition: Definition, day: date) -> Sort:
    name, edition = definition.formula["name"], standards.in_force("HJ 663", day, early=True)
    if name == "air_good_days":
        told = int(edition.table("decimals").row("attainment_rate")["statistic"])
        return Sort(SHARE_OF_DAYS, told if definition.decimals is None else definition.decimals)
    if name == "air_level_days":
        return Sort(COUNT_OF_DAYS, 0)
    decimals = statistics(edition)[_item(definition)].decimals
    kept = decimals if definition.decimals is None else definition.decimals
    return Sort(MEAN if name == "air_mean" else PERCENTILE, kept)


def _item(definition: Definition) -> Item:
    return Item(definition.formula["item"])


def _mean(definition: Definition, found: Days, sort: Sort) -> Measured:
    """Return the mean: of one city exactly, of several that of their means."""
    rows = [city.item(_item(definition)) for city in found.cities]
    sums = [(_sum(units, decimals), int(exact.count(units))) for units, decimals in rows]
    known = [(total, count) for total, count in sums if count]
    if not known:
        return _empty(definition, found, sort)
    means = [exact.round_fraction(total / count, sort.decimals) for total, count in known]
    value = Decimal(exact.round_fraction(Fraction(sum(means), len(means)), 0)).scaleb(-sort.decimals)
    total, count = known[0] if len(known) == 1 else (Fraction(0), 0)
    count = count or min(count for _, count in known)
    parts = tuple(known) if len(known) > 1 else ()
    return Measured(
        definition, "", found.span, found.span.last, sort, value, total=total, count=count, parts=parts
    )


def _sum(units: Ints, decimals: int) -> Fraction:
    return Fraction(int(units[units != MISSING].sum()), 10**decimals)


def _percentile(definition: Definition, found: Days, sort: Sort) -> Measured:
    rows = [city.item(_item(definition)) for city in found.cities]
    percent = statistics(standards.in_force("HJ 663", found.span.last, early=True))[_item(definition)]
    each = [exact.percentile(units, percent.percentile, own, sort.decimals) for units, own in rows]
    known = [value for value in each if value != MISSING]
    if not known:
        return _empty(definition, found, sort)
    value = Decimal(exact.round_fraction(Fraction(sum(known), len(known)), 0)).scaleb(-sort.decimals)
    units, own = rows[0]
    days = tuple(Fraction(int(one), 10**own) for one in units[units != MISSING]) if len(rows) == 1 else ()
    return Measured(definition, "", found.span, found.span.last, sort, value, count=len(days), days=days)


def _levels(definition: Definition, found: Days) -> tuple[int, int, int]:
    """Return valid days, good days, and days of the asked level or worse, of all cities together."""
    rule = aqi_rule(standards.in_force("HJ 633", found.span.last, early=True), Period.DAY)
    least = int(definition.formula.get("least", 0))
    valid = good = bad = 0
    for city in found.cities:
        judged, _ = aqi_by_day(city.concentrations(), day_starts(found.span), Period.DAY)
        index = np.asarray(judged.aqi)
        valid += int((index >= 0).sum())
        good += int(((index >= 0) & (index <= rule.good_highest)).sum())
        bad += int((np.asarray(judged.level) >= least).sum())
    return valid, good, bad


def _good_days(definition: Definition, found: Days, sort: Sort) -> Measured:
    valid, good, _ = _levels(definition, found)
    if not valid:
        return _empty(definition, found, sort)
    value = Decimal(exact.half_even(100 * good * 10**sort.decimals, valid)).scaleb(-sort.decimals)
    return Measured(definition, "", found.span, found.span.last, sort, value, count=valid, part=good)


def _level_days(definition: Definition, found: Days, sort: Sort) -> Measured:
    valid, _, bad = _levels(definition, found)
    if not valid:
        return _empty(definition, found, sort)
    return Measured(definition, "", found.span, found.span.last, sort, Decimal(bad), count=valid, part=bad)


def _empty(definition: Definition, found: Days, sort: Sort) -> Measured:
    where = found.span.code()
    return nothing(definition, "", found.span, found.span.last, sort, "indicators.no_data", period=where)


_FIGURES: Mapping[str, Callable[[Definition, Days, Sort], Measured]] = {
    "air_mean": _mean,
    "air_percentile": _percentile,
    "air_good_days": _good_days,
    "air_level_days": _level_days,
}


def _needed(span: Span) -> int:
    """Return the valid days that HJ 663 asks of a year or month; 0 where it asks nothing."""
    rule = validity(standards.in_force("HJ 663", span.last, early=True))
    if span.kind == "year":
        return rule.year
    return rule.month_days(span.first.month) if span.kind == "month" else 0


def _basis(store: Store, definition: Definition, region: Region, found: Days) -> Basis:
    first, last = found.span.first, found.span.last
    governed = editions("HJ 663", first, last)
    if definition.formula["name"] in ("air_good_days", "air_level_days"):
        governed += editions("HJ 633", first, last)
    else:
        governed += editions("GB 3095", first, last)
    return Basis(
        places=tuple((one.code, one.name) for one in found.features),
        left_out=tuple((one.code, one.name) for one in found.left_out),
        cited=tuple(cited(store, found.features, _codes(definition), found.span)),
        editions=tuple(governed),
        revision=store.revision(),
        notes=tuple(_notes(region, found)),
        simulated=any(one.simulated for one in found.features),
    )


def _codes(definition: Definition) -> Sequence[str]:
    if definition.formula["name"] in ("air_mean", "air_percentile"):
        return (_item(definition).parameter.code,)
    return CODES


def _notes(region: Region, found: Days) -> list[Said]:
    notes = []
    if region.stands_for:
        notes.append(Said.of("indicators.stands_in", data=region.name, region=region.stands_for))
    governed = editions("HJ 663", found.span.first, found.span.last)
    if len(governed) > 1:
        notes.append(Said.of("indicators.straddles", number="HJ 663、HJ 633、GB 3095"))
    if len(found.cities) > 1:
        notes.append(Said.of("indicators.several_cities", number=len(found.cities)))
    if found.left_out:
        notes.append(Said.of("indicators.left_out", number=len(found.left_out)))
    return notes


def _earlier(
    store: Store, definition: Definition, region: Region, taken: Span, whole: Span
) -> list[YearParts]:
    """Return earlier years cut at the same day, those that have enough days in them."""
    if whole.kind != "year" or definition.formula["name"] not in ("air_mean", "air_good_days"):
        return []
    cuts = [_same_day(taken.last, whole.first.year - back) for back in range(1, EARLIER + 1)]
    spans = [
        (
            Span("days", date(cut.year, 1, 1), cut),
            Span("days", cut + timedelta(days=1), date(cut.year, 12, 31)),
        )
        for cut in cuts
    ]
    years = (_year(store, definition, region, *pair) for pair in spans)
    return [year for year in years if year is not None]


def _same_day(day: date, year: int) -> date:
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)


ENOUGH = Fraction(3, 4)
"""Share of valid days without which an earlier stretch does not count. DEFAULT, NOT FROM THE DOCUMENTS."""


def _year(
    store: Store, definition: Definition, region: Region, before: Span, after: Span
) -> YearParts | None:
    try:
        parts = [_part(definition, read_days(store, region, span)) for span in (before, after)]
    except StandardError:
        return None
    enough = all(days >= ENOUGH * span.days for (_, days), span in zip(parts, (before, after), strict=True))
    if not enough:
        return None
    (first, count), (second, rest) = parts
    return YearParts(first, second, count, rest)


def _part(definition: Definition, found: Days) -> tuple[float, int]:
    """Return the exact figure of a stretch as a float, and its valid days."""
    if not found.cities:
        return 0.0, 0
    if definition.formula["name"] == "air_mean":
        rows = [city.item(_item(definition)) for city in found.cities]
        sums = [(_sum(units, own), int(exact.count(units))) for units, own in rows]
        known = [total / count for total, count in sums if count]
        return (float(sum(known) / len(known)) if known else 0.0), min(count for _, count in sums)
    if definition.formula["name"] == "air_good_days":
        valid, good, _ = _levels(definition, found)
        return (100 * good / valid if valid else 0.0), valid // len(found.cities)
    return 0.0, 0


def parameters(definition: Definition) -> tuple[Any, ...]:
    """Return the codes of the parameters that an indicator of air is made of."""
    return tuple(_codes(definition))
