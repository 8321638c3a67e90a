"""Stored values explained: the AQI of a station or city, the class of a section, each with its origins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from huanzhi import standards
from huanzhi.assess.air_explanation import explain_air
from huanzhi.assess.averaging import HOURS
from huanzhi.assess.exact import MISSING
from huanzhi.assess.explanation import Explanation, Step
from huanzhi.assess.water_explain import explain_water
from huanzhi.assess.water_kind import Kind
from huanzhi.errors import InputError
from huanzhi.library.series import Feature, Store
from huanzhi.messages import text
from huanzhi.programmes.air_cities import AUTO, CODES, CityDays, read_cities
from huanzhi.programmes.explaining.origins import Origin, origins
from huanzhi.programmes.spans import Span, parse_span
from huanzhi.programmes.water_sections import KINDS, LONGEST_FIRST, read_sections
from huanzhi.standards.air import ITEMS, Item, points_needed, statistics, validity
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import HOUR, Period, china_date, start_of_day

MOST_SUGGESTED = 12


@dataclass(frozen=True, slots=True)
class Stored:
    """An explanation of a stored value with the observations that it stands on."""

    feature: str
    explanation: Explanation
    origins: tuple[Origin, ...]


def find_feature(store: Store, name: str, kinds: Sequence[str]) -> Feature:
    """Return the place that a code or a name means.

    Raises
    ------
    InputError
        If there is none (near names are listed), or several places have the name.
    """
    known = [feature for feature in store.features() if feature.kind in kinds]
    found = [f for f in known if f.code == name] or [f for f in known if f.name == name]
    if len(found) == 1:
        return found[0]
    near = found or [f for f in known if name in f.name or name in f.code] or known
    listed = text("rankings.comma").join(f"{f.name}（{f.code}）" for f in near[:MOST_SUGGESTED])
    key = "explain.several_places" if found else "explain.no_place"
    raise InputError(key, value=name, known=listed or text("report.no_region_at_all"))


def stored_air(store: Store, name: str, time: int, period: Period, edition: str = AUTO) -> Stored:
    """Explain the AQI of a station or city at an hour or on a day.

    Parameters
    ----------
    name : str
        Code or name of a station, or of a city for a day.
    time : int
        Start of the hour or day, seconds UTC.

    Raises
    ------
    InputError
        If there is no such place, or nothing was reported there then.
    """
    day = china_date(time)
    judging = _edition("HJ 633", day, edition)
    if period is Period.HOUR:
        station = find_feature(store, name, ("air_station",))
        window = store.window([station.code], CODES, Period.HOUR, time, time + HOUR)
        values = {
            item: _decimal(int(window.units[0, k, 0]), window.decimals[k]) for k, item in enumerate(ITEMS)
        }
        _need(values, name, day)
        found = explain_air(values, Period.HOUR, judging)
        return Stored(station.code, found, tuple(origins(store, station.code, CODES, Period.HOUR, [time])))
    return _stored_day(store, name, day, judging, edition)


def _stored_day(store: Store, name: str, day: date, judging: standards.Edition, edition: str) -> Stored:
    span = parse_span(day.isoformat())
    city = _one_city(store, name, span, edition)
    values = {item: _decimal(int(city.units[k, 0]), city.decimals[k]) for k, item in enumerate(ITEMS)}
    _need(values, name, day)
    found = explain_air(values, Period.DAY, judging)
    evaluation = _edition("HJ 663", day, edition)
    if city.source == "published":
        steps = [Step("explain.published_day", {"name": city.name})]
        code = city.features[0].code
        rows = [row for period in _day_periods(evaluation) for row in _day_origins(store, code, period, day)]
    else:
        steps = _averaging_steps(store, city, span, evaluation)
        rows = _hour_origins(store, city, day)
    tables = (evaluation.table("validity"), evaluation.table("city_points"), evaluation.table("decimals"))
    explained = replace(
        found,
        steps=(*steps, *found.steps),
        editions=(evaluation, *found.editions),
        tables=(*tables, *found.tables),
    )
    return Stored(city.name, explained, tuple(rows))


def _edition(identity: str, day: date, chosen: str) -> standards.Edition:
    if chosen == AUTO or identity == "HJ 663":
        return standards.in_force(identity, day, early=True)
    return standards.edition(identity, chosen)


def _decimal(units: int, decimals: int) -> Decimal | None:
    return None if units == MISSING else Decimal(units).scaleb(-decimals)


def _need(values: dict[Item, Decimal | None], name: str, day: date) -> None:
    if all(value is None for value in values.values()):
        raise InputError("explain.nothing_then", value=name, day=day.isoformat())


def _one_city(store: Store, name: str, span: Span, edition: str) -> CityDays:
    """Return the day of a city, or of a single station."""
    cities = read_cities(store, span, edition=edition, region=name)
    named = [city for city in cities if city.name.removesuffix("市") == name.removesuffix("市")]
    if named:
        return named[0]
    station = find_feature(store, name, ("air_station",))
    single = read_cities(store, span, by="station", edition=edition, source="stations")
    return next(city for city in single if city.features[0].code == station.code)


def _averaging_steps(store: Store, city: CityDays, span: Span, evaluation: standards.Edition) -> list[Step]:
    """Say of each item how the hours of the points became the day."""
    codes = [point.code for point in city.features]
    window = store.window(codes, CODES, Period.HOUR, span.start, span.end)
    rule, clause = validity(evaluation), evaluation.table("validity").clause
    needed = points_needed(evaluation, city.points)
    steps = []
    for k, item in enumerate(ITEMS):
        hours = [int(count) for count in (window.units[:, k] != MISSING).sum(axis=1)]
        eight = statistics(evaluation)[item].daily is Period.DAY_MAX_EIGHT_HOURS
        values = {
            "item": item,
            "hours": text("rankings.comma").join(map(str, hours)),
            "needed": rule.day_max_eight_hours if eight else rule.day,
            "window": rule.window,
            "points": city.points,
            "points_needed": needed,
            "value": _decimal(int(city.units[k, 0]), city.decimals[k]),
            "unit": item.parameter.unit,
        }
        kind = "eight" if eight else "day"
        state = "invalid" if values["value"] is None else "valid"
        steps.append(Step(f"explain.average_{kind}_{state}", values, clause))
    return steps


def _hour_origins(store: Store, city: CityDays, day: date) -> list[Origin]:
    start = start_of_day(day)
    times = [start + HOUR * hour for hour in range(HOURS)]
    return [row for point in city.features for row in origins(store, point.code, CODES, Period.HOUR, times)]


def _day_periods(evaluation: standards.Edition) -> tuple[Period, ...]:
    return tuple(dict.fromkeys(one.daily for one in statistics(evaluation).values()))


def _day_origins(store: Store, code: str, period: Period, day: date) -> list[Origin]:
    return origins(store, code, CODES, period, [start_of_day(day)])


def stored_water(store: Store, name: str, span: Span) -> Stored:
    """Explain the class of a section over a span.

    Raises
    ------
    InputError
        If there is no such section, or nothing was reported there then.
    """
    feature = find_feature(store, name, KINDS)
    found = read_sections(store, span, None, codes=(feature.code,))
    if not found.features:
        raise InputError("explain.nothing_then", value=name, day=span.code())
    several = bool((found.samples > 1).any())
    kind = Kind(bool(found.lake[0]), "given" if feature.kind == "lake" else "default", feature.name)
    present = {item: column for item, column in found.items.items() if column.present[0]}
    explained = explain_water(present, kind, span.last, rounding="evaluation" if several else "as_reported")
    if several:
        step = Step("explain.water_mean", {"samples": int(found.samples[0]), "span": span.words()})
        explained = replace(explained, steps=(step, *explained.steps))
    return Stored(feature.code, explained, tuple(_section_origins(store, feature, span, tuple(present))))


def _section_origins(store: Store, feature: Feature, span: Span, items: Sequence[str]) -> list[Origin]:
    codes = [parameter.code for item in items if (parameter := find(item, "water"))]
    rows = store.range([feature.code], codes, None, span.start, span.end)
    periods = {Period(period) for period in rows.column("period").unique().to_pylist()}
    period = next((one for one in LONGEST_FIRST if one in periods), None)
    if period is None:
        return []
    pairs = zip(rows["time"].to_pylist(), rows["period"].to_pylist(), strict=True)
    times = sorted({time for time, own in pairs if own == period.value})
    return origins(store, feature.code, codes, period, times)
