"""The ledger of measures as a sheet: template, export of the same columns, preview, and taking it in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from huanzhi.center.plans import sheets
from huanzhi.center.plans.models import Measure
from huanzhi.library.rights import visible
from huanzhi.messages import using
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import document
from huanzhi.web.api.papers import download

router = Router(tags=["plans"])


class PlanSheetIn(Schema):
    """In which region the measures are."""

    region: str = Field(max_length=12)


class PlanSheetOut(Schema):
    """What taking the sheet in would do: new and unchanged rows, and what is wrong by row and column."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"new": 12, "unchanged": 0, "wrong": 0}]}
    )

    new: int
    unchanged: int
    wrong: int
    errors: list[dict[str, Any]]


class PlanSheetTakenOut(Schema):
    """The document that the sheet became; empty where all its rows stand in the ledger."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"number": "WJ-2026-001", "measures": 12}]})

    number: str
    measures: int


@router.get("plan-sheets/template", operation_id="plan_sheet_template")
def get_template(request: HttpRequest) -> HttpResponse:
    """Return an empty sheet to fill in, with an explanation of its columns."""
    with using(language_of(request)):
        return download(sheets.template(), "xlsx", "measures-template.xlsx")


@router.get("plan-sheets/export", operation_id="plan_sheet_export")
def get_export(request: HttpRequest, document: str = "") -> HttpResponse:
    """Return the measures that I may see in a sheet of the same columns, of one document or all."""
    rows = visible(actor(request), Measure.KIND, Measure.objects.order_by("document_id", "no", "pk"))
    if document:
        rows = rows.filter(document__number=document.replace("\x00", ""))
    with using(language_of(request)):
        return download(sheets.export(rows), "xlsx", "measures.xlsx")


@router.post("plan-sheets/preview", response=PlanSheetOut, operation_id="preview_plan_sheet")
def preview(request: HttpRequest, given: Form[PlanSheetIn], file: File[UploadedFile]) -> HttpResponse:
    """Say what taking a sheet in would do; nothing is kept."""
    with using(language_of(request)):
        found = sheets.preview(actor(request), file.read(), file.name or "", given.region.replace("\x00", ""))
        return document(request, found.as_dict())


@router.post("plan-sheets", response={201: PlanSheetTakenOut}, operation_id="accept_plan_sheet")
def accept(request: HttpRequest, given: Form[PlanSheetIn], file: File[UploadedFile]) -> HttpResponse:
    """Take a sheet in, all of it or nothing; every row becomes a measure of the ledger."""
    with using(language_of(request)):
        made = sheets.accept(
            actor(request), file.read(), file.name or "", given.region.replace("\x00", ""), datetime.now(UTC)
        )
    count = Measure.objects.filter(document=made).count() if made else 0
    return document(request, {"number": made.number if made else "", "measures": count}, 201)
