"""Patrols 巡查: areas, keepers, plans; patrols with their tracks; coverage; and the tasks of the phone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.table import table as issue_states
from huanzhi.center.patrols.coverage import coverage, vacant
from huanzhi.center.patrols.models import Area, Finding, Keeper, Patrol, Piece, Plan
from huanzhi.center.patrols.owing import span_of
from huanzhi.center.patrols.planning import due_plans, frequency, plan_for
from huanzhi.center.patrols.recording import record, track_feature
from huanzhi.center.patrols.settings import settings
from huanzhi.center.patrols.tables import FINDINGS, PATROLS
from huanzhi.center.patrols.uploading import content_of, upload
from huanzhi.errors import InputError
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.selecting import selected
from huanzhi.library.records.tables import shown, table_of
from huanzhi.library.rights import Actor, visible
from huanzhi.messages import language, using
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.days import Day
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, document, filters
from huanzhi.web.api.once import Clean, device_time, idempotent
from huanzhi.web.api.papers import fingerprinted
from huanzhi.web.api.patrol_shapes import (
    CoverageOut,
    PatrolBody,
    PatrolOut,
    TasksOut,
    area_row,
    lists_for_phone,
    now_utc,
    patrol_row,
    piece_row,
    task_row,
    words_for_phone,
)
from huanzhi.web.api.routes import add_routes
from huanzhi.web.api.sightings import for_phone

router = Router(tags=["patrols"])
add_routes(router, "patrol_area", "patrol_keeper", "patrol_plan")
PatrolFilters = filters("PatrolFilters", PATROLS.columns)
FindingFilters = filters("PatrolFindingFilters", FINDINGS.columns)
LATEST = 90
"""Days that coverage looks back where none are named. Ours."""


class PlansIn(Clean):
    """The keepers whose plans are to be made from the table."""

    keepers: list[str] = Field(min_length=1, max_length=500)
    day: date | None = None
    reason: str = Field("", max_length=500)


class CoverageQuery(Schema):
    """By what, and for which days; the last 90 where none are named."""

    by: Literal["area", "keeper", "region", "category", "role", "plan"] = "area"
    first: Day | None = None
    last: Day | None = None
    region: str = Field("", max_length=12)


class FrequencyQuery(Schema):
    """Whose frequency is asked for."""

    role: Literal["grid", "commissioner", "chief"] = "chief"
    level: Literal["province", "city", "county", "township", "village"] = "township"
    place: str = Field("", max_length=12)


@router.get("patrols", response=Page[dict[str, Any]], operation_id="list_patrols")
def list_patrols(request: HttpRequest, paging: Query[Paging], wanted: Query[PatrolFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """List patrols, the newest first; also as CSV, XLSX or GeoJSON."""
    paging.sort = paging.sort or "-started"
    rows = _readable(actor(request)).defer("track").annotate(found=Count("findings"))
    return answer(request, PATROLS, rows, paging, wanted)


@router.post("patrols", response={201: PatrolOut}, operation_id="record_patrol")
@idempotent
def record_patrol(request: HttpRequest, given: PatrolBody) -> HttpResponse:
    """Hand in a patrol; every finding opens an issue. ``Idempotency-Key`` makes sending again harmless."""
    with using(language_of(request)):
        now = now_utc()
        told = given.given(device_time(request, given.sent or now))
        made = record(actor(request), told, now)
        return document(request, patrol_row(made), 201)


@router.get("patrols/findings", response=Page[dict[str, Any]], operation_id="list_patrol_findings")
def list_findings(request: HttpRequest, paging: Query[Paging], wanted: Query[FindingFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """List what was found, the newest first; also as CSV, XLSX or GeoJSON."""
    paging.sort = paging.sort or "-at"
    return answer(
        request, FINDINGS, visible(actor(request), Finding.KIND, Finding.objects.all()), paging, wanted
    )


@router.get("patrols/coverage", response=Page[CoverageOut], operation_id="patrol_coverage")
def get_coverage(request: HttpRequest, paging: Query[Paging], given: Query[CoverageQuery]) -> HttpResponse:
    """Count what is done against what is owed, in the periods that ended between two days."""
    today = datetime.now(CHINA).date()
    last = given.last or today
    first = given.first or max(date.min, last - timedelta(days=LATEST) if last.year > 1 else date.min)
    if first > last or (last - first).days > 3700 or not 2000 <= first.year <= last.year <= 2100:
        raise InputError("patrols.times", column="first", value=first.isoformat())
    plans = visible(actor(request), Plan.KIND, Plan.objects.all()).select_related(
        "area", "area__region", "keeper"
    )
    within = {"region": given.region} if given.region else {}
    rows = coverage(selected(table_of("patrol_plan"), plans, within), given.by, first, last)
    with using(language_of(request)):
        for row in rows:
            row["name"] = _named(given.by, row["name"])
    return answer_rows(request, _coverage_columns(), rows, paging, name=lambda: "coverage")


@router.get("patrols/vacant", response=Page[dict[str, Any]], operation_id="vacant_areas")
def get_vacant(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the areas for which nobody holds office today."""
    areas = visible(actor(request), Area.KIND, Area.objects.all()).prefetch_related("keepers")
    rows = [
        {"code": one.code, "name": one.name, "category": one.category, "region": one.region_id}
        for one in vacant(areas, datetime.now(CHINA).date())
    ]
    return answer_rows(
        request, [Column(name) for name in ("code", "name", "category", "region")], rows, paging
    )


@router.get("patrols/frequency", response=dict[str, Any], operation_id="patrol_frequency")
def get_frequency(request: HttpRequest, given: Query[FrequencyQuery]) -> HttpResponse:
    """Return how often somebody has to patrol at a place, by which table and how far that is confirmed."""
    told = frequency(given.role, given.level, datetime.now(CHINA).date(), given.place)
    return document(request, dict(told))


@router.post("patrols/plans", response={201: dict[str, Any]}, operation_id="make_patrol_plans")
def make_plans(request: HttpRequest, given: PlansIn) -> HttpResponse:
    """Make the plans of keepers from the table of frequencies; plans that hold already stay."""
    who = actor(request)
    rows = visible(who, Keeper.KIND, Keeper.objects.all()).select_related("area", "area__region")
    keepers = list(rows.filter(code__in=given.keepers))
    missing = set(given.keepers) - {one.code for one in keepers}
    if missing:
        raise InputError("tables.no_record", value=min(missing))
    with using(language_of(request)):
        made = [plan_for(who, one, given.day or datetime.now(CHINA).date(), given.reason) for one in keepers]
    return document(request, {"items": [one.code for one in made]}, 201)


@router.get("patrols/{code}", response=PatrolOut, operation_id="get_patrol")
def get_patrol(request: HttpRequest, code: str) -> HttpResponse:
    """Return a patrol with its track, the reasons of its verdict, findings and files."""
    with using(language_of(request)):
        return document(request, patrol_row(_found(request, code)))


@router.get("patrols/{code}/track", response=dict[str, Any], operation_id="get_patrol_track")
def get_track(request: HttpRequest, code: str) -> HttpResponse:
    """Return the track as GeoJSON with the times of its points."""
    return document(request, track_feature(_found(request, code)))


@router.post(
    "patrols/{code}/files/{client}", response={201: dict[str, Any]}, operation_id="upload_patrol_file"
)
@idempotent
def upload_file(request: HttpRequest, code: str, client: str, file: File[UploadedFile]) -> HttpResponse:
    """Send the bytes of a file that the patrol told of; they are held to the digest that was told."""
    piece = upload(actor(request), _found(request, code), client, file.read(), now_utc())
    return document(request, piece_row(piece), 201)


@router.get("patrols/{code}/files/{client}", operation_id="get_patrol_file")
def get_file(request: HttpRequest, code: str, client: str) -> HttpResponse:
    """Return the bytes of a file, checked against their digest."""
    piece = Piece.objects.filter(patrol=_found(request, code), client=client.replace("\x00", "")).first()
    if piece is None:
        raise InputError("patrols.no_file", value=client.replace("\x00", ""))
    return fingerprinted(content_of(piece), "", piece.name, piece.sm3)


@router.get("field/tasks", response=TasksOut, operation_id="field_tasks")
def get_tasks(request: HttpRequest) -> HttpResponse:
    """Return what I have to do in the field, and everything that doing it without a network needs."""
    who = actor(request)
    day = datetime.now(CHINA).date()
    with using(language_of(request)):
        plans = due_plans(who.code, who.organisation, day)
        areas = list(visible(who, Area.KIND, Area.objects.all()).order_by("code")[:500])
        return document(
            request,
            {
                "day": day,
                "patrols": [task_row(plan, day, _done(plan, day)) for plan in plans],
                "areas": [area_row(one) for one in areas],
                "sightings": for_phone(who),
                "issues": _mine(who),
                "checklists": lists_for_phone(),
                "words": words_for_phone(),
            },
        )


def _mine(who: Actor) -> list[dict[str, Any]]:
    rows = visible(who, Issue.KIND, Issue.objects.all()).filter(
        person__code=who.code, state__in=issue_states().open_states()
    )
    names = ("number", "title", "state", "category", "level", "lon", "lat", "place_name", "simulated")
    return [
        {name: getattr(one, name) for name in names} | {"due": shown(one.due)}
        for one in rows.order_by("due")[:100]
    ]


def _done(plan: Plan, day: date) -> int:
    span = span_of(plan.per, day)
    begin, end = (datetime.combine(one, datetime.min.time(), CHINA) for one in (span.start, span.end))
    return Patrol.objects.filter(plan=plan, verdict="valid", started__gte=begin, started__lt=end).count()


def _readable(who: Actor) -> Any:
    return visible(who, Patrol.KIND, Patrol.objects.all())


def _found(request: HttpRequest, code: str) -> Patrol:
    rows = _readable(actor(request)).select_related(*PATROLS.related)
    found: Patrol | None = rows.filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("tables.no_record", value=code.replace("\x00", ""))
    return found


def _named(by: str, name: str) -> str:
    words = settings()["category"] if by == "category" else settings()["role"] if by == "role" else {}
    return str(words[name][language()]) if name in words else name


def _coverage_columns() -> tuple[Column, ...]:
    whole = {
        "plans": ("计划数", "plans"),
        "owed": ("应巡", "owed"),
        "done": ("已巡", "done"),
        "missing": ("欠巡", "missing"),
        "beyond": ("超额", "beyond"),
        "owed_now": ("本期应巡", "owed in this period"),
        "done_now": ("本期已巡", "done in this period"),
        "invalid": ("不计入", "not counted"),
        "findings": ("发现问题", "findings"),
        "metres": ("路程（米）", "way [m]"),
        "minutes": ("时长（分钟）", "time [min]"),
    }
    return (
        Column("code", sort=True, search=True, titles={"zh": "编码", "en": "code"}),
        Column("name", sort=True, search=True, titles={"zh": "名称", "en": "name"}),
        *(
            Column(name, Kind.INTEGER, sort=True, titles={"zh": zh, "en": en})
            for name, (zh, en) in whole.items()
        ),
        Column("rate", Kind.NUMBER, sort=True, titles={"zh": "完成率", "en": "rate"}),
    )
