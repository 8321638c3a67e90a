"""Publishing a key-polluter list 名录公布: notice, objections and answers, then two people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.permits.calendar import today
from huanzhi.ecocode.permits.list_drafting import set_by_hand, step
from huanzhi.ecocode.permits.models import KeyEntry, KeyList, KeyObjection
from huanzhi.ecocode.permits.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.calendar import add_working_days
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.bulk import save_all
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of

KIND = "publish_key_list"


def clocks(held: KeyList) -> list[dict[str, str]]:
    """Return the days that the measures ask for, of the year of a list."""
    rule = settings()["key_list"]
    found = [
        {"name": name, "day": date(held.year, rule[name]["month"], rule[name]["day"]).isoformat()}
        for name in ("draft_before", "publish_before")
    ]
    return [{**row, "confidence": rule["confidence"]} for row in found]


def give_notice(actor: Actor, held: KeyList, now: datetime) -> KeyList:
    """Open a draft to objections; everybody may read it from now on.

    Raises
    ------
    InputError
        If it is none, has no entry, or the actor may not.
    StandardError
        ``calendar.no_year`` where the working days of the year are not known.
    """
    if held.state != "draft" or not KeyEntry.objects.filter(key_list=held, inside=True).exists():
        raise InputError("permits.not_now", value=held.code)
    held.notice_from = today(now)
    held.notice_to = add_working_days(held.notice_from, settings()["key_list"]["notice_working_days"])
    held.state, held.sensitivity = "notice", "public"
    with transaction.atomic():
        step(held, actor, "notice", f"{held.notice_from} – {held.notice_to}", now)
        save(actor, held)
        _open_entries(actor, held)
    return held


def _open_entries(actor: Actor, held: KeyList) -> None:
    rows = KeyEntry.objects.select_related("enterprise__region", "enterprise__organisation")
    changed = []
    for entry in rows.filter(key_list=held):
        entry.sensitivity = "public" if entry.inside else "internal"
        changed.append(entry)
    save_all(actor, changed)


def object_to(
    actor: Actor, held: KeyList, entry: KeyEntry | None, name: str, words: str, now: datetime
) -> KeyObjection:
    """Take in an objection, within its days.

    Raises
    ------
    InputError
        ``permits.no_notice`` outside the days; ``permits.words`` without words.
    """
    day = today(now)
    first, last = held.notice_from, held.notice_to
    if held.state != "notice" or first is None or last is None or not first <= day <= last:
        raise InputError("permits.no_notice", value=held.code)
    if not words.strip():
        raise InputError("permits.words", column="words")
    number = KeyObjection.objects.filter(key_list=held).count() + 1
    made = KeyObjection(
        code=f"{held.code}.Y{number:03d}",
        key_list=held,
        entry=entry,
        organisation=actor.organisation,
        name=name.strip()[:200] or actor.code,
        words=words.strip()[:2000],
        made=now,
        simulated=held.simulated,
    )
    save(actor, made)
    return made


def answer(actor: Actor, objection: KeyObjection, upheld: bool, words: str, now: datetime) -> KeyObjection:
    """Answer an objection; where it is upheld its entry is taken out, with the answer as reason.

    Raises
    ------
    InputError
        If it is answered already, or no words are given.
    """
    if objection.answered is not None:
        raise InputError("permits.not_now", value=objection.code)
    if not words.strip():
        raise InputError("permits.words", column="words")
    objection.upheld, objection.answer = upheld, words.strip()[:2000]
    objection.answered, objection.answered_by = now, actor.code
    with transaction.atomic():
        save(actor, objection, objection.answer)
        if upheld and objection.entry is not None:
            entry = objection.entry
            set_by_hand(actor, objection.key_list, entry.enterprise, entry.category, False, words)
    return objection


def propose_publishing(actor: Actor, held: KeyList, words: str, now: datetime) -> Proposal:
    """Propose that a list is published; another person decides.

    Raises
    ------
    InputError
        If objections may still come or wait for an answer, or the actor may not.
    """
    _ready(held, today(now))
    return propose(
        actor,
        KIND,
        KeyList.KIND,
        held.code,
        reason=words,
        now=now,
        payload={"revision": held.revision},
        region=held.region,
        simulated=held.simulated,
    )


def _ready(held: KeyList, day: date) -> None:
    if held.state != "notice" or held.notice_to is None:
        raise InputError("permits.not_now", value=held.code)
    if day <= held.notice_to:
        raise InputError("permits.still_open", value=day.isoformat(), expected=f"> {held.notice_to}")
    if KeyObjection.objects.filter(key_list=held, answered__isnull=True).exists():
        raise InputError("permits.unanswered", value=held.code)


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload without the revision that is to be published."""
    if not isinstance(payload.get("revision"), int):
        raise InputError("permits.not_now", column="revision")


def publish(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Publish a list and mark its enterprises as key polluters; `actor` is the second person."""
    held = KeyList.objects.select_related("region").filter(code=proposal.subject).first()
    if held is None or proposal.subject_kind != KeyList.KIND:
        raise InputError("permits.none", value=proposal.subject)
    now = proposal.decided or datetime.now(UTC)
    require(actor, "read", thing_of(held))
    _ready(held, today(now))
    if held.revision != proposal.payload["revision"]:
        raise InputError("records.stale", value=held.code)
    held.state, held.published = "published", today(now)
    held.published_by = f"{proposal.proposer}, {actor.code}"
    step(held, actor, "publish", f"proposal {proposal.pk}", now)
    save(SYSTEM, held, f"proposal {proposal.pk} by {proposal.proposer}")
    _open_entries(SYSTEM, held)
    return {"key_list": held.code, "entries": _mark(held)}


def _mark(held: KeyList) -> int:
    """Mark as key units who stands in the list; take the mark off who stood in the last one and no more.

    A list of a year that is older than one that was published changes no mark.
    """
    listed = _owners(held)
    others = KeyList.objects.filter(region=held.region, state="published").exclude(pk=held.pk)
    if others.filter(year__gt=held.year).exists():
        return len(listed)
    before = others.filter(year__lt=held.year).order_by("-year").first()
    gone = _owners(before) - listed if before else set()
    changed: list[Enterprise] = []
    rows = Enterprise.objects.select_related("region", "organisation").filter(pk__in=listed | gone)
    for enterprise in rows:
        if enterprise.key_unit != (enterprise.pk in listed):
            enterprise.key_unit = enterprise.pk in listed
            changed.append(enterprise)
    save_all(SYSTEM, changed, held.code)
    return len(listed)


def _owners(held: KeyList) -> set[int]:
    return set(KeyEntry.objects.filter(key_list=held, inside=True).values_list("enterprise_id", flat=True))


def duties_of(entries: Iterable[KeyEntry]) -> list[str]:
    """Return the duties that entries carry: install online monitoring, disclose."""
    words = settings()["category"]
    return sorted({duty for one in entries if one.inside for duty in words[one.category]["duties"]})
