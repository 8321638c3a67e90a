"""Operations of a typed table: list, read, history, create, change; the same for every table.

The schemas come from the declared columns. This module needs its annotations as objects.
"""

from datetime import UTC, date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field, create_model

from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.giving import give
from huanzhi.library.records.history import as_of as record_as_of
from huanzhi.library.records.history import history
from huanzhi.library.records.model import Record
from huanzhi.library.records.tables import Row, Table, table_of
from huanzhi.library.rights import Actor, mask, visible
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters

TYPES: dict[Kind, Any] = {
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.DATE: date,
    Kind.MOMENT: datetime,
    Kind.TRUTH: bool,
    Kind.JSON: dict[str, Any] | list[Any],
}


class ChangedField(Schema):
    """One field that changed."""

    column: str
    before: Any = None
    after: Any = None


class ChangeOut(Schema):
    """One change of a record, from the trail."""

    seq: int
    at: datetime
    actor: str
    action: str
    reason: str
    revision: int
    changes: list[ChangedField]


class HistoryOut(Schema):
    """The changes of a record, the newest first."""

    items: list[ChangeOut]


def type_of(column: Column) -> Any:
    """Return the type of a column's values in JSON."""
    if column.kind is Kind.CHOICE:
        return Literal[column.choices]
    return TYPES.get(column.kind, str)


def out_schema(table: Table) -> type[Schema]:
    """Return the schema of a row; every field may be null, for what the reader may not see."""
    made = {column.name: (_shown(column) | None, None) for column in table.columns}
    return create_model(f"{_stem(table)}Out", __base__=Schema, **made)


def in_schema(table: Table, *, whole: bool) -> type[Schema]:
    """Return the schema of what is given: all that is required where `whole`, else only what changes."""
    made = {}
    for column in table.columns:
        if column.editable:
            needed = whole and column.required
            made[column.name] = (type_of(column), ...) if needed else (type_of(column) | None, None)
    name = f"{_stem(table)}{'In' if whole else 'Change'}"
    base = type(
        f"{name}Base", (Schema,), {"model_config": ConfigDict(extra="forbid"), "__module__": __name__}
    )
    return create_model(name, __base__=base, **made)


def _shown(column: Column) -> Any:
    return str if column.kind in (Kind.CHOICE, Kind.DATE, Kind.MOMENT) else type_of(column)


def _stem(table: Table) -> str:
    return table.kind.title().replace("_", "")


class On(Schema):
    """Filters of every table."""

    on: date | None = Field(None, description="day on which rows must be valid")


class Within(On):
    """Filters of tables with places."""

    box: str | None = Field(None, description="west,south,east,north [degrees]", max_length=100)


def filter_schema(table: Table) -> type[Schema]:
    """Return the schema of a table's filters."""
    placed = any(column.name == "lon" for column in table.columns)
    base = Within if placed else On
    own = filters(f"{_stem(table)}Filters", table.columns).model_fields
    made = {name: (field.annotation, field) for name, field in own.items()}
    return create_model(f"{_stem(table)}Filters", __base__=base, **made)


def readable(who: Actor, table: Table) -> Any:
    """Return the rows of a table that somebody may read."""
    return visible(who, table.kind, table.rows())


def found(who: Actor, table: Table, code: str) -> Record:
    """Return a row that somebody may read.

    Raises
    ------
    InputError
        ``tables.no_record`` (404) if there is none, or none for him.
    """
    rows = readable(who, table).select_related(*table.related)
    record = rows.filter(**{table.key: code}).first() if "\x00" not in code else None
    if record is None:
        raise InputError("tables.no_record", value=code)
    return record


SLASHED = ("permit_limit",)
"""Kinds whose codes have strokes in them; what stands after the address is the code, strokes and all."""


def place_of(table: Table) -> str:
    """Return the address of one row."""
    return f"{table.address}/{{path:code}}" if table.kind in SLASHED else f"{table.address}/{{code}}"


def add_reads(router: Router, kind: str) -> None:
    """Add the list, one row, and its history to a router."""
    table = table_of(kind)
    out = out_schema(table)
    wanted_schema = filter_schema(table)
    place = place_of(table)

    @router.get(
        table.address,
        response=Page[out],
        operation_id=f"list_{table.address.replace('-', '_')}",
        summary=f"List {table.address}",
    )
    def list_rows(request: HttpRequest, paging: Query[Paging], wanted: Query[wanted_schema]) -> HttpResponse:
        return answer(request, table, readable(actor(request), table), paging, wanted)

    @router.get(
        f"{place}/history",
        response=HistoryOut,
        operation_id=f"history_of_{table.kind}",
        summary=f"Return what was changed of one {table.name('en')}, when, by whom and why",
    )
    def get_history(request: HttpRequest, code: str) -> HttpResponse:
        return document(request, told(actor(request), table, code))

    @router.get(
        place,
        response=out,
        operation_id=f"get_{table.kind}",
        summary=f"Return one {table.name('en')}, as it is or as it was known at a moment",
    )
    def get_row(request: HttpRequest, code: str, as_of: datetime | None = None) -> HttpResponse:
        return document(request, one(actor(request), table, code, as_of))


def add_changes(router: Router, kind: str) -> None:
    """Add making and changing a row to a router; ``If-Match`` names the revision that a change began from."""
    table = table_of(kind)
    out, given_schema, change_schema = (
        out_schema(table),
        in_schema(table, whole=True),
        in_schema(table, whole=False),
    )

    @router.post(
        table.address,
        response={201: out},
        operation_id=f"create_{table.kind}",
        summary=f"Make one {table.name('en')}",
    )
    def create_row(request: HttpRequest, given: given_schema, reason: str = "") -> HttpResponse:
        return document(
            request, create(actor(request), table, given.model_dump(exclude_unset=True), reason), 201
        )

    @router.patch(
        place_of(table),
        response=out,
        operation_id=f"change_{table.kind}",
        summary=f"Change what is named of one {table.name('en')}",
    )
    def change_row(request: HttpRequest, code: str, given: change_schema, reason: str = "") -> HttpResponse:
        record = found(actor(request), table, code)
        begun_from(request, record)
        values = given.model_dump(exclude_unset=True)
        return document(request, change(actor(request), table, record, values, reason))


def add_routes(router: Router, *kinds: str) -> None:
    """Add all operations of tables to a router."""
    for kind in kinds:
        add_reads(router, kind)
        add_changes(router, kind)


def one(who: Actor, table: Table, code: str, moment: datetime | None = None) -> Row:
    """Return a row as somebody may see it, as it is or as it was."""
    record = found(who, table, code)
    if moment is not None:
        record = record_as_of(table, record.key, _in_utc(moment))
    return mask(who, record, table.row(record))


def _in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; without a zone it is of China."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(UTC)
    except OverflowError:
        raise InputError("tables.no_history", value=moment.isoformat()) from None


def told(who: Actor, table: Table, code: str) -> dict[str, Any]:
    """Return the history of a row as somebody may see it."""
    record = found(who, table, code)
    items = []
    for change_ in history(table, record.key):
        before = mask(who, record, table.row(change_.before)) if change_.before else {}
        after = mask(who, record, table.row(change_.after))
        items.append(
            {
                "seq": change_.seq,
                "at": change_.at.astimezone(CHINA).isoformat(),
                "actor": change_.actor,
                "action": change_.action,
                "reason": change_.reason,
                "revision": change_.after.revision,
                "changes": _differences(before, after),
            }
        )
    return {"items": items}


def _differences(before: Row, after: Row) -> list[dict[str, Any]]:
    return [
        {"column": name, "before": before.get(name), "after": value}
        for name, value in after.items()
        if name != "revision" and value != before.get(name) and not (value in ("", {}) and name not in before)
    ]


def create(who: Actor, table: Table, values: dict[str, Any], reason: str = "") -> Row:
    """Make a row.

    Raises
    ------
    InputError
        ``tables.exists`` (409) if the code is taken; otherwise as `give` and `save`.
    """
    code = values.get(table.key)
    if code and table.rows().filter(**{table.key: code}).exists():
        raise InputError("tables.exists", column=table.column(table.key).heading(), value=code)
    return change(who, table, table.empty(), values, reason)


def change(who: Actor, table: Table, record: Record, values: dict[str, Any], reason: str = "") -> Row:
    """Change a row; return it as somebody may see it."""
    save(who, give(record, table, values), reason)
    return mask(who, record, table.row(record))
