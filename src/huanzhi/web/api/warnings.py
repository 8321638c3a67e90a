"""Warnings 预警: list, one warning with its reason, curve and history, reply, dispatch, muting, release."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from huanzhi.center.warnings import answering
from huanzhi.center.warnings.catalogue import short_rows
from huanzhi.center.warnings.dispatching import Order, dispatch, proposal
from huanzhi.center.warnings.figures import figures
from huanzhi.center.warnings.handling import mute, release_by_hand, step_done
from huanzhi.center.warnings.models import Warning
from huanzhi.center.warnings.notice import notice
from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx
from huanzhi.library.rights import require, thing_of, visible
from huanzhi.messages import using
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import download, written
from huanzhi.web.api.traces import as_shown
from huanzhi.web.api.warning_shapes import (
    TABLE,
    DispatchedOut,
    DispatchIn,
    DispatchProposalOut,
    JudgeIn,
    MuteIn,
    ReleaseIn,
    StepIn,
    WarningFiguresOut,
    WarningOut,
    WarningReplyIn,
    WarningWords,
    issue_thing,
    line,
    proposal_row,
    shown,
    words_rows,
)

router = Router(tags=["warnings"])
WarningFilters = filters(
    "WarningFilters",
    TABLE.columns,
    overdue=(bool | None, Field(None, description="a reply is owed and late")),
    heads=(bool | None, Field(None, description="only those that are not folded into another")),
)


@router.get("warnings", response=Page[dict[str, Any]], operation_id="list_warnings")
def list_warnings(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[WarningFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List warnings, the newest first; also as CSV, XLSX or GeoJSON for the map."""
    asked = wanted.model_dump(exclude_none=True)
    rows = _readable(request)
    if asked.pop("overdue", False):
        late = datetime.now(UTC)
        rows = rows.filter(reply_state__in=("owed", "refused"), reply_due__lt=late)
    if asked.pop("heads", False):
        rows = rows.filter(storm=None)
    paging.sort = paging.sort or "-since"
    with using(language_of(request)):
        return answer(request, TABLE, rows, paging, asked, row=line)


@router.get("warnings/words", response=WarningWords, operation_id="warning_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return levels, colours, causes of replies, steps of the ladder, and the rules by name."""
    return document(request, words_rows(short_rows()))


@router.get("warnings/figures", response=WarningFiguresOut, operation_id="warning_figures")
def get_figures(request: HttpRequest, region: str = "") -> HttpResponse:
    """Return how many warnings stand, what is owed, and how long it took from alarm to disposal."""
    rows = _readable(request)
    if region:
        rows = rows.filter(region__path__contains=f"{region}/")
    return document(request, figures(rows, datetime.now(UTC)))


@router.get("warnings/{code}", response=WarningOut, operation_id="get_warning")
def get_warning(request: HttpRequest, code: str) -> HttpResponse:
    """Return a warning with its reason, thresholds, curve, replies, history, and what was folded into it."""
    return _document(request, _found(request, code))


@router.get("warnings/{code}/proposal", response=DispatchProposalOut, operation_id="warning_proposal")
def get_proposal(request: HttpRequest, code: str) -> HttpResponse:
    """Propose the issue of a warning: who leads and why, what is asked, how serious it is."""
    row = _found(request, code)
    require(actor(request), "command", issue_thing(row))
    with using(language_of(request)):
        return document(request, proposal_row(proposal(row, datetime.now(CHINA).date())))


@router.post("warnings/{code}/dispatch", response=DispatchedOut, operation_id="dispatch_warning")
def dispatch_warning(request: HttpRequest, code: str, given: DispatchIn) -> HttpResponse:
    """Make a warning an issue, or take the one that it opened, and hand it over at once.

    What was shown of the warning and its suspects is kept with the issue.
    """
    row = _found(request, code)
    begun_from(request, row)
    who, now = actor(request), datetime.now(UTC)
    require(who, "command", issue_thing(row))
    with using(language_of(request)):
        kept = as_shown(who, row, given.trace, now)
        order = Order(given.lead, given.requirement, given.level, given.handler, given.reason, kept)
        issue = dispatch(who, row, order, now)
    return document(request, {"issue": issue.number, "state": issue.state, "revision": row.revision})


@router.post("warnings/{code}/reply", response={201: WarningOut}, operation_id="reply_to_warning")
def reply(request: HttpRequest, code: str, given: WarningReplyIn) -> HttpResponse:
    """Answer a warning, as the enterprise or the county that owes it."""
    row = _found(request, code)
    begun_from(request, row)
    told = answering.Given(given.cause, given.words, given.measures, given.expected)
    answering.reply(actor(request), row, told, datetime.now(UTC))
    return _document(request, row, 201)


@router.post("warnings/{code}/judge", response=WarningOut, operation_id="judge_warning_reply")
def judge(request: HttpRequest, code: str, given: JudgeIn) -> HttpResponse:
    """Accept the last reply as an explanation, or refuse it with a reason; who replied may not."""
    row = _found(request, code)
    begun_from(request, row)
    answering.judge(actor(request), row, given.accepted, given.reason, datetime.now(UTC))
    return _document(request, row)


@router.post("warnings/{code}/steps/{name}", response=WarningOut, operation_id="take_warning_step")
def take_step(request: HttpRequest, code: str, name: str, given: StepIn) -> HttpResponse:
    """Note that a step after a warning was taken."""
    row = _found(request, code)
    begun_from(request, row)
    return _document(request, step_done(actor(request), row, name, given.words, datetime.now(UTC)))


@router.post("warnings/{code}/release", response=WarningOut, operation_id="release_warning")
def release(request: HttpRequest, code: str, given: ReleaseIn) -> HttpResponse:
    """Release a warning by hand; it rises anew if its signs go on."""
    row = _found(request, code)
    begun_from(request, row)
    return _document(request, release_by_hand(actor(request), row, given.reason, datetime.now(UTC)))


@router.post("warnings/{code}/mute", response={201: WarningOut}, operation_id="mute_warning")
def mute_rule(request: HttpRequest, code: str, given: MuteIn) -> HttpResponse:
    """Mute the rule of a warning at its place until a moment; what it sees is kept and opens no issue."""
    row = _found(request, code)
    begun_from(request, row)
    mute(actor(request), row, given.until, given.reason, datetime.now(UTC))
    return _document(request, row, 201)


@router.get("warnings/{code}/notice", operation_id="warning_notice")
def get_notice(request: HttpRequest, code: str) -> HttpResponse:
    """Return the notice 预警通知单 to who is responsible, as a Word document."""
    row = _found(request, code)
    require(actor(request), "export", thing_of(row))
    with using(language_of(request)):
        made = notice(row, datetime.now(CHINA).date())
        return download(written(made, write_docx, "docx"), "docx", f"{made.title}.docx")


def _readable(request: HttpRequest) -> Any:
    return visible(actor(request), "warning", Warning.objects.select_related("region", "storm"))


def _found(request: HttpRequest, code: str) -> Warning:
    found: Warning | None = _readable(request).filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("tables.no_record", value=code.replace("\x00", ""))
    return found


def _document(request: HttpRequest, row: Warning, status: int = 200) -> HttpResponse:
    with using(language_of(request)):
        return document(request, shown(actor(request), row), status)
