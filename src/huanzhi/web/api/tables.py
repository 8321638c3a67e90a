"""Tables 数据表: what columns each has, templates, exports, and sheets taken in after a preview."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict

from huanzhi.library.records.columns import Column
from huanzhi.library.records.selecting import selected
from huanzhi.library.records.tables import Table, known, table_of
from huanzhi.library.rights import mask, visible
from huanzhi.library.sheets import models as sheets
from huanzhi.library.sheets.template import export, template
from huanzhi.messages import using
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.forms import MEDIA
from huanzhi.web.api.lists import MOST_EXPORTED, document

router = Router(tags=["tables"])


class Choice(Schema):
    """A word that may stand in a column."""

    value: str
    zh: str
    en: str


class ColumnOut(Schema):
    """What a table declares of a column."""

    name: str
    kind: str
    zh: str
    en: str
    required: bool
    editable: bool
    filter: bool
    sort: bool
    search: bool
    target: str
    least: float | None
    most: float | None
    choices: list[Choice]


class TableOut(Schema):
    """A typed table with its columns; `pages` says whether the API answers for one row by its key."""

    kind: str
    address: str
    zh: str
    en: str
    key: str
    pages: bool
    columns: list[ColumnOut]


class TablesOut(Schema):
    """The typed tables."""

    items: list[TableOut]


class SheetError(Schema):
    """What is wrong in a row of a sheet."""

    error: str
    message: str
    row: int | None = None
    column: str | None = None
    value: Any = None
    expected: str | None = None


class SheetChange(Schema):
    """A row of a sheet that is new or different."""

    row: int
    key: str
    action: Literal["create", "change"]
    changes: list[dict[str, Any]]


class ImportOut(Schema):
    """A sheet that was given in, and what it would change."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "5f0c5e1e-6a0e-4f5e-9d0b-0d6f6a4b1c11",
                    "at": "2026-11-22T08:00:00+08:00",
                    "table": "station",
                    "name": "站点.xlsx",
                    "state": "open",
                    "new": 2,
                    "changed": 0,
                    "unchanged": 5,
                    "wrong": 1,
                    "errors": [
                        {
                            "error": "tables.value",
                            "message": "第 4 行，列“类别”，值“火”：这个字段不能填写该内容",
                            "row": 4,
                            "column": "类别",
                            "value": "火",
                            "expected": "以下之一：空气自动站、水质自动站",
                        }
                    ],
                    "changes": [],
                }
            ]
        }
    )

    id: str
    at: datetime
    table: str
    name: str
    state: Literal["open", "accepted", "cancelled"]
    new: int
    changed: int
    unchanged: int
    wrong: int
    errors: list[SheetError]
    changes: list[SheetChange]


def told(table: Table) -> dict[str, Any]:
    """Return the declaration of a table as plain values."""
    names = {"zh": table.name("zh"), "en": table.name("en")}
    columns = [_column(column) for column in table.columns]
    where = {"kind": table.kind, "address": table.address, "key": table.key, "pages": _pages(table.address)}
    return {**where, **names, "columns": columns}


@cache
def _pages(address: str) -> bool:
    try:
        resolve(f"/api/v1/{address}/key")
    except Resolver404:
        return False
    return True


def _column(column: Column) -> dict[str, Any]:
    return column.as_dict()


@router.get("tables", response=TablesOut)
def list_tables(request: HttpRequest) -> HttpResponse:
    """Return the typed tables with their columns, for forms, lists and sheets."""
    return document(request, {"items": [told(table) for table in known().values()]})


@router.get("tables/{kind}", response=TableOut)
def get_table(request: HttpRequest, kind: str) -> HttpResponse:
    """Return one table with its columns."""
    return document(request, told(table_of(kind)))


@router.get("tables/{kind}/template", response=bytes)
def get_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Return an empty xlsx sheet of a table to fill in."""
    with using(language_of(request)):
        table = table_of(kind)
        return _sheet(template(table), f"{table.address}-template")


class ExportQuery(Schema):
    """What of a table to export."""

    region: str = ""
    q: str = ""


@router.get("tables/{kind}/export", response=bytes)
def get_export(request: HttpRequest, kind: str, given: Query[ExportQuery]) -> HttpResponse:
    """Return the rows of a table as an xlsx sheet that can be changed and taken in again."""
    table, who = table_of(kind), actor(request)
    wanted = {"region": given.region} if given.region else {}
    rows = selected(table, visible(who, table.kind, table.rows(), "export"), wanted, given.q)
    with using(language_of(request)):
        shown = (mask(who, row, table.row(row)) for row in rows[:MOST_EXPORTED])
        return _sheet(export(table, shown), table.address)


def _sheet(raw: bytes, name: str) -> HttpResponse:
    response = HttpResponse(raw, content_type=MEDIA["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="{name.replace(":", "-")}.xlsx"'
    response["Cache-Control"] = "private, no-cache"
    return response


@router.post("tables/{kind}/imports", response={201: ImportOut})
def create_import(request: HttpRequest, kind: str, file: File[UploadedFile]) -> HttpResponse:
    """Give a filled sheet in; the answer says what it would change, and nothing is changed yet."""
    with using(language_of(request)):
        given = sheets.give_in(actor(request), kind, file.read(), file.name or "")
    return document(request, given.as_dict(), 201)


@router.get("tables/{kind}/imports/{number}", response=ImportOut)
def get_import(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """Return a sheet that was given in, as it was previewed or taken in."""
    return document(request, sheets.waiting(actor(request), kind, number).as_dict())


@router.post("tables/{kind}/imports/{number}/accept", response=ImportOut)
def accept_import(request: HttpRequest, kind: str, number: str, reason: str = "") -> HttpResponse:
    """Take a sheet in, all of it or nothing."""
    with using(language_of(request)):
        return document(request, sheets.accepted(actor(request), kind, number, reason).as_dict())


@router.delete("tables/{kind}/imports/{number}", response=ImportOut)
def cancel_import(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """Throw a sheet away."""
    return document(request, sheets.cancelled(actor(request), kind, number).as_dict())
