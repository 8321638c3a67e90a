"""Shapes of the answers of the map."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ninja import Schema

_MARK = {
    "type": "Feature",
    "id": "SIMAQ01",
    "geometry": {"type": "Point", "coordinates": [124.383474, 28.208108]},
    "properties": {
        "code": "SIMAQ01",
        "name": "模拟城东站",
        "layer": "air_stations",
        "kind": "air_station",
        "control": "national",
        "shape": "circle",
        "parameter": "aqi",
        "level": 2,
        "colour": "#FFFF00",
        "number": "63",
        "by": "a34002",
        "state": "value",
        "simulated": True,
        "time": "2026-11-22T10:00:00+08:00",
        "age": 540,
    },
}


class LayerParameterOut(Schema):
    """What may colour a layer."""

    code: str
    symbol: str
    zh: str
    en: str
    unit: str


class ThemeOut(Schema):
    """A theme of layers."""

    code: str
    name: str
    zh: str
    en: str


class LayerOut(Schema):
    """One layer; higher orders are drawn later."""

    code: str
    theme: str
    name: str
    zh: str
    en: str
    kind: Literal["fill", "line", "mark"]
    order: int
    opacity: float
    shown: bool
    judge: str
    parameters: list[LayerParameterOut]
    period: str
    min_zoom: float
    max_zoom: float
    sensitivity: str
    stale_after: int
    remark: str


class ControlOut(Schema):
    """The shape of the marks of a control level."""

    control: str
    shape: str
    name: str
    zh: str
    en: str


class LayerListOut(Schema):
    """The layers of the map; `shapes` are those of marks by control level."""

    themes: list[ThemeOut]
    layers: list[LayerOut]
    shapes: dict[str, str]
    controls: list[ControlOut]
    no_data_colour: str
    tiles_above: int


class FeatureOut(Schema):
    """A GeoJSON feature."""

    type: Literal["Feature"]
    id: str | None = None
    geometry: dict[str, Any]
    properties: dict[str, Any]


class CollectionOut(Schema):
    """A GeoJSON feature collection; of a layer of marks with what coloured it, and as of when.

    ``state`` of a mark is ``value``, ``no_data``, ``stale`` or ``under_review``; ``simulated`` stands
    beside it. ``age`` is in seconds from the end of the value's period; ``by`` names the deciding parameters.
    """

    type: Literal["FeatureCollection"]
    features: list[FeatureOut]
    layer: str = ""
    parameter: str = ""
    unit: str = ""
    at: str | None = None
    revision: int = 0
    remark: str = ""

    model_config: ClassVar[Any] = {
        "json_schema_extra": {
            "examples": [
                {
                    "type": "FeatureCollection",
                    "layer": "air_stations",
                    "parameter": "aqi",
                    "features": [_MARK],
                }
            ]
        }
    }


class SheetOut(Schema):
    """Where a part of the base map comes from; `approval` is the approval number 审图号."""

    name: str
    source: str
    datum: str
    day: str
    approval: str
    simulated: bool
    features: int
    sha256: str


class BaseMapOut(Schema):
    """The base map; empty collections where nothing was taken in."""

    sources: list[SheetOut]
    extent: list[float] | None
    simulated: bool
    boundaries: CollectionOut
    rivers: CollectionOut
    coast: CollectionOut
    lakes: CollectionOut
    parks: CollectionOut
    labels: CollectionOut


class GradeOut(Schema):
    """A class; `ours` where the number of the colour stands in no standard."""

    level: int
    name: str
    zh: str
    en: str
    short: str
    colour: str
    low: float | None
    high: float | None
    edition: str
    clause: str
    ours: bool


class StateOut(Schema):
    """A state of a mark."""

    state: str
    zh: str
    en: str


class LegendOut(Schema):
    """The legend of a layer."""

    layer: str
    name: str
    judge: str
    remark: str
    classes: list[GradeOut]
    states: list[StateOut]
    shapes: dict[str, str]
    controls: list[ControlOut]
