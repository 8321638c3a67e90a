"""What the rules know of a place: limits of its permit, its meters, its neighbours; in the store's units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from huanzhi.errors import StandardError
from huanzhi.library.devices import Outlet
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.units import factor


@dataclass(frozen=True, slots=True)
class Meter:
    """An electricity meter: series and rated power [kW]."""

    feature: str
    parameter: str
    rated: float


@dataclass(frozen=True, slots=True)
class Yearly:
    """Permitted quantity of a year 年许可排放量 and what was emitted before the watch began [t].

    `to_mg` turns the store's unit of the concentration into mg per the unit of the flow.
    """

    permitted: float
    before: float
    to_mg: float


@dataclass(frozen=True, slots=True)
class Watched:
    """One place that is watched.

    Attributes
    ----------
    kind : str
        As in the store: ``outlet``, ``air_station``, ``section``, …
    limits, standards : mapping
        Parameter → permitted limit; content of the sample of the daily check.
    neighbours : tuple of str
        Places of the same kind nearby.
    """

    code: str
    name: str
    kind: str
    enterprise: str = ""
    lon: float | None = None
    lat: float | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    standards: Mapping[str, float] = field(default_factory=dict)
    production: tuple[Meter, ...] = ()
    treatment: tuple[Meter, ...] = ()
    yearly: Mapping[str, Yearly] = field(default_factory=dict)
    neighbours: tuple[str, ...] = ()
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All places that are watched, by code.

    Attributes
    ----------
    waste : mapping
        Enterprise → dangerous waste that it has registered to make [kg by kWh of production] 产污系数.
    """

    places: Mapping[str, Watched]
    waste: Mapping[str, float] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Watched]:
        """Return the places of a kind."""
        return [place for place in self.places.values() if place.kind == kind]


def facts_of(outlets: Iterable[Outlet], enterprises: Sequence[Mapping[str, Any]] = ()) -> Facts:
    """Return what is known from the register of devices and a list of enterprises with permits."""
    listed = {one["code"]: one for owner in enterprises for one in owner["outlets"]}
    places = (_watched(outlet, listed.get(outlet.code)) for outlet in outlets)
    waste = {
        one["code"]: float(one["waste_kg_per_kwh"]) for one in enterprises if one.get("waste_kg_per_kwh")
    }
    return Facts({place.code: place for place in places}, waste)


def with_yearly(facts: Facts, known: Mapping[tuple[str, str], tuple[float, float]]) -> Facts:
    """Return the facts with what each outlet may emit in the year, and what has left since January.

    Parameters
    ----------
    known : mapping
        Outlet and parameter → permitted [t], gone [t].
    """
    places = dict(facts.places)
    for (code, parameter), (permitted, gone) in known.items():
        place = places.get(code)
        if place is not None:
            held = Yearly(permitted, gone, _to_mg(parameter))
            places[code] = replace(place, yearly={**place.yearly, parameter: held})
    return Facts(places, facts.waste)


def _to_mg(parameter: str) -> float:
    """Return mg per the unit of the flow, in one unit of the store: of gas per m³, of water per L."""
    known = all_parameters().get(parameter)
    if known is None or not known.unit:
        return 1.0
    return float(factor(known.unit, "mg/m³" if parameter.startswith("a") else "mg/L"))


def _watched(outlet: Outlet, listed: Mapping[str, Any] | None) -> Watched:
    more = outlet.attributes
    limits = {code: _ours(code, limit["value"], limit["unit"]) for code, limit in outlet.permits.items()}
    units = {code: limit["unit"] for code, limit in outlet.permits.items()}
    checks = more.get("check_standard", {})
    return Watched(
        code=outlet.code,
        name=outlet.name,
        kind=outlet.kind,
        enterprise=outlet.enterprise,
        lon=outlet.lon,
        lat=outlet.lat,
        limits=limits,
        standards={code: _ours(code, value, units[code]) for code, value in checks.items() if code in units},
        production=_meters(more.get("production", ())),
        treatment=_meters(more.get("treatment", ())),
        yearly=_yearly(listed) if listed else {},
        neighbours=tuple(more.get("neighbours", ())),
        simulated=outlet.simulated,
    )


def _meters(listed: Iterable[Mapping[str, str]]) -> tuple[Meter, ...]:
    return tuple(Meter(one["feature"], one["parameter"], float(one["rated"])) for one in listed)


def _yearly(listed: Mapping[str, Any]) -> dict[str, Yearly]:
    return {
        limit["parameter"]: Yearly(
            float(limit["yearly_tonnes"]),
            float(limit["emitted_tonnes_before_start"]),
            1.0 / _ours(limit["parameter"], "1", limit["unit"]),
        )
        for limit in listed["limits"]
        if limit.get("yearly_tonnes")
    }


def _ours(code: str, value: str, unit: str) -> float:
    """Return a value in the unit in which the store keeps the parameter."""
    known = all_parameters().get(code)
    if known is None or not unit:
        return float(value)
    try:
        exact = factor(unit, known.unit)
    except StandardError:
        return float(value)
    return float(Decimal(value) * exact.numerator / exact.denominator)
