"""Plans 计划台账: documents, items under review, names of bodies, the ledger of measures, its boards.

A change names the revision that it began from in ``If-Match``; if somebody else was quicker it is refused
with 412 and nothing is lost.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from huanzhi.center.issues.evidence import read
from huanzhi.center.plans import finishing, intake, ledger, reviewing
from huanzhi.center.plans.listing import DOCUMENTS, ITEMS, MEASURES
from huanzhi.center.plans.models import BodyName, Document, Item, Measure, MeasureEvidence
from huanzhi.center.plans.settings import open_states, settings
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.rights import Thing, mask, may, thing_of, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import fingerprinted, one_of

router = Router(tags=["plans"])
DocumentFilters = filters("PlanFilters", DOCUMENTS.columns)
ItemFilters = filters("PlanItemFilters", ITEMS.columns)
MeasureFilters = filters(
    "PlanMeasureFilters",
    MEASURES.columns,
    open=(bool | None, Field(None, description="not written off")),
    overdue=(bool | None, Field(None, description="its day is over and it is not reported done")),
    unassigned=(bool | None, Field(None, description="no organisation leads it")),
)


class PlanIn(Schema):
    """Whose plan the file is; empty to take the region that the document names."""

    region: str = Field("", max_length=12)


class DecisionIn(Schema):
    """What the review makes of an item."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"review": "rejected", "reason": "重复"}]}
    )

    review: Literal["accepted", "edited", "rejected", "open"]
    reason: str = Field("", max_length=500)
    changes: dict[str, Any] = Field(default_factory=dict)


class SoundIn(Schema):
    """Which sort to accept where nothing is damaged."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"sort": "measure"}]})

    sort: Literal["measure", "target", "milestone", "system", "responsibility"] = "measure"


class BodyIn(Schema):
    """The organisation that a name means; empty to take it back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"organisation": "hz-water"}]})

    organisation: str = Field("", max_length=40)


class PlanMoveIn(Schema):
    """A step to take with a measure, with what it needs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"move": "report", "percent": 40, "words": "已完成招标"}]},
    )

    move: str = Field(max_length=20)
    words: str = Field("", max_length=2000)
    lead: str = Field("", max_length=40)
    joint: list[str] | None = None
    due: date | None = None
    deliverables: list[str] | None = None
    percent: int | None = Field(None, ge=0, le=100)
    done: list[int] | None = None
    issue: str = Field("", max_length=32)


class FinishIn(Schema):
    """Why a measure may be written off."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"conclusion": "制度已印发并执行"}]}
    )

    conclusion: str = Field(min_length=1, max_length=2000)


class PlanEvidenceIn(Schema):
    """What a file is."""

    kind: str = Field("file", max_length=20)


class PlanOut(Schema):
    """A document with its text, structure, warnings and bodies."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "WJ-2026-001"}]})

    number: str
    title: str
    text: str
    bodies: list[dict[str, Any]]
    revision: int


class MeasureOut(Schema):
    """A measure with its history, evidence and the steps that I may take."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "JC-2026-001"}]})

    number: str
    title: str
    state: str
    overdue: bool
    moves: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    revision: int


class PlanRowOut(Schema):
    """A row."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"code": "WJ-2026-001-1"}]})


@router.get("plans/words", response=PlanRowOut, operation_id="plan_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of sorts, reviews, states and steps, and whether I may take documents in."""
    found: dict[str, Any] = {
        name: [{"value": code, "zh": row["zh"], "en": row["en"]} for code, row in settings()[name].items()]
        for name in ("sort", "review", "state", "move")
    }
    found["editable"] = reviewing.EDITABLE
    found["may_take_in"] = any(rules_held(actor(request), "create", Document.KIND))
    return document(request, found)


@router.get("plans", response=Page[dict[str, Any]], operation_id="list_plans")
def list_plans(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[DocumentFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the policy documents that were taken in, the newest first."""
    paging.sort = paging.sort or "-taken_in"
    return answer(request, DOCUMENTS, _documents(request), paging, wanted, row=_document_row)


@router.post("plans", response={201: PlanOut}, operation_id="take_in_plan")
def take_in(request: HttpRequest, given: Form[PlanIn], file: File[UploadedFile]) -> HttpResponse:
    """Take a document in: txt, html, docx or pdf with text; everything found in it waits for review."""
    made = intake.take_in(actor(request), file.read(), file.name or "", given.region, datetime.now(UTC))
    return document(request, _shown(request, made), 201)


@router.get("plans/{number}", response=PlanOut, operation_id="get_plan")
def get_plan(request: HttpRequest, number: str) -> HttpResponse:
    """Return a document with its text, structure, warnings and the bodies that it names."""
    return document(request, _shown(request, _document(request, number)))


@router.get("plans/{number}/items", response=Page[dict[str, Any]], operation_id="list_plan_items")
def list_items(
    request: HttpRequest,
    number: str,
    paging: Query[Paging],
    wanted: Query[ItemFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the items of a document in its order; also as CSV or XLSX."""
    found = _document(request, number)
    rows = visible(actor(request), Item.KIND, Item.objects.filter(document=found))
    paging.sort = paging.sort or "place"
    return answer(request, ITEMS, rows, paging, wanted, row=_item_row)


@router.post("plans/{number}/items/{place}", response=PlanRowOut, operation_id="decide_plan_item")
def decide(request: HttpRequest, number: str, place: int, given: DecisionIn) -> HttpResponse:
    """Accept an item, accept it with changes, or reject it; an accepted measure enters the ledger."""
    item = _item(request, number, place)
    begun_from(request, item)
    done = reviewing.decide(
        actor(request), item, given.review, datetime.now(UTC), changes=given.changes, reason=given.reason
    )
    return document(request, _item_row(done))


@router.post("plans/{number}/sound", response=PlanRowOut, operation_id="accept_sound_plan_items")
def accept_sound(request: HttpRequest, number: str, given: SoundIn) -> HttpResponse:
    """Accept all open items of a sort in which nothing is damaged."""
    found = _document(request, number)
    done = reviewing.accept_sound(actor(request), found, given.sort, datetime.now(UTC))
    return document(request, {"accepted": done})


@router.put("plans/{number}/bodies/{body}", response=PlanRowOut, operation_id="confirm_plan_body")
def confirm(request: HttpRequest, number: str, body: int, given: BodyIn) -> HttpResponse:
    """Say which organisation a name of a body means; the measures that wait for it are assigned."""
    code = f"{_document(request, number).number}-b{body}"
    rows = visible(actor(request), BodyName.KIND, BodyName.objects.select_related("document__region"))
    name = rows.filter(code=code).first()
    if name is None:
        raise InputError("center_plans.none", value=code)
    begun_from(request, name)
    return document(request, _body_row(reviewing.confirm(actor(request), name, given.organisation)))


@router.get("plan-measures", response=Page[dict[str, Any]], operation_id="list_plan_measures")
def list_measures(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[MeasureFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the measures of the ledger; also as CSV or XLSX."""
    rows, asked = _wanted(request, wanted)
    paging.sort = paging.sort or "due,number"
    return answer(request, MEASURES, rows, paging, asked, row=_measure_row)


@router.get("plan-measures/board", response=PlanRowOut, operation_id="plan_measures_board")
def get_board(
    request: HttpRequest,
    wanted: Query[MeasureFilters],  # type: ignore[valid-type]
    by: Literal["lead", "due", "task"] = "lead",
) -> HttpResponse:
    """Return how the measures stand by department, by year of their deadline, or by task."""
    rows, asked = _wanted(request, wanted)
    from huanzhi.library.records.selecting import selected

    groups = ledger.board(selected(MEASURES, rows, asked), by, _today())
    totals = {name: sum(group[name] for group in groups) for name in ledger.COUNTED}
    return document(request, {"by": by, "groups": groups, "totals": totals})


@router.get("plan-measures/{number}", response=MeasureOut, operation_id="get_plan_measure")
def get_measure(request: HttpRequest, number: str) -> HttpResponse:
    """Return a measure with its history, evidence and the steps that I may take."""
    return document(request, _measure_shown(request, _measure(request, number)))


@router.post("plan-measures/{number}/moves", response=MeasureOut, operation_id="move_plan_measure")
def take_step(request: HttpRequest, number: str, given: PlanMoveIn) -> HttpResponse:
    """Take a step: assign, split, report progress, report done, send back, supervise, depend on an issue."""
    measure = _measure(request, number)
    begun_from(request, measure)
    told = given.model_dump(exclude={"move"})
    done = ledger.move(actor(request), measure, given.move, told, datetime.now(UTC))
    return document(request, _measure_shown(request, _measure(request, done.number)))


@router.post("plan-measures/{number}/finish", response={201: MeasureOut}, operation_id="finish_plan_measure")
def propose_finish(request: HttpRequest, number: str, given: FinishIn) -> HttpResponse:
    """Propose that a measure is written off; another person decides, under ``/proposals``."""
    measure = _measure(request, number)
    begun_from(request, measure)
    finishing.propose_finish(actor(request), measure, given.conclusion, datetime.now(UTC))
    return document(request, _measure_shown(request, _measure(request, number)), 201)


@router.post(
    "plan-measures/{number}/evidence", response={201: PlanRowOut}, operation_id="attach_plan_evidence"
)
def attach(
    request: HttpRequest, number: str, given: Form[PlanEvidenceIn], file: File[UploadedFile]
) -> HttpResponse:
    """Attach evidence of progress; it is hashed on arrival by SM3 and SHA-256, and never changed."""
    measure = _measure(request, number)
    piece = ledger.attach(actor(request), measure, file.read(), file.name or "", given.kind)
    return document(request, _piece(piece), 201)


@router.get("plan-measures/{number}/evidence/{piece}", operation_id="get_plan_evidence")
def get_evidence(request: HttpRequest, number: str, piece: int) -> HttpResponse:
    """Return the bytes of a piece of evidence, checked against its digest."""
    rows = MeasureEvidence.objects.filter(measure=_measure(request, number))
    found = one_of(rows, piece, "center_plans.none")
    return fingerprinted(read(found), "", found.name, found.sm3)


def _documents(request: HttpRequest) -> Any:
    return visible(actor(request), Document.KIND, Document.objects.select_related("region"))


def _document(request: HttpRequest, number: str) -> Document:
    found: Document | None = (
        _documents(request).filter(number=number).first() if "\x00" not in number else None
    )
    if found is None:
        raise InputError("center_plans.none", value=number.replace("\x00", ""))
    return found


def _item(request: HttpRequest, number: str, place: int) -> Item:
    code = f"{_document(request, number).number}-{place}"
    rows = visible(actor(request), Item.KIND, Item.objects.select_related("document__region"))
    found: Item | None = rows.filter(code=code).first()
    if found is None:
        raise InputError("center_plans.none", value=code)
    return found


def _measures(request: HttpRequest) -> Any:
    return visible(actor(request), Measure.KIND, Measure.objects.all())


def _measure(request: HttpRequest, number: str) -> Measure:
    rows = _measures(request).select_related("region", "lead", "document", "item")
    found: Measure | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("center_plans.none", value=number.replace("\x00", ""))
    return found


def _wanted(request: HttpRequest, wanted: Schema) -> tuple[Any, dict[str, Any]]:
    asked = wanted.model_dump(exclude_none=True)
    told: dict[str, dict[str, Any]] = {
        "open": {"state__in": open_states()},
        "overdue": {"due__lt": _today(), "state__in": open_states()[:2]},
        "unassigned": {"lead__isnull": True},
    }
    rows = _measures(request)
    for name, condition in told.items():
        flag = asked.pop(name, None)
        if flag is not None:
            rows = rows.filter(**condition) if flag else rows.exclude(**condition)
    return rows, asked


def _shown(request: HttpRequest, found: Document) -> dict[str, Any]:
    who = actor(request)
    bodies = BodyName.objects.filter(document=found).select_related("organisation")
    thing = Thing(Item.KIND, found.region.path)
    return {
        **mask(who, found, _document_row(found)),
        "text": found.text,
        "about": found.about,
        "bodies": [_body_row(body) for body in bodies],
        "organisations": _organisations(found),
        "may_review": may(who, "change", thing).allowed,
    }


def _organisations(found: Document) -> list[dict[str, str]]:
    rows = Organisation.objects.filter(region__path__startswith=found.region.path).exclude(kind="enterprise")
    return [{"code": row.code, "name": row.name} for row in rows.order_by("code")[:400]]


def _document_row(found: Any) -> dict[str, Any]:
    row = DOCUMENTS.row(found)
    counts = dict.fromkeys(settings()["review"], 0)
    for review in Item.objects.filter(document=found).values_list("review", flat=True):
        counts[review] += 1
    return {**row, "items": counts}


def _item_row(item: Any) -> dict[str, Any]:
    return {**ITEMS.row(item), "told": item.told}


def _body_row(body: BodyName) -> dict[str, Any]:
    who = body.organisation
    return {
        "place": int(body.code.rpartition("-b")[2]),
        "name": body.name,
        "written": body.written,
        "organisation": who.code if who else "",
        "organisation_name": who.name if who else "",
        "confirmed": body.confirmed,
        "revision": body.revision,
    }


def _measure_row(measure: Any) -> dict[str, Any]:
    return {**MEASURES.row(measure), "overdue": measure.overdue(_today())}


def _measure_shown(request: HttpRequest, measure: Measure) -> dict[str, Any]:
    who = actor(request)
    names = ledger.allowed(who, measure)
    proposal = Thing(f"proposal:{finishing.KIND}", measure.region.path)
    return {
        **mask(who, measure, _measure_row(measure)),
        "joint": measure.joint,
        "deliverables": measure.deliverables,
        "issues": measure.issues,
        "waiting": ledger.open_issues(measure),
        "steps": measure.steps,
        "quote": measure.item.quote if measure.item else "",
        "place": measure.item.place if measure.item else None,
        "document_title": measure.document.title,
        "evidence": [_piece(piece) for piece in MeasureEvidence.objects.filter(measure=measure)],
        "moves": [
            {"name": name, **{word: settings()["move"][name][word] for word in ("zh", "en", "needs")}}
            for name in names
        ],
        "may_attach": measure.state in open_states() and may(who, "change", thing_of(measure)).allowed,
        "may_finish": measure.state == "reported" and may(who, "propose", proposal).allowed,
    }


def _piece(piece: MeasureEvidence) -> dict[str, Any]:
    names = ("name", "kind", "size", "sha256", "sm3", "actor", "actor_name")
    at = piece.received_at.astimezone(CHINA).isoformat(timespec="seconds")
    return {"id": piece.pk, **{name: getattr(piece, name) for name in names}, "received_at": at}


def _today() -> date:
    return datetime.now(CHINA).date()
