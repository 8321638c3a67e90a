"""Sightings 遥感图斑与走航点位: taken in after a preview, handed out, verified; hit rates by source."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import AwareDatetime, ConfigDict, Field

from huanzhi.atlas.datum import to_cgcs2000
from huanzhi.center.sightings.importing import Convert, Told, accept, preview
from huanzhi.center.sightings.listing import BATCHES, SIGHTINGS
from huanzhi.center.sightings.models import Batch, Shot, Sighting
from huanzhi.center.sightings.settings import settings
from huanzhi.center.sightings.verifying import OPEN, ShotIn, Visit, assign, rates, upload, verify
from huanzhi.errors import InputError
from huanzhi.library.kept import read
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.selecting import selected
from huanzhi.library.records.tables import shown
from huanzhi.library.rights import Actor, may, require, thing_of, visible
from huanzhi.messages import using
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, begun_from, document, filters
from huanzhi.web.api.once import Clean, device_time, idempotent
from huanzhi.web.api.papers import fingerprinted

router = Router(tags=["sightings"])
SightingFilters = filters(
    "SightingFilters",
    SIGHTINGS.columns,
    box=(str | None, Field(None, description="west,south,east,north [degrees]", max_length=100)),
)
BatchFilters = filters("SightingBatchFilters", BATCHES.columns)
UUID = r"^[0-9A-Fa-f][0-9A-Fa-f-]{7,39}$"


class TellIn(Schema):
    """What is told of a file: who saw the spots, in which datum its places are, where it belongs."""

    channel: Literal["remote_sensing", "cruise"] = "remote_sensing"
    source: str = Field(min_length=1, max_length=200)
    datum: Literal["cgcs2000", "gcj02", "bd09"]
    region: str = Field(max_length=12)
    category: str = Field("other", max_length=40)


class AcceptIn(TellIn):
    """The same, with the digest of the file that was previewed."""

    sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")


class PreviewOut(Schema):
    """What a file holds; nothing was kept."""

    sha256: str
    spots: int
    known: int
    faults: list[dict[str, Any]]
    unused: list[str]
    rows: list[dict[str, Any]]


class SightingBatchOut(Schema):
    """A file that was taken in."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"code": "PC-20261122-1", "rows": 12}]}
    )

    code: str
    rows: int
    known: int


class SightingAssignIn(Clean):
    """Who verifies a spot, by when."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"person": "inspector"}]})

    person: str = Field(max_length=60)
    due: date | None = None
    reason: str = Field("", max_length=500)


class ShotBody(Clean):
    """A photo that follows under ``/sightings/{code}/files/{client}``."""

    model_config = ConfigDict(extra="forbid")

    client: str = Field(pattern=UUID)
    name: str = Field(min_length=1, max_length=200)
    sha256: str = Field("", pattern=r"^([0-9a-fA-F]{64})?$")
    size: int = Field(0, ge=0)
    taken_at: AwareDatetime | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    accuracy: float | None = Field(None, ge=0)


class VisitIn(Clean):
    """What was found at a spot; `sent` is the device's clock at the sending."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "client": "5b3c9e0e-5f0e-4a55-9f0d-0d6f6a4b1c11",
                    "confirmed": False,
                    "ground": "gone",
                    "words": "现场未见堆放",
                    "at": "2026-11-22T08:00:00+08:00",
                    "sent": "2026-11-22T08:05:00+08:00",
                }
            ]
        },
    )

    client: str = Field(pattern=UUID)
    confirmed: bool
    at: AwareDatetime
    sent: AwareDatetime | None = Field(None, description="or in the header Device-Time")
    title: str = Field("", max_length=200)
    category: str = Field("", max_length=40)
    level: Literal["general", "serious", "major"] = "general"
    words: str = Field("", max_length=4000)
    ground: str = Field("", max_length=20)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    files: list[ShotBody] = Field(default_factory=list, max_length=20)


class SightingOut(Schema):
    """A sighting with what was found there and its photos."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"code": "YG-1", "state": "new"}]}
    )

    code: str
    state: str
    channel: str
    geometry: Any = None
    files: list[dict[str, Any]]
    awaited: int
    may_verify: bool
    may_assign: bool
    revision: int


class RateQuery(Schema):
    """By what, of which time."""

    by: Literal["source", "channel", "category", "region", "batch"] = "source"
    region: str = Field("", max_length=12)
    seen_from: date | None = None
    seen_to: date | None = None


_PATHS = {
    "source": "source",
    "channel": "channel",
    "category": "category",
    "region": "region_id",
    "batch": "batch__code",
}


@router.get("sightings", response=Page[dict[str, Any]], operation_id="list_sightings")
def list_sightings(
    request: HttpRequest, paging: Query[Paging], wanted: Query[SightingFilters]
) -> HttpResponse:  # type: ignore[valid-type]
    """List sightings, the newest first; also as CSV, XLSX or GeoJSON."""
    paging.sort = paging.sort or "-seen_at"
    return answer(request, SIGHTINGS, _readable(actor(request)), paging, wanted)


@router.get("sightings/batches", response=Page[dict[str, Any]], operation_id="list_sighting_batches")
def list_batches(request: HttpRequest, paging: Query[Paging], wanted: Query[BatchFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """List the files that were taken in, the newest first."""
    paging.sort = paging.sort or "-taken_in"
    return answer(request, BATCHES, visible(actor(request), Batch.KIND, Batch.objects.all()), paging, wanted)


@router.get("sightings/words", response=dict[str, list[dict[str, str]]], operation_id="sighting_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of channels, states and grounds, and what columns of a file may be called."""
    return document(request, words())


@router.get("sightings/rates", response=Page[dict[str, Any]], operation_id="sighting_rates")
def get_rates(request: HttpRequest, paging: Query[Paging], given: Query[RateQuery]) -> HttpResponse:
    """Return the hit rate: confirmed of what was verified, by source, channel, category, region or file."""
    rows = _readable(actor(request))
    within: dict[str, Any] = {"region": given.region} if given.region else {}
    for day in (given.seen_from, given.seen_to):
        if day and not 1950 <= day.year <= 2200:
            raise InputError("patrols.times", value=day.isoformat())
    within |= {"seen_at_from": given.seen_from} if given.seen_from else {}
    within |= {"seen_at_to": given.seen_to} if given.seen_to else {}
    path = _PATHS[given.by]
    told = rates(selected(SIGHTINGS, rows, within).values(path, "state", "ground"), path)
    return answer_rows(request, _rate_columns(), told, paging)


@router.post("sightings/preview", response=PreviewOut, operation_id="preview_sightings")
def preview_file(request: HttpRequest, given: Form[TellIn], file: File[UploadedFile]) -> HttpResponse:
    """Read a file and say every fault; nothing is kept."""
    who = actor(request)
    require(who, "import", thing_of(Batch(region=_region(given.region))))
    with using(language_of(request)):
        found = preview(_told(given, file.name or ""), file.read(), converting(given.datum))
    most = settings()["limits"]["shown_rows"]
    rows = [
        {
            "row": one.row,
            "lon": one.lon,
            "lat": one.lat,
            **{k: shown(v) for k, v in one.values.items() if k not in ("lon", "lat")},
        }
        for one in found.spots[:most]
    ]
    return document(
        request,
        {
            "sha256": found.sha256,
            "spots": len(found.spots),
            "known": found.known,
            "faults": found.faults[:most],
            "unused": found.unused,
            "rows": rows,
        },
    )


@router.post("sightings/batches", response={201: SightingBatchOut}, operation_id="accept_sightings")
def accept_file(request: HttpRequest, given: Form[AcceptIn], file: File[UploadedFile]) -> HttpResponse:
    """Take a file in, whole or not at all."""
    import hashlib

    raw = file.read()
    if given.sha256 and given.sha256 != hashlib.sha256(raw).hexdigest():
        raise InputError("sightings.changed", file=file.name)
    with using(language_of(request)):
        batch = accept(
            actor(request), _told(given, file.name or ""), raw, converting(given.datum), datetime.now(UTC)
        )
    return document(request, BATCHES.row(batch), 201)


@router.get("sightings/{code}", response=SightingOut, operation_id="get_sighting")
def get_sighting(request: HttpRequest, code: str) -> HttpResponse:
    """Return a sighting with its shape, what was found there, and its photos."""
    return _document(request, _found(request, code))


@router.post("sightings/{code}/assign", response=SightingOut, operation_id="assign_sighting")
def assign_spot(request: HttpRequest, code: str, given: SightingAssignIn) -> HttpResponse:
    """Hand a spot to somebody for verification."""
    spot = _found(request, code)
    begun_from(request, spot)
    return _document(request, assign(actor(request), spot, given.person, given.due, given.reason))


@router.post("sightings/{code}/visits", response={201: SightingOut}, operation_id="verify_sighting")
@idempotent
def verify_spot(request: HttpRequest, code: str, given: VisitIn) -> HttpResponse:
    """Say what was found: confirmed, which opens an issue, or dismissed; 412 where somebody was quicker."""
    spot = _found(request, code)
    if spot.visit.get("client") != given.client:
        begun_from(request, spot)
    now = datetime.now(UTC)
    told = given.model_dump(exclude={"files", "sent"})
    sent = device_time(request, given.sent or now)
    visit = Visit(**told, sent=sent, shots=[ShotIn(**one.model_dump()) for one in given.files])
    with using(language_of(request)):
        return _document(request, verify(actor(request), spot, visit, now), 201)


@router.post(
    "sightings/{code}/files/{client}", response={201: dict[str, Any]}, operation_id="upload_sighting_file"
)
@idempotent
def upload_file(request: HttpRequest, code: str, client: str, file: File[UploadedFile]) -> HttpResponse:
    """Send the bytes of a photo that the visit told of; they are held to the digest that was told."""
    shot = upload(actor(request), _found(request, code), client, file.read(), datetime.now(UTC))
    return document(request, _shot_row(shot), 201)


@router.get("sightings/{code}/files/{client}", operation_id="get_sighting_file")
def get_file(request: HttpRequest, code: str, client: str) -> HttpResponse:
    """Return the bytes of a photo."""
    shot = Shot.objects.filter(sighting=_found(request, code), client=client.replace("\x00", "")).first()
    if shot is None or not shot.sha256:
        raise InputError("patrols.no_file", value=client.replace("\x00", ""))
    return fingerprinted(read(shot), "", shot.name, shot.sm3)


def converting(datum: str) -> Convert:
    """Return what converts places of a datum to CGCS2000."""
    return partial(_converted, datum)


def _converted(datum: str, places: Any) -> list[tuple[float, float]]:
    return [(lon, lat) for lon, lat in to_cgcs2000(places, datum).tolist()]


def words() -> dict[str, list[dict[str, str]]]:
    """Return the words of the tables."""
    tables = settings()
    told = {
        name: [{"value": code, "zh": one["zh"], "en": one["en"]} for code, one in tables[name].items()]
        for name in ("channel", "state", "ground")
    }
    told["heading"] = [
        {"value": name, "zh": "、".join(known), "en": ", ".join(known)}
        for name, known in tables["heading"].items()
    ]
    return told


def for_phone(who: Actor) -> list[dict[str, Any]]:
    """Return the spots that somebody has to verify, or that lie open in his reach, with their shapes."""
    rows = _readable(who).filter(state__in=OPEN).select_related(*SIGHTINGS.related).order_by("-state", "pk")
    mine = list(rows.filter(person__code=who.code)[:200])
    others = list(visible(who, Sighting.KIND, rows.filter(person=None), "change")[:200])
    return [{**SIGHTINGS.row(one), "geometry": one.geometry, "words": one.words} for one in (*mine, *others)]


def _told(given: TellIn, name: str) -> Told:
    simulated = bool(getattr(_region(given.region), "simulated", False))
    return Told(name, given.channel, given.source, given.datum, given.region, given.category, simulated)


def _region(code: str) -> Any:
    from huanzhi.library.places.models import Region

    found = Region.objects.filter(pk=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("issues.no_region", column="region", value=code or None)
    return found


def _readable(who: Actor) -> Any:
    return visible(who, Sighting.KIND, Sighting.objects.all())


def _found(request: HttpRequest, code: str) -> Sighting:
    rows = _readable(actor(request)).select_related(*SIGHTINGS.related)
    found: Sighting | None = rows.filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("tables.no_record", value=code.replace("\x00", ""))
    return found


def _document(request: HttpRequest, spot: Sighting, status: int = 200) -> HttpResponse:
    who = actor(request)
    shots = [_shot_row(one) for one in spot.shots.all()]
    still = spot.state in OPEN
    return document(
        request,
        {
            **SIGHTINGS.row(spot),
            "geometry": spot.geometry,
            "datum": spot.datum,
            "given": spot.given,
            "words": spot.words,
            "result": spot.result,
            "visit": spot.visit,
            "verified_by": spot.verified_by,
            "files": shots,
            "awaited": sum(not one["sha256"] for one in shots),
            "may_verify": still and may(who, "change", thing_of(spot)).allowed,
            "may_assign": still and may(who, "command", thing_of(spot)).allowed,
        },
        status,
    )


def _shot_row(shot: Shot) -> dict[str, Any]:
    names = ("client", "name", "sha256", "sm3", "size", "lon", "lat", "accuracy")
    return {name: getattr(shot, name) for name in names} | {
        "taken_at": shown(shot.taken_at),
        "arrived": shown(shot.arrived),
    }


def _rate_columns() -> tuple[Column, ...]:
    whole = {
        "spots": ("图斑数", "spots"),
        "waiting": ("待核查", "waiting"),
        "confirmed": ("属实", "confirmed"),
        "dismissed": ("不属实", "dismissed"),
    }
    return (
        Column("code", sort=True, search=True, titles={"zh": "来源", "en": "by"}),
        *(
            Column(name, Kind.INTEGER, sort=True, titles={"zh": zh, "en": en})
            for name, (zh, en) in whole.items()
        ),
        Column("rate", Kind.NUMBER, sort=True, titles={"zh": "命中率", "en": "hit rate"}),
    )
