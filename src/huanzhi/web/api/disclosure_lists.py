"""Lists of who has to disclose 披露名单: drawn up, objected to, published; entries, and traits behind them.

A change names the revision that it began from in ``If-Match``; 412 where somebody else was quicker.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi.ecocode.disclosure import lists
from huanzhi.ecocode.disclosure.listing import ENTRIES, LISTS, OBJECTIONS, TRAITS
from huanzhi.ecocode.disclosure.models import DutyList, Entry, Objection, Trait
from huanzhi.ecocode.disclosure.settings import settings
from huanzhi.library.rights import Thing, mask, may, require, thing_of, visible
from huanzhi.messages import using
from huanzhi.programmes.disclosure.known import known
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.disclosure import enterprise_seen, is_own, note_of, only, today
from huanzhi.web.api.disclosure_shapes import (
    DisclosureAnswerIn,
    DisclosureListIn,
    DisclosureObjectionIn,
    DisclosureOut,
    DisclosureReasonIn,
    DisclosureTraitIn,
)
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters

router = Router(tags=["disclosure"])
ListFilters = filters("DisclosureListFilters", LISTS.columns)
EntryFilters = filters("DisclosureEntryFilters", ENTRIES.columns)
ObjectionFilters = filters("DisclosureObjectionFilters", OBJECTIONS.columns)
TraitFilters = filters("DisclosureTraitFilters", TRAITS.columns)
Rows = Page[dict[str, Any]]


@router.get("disclosure/lists", response=Rows, operation_id="list_disclosure_lists")
def get_lists(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ListFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the yearly lists of who has to disclose, the newest first."""
    paging.sort = paging.sort or "-year"
    return answer(
        request, LISTS, visible(actor(request), DutyList.KIND, DutyList.objects.all()), paging, wanted
    )


@router.post("disclosure/lists", response={201: DisclosureOut}, operation_id="draw_up_disclosure_list")
def draw_up(request: HttpRequest, given: DisclosureListIn) -> HttpResponse:
    """Draw up the list of a region and year by the rulebook; a draft is drawn up anew."""
    now = datetime.now(UTC)
    with using(language_of(request)):
        made = lists.draw_up(actor(request), given.region, given.year, known(today()), now)
    return document(request, _list_out(request, made), 201)


@router.get("disclosure/lists/{code}", response=DisclosureOut, operation_id="get_disclosure_list")
def get_list(request: HttpRequest, code: str) -> HttpResponse:
    """Return a list with its clocks and counts."""
    return document(request, _list_out(request, _list(request, code)))


@router.post("disclosure/lists/{code}/notice", response=DisclosureOut, operation_id="open_disclosure_list")
def open_notice(request: HttpRequest, code: str) -> HttpResponse:
    """Open a list to objections for ten working days."""
    held = _list(request, code)
    begun_from(request, held)
    lists.open_notice(actor(request), held, datetime.now(UTC))
    return document(request, _list_out(request, _list(request, code)))


@router.post(
    "disclosure/lists/{code}/publish",
    response={201: DisclosureOut},
    operation_id="propose_disclosure_list",
)
def propose(request: HttpRequest, code: str, given: DisclosureReasonIn) -> HttpResponse:
    """Propose to publish a list; another person decides."""
    held = _list(request, code)
    begun_from(request, held)
    made = lists.propose_publish(actor(request), held, given.reason, datetime.now(UTC))
    return document(request, {"code": held.code, "proposal": made.pk, "state": made.state}, 201)


@router.get("disclosure/entries", response=Rows, operation_id="list_disclosure_entries")
def get_entries(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[EntryFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the enterprises on the lists; an enterprise sees its own."""
    paging.sort = paging.sort or "-year,code"
    return answer(request, ENTRIES, _entries(request), paging, wanted)


@router.get("disclosure/entries/{code}", response=DisclosureOut, operation_id="get_disclosure_entry")
def get_entry(request: HttpRequest, code: str) -> HttpResponse:
    """Return an entry with the answer of the rulebook and its objections."""
    return document(request, _entry_out(request, _entry(request, code)))


@router.post(
    "disclosure/entries/{code}/objections",
    response={201: DisclosureOut},
    operation_id="object_to_disclosure_entry",
)
def object_to(request: HttpRequest, code: str, given: DisclosureObjectionIn) -> HttpResponse:
    """Object to an entry while its list is open to objections."""
    made = lists.object_to(actor(request), _entry(request, code), given.words, datetime.now(UTC))
    return document(request, OBJECTIONS.row(made), 201)


@router.get("disclosure/objections", response=Rows, operation_id="list_disclosure_objections")
def get_objections(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ObjectionFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the objections, the newest first."""
    paging.sort = paging.sort or "-made"
    rows = visible(actor(request), Objection.KIND, Objection.objects.all())
    return answer(request, OBJECTIONS, rows, paging, wanted)


@router.post(
    "disclosure/objections/{number}/answer",
    response=DisclosureOut,
    operation_id="answer_disclosure_objection",
)
def answer_objection(request: HttpRequest, number: str, given: DisclosureAnswerIn) -> HttpResponse:
    """Answer an objection; one that is upheld takes the enterprise off the list."""
    rows = visible(actor(request), Objection.KIND, Objection.objects.all())
    found = only(rows.select_related("entry__list", "region", "enterprise__organisation"), "number", number)
    begun_from(request, found)
    made = lists.answer_objection(actor(request), found, given.state, given.words, datetime.now(UTC))
    return document(request, OBJECTIONS.row(made))


@router.get("disclosure/traits", response=Rows, operation_id="list_disclosure_traits")
def get_traits(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[TraitFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List what decides about enterprises and no other table knows: listed, bonds, audits, events."""
    paging.sort = paging.sort or "enterprise"
    rows = visible(actor(request), Trait.KIND, Trait.objects.all())
    return answer(request, TRAITS, rows, paging, wanted)


@router.put("disclosure/traits/{enterprise}", response=DisclosureOut, operation_id="set_disclosure_trait")
def set_trait(request: HttpRequest, enterprise: str, given: DisclosureTraitIn) -> HttpResponse:
    """Enter what decides about an enterprise."""
    who = actor(request)
    one = enterprise_seen(request, enterprise)
    held = Trait.objects.filter(enterprise=one).first()
    if held is not None:
        begun_from(request, held)
    require(who, "command", Thing(Trait.KIND, one.region.path, "", "own"))
    made = lists.set_trait(who, one, given.model_dump(mode="json"))
    return document(request, TRAITS.row(made))


def _list_out(request: HttpRequest, held: DutyList) -> dict[str, Any]:
    who, now = actor(request), datetime.now(UTC)
    may_change = may(who, "change", thing_of(held)).allowed
    until = held.notice_until
    rows = Objection.objects.filter(entry__list=held)
    return {
        **LISTS.row(held),
        "notice_note": note_of(held.notice_note),
        "entries": held.entries.filter(state="held").count(),
        "objections": rows.count(),
        "objections_open": rows.filter(state="open").count(),
        "clock": {name: settings()["clock"][name] for name in ("notice", "publish", "province")},
        "may_draw_up": held.state == "draft" and may_change,
        "may_open": held.state == "draft" and may_change and held.entries.exists(),
        "may_propose": bool(held.state == "notice" and until and now > until)
        and may(who, "propose", Thing(f"proposal:{lists.KIND}", held.region.path)).allowed,
        "late": (held.published or now).astimezone(CHINA).date() > held.publish_by,
    }


def _entry_out(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    who = actor(request)
    objections = entry.objections.all()
    return {
        **mask(who, entry, ENTRIES.row(entry)),
        "why": entry.why,
        "told": entry.told,
        "list_state": entry.list.state,
        "objections": [OBJECTIONS.row(one) for one in objections],
        "may_object": entry.list.state == "notice" and is_own(who, entry.enterprise),
        "may_answer": may(who, "command", thing_of(entry)).allowed,
    }


def _list(request: HttpRequest, code: str) -> DutyList:
    rows = visible(actor(request), DutyList.KIND, DutyList.objects.select_related("region"))
    return only(rows, "code", code)  # type: ignore[no-any-return]


def _entries(request: HttpRequest) -> Any:
    return visible(actor(request), Entry.KIND, Entry.objects.all())


def _entry(request: HttpRequest, code: str) -> Entry:
    rows = _entries(request).select_related("list__region", "enterprise__organisation", "region")
    return only(rows, "code", code)  # type: ignore[no-any-return]
