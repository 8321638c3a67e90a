"""Lists 列表: paging, filters, sorting, search and the forms of an answer, for every list of the API.

``limit`` and ``offset`` page; ``sort=name,-revision`` sorts; ``q`` searches the declared columns; a filter is
the name of a declared column with one value or several between commas (a region means its subtree), and
``NAME_from`` and ``NAME_to`` for dates and numbers. ``format`` or ``Accept`` chooses JSON, CSV, XLSX or
GeoJSON of the same rows; without ``limit`` the three last give all rows up to :data:`MOST_EXPORTED`.

Every answer has a weak ETag of its bytes; a change names the revision it began from in ``If-Match``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field, create_model

from huanzhi.errors import InputError
from huanzhi.library.records.columns import NUMBERS, Column, Kind
from huanzhi.library.records.model import Record
from huanzhi.library.records.selecting import of_rows, selected
from huanzhi.library.records.tables import Row, Table, shown
from huanzhi.library.rights import mask_all
from huanzhi.messages import using
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.forms import MEDIA, Form, written

T = TypeVar("T")
PAGE = 50
MOST = 1000
MOST_EXPORTED = 100_000
"""Rows of a page, most rows of a page, most rows of a file. DEFAULT, NOT FROM THE DOCUMENTS."""

_TYPES: dict[Kind, Any] = {
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.DECIMAL: Decimal,
    Kind.DATE: date,
    Kind.TRUTH: bool,
}


class Page(Schema, Generic[T]):
    """One page of a list; `next` is the address of the page after it, null at the end."""

    items: list[T]
    total: int
    next: str | None = None


class Paging(Schema):
    """What every list understands."""

    limit: int | None = Field(None, ge=1, le=MOST, description=f"rows of a page, {PAGE} by default")
    offset: int = Field(0, ge=0, le=10_000_000)
    sort: str = Field("", max_length=200, description="columns between commas; - before a name turns it")
    q: str = Field("", max_length=100, description="words to look for in the searched columns")
    format: Form | None = None
    bom: bool = Field(False, description="begin CSV with a byte order mark, for spreadsheet programs")
    headings: Literal["names", "words"] | None = Field(
        None, description="first line of CSV: names of columns, or words in the reader's language"
    )


def filters(name: str, columns: Iterable[Column], **more: Any) -> type[Schema]:
    """Return the schema of the filters that `columns` declare; `more` are fields as for pydantic."""
    made: dict[str, Any] = {}
    for column in columns:
        if not column.filter:
            continue
        if column.kind in (*NUMBERS, Kind.DATE, Kind.MOMENT):
            type_ = _TYPES.get(column.kind, str)
            made |= {f"{column.name}_{end}": (type_ | None, None) for end in ("from", "to")}
        if column.kind not in (Kind.MOMENT, Kind.JSON):
            type_ = bool if column.kind is Kind.TRUTH else str
            made[column.name] = (type_ | None, Field(None, description=_described(column)))
    model: type[Schema] = create_model(name, __base__=Schema, **made, **more)
    return model


def _described(column: Column) -> str:
    if column.name == "region":
        return "code of a region; its whole subtree"
    return " | ".join(column.choices) if column.choices else column.heading("en")


def answer(
    request: HttpRequest,
    table: Table,
    queryset: Any,
    paging: Paging,
    wanted: Schema | Mapping[str, Any] | None = None,
    row: Callable[[Record], Row] | None = None,
    count: Callable[[Any], int] | None = None,
) -> HttpResponse:
    """Answer a list of records; `queryset` is already filtered by `rights.visible`.

    Parameters
    ----------
    wanted : schema or mapping
        Filters by name, of `filters`.
    row : callable
        Makes the plain row of a record; `table.row` by default. The mask of rights is laid over it here.
    count : callable
        Counts the rows, where that can be had cheaper than by asking the database.
    """
    made = row or table.row
    who = actor(request)
    found = selected(table, queryset, _wanted(wanted), paging.q, paging.sort)
    take = partial(_page_of, who, made)
    total = count(found) if count else found.count()
    return _answered(
        request, table.columns, paging, total, lambda a, b: take(_between(found, a, b)), table.name
    )


def _between(found: Any, first: int, last: int) -> Any:
    """Return the records of a page: their keys are found first, by an index, so that few rows are read."""
    if last - first > MOST:
        return found[first:last]
    return found.filter(pk__in=list(found.values_list("pk", flat=True)[first:last]))


def _page_of(who: Any, made: Callable[[Record], Row], records: Iterable[Record]) -> list[Row]:
    return mask_all(who, [(record, made(record)) for record in records])


def answer_rows(
    request: HttpRequest,
    columns: Sequence[Column],
    rows: Sequence[Row],
    paging: Paging,
    wanted: Schema | Mapping[str, Any] | None = None,
    name: Callable[[], str] = lambda: "huanzhi",
) -> HttpResponse:
    """Answer a list of plain rows that the reader may see, by the same rules."""
    found = of_rows(columns, rows, _wanted(wanted), paging.q, paging.sort)
    return _answered(request, columns, paging, len(found), lambda a, b: found[a:b], name)


def answer_page(
    request: HttpRequest,
    columns: Sequence[Column],
    paging: Paging,
    total: int,
    take: Callable[[int, int], list[Row]],
    name: Callable[[], str] = lambda: "huanzhi",
) -> HttpResponse:
    """Answer a list whose rows are made for the page only: `take` makes those from one place to another."""
    return _answered(request, columns, paging, total, take, name)


def _wanted(given: Schema | Mapping[str, Any] | None) -> dict[str, Any]:
    raw = given.model_dump(exclude_none=True) if isinstance(given, Schema) else dict(given or {})
    return {name: value for name, value in raw.items() if value is not None and value != ""}


def _answered(
    request: HttpRequest,
    columns: Sequence[Column],
    paging: Paging,
    total: int,
    take: Callable[[int, int], list[Row]],
    name: Callable[[], str],
) -> HttpResponse:
    form = _form(request, paging)
    limit = paging.limit or (PAGE if form == "json" else MOST_EXPORTED)
    rows = take(paging.offset, paging.offset + limit)
    onward = _next(request, paging, limit, total)
    if form == "json":
        return document(request, {"items": rows, "total": total, "next": onward})
    with using(language_of(request)):
        body = written(form, columns, rows, words=paging.headings == "words", bom=paging.bom)
        response = _conditional(request, body, MEDIA[form])
        response["Content-Disposition"] = f'attachment; filename="{request.path.rsplit("/", 1)[-1]}.{form}"'
    response["X-Total-Count"] = str(total)
    return response


def _form(request: HttpRequest, paging: Paging) -> Form:
    """Return the form that is asked for: ``format`` first, then the first that ``Accept`` names."""
    if paging.format:
        return paging.format
    for part in request.headers.get("Accept", "").split(","):
        media = part.split(";")[0].strip().lower()
        for form, known in MEDIA.items():
            if media == known.split(";")[0]:
                return form
    return "json"


def _next(request: HttpRequest, paging: Paging, limit: int, total: int) -> str | None:
    offset = paging.offset + limit
    if offset >= total:
        return None
    query = [(name, value) for name, value in _query(request) if name not in ("offset", "limit")]
    return f"{request.path}?{urlencode([*query, ('limit', limit), ('offset', offset)])}"


def _query(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.GET.lists() for value in values]


def document(request: HttpRequest, content: Any, status: int = 200) -> HttpResponse:
    """Answer with one JSON document, 304 where the reader has the same bytes."""
    response = encoded(request, json_of(content))
    if response.status_code == 200:
        response.status_code = status
    if isinstance(content, dict) and "revision" in content:
        response["X-Revision"] = str(content["revision"])
    return response


def json_of(content: Any) -> bytes:
    """Return a document in the bytes in which it goes out."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def encoded(request: HttpRequest, body: bytes) -> HttpResponse:
    """Answer with a document of `json_of`, 304 where the reader has the same bytes."""
    return _conditional(request, body, MEDIA["json"])


def _plain(value: Any) -> Any:
    made = shown(value)
    return str(value) if made is value else made


def _conditional(request: HttpRequest, body: bytes, media: str) -> HttpResponse:
    tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    known = [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]
    fresh = request.method in ("GET", "HEAD") and (tag in known or known == ["*"])
    response = HttpResponse(status=304) if fresh else HttpResponse(body, content_type=media)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept, Accept-Language, Cookie"
    return response


def begun_from(request: HttpRequest, record: Record) -> None:
    """Hold a change to the revision that ``If-Match: "revision"`` names; without it the change is made.

    Raises
    ------
    InputError
        ``records.stale`` (412) if the record has another revision by now.
    """
    given = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if given and given != "*" and given != str(record.revision):
        raise InputError("records.stale", value=record.key)
