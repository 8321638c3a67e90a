"""The map 一图: ``/api/v1/atlas/…``: layers, base map, legends, values at a moment.

Everything is GeoJSON in CGCS2000 [degrees] unless it says otherwise. What a reader may not see is not there.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from huanzhi.atlas import legends
from huanzhi.atlas.basemap import KINDS, base_map, ground_tile
from huanzhi.atlas.layers import TILES_ABOVE, Layer, Shape, layer, palette, shapes, themes
from huanzhi.atlas.marks import Question
from huanzhi.atlas.showing import Shown
from huanzhi.atlas.tiles import Tile
from huanzhi.messages import catalogue
from huanzhi.web.api import atlas_questions, atlas_times
from huanzhi.web.api.atlas_asking import (
    JOINT,
    Asking,
    box_of,
    geojson,
    head_of,
    moment_of,
    shown,
    unit_of,
    wall,
)
from huanzhi.web.api.atlas_schemas import BaseMapOut, CollectionOut, LayerListOut, LegendOut

router = Router(tags=["atlas"])
router.add_router("", atlas_questions.router)
router.add_router("", atlas_times.router)

MVT = "application/vnd.mapbox-vector-tile"
TILE = {
    "responses": {
        200: {
            "description": "a Mapbox vector tile",
            "content": {MVT: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class Showing(Schema):
    """How a layer is asked for."""

    parameter: str = ""
    at: str = ""
    bbox: str = ""


@router.get("atlas/layers", response=LayerListOut, url_name="atlas-layers")
async def list_layers(request: HttpRequest) -> HttpResponse:
    """Return the themes and layers of the map, lowest first, with what may colour them."""
    asking = await Asking.of(request)
    with asking.speaking():
        document = {
            "themes": [{"code": one.code, "name": one.name, "zh": one.zh, "en": one.en} for one in themes()],
            "layers": [_layer(one) for one in asking.layers],
            "shapes": {name: one.shape for name, one in shapes().items()},
            "controls": [_shape(one) for one in shapes().values()],
            "no_data_colour": palette()["plain"]["no_data"],
            "tiles_above": TILES_ABOVE,
        }
    return geojson(request, document, "application/json")


@router.get("atlas/basemap", response=BaseMapOut, url_name="atlas-basemap")
async def get_basemap(request: HttpRequest) -> HttpResponse:
    """Return boundaries, coast, rivers, lakes, parks and one label point a name; sources say whence."""
    asking = await Asking.of(request)
    ground = base_map(asking.home)
    named = {name: _collection(list(ground.features.get(name, ()))) for name in KINDS}
    document = {
        "sources": [_sheet(one) for one in ground.sheets.values()],
        "extent": ground.extent,
        "simulated": any(one.simulated for one in ground.sheets.values()),
        **named,
        "labels": _collection(ground.labels()),
    }
    return geojson(request, document, "application/json")


@router.get("atlas/layers/{code}", response=CollectionOut, url_name="atlas-layer")
async def get_layer(request: HttpRequest, code: str, given: Query[Showing]) -> HttpResponse:
    """Return a layer as GeoJSON: marks with level, official colour, number, shape, state and age."""
    asking = await Asking.of(request)
    of = asking.layer(code)
    box = box_of(given.bbox)
    if of.source["name"] == "basemap":
        return geojson(request, _collection(list(base_map(asking.home).of(of.source["kinds"]))))
    marked = layer(of.source["of"]) if of.source["name"] == "contour" else of
    question = Question(marked, of.parameter(given.parameter), wall(), moment_of(given.at))
    found: Shown = await shown(request, asking, question)
    with asking.speaking():
        if marked is not of:
            return geojson(request, _contoured(found, of, asking))
        body = found.collection(asking.allowed(of), box, head_of(found, asking.language))
    return geojson(request, body)


@router.get("atlas/tiles/{code}/{z}/{x}/{y}", url_name="atlas-tile", openapi_extra=TILE)
async def get_tile(
    request: HttpRequest, code: str, z: int, x: int, y: int, given: Query[Showing]
) -> HttpResponse:
    """Return a layer as Mapbox vector tile; of marks in one small cell the worst stands for all."""
    asking, tile = await Asking.of(request), Tile(z, x, y)
    of = asking.layer(code)
    if of.source["name"] == "basemap":
        kinds = tuple(of.source["kinds"])
        return geojson(request, ground_tile(base_map(asking.home), of.code, kinds, tile), MVT)
    question = Question(of, of.parameter(given.parameter), wall(), moment_of(given.at))
    found: Shown = await shown(request, asking, question)
    return geojson(request, found.tile(tile, asking.allowed(of)), MVT)


@router.get("atlas/legend", response=LegendOut, url_name="atlas-legend")
async def get_legend(request: HttpRequest, layer: str, day: date | None = None) -> HttpResponse:
    """Return the classes of a layer with colours and words, and the edition and clause that set them."""
    asking = await Asking.of(request)
    of = asking.layer(layer)
    with asking.speaking():
        document = {
            "layer": of.code,
            "name": of.name,
            "judge": of.judge,
            "remark": of.remark,
            "classes": [_grade(one) for one in legends.grades(of.judge, day or asking.today)],
            "states": [_state(name) for name in ("no_data", "stale", "under_review")],
            "shapes": {name: one.shape for name, one in shapes().items()},
            "controls": [_shape(one) for one in shapes().values()],
        }
    return geojson(request, document, "application/json")


def _contoured(found: Shown, of: Layer, asking: Asking) -> dict[str, Any]:
    """Return the bands of a layer, cut to the districts, that say that they are interpolated."""
    allowed = asking.allowed(layer(of.source["of"]))
    area = shapely.union_all(list(base_map(asking.home).shapes("district").values()))
    head = {**head_of(found, asking.language), "layer": of.code, "remark": of.remark}
    return {**_collection(found.contour(of, allowed, area)), **head}


def _layer(one: Layer) -> dict[str, Any]:
    return {
        "code": one.code,
        "theme": one.theme,
        "name": one.name,
        "zh": one.zh,
        "en": one.en,
        "kind": one.kind,
        "order": one.order,
        "opacity": one.opacity,
        "shown": one.shown or one.theme == "base",
        "judge": one.judge,
        "parameters": [_parameter(code) for code in one.parameters],
        "period": one.period,
        "min_zoom": one.min_zoom,
        "max_zoom": one.max_zoom,
        "sensitivity": one.sensitivity,
        "stale_after": one.stale_after,
        "remark": one.remark,
    }


def _parameter(code: str) -> dict[str, str]:
    if code in JOINT:
        words = catalogue()[f"atlas.parameter_{code}"]
        return {"code": code, "symbol": words["zh"], "zh": words["zh"], "en": words["en"], "unit": ""}
    return unit_of(code)


def _shape(one: Shape) -> dict[str, str]:
    return {"control": one.control, "shape": one.shape, "name": one.name, "zh": one.zh, "en": one.en}


def _grade(one: legends.Grade) -> dict[str, Any]:
    return {
        "level": one.level,
        "name": one.name,
        "zh": one.zh,
        "en": one.en,
        "short": one.short,
        "colour": one.colour,
        "low": one.low,
        "high": one.high,
        "edition": one.edition,
        "clause": one.clause,
        "ours": one.ours,
    }


def _state(name: str) -> dict[str, str]:
    words = catalogue()[f"atlas.state_{name}"]
    return {"state": name, "zh": words["zh"], "en": words["en"]}


def _sheet(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def _collection(features: list[Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
