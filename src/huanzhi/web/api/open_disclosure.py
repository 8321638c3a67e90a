"""What the public reads of disclosures 公开披露: lists, enterprises, their reports with every version."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.ecocode.disclosure import portal
from huanzhi.ecocode.disclosure.models import Report
from huanzhi.ecocode.disclosure.settings import settings
from huanzhi.web.api.disclosure import attachment_of
from huanzhi.web.api.lists import document

router = Router(tags=["open"], auth=None)


class OpenDisclosureQuery(Schema):
    """What to look for, and which page."""

    q: str = Field("", max_length=100)
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


class OpenDisclosureOut(Schema):
    """What the public sees."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"items": [], "total": 0}]})


@router.get("open/disclosure", response=OpenDisclosureOut, operation_id="open_disclosure")
def get_enterprises(request: HttpRequest, wanted: Query[OpenDisclosureQuery]) -> HttpResponse:
    """List the enterprises that have to disclose, with the lists and how their reports stand."""
    rows = portal.enterprises()
    words = wanted.q.replace("\x00", "").strip()
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code=words))
    found: dict[str, Any] = {
        "items": portal.overview(list(rows[wanted.offset : wanted.offset + wanted.limit])),
        "total": rows.count(),
        "lists": portal.lists(),
        "law": dict(settings()["law"]),
        "reason": {code: {"zh": row["zh"], "en": row["en"]} for code, row in settings()["reason"].items()},
    }
    return document(request, found)


@router.get("open/disclosure/{code}", response=OpenDisclosureOut, operation_id="open_disclosure_enterprise")
def get_enterprise(request: HttpRequest, code: str) -> HttpResponse:
    """Return what an enterprise owes and disclosed, each version kept."""
    return document(request, portal.page(code.replace("\x00", "")[:18], datetime.now(UTC)))


@router.get(
    "open/disclosure-reports/{code}/{number}",
    response=OpenDisclosureOut,
    operation_id="open_disclosure_report",
)
def get_report(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Return a version that was disclosed, with its commitment and whether it is still sound."""
    return document(request, portal.version(code.replace("\x00", "")[:40], _small(number)))


@router.get(
    "open/disclosure-reports/{code}/{number}/attachments/{digest}",
    operation_id="open_disclosure_attachment",
)
def get_attachment(request: HttpRequest, code: str, number: int, digest: str) -> HttpResponse:
    """Return the bytes of an attachment of a version that was disclosed."""
    clean = code.replace("\x00", "")[:40]
    portal.version(clean, _small(number))
    return attachment_of(Report.objects.get(item__code=clean, number=_small(number)), digest)


def _small(number: int) -> int:
    return number if 0 < number < 30000 else 0
