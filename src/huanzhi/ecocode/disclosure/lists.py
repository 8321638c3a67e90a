"""Lists 披露名单: drawn up by rule, open to objections, published by two people; what is owed follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.disclosure import items, subjects
from huanzhi.ecocode.disclosure.known import SORTS, Known
from huanzhi.ecocode.disclosure.models import DutyList, Entry, Objection, Trait
from huanzhi.ecocode.disclosure.settings import checked, day_in, due_after
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.acting import act
from huanzhi.library.records.bulk import save_all
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, require, thing_of

KIND = "publish_disclosure_list"


def draw_up(actor: Actor, region: str, year: int, known: Known, now: datetime) -> DutyList:
    """Draw up the list of a region and year; a draft that is there is drawn up anew.

    Raises
    ------
    InputError
        If there is no such region, or the list is past its draft.
    """
    area = Region.objects.filter(pk=region).first()
    if area is None:
        raise InputError("disclosure.no_region", column="region", value=region)
    with transaction.atomic():
        held = DutyList.objects.filter(region=area, year=year).first() or _fresh(area, year)
        if held.state != "draft":
            raise InputError("disclosure.not_now", value=held.code)
        held.drawn_up, held.drawn_up_by = now, actor.code
        save(actor, held, f"{year}")
        _fill(actor, held, known)
    return held


def _fresh(area: Region, year: int) -> DutyList:
    return DutyList(
        code=f"MD-{year}-{area.code}",
        year=year,
        region=area,
        publish_by=day_in("publish", year),
        simulated=area.simulated,
    )


def _fill(actor: Actor, held: DutyList, known: Known) -> None:
    """Put the enterprises of the region on the list that the rulebook names, or whose period runs on."""
    Entry.objects.filter(list=held).delete()
    rows = Enterprise.objects.filter(region__path__startswith=held.region.path).exclude(status="closed")
    traits = {one.code: one for one in Trait.objects.filter(enterprise__in=rows)}
    earlier = _earlier(held)
    made = []
    for one in rows.select_related("region", "organisation").order_by("code"):
        judged = subjects.judge(one, traits.get(one.code), known, held.year)
        before = earlier.get(one.code)
        if judged.reasons or before is not None:
            made.append(_entry(held, one, judged, before))
    save_all(actor, made, held.code)


def _earlier(held: DutyList) -> dict[str, Entry]:
    """Return the newest entry of each enterprise on an earlier list whose period reaches this year."""
    rows = Entry.objects.filter(
        list__region=held.region_id, list__state="published", list__year__lt=held.year, state="held"
    )
    on = rows.filter(until_year__gte=held.year).select_related("enterprise").order_by("list__year")
    return {one.enterprise.code: one for one in on}


def _entry(held: DutyList, enterprise: Enterprise, judged: subjects.Judged, before: Entry | None) -> Entry:
    kept = [one for one in before.reasons if one not in judged.reasons] if before else []
    return Entry(
        code=f"{held.year}-{enterprise.code}",
        list=held,
        enterprise=enterprise,
        region=enterprise.region,
        reasons=[*judged.reasons, *kept],
        told=judged.told,
        why=judged.why,
        until_year=max(judged.until_year, before.until_year if before else 0),
        words=f"{before.list.year}" if kept and before else "",
        simulated=enterprise.simulated,
    )


def open_notice(actor: Actor, held: DutyList, now: datetime) -> DutyList:
    """Open a list to objections for the days that the rule asks."""
    if held.state != "draft" or not held.entries.exists():
        raise InputError("disclosure.not_now", value=held.code)
    held.notice_until, held.notice_note = due_after("notice", now)
    held.state, held.notice_from = "notice", now
    return act(actor, held, "notice", right="change")  # type: ignore[no-any-return]


def object_to(actor: Actor, entry: Entry, words: str, now: datetime) -> Objection:
    """Object to being on a list, while it is open to objections."""
    if not words.strip():
        raise InputError("disclosure.missing", column="words")
    until = entry.list.notice_until
    if entry.list.state != "notice" or until is None or now > until:
        raise InputError("disclosure.notice_over", value=entry.code)
    number = f"{entry.code}-{entry.objections.count() + 1}"
    told = {"entry": entry, "enterprise": entry.enterprise, "region": entry.region}
    made = Objection(
        number=number,
        words=words.strip(),
        made=now,
        made_by=actor.code,
        simulated=entry.simulated,
        **told,
    )
    return save(actor, made, words[:200])  # type: ignore[return-value]


def answer_objection(actor: Actor, objection: Objection, state: str, words: str, now: datetime) -> Objection:
    """Answer an objection; one that is upheld takes the enterprise off the list."""
    checked("objection", state, "state")
    if objection.state != "open" or state == "open" or objection.entry.list.state != "notice":
        raise InputError("disclosure.not_now", value=objection.number)
    if not words.strip():
        raise InputError("disclosure.missing", column="words")
    with transaction.atomic():
        objection.state, objection.answer = state, words.strip()
        objection.answered, objection.answered_by = now, actor.code
        act(actor, objection, "answer", words[:200], right="command")
        if state == "upheld":
            entry = objection.entry
            entry.state, entry.words = "removed", words.strip()[:500]
            act(actor, entry, "remove", objection.number, right="change")
    return objection


def propose_publish(actor: Actor, held: DutyList, reason: str, now: datetime) -> Proposal:
    """Propose to publish a list whose notice is over and whose objections are answered."""
    _publishable(held, now)
    return propose(
        actor,
        KIND,
        DutyList.KIND,
        held.code,
        reason=reason,
        now=now,
        payload={"list": held.code},
        region=held.region,
        simulated=held.simulated,
    )


def _publishable(held: DutyList, now: datetime) -> None:
    if held.state != "notice" or held.notice_until is None:
        raise InputError("disclosure.not_now", value=held.code)
    if now <= held.notice_until:
        raise InputError("disclosure.notice_runs", value=held.notice_until.date().isoformat())
    if Objection.objects.filter(entry__list=held, state="open").exists():
        raise InputError("disclosure.objections_open", value=held.code)


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload that names no list."""
    if not DutyList.objects.filter(code=str(payload.get("list", ""))[:32]).exists():
        raise InputError("disclosure.none", value=payload.get("list"))


def publish(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Publish the list, as the second person decided, and lay down what is owed."""
    held, now = _of(actor, proposal), proposal.decided or datetime.now(UTC)
    _publishable(held, now)
    held.state, held.published = "published", now
    held.published_by = f"{proposal.proposer}, {actor.code}"
    held.report_by = due_after("province", now)[0]
    act(actor, held, "publish", f"proposal {proposal.pk}")
    made = items.lay_down(held, now)
    return {"list": held.code, "items": made, "late": now.date() > held.publish_by}


def back_to_notice(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Leave the list open, with the reasons of the second person in the trail."""
    held = _of(actor, proposal)
    return {"list": held.code, "state": held.state}


def _of(actor: Actor, proposal: Proposal) -> DutyList:
    found = DutyList.objects.select_related("region").filter(code=proposal.subject).first()
    if found is None or proposal.subject_kind != DutyList.KIND:
        raise InputError("disclosure.none", value=proposal.subject)
    require(actor, "read", thing_of(found))
    return found


def set_trait(actor: Actor, enterprise: Enterprise, given: Mapping[str, Any]) -> Trait:
    """Enter what decides about an enterprise and no other table knows."""
    held = Trait.objects.filter(enterprise=enterprise).first()
    made = held or Trait(
        code=enterprise.code,
        enterprise=enterprise,
        region=enterprise.region,
        simulated=enterprise.simulated,
    )
    for name, value in given.items():
        setattr(made, name, value)
    for row in made.events:
        _event(row)
    return save(actor, made, made.words)  # type: ignore[return-value]


def _event(row: Any) -> None:
    fits = isinstance(row, dict) and row.get("sort") in SORTS
    try:
        date.fromisoformat(str(row["day"]))
    except (ValueError, KeyError, TypeError):
        fits = False
    if not fits:
        raise InputError(
            "disclosure.choice", column="events", value=str(row)[:100], expected=", ".join(SORTS)
        )
