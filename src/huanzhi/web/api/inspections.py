"""Inspections 监督检查: plans, tasks, pools, whom to inspect first, frequency, and the public results."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huanzhi.center.inspections import evidence as keeping
from huanzhi.center.inspections import frequency, planning, tasks
from huanzhi.center.inspections.listing import OBJECTS, PLANS, PUBLIC, TASKS
from huanzhi.center.inspections.models import Plan, Subject, Task, TaskEvidence
from huanzhi.center.inspections.pools import refresh, why
from huanzhi.center.inspections.settings import settings
from huanzhi.center.issues.evidence import read
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.rights import Actor, Thing, require, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.messages import using
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor, anybody
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.inspection_shapes import (
    AnswersIn,
    InspectionPlanIn,
    InspectionPlanOut,
    InspectionWordsOut,
    ItemsOut,
    LookBackIn,
    SubstituteIn,
    TaskEvidenceIn,
    TaskMoveIn,
    TaskOut,
    TasksIn,
    WhyIn,
    piece_row,
    plan_shown,
    task_shown,
    words_rows,
)
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, begun_from, document, filters
from huanzhi.web.api.once import idempotent
from huanzhi.web.api.papers import fingerprinted, one_of
from huanzhi.web.api.routes import add_changes, add_reads

router = Router(tags=["inspections"])
TaskFilters = filters(
    "InspectionFilters",
    TASKS.columns,
    mine=(bool | None, Field(None, description="visits of mine")),
    open=(bool | None, Field(None, description="not published yet")),
    overdue=(bool | None, Field(None, description="not visited in time")),
)
PlanFilters = filters("InspectionPlanFilters", PLANS.columns)
ResultFilters = filters("InspectionResultFilters", PUBLIC.columns)

FREQUENCY = (
    Column("code", search=True, editable=False, titles={"zh": "企业编码", "en": "code"}),
    Column("name", search=True, editable=False, titles={"zh": "企业", "en": "enterprise"}),
    Column("region_name", editable=False, titles={"zh": "区域", "en": "region"}),
    Column("kind", filter=True, editable=False, titles={"zh": "类别", "en": "class"}),
    Column("credit", filter=True, editable=False, titles={"zh": "信用等级", "en": "credit grade"}),
    Column("risk", filter=True, editable=False, titles={"zh": "风险", "en": "risk"}),
    Column("score", Kind.INTEGER, sort=True, editable=False, titles={"zh": "风险分", "en": "score"}),
    Column("year", Kind.DECIMAL, editable=False, titles={"zh": "全年应查", "en": "expected in the year"}),
    Column("expected", Kind.DECIMAL, editable=False, titles={"zh": "至今应查", "en": "expected until now"}),
    Column("actual", Kind.INTEGER, sort=True, editable=False, titles={"zh": "实际检查", "en": "visited"}),
    Column("most", Kind.INTEGER, editable=False, titles={"zh": "每年最多", "en": "most a year"}),
    Column("over", Kind.TRUTH, editable=False, titles={"zh": "超过上限", "en": "above the most"}),
    Column("simulated", Kind.TRUTH, editable=False, titles={"zh": "模拟", "en": "simulated"}),
)


class Area(Schema):
    """An area and a year."""

    region: str = Field("", max_length=12)
    year: int | None = Field(None, ge=2000, le=2100)


@router.get("inspection-words", response=InspectionWordsOut, operation_id="inspection_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of the forms, the terms with their basis, and the check lists."""
    who = actor(request)
    may_ = {"may_plan": ("command", Plan.KIND), "may_pool": ("change", Subject.KIND)}
    held = {name: any(rules_held(who, *asked)) for name, asked in may_.items()}
    return document(request, {**words_rows(), **held})


@router.get(
    "inspection-results", response=Page[dict[str, Any]], auth=anybody, operation_id="list_inspection_results"
)
def list_results(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ResultFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the published results, for anybody; also as CSV or XLSX."""
    paging.sort = paging.sort or "-published"
    return answer(request, PUBLIC, Task.objects.filter(published__isnull=False), paging, wanted)


@router.get("inspections", response=Page[dict[str, Any]], operation_id="list_inspections")
def list_tasks(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[TaskFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List inspections, the newest first; also as CSV or XLSX."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    who, rows = actor(request), _readable(actor(request))
    if asked.pop("mine", False):
        rows = rows.filter(inspectors__person__code=who.code)
    if (is_open := asked.pop("open", None)) is not None:
        states = [code for code, row in settings()["state"].items() if row["open"]]
        rows = rows.filter(state__in=states) if is_open else rows.exclude(state__in=states)
    if asked.pop("overdue", False):
        rows = rows.filter(state="assigned", due__lt=datetime.now(UTC))
    paging.sort = paging.sort or "-made"
    return answer(request, TASKS, rows, paging, asked)


@router.get("inspections/{number}", response=TaskOut, operation_id="get_inspection")
def get_task(request: HttpRequest, number: str) -> HttpResponse:
    """Return an inspection with its check list, team, evidence, terms and the steps that I may take."""
    return _document(request, _found(request, number))


@router.post("inspections/{number}/moves", response=TaskOut, operation_id="move_inspection")
@idempotent
def take_step(request: HttpRequest, number: str, given: TaskMoveIn) -> HttpResponse:
    """Take a step: arrive, file the result, confirm, publish, return, cancel."""
    task = _found(request, number)
    begun_from(request, task)
    told = given.model_dump(exclude={"move"})
    return _document(request, tasks.move(actor(request), task, given.move, told, datetime.now(UTC)))


@router.post("inspections/{number}/answers", response=TaskOut, operation_id="answer_inspection")
@idempotent
def keep_answers(request: HttpRequest, number: str, given: AnswersIn) -> HttpResponse:
    """Keep answers of the check list while the visit is under way."""
    task = _found(request, number)
    begun_from(request, task)
    told = {code: one.model_dump() for code, one in given.answers.items()}
    return _document(request, tasks.answer(actor(request), task, told, datetime.now(UTC)))


@router.post("inspections/{number}/team", response=TaskOut, operation_id="substitute_inspectors")
def substitute(request: HttpRequest, number: str, given: SubstituteIn) -> HttpResponse:
    """Send another team before the visit, with a reason; the draw stays as it was published."""
    task = _found(request, number)
    begun_from(request, task)
    done = tasks.substitute(actor(request), task, given.inspectors, given.reason, datetime.now(UTC))
    return _document(request, done)


@router.post(
    "inspections/{number}/evidence", response={201: dict[str, Any]}, operation_id="attach_inspection_evidence"
)
@idempotent
def attach(
    request: HttpRequest, number: str, given: Query[TaskEvidenceIn], file: File[UploadedFile]
) -> HttpResponse:
    """Attach evidence of the visit; it is hashed on arrival by SM3 and SHA-256, and never changed."""
    taken = given.taken_at
    piece = keeping.attach(
        actor(request),
        _found(request, number),
        file.read(),
        file.name or "",
        given.kind,
        item=given.item,
        taken_at=taken if taken is None or taken.tzinfo else taken.replace(tzinfo=CHINA),
        lon=given.lon,
        lat=given.lat,
    )
    return document(request, piece_row(piece), 201)


@router.get("inspections/{number}/evidence/{piece}", operation_id="get_inspection_evidence")
def get_evidence(request: HttpRequest, number: str, piece: int) -> HttpResponse:
    """Return the bytes of a piece of evidence, checked against its digest."""
    task = _found(request, number)
    found = one_of(TaskEvidence.objects.filter(task=task), piece)
    return fingerprinted(read(found), "", found.name, found.sm3)


@router.get("inspection-plans", response=Page[dict[str, Any]], operation_id="list_inspection_plans")
def list_plans(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[PlanFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List plans of inspection."""
    paging.sort = paging.sort or "-begins"
    rows = visible(actor(request), Plan.KIND, Plan.objects.all())
    return answer(request, PLANS, rows, paging, wanted)


@router.post("inspection-plans", response={201: InspectionPlanOut}, operation_id="make_inspection_plan")
def make_plan(request: HttpRequest, given: InspectionPlanIn) -> HttpResponse:
    """Make a plan: of a year by draws, or special, unannounced, joint, or of look-back."""
    told = given.model_dump()
    told["sort"] = told.pop("kind")
    made = planning.make_plan(actor(request), told, datetime.now(UTC))
    return document(request, plan_shown(actor(request), plan_of(request, made.number)), 201)


@router.get("inspection-plans/{number}", response=InspectionPlanOut, operation_id="get_inspection_plan")
def get_plan(request: HttpRequest, number: str) -> HttpResponse:
    """Return a plan with what each quarter asks, on what basis, and what was done."""
    return document(request, plan_shown(actor(request), plan_of(request, number)))


@router.post("inspection-plans/{number}/tasks", response={201: ItemsOut}, operation_id="add_inspections")
def add_tasks(request: HttpRequest, number: str, given: TasksIn) -> HttpResponse:
    """Send a team to chosen enterprises: special inspections and unannounced visits."""
    plan = plan_of(request, number)
    if plan.sort in settings()["drawn"]["sorts"]:
        raise InputError("inspections.only_drawn", value=plan.number)
    now = datetime.now(UTC)
    return _made(request, tasks.add(actor(request), plan, given.enterprises, given.inspectors, now))


@router.post("inspection-plans/{number}/look-back", response={201: ItemsOut}, operation_id="add_look_back")
def add_look_back(request: HttpRequest, number: str, given: LookBackIn) -> HttpResponse:
    """Send a team to a sample of the issues written off in a period; anybody can draw it again."""
    plan = plan_of(request, number)
    if plan.sort != "look_back":
        raise InputError("inspections.not_look_back", value=plan.number)
    begin = datetime.combine(given.first, datetime.min.time(), CHINA)
    end = datetime.combine(given.last, datetime.min.time(), CHINA) + timedelta(days=1)
    now = datetime.now(UTC)
    made = tasks.look_back(actor(request), plan, begin, end, given.seed, given.inspectors, now)
    return _made(request, made)


@router.post(
    "inspection-plans/{number}/close", response=InspectionPlanOut, operation_id="close_inspection_plan"
)
def close_plan(request: HttpRequest, number: str, given: WhyIn) -> HttpResponse:
    """Close a plan; its tasks go on."""
    plan = plan_of(request, number)
    begun_from(request, plan)
    planning.close_plan(actor(request), plan, given.reason)
    return document(request, plan_shown(actor(request), plan_of(request, number)))


@router.post("inspection-pool/refresh", response=dict[str, int], operation_id="refresh_inspection_pool")
def refresh_pool(request: HttpRequest, given: Query[Area]) -> HttpResponse:
    """Bring the pool of objects up to date: new enterprises, counts, what the rulebooks say."""
    path = _path(given.region)
    require(actor(request), "change", Thing(Subject.KIND, path))
    return document(request, {"changed": refresh(datetime.now(UTC), path)})


@router.get("inspection-first", response=ItemsOut, operation_id="inspect_first")
def get_first(request: HttpRequest, given: Query[Area]) -> HttpResponse:
    """Return whom to inspect first, with score and reasons, and how often such lists were right."""
    path = _path(given.region)
    found = frequency.first(_objects(actor(request), path))
    length = frequency.list_length(len(found))
    day = datetime.now(CHINA).date()
    with using(language_of(request)):
        items = [_first_row(one, rank, day) for rank, one in enumerate(found[:length], start=1)]
    since = datetime.now(UTC) - timedelta(days=settings()["counting"]["days"])
    hits = frequency.hits(path, since)
    told = {"total": len(found), "list_share": settings()["counting"]["list_share"]}
    told |= {"confidence": settings()["counting"]["confidence"], "hits": hits}
    return document(request, {"items": items, **told})


@router.get("inspection-objects/{code}/why", response=dict[str, Any], operation_id="inspection_object_why")
def get_why(request: HttpRequest, code: str) -> HttpResponse:
    """Return why an object has its risk, class and share: rulebook, version, row and inputs."""
    rows = visible(actor(request), Subject.KIND, Subject.objects.select_related("enterprise__region"))
    found = rows.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("tables.no_record", value=code.replace("\x00", ""))
    with using(language_of(request)):
        return document(request, why(found, datetime.now(CHINA).date()))


@router.get("inspection-frequency", response=Page[dict[str, Any]], operation_id="inspection_frequency")
def get_frequency(request: HttpRequest, paging: Query[Paging], given: Query[Area]) -> HttpResponse:
    """List for each object the visits expected by its share and those made; also as CSV or XLSX."""
    return answer_rows(request, FREQUENCY, _frequency(request, given), paging)


@router.get(
    "inspection-frequency/groups", response=dict[str, Any], operation_id="inspection_frequency_groups"
)
def get_groups(request: HttpRequest, given: Query[Area]) -> HttpResponse:
    """Return expected and actual visits by class, credit grade and risk."""
    rows = _frequency(request, given)
    return document(request, {name: frequency.by_group(rows, name) for name in ("kind", "credit", "risk")})


add_reads(router, "inspector")
add_changes(router, "inspector")
add_reads(router, "inspection_conflict")
add_changes(router, "inspection_conflict")
add_reads(router, "inspection_object")
add_changes(router, "inspection_object")


def plan_of(request: HttpRequest, number: str) -> Plan:
    """Return a plan that the reader may see."""
    rows = visible(actor(request), Plan.KIND, Plan.objects.select_related("region", "organisation"))
    found: Plan | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("inspections.none", value=number.replace("\x00", ""))
    return found


def _readable(who: Actor) -> Any:
    rows = visible(who, Task.KIND, Task.objects.all()).distinct()
    return rows if who.code else rows.none()


def _found(request: HttpRequest, number: str) -> Task:
    rows = _readable(actor(request)).select_related(*TASKS.related)
    found: Task | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("inspections.none", value=number.replace("\x00", ""))
    return found


def _document(request: HttpRequest, task: Task) -> HttpResponse:
    return document(request, task_shown(actor(request), _found(request, task.number)))


def _made(request: HttpRequest, made: list[Task]) -> HttpResponse:
    return document(request, {"items": [{"number": one.number, "subject": one.subject} for one in made]}, 201)


def _path(region: str) -> str:
    found = Region.objects.filter(pk=region).first() if region else None
    if region and found is None:
        raise InputError("issues.no_region", value=region)
    return found.path if found else ""


def _objects(who: Actor, path: str) -> Any:
    rows = visible(who, Subject.KIND, Subject.objects.all())
    inside = rows.filter(enterprise__region__path__startswith=path)
    return inside.exclude(enterprise__status="closed").select_related("enterprise__region").order_by("code")


def _frequency(request: HttpRequest, given: Area) -> list[dict[str, Any]]:
    day = datetime.now(CHINA).date()
    return frequency.rows(_objects(actor(request), _path(given.region)), given.year or day.year, day)


def _first_row(subject: Subject, rank: int, day: Any) -> dict[str, Any]:
    told = why(subject, day)["risk"]
    reasons = [
        {"points": hit["points"], "words": "；".join(hit["reasons"]), "note": hit["note"]}
        for hit in told["hits"]
    ]
    row = {name: value for name, value in OBJECTS.row(subject).items() if name in _FIRST}
    return {**row, "rank": rank, "reasons": reasons, "unknown": told["unknown"], "version": told["version"]}


_FIRST = (
    "code",
    "name",
    "region_name",
    "industry",
    "kind",
    "credit",
    "risk",
    "score",
    "months_since",
    "simulated",
)
