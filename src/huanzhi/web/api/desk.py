"""Desk 值班台: which doors open, how the city stands in numbers, and what everybody may know."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict

from huanzhi import __version__
from huanzhi.library.rights import ANYONE, Actor, Thing, may
from huanzhi.library.rights.decision import rules_held
from huanzhi.library.series import Store
from huanzhi.messages import catalogue
from huanzhi.network.quality.rates import Rate, rates
from huanzhi.programmes.live import Picture
from huanzhi.programmes.live.cells import Cell
from huanzhi.standards.periods import china_date, start_of_day
from huanzhi.web.api.actors import SignedInHere, actor
from huanzhi.web.api.live import JSON, LiveOut, LiveQuery, wanted_of
from huanzhi.web.api.reading import read, seen_places
from huanzhi.web.application import parts_of

router = Router(tags=["desk"], auth=SignedInHere())

DOORS: dict[str, tuple[tuple[str, str], ...]] = {
    "desk": (("read", "live"),),
    "map": (("read", "atlas"),),
    "issues": (("read", "issue"),),
    "statistics": (("read", "issue"),),
    "bulletins": (("read", "bulletin"),),
    "rectification": (("read", "rectification_task"),),
    "warnings": (("read", "warning"),),
    "petitions": (("read", "petition"),),
    "opinion": (("read", "opinion"),),
    "network": (("read", "network"),),
    "assess": (("read", "assessment"),),
    "rankings": (("read", "ranking"),),
    "patrol": (("read", "patrol"),),
    "sightings": (("read", "sighting"),),
    "field": (("create", "patrol"), ("change", "sighting")),
    "inspections": (("read", "inspection"),),
    "hazards": (("read", "hazard"),),
    "enforcement": (("read", "case"), ("read", "case_paper"), ("read", "case_referral")),
    "enterprises": (("read", "enterprise"),),
    "codes": (("read", "enterprise_code"),),
    "waste": (("read", "waste_entry"),),
    "accounts": (("read", "account"), ("read", "quota_pledge"), ("read", "tax_declaration")),
    "disclosure": (("read", "disclosure_item"),),
    "services": (("read", "service_firm"),),
    "exchange": (("read", "exchange_entry"),),
    "permits": (("read", "permit_duty"), ("read", "permit_report")),
    "imports": (("read", "import"), ("import", "observation")),
    "plans": (("read", "plan_document"), ("read", "plan_measure")),
    "indicators": (("read", "indicator"), ("read", "target")),
    "registers": (("read", "register"),),
    "reports": (("read", "report"),),
    "publications": (("read", "publication"),),
    "standards": (),
    "rulebooks": (("read", "rulebook"),),
    "people": (("read", "person"),),
    "audit": (("read", "trail"),),
    "screen": (("read", "live"),),
}
"""What opens a door: any one of these rights; no right is asked for what is public."""

WHOLE = frozenset({"bulletins", "network", "statistics", "assess", "rankings", "reports", "screen"})
"""Doors to what is of the whole city: who may only see his own is refused behind them."""

PARTS = {"reports": (("read", "region_report"),)}
"""What opens a door of the whole city for a part of it as well."""

ENTERPRISE_ROLES = frozenset({"enterprise", "operator"})


class AboutOut(Schema):
    """What everybody may know of this installation."""

    name: str
    version: str
    simulated: bool
    oidc: bool


class DoorsOut(Schema):
    """Which doors open; `face` is where to begin."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"face": "desk", "doors": ["desk", "map"]}]})

    face: Literal["desk", "enterprise", "public"]
    doors: list[str]


class CountOut(Schema):
    """Places of one kind: how many, on line, lost, of unknown standing, with stale values, beyond a limit."""

    kind: str
    places: int
    online: int
    offline: int
    stale: int
    exceeding: int


class DeskOut(Schema):
    """How the city stands, as far as the reader may see."""

    time: float
    revision: int
    simulated: bool
    counts: list[CountOut]
    devices: int | None
    devices_online: int | None
    values_last_hour: int
    alerts: dict[str, int]


class TransmissionOut(Schema):
    """Hours due and received today; `rate` is null where nothing was due."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"due": 960, "received": 950, "rate": 0.9896}]})

    due: int
    received: int
    rate: float | None


@router.get("about", response=AboutOut, auth=None, summary="Read what everybody may know")
async def about(request: HttpRequest) -> AboutOut:
    """Return name, version, and whether the city here is simulated."""
    picture = parts_of(request).news.picture
    return AboutOut(
        name=catalogue()["desk.name"]["zh"],
        version=__version__,
        simulated=any(one.simulated for one in picture.features.values()),
        oidc=bool(os.environ.get("HUANZHI_OIDC_ISSUER")),
    )


@router.get("desk/doors", response=DoorsOut, summary="List the doors that open")
async def doors(request: HttpRequest) -> DoorsOut:
    """Return the screens that have something for the reader."""
    who = actor(request)
    return DoorsOut(face=face_of(who), doors=[door for door in DOORS if opens(who, door)])


def opens(who: Actor, door: str) -> bool:
    """Return whether somebody holds any right for which a door is there."""
    rights = DOORS[door]
    if door in WHOLE:
        whole = any(may(who, action, Thing(kind)).allowed for action, kind in rights)
        return whole or any(any(rules_held(who, action, kind)) for action, kind in PARTS.get(door, ()))
    return not rights or any(any(rules_held(who, action, kind)) for action, kind in rights)


def face_of(who: Actor) -> Literal["desk", "enterprise", "public"]:
    """Return the face that somebody begins with."""
    roles = {held.role for held in who.held}
    if not roles or roles == {"public"}:
        return "public"
    return "enterprise" if roles <= ENTERPRISE_ROLES else "desk"


@router.get("desk", response=DeskOut, summary="Read how the city stands in numbers")
async def desk(request: HttpRequest, region: str = "", features: str = "") -> DeskOut:
    """Return counts of places and devices, values of the last hour, and alerts by kind."""
    news, now = parts_of(request).news, time.time()
    seeing = news.audience(actor(request))
    wanted = frozenset(filter(None, features.split(",")))
    codes = [
        code
        for code, feature in news.picture.features.items()
        if seeing.sees(code) and feature.region_code.startswith(region) and (not wanted or code in wanted)
    ]
    seen = frozenset(codes)
    devices = [one for one in news.devices if news.outlets.get(one.mn, one.mn) in seen]
    standing = news.alerts.standing.values()
    return DeskOut(
        time=now,
        revision=news.picture.revision,
        simulated=any(news.picture.features[code].simulated for code in codes),
        counts=counted(news.picture, codes, now),
        devices=len(devices) if seeing.network else None,
        devices_online=sum(one.online for one in devices) if seeing.network else None,
        values_last_hour=_recent(news.picture, codes, now),
        alerts=dict(Counter(alert.kind for alert in standing if alert.feature in seen)),
    )


@router.get("desk/transmission", response=TransmissionOut, summary="Read the transmission rate of today")
def transmission(request: HttpRequest, region: str = "", features: str = "") -> TransmissionOut:
    """Return how many of the hours that were due since midnight have arrived, over all series seen."""
    seen, wanted = seen_places(request), frozenset(filter(None, features.split(",")))
    now = int(time.time())

    def work(store: Store) -> list[Rate]:
        codes = [
            one.code
            for one in store.features()
            if (seen is None or one.code in seen)
            and one.region_code.startswith(region)
            and (not wanted or one.code in wanted)
        ]
        return rates(store, None, start_of_day(china_date(now)), now, features=codes) if codes else []

    counts = [one.completed for one in read(request, "network", work) if not one.parameter]
    due, received = sum(one.due for one in counts), sum(one.received for one in counts)
    return TransmissionOut(due=due, received=received, rate=round(received / due, 4) if due else None)


def counted(picture: Picture, codes: Iterable[str], now: float) -> list[CountOut]:
    """Return how the places of each kind stand, the most numerous kind first."""
    kinds: dict[str, Counter[str]] = {}
    for code in codes:
        count = kinds.setdefault(picture.features[code].kind, Counter())
        count.update(_marks(picture, code, now))
    names = ("places", "online", "offline", "stale", "exceeding")
    found = [CountOut(kind=kind, **{name: count[name] for name in names}) for kind, count in kinds.items()]
    return sorted(found, key=lambda one: (-one.places, one.kind))


def _marks(picture: Picture, code: str, now: float) -> Iterable[str]:
    yield "places"
    online = picture.online.get(code)
    if online is not None:
        yield "online" if online else "offline"
    cells = _cells(picture, code)
    if any(cell.exceeds for cell in cells):
        yield "exceeding"
    stale = [picture.stale(cell, now) for cell in cells]
    if stale and all(stale):
        yield "stale"


def _recent(picture: Picture, codes: Iterable[str], now: float) -> int:
    return sum(now - cell.newest.time < 3600 for code in codes for cell in _cells(picture, code))


def _cells(picture: Picture, code: str) -> list[Cell]:
    return [held.cell for held in picture.cells.get(code, {}).values()]


@router.get("open/live", response=LiveOut, auth=None, summary="Read the newest public values")
async def open_live(request: HttpRequest, query: Query[LiveQuery]) -> Any:
    """Return the newest values of the places that are public, for anybody."""
    body = parts_of(request).news.live(wanted_of(query), ANYONE, time.time())
    return HttpResponse(body, content_type=JSON, headers={"Cache-Control": "no-cache"})
