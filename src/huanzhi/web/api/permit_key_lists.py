"""Lists of key polluters 环境监管重点单位名录: drafted by rule, open to objections, published by two."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi.ecocode.permits import list_drafting, list_publishing
from huanzhi.ecocode.permits.listing import ENTRIES, LISTS, OBJECTIONS
from huanzhi.ecocode.permits.models import KeyEntry, KeyList, KeyObjection
from huanzhi.ecocode.permits.settings import settings, word
from huanzhi.errors import InputError
from huanzhi.library.calendar import add_working_days
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.rights import ANYONE, Thing, may, thing_of, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.messages import using
from huanzhi.web.api.actors import actor, anybody
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.permit_duties import today
from huanzhi.web.api.permit_shapes import (
    KeyAnswerIn,
    KeyEntryIn,
    KeyListIn,
    KeyListOut,
    KeyObjectionIn,
    KeyPublishIn,
    PermitRowOut,
)

router = Router(tags=["permits"])
ListFilters = filters("KeyListFilters", LISTS.columns)
EntryFilters = filters("KeyEntryFilters", ENTRIES.columns)
ObjectionFilters = filters("KeyObjectionFilters", OBJECTIONS.columns)


@router.get("key-lists", response=Page[dict[str, Any]], operation_id="list_key_lists")
def list_lists(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ListFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the lists of key polluters, the newest first."""
    paging.sort = paging.sort or "-year,code"
    return answer(request, LISTS, _lists(request), paging, wanted)


@router.post("key-lists", response={201: KeyListOut}, operation_id="draft_key_list")
def draft(request: HttpRequest, given: KeyListIn) -> HttpResponse:
    """Draft the list of a year by the rulebooks, or draft it anew while it is a draft."""
    region = visible(actor(request), Region.KIND, Region.objects.all()).filter(pk=given.region).first()
    if region is None:
        raise InputError("permits.none", column="region", value=given.region)
    made = list_drafting.draft(actor(request), region, given.year, datetime.now(UTC))
    return document(request, _shown(request, made), 201)


@router.get("key-lists/{code}", response=KeyListOut, operation_id="get_key_list")
def get_list(request: HttpRequest, code: str) -> HttpResponse:
    """Return a list with its screening, clocks, counts and what I may do."""
    return document(request, _shown(request, list_of(request, code)))


@router.get("key-lists/{code}/entries", response=Page[dict[str, Any]], operation_id="list_key_entries")
def list_entries(
    request: HttpRequest,
    code: str,
    paging: Query[Paging],
    wanted: Query[EntryFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the entries of a list with the reasons of the rulebook and the duties that they carry."""
    rows = KeyEntry.objects.filter(key_list=list_of(request, code))
    paging.sort = paging.sort or "category,enterprise"
    return answer(
        request, ENTRIES, visible(actor(request), KeyEntry.KIND, rows), paging, wanted, row=_entry_row
    )


@router.post("key-lists/{code}/entries", response=PermitRowOut, operation_id="set_key_entry")
def set_entry(request: HttpRequest, code: str, given: KeyEntryIn) -> HttpResponse:
    """Put an enterprise into a class, or take it out, with a reason."""
    held = list_of(request, code)
    rows = visible(actor(request), Enterprise.KIND, Enterprise.objects.all())
    owner = rows.select_related("region", "organisation").filter(code=given.enterprise).first()
    if owner is None:
        raise InputError("permits.none", column="enterprise", value=given.enterprise)
    made = list_drafting.set_by_hand(actor(request), held, owner, given.category, given.inside, given.words)
    return document(request, _entry_row(made))


@router.get("key-lists/{code}/objections", response=Page[dict[str, Any]], operation_id="list_key_objections")
def list_objections(
    request: HttpRequest,
    code: str,
    paging: Query[Paging],
    wanted: Query[ObjectionFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List objections; an enterprise sees its own."""
    rows = KeyObjection.objects.filter(key_list=list_of(request, code))
    return answer(request, OBJECTIONS, visible(actor(request), KeyObjection.KIND, rows), paging, wanted)


@router.post("key-lists/{code}/objections", response={201: PermitRowOut}, operation_id="object_to_key_list")
def object_to(request: HttpRequest, code: str, given: KeyObjectionIn) -> HttpResponse:
    """Object to a draft while objections are taken."""
    held = list_of(request, code)
    rows = visible(actor(request), KeyEntry.KIND, KeyEntry.objects.filter(key_list=held))
    entry = rows.filter(code=given.entry).first() if given.entry else None
    if given.entry and entry is None:
        raise InputError("permits.none", column="entry", value=given.entry)
    made = list_publishing.object_to(actor(request), held, entry, given.name, given.words, datetime.now(UTC))
    return document(request, OBJECTIONS.row(made), 201)


@router.post(
    "key-lists/{code}/objections/{number}/answer", response=PermitRowOut, operation_id="answer_key_objection"
)
def answer_objection(request: HttpRequest, code: str, number: str, given: KeyAnswerIn) -> HttpResponse:
    """Answer an objection; where it is upheld its entry is taken out."""
    rows = KeyObjection.objects.filter(key_list=list_of(request, code), code=number.replace("\x00", ""))
    rows = visible(actor(request), KeyObjection.KIND, rows).select_related(
        "key_list__region", "entry__enterprise__region", "entry__enterprise__organisation"
    )
    found = rows.first()
    if found is None:
        raise InputError("permits.none", value=number.replace("\x00", "")[:80])
    begun_from(request, found)
    done = list_publishing.answer(actor(request), found, given.upheld, given.words, datetime.now(UTC))
    return document(request, OBJECTIONS.row(done))


@router.post("key-lists/{code}/notice", response=KeyListOut, operation_id="give_notice_of_key_list")
def give_notice(request: HttpRequest, code: str) -> HttpResponse:
    """Open a draft to objections for the working days of the measures."""
    held = list_of(request, code)
    begun_from(request, held)
    return document(
        request, _shown(request, list_publishing.give_notice(actor(request), held, datetime.now(UTC)))
    )


@router.post("key-lists/{code}/publish", response={201: KeyListOut}, operation_id="publish_key_list")
def publish(request: HttpRequest, code: str, given: KeyPublishIn) -> HttpResponse:
    """Propose that a list is published; another person decides, under ``/proposals``."""
    held = list_of(request, code)
    begun_from(request, held)
    list_publishing.propose_publishing(actor(request), held, given.words, datetime.now(UTC))
    return document(request, _shown(request, held), 201)


@router.get(
    "open/key-lists",
    response=Page[dict[str, Any]],
    auth=anybody,
    operation_id="open_key_lists",
    summary="List the key polluters that were published or are open to objections",
)
def open_entries(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[EntryFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List, for anybody, the entries of lists that were published or are open to objections."""
    rows = KeyEntry.objects.filter(inside=True, key_list__state__in=("notice", "published"))
    paging.sort = paging.sort or "category,enterprise"
    return answer(request, ENTRIES, visible(ANYONE, KeyEntry.KIND, rows), paging, wanted, row=_open_row)


def _lists(request: HttpRequest) -> Any:
    return visible(actor(request), KeyList.KIND, KeyList.objects.all())


def list_of(request: HttpRequest, code: str) -> KeyList:
    """Return a list that I may see; InputError ``permits.none`` otherwise."""
    rows = _lists(request).select_related("region")
    found: KeyList | None = rows.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("permits.none", value=code.replace("\x00", "")[:40])
    return found


def _entry_row(entry: Any) -> dict[str, Any]:
    return {
        **ENTRIES.row(entry),
        "reasons": entry.reasons,
        "duties": [
            {"duty": duty, "name": word("list_duty", duty)} for duty in list_publishing.duties_of([entry])
        ],
    }


def _open_row(entry: Any) -> dict[str, Any]:
    row = ENTRIES.row(entry)
    row.pop("words")
    held = entry.key_list
    return {**row, "words": "", "year": held.year, "state": held.state, "notice_to": held.notice_to}


def _shown(request: HttpRequest, held: KeyList) -> dict[str, Any]:
    who, thing = actor(request), thing_of(held)
    entries = KeyEntry.objects.filter(key_list=held, inside=True)
    seen = visible(who, KeyEntry.KIND, entries).values_list("category", flat=True)
    objections = visible(who, KeyObjection.KIND, KeyObjection.objects.filter(key_list=held))
    change = may(who, "change", thing).allowed
    with using(language_of(request)):
        return {
            **LISTS.row(held),
            "counts": dict(Counter(seen.order_by())),
            "objections": objections.count(),
            "unanswered": objections.filter(answered__isnull=True).count(),
            "found": held.found if change or any(rules_held(who, "read", "permit_emission")) else {},
            "steps": held.steps if change else [],
            "clocks": list_publishing.clocks(held),
            "notice_days": settings()["key_list"]["notice_working_days"],
            "notice_would_end": _would_end(held),
            "may_change": change and held.state != "published",
            "may_notice": change and held.state == "draft",
            "may_object": _may_object(request, held),
            "may_publish": held.state == "notice"
            and held.notice_to is not None
            and today() > held.notice_to
            and may(who, "propose", Thing(f"proposal:{list_publishing.KIND}", held.region.path)).allowed,
        }


def _would_end(held: KeyList) -> date | None:
    """Return the last day of a notice given today; None where the working days are not known."""
    from huanzhi.errors import StandardError

    if held.state != "draft":
        return None
    try:
        return add_working_days(today(), settings()["key_list"]["notice_working_days"])
    except StandardError:
        return None


def _may_object(request: HttpRequest, held: KeyList) -> bool:
    who = actor(request)
    first, last = held.notice_from, held.notice_to
    if held.state != "notice" or first is None or last is None or not first <= today() <= last:
        return False
    thing = Thing(KeyObjection.KIND, held.region.path, who.organisation, "own")
    return may(who, "create", thing).allowed
