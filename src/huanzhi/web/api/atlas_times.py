"""The map through time 时间轴: dense frames to be played, and the wind of a moment."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from huanzhi.atlas import legends
from huanzhi.atlas.frames import Frames, Span, frames
from huanzhi.atlas.layers import Layer
from huanzhi.atlas.wind import Arrow
from huanzhi.errors import InputError
from huanzhi.library.series import Store
from huanzhi.standards.periods import HOUR, china_date, to_china
from huanzhi.web.api.atlas_asking import Asking, geojson, moment_of, showing, unit_of_figure, winds
from huanzhi.web.application import parts_of

router = Router(tags=["atlas"])


class FramesIn(Schema):
    """From when to when, the end excluded; a step of so many seconds."""

    layer: str
    parameter: str = ""
    from_: str = Field(alias="from")
    to: str
    step: int = Field(HOUR, ge=1, le=366 * 86400)


class FramesOut(Schema):
    """A layer through time: `levels[place][step]` and `numbers[place][step]`.

    A level of 0 is no data; ``colours[level]`` is its colour, the first one that of no data.
    """

    layer: str
    parameter: str
    unit: str
    codes: list[str]
    times: list[str]
    colours: list[str]
    levels: list[list[int]]
    numbers: list[list[float | None]]

    model_config: ClassVar[Any] = {
        "json_schema_extra": {
            "examples": [
                {
                    "layer": "air_stations",
                    "parameter": "aqi",
                    "unit": "",
                    "codes": ["SIMAQ01"],
                    "times": ["2026-11-22T10:00:00+08:00"],
                    "colours": ["#9AA0A6", "#00E400"],
                    "levels": [[1]],
                    "numbers": [[27]],
                }
            ]
        }
    }


class ArrowOut(Schema):
    """Wind at a station: [m/s] and where it comes from [degrees]."""

    code: str
    name: str
    lon: float
    lat: float
    speed: float
    direction: float
    time: str
    simulated: bool


class WindFieldOut(Schema):
    """The wind at the stations."""

    at: str | None
    arrows: list[ArrowOut]


@router.get("atlas/frames", response=FramesOut, url_name="atlas-frames")
async def get_frames(request: HttpRequest, given: Query[FramesIn]) -> HttpResponse:
    """Return a layer at every step of a span as dense arrays; a step without a value stays empty."""
    asking = await Asking.of(request)
    of = asking.layer(given.layer)
    parameter, span = of.parameter(given.parameter), _span(given)
    made = await parts_of(request).readers.run(lambda store: _frames(store, asking, of, parameter, span))
    return geojson(request, _framed(made, of, parameter, span), "application/json")


@router.get("atlas/wind", response=WindFieldOut, url_name="atlas-wind")
async def get_wind(request: HttpRequest, at: str = "") -> HttpResponse:
    """Return the wind at the stations, newest or at a moment."""
    asking, moment = await Asking.of(request), moment_of(at)
    found = await parts_of(request).readers.run(lambda store: winds(store, asking, moment))
    shown = None if moment is None else to_china(moment).isoformat()
    return geojson(request, {"at": shown, "arrows": [_arrow(one) for one in found]}, "application/json")


def _frames(store: Store, asking: Asking, of: Layer, parameter: str, span: Span) -> Frames:
    keeper, allowed = showing(asking.home), asking.allowed(of)
    codes = [place.code for place in keeper.tree(store, of, asking.known).places if allowed(place)]
    limits = keeper.limits() if of.judge == "permit" else {}
    return frames(store, of, parameter, codes, span, limits)


def _span(given: FramesIn) -> Span:
    start, end = moment_of(given.from_, "from"), moment_of(given.to, "to")
    if start is None or end is None or end <= start:
        raise InputError("atlas.span", value=f"{given.from_} – {given.to}")
    return Span(start, end, given.step)


def _framed(made: Frames, of: Layer, parameter: str, span: Span) -> dict[str, Any]:
    grades = legends.grades(of.judge, china_date(span.end - 1))
    colours = [legends.colour(of.judge, china_date(span.end - 1), n) for n in range(len(grades) + 1)]
    return {
        "layer": of.code,
        "parameter": parameter,
        "unit": unit_of_figure(parameter),
        "codes": list(made.codes),
        "times": [to_china(moment).isoformat() for moment in made.times.tolist()],
        "colours": colours,
        "levels": made.levels.tolist(),
        "numbers": [[_number(one) for one in row] for row in made.numbers.tolist()],
    }


def _number(one: float) -> float | None:
    return None if math.isnan(one) else round(one, 4)


def _arrow(one: Arrow) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "lon": one.lon,
        "lat": one.lat,
        "speed": one.speed,
        "direction": one.direction,
        "time": to_china(one.time).isoformat(),
        "simulated": one.simulated,
    }
