"""Statements 企业说明: explanations of exceedances and reports of errors, filed and answered.

A change names the revision that it began from in ``If-Match``; 412 where somebody else was quicker.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from huanzhi.ecocode.permits.allowing import outlet_name
from huanzhi.ecocode.statements import stating
from huanzhi.ecocode.statements.listing import STATEMENTS
from huanzhi.ecocode.statements.models import Statement, StatementPiece
from huanzhi.ecocode.statements.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.kept import read
from huanzhi.library.rights import Actor, mask, may, thing_of, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.messages import catalogue
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.enterprise_file_shapes import (
    StatementIn,
    StatementMoveIn,
    StatementOut,
    StatementPieceIn,
    StatementWordsOut,
)
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.own import enterprise_of
from huanzhi.web.api.papers import fingerprinted, one_of

router = Router(tags=["statements"])
StatementFilters = filters(
    "StatementFilters",
    STATEMENTS.columns,
    open=(bool | None, Field(None, description="not answered yet")),
    overdue=(bool | None, Field(None, description="past the term for the answer")),
)


@router.get("statement-words", response=StatementWordsOut, operation_id="statement_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of the forms, the term for the answer, and what is asked of each sort."""
    tables = ("sort", "cause", "subject", "state", "move", "evidence")
    found: dict[str, Any] = {
        name: [{"value": code, "zh": row["zh"], "en": row["en"]} for code, row in settings()[name].items()]
        for name in tables
    }
    found["needs"] = {code: row["needs"] for code, row in settings()["sort"].items()}
    found["terms"] = dict(settings()["terms"])
    found["hint"] = dict(settings()["hint"])
    found["limits"] = dict(settings()["limits"])
    found["may_file"] = any(rules_held(actor(request), "create", Statement.KIND))
    return document(request, found)


@router.get("statements", response=Page[dict[str, Any]], operation_id="list_statements")
def list_statements(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[StatementFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List statements, the newest first; also as CSV or XLSX."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = _readable(actor(request))
    if (is_open := asked.pop("open", None)) is not None:
        rows = rows.filter(state="filed") if is_open else rows.exclude(state="filed")
    if asked.pop("overdue", False):
        rows = rows.filter(state="filed", due__lt=datetime.now(UTC))
    paging.sort = paging.sort or "-filed"
    who, rows = actor(request), rows.select_related("outlet__region", "outlet__organisation")
    return answer(request, STATEMENTS, rows, paging, asked, row=lambda one: _row(who, one))


@router.post("statements", response={201: StatementOut}, operation_id="file_statement")
def create(request: HttpRequest, given: StatementIn) -> HttpResponse:
    """File a statement; its term for the answer begins."""
    who = actor(request)
    enterprise = _enterprise(who, given.enterprise)
    told = given.model_dump(exclude={"enterprise"})
    made = stating.state(who, enterprise, told, datetime.now(UTC))
    return document(request, shown(who, made), 201)


@router.get("statements/{number}", response=StatementOut, operation_id="get_statement")
def get_statement(request: HttpRequest, number: str) -> HttpResponse:
    """Return a statement with its steps, files, and the steps that I may take."""
    return document(request, shown(actor(request), _found(request, number)))


@router.post("statements/{number}/moves", response=StatementOut, operation_id="move_statement")
def take_step(request: HttpRequest, number: str, given: StatementMoveIn) -> HttpResponse:
    """Take a step: add, withdraw, accept, refuse."""
    statement = _found(request, number)
    begun_from(request, statement)
    done = stating.move(actor(request), statement, given.move, {"words": given.words}, datetime.now(UTC))
    return document(request, shown(actor(request), done))


@router.post(
    "statements/{number}/evidence", response={201: dict[str, Any]}, operation_id="attach_statement_evidence"
)
def attach(
    request: HttpRequest, number: str, given: Query[StatementPieceIn], file: File[UploadedFile]
) -> HttpResponse:
    """Attach a file; it is hashed on arrival by SM3 and SHA-256, and never changed."""
    statement, now = _found(request, number), datetime.now(UTC)
    piece = stating.attach(actor(request), statement, file.read(), file.name or "", given.kind, now)
    return document(request, _piece(piece), 201)


@router.get("statements/{number}/evidence/{piece}", operation_id="get_statement_evidence")
def get_evidence(request: HttpRequest, number: str, piece: int) -> HttpResponse:
    """Return the bytes of a file, checked against its digest."""
    statement = _found(request, number)
    found = one_of(StatementPiece.objects.filter(statement=statement), piece)
    return fingerprinted(read(found), "", found.name, found.sm3)


def shown(who: Actor, statement: Statement) -> dict[str, Any]:
    """Return a statement as it is shown."""
    names = ("period", "subject_field", "should_be", "steps", "filed_name")
    return {
        **mask(who, statement, _row(who, statement)),
        **{name: getattr(statement, name) for name in names},
        "due_note": dict(catalogue()[statement.due_note]) if statement.due_note else None,
        "evidence": [_piece(one) for one in StatementPiece.objects.filter(statement=statement)],
        "moves": [
            {"name": name, **{word: settings()["move"][name][word] for word in ("zh", "en", "needs")}}
            for name in stating.allowed(who, statement)
        ],
        "may_attach": statement.state == "filed" and may(who, "change", thing_of(statement)).allowed,
    }


def _row(who: Actor, statement: Statement) -> dict[str, Any]:
    return {**STATEMENTS.row(statement), "outlet_name": outlet_name(who, statement.outlet)}


def _piece(piece: StatementPiece) -> dict[str, Any]:
    names = ("name", "kind", "size", "sha256", "sm3", "actor_name")
    at = piece.received_at.astimezone(CHINA).isoformat(timespec="seconds")
    return {"id": piece.pk, **{name: getattr(piece, name) for name in names}, "received_at": at}


def _enterprise(who: Actor, code: str) -> Enterprise:
    """Return the enterprise that is named, else one's own."""
    found = enterprise_of(who, code)
    if found is None:
        raise InputError("enterprise_file.no_enterprise", column="enterprise", value=code or None)
    return found


def _readable(who: Actor) -> Any:
    return visible(who, Statement.KIND, Statement.objects.all())


def _found(request: HttpRequest, number: str) -> Statement:
    rows = _readable(actor(request)).select_related("region", "organisation", "enterprise", "outlet")
    found: Statement | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("enterprise_file.none", value=number.replace("\x00", ""))
    return found
