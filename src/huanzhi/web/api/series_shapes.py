"""Shapes of the answers about a place 点位接口的输出."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import ConfigDict

_STEP: dict[str, Any] = {
    "from": "2026-03-01T00:00:00+08:00",
    "to": "2026-03-08T00:00:00+08:00",
    "value": "60",
    "bound": "upper",
    "unit": "µg/m³",
    "standard": "GB 3095-2026",
    "edition": "2026",
    "clause": "表1",
    "grade": "二级",
    "basis": "area",
    "averaging": "day",
    "applies": True,
    "confidence": "CONFIRMED",
}


class PlaceOut(Schema):
    """A place."""

    code: str
    name: str
    kind: str
    family: str
    region: str
    region_code: str
    lon: float | None
    lat: float | None
    simulated: bool
    enterprise: str
    devices: list[str]
    control_level: str
    target: str


class ParameterOut(Schema):
    """A parameter in the reader's language."""

    code: str
    name: str
    symbol: str
    unit: str
    decimals: int


class StretchOut(Schema):
    """A stretch of flags; `words` are in the reader's language."""

    start: str
    end: str
    flags: list[str]
    words: str


class MarkOut(Schema):
    """A mark of a check or of a person."""

    id: int
    start: str
    end: str
    kind: str
    effect: str
    words: str
    role: str
    who: str
    reason: str
    check: str
    at: str
    late: bool


class CurveOut(Schema):
    """One series in columns; `values` are decimal strings, null where missing.

    `below_detection` and `substituted` are places in the columns: there the value is a detection limit, or
    an approved substitute. `limits` hold each from a moment to another.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "feature": "SIMAQ01",
                    "parameter": {"code": "a34004", "symbol": "PM2.5", "unit": "µg/m³", "decimals": 0},
                    "period": "hour",
                    "times": ["2026-03-01T00:00:00+08:00"],
                    "values": ["23"],
                    "limits": [_STEP],
                }
            ]
        }
    )

    feature: str
    name: str
    simulated: bool
    parameter: ParameterOut
    period: str
    view: str
    start: str
    end: str
    against: str
    revision: int
    of: int
    note: str
    times: list[str]
    values: list[str | None]
    below_detection: list[int]
    substituted: list[int]
    flags: list[StretchOut]
    marks: list[MarkOut]
    limits: list[dict[str, Any]]


class CurvesOut(Schema):
    """Several series of one request."""

    curves: list[CurveOut]


class AvailableOut(Schema):
    """What is there of a place; `first` is the parameter that its page opens on."""

    place: PlaceOut
    first: str
    series: list[dict[str, Any]]


class SummaryOut(Schema):
    """How a place stands."""

    place: PlaceOut
    now: str
    standing: dict[str, Any]
    values: list[dict[str, Any]]
    comparison: dict[str, Any] | None
    exceedance: dict[str, Any] | None
    day: dict[str, Any] | None


class CalendarOut(Schema):
    """The days of a year."""

    feature: str
    year: int
    legend: list[dict[str, Any]]
    days: list[dict[str, Any]]


class RoseOut(Schema):
    """Concentration by wind sector, from N clockwise."""

    feature: str
    parameter: ParameterOut
    start: str
    end: str
    wind_station: str
    wind_name: str
    distance_km: float
    counts: list[int]
    means: list[str | None]
    calm_count: int
    calm_mean: str | None


class DiurnalOut(Schema):
    """The 24 hours of the day."""

    feature: str
    parameter: ParameterOut
    start: str
    end: str
    hours: list[dict[str, Any]]
    limits: list[dict[str, Any]]


class ReasonOut(Schema):
    """Why a value is what it is."""

    feature: str
    parameter: ParameterOut
    time: str
    inputs: dict[str, Any]
    editions: list[str]
    steps: list[dict[str, Any]]
    result: dict[str, Any]
    cautions: list[str]
    origins: list[dict[str, Any]]
    frames: list[dict[str, Any]]
    frames_allowed: bool
