"""Warnings 预警: list, one warning with its reason and curve, muting and release by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field

from huanzhi.center.warnings.handling import mute, release_by_hand
from huanzhi.center.warnings.listing import warning_table
from huanzhi.center.warnings.models import Mute, Warning
from huanzhi.center.warnings.words import title, why
from huanzhi.center.watching.rules import tables
from huanzhi.errors import InputError
from huanzhi.library.rights import may, thing_of, visible
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters

router = Router(tags=["warnings"])
TABLE = warning_table()
WarningFilters = filters("WarningFilters", TABLE.columns)
CURVE = timedelta(hours=2)
"""How much of the curve around a warning its link shows on each side. Ours."""


class WarningOut(Schema):
    """A warning; `why` in both languages, `curve` is the address of its series around it."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [{"code": "YJ-20261122-01234567", "rule": "over_limit", "level": "warning"}]
        },
    )

    code: str
    rule: str
    rule_name: str
    rule_name_en: str
    version: str
    thresholds: dict[str, Any]
    confidence: str
    level: str
    level_name: str
    state: str
    place: str
    place_name: str
    parameters: list[str]
    facts: dict[str, Any]
    suspects: list[str]
    why: str
    why_en: str
    curve: str
    folded: list[str]
    mutes: list[dict[str, Any]]
    may_change: bool
    release_reason: str
    revision: int


class ReleaseIn(Schema):
    """Why a warning is released by hand."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "现场核实为仪器维护"}]}
    )

    reason: str = Field(min_length=1, max_length=500)


class MuteIn(ReleaseIn):
    """Why, and until when, the rule of a warning is muted at its place."""

    until: AwareDatetime


@router.get("warnings", response=Page[dict[str, Any]], operation_id="list_warnings")
def list_warnings(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[WarningFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List warnings, the newest first; also as CSV, XLSX or GeoJSON for the map."""
    rows = visible(actor(request), "warning", Warning.objects.select_related("region", "storm"))
    paging.sort = paging.sort or "-since"
    return answer(request, TABLE, rows, paging, wanted)


@router.get("warnings/{code}", response=WarningOut, operation_id="get_warning")
def get_warning(request: HttpRequest, code: str) -> HttpResponse:
    """Return a warning with its reason, thresholds, curve, what was folded into it, and what is muted."""
    return _document(request, _found(request, code))


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


def _found(request: HttpRequest, code: str) -> Warning:
    rows = visible(actor(request), "warning", Warning.objects.select_related("region", "storm"))
    found = rows.filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("tables.no_record", value=code)
    return found


def _document(request: HttpRequest, row: Warning, status: int = 200) -> HttpResponse:
    now = datetime.now(UTC)
    mutes = Mute.objects.filter(rule=row.rule, subject=row.subject, until__gt=now).order_by("until")
    more = {
        "rule_name": title(row.rule, "zh"),
        "rule_name_en": title(row.rule, "en"),
        "version": row.version,
        "thresholds": tables()[row.rule],
        "confidence": tables()["confidence"],
        "level_name": text(f"warnings.level_{row.level}"),
        "parameters": row.parameters,
        "facts": row.facts,
        "suspects": row.suspects,
        "why": why(row, "zh"),
        "why_en": why(row, "en"),
        "curve": _curve(row, now),
        "folded": list(row.folded.order_by("pk").values_list("code", flat=True)),
        "mutes": [{"until": _iso(one.until), "reason": one.reason, "by": one.muted_by} for one in mutes],
        "may_change": may(actor(request), "change", thing_of(row)).allowed,
        "release_reason": row.release_reason,
    }
    return document(request, {**TABLE.row(row), **more}, status)


def _curve(row: Warning, now: datetime) -> str:
    """Return the address of the series around a warning."""
    end = min((row.released or row.last) + CURVE, now)
    asked = {"start": _iso(row.since - CURVE), "end": _iso(end), "period": "instant"}
    parameters = {"parameter": row.parameter} if row.parameter else {}
    return f"/api/v1/series/{row.place}?{urlencode(parameters | asked)}"


def _iso(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat(timespec="seconds")
