"""Live 实时数据: ``GET /api/v1/live``, the newest value of every place and parameter, and alerts."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict

from huanzhi.errors import InputError
from huanzhi.programmes.live import Wanted
from huanzhi.web.api.actors import actor, here
from huanzhi.web.api.lists import document
from huanzhi.web.application import parts_of

router = Router(tags=["live"], auth=here)

JSON = "application/json; charset=utf-8"


class LimitOut(Schema):
    """A limit in force."""

    value: str
    bound: str
    unit: str
    standard: str
    clause: str
    grade: str
    basis: str
    averaging: str
    applies: bool


class ValueOut(Schema):
    """The newest value of one parameter and period; `age` in seconds from the start of its period.

    `exceeds` is null where nothing judges it, `stale` where its device declares no interval.
    """

    parameter: str
    period: str
    time: str
    value: str | None
    unit: str
    state: str
    flags: list[str]
    level: int
    colour: str
    limit: LimitOut | None
    exceeds: bool | None
    age: int
    stale: bool | None


class StandingOut(Schema):
    """How a place stands by its newest hour."""

    judge: str
    value: str
    level: int
    name: str
    name_en: str
    colour: str
    standard: str
    by: list[str]
    time: str


class LivePlaceOut(Schema):
    """A place with its newest values."""

    feature: str
    name: str
    kind: str
    region: str
    enterprise: str
    lon: float | None
    lat: float | None
    simulated: bool
    online: bool | None
    standing: StandingOut | None
    values: list[ValueOut]


class LiveOut(Schema):
    """The newest values, with the revision of the store that they are of."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"revision": 812, "time": 1767225600.0, "places": [{"feature": "A1", "values": []}]}]
        }
    )

    revision: int
    time: float
    places: list[LivePlaceOut]


class AlertOut(Schema):
    """Something to look at."""

    topic: str
    kind: str
    feature: str
    name: str
    region: str
    subject: str
    parameter: str
    period: str
    since: str
    value: str | None
    unit: str
    limit: LimitOut | None
    flags: list[str]
    why: str
    why_en: str
    simulated: bool
    over: bool


class AlertsOut(Schema):
    """What needs a look, newest first."""

    items: list[AlertOut]
    total: int


class LiveQuery(Schema):
    """Which part is asked for; lists with commas."""

    kind: str = ""
    features: str = ""
    parameters: str = ""
    periods: str = ""
    region: str = ""
    bbox: str = ""
    exceeding: bool = False


@router.get("live", url_name="live", response=LiveOut)
async def live(request: HttpRequest, query: Query[LiveQuery]) -> Any:
    """Return the newest value of every place and parameter, with age, level, colour and limit in force."""
    body = parts_of(request).news.live(wanted_of(query), actor(request), time.time())
    return HttpResponse(body, content_type=JSON, headers={"Cache-Control": "no-cache"})


@router.get("alerts", url_name="alerts", response=AlertsOut)
async def alerts(request: HttpRequest, kind: str = "", limit: int = 200, region: str = "") -> dict[str, Any]:
    """Return what the duty desk should look at now: values beyond limits, devices lost, doubtful data."""
    news = parts_of(request).news
    seeing = news.audience(actor(request))
    found = [one for one in news.alerts.standing.values() if seeing.sees(one.feature)]
    found = [one for one in found if not kind or one.kind == kind]
    found = [one for one in found if one.region.startswith(region)]
    found.sort(key=lambda one: -one.since)
    items = [one.form() for one in found[: max(1, min(limit, 1000))]]
    return document(request, {"items": items, "total": len(found)})


def wanted_of(query: LiveQuery) -> Wanted:
    """Return what a query asks for."""
    lists = (frozenset(filter(None, getattr(query, name).split(","))) for name in _LISTS)
    return Wanted(*lists, query.region, _box(query.bbox), query.exceeding)


_LISTS = ("kind", "features", "parameters", "periods")


def _box(given: str) -> tuple[float, float, float, float] | None:
    if not given:
        return None
    try:
        west, south, east, north = map(float, given.split(","))
    except ValueError:
        raise InputError("events.box", value=given, expected="west,south,east,north") from None
    return west, south, east, north
