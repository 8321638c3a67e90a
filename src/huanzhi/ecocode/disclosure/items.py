"""Items 披露事项: what each enterprise on a published list owes, by when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.disclosure.known import Known, Penalty
from huanzhi.ecocode.disclosure.models import DutyList, Entry, Item
from huanzhi.ecocode.disclosure.settings import checked, day_in, due_after, end_of, settings
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.acting import act
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards.periods import CHINA

EVENT_OF = {"crime": "crime", "detained": "detention"}
"""Events of temporary reports by sort of penalty; a penalty otherwise."""


def lay_down(held: DutyList, now: datetime) -> int:
    """Lay down the yearly report of each enterprise on a published list; doing it again changes nothing."""
    made = 0
    for entry in held.entries.filter(state="held").select_related("enterprise__region"):
        code = f"{entry.enterprise.code}-{held.year}-A"
        if not Item.objects.filter(code=code).exists():
            save(SYSTEM, _annual(entry, code, held.year), held.code)
            made += 1
    return made


def _annual(entry: Entry, code: str, year: int) -> Item:
    return Item(
        code=code,
        enterprise=entry.enterprise,
        region=entry.enterprise.region,
        sort="annual",
        year=year,
        title=f"{year}年度环境信息依法披露报告",
        reasons=entry.reasons,
        due=end_of(day_in("annual", year + 1)),
        simulated=entry.simulated,
    )


def entry_on(enterprise: Enterprise, year: int) -> Entry | None:
    """Return the entry of an enterprise on the published list of a year."""
    rows = Entry.objects.filter(enterprise=enterprise, state="held", list__state="published", list__year=year)
    return rows.select_related("list").first()


def open_temporary(
    actor: Actor, enterprise: Enterprise, event: str, received: date, title: str, **told: Any
) -> Item:
    """Lay down a temporary report about a document that an enterprise received.

    A document from before the list of its year was published is owed within the clock of back-fills.

    Parameters
    ----------
    told
        ``document`` its number, ``source`` the record that tells it.

    Raises
    ------
    InputError
        If the actor may not, or the enterprise is on no published list of that year.
    """
    checked("event", event, "event")
    entry = entry_on(enterprise, received.year)
    if entry is None or entry.list.published is None:
        raise InputError("disclosure.not_on_list", value=enterprise.code)
    known = _known(enterprise, str(told.get("source", "")))
    if known is not None:
        return known
    published = entry.list.published
    early = received < published.astimezone(CHINA).date()
    sort = "backfill" if early else "temporary"
    due, note = due_after(sort, published if early else end_of(received))
    with transaction.atomic():
        made = Item(
            code=_next(enterprise, received.year),
            enterprise=enterprise,
            region=enterprise.region,
            sort=sort,
            year=received.year,
            title=title[:200],
            event=event,
            received=received,
            document=str(told.get("document", ""))[:100],
            source=str(told.get("source", ""))[:120],
            reasons=entry.reasons,
            due=due,
            due_note=note,
            simulated=enterprise.simulated,
        )
        save(actor, made, title[:200])
    return made


def _known(enterprise: Enterprise, source: str) -> Item | None:
    return Item.objects.filter(enterprise=enterprise, source=source).first() if source else None


def _next(enterprise: Enterprise, year: int) -> str:
    count = Item.objects.filter(enterprise=enterprise, year=year).exclude(sort="annual").count()
    return f"{enterprise.code}-{year}-T{count + 1}"


def owed(known: Known) -> int:
    """Lay down the temporary reports about penalties that the bureau knows; return how many are new."""
    made = 0
    for one in known.penalties:
        enterprise = Enterprise.objects.select_related("region").filter(code=one.enterprise).first()
        if enterprise is None or _known(enterprise, one.source) is not None:
            continue
        if entry_on(enterprise, one.received.year) is not None:
            open_temporary(SYSTEM, enterprise, _event(one), one.received, _title(one), **_told(one))
            made += 1
    return made


def _event(one: Penalty) -> str:
    return EVENT_OF.get(one.sort, "penalty")


def _title(one: Penalty) -> str:
    word = settings()["event"][_event(one)]["zh"]
    return f"{word}：{one.document}" if one.document else str(word)


def _told(one: Penalty) -> dict[str, str]:
    return {"document": one.document, "source": one.source}


def void(actor: Actor, item: Item, reason: str) -> Item:
    """Say that an item is not owed, with the reason."""
    if item.state != "due" or not reason.strip():
        raise InputError(
            "disclosure.not_now" if item.state != "due" else "disclosure.missing", value=item.code
        )
    item.state = "void"
    return act(actor, item, "void", reason, right="command")  # type: ignore[no-any-return]
