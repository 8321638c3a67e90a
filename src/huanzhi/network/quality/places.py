"""What the checks know of a place 点位: scope, permitted limits, measuring ranges, meters, neighbours.

All of it comes from the feature and its attributes; each attribute may be absent, and what it is for is then
not checked::

    limits      parameter → number, or {"value" or "limit" or "max": number, "unit": text}: 许可排放限值
    ranges      parameter → [low, high], the measuring range 量程 in the platform's unit
    production  list of "FEATURE/parameter" or {"feature", "parameter", "rated"}: meters of production lines
    treatment   the same: meters of the treatment 治污设施
    facility    row of the table of start-up and stop hours, e.g. 火电
    neighbours  list of feature codes; without it the places of the same kind within reach
    check_standard  parameter → what the standard of the automatic check holds, in the shape of limits
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import asin, cos, hypot, radians, sin, sqrt
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.series import Feature
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.units import factor

AMBIENT = ("air_station", "city")
OUTLET_SCOPES = {"w": "water", "a": "gas"}
EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Meter:
    """A series of electricity; `rated` is the rated power in its unit."""

    feature: str
    parameter: str
    rated: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A feature as the checks see it; limits and ranges in the platform's unit of the parameter."""

    code: str
    kind: str
    lon: float | None = None
    lat: float | None = None
    limits: Mapping[str, Fraction] = field(default_factory=dict)
    ranges: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    production: tuple[Meter, ...] = ()
    treatment: tuple[Meter, ...] = ()
    facility: str = ""
    neighbours: tuple[str, ...] | None = None
    check_standard: Mapping[str, Fraction] = field(default_factory=dict)

    def scope(self, parameter: str) -> str:
        """Return ``ambient``, ``surface``, ``water``, ``gas`` or ``other``."""
        if self.kind in AMBIENT:
            return "ambient"
        if self.kind == "outlet":
            return OUTLET_SCOPES.get(parameter[:1], "other")
        return "surface" if self.kind in ("section", "lake", "well", "sea_point") else "other"


def place(feature: Feature, permits: Mapping[str, Any] | None = None) -> Place:
    """Read a feature.

    Parameters
    ----------
    permits : mapping, optional
        Permitted limits from the device register; they go before the attribute ``limits``.

    Raises
    ------
    InputError
        If an attribute is not in the shape above.
    """
    given = feature.attributes
    limits = {**given.get("limits", {}), **(permits or {})}
    return Place(
        feature.code,
        feature.kind,
        feature.lon,
        feature.lat,
        {code: _limit(feature.code, code, value) for code, value in limits.items()},
        {code: _range(feature.code, pair) for code, pair in given.get("ranges", {}).items()},
        tuple(_meter(feature.code, meter) for meter in given.get("production", ())),
        tuple(_meter(feature.code, meter) for meter in given.get("treatment", ())),
        str(given.get("facility", "")),
        tuple(given["neighbours"]) if "neighbours" in given else None,
        _standards(feature.code, given.get("check_standard", {}), permits or given.get("limits", {})),
    )


def near(places: Iterable[Place], centre: Place, reach: float) -> list[str]:
    """Return the neighbours of a place: those named, or those of its kind within `reach` km."""
    if centre.neighbours is not None:
        return list(centre.neighbours)
    if centre.lon is None or centre.lat is None:
        return []
    return [
        other.code
        for other in places
        if other.code != centre.code
        and other.kind == centre.kind
        and other.lon is not None
        and other.lat is not None
        and distance_km(centre.lon, centre.lat, other.lon, other.lat) <= reach
    ]


def distance_km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the distance of two points on the sphere [km]."""
    north, east = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    across = sin(east) * sqrt(cos(radians(lat)) * cos(radians(other_lat)))
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, hypot(sin(north), across)))


def _standards(feature: str, given: Mapping[str, Any], limits: Mapping[str, Any]) -> dict[str, Fraction]:
    """Read what the standards hold; a bare number is in the unit of the limit."""
    found = {}
    for code, value in given.items():
        limit = limits.get(code)
        unit = limit.get("unit", "") if isinstance(limit, Mapping) else ""
        shaped = value if isinstance(value, Mapping) else {"value": value, "unit": unit}
        found[code] = _limit(feature, code, shaped)
    return found


def _limit(feature: str, code: str, given: Any) -> Fraction:
    value, unit = given, ""
    if isinstance(given, Mapping):
        value = next((given[name] for name in ("value", "limit", "max") if name in given), None)
        unit = str(given.get("unit", ""))
    known = all_parameters().get(code)
    return Fraction(_number(feature, value)) * (factor(unit, known.unit) if unit and known else 1)


def _range(feature: str, given: Sequence[Any]) -> tuple[Decimal, Decimal]:
    if isinstance(given, str) or len(given) != 2:
        raise InputError("quality.attribute", value=given, feature=feature)
    return _number(feature, given[0]), _number(feature, given[1])


def _meter(feature: str, given: Any) -> Meter:
    if isinstance(given, Mapping) and {"feature", "parameter"} <= set(given):
        rated = given.get("rated")
        return Meter(given["feature"], given["parameter"], None if rated is None else _number(feature, rated))
    if isinstance(given, str) and given.count("/") == 1:
        code, _, parameter = given.partition("/")
        return Meter(code, parameter)
    raise InputError("quality.attribute", value=given, feature=feature)


def _number(feature: str, given: Any) -> Decimal:
    try:
        return Decimal(str(given))
    except InvalidOperation:
        raise InputError("quality.attribute", value=given, feature=feature) from None
