"""City days 城市日均值: from station hours under HJ 663, or as published, whichever the store holds.

A station's hours become its daily values, its city's points become the city's day where enough of them are
valid. Each day is treated by the edition of HJ 663 that was in force on it, unless one is named. Control
points 对照点 (attribute ``control``) do not count, nor do points without a single hour in the calendar months
of the span: they are not in service then, and are named. A city is known by its name without a final 市,
since stations and published tables spell it both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt

from huanzhi import standards
from huanzhi.assess import averaging
from huanzhi.assess.exact import MISSING, Ints, rescale, to_floats
from huanzhi.library.series import Feature, Store
from huanzhi.programmes.spans import Span
from huanzhi.standards import Edition
from huanzhi.standards.air import ITEMS, Item, limit, statistics, validity
from huanzhi.standards.periods import Period

SourceChoice = Literal["auto", "stations", "published"]
By = Literal["city", "county", "township", "station"]
Naming = Callable[[Feature], str]
"""Names the region that a place counts for; empty where it counts for none."""

AUTO = "auto"
CODES = tuple(item.parameter.code for item in ITEMS)
ENDINGS = ("市", "州", "盟", "区", "县")
"""How full names of cities end."""

LARGEST_WINDOW = 16_000_000
"""Values read from the store at once."""


@dataclass(frozen=True, slots=True)
class CityDays:
    """Daily values of a city over a span.

    Attributes
    ----------
    name : str
    source : {"stations", "published"}
        Where the days come from.
    features : tuple of Feature
        The points that count, or the city itself.
    points : int
        How many points count; 1 for published days.
    units : ndarray of int64, shape (6, d)
        Items in the order of `standards.air.ITEMS`, numbers of 10**-`decimals`.
    decimals : tuple of int, length 6
    silent : tuple of Feature
        Points that do not count since they have no hour in the months of the span.
    """

    name: str
    source: Literal["stations", "published"]
    features: tuple[Feature, ...]
    points: int
    units: Ints
    decimals: tuple[int, ...]
    silent: tuple[Feature, ...] = ()

    @property
    def simulated(self) -> bool:
        """Whether any of the places is simulated."""
        return any(feature.simulated for feature in self.features)

    @property
    def valid_days(self) -> int:
        """Days on which at least one item is valid."""
        return int((self.units != MISSING).any(axis=0).sum())

    def item(self, item: Item) -> tuple[Ints, int]:
        """Return the days of one item and their decimals."""
        place = ITEMS.index(item)
        return self.units[place], self.decimals[place]

    def concentrations(self) -> np.ndarray:
        """Return the days as floats, shape (d, 6), for the daily index."""
        columns = [to_floats(row, decimals) for row, decimals in zip(self.units, self.decimals, strict=True)]
        return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days `first` to `last` of a span, numbered from its first day, under one edition of HJ 663."""

    first: int
    last: int
    edition: Edition
    limits: Edition

    def day(self, start: date) -> date:
        """Return its first day, or the day on which its limits took effect where they are named early."""
        return max(start + timedelta(days=self.first), self.limits.interval.start)


def stretches(span: Span, edition: str = AUTO) -> tuple[Stretch, ...]:
    """Split a span where the editions change; a named edition takes it all.

    Raises
    ------
    StandardError
        If no edition was in force on a day, or there is none called `edition`.
    """
    if edition != AUTO:
        pair = standards.edition("HJ 663", evaluation_edition(edition)), standards.edition("GB 3095", edition)
        return (Stretch(0, span.days - 1, *pair),)
    found: list[Stretch] = []
    for number in range(span.days):
        day = span.first + timedelta(days=number)
        pair = standards.in_force("HJ 663", day, early=True), standards.in_force("GB 3095", day, early=True)
        if found and (found[-1].edition, found[-1].limits) == pair:
            found[-1] = Stretch(found[-1].first, number, *pair)
        else:
            found.append(Stretch(number, number, *pair))
    return tuple(found)


def evaluation_edition(year: str) -> str:
    """Return the edition of HJ 663 that belongs to the edition of GB 3095 and HJ 633 called `year`."""
    wanted = standards.edition("GB 3095", year)
    judging = [e for e in standards.standard("HJ 663").editions if e.interval.end == wanted.interval.end]
    return judging[0].id if judging else year


def read_cities(
    store: Store,
    span: Span,
    *,
    by: By = "city",
    source: SourceChoice = "auto",
    edition: str = AUTO,
    region: str | None = None,
    naming: Naming | None = None,
) -> tuple[CityDays, ...]:
    """Return the days of every city (county, township, or single station) that the store has places of.

    Parameters
    ----------
    naming : callable, optional
        Names the region of each place instead of its own attributes, e.g. by the tree of regions.
    source : {"auto", "stations", "published"}
        ``auto`` takes of each city the source with more valid days, its own stations where both are equal.
    region : str, optional
        Only cities of this name, province or region code.
    """
    groups = _groups(store, by, region, naming)
    parts = stretches(span, edition)
    counted = {name: _counted(stations) for name, (stations, _) in groups.items() if source != "published"}
    hours = _station_days(store, span, parts, counted)
    found = []
    for name, (_, published) in groups.items():
        choices = [hours[name]] if name in hours else []
        if published and source != "stations":
            choices.append(_from_published(store, span, parts, name, published))
        if choices:
            found.append(max(choices, key=lambda one: one.valid_days))
    return tuple(found)


def city_key(name: str) -> str:
    """Return the name by which spellings of a city are one."""
    return name.removesuffix("市") or name


def _groups(
    store: Store, by: By, region: str | None, naming: Naming | None
) -> dict[str, tuple[list[Feature], list[Feature]]]:
    """Return the display name of each city → its stations and its published self."""
    names: dict[str, str] = {}
    groups: dict[str, tuple[list[Feature], list[Feature]]] = {}
    for feature in store.features():
        kinds = ("air_station",) if by == "station" else ("air_station", "city")
        label = naming(feature) if naming and by != "station" else _label(feature, by)
        if feature.kind not in kinds or not label:
            continue
        key = city_key(label) if by in ("city", "county") else label
        names[key] = max(names.get(key, ""), label, key=len)
        if _wanted(feature, region):
            groups.setdefault(key, ([], []))[feature.kind == "city"].append(feature)
    return {name: groups[key] for key, name in _spelt(names, by).items() if key in groups}


def _spelt(names: Mapping[str, str], by: By) -> Mapping[str, str]:
    """Return the names in one spelling: without a final 市 where the store knows some city only so."""
    if by == "city" and not all(name.endswith(ENDINGS) for name in names.values()):
        return {key: key for key in names}
    return names


def _label(feature: Feature, by: By) -> str:
    if by == "station":
        return f"{feature.name}（{feature.code}）" if feature.name != feature.code else feature.code
    if by == "county":
        return str(feature.attributes.get("county", "")) or feature.region
    if by == "township":
        return str(feature.attributes.get("township", ""))
    return feature.region


def _wanted(feature: Feature, region: str | None) -> bool:
    if region is None:
        return True
    same = city_key(region) in (city_key(feature.region), city_key(feature.province))
    return same or (region.isdigit() and feature.region_code.startswith(region))


def _counted(stations: Sequence[Feature]) -> tuple[Feature, ...]:
    """Return the points that count: all but control points, unless there are no others."""
    return tuple(one for one in stations if not one.attributes.get("control")) or tuple(stations)


def _station_days(
    store: Store, span: Span, parts: Sequence[Stretch], cities: Mapping[str, tuple[Feature, ...]]
) -> dict[str, CityDays]:
    """Return the days of cities from their stations, read in portions that fit into memory."""
    found: dict[str, CityDays] = {}
    most = max(1, LARGEST_WINDOW // (span.whole_months().days * averaging.HOURS * len(ITEMS)))
    portion: list[str] = []
    for name, points in cities.items():
        if points:
            portion.append(name)
        if sum(len(cities[one]) for one in portion) >= most:
            found |= _portion_days(store, span, parts, {one: cities[one] for one in portion})
            portion = []
    return found | _portion_days(store, span, parts, {one: cities[one] for one in portion})


def _portion_days(
    store: Store, span: Span, parts: Sequence[Stretch], cities: Mapping[str, tuple[Feature, ...]]
) -> dict[str, CityDays]:
    codes = [point.code for points in cities.values() for point in points]
    if not codes:
        return {}
    months = span.whole_months()
    window = store.window(codes, CODES, Period.HOUR, months.start, months.end)
    before = (span.first - months.first).days * averaging.HOURS
    found, first = {}, 0
    for name, points in cities.items():
        mine = window.units[first : first + len(points)]
        first += len(points)
        heard = (mine != MISSING).any(axis=(1, 2))
        within = mine[:, :, before : before + span.days * averaging.HOURS]
        found[name] = _heard_days(name, points, within, heard, window.decimals, parts, span)
    return found


def _heard_days(
    name: str,
    points: tuple[Feature, ...],
    hours: Ints,
    heard: npt.NDArray[np.bool_],
    decimals: Sequence[int],
    parts: Sequence[Stretch],
    span: Span,
) -> CityDays:
    """Return the days of a city from those of its points that are heard; from all where none is."""
    if not heard.any():
        return _city_days(name, points, hours, decimals, parts, span)
    counted = tuple(point for point, speaks in zip(points, heard, strict=True) if speaks)
    silent = tuple(point for point, speaks in zip(points, heard, strict=True) if not speaks)
    return replace(_city_days(name, counted, hours[heard], decimals, parts, span), silent=silent)


def _city_days(
    name: str,
    points: tuple[Feature, ...],
    hours: Ints,
    decimals: Sequence[int],
    parts: Sequence[Stretch],
    span: Span,
) -> CityDays:
    if (hours == MISSING).all():
        silent = np.full((len(ITEMS), span.days), MISSING, np.int64)
        return CityDays(name, "stations", points, len(points), silent, (0,) * len(ITEMS))
    days = [_item_days(hours[:, k], decimals[k], item, parts, span.first) for k, item in enumerate(ITEMS)]
    units = np.stack([row for row, _ in days])
    return CityDays(name, "stations", points, len(points), units, tuple(kept for _, kept in days))


def _item_days(
    hours: Ints, decimals: int, item: Item, parts: Iterable[Stretch], first: date
) -> tuple[Ints, int]:
    """Return the city's days of one item and their decimals, from the hours of its points (p, 24·d)."""
    pieces = []
    for part in parts:
        statistic = statistics(part.edition)[item]
        cut = hours[:, part.first * averaging.HOURS : (part.last + 1) * averaging.HOURS]
        kept = min(decimals, statistic.decimals_day)
        ozone = limit(part.limits, Item.O3, Period.DAY_MAX_EIGHT_HOURS, part.day(first))
        days = averaging.daily(rescale(cut, decimals, kept), kept, statistic, validity(part.edition), ozone)
        city = averaging.city_mean(days, statistic.decimals_day, statistic.decimals_day, part.edition)
        pieces.append((city, statistic.decimals_day))
    return _joined(pieces)


def _joined(pieces: Sequence[tuple[Ints, int]]) -> tuple[Ints, int]:
    finest = max(decimals for _, decimals in pieces)
    return np.concatenate([rescale(days, own, finest) for days, own in pieces]), finest


def _from_published(
    store: Store, span: Span, parts: Sequence[Stretch], name: str, cities: Sequence[Feature]
) -> CityDays:
    """Return published days, rounded to the decimals of the edition where they have more."""
    city = cities[:1]
    rows, decimals = [], []
    for item in ITEMS:
        period = statistics(parts[0].edition)[item].daily
        window = store.window([city[0].code], [item.parameter.code], period, span.start, span.end)
        days, own = window.units[0, 0], window.decimals[0]
        pieces = []
        for part in parts:
            kept = statistics(part.edition)[item].decimals_day
            pieces.append((rescale(days[part.first : part.last + 1], own, min(own, kept)), min(own, kept)))
        row, finest = _joined(pieces)
        rows.append(row)
        decimals.append(finest)
    return CityDays(name, "published", tuple(city), 1, np.stack(rows), tuple(decimals))


def day_starts(span: Span) -> np.ndarray:
    """Return the China days of a span as datetime64[D], shape (d,)."""
    return np.datetime64(span.first) + np.arange(span.days)
