"""Questions of place 空间查询: select by box or polygon, buffer, nearest, upwind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import shapely
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from huanzhi.atlas.geodesy import area
from huanzhi.atlas.layers import Layer, settings
from huanzhi.atlas.places import Allowed, Place
from huanzhi.atlas.selecting import Found, Tree, area_of, upwind_area
from huanzhi.atlas.wind import wind_at
from huanzhi.errors import InputError
from huanzhi.library.series import Store
from huanzhi.standards.periods import to_china
from huanzhi.web.api.atlas_asking import Asking, freshened, moment_of, on_globe, showing, winds
from huanzhi.web.application import parts_of

router = Router(tags=["atlas"])


class AreaIn(Schema):
    """An area: ``bbox`` (west, south, east, north) or ``polygon`` (GeoJSON geometry); which layers."""

    bbox: list[float] | None = None
    polygon: dict[str, Any] | None = None
    layers: list[str] = Field(default_factory=list, max_length=100)

    model_config: ClassVar[Any] = {
        "json_schema_extra": {
            "examples": [{"bbox": [124.2, 28.1, 124.4, 28.3], "layers": ["outlets", "sections"]}]
        }
    }


class NamedOut(Schema):
    """Places of a layer that lie in an area; `cut` where there are more than fit in one answer."""

    count: int
    codes: list[str]
    cut: bool


class SelectedOut(Schema):
    """What lies in an area."""

    area_km2: float
    total: int
    layers: dict[str, NamedOut]


class NearOut(Schema):
    """A place near another."""

    code: str
    name: str
    lon: float
    lat: float
    metres: float
    bearing: float
    simulated: bool


class AroundOut(Schema):
    """What lies around a place, by layer, nearest first; `cut` names the layers with more than fit."""

    lon: float
    lat: float
    metres: float | None
    total: int
    layers: dict[str, list[NearOut]]
    cut: list[str]


class WindOut(Schema):
    """The wind used: [m/s], where it comes from [degrees], the stations and the farthest of them [m]."""

    speed: float
    direction: float
    time: str
    stations: list[str]
    farthest: float


class UpwindOut(AroundOut):
    """What lies upwind of a place; `area` is the sector as GeoJSON geometry."""

    wind: WindOut
    half_angle: float
    area: dict[str, Any]


class Spot(Schema):
    """A place [degrees] and the layers asked about, between commas; all of them by default."""

    lon: float
    lat: float
    layers: str = Field("", max_length=1000)


class Circle(Spot):
    """A place and a distance [m]."""

    metres: float


class Few(Spot):
    """A place and how many neighbours of each layer are wanted."""

    count: Annotated[int, Field(ge=1, le=1000)] = 10


class Upwind(Spot):
    """A place, how far upwind [m] and, for the past, when."""

    metres: float = 5000.0
    half_angle: Annotated[float, Field(gt=0, le=180)] | None = None
    at: str = ""


@router.post("atlas/select", response=SelectedOut, url_name="atlas-select")
async def select(request: HttpRequest, given: AreaIn) -> dict[str, Any]:
    """Return the codes of what lies in a box or polygon, by layer."""
    shape = area_of(given.dict())
    found = await _ask(request, given.layers, lambda tree, _: tree.within(shape), lambda place: place)
    most = int(settings("select")["most"])
    named = {
        code: {"count": len(some), "codes": [one.code for one in some[:most]], "cut": len(some) > most}
        for code, some in found.items()
    }
    total = sum(len(some) for some in found.values())
    return {"area_km2": round(area(shape) / 1e6, 6), "total": total, "layers": named}


@router.get("atlas/buffer", response=AroundOut, url_name="atlas-buffer")
async def get_buffer(request: HttpRequest, given: Query[Circle]) -> dict[str, Any]:
    """Return what lies within a distance of a place, nearest first."""
    _check(given, given.metres)
    spot = (given.lon, given.lat)
    found = await _ask(request, _named(given), lambda tree, _: tree.around(*spot, given.metres), _place)
    return _around(given, given.metres, found)


@router.get("atlas/nearest", response=AroundOut, url_name="atlas-nearest")
async def get_nearest(request: HttpRequest, given: Query[Few]) -> dict[str, Any]:
    """Return the nearest places of each layer."""
    _check(given)
    spot = (given.lon, given.lat)
    found = await _ask(
        request,
        _named(given),
        lambda tree, allowed: tree.nearest(*spot, given.count, allowed),
        _place,
    )
    return _around(given, None, found)


@router.get("atlas/upwind", response=UpwindOut, url_name="atlas-upwind")
async def get_upwind(request: HttpRequest, given: Query[Upwind]) -> dict[str, Any]:
    """Return what lies upwind of a place, by the wind that the stations nearby measured; names that wind."""
    _check(given, given.metres)
    at, spot = moment_of(given.at), (given.lon, given.lat)
    half = given.half_angle or float(settings("upwind")["half_angle"])
    asking = await Asking.of(request)
    felt = wind_at(*spot, await parts_of(request).readers.run(lambda store: winds(store, asking, at)))
    if felt is None:
        raise InputError("atlas.no_wind", value=given.at or None)
    found = await _ask(
        request,
        _named(given),
        lambda tree, _: tree.upwind(*spot, given.metres, felt.direction, half),
        _place,
    )
    sector = upwind_area(*spot, given.metres, felt.direction, half)
    wind = {
        "speed": round(felt.speed, 2),
        "direction": round(felt.direction, 1),
        "time": to_china(felt.time).isoformat(),
        "stations": list(felt.stations),
        "farthest": round(felt.farthest, 1),
    }
    drawn = shapely.geometry.mapping(sector)
    return {**_around(given, given.metres, found), "wind": wind, "half_angle": half, "area": drawn}


async def _ask(
    request: HttpRequest,
    codes: Sequence[str],
    question: Callable[[Tree, Allowed], list[Any]],
    place: Callable[[Any], Place],
) -> dict[str, list[Any]]:
    """Put a question to layers; what the reader may not see is left out."""
    asking = await Asking.of(request)
    keeper, wanted = showing(asking.home), _layers(asking, codes)
    await freshened(wanted)

    def work(store: Store) -> dict[str, list[Any]]:
        found = {}
        for of in wanted:
            allowed = asking.allowed(of)
            answers = question(keeper.tree(store, of, asking.known), allowed)
            found[of.code] = [one for one in answers if allowed(place(one))]
        return found

    answered: dict[str, list[Any]] = await parts_of(request).readers.run(work)
    return answered


def _layers(asking: Asking, codes: Sequence[str]) -> list[Layer]:
    """Return the layers of marks that are asked about, all of them by default."""
    if not codes:
        return [one for one in asking.layers if one.kind == "mark"]
    wanted = [asking.layer(code) for code in dict.fromkeys(codes)]
    for one in wanted:
        if one.kind != "mark":
            raise InputError("atlas.no_marks", value=one.code)
    return wanted


def _named(given: Spot) -> list[str]:
    return [code for code in given.layers.split(",") if code]


def _check(given: Spot, metres: float = 1.0) -> None:
    if not on_globe(given.lon, given.lat):
        raise InputError("atlas.place", value=f"{given.lon},{given.lat}")
    most = settings("select")["most_metres"]
    if not 0 < metres <= most:
        raise InputError("atlas.metres", column="metres", value=metres, expected=f"0–{most}")


def _place(found: Found) -> Place:
    return found.place


def _around(given: Spot, metres: float | None, found: Mapping[str, Sequence[Found]]) -> dict[str, Any]:
    most = int(settings("select")["most"])
    return {
        "lon": given.lon,
        "lat": given.lat,
        "metres": metres,
        "total": sum(len(some) for some in found.values()),
        "layers": {code: [_near(one) for one in some[:most]] for code, some in found.items()},
        "cut": [code for code, some in found.items() if len(some) > most],
    }


def _near(one: Found) -> dict[str, Any]:
    place = one.place
    told = {"code": place.code, "name": place.name, "lon": place.lon, "lat": place.lat}
    return {
        **told,
        "metres": round(one.metres, 1),
        "bearing": round(one.bearing, 1),
        "simulated": place.simulated,
    }
