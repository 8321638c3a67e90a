"""What citizens do without an account 公众举报: report, follow by number and code, rate, ask for review.

How often an address may report or try codes is counted in the memory of the process; the address itself is
kept
nowhere, and no code stands in an address of the API, so that none is in a log.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field
from shapely.geometry import shape

from huanzhi.atlas.basemap import base_map
from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.petitions import progress
from huanzhi.center.petitions.intake import Told, receive
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.rights import SYSTEM
from huanzhi.web.api.actors import address_of
from huanzhi.web.api.lists import document
from huanzhi.web.api.petition_shapes import ReceiptOut, choices
from huanzhi.web.throttling import Throttle

router = Router(tags=["open"], auth=None)
HOUR, DAY = 3600, 86400
reports_an_hour, reports_a_day = Throttle(), Throttle()
tries, number_tries = Throttle(), Throttle()
MOST_REGIONS = 500
DEPTH = ("city", "county", "township")
OUTLINED = ("district", "township")
SIMPLE = 0.0005
"""Degrees by which an outline may be off on the small map of citizens, about 50 m. Ours."""
Photos = list[UploadedFile]
NO_PHOTOS: Photos = File([])  # type: ignore[type-arg]


class ReportIn(Schema):
    """What a citizen reports; who he is may be left out."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"category": "odour", "region": "990011", "words": "夜间异味"}]},
    )

    category: str = Field(max_length=40)
    region: str = Field(max_length=12)
    words: str = Field(min_length=5, max_length=4000)
    where: str = Field("", max_length=300)
    target: str = Field("", max_length=200)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    identity: str = Field("anonymous", max_length=12)
    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    website: str = Field(
        "", max_length=200, description="left empty by people; programs that fill it in are refused"
    )


class CodeIn(Schema):
    """Number and code of a petition."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"number": "XF-20261122-0001", "code": "7K3M9QWERT"}]}
    )

    number: str = Field(max_length=32)
    code: str = Field(max_length=40)


class RateIn(CodeIn):
    """How satisfied the informant is."""

    score: int = Field(ge=1, le=5)
    solved: str = Field("", pattern="^(yes|no)?$")
    words: str = Field("", max_length=1000)


class AskIn(CodeIn):
    """What the informant asks for: ``review``, ``recheck`` or ``withdraw``; and why."""

    what: str = Field(max_length=20)
    words: str = Field(min_length=2, max_length=2000)


class OpenWordsOut(Schema):
    """Categories, regions and limits of the form."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"photos_most": 6, "words_most": 4000}]})

    categories: list[dict[str, str]]
    regions: list[dict[str, Any]]
    satisfaction: list[dict[str, str]]
    photos_most: int
    photo_bytes: int
    words_most: int
    simulated: bool


class GroundOut(Schema):
    """The ground to point on: extent, outlines and water as lines of [lon, lat], names with their points."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"extent": [121, 28, 122, 29]}]})

    extent: list[float] | None
    regions: list[dict[str, Any]]
    water: list[list[list[float]]]
    names: list[dict[str, Any]]
    approval: str


class ProgressOut(Schema):
    """What the informant may know of a petition."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"number": "XF-20261122-0001", "state": "accepted", "steps": []}]},
    )

    number: str
    state: str
    steps: list[dict[str, Any]]


@router.get("open/report/words", response=OpenWordsOut, operation_id="report_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return categories, regions and limits of the form of citizens."""
    known, words = settings()["open"], issue_settings()["category"]
    return document(
        request,
        {
            "categories": choices({code: words[code] for code in known["categories"]}),
            "regions": _regions(),
            "satisfaction": choices(settings()["satisfaction"]),
            "photos_most": known["photos_most"],
            "photo_bytes": known["photo_bytes"],
            "words_most": known["words_most"],
            "simulated": any(one.simulated for one in _roots()),
        },
    )


@router.get("open/report/ground", response=GroundOut, operation_id="report_ground")
def get_ground(request: HttpRequest) -> HttpResponse:
    """Return a simple map to point on: outlines of districts and townships, rivers and coast, names."""
    ground = base_map()
    outlines = [one for kind in OUTLINED for one in ground.of((kind,))]
    told = {
        "extent": ground.extent,
        "regions": [{"code": one["properties"]["code"], "rings": _rings(one)} for one in outlines],
        "water": [ring for one in ground.of(("river", "coast")) for ring in _rings(one)],
        "names": [
            {"name": one["properties"].get("name", ""), "at": one["geometry"]["coordinates"]}
            for one in ground.labels()
            if one["properties"]["kind"] in OUTLINED
        ],
        "approval": "，".join(sorted({one.approval for one in ground.sheets.values() if one.approval})),
    }
    return document(request, told)


@router.post("open/report", response={201: ReceiptOut}, operation_id="report_as_citizen")
def report(request: HttpRequest, given: Form[ReportIn], photos: Photos = NO_PHOTOS) -> HttpResponse:
    """Take in what a citizen reports; answers with a number and a code that are told only now."""
    limits, address = settings()["open"], address_of(request)
    reports_an_hour.look(address, limits["reports_each_hour"], HOUR)
    reports_a_day.look(address, limits["reports_each_day"], DAY)
    if given.website:
        raise InputError("petitions.captcha")
    if given.category not in limits["categories"]:
        raise InputError("petitions.choice", column="category", value=given.category)
    if given.region not in {one["value"] for one in _regions()}:
        raise InputError("petitions.no_region", column="region", value=given.region)
    personal = {"name": given.name if given.identity == "named" else "", "phone": given.phone}
    told = Told(
        channel="web",
        identity="named" if personal["name"] else "anonymous",
        informant=personal,
        photos=[(one.read(), one.content_type or "") for one in photos[: limits["photos_most"] + 1]],
        **{
            name: getattr(given, name)
            for name in ("category", "region", "words", "where", "target", "lon", "lat")
        },
    )
    made = receive(SYSTEM, told)
    reports_an_hour.note(address, HOUR)
    reports_a_day.note(address, DAY)
    return _unkept(
        document(request, {"number": made.petition.number, "code": made.code, "fresh": True, "again": 1}, 201)
    )


@router.post("open/progress", response=ProgressOut, operation_id="follow_petition")
def follow(request: HttpRequest, given: CodeIn) -> HttpResponse:
    """Return how a petition stands, to who knows its number and code."""
    return _told(request, followed(request, given))


@router.post("open/progress/rate", response=ProgressOut, operation_id="rate_petition")
def rate(request: HttpRequest, given: RateIn) -> HttpResponse:
    """Keep how satisfied the informant is with the answer, once."""
    petition = followed(request, given)
    return _told(request, progress.rate(petition, given.score, given.solved, given.words))


@router.post("open/progress/ask", response=ProgressOut, operation_id="ask_about_petition")
def ask(request: HttpRequest, given: AskIn) -> HttpResponse:
    """Ask for review or recheck within its term, or withdraw."""
    petition = followed(request, given)
    return _told(request, progress.ask(petition, given.what, given.words))


def followed(request: HttpRequest, given: CodeIn) -> Petition:
    """Return the petition of a number and code; wrong ones are counted by address and by number."""
    limits, address, number = settings()["open"], address_of(request), given.number.strip().upper()
    tries.look(address, limits["tries_each_hour"], HOUR)
    number_tries.look(number, limits["number_tries_each_hour"], HOUR)
    try:
        return progress.follow(number, given.code)
    except InputError:
        tries.note(address, HOUR)
        number_tries.note(number, HOUR)
        raise


def _told(request: HttpRequest, petition: Petition) -> HttpResponse:
    held = Petition.objects.select_related("region", "organisation").get(pk=petition.pk)
    return _unkept(document(request, progress.told(held, datetime.now(UTC))))


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _rings(feature: Any) -> list[list[list[float]]]:
    """Return the lines of a shape, simplified for a small picture."""
    whole = shape(feature["geometry"]).simplify(SIMPLE)
    lines = whole.boundary if whole.geom_type.endswith("Polygon") else whole
    parts = getattr(lines, "geoms", [lines])
    return [[[round(lon, 4), round(lat, 4)] for lon, lat, *_ in part.coords] for part in parts]


def _roots() -> list[Region]:
    """Return the regions for which bureaus are there: those whose citizens report here."""
    codes = Organisation.objects.filter(kind="bureau").values("region")
    found = list(Region.objects.filter(pk__in=codes).order_by("pk"))
    return [
        one for one in found if not any(one.path != up.path and one.path.startswith(up.path) for up in found)
    ]


def _regions() -> list[dict[str, Any]]:
    roots, rows = _roots(), []
    for root in roots:
        below = Region.objects.filter(path__startswith=root.path, level__in=DEPTH).order_by("path")[
            :MOST_REGIONS
        ]
        rows += [
            {"value": one.code, "zh": one.name, "en": one.name_en or one.name, "level": one.level}
            for one in below
        ]
    return rows
