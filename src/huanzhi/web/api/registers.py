"""Registers 登记簿: declarations, and their entries as a list, a map layer, a sheet, a calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.library.records.tables import Row, Table, table_of
from huanzhi.library.registers.shipped import declare
from huanzhi.library.registers.tables import register, register_table
from huanzhi.web.api import routes
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document
from huanzhi.web.api.tables import ColumnOut, told

router = Router(tags=["registers"])

_EXAMPLE = {
    "code": "river-outfall",
    "schema": {
        "type": "object",
        "x-zh": "入河排污口",
        "x-en": "outfall",
        "x-geometry": "point",
        "x-due": "deadline",
        "properties": {
            "receiving_water": {"type": "string", "x-zh": "受纳水体", "x-filter": True},
            "deadline": {"type": "string", "format": "date", "x-zh": "整治时限"},
        },
        "required": ["receiving_water"],
    },
}


class Declaration(Schema):
    """A declaration to be made or changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]}, populate_by_name=True)

    code: str = Field(max_length=40)
    declared: dict[str, Any] = Field(alias="schema")


class NewVersion(Schema):
    """A declaration as it shall be from now on."""

    model_config = ConfigDict(populate_by_name=True)

    declared: dict[str, Any] = Field(alias="schema")


class RegisterRow(Schema):
    """A register in the list."""

    model_config = ConfigDict(populate_by_name=True)

    code: str
    name: str
    name_en: str
    declared: dict[str, Any] = Field(alias="schema")
    revision: int


class RegisterOut(RegisterRow):
    """A register with the columns that its declaration gives."""

    kind: str
    columns: list[ColumnOut]


class DueQuery(Schema):
    """Which dues to list."""

    until: date | None = None
    region: str = ""


@router.get("registers", response=Page[RegisterRow], by_alias=True)
def list_registers(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the declared registers."""
    table = table_of("register")
    return answer(request, table, routes.readable(actor(request), table), paging)


@router.post("registers", response={201: RegisterOut}, by_alias=True)
def create_register(request: HttpRequest, given: Declaration, reason: str = "") -> HttpResponse:
    """Declare a register."""
    table = table_of("register")
    values = {"code": given.code, "schema": given.declared}
    routes.create(actor(request), table, values, reason)
    return document(request, _shown(request, given.code), 201)


@router.get("registers/{code}", response=RegisterOut, by_alias=True)
def get_register(request: HttpRequest, code: str, as_of: datetime | None = None) -> HttpResponse:
    """Return a declaration with its columns; with `as_of`, the declaration as it was then."""
    return document(request, _shown(request, code, as_of))


@router.put("registers/{code}", response=RegisterOut, by_alias=True)
def change_register(request: HttpRequest, code: str, given: NewVersion, reason: str = "") -> HttpResponse:
    """Give a register a new version of its declaration."""
    begun_from(request, routes.found(actor(request), table_of("register"), code))
    declare(actor(request), code, given.declared, reason)
    return document(request, _shown(request, code))


@router.get("registers/{code}/history", response=routes.HistoryOut)
def history_of_register(request: HttpRequest, code: str) -> HttpResponse:
    """Return every version of a declaration: when, by whom and why."""
    return document(request, routes.told(actor(request), table_of("register"), code))


@router.get("registers/{code}/entries", response=Page[dict[str, Any]])
def list_entries(request: HttpRequest, code: str, paging: Query[Paging]) -> HttpResponse:
    """List entries; filters are the declared columns, as query parameters."""
    return _entries(request, register_table(code), paging, _filters(request))


@router.get("registers/{code}/due", response=Page[dict[str, Any]])
def list_due(request: HttpRequest, code: str, paging: Query[Paging], given: Query[DueQuery]) -> HttpResponse:
    """List what is due, the most urgent first; what has no date is left out."""
    table = register_table(code)
    wanted: dict[str, Any] = {"due_from": date(1900, 1, 1)}
    wanted |= {"due_to": given.until} if given.until else {}
    wanted |= {"region": given.region} if given.region else {}
    paging.sort = paging.sort or "due"
    return _entries(request, table, paging, wanted)


@router.post("registers/{code}/entries", response={201: dict[str, Any]})
def create_entry(
    request: HttpRequest, code: str, given: Body[dict[str, Any]], reason: str = ""
) -> HttpResponse:
    """Make an entry; its fields are the declared columns."""
    return document(request, routes.create(actor(request), register_table(code), given, reason), 201)


@router.get("registers/{code}/entries/{entry}", response=dict[str, Any])
def get_entry(request: HttpRequest, code: str, entry: str, as_of: datetime | None = None) -> HttpResponse:
    """Return an entry, as it is or as it was known at a moment."""
    return document(request, routes.one(actor(request), register_table(code), entry, as_of))


@router.patch("registers/{code}/entries/{entry}", response=dict[str, Any])
def change_entry(
    request: HttpRequest, code: str, entry: str, given: Body[dict[str, Any]], reason: str = ""
) -> HttpResponse:
    """Change what is named of an entry."""
    who, table = actor(request), register_table(code)
    record = routes.found(who, table, entry)
    begun_from(request, record)
    return document(request, routes.change(who, table, record, given, reason))


@router.get("registers/{code}/entries/{entry}/history", response=routes.HistoryOut)
def history_of_entry(request: HttpRequest, code: str, entry: str) -> HttpResponse:
    """Return what was changed of an entry, when, by whom and why."""
    return document(request, routes.told(actor(request), register_table(code), entry))


def _entries(request: HttpRequest, table: Table, paging: Paging, wanted: dict[str, Any]) -> HttpResponse:
    return answer(request, table, routes.readable(actor(request), table), paging, wanted)


def _filters(request: HttpRequest) -> dict[str, Any]:
    known = set(Paging.model_fields)
    return {name: value for name, value in request.GET.items() if name not in known}


def _shown(request: HttpRequest, code: str, moment: datetime | None = None) -> Row:
    row = routes.one(actor(request), table_of("register"), code, moment)
    declared = told(register_table(register(code).code))
    return {**row, "kind": declared["kind"], "columns": declared["columns"]}
