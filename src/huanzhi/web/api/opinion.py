"""Public opinion 舆情.

List, figures, entry, who answers until when, the issue behind it, published responses.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.opinion.answering import assign, end, enter, figures, make_issue, propose_response
from huanzhi.center.opinion.grading import grade
from huanzhi.center.opinion.listing import opinion_table
from huanzhi.center.opinion.models import Opinion
from huanzhi.center.opinion.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.records.giving import give
from huanzhi.library.records.selecting import selected
from huanzhi.library.rights import may, thing_of, visible
from huanzhi.library.sheets.importing import accept, preview
from huanzhi.library.sheets.template import template
from huanzhi.messages import using
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import download
from huanzhi.web.api.petition_shapes import choices

router = Router(tags=["opinion"])
TABLE = opinion_table()
OpinionFilters = filters(
    "OpinionFilters",
    TABLE.columns,
    open=(bool | None, Field(None, description="still to be answered")),
    overdue=(bool | None, Field(None, description="to be answered, and late")),
)
OPEN = ("entered", "assigned")


class OpinionOut(Schema):
    """Something published, with its grade and why, who answers until when, and the response."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"code": "YQ-20261122-001", "grade": "large"}]}
    )

    code: str
    grade: str
    revision: int


class OpinionAssignIn(Schema):
    """Who answers."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"organisation": "990011-branch"}]}
    )

    organisation: str = Field(max_length=40)
    reason: str = Field("", max_length=500)


class ResponseIn(Schema):
    """The response to publish, and what was found and done."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"response": "已调查核实……"}]})

    response: str = Field(min_length=1, max_length=4000)
    outcome: str = Field("", max_length=4000)


class OpinionEndIn(Schema):
    """``closed`` or ``ignored``, and why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"state": "closed", "reason": "已平息"}]}
    )

    state: str = Field(max_length=12)
    reason: str = Field(min_length=1, max_length=500)


class SheetIn(Schema):
    """Whether the sheet is taken in."""

    accept: bool = False


class OpinionSheetOut(Schema):
    """What a sheet would change, or changed."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"new": 3, "wrong": 0}]})

    new: int
    changed: int
    unchanged: int
    wrong: int


class OpinionFiguresOut(Schema):
    """Figures of public opinion."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"total": 12, "open": 3}]})

    total: int
    open: int
    overdue: int


@router.get("opinion", response=Page[dict[str, Any]], operation_id="list_opinion")
def list_opinion(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[OpinionFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List what was published, the newest first; also as CSV and XLSX."""
    rows, asked = _wanted(request, wanted)
    paging.sort = paging.sort or "-published"
    return answer(request, TABLE, rows, paging, asked)


@router.get("opinion/statistics", response=OpinionFiguresOut, operation_id="opinion_statistics")
def get_statistics(request: HttpRequest, wanted: Query[OpinionFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """Return figures by grade, topic, state and region, and how much was answered on time."""
    rows, asked = _wanted(request, wanted)
    return document(request, figures(selected(TABLE, rows, asked), datetime.now(UTC)))


@router.get("opinion/words", response=dict[str, Any], operation_id="opinion_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of the forms, the terms by grade, and the declaration of the columns."""
    words = {name: choices(settings()[name]) for name in ("state", "media", "tone", "grade")}
    hours = {code: row["hours"] for code, row in settings()["grade"].items()}
    more = {"hours": hours, "confidence": settings()["terms"]["confidence"]}
    columns = [column.as_dict() for column in TABLE.sheet_columns()]
    return document(
        request, {**words, **more, "topic": choices(issue_settings()["category"]), "columns": columns}
    )


@router.get("opinion/sheet", operation_id="opinion_sheet")
def get_sheet(request: HttpRequest) -> HttpResponse:
    """Return the template of a sheet."""
    with using(language_of(request)):
        return download(template(TABLE), "xlsx", f"{TABLE.name()}.xlsx")


@router.post("opinion", response={201: OpinionOut}, operation_id="enter_opinion")
def create(request: HttpRequest, given: Body[dict[str, Any]]) -> HttpResponse:
    """Enter something published, by the names of the columns; it is graded at once."""
    made = Opinion()
    with using(language_of(request)):
        give(made, TABLE, given)
    missing = [name for name in ("title", "source", "published") if not getattr(made, name)]
    if made.region_id is None or missing:
        column = TABLE.column(missing[0] if missing else "region")
        raise InputError("tables.required", column=column.heading(), expected=column.expectation())
    return _document(request, enter(actor(request), made), 201)


@router.post("opinion/sheets", response=OpinionSheetOut, operation_id="import_opinion")
def import_sheet(request: HttpRequest, given: Form[SheetIn], file: File[UploadedFile]) -> HttpResponse:
    """Show what a sheet (xlsx, CSV) would change, or take it in, all of it or nothing."""
    who, raw, name = actor(request), file.read(), file.name or ""
    with using(language_of(request)):
        found = accept(who, TABLE, raw, name) if given.accept else preview(who, TABLE, raw, name)
        return document(request, found.as_dict())


@router.get("opinion/{code}", response=OpinionOut, operation_id="get_opinion")
def get_opinion(request: HttpRequest, code: str) -> HttpResponse:
    """Return something published, with its grade and why."""
    return _document(request, _found(request, code))


@router.post("opinion/{code}/assign", response=OpinionOut, operation_id="assign_opinion")
def post_assign(request: HttpRequest, code: str, given: OpinionAssignIn) -> HttpResponse:
    """Say who answers; until when follows from the grade."""
    held = _found(request, code)
    begun_from(request, held)
    return _document(request, assign(actor(request), held, given.organisation, given.reason))


@router.post("opinion/{code}/issue", response=OpinionOut, operation_id="open_opinion_issue")
def post_issue(request: HttpRequest, code: str) -> HttpResponse:
    """Open the issue behind it, once."""
    held = _found(request, code)
    begun_from(request, held)
    make_issue(actor(request), held)
    return _document(request, held)


@router.post("opinion/{code}/response", response={201: OpinionOut}, operation_id="propose_response")
def post_response(request: HttpRequest, code: str, given: ResponseIn) -> HttpResponse:
    """Propose a response; another person publishes it under ``/proposals``."""
    held = _found(request, code)
    begun_from(request, held)
    propose_response(actor(request), held, given.response, given.outcome)
    return _document(request, held, 201)


@router.post("opinion/{code}/end", response=OpinionOut, operation_id="end_opinion")
def post_end(request: HttpRequest, code: str, given: OpinionEndIn) -> HttpResponse:
    """Close what was answered, or say that nothing is to be done."""
    held = _found(request, code)
    begun_from(request, held)
    return _document(request, end(actor(request), held, given.state, given.reason))


@router.get("open/responses", response=dict[str, Any], auth=None, operation_id="open_responses")
def open_responses(request: HttpRequest) -> HttpResponse:
    """List the newest published responses, for anybody: title, response, who answered, when."""
    rows = Opinion.objects.filter(state__in=("responded", "closed"), responded__isnull=False).exclude(
        response=""
    )
    found = rows.select_related("organisation").order_by("-responded")[:50]
    items = [
        {
            "title": one.title,
            "response": one.response,
            "unit": one.organisation.name if one.organisation else "",
            "responded": one.responded,
            "simulated": one.simulated,
        }
        for one in found
    ]
    return document(request, {"items": items})


def _wanted(request: HttpRequest, wanted: Schema) -> tuple[Any, dict[str, Any]]:
    asked = wanted.model_dump(exclude_none=True)
    rows = visible(actor(request), Opinion.KIND, Opinion.objects.all())
    if (is_open := asked.pop("open", None)) is not None:
        rows = rows.filter(state__in=OPEN) if is_open else rows.exclude(state__in=OPEN)
    if asked.pop("overdue", False):
        rows = rows.filter(due__lt=datetime.now(UTC), state__in=OPEN)
    return rows, asked


def _found(request: HttpRequest, code: str) -> Opinion:
    rows = visible(actor(request), Opinion.KIND, Opinion.objects.select_related("region", "organisation"))
    found: Opinion | None = rows.filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("opinion.none", value=code.replace("\x00", ""))
    return found


def _document(request: HttpRequest, opinion: Opinion, status: int = 200) -> HttpResponse:
    who, now = actor(request), datetime.now(UTC)
    held = Opinion.objects.select_related("region", "organisation").get(pk=opinion.pk)
    graded, thing = grade(held), thing_of(held)
    waiting = Proposal.objects.filter(
        subject_kind=Opinion.KIND, subject=held.code, state=State.OPEN, expires__gt=now
    )
    first = waiting.first()
    more = {
        "response": held.response,
        "outcome": held.outcome,
        "version": held.version,
        "confidence": graded.confidence,
        "reasons": list(graded.reasons),
        "overdue": bool(held.due and held.due < now and held.state in OPEN),
        "may_change": may(who, "change", thing).allowed,
        "may_command": may(who, "command", thing).allowed,
        "proposal": first.pk if first else None,
    }
    return document(request, {**TABLE.row(held), **more}, status)
