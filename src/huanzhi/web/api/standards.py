"""Standards 标准: editions with their dates, tables in words, differences, parameters; search over all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.library.rights import Thing, require
from huanzhi.messages import using
from huanzhi.programmes.law import comparing, looking
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Paging, document
from huanzhi.web.api.papers import Paper, paper

router = Router(tags=["standards"])


class OnDate(Schema):
    """A day; today where none is given."""

    date: str = Field("", max_length=10, description="YYYY-MM-DD")


class StandardsAsked(OnDate):
    """Which standards."""

    q: str = Field("", max_length=100)
    subject: str = Field("", max_length=40)


class EditionAsked(OnDate):
    """Which edition: by its year, else the one in force on the date."""

    number: str = Field(max_length=60, description="GB 3095 or GB 3095-2026")
    edition: str = Field("", max_length=40)
    table: str = Field("", max_length=60)
    format: Paper | None = None


class DifferenceAsked(Schema):
    """Two editions of one standard."""

    number: str = Field(max_length=60)
    one: str = Field(max_length=40)
    other: str = Field(max_length=40)


class EditionLine(Schema):
    """One edition in the list."""

    edition: str
    number: str
    title: str
    issued: str
    start: str
    end: str | None
    early_start: str | None
    early_end: str | None
    state: str
    phases: list[dict[str, Any]]
    confidence: str
    confirmed: bool
    weak_tables: int
    tables: list[dict[str, Any]]


class StandardLine(Schema):
    """A standard with its editions, oldest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "GB 3095", "title": "环境空气质量标准", "subject": "air"}]}
    )
    id: str
    title: str
    subject: str
    subject_name: str
    editions: list[EditionLine]


class StandardsOut(Schema):
    """The standards of a subject."""

    date: str
    items: list[StandardLine]
    total: int
    subjects: list[dict[str, str]]


class StandardTableOut(Schema):
    """A table in words: what is not confirmed says so."""

    id: str
    title: str
    clause: str
    unit: str
    phase: str
    phase_now: bool | None
    confidence: str
    confirmed: bool
    note: str
    sources: list[str]
    weak_rows: int
    columns: list[str]
    rows: list[list[str]]


class EditionOut(EditionLine):
    """An edition with all its tables."""

    standard: str
    date: str
    phase: str
    note: str
    notes: list[str]
    sources: list[str]
    content: list[StandardTableOut]


class StandardHitsOut(Schema):
    """Where a number, clause or word was found."""

    items: list[dict[str, Any]]
    total: int


class DifferenceOut(Schema):
    """Two editions side by side; a changed cell holds both."""

    standard: str
    one: str
    other: str
    tables: list[dict[str, Any]]


class ParametersOut(Schema):
    """Parameters with their spellings."""

    items: list[dict[str, Any]]
    total: int
    next: str | None = None


def _day(given: str) -> date:
    return looking.day_of(given) if given else datetime.now(CHINA).date()


def _answer(request: HttpRequest, work: Any) -> HttpResponse:
    require(actor(request), "read", Thing("standard", sensitivity="public"))
    with using(language_of(request)):
        found = work()
    return found if isinstance(found, HttpResponse) else document(request, found)


@router.get("standards", response=StandardsOut)
def list_standards(request: HttpRequest, asked: Query[StandardsAsked]) -> HttpResponse:
    """List the standards with their editions, by number, title or subject."""

    def work() -> dict[str, Any]:
        day = _day(asked.date)
        items = looking.listed(asked.q, asked.subject, day)
        return {
            "date": day.isoformat(),
            "items": items,
            "total": len(items),
            "subjects": looking.subjects(),
        }

    return _answer(request, work)


@router.get("standards/edition", response=EditionOut)
def get_edition(request: HttpRequest, asked: Query[EditionAsked]) -> HttpResponse:
    """Return one edition with its tables, or one of its tables as a file."""

    def work() -> Any:
        day = _day(asked.date)
        edition = looking.edition_of(asked.number, asked.edition, day)
        if asked.format:
            tables = list(looking.papers(edition, asked.table))
            return paper(tables, asked.format, edition.number.replace("/", "-"))
        return looking.edition_document(edition, day)

    return _answer(request, work)


@router.get("standards/search", response=StandardHitsOut)
def search_standards(request: HttpRequest, q: str, limit: int = 100) -> HttpResponse:
    """Find rows of tables by number, clause or word."""

    def work() -> dict[str, Any]:
        hits = looking.hits(q)
        return {"items": hits[: max(1, min(limit, 1000))], "total": len(hits)}

    return _answer(request, work)


@router.get("standards/difference", response=DifferenceOut)
def compare_editions(request: HttpRequest, asked: Query[DifferenceAsked]) -> HttpResponse:
    """Put two editions of a standard side by side."""
    return _answer(request, lambda: comparing.difference(asked.number, asked.one, asked.other))


@router.get("parameters", response=ParametersOut)
def list_parameters(request: HttpRequest, paging: Query[Paging], medium: str = "") -> HttpResponse:
    """List the parameters with units, decimals and the spellings that are read."""

    def work() -> dict[str, Any]:
        found = looking.parameters(paging.q, medium)
        limit = paging.limit or 50
        page = found[paging.offset : paging.offset + limit]
        return {"items": page, "total": len(found), "next": None}

    return _answer(request, work)
