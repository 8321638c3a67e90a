"""Tracing 溯源 over the API: suspects of an issue or a warning, and the result kept as evidence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict

from huanzhi.center.issues.evidence import attach
from huanzhi.center.issues.models import Issue
from huanzhi.center.warnings.models import Warning
from huanzhi.errors import InputError, StoreError
from huanzhi.library.rights import Actor, require, thing_of, visible
from huanzhi.library.series import open_store
from huanzhi.messages import text, using
from huanzhi.programmes.tracing import Question, of_warning, trace
from huanzhi.programmes.tracing.telling import told
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.issue_shapes import EvidenceOut, piece_row
from huanzhi.web.api.issues import inside_issue
from huanzhi.web.api.lists import document

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


@router.get("issues/{number}/trace", response=TraceOut, operation_id="trace_issue")
def get_trace(request: HttpRequest, number: str) -> HttpResponse:
    """Return who may have caused an issue: upstream by travel time, upwind, or near by."""
    with using(language_of(request)):
        return document(request, traced(actor(request), inside_issue(request, number)))


@router.get("warnings/{code}/trace", response=TraceOut, operation_id="trace_warning", tags=["warnings"])
def get_warning_trace(request: HttpRequest, code: str) -> HttpResponse:
    """Return the outlets that may have caused a warning of a station or section; for the bureau alone.

    They are sought anew at each asking and not kept with the warning: a suspect is not a culprit.
    """
    who, plain = actor(request), code.replace("\x00", "")
    row = visible(who, Warning.KIND, Warning.objects.select_related("region")).filter(code=plain).first()
    if row is None:
        raise InputError("tables.no_record", value=plain)
    require(who, "change", thing_of(row))
    with using(language_of(request)):
        return document(request, traced(who, of_warning(row)))


@router.post("issues/{number}/trace", response={201: EvidenceOut}, operation_id="keep_trace")
def keep_trace(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the trace as it is now as a piece of evidence, for the step of investigation."""
    issue = inside_issue(request, number)
    with using(language_of(request)):
        made = {"issue": issue.number, "made": datetime.now(UTC).isoformat(), **traced(actor(request), issue)}
        name = text("tracing.file", number=issue.number)
    content = json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True).encode()
    piece = attach(actor(request), issue, content, name, "record", datetime.now(UTC), issue.lon, issue.lat)
    return document(request, piece_row(piece), 201)


def traced(who: Actor, issue: Issue | Question) -> dict[str, Any]:
    """Return a trace; without a store nothing is known of wind and data."""
    try:
        with open_store("read") as store:
            return told(trace(who, store, issue))
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        return told(trace(who, None, issue))
