"""Sources 污染源: what could have let it go, and what its own monitor showed at the time."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from statistics import median
from typing import Any

from huanzhi.assess.states import State
from huanzhi.center.watching.facts import facts_of
from huanzhi.library.devices import open_register
from huanzhi.library.enterprises.models import Outlet
from huanzhi.library.rights import Actor, visible
from huanzhi.library.series import Store
from huanzhi.simulate.tracing import Shown
from huanzhi.standards.parameters import all_parameters

PERIODS = ("hour", "instant")
"""Periods of the values that are looked at: hours, else the minutes as they came."""


@cache
def table() -> Mapping[str, Any]:
    """Return the thresholds of tracing."""
    file = resources.files("huanzhi.programmes.tracing") / "data" / "tracing.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet that could be the source."""

    code: str
    name: str
    enterprise: str
    enterprise_name: str
    lon: float
    lat: float
    gas: bool
    limits: Mapping[str, float] = field(default_factory=dict)
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a source's monitor showed in a window.

    Attributes
    ----------
    parameter : str
        That which speaks most against it; empty where nothing was measured.
    value, limit, usual : float or None
        Highest value, permitted limit, median of the days before [unit].
    """

    shown: Shown
    start: datetime
    end: datetime
    parameter: str = ""
    value: float | None = None
    limit: float | None = None
    usual: float | None = None
    unit: str = ""


def sources(actor: Actor, *, gas: bool) -> list[Source]:
    """Return the outlets of a medium that `actor` may read and whose place is known."""
    kinds = ("gas", "air") if gas else ("water",)
    rows = visible(actor, Outlet.KIND, Outlet.objects.select_related("enterprise"))
    placed = rows.filter(medium__in=kinds, lon__isnull=False, lat__isnull=False)
    with open_register() as register:
        known = facts_of(register.outlets().values()).places
    return [
        Source(
            row.code,
            row.name,
            row.enterprise.code,
            row.enterprise.name,
            row.lon,
            row.lat,
            gas,
            known[row.code].limits if row.code in known else {},
            row.simulated,
        )
        for row in placed
    ]


def looked_at(store: Store | None, source: Source, parameter: str, start: datetime, end: datetime) -> Found:
    """Return what a source showed from `start` to `end`, beside what it shows usually.

    Parameters
    ----------
    parameter : str
        What was seen at the monitor that raised the issue; empty where no monitor did.
    """
    if store is None:
        return Found(Shown(), start, end)
    wanted = table()["related"].get(parameter, [parameter] if parameter else []) or list(source.limits)
    measured = [one for one in wanted if one in source.limits] or list(wanted)
    flow = table()["flow"]["gas" if source.gas else "water"]
    values = _read(store, source.code, [*measured, flow], start, end)
    found = [
        one
        for code in measured
        if (one := _told(store, source, code, values.get(code, []), start, end)) is not None
    ]
    if not found:
        silent = bool(measured) and bool(source.limits)
        return Found(Shown(silent=silent), start, end)
    worst = max(found, key=lambda one: (one.shown.over or 0, one.shown.unusual or 0))
    flows = values.get(flow, [])
    load = _mean(values[worst.parameter]) * _mean(flows) if flows else None
    shown = Shown(worst.shown.over, worst.shown.unusual, load=load)
    return Found(shown, start, end, worst.parameter, worst.value, worst.limit, worst.usual, worst.unit)


def _told(
    store: Store, source: Source, code: str, values: Sequence[float], start: datetime, end: datetime
) -> Found | None:
    if not values:
        return None
    limit = source.limits.get(code)
    days = timedelta(days=table()["data"]["usual_days"])
    before = _read(store, source.code, [code], start - days, start).get(code, [])
    usual = median(before) if before else None
    over = max(values) / limit if limit else None
    unusual = max(values) / usual if usual else None
    known = all_parameters().get(code)
    shown = Shown(over, unusual)
    return Found(shown, start, end, code, max(values), limit, usual, known.unit if known else "")


def _read(
    store: Store, feature: str, parameters: Sequence[str], start: datetime, end: datetime
) -> dict[str, list[float]]:
    """Return the measured values by parameter: hours, or minutes where there are no hours."""
    if end <= start:
        return {}
    for period in PERIODS:
        begin = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        rows = store.range([feature], list(dict.fromkeys(parameters)), period, begin, end).to_pylist()
        found: dict[str, list[float]] = {}
        for row in rows:
            if row["value"] is not None and row["state"] in (State.VALUE, State.BELOW_DETECTION):
                found.setdefault(row["parameter"], []).append(row["value"] / 10 ** row["decimals"])
        if found:
            return found
    return {}


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return sum(held) / len(held)
