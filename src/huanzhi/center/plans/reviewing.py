"""Reviewing 审核: items accepted, changed or rejected with reasons; accepted measures enter the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.inspections.writing import number
from huanzhi.center.plans.models import BodyName, Document, Item, Measure
from huanzhi.center.plans.settings import checked
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.records.acting import act, stored_of
from huanzhi.library.rights import Actor

EDITABLE = {
    "measure": ("text", "task", "years", "bodies"),
    "target": ("indicator", "op", "value", "upper", "unit", "year", "stretch", "region"),
    "milestone": ("name", "year"),
    "system": ("name",),
    "responsibility": ("name", "body"),
}
"""What a review may change of each sort; the quote and its place stay as they are."""

_NAMES = {"measure": "text", "target": "indicator"}


def decide(
    actor: Actor,
    item: Item,
    verdict: str,
    now: datetime,
    *,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Item:
    """Accept an item, accept it with changes, or reject it with a reason.

    Raises
    ------
    InputError
        If the actor may not, the item was decided on, a reason or a lost value is missing.
    """
    checked("review", verdict, "review")
    with transaction.atomic():
        held: Item = stored_of(item)
        if held.revision != item.revision:
            raise InputError("records.stale", value=item.code)
        if held.review != "open" and Measure.objects.filter(item=held).exists():
            raise InputError("center_plans.decided", value=held.code)
        if verdict in ("rejected", "edited") and not reason.strip():
            raise InputError("center_plans.reason", column="reason")
        if verdict == "edited":
            _change(held, changes or {})
        elif verdict == "accepted" and "value" in held.damaged.split(","):
            raise InputError("center_plans.lost", value=held.words)
        held.review, held.reason = verdict, reason.strip()[:500]
        held.reviewed, held.reviewed_by = (None, "") if verdict == "open" else (now, actor.code)
        act(actor, held, verdict, held.reason, right="change")
        if held.sort == "measure" and verdict in ("accepted", "edited"):
            enter(actor, held, now)
    return held


def accept_sound(actor: Actor, document: Document, sort: str, now: datetime) -> int:
    """Accept every open item of a sort in which nothing is damaged; return how many."""
    rows = Item.objects.select_related("document__region").filter(
        document=document, sort=sort, review="open", damaged=""
    )
    return len([decide(actor, item, "accepted", now) for item in rows])


def _change(item: Item, changes: Mapping[str, Any]) -> None:
    unknown = set(changes) - set(EDITABLE[item.sort])
    if unknown or not changes:
        name = next(iter(sorted(unknown)), "changes")
        raise InputError(
            "center_plans.choice", column=name, value=name, expected=", ".join(EDITABLE[item.sort])
        )
    item.told = {**item.told, **changes}
    item.words = str(item.told.get(_NAMES.get(item.sort, "name"), item.words))[:2000]
    mended = {name for name in changes if changes[name] not in (None, "", [])}
    kept = [each for each in item.damaged.split(",") if each and each not in mended]
    item.damaged = ",".join(kept)


def enter(actor: Actor, item: Item, now: datetime) -> Measure:
    """Enter an accepted measure into the ledger: the first body leads, the last year ends it."""
    told, document = item.told, item.document
    confirmed = {
        row.name: row.organisation for row in BodyName.objects.filter(document=document, confirmed=True)
    }
    names = list(told.get("bodies", ()))
    years = [int(year) for year in told.get("years", ())]
    lead = confirmed.get(names[0]) if names else None
    made = Measure(
        number=number("JC", now),
        item=item,
        document=document,
        region=document.region,
        title=item.words[:1000],
        task=str(told.get("task", ""))[:300],
        no=int(told.get("no", 0)),
        lead=lead,
        lead_name=names[0][:100] if names else "",
        joint=[_joint(name, confirmed.get(name)) for name in names[1:]],
        begins=date(years[0], 1, 1) if len(years) > 1 else None,
        due=date(years[-1], 12, 31) if years else None,
        steps=[],
        simulated=document.simulated,
    )
    act(actor, made, "create", f"{document.number} {item.code}", right="create")
    return made


def _joint(name: str, body: Organisation | None) -> dict[str, str]:
    return {"name": name, "code": body.code if body else ""}


def confirm(actor: Actor, name: BodyName, code: str) -> BodyName:
    """Say which organisation a name of a body means; measures that wait for it get it.

    Raises
    ------
    InputError
        If there is no such organisation, or the actor may not.
    """
    body = Organisation.objects.filter(code=code).first() if code else None
    if code and body is None:
        raise InputError("center_plans.no_body", value=code)
    with transaction.atomic():
        name.organisation, name.confirmed = body, body is not None
        act(actor, name, "confirm" if body else "take_back", code, right="change")
        for measure in Measure.objects.filter(document=name.document):
            if _meets(measure, name.name, body):
                act(actor, measure, "assign", f"{name.name} {code}", right="command")
    return name


def _meets(measure: Measure, name: str, body: Organisation | None) -> bool:
    """Put an organisation into a measure where its name stands; return whether anything changed."""
    changed = False
    if measure.lead_name == name and measure.lead is None and body is not None:
        measure.lead, changed = body, True
    for each in measure.joint:
        if each["name"] == name and each["code"] != (body.code if body else ""):
            each["code"], changed = (body.code if body else ""), True
    return changed
