"""Air of an hour or a day 时、日空气质量评价: AQI, level, primary pollutants, and what is missing.

Hours are those of stations. Days are those of stations, counties or cities, see `programmes.air_cities`.
Each period is judged by the edition of HJ 633 of its own day, unless one is named. Control points 对照点 have
hours and days of their own here; they do not enter those of a city.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from huanzhi import standards
from huanzhi.assess.aqi import Aqi, aqi, items_of
from huanzhi.assess.exact import MISSING, Ints, to_floats
from huanzhi.errors import StandardError
from huanzhi.library.series import Feature, Store
from huanzhi.programmes.air_cities import AUTO, CODES, By, city_key, read_cities
from huanzhi.programmes.assessing.when import When
from huanzhi.programmes.rankings.air import number
from huanzhi.programmes.water_sections import in_region
from huanzhi.standards import Edition, Table
from huanzhi.standards.air import ITEMS, AqiRule, Item, Level, aqi_rule
from huanzhi.standards.periods import HOUR, Period


@dataclass(frozen=True, slots=True)
class AirRow:
    """One place.

    Attributes
    ----------
    key : str
        Code of a station, name of a city or county.
    features : tuple of Feature
        Points behind it.
    values, iaqi : mapping
        Item → concentration, individual index; None where missing, or above what the edition gives.
    aqi : int or None
    level : Level or None
    primary, missing : tuple of Item
    flagged : tuple of Item
        Items whose value carries a mark of quality control.
    previous, year_before : int or None
        AQI of the period before and of the same period a year before.
    """

    key: str
    name: str
    features: tuple[Feature, ...]
    values: Mapping[Item, Decimal | None]
    iaqi: Mapping[Item, int | None]
    aqi: int | None
    level: Level | None
    primary: tuple[Item, ...]
    missing: tuple[Item, ...]
    flagged: tuple[Item, ...] = ()
    previous: int | None = None
    year_before: int | None = None

    @property
    def simulated(self) -> bool:
        """Whether any of its points is simulated."""
        return any(feature.simulated for feature in self.features)


@dataclass(frozen=True, slots=True)
class AirAssessment:
    """Places of a period; `silent` are the names of those without a value."""

    when: When
    by: By
    edition: Edition
    rule: AqiRule
    rows: tuple[AirRow, ...]
    silent: tuple[str, ...]

    def tables(self) -> tuple[Table, ...]:
        """Return the tables that judged."""
        name = "breakpoints_hour" if self.when.hour is not None else "breakpoints_day"
        names = (name, "missing_data", "levels")
        return tuple(self.edition.table(one) for one in names if one in self.edition.tables)


@dataclass(frozen=True, slots=True)
class _Values:
    """What was measured: places with their items, shape (n, 6), and which values carry a mark."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    features: tuple[tuple[Feature, ...], ...]
    units: tuple[Ints, ...]
    decimals: tuple[tuple[int, ...], ...]
    flags: tuple[tuple[Item, ...], ...]


def assess_air(
    store: Store,
    when: When,
    *,
    by: By = "station",
    edition: str = AUTO,
    region: str | None = None,
) -> AirAssessment:
    """Assess the air of an hour or a day.

    Raises
    ------
    StandardError
        If no edition was in force on the day, or the named one does not exist.
    """
    averaging = Period.HOUR if when.hour is not None else Period.DAY
    judging = index_edition(when.span.last, edition)
    rule = aqi_rule(judging, averaging)
    rows, silent = _judged(_read(store, when, by, edition, region), averaging, judging, rule)
    earlier = {
        name: _indices(store, period, by, edition, region)
        for name, period in (("previous", when.previous()), ("year_before", when.year_before()))
    }
    compared = tuple(_with_earlier(row, earlier) for row in rows)
    return AirAssessment(when, by, judging, rule, compared, silent)


def _with_earlier(row: AirRow, earlier: Mapping[str, Mapping[str, int]]) -> AirRow:
    key = city_key(row.key)
    return replace(row, previous=earlier["previous"].get(key), year_before=earlier["year_before"].get(key))


def index_edition(day: date, edition: str) -> Edition:
    """Return the edition of HJ 633 that judges a day, or the one that is named."""
    if edition != AUTO:
        return standards.edition("HJ 633", edition)
    return standards.in_force("HJ 633", day, early=True)


def _indices(store: Store, when: When, by: By, edition: str, region: str | None) -> dict[str, int]:
    """Return the AQI of another period by place; nothing where no edition judges it."""
    try:
        judging = index_edition(when.span.last, edition)
    except StandardError:
        return {}
    averaging = Period.HOUR if when.hour is not None else Period.DAY
    rule = aqi_rule(judging, averaging)
    rows, _ = _judged(_read(store, when, by, edition, region), averaging, judging, rule)
    return {city_key(row.key): row.aqi for row in rows if row.aqi is not None}


def _read(store: Store, when: When, by: By, edition: str, region: str | None) -> _Values:
    if when.hour is not None:
        return _hours(store, when.hour, region)
    cities = read_cities(store, when.span, by=by, edition=edition, region=region)
    keys = tuple(one.features[0].code if by == "station" else one.name for one in cities)
    names = tuple(one.features[0].name if by == "station" else one.name for one in cities)
    return _Values(
        keys,
        names,
        tuple(one.features for one in cities),
        tuple(one.units[:, 0] for one in cities),
        tuple(one.decimals for one in cities),
        ((),) * len(cities),
    )


def _hours(store: Store, hour: int, region: str | None) -> _Values:
    known = [one for one in store.features(kind="air_station") if region is None or in_region(one, region)]
    window = store.window([one.code for one in known], CODES, Period.HOUR, hour, hour + HOUR)
    marked = window.flags[:, :, 0] != 0
    flags = tuple(tuple(item for k, item in enumerate(ITEMS) if row[k]) for row in marked)
    return _Values(
        tuple(one.code for one in known),
        tuple(one.name for one in known),
        tuple((one,) for one in known),
        tuple(window.units[:, :, 0]),
        (tuple(window.decimals),) * len(known),
        flags,
    )


def _judged(
    found: _Values, averaging: Period, edition: Edition, rule: AqiRule
) -> tuple[list[AirRow], tuple[str, ...]]:
    """Return a row for every place with a value, and the names of those without."""
    if not found.keys:
        return [], ()
    values = np.array([_floats(*one) for one in zip(found.units, found.decimals, strict=True)])
    judged = aqi(values, averaging, edition)
    levels = {level.number: level for level in rule.levels}
    spoke = [bool((units != MISSING).any()) for units in found.units]
    rows = [_row(found, judged, levels, place) for place, any_value in enumerate(spoke) if any_value]
    silent = tuple(name for name, any_value in zip(found.names, spoke, strict=True) if not any_value)
    return rows, silent


def _floats(units: Ints, decimals: Sequence[int]) -> list[float]:
    return [float(to_floats(units[k : k + 1], decimals[k])[0]) for k in range(len(ITEMS))]


def _row(found: _Values, judged: Aqi, levels: Mapping[int, Level], place: int) -> AirRow:
    units, decimals = found.units[place], found.decimals[place]
    values = {item: number(units[k], decimals[k]) for k, item in enumerate(ITEMS)}
    index = int(judged.aqi[place])
    return AirRow(
        key=found.keys[place],
        name=found.names[place],
        features=found.features[place],
        values=values,
        iaqi={
            item: own if (own := int(judged.iaqi[place, k])) >= 0 else None for k, item in enumerate(ITEMS)
        },
        aqi=index if index >= 0 else None,
        level=levels.get(int(judged.level[place])),
        primary=tuple(items_of(int(judged.primary[place]))),
        missing=tuple(item for item in ITEMS if values[item] is None),
        flagged=found.flags[place],
    )
