"""Tracing 溯源 over the API: suspects of an issue or a warning, and the result kept as evidence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict

from huanzhi.center.issues.evidence import attach, read
from huanzhi.center.warnings.dispatching import shown_of
from huanzhi.center.warnings.models import Warning
from huanzhi.errors import InputError
from huanzhi.library.rights import require, thing_of, visible
from huanzhi.messages import text, using
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.issue_shapes import EvidenceOut, piece_row
from huanzhi.web.api.issues import inside_issue
from huanzhi.web.api.lists import document
from huanzhi.web.api.traces import signed_trace, traced

router = Router(tags=["issues"])


class TraceOut(Schema):
    """A trace: the way it was made, and the suspects, the likeliest first, with the parts of their scores."""

    model_config = ConfigDict(extra="allow")

    method: str
    at: str
    searched: int
    suspects: list[dict[str, Any]]
    conclusion: str
    version: str
    confidence: str


class ShownOut(Schema):
    """What was shown of a warning when it became an issue; empty where no officer made it one from there."""

    kept: str | None
    by: str
    by_name: str
    seen: bool
    digest: str
    warning: dict[str, Any] | None
    trace: dict[str, Any] | None


@router.get("issues/{number}/trace", response=TraceOut, operation_id="trace_issue")
def get_trace(request: HttpRequest, number: str) -> HttpResponse:
    """Return who may have caused an issue: upstream by travel time, upwind, or near by."""
    with using(language_of(request)):
        return document(request, traced(actor(request), inside_issue(request, number)))


@router.get("warnings/{code}/trace", response=TraceOut, operation_id="trace_warning", tags=["warnings"])
def get_warning_trace(request: HttpRequest, code: str) -> HttpResponse:
    """Return the outlets that may have caused a warning of a station or section; for the bureau alone.

    They are sought anew at each asking; ``token``, given back with the dispatch, keeps them with the issue.
    """
    who, plain = actor(request), code.replace("\x00", "")
    row = visible(who, Warning.KIND, Warning.objects.select_related("region")).filter(code=plain).first()
    if row is None:
        raise InputError("tables.no_record", value=plain)
    require(who, "change", thing_of(row))
    with using(language_of(request)):
        return document(request, signed_trace(who, row, datetime.now(UTC)))


@router.get("issues/{number}/trace/shown", response=ShownOut, operation_id="shown_trace")
def get_shown(request: HttpRequest, number: str) -> HttpResponse:
    """Return what the officer saw who made a warning this issue: rule, version, inputs, and the suspects."""
    piece = shown_of(inside_issue(request, number))
    none = {"kept": None, "by": "", "by_name": "", "seen": False, "warning": None, "trace": None}
    held = json.loads(read(piece)) if piece else none
    return document(request, {**held, "digest": piece.sha256 if piece else ""})


@router.post("issues/{number}/trace", response={201: EvidenceOut}, operation_id="keep_trace")
def keep_trace(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the trace as it is now as a piece of evidence, for the step of investigation."""
    issue = inside_issue(request, number)
    with using(language_of(request)):
        made = {"issue": issue.number, "made": datetime.now(UTC).isoformat(), **traced(actor(request), issue)}
        name = text("tracing.file", number=issue.number)
    content = json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True).encode()
    piece = attach(actor(request), issue, content, name, "trace", datetime.now(UTC), issue.lon, issue.lat)
    return document(request, piece_row(piece), 201)
