"""Electricity of production 生产用电: kilowatt-hours of each enterprise and day, from its meters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from huanzhi.center.watching.facts import Facts, Meter
from huanzhi.library.series import Store
from huanzhi.programmes.warning_rounds.values import read
from huanzhi.standards.periods import CHINA, DAY, HOUR, Period, start_of_day

LEAST_HOURS = 20
"""Hours of a day that a meter must have for its day to count; the rest is taken as their mean. Ours."""


def meters(facts: Facts) -> dict[str, set[Meter]]:
    """Return the meters of production lines by enterprise, each once."""
    found: dict[str, set[Meter]] = defaultdict(set)
    for place in facts.places.values():
        if place.enterprise:
            found[place.enterprise].update(place.production)
    return {code: held for code, held in found.items() if held}


def by_day(store: Store, facts: Facts, first: date, last: date) -> dict[str, dict[date, float]]:
    """Return the electricity of each enterprise and day [kWh]; days that a meter lacks are left out."""
    owners = meters(facts)
    begin, end = start_of_day(first), start_of_day(last) + DAY
    features = sorted({meter.feature for held in owners.values() for meter in held})
    parameters = sorted({meter.parameter for held in owners.values() for meter in held})
    series = read(store, features, Period.HOUR, begin, end, parameters) if features else {}
    hours: dict[tuple[str, str], dict[date, list[float]]] = {}
    for key, values in series.items():
        days: dict[date, list[float]] = defaultdict(list)
        for one in values:
            days[_day(one.time)].append(float(one.value))
        hours[key] = days
    wanted = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {code: _whole(held, hours, wanted) for code, held in owners.items()}


def _whole(
    held: Iterable[Meter], hours: dict[tuple[str, str], dict[date, list[float]]], wanted: Iterable[date]
) -> dict[date, float]:
    """Return the days that every meter tells of."""
    found = {}
    for day in wanted:
        sums = [_kilowatt_hours(hours.get((one.feature, one.parameter), {}).get(day, [])) for one in held]
        known = [one for one in sums if one is not None]
        if known and len(known) == len(sums):
            found[day] = sum(known)
    return found


def _kilowatt_hours(kilowatts: list[float]) -> float | None:
    if len(kilowatts) < LEAST_HOURS:
        return None
    return sum(kilowatts) / len(kilowatts) * DAY / HOUR


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment, CHINA).date()
