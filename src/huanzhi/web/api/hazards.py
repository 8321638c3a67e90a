"""Hidden dangers 环境安全隐患: register of checks, dangers from report to close, evidence, statistics."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from huanzhi import rules
from huanzhi.center.hazards import keeping
from huanzhi.center.hazards.figures import figures
from huanzhi.center.hazards.listing import CHECKS, HAZARDS
from huanzhi.center.hazards.models import Check, Hazard, HazardEvidence
from huanzhi.center.hazards.settings import settings
from huanzhi.center.issues.evidence import read
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.rights import Actor, Thing, mask, may, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.library.rulebooks import holding
from huanzhi.messages import catalogue, using
from huanzhi.standards.periods import CHINA, stamp
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.own import own_choices
from huanzhi.web.api.papers import fingerprinted, one_of

router = Router(tags=["hazards"])
HazardFilters = filters(
    "HazardFilters",
    HAZARDS.columns,
    open=(bool | None, Field(None, description="not closed")),
    overdue=(bool | None, Field(None, description="past its term and not mended")),
)
CheckFilters = filters("HazardCheckFilters", CHECKS.columns)


class ToldIn(Schema):
    """What is known for the grade; what is not known is left out."""

    model_config = ConfigDict(extra="forbid")

    complex: bool | None = None
    serious_event: bool | None = None
    sensitive: bool | None = None
    containment_lost: bool | None = None


class HazardIn(Schema):
    """A danger to report; an enterprise reports its own without naming itself."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"title": "事故应急池渗漏", "kind": "facility", "told": {"complex": True}}]
        },
    )

    title: str = Field(min_length=1, max_length=200)
    kind: str = Field(max_length=20)
    enterprise: str = Field("", max_length=18)
    check: str = Field("", max_length=32)
    words: str = Field("", max_length=4000)
    where: str = Field("", max_length=200)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    told: ToldIn = ToldIn()


class CheckIn(Schema):
    """A check to enter into the register."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"day": "2026-11-20", "kind": "daily", "areas": "罐区"}]},
    )

    day: date
    kind: str = Field(max_length=20)
    enterprise: str = Field("", max_length=18)
    areas: str = Field("", max_length=500)
    people: str = Field("", max_length=200)
    words: str = Field("", max_length=4000)


class HazardMoveIn(Schema):
    """A step to take, with what it needs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"move": "plan", "measure": "更换防渗层", "responsible": "张三"}]},
    )

    move: str = Field(max_length=20)
    words: str = Field("", max_length=4000)
    measure: str = Field("", max_length=4000)
    responsible: str = Field("", max_length=100)
    grade: str = Field("", max_length=20)
    days: int | None = Field(None, ge=1, le=365)


class HazardEvidenceIn(Schema):
    """What is told of a piece of evidence."""

    kind: str = Field("photo", max_length=20)
    taken_at: datetime | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class HazardOut(Schema):
    """A danger with its grade and why, measure, term, evidence, timeline and the steps that I may take."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "YH-20261122-0001"}]})

    number: str
    title: str
    grade: str
    state: str
    why: dict[str, Any]
    steps: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    moves: list[dict[str, Any]]
    revision: int


class HazardFiguresOut(Schema):
    """Figures."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"total": 3, "open": 1}]})

    total: int
    open: int
    overdue: int


class HazardWordsOut(Schema):
    """Words of the forms."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"kind": []}]})


@router.get("hazard-words", response=HazardWordsOut, operation_id="hazard_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of the forms, terms with their confidence, and what the grade asks."""
    who = actor(request)
    tables = ("kind", "source", "grade", "state", "check", "move")
    found: dict[str, Any] = {
        name: [{"value": code, "zh": row["zh"], "en": row["en"]} for code, row in settings()[name].items()]
        for name in tables
    }
    book = holding.in_force(keeping.BOOK, datetime.now(CHINA).date())
    found["asked"] = [{"value": one.name, "zh": one.title.zh, "en": one.title.en} for one in book.inputs]
    found["book"] = {"id": book.id, "version": book.version, "confidence": book.provenance.confidence.value}
    found["terms"] = dict(settings()["terms"])
    found["needs"] = {name: row["needs"] for name, row in settings()["move"].items()}
    found["own"] = own_choices(who)
    found["may_report"] = any(rules_held(who, "create", Hazard.KIND))
    return document(request, found)


@router.get("hazards", response=Page[dict[str, Any]], operation_id="list_hazards")
def list_hazards(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[HazardFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List hidden dangers, the newest first; also as CSV, XLSX or GeoJSON."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = _readable(actor(request))
    open_states = [code for code, row in settings()["state"].items() if row["open"]]
    if (is_open := asked.pop("open", None)) is not None:
        rows = rows.filter(state__in=open_states) if is_open else rows.exclude(state__in=open_states)
    if asked.pop("overdue", False):
        rows = rows.filter(state__in=("reported", "rectifying"), due__lt=datetime.now(UTC))
    paging.sort = paging.sort or "-reported"
    return answer(request, HAZARDS, rows, paging, asked)


@router.post("hazards", response={201: HazardOut}, operation_id="report_hazard")
def create(request: HttpRequest, given: HazardIn) -> HttpResponse:
    """Report a danger; the rulebook grades it and its term begins."""
    with using(language_of(request)):
        made = keeping.report(actor(request), given.model_dump(), datetime.now(UTC))
    return document(request, shown(actor(request), made), 201)


@router.get("hazards/{number}", response=HazardOut, operation_id="get_hazard")
def get_hazard(request: HttpRequest, number: str) -> HttpResponse:
    """Return a danger with its grade and why, measure, term, evidence and timeline."""
    return document(request, shown(actor(request), _found(request, number), language_of(request)))


@router.post("hazards/{number}/moves", response=HazardOut, operation_id="move_hazard")
def take_step(request: HttpRequest, number: str, given: HazardMoveIn) -> HttpResponse:
    """Take a step: measure, mended, recheck, fail, change of grade, extension."""
    hazard = _found(request, number)
    begun_from(request, hazard)
    told = given.model_dump(exclude={"move"})
    done = keeping.move(actor(request), hazard, given.move, told, datetime.now(UTC))
    return document(request, shown(actor(request), _found(request, done.number), language_of(request)))


@router.post(
    "hazards/{number}/evidence", response={201: dict[str, Any]}, operation_id="attach_hazard_evidence"
)
def attach(
    request: HttpRequest, number: str, given: Query[HazardEvidenceIn], file: File[UploadedFile]
) -> HttpResponse:
    """Attach evidence; it is hashed on arrival by SM3 and SHA-256, and never changed."""
    taken = given.taken_at
    piece = keeping.attach(
        actor(request),
        _found(request, number),
        file.read(),
        file.name or "",
        given.kind,
        taken_at=taken if taken is None or taken.tzinfo else taken.replace(tzinfo=CHINA),
        lon=given.lon,
        lat=given.lat,
    )
    return document(request, piece_row(piece), 201)


@router.get("hazards/{number}/evidence/{piece}", operation_id="get_hazard_evidence")
def get_evidence(request: HttpRequest, number: str, piece: int) -> HttpResponse:
    """Return the bytes of a piece of evidence, checked against its digest."""
    hazard = _found(request, number)
    found = one_of(HazardEvidence.objects.filter(hazard=hazard), piece)
    return fingerprinted(read(found), "", found.name, found.sm3)


@router.get("hazard-checks", response=Page[dict[str, Any]], operation_id="list_hazard_checks")
def list_checks(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[CheckFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the checks for hidden dangers, the newest first."""
    paging.sort = paging.sort or "-day"
    return answer(request, CHECKS, visible(actor(request), Check.KIND, Check.objects.all()), paging, wanted)


@router.post("hazard-checks", response={201: dict[str, Any]}, operation_id="enter_hazard_check")
def enter_check(request: HttpRequest, given: CheckIn) -> HttpResponse:
    """Enter a check into the register."""
    made = keeping.make_check(actor(request), given.model_dump(), datetime.now(UTC))
    return document(request, CHECKS.row(made), 201)


@router.get("hazard-statistics", response=HazardFiguresOut, operation_id="hazard_statistics")
def get_figures(request: HttpRequest, region: str = "") -> HttpResponse:
    """Return how the dangers stand, how soon they are mended, and whose checks are late."""
    who, now = actor(request), datetime.now(UTC)
    checks = visible(who, Check.KIND, Check.objects.all())
    enterprises = visible(who, Enterprise.KIND, Enterprise.objects.exclude(status="closed"))
    hazards = _readable(who)
    if region:
        hazards = hazards.filter(region__path__contains=f"{region[:12]}/")
        checks = checks.filter(region__path__contains=f"{region[:12]}/")
        enterprises = enterprises.filter(region__path__contains=f"{region[:12]}/")
    return document(request, figures(hazards, checks, enterprises, now, now.astimezone(CHINA).date()))


def shown(who: Actor, hazard: Hazard, language: str = "zh") -> dict[str, Any]:
    """Return a danger as it is shown; the reasons of its grade in the reader's words."""
    now = datetime.now(UTC)
    return {
        **mask(who, hazard, HAZARDS.row(hazard)),
        "words": hazard.words,
        "where": hazard.where,
        "measure": hazard.measure,
        "told": hazard.told,
        "why": _why(hazard, language),
        "due_note": dict(catalogue()[hazard.due_note]) if hazard.due_note else None,
        "term": settings()["terms"][hazard.grade],
        "extended": hazard.extended,
        "overdue": bool(hazard.due and hazard.due < now and hazard.state in ("reported", "rectifying")),
        "check": hazard.check_made.number if hazard.check_made else None,
        "reported_by": hazard.reported_by,
        "steps": hazard.steps,
        "evidence": [piece_row(one) for one in HazardEvidence.objects.filter(hazard=hazard)],
        "moves": [
            {"name": name, **{word: settings()["move"][name][word] for word in ("zh", "en", "needs")}}
            for name in keeping.allowed(who, hazard)
        ],
        "may_attach": hazard.state not in ("closed", "rejected")
        and may(who, "change", Thing(Hazard.KIND, hazard.region.path, _owner(hazard))).allowed,
    }


def piece_row(piece: HazardEvidence) -> dict[str, Any]:
    """Return a piece of evidence as it is shown."""
    names = ("name", "kind", "size", "sha256", "sm3", "lon", "lat", "actor", "actor_name")
    times = {name: stamp(getattr(piece, name)) for name in ("taken_at", "received_at")}
    return {"id": piece.pk, **{name: getattr(piece, name) for name in names}, **times}


def _why(hazard: Hazard, language: str) -> dict[str, Any]:
    """Return the answer of the rulebook that held on the day of the report, in the reader's words."""
    with using(language):  # type: ignore[arg-type]
        day = hazard.reported.astimezone(CHINA).date()
        found = rules.evaluate(holding.in_force(keeping.BOOK, day, hazard.region_id), hazard.told).as_dict()
    same = found["digest"] == hazard.why.get("digest")
    return found if same else hazard.why


def _owner(hazard: Hazard) -> str:
    body = hazard.enterprise.organisation
    return body.code if body else ""


def _readable(who: Actor) -> Any:
    return visible(who, Hazard.KIND, Hazard.objects.all())


def _found(request: HttpRequest, number: str) -> Hazard:
    rows = _readable(actor(request)).select_related("region", "enterprise__organisation", "check_made")
    found: Hazard | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("hazards.none", value=number.replace("\x00", ""))
    return found
