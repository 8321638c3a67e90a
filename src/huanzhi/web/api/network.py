"""Network 监测网络: how devices and gateway do: state, devices, gaps, rates, rejected frames with reasons."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict

from huanzhi.errors import InputError, StoreError
from huanzhi.library.arrivals import Progress, Shelf, arrivals_folder
from huanzhi.library.devices import open_register
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import Row
from huanzhi.library.reviews import open_ledger
from huanzhi.library.rights import Thing, require
from huanzhi.library.series import Store
from huanzhi.network.gateway.gaps import INTERVALS, Gaps
from huanzhi.network.gateway.meanings import MINUTES
from huanzhi.network.gateway.settings import default_settings
from huanzhi.network.gateway.status import DeviceStatus, Status
from huanzhi.network.quality.rates import Rate, rates
from huanzhi.programmes.live import Audience
from huanzhi.standards.periods import start_of_day, to_china
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer_rows, filters
from huanzhi.web.api.reading import read
from huanzhi.web.application import parts_of
from huanzhi.web.news import News

router = Router(tags=["network"])

T = TypeVar("T")
KIND = "network"
MOST_REJECTS = 10_000
"""What the state of the gateway keeps."""

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class NetworkOut(Schema):
    """How the network does now; `figures` are the gateway's own counts since it started."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"alive": True, "devices": 980, "online": 975, "online_rate": 0.9949}]
        }
    )

    alive: bool
    written: str | None
    devices: int
    online: int
    online_rate: float | None
    parked: int
    per_minute: int
    frames: int
    acknowledged: int
    rejected: int
    waiting: int
    gaps: int
    places: int
    exceeding: int
    figures: dict[str, float]


class HeardDeviceOut(Schema):
    """A device as the gateway sees it; counts are since the gateway started."""

    mn: str
    feature: str
    name: str
    kind: str
    enterprise: str
    state: str
    online: bool
    last_seen: str | None
    per_minute: int
    frames: int
    acknowledged: int
    rejected: int
    last_reject: str
    clock_off: float | None
    simulated: bool


class GapOut(Schema):
    """Uploads of a device that are missing."""

    mn: str
    feature: str
    name: str
    cn: str
    begin: str
    end: str
    missing: int
    found: str
    tries: int
    given_up: str


class RateOut(Schema):
    """Rates of one outlet, or of one series of it; shares from 0 to 1, null where nothing was due."""

    feature: str
    name: str
    parameter: str
    due: int
    received: int
    valid: int
    transmission: float | None
    validity: float | None
    effective: float | None
    target: float | None
    met: bool | None


class RejectOut(Schema):
    """A frame that was not taken, with the reason and how it began."""

    time: str
    mn: str
    name: str
    peer: str
    key: str
    detail: str
    raw: str
    raw_hex: str


DEVICES = (
    Column("mn", filter=True, sort=True, search=True),
    Column("feature", filter=True, sort=True, search=True),
    Column("name", sort=True, search=True),
    Column("kind", filter=True, sort=True),
    Column("enterprise", filter=True, search=True),
    Column("state", filter=True, sort=True),
    Column("online", Kind.TRUTH, filter=True, sort=True),
    Column("last_seen", Kind.MOMENT, sort=True),
    Column("per_minute", Kind.INTEGER, sort=True),
    Column("frames", Kind.INTEGER, sort=True),
    Column("acknowledged", Kind.INTEGER, sort=True),
    Column("rejected", Kind.INTEGER, sort=True),
    Column("last_reject", filter=True),
    Column("clock_off", Kind.NUMBER, sort=True),
    Column("simulated", Kind.TRUTH, filter=True),
)
GAPS = (
    Column("mn", filter=True, sort=True, search=True),
    Column("feature", filter=True, sort=True, search=True),
    Column("name", sort=True, search=True),
    Column("cn", filter=True, sort=True),
    Column("begin", Kind.MOMENT, sort=True),
    Column("end", Kind.MOMENT, sort=True),
    Column("missing", Kind.INTEGER, sort=True),
    Column("found", Kind.MOMENT, sort=True),
    Column("tries", Kind.INTEGER, sort=True),
    Column("given_up", filter=True),
)
RATES = (
    Column("feature", filter=True, sort=True, search=True),
    Column("name", sort=True, search=True),
    Column("parameter", filter=True, sort=True),
    *(Column(name, Kind.INTEGER, sort=True) for name in ("due", "received", "valid")),
    *(Column(name, Kind.NUMBER, sort=True) for name in ("transmission", "validity", "effective", "target")),
    Column("met", Kind.TRUTH, filter=True),
)
REJECTS = (
    Column("time", Kind.MOMENT, sort=True),
    Column("mn", filter=True, sort=True, search=True),
    Column("name", search=True),
    Column("peer", filter=True),
    Column("key", filter=True, sort=True),
    Column("detail", search=True),
    Column("raw"),
    Column("raw_hex"),
)
DeviceFilters = filters("DeviceFilters", DEVICES)
GapFilters = filters("GapFilters", GAPS)
RateFilters = filters("RateFilters", RATES)
RejectFilters = filters("RejectFilters", REJECTS)


@router.get("network/status", response=NetworkOut, url_name="network_status")
def network_status(request: HttpRequest) -> dict[str, Any]:
    """Return how the network does: devices on line, frames, what waits, what exceeds."""
    news, seeing = _asked(request)
    figures = _status(news.home, lambda status: status.figures()) or {}
    devices = [one for one in news.devices if one.state == "registered" and _seen(news, seeing, one)]
    online = sum(one.online for one in devices)
    written = figures.get("written", 0.0)
    return {
        "alive": time.time() - written < 5.0,
        "written": to_china(int(written)).isoformat() if written else None,
        "devices": len(devices),
        "online": online,
        "online_rate": round(online / len(devices), 4) if devices else None,
        "parked": int(figures.get("devices_parked", 0)),
        "per_minute": sum(one.per_minute for one in devices),
        "frames": sum(one.frames for one in devices),
        "acknowledged": sum(one.acknowledged for one in devices),
        "rejected": int(figures.get("rejected", 0)),
        "waiting": _waiting(news.home),
        "gaps": len([gap for gap in _gaps(news.home) if seeing.sees(news.outlets.get(gap.mn, gap.mn))]),
        "places": sum(seeing.sees(code) for code in list(news.picture.cells)),
        "exceeding": _exceeding(news, seeing),
        "figures": figures,
    }


@router.get("network/devices", response=Page[HeardDeviceOut], url_name="network_devices")
def network_devices(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[DeviceFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the devices with their state, their pace and what was refused of them."""
    news, seeing = _asked(request)
    rows = [_device_row(news, one) for one in news.devices if _seen(news, seeing, one)]
    return answer_rows(request, DEVICES, rows, paging, wanted, lambda: "devices")


@router.get("network/gaps", response=Page[GapOut], url_name="network_gaps")
def network_gaps(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[GapFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the uploads that are missing, asked for again or given up."""
    news, seeing = _asked(request)
    with open_register(news.home) as register:
        minutes = {one.mn: one.intervals.get(MINUTES, 0) for one in register.devices()}
    rows = []
    for gap in _gaps(news.home):
        code = news.outlets.get(gap.mn, gap.mn)
        if seeing.sees(code):
            step = INTERVALS.get(gap.cn) or minutes.get(gap.mn) or default_settings().minute_interval
            rows.append(
                {
                    "mn": gap.mn,
                    "feature": code,
                    "name": _name(news, code),
                    "cn": gap.cn,
                    "begin": _moment(gap.begin),
                    "end": _moment(gap.end),
                    "missing": (gap.end - gap.begin) // step + 1,
                    "found": _moment(gap.found),
                    "tries": gap.tries,
                    "given_up": gap.given_up,
                }
            )
    return answer_rows(request, GAPS, rows, paging, wanted, lambda: "gaps")


@router.get("network/rates", response=Page[RateOut], url_name="network_rates")
def network_rates(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[RateFilters],  # type: ignore[valid-type]
    month: str = "",
    features: str = "",
    by: str = "feature",
) -> HttpResponse:
    """List the rates of transmission and validity of a month, by outlet or by series."""
    news, seeing = _asked(request)
    start, end = month_of(month)
    chosen = [code for code in features.split(",") if code] or None

    def work(store: Store) -> list[Rate]:
        codes = chosen if chosen is not None else [one.code for one in store.features()]
        visible = [code for code in codes if seeing.sees(code)]
        return _rated(news, store, start, end, visible)

    found = read(request, KIND, work)
    rows = [_rate_row(news, one) for one in found if (by == "series") == bool(one.parameter)]
    return answer_rows(request, RATES, rows, paging, wanted, lambda: "rates")


@router.get("network/rejects", response=Page[RejectOut], url_name="network_rejects")
def network_rejects(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[RejectFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the frames that were not taken, newest first, with the reason and their first bytes."""
    require(actor(request), "read", Thing("reject"))
    news, seeing = _asked(request)
    found = _status(news.home, lambda status: status.rejects(MOST_REJECTS)) or []
    rows = [
        {
            "time": _moment(row["at"]),
            "mn": row["mn"],
            "name": _name(news, news.outlets.get(row["mn"], "")),
            **{name: row[name] for name in ("peer", "key", "detail")},
            "raw": row["raw"].decode("utf-8", "replace"),
            "raw_hex": row["raw"].hex(),
        }
        for row in found
        if seeing.sees(news.outlets.get(row["mn"], row["mn"]))
    ]
    return answer_rows(request, REJECTS, rows, paging, wanted, lambda: "rejects")


def month_of(month: str) -> tuple[int, int]:
    """Return begin and end of a China month [s UTC]; the present one where none is named."""
    if not month:
        now = to_china(int(time.time()))
        year, number = now.year, now.month
    else:
        found = _MONTH.fullmatch(month)
        if found is None:
            raise InputError("events.month", value=month, expected="2026-09")
        year, number = int(found[1]), int(found[2])
    following = date(year + number // 12, number % 12 + 1, 1)
    return start_of_day(date(year, number, 1)), start_of_day(following)


def _asked(request: HttpRequest) -> tuple[News, Audience]:
    who = actor(request)
    news = parts_of(request).news
    seeing = news.audience(who)
    if not seeing.network:
        require(who, "read", Thing(KIND))
    return news, seeing


def _seen(news: News, seeing: Audience, one: DeviceStatus) -> bool:
    return seeing.sees(news.outlets.get(one.mn, one.mn))


def _status(home: Path | None, work: Callable[[Status], T]) -> T | None:
    """Ask the state of the gateway; None where none ever ran."""
    try:
        with Status(home) as status:
            return work(status)
    except StoreError:
        return None


def _waiting(home: Path | None) -> int:
    """Return how many frames have arrived and are not in the store yet."""
    folder = arrivals_folder(home)
    if not (folder / "progress.db").exists():
        return 0
    progress = Progress(folder, writable=False)
    try:
        with Shelf(folder) as shelf:
            return max(shelf.last() - progress.position(), 0)
    finally:
        progress.close()


def _gaps(home: Path | None) -> list[Any]:
    with Gaps(home) as gaps:
        return gaps.listed()


def _rated(news: News, store: Store, start: int, end: int, features: list[str]) -> list[Rate]:
    try:
        with open_ledger("read", news.home) as ledger:
            return rates(store, ledger, start, end, features=features)
    except StoreError:
        return rates(store, None, start, end, features=features)


def _exceeding(news: News, seeing: Audience) -> int:
    """Return how many places exceed a limit with their newest values."""
    notable = list(news.picture.notable.values())
    return len({cell.newest.feature for cell in notable if cell.exceeds and seeing.sees(cell.newest.feature)})


def _name(news: News, code: str) -> str:
    place = news.picture.features.get(code)
    return place.name if place else ""


def _device_row(news: News, one: DeviceStatus) -> Row:
    code = news.outlets.get(one.mn, one.mn)
    place = news.picture.features.get(code)
    same = ("mn", "state", "online", "per_minute", "frames", "acknowledged", "rejected", "last_reject")
    return {
        **{name: getattr(one, name) for name in same},
        "clock_off": one.clock_off,
        "feature": code,
        "name": place.name if place else "",
        "kind": place.kind if place else "",
        "enterprise": str(place.attributes.get("enterprise", "")) if place else "",
        "last_seen": _moment(one.last_seen) if one.last_seen else None,
        "simulated": bool(place and place.simulated),
    }


def _rate_row(news: News, one: Rate) -> Row:
    counts = one.completed
    return {
        "feature": one.feature,
        "name": _name(news, one.feature),
        "parameter": one.parameter,
        "due": counts.due,
        "received": counts.received,
        "valid": counts.valid,
        "transmission": _share(counts.transmission),
        "validity": _share(counts.validity),
        "effective": _share(counts.effective),
        "target": _share(one.target),
        "met": one.met,
    }


def _share(rate: Fraction | None) -> float | None:
    return None if rate is None else round(float(rate), 4)


def _moment(seconds: float) -> str:
    return to_china(int(seconds)).isoformat()
