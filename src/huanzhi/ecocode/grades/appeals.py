"""Appeals 申诉: the enterprise says what is wrong with an event; the bureau decides with a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.grades.events import change
from huanzhi.ecocode.grades.models import Appeal, Event
from huanzhi.ecocode.grades.numbering import next_number
from huanzhi.ecocode.grades.reckoning import reckon
from huanzhi.ecocode.grades.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.calendar import Duration, known_end
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.standards.periods import CHINA


def appeal(actor: Actor, event: Event, words: str, proof: str, now: datetime) -> Appeal:
    """File an appeal against an event.

    Raises
    ------
    InputError
        If the actor may not, gives no words, the event counts no longer, or one is open already.
    """
    if event.state != "standing":
        raise InputError("grades.struck", value=event.code)
    with transaction.atomic():
        held = Appeal.objects.select_for_update().filter(event=event, state="open").first()
        if held is not None:
            raise InputError("grades.open_already", value=held.number)
        made = Appeal(
            number=next_number(Appeal, "SS", now),
            enterprise=event.enterprise,
            region=event.region,
            event=event,
            words=given(words),
            proof=proof.strip(),
            filed=now,
            filed_by=actor.code,
            due=_due(now),
            simulated=event.simulated,
        )
        save(actor, made, made.words[:200])
    return made


def given(words: str) -> str:
    """Return words that have to be there."""
    if not words.strip():
        raise InputError("grades.no_words")
    return words.strip()


def _due(now: datetime) -> date | None:
    """Return the last day for the decision; none where the holidays of a year that it needs are not known."""
    row = settings()["terms"]["appeal"]
    end, _ = known_end(now, Duration(row["number"], row["unit"]))
    return end.astimezone(CHINA).date() if end else None


def decide(
    actor: Actor,
    made: Appeal,
    *,
    accept: bool,
    words: str,
    now: datetime,
    day: date | None = None,
    facts: dict[str, Any] | None = None,
) -> Appeal:
    """Decide an appeal; an accepted one strikes the event, or corrects its day or facts, and all is reckoned.

    Raises
    ------
    InputError
        If the actor may not, it is decided already, gives no reason, or is who filed it.
    """
    reason = given(words)
    today = now.astimezone(CHINA).date()
    with transaction.atomic():
        require(actor, "approve", thing_of(made))
        if made.state != "open":
            raise InputError("grades.closed", value=made.number)
        if made.filed_by == actor.code:
            raise InputError("grades.same_person", value=made.number)
        made.state = "accepted" if accept else "refused"
        made.decided, made.decided_by, made.decision = now, actor.code, reason
        if accept:
            made.outcome = _corrected(made, reason, today, day, facts)
        save(actor, made, reason)
    return made


def _corrected(
    made: Appeal, reason: str, today: date, day: date | None, facts: dict[str, Any] | None
) -> dict[str, Any]:
    event = made.event
    before = {"day": event.day.isoformat(), "facts": event.facts, "state": event.state}
    fields: dict[str, Any] = {"corrected": True}
    if day is None and facts is None:
        fields["state"] = "struck"
    else:
        fields |= {"day": day or event.day, "facts": {**event.facts, **(facts or {})}}
    first = change(SYSTEM, event, f"{made.number} {reason}"[:2000], today, **fields)
    reckoned = reckon(SYSTEM, {event.enterprise_id: first}, today)
    after = {"day": event.day.isoformat(), "facts": event.facts, "state": event.state}
    return {"before": before, "after": after, "first": first.isoformat(), "written": reckoned.written}


def withdraw(actor: Actor, made: Appeal, now: datetime) -> Appeal:
    """Take one's own appeal back."""
    if made.state != "open":
        raise InputError("grades.closed", value=made.number)
    made.state, made.decided, made.decided_by = "withdrawn", now, actor.code
    save(actor, made)
    return made
