"""Audit 审计: the trail to read, to export, to verify; its anchors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.rights import Actor, Thing, require
from huanzhi.library.trail.anchors import as_dict
from huanzhi.library.trail.chain import append
from huanzhi.library.trail.exporting import export_lines, verify_all
from huanzhi.library.trail.models import Anchor, Entry
from huanzhi.library.trail.showing import hidden
from huanzhi.messages import text, using
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.days import Day
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, document

router = Router(tags=["audit"])
TRAIL = Thing("trail")
COLUMNS = (Column("seq", Kind.INTEGER), Column("at", Kind.MOMENT))
MOST = 1000
AT_ONCE = 500


class EntryOut(Schema):
    """One thing that was done; `details` is null where it is restricted."""

    seq: int
    at: str
    actor: str
    action: str
    kind: str
    key: str
    restricted: bool
    details: dict[str, Any] | None
    previous: str
    digest: str


class EntryQuery(Schema):
    """Which entries, newest first."""

    limit: int = Field(50, ge=1, le=MOST)
    before: int | None = Field(None, description="only entries before this number", ge=0, lt=1 << 63)
    offset: int = Field(0, ge=0, le=1_000_000)
    kind: str | None = Field(None, max_length=60)
    key: str | None = Field(None, max_length=200)
    who: str | None = Field(None, max_length=100, description="actor")
    action: str | None = Field(None, max_length=40)
    first: Day | None = Field(None, description="first day, China time")
    last: Day | None = Field(None, description="last day")


class AnchorOut(Schema):
    """The end of the chain as a day left it."""

    day: date
    seq: int
    digest: str


class BrokenOut(Schema):
    """The first entry that is wrong."""

    seq: int
    error: str
    message: str


class VerdictOut(Schema):
    """Whether the trail is whole."""

    whole: bool
    first: int
    last: int
    entries: int
    anchored: int
    digest: str
    broken: BrokenOut | None


@router.get("audit/entries", response=Page[EntryOut], operation_id="list_entries")
def list_entries(request: HttpRequest, wanted: Query[EntryQuery]) -> HttpResponse:
    """List the entries of the trail, newest first; of restricted ones only one's own come with details."""
    who = actor(request)
    require(who, "read", TRAIL)
    found = _entries(wanted)
    total = found.count()
    page = found[wanted.offset : wanted.offset + wanted.limit]
    items = [_row(who, entry) for entry in page]
    return document(request, {"items": items, "total": total, "next": None})


@router.get("audit/anchors", response=list[AnchorOut], operation_id="list_anchors")
def list_anchors(request: HttpRequest) -> HttpResponse:
    """List the anchors; a copy kept elsewhere shows later that nothing was rewritten."""
    require(actor(request), "read", TRAIL)
    return document(request, [as_dict(one) for one in Anchor.objects.order_by("-day")])


@router.get("audit/verify", response=VerdictOut, operation_id="verify_trail")
def verify_trail(request: HttpRequest) -> HttpResponse:
    """Verify the whole trail."""
    require(actor(request), "read", TRAIL)
    found = verify_all()
    with using(language_of(request)):
        broken = found.fault and {
            "seq": found.fault.seq,
            "error": found.fault.reason,
            "message": text(found.fault.reason),
        }
    names = ("whole", "first", "last", "entries", "anchored", "digest")
    return document(request, {**{name: getattr(found, name) for name in names}, "broken": broken})


@router.get("audit/export", operation_id="export_trail", response={200: str})
def export_trail(
    request: HttpRequest, first: Day | None = None, last: Day | None = None
) -> StreamingHttpResponse:
    """Export the trail as lines of JSON for ``huanzhi audit verify FILE``; restricted bodies are left out."""
    who = actor(request)
    require(who, "export", TRAIL)
    days = {"first": first, "last": last}
    append(who, "export", "trail", "", after=days)
    response = StreamingHttpResponse(_streamed(export_lines(first, last)), content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="trail.jsonl"'
    response["Cache-Control"] = "no-store"
    return response


async def _streamed(lines: Iterator[str]) -> AsyncIterator[str]:
    """Yield lines some at a time, read on the thread of the request."""
    while some := await sync_to_async(lambda: list(islice(lines, AT_ONCE)))():
        yield "".join(some)


def _entries(wanted: EntryQuery) -> Any:
    found = Entry.objects.order_by("-seq")
    equal = {"kind": wanted.kind, "key": wanted.key, "actor": wanted.who, "action": wanted.action}
    found = found.filter(**{name: value.replace("\x00", "") for name, value in equal.items() if value})
    if wanted.before is not None:
        found = found.filter(seq__lt=wanted.before)
    if wanted.first is not None:
        found = found.filter(at__gte=_start(wanted.first))
    if wanted.last is not None and wanted.last < date.max:
        found = found.filter(at__lt=_start(wanted.last + timedelta(days=1)))
    return found


def _row(who: Actor, entry: Entry) -> dict[str, Any]:
    details = None if entry.restricted and entry.actor != who.code else hidden(who, entry.kind, entry.details)
    return {
        "seq": entry.seq,
        "at": entry.at.astimezone(CHINA).isoformat(timespec="milliseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "kind": entry.kind,
        "key": entry.key,
        "restricted": entry.restricted,
        "details": details,
        "previous": entry.previous,
        "digest": entry.digest,
    }


def _start(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), CHINA).astimezone(UTC)
