"""The catalogue of matters 事项指导目录: what is in force on a day, and a city's own rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from huanzhi.center.enforcement import matters
from huanzhi.center.enforcement.listing import matter_columns
from huanzhi.center.enforcement.models import Matter
from huanzhi.errors import InputError
from huanzhi.library.rights import require, thing_of
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer_rows, document, filters

router = Router(tags=["cases"])
COLUMNS = matter_columns()
MatterFilters = filters(
    "MatterFilters",
    COLUMNS,
    on=(date | None, Field(None, description="in force on this day")),
)


class MatterOut(Schema):
    """A matter; what is not known is empty."""

    code: str
    name: str
    name_en: str
    kind: str
    field: str
    law: str
    edition: str
    duty: str
    article: str
    least: str | None
    most: str | None
    more: dict[str, str]
    listed: str
    detention: bool
    valid_from: str | None
    valid_to: str | None
    confidence: str
    source: str
    note: str
    shipped: bool


@router.get("matters", response=Page[dict[str, Any]], operation_id="list_matters")
def list_matters(request: HttpRequest, paging: Query[Paging], wanted: Query[MatterFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """List matters in force on a day, shipped ones and the city's own; also as CSV or XLSX."""
    require(actor(request), "read", thing_of(Matter()))
    asked = wanted.model_dump(exclude_none=True)
    day = asked.pop("on", None)
    paging.sort = paging.sort or "code"
    rows = [one.row() for one in matters.catalogue(day)]
    return answer_rows(request, COLUMNS, rows, paging, asked)


@router.get("matters/{code}", response=MatterOut, operation_id="get_matter")
def get_matter(request: HttpRequest, code: str) -> HttpResponse:
    """Return a matter with clause, range, dates and confidence."""
    require(actor(request), "read", thing_of(Matter()))
    found = matters.matter_of(code) if "\x00" not in code else None
    if found is None:
        raise InputError("cases.no_matter", value=code.replace("\x00", ""))
    return document(request, found.row())
