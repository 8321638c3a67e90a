"""Responsibility audits 环境责任审计: the form, audits and their items, findings, finishing, the report.

A change names the revision that it began from in ``If-Match``; if somebody else was quicker it is refused
with 412 and nothing is lost. An enterprise meets its own audits once they are finished, and no draft.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from huanzhi.ecocode.audits import keeping, paper
from huanzhi.ecocode.audits.form import items, settings
from huanzhi.ecocode.audits.listing import AUDITS, ITEMS
from huanzhi.ecocode.audits.models import Audit, AuditItem
from huanzhi.ecocode.audits.showing import told_to
from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx
from huanzhi.library.rights import visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.messages import using
from huanzhi.programmes.audits import working
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.own import enterprise_of
from huanzhi.web.api.papers import download, written
from huanzhi.web.api.responsibility_shapes import (
    ResponsibilityAuditOut,
    ResponsibilityBeginIn,
    ResponsibilityJudgeIn,
    ResponsibilityWordsIn,
    ResponsibilityWordsOut,
)

router = Router(tags=["responsibility audits"])
AuditFilters = filters(
    "ResponsibilityAuditFilters",
    AUDITS.columns,
    open=(bool | None, Field(None, description="at work")),
)
ItemFilters = filters(
    "ResponsibilityItemFilters",
    ITEMS.columns,
    overdue=(bool | None, Field(None, description="to be put right, and past its day")),
    demanded=(bool | None, Field(None, description="to be put right since its audit was finished")),
)
Rows = Page[dict[str, Any]]
WORDS = ("section", "finding", "grade", "state", "standing")


@router.get("audit-form", response=ResponsibilityWordsOut, operation_id="responsibility_audit_form")
def get_form(request: HttpRequest) -> HttpResponse:
    """Return the form: every item with its basis and confidence, the terms, the words, and what I may do."""
    found: dict[str, Any] = {name: _choices(name) for name in WORDS}
    found["item"] = [_item(code) for code in items()]
    found |= {name: dict(settings()[name]) for name in ("edition", "terms")}
    found["may_begin"] = any(rules_held(actor(request), "create", Audit.KIND))
    return document(request, found)


@router.get("audits", response=Rows, operation_id="list_responsibility_audits")
def get_audits(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[AuditFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the audits, the newest first; an enterprise sees its own that are finished."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = _audits(request)
    if (is_open := asked.pop("open", None)) is not None:
        rows = rows.filter(state="working") if is_open else rows.exclude(state="working")
    paging.sort = paging.sort or "-opened"
    return answer(request, AUDITS, rows, paging, asked)


@router.post("audits", response={201: ResponsibilityAuditOut}, operation_id="begin_responsibility_audit")
def begin(request: HttpRequest, given: ResponsibilityBeginIn) -> HttpResponse:
    """Begin the audit of an enterprise, every item filled with what the archive knows."""
    who = actor(request)
    enterprise = enterprise_of(who, given.enterprise)
    if enterprise is None:
        raise InputError("audits.none", column="enterprise", value=given.enterprise.replace("\x00", ""))
    made = working.begin(who, enterprise, datetime.now(UTC), given.first)
    return document(request, _out(request, made), 201)


@router.get("audits/{number}", response=ResponsibilityAuditOut, operation_id="get_responsibility_audit")
def get_audit(request: HttpRequest, number: str) -> HttpResponse:
    """Return an audit with every item: what the archive says, what was found, how it is put right."""
    return document(request, _out(request, _audit(request, number)))


@router.post(
    "audits/{number}/refill", response=ResponsibilityAuditOut, operation_id="refill_responsibility_audit"
)
def refill(request: HttpRequest, number: str) -> HttpResponse:
    """Fill the items anew from what the archive knows by now; findings stay."""
    held = _audit(request, number)
    begun_from(request, held)
    working.refill(actor(request), held, datetime.now(UTC))
    return document(request, _out(request, _audit(request, number)))


@router.post(
    "audits/{number}/finish", response=ResponsibilityAuditOut, operation_id="finish_responsibility_audit"
)
def finish(request: HttpRequest, number: str, given: ResponsibilityWordsIn) -> HttpResponse:
    """Finish an audit: the rulebook grades it, failed items become issues, the enterprise sees it."""
    held = _audit(request, number)
    begun_from(request, held)
    working.finish(actor(request), held, given.words, datetime.now(UTC))
    return document(request, _out(request, _audit(request, number)))


@router.post(
    "audits/{number}/void", response=ResponsibilityAuditOut, operation_id="void_responsibility_audit"
)
def void(request: HttpRequest, number: str, given: ResponsibilityWordsIn) -> HttpResponse:
    """Give an audit at work up, with the reason."""
    held = _audit(request, number)
    begun_from(request, held)
    keeping.void(actor(request), held, given.words, datetime.now(UTC))
    return document(request, _out(request, _audit(request, number)))


@router.get("audits/{number}/paper", operation_id="get_responsibility_report")
def get_paper(request: HttpRequest, number: str) -> HttpResponse:
    """Return the report of an audit as a Word document."""
    held = _audit(request, number)
    with using(language_of(request)):
        content = written(paper.document(held, _items(request, held)), write_docx, "docx")
    return download(content, "docx", f"{held.number}.docx")


@router.get("audit-items", response=Rows, operation_id="list_responsibility_items")
def get_items(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ItemFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the items of audits: with ``finding=failed`` what is to be put right, until when."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = visible(actor(request), AuditItem.KIND, AuditItem.objects.all())
    if (overdue := asked.pop("overdue", None)) is not None:
        late = {"standing": "open", "due__lt": _today()}
        rows = rows.filter(**late) if overdue else rows.exclude(**late)
    if (demanded := asked.pop("demanded", None)) is not None:
        rows = rows.exclude(standing="") if demanded else rows.filter(standing="")
    paging.sort = paging.sort or "-audit,code"
    return answer(request, ITEMS, rows, paging, asked)


@router.post(
    "audit-items/{code}/judge", response=ResponsibilityAuditOut, operation_id="judge_responsibility_item"
)
def judge(request: HttpRequest, code: str, given: ResponsibilityJudgeIn) -> HttpResponse:
    """Confirm what the archive says of an item, or change it with a reason."""
    rows = visible(actor(request), AuditItem.KIND, AuditItem.objects.select_related("audit"))
    held = _one(rows, "code", code)
    begun_from(request, held)
    keeping.judge(actor(request), held, given.model_dump(), datetime.now(UTC))
    return document(request, _out(request, _audit(request, held.audit.number)))


def _out(request: HttpRequest, held: Audit) -> dict[str, Any]:
    who, rows = actor(request), _items(request, held)
    states = working.states_of(rows)
    return {
        **AUDITS.row(held),
        "why": held.why,
        "words": held.words,
        "form": held.form,
        "filled": held.filled.astimezone(CHINA).isoformat(timespec="seconds") if held.filled else None,
        "steps": held.steps,
        "items": [_row(one, states) for one in rows],
        "moves": keeping.allowed(who, held),
    }


def _row(one: AuditItem, states: dict[str, str]) -> dict[str, Any]:
    names = ("code", "item", "section", "suggested", "looked", "told", "finding", "reason", "demand", "days")
    row: dict[str, Any] = {name: getattr(one, name) for name in names}
    dates = {name: _iso(getattr(one, name)) for name in ("due", "verified")}
    more = {"issue": one.issue, "standing": one.standing, "revision": one.revision}
    judged = {"judged": _moment(one.judged), "judged_name": one.judged_name}
    return {**row, **dates, **more, **judged, "issue_state": states.get(one.issue)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat(timespec="seconds") if moment else None


def _item(code: str) -> dict[str, Any]:
    one = items()[code]
    told = {"value": code, "zh": one.zh, "en": one.en, "section": one.section, "key": one.key}
    return {**told, "basis": dict(one.basis), "confidence": one.confidence}


def _choices(name: str) -> list[dict[str, str]]:
    return [{"value": code, "zh": row["zh"], "en": row["en"]} for code, row in settings()[name].items()]


def _items(request: HttpRequest, held: Audit) -> list[AuditItem]:
    """Return the items in order, with what speaks against them in the words that the reader may read."""
    rows = list(held.items.order_by("place"))
    for row, told in zip(rows, told_to(actor(request), rows), strict=True):
        row.told = told
    return rows


def _today() -> date:
    return datetime.now(CHINA).date()


def _audits(request: HttpRequest) -> Any:
    rows = Audit.objects.select_related("enterprise__organisation", "region")
    return visible(actor(request), Audit.KIND, rows)


def _audit(request: HttpRequest, number: str) -> Audit:
    found: Audit = _one(_audits(request), "number", number)
    return found


def _one(rows: Any, field: str, value: str) -> Any:
    clean = value.replace("\x00", "")
    found = rows.filter(**{field: clean}).first()
    if found is None:
        raise InputError("audits.none", value=clean[:64])
    return found
