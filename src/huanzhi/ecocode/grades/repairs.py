"""Repair of credit 信用修复: application with proof, conditions of the rule in force, decision, new grade.

The rule is the rulebook ``credit_repair``: order 36 from 2026-04-01. For days before it no rule is among the
facts, and nothing is decided by a guess. An event is repaired by who found it 谁认定、谁修复.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi import rules
from huanzhi.ecocode.grades.appeals import given
from huanzhi.ecocode.grades.events import change
from huanzhi.ecocode.grades.models import Event, Repair
from huanzhi.ecocode.grades.numbering import next_number
from huanzhi.ecocode.grades.reckoning import reckon
from huanzhi.ecocode.grades.settings import checked
from huanzhi.errors import InputError, StandardError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.library.rulebooks import holding
from huanzhi.messages import language
from huanzhi.rules.grading import months_later
from huanzhi.standards.periods import CHINA

BOOK = "credit_repair"


def months_between(first: date, day: date) -> int:
    """Return how many whole months lie between two days; 0 where the second is earlier."""
    months = (day.year - first.year) * 12 + day.month - first.month
    return max(0, months if months_later(first, max(months, 0)) <= day else months - 1)


def conditions(event: Event, grade: str, done: date | None, commitment: bool, day: date) -> dict[str, Any]:
    """Return what the rule in force on a day says of a repair.

    Raises
    ------
    InputError
        ``grades.not_covered`` where no rule of that day is among the facts; ``grades.not_public`` where the
        event is not published.
    """
    if event.published is None:
        raise InputError("grades.not_public", value=event.code)
    try:
        book = holding.in_force(BOOK, day, event.region_id)
    except StandardError as error:
        if error.key != "rules.not_in_force":
            raise
        raise InputError("grades.not_covered", day=day.isoformat()) from None
    inputs = {
        "grade": checked("grade", grade, "grade"),
        "months": months_between(event.published, day),
        "duty_done": done is not None and done <= day,
        "commitment": commitment,
    }
    return told(event, rules.evaluate(book, inputs))


def told(event: Event, result: rules.Result) -> dict[str, Any]:
    """Return an answer of the rule with the days that follow from it."""
    hit, out = result.hits[0], result.outputs
    assert event.published is not None
    least, most = int(str(out["least_months"])), int(str(out["most_months"]))
    return {
        "granted": out["granted"],
        "inputs": result.as_dict()["inputs"],
        "reason": {"zh": hit.note.zh, "en": hit.note.en},
        "clause": {"zh": hit.clause.zh, "en": hit.clause.en},
        "confidence": hit.confidence.value,
        "rulebook": result.rulebook,
        "version": result.version,
        "row": hit.number,
        "earliest": months_later(event.published, least).isoformat(),
        "ends": months_later(event.published, most).isoformat(),
        "published": event.published.isoformat(),
        "least_months": least,
        "most_months": most,
    }


def apply(
    actor: Actor,
    event: Event,
    *,
    grade: str,
    done: date | None,
    commitment: bool,
    proof: str,
    now: datetime,
) -> Repair:
    """Apply for the repair of what an event did to the credit.

    Raises
    ------
    InputError
        If the actor may not, gives no proof, one is open already, or no rule of the day is known.
    """
    if event.state != "standing" or event.repaired is not None:
        raise InputError("grades.struck", value=event.code)
    found = conditions(event, grade, done, commitment, now.astimezone(CHINA).date())
    with transaction.atomic():
        held = Repair.objects.select_for_update().filter(event=event, state="open").first()
        if held is not None:
            raise InputError("grades.open_already", value=held.number)
        made = Repair(
            number=next_number(Repair, "XF", now),
            enterprise=event.enterprise,
            region=event.region,
            event=event,
            grade=grade,
            duty_done=done,
            commitment=commitment,
            proof=given(proof),
            filed=now,
            filed_by=actor.code,
            checked=found,
            simulated=event.simulated,
        )
        save(actor, made, made.proof[:200])
    return made


def decide(actor: Actor, made: Repair, *, grant: bool, words: str, now: datetime) -> Repair:
    """Decide an application: repair where the conditions of today are met, or refuse with reasons.

    Raises
    ------
    InputError
        ``grades.not_met`` where it is to be granted against the conditions.
    """
    today = now.astimezone(CHINA).date()
    with transaction.atomic():
        require(actor, "approve", thing_of(made))
        if made.state != "open":
            raise InputError("grades.closed", value=made.number)
        if made.filed_by == actor.code:
            raise InputError("grades.same_person", value=made.number)
        made.checked = conditions(made.event, made.grade, made.duty_done, made.commitment, today)
        if grant and not made.checked["granted"]:
            raise InputError("grades.not_met", reason=made.checked["reason"][language()])
        made.state = "repaired" if grant else "refused"
        made.decided, made.decided_by, made.decision = now, actor.code, given(words)
        save(actor, made, made.decision)
        if grant:
            first = change(SYSTEM, made.event, made.number, today, repaired=today)
            reckon(SYSTEM, {made.enterprise_id: first}, today)
    return made


def grade_of(event: Event) -> str:
    """Return the class of a breach as its source says it; ordinary where it says none."""
    told_grade = str(event.facts.get("severity", ""))
    return told_grade if told_grade in ("minor", "ordinary", "serious") else "ordinary"


def publication(event: Event, day: date) -> dict[str, Any] | None:
    """Return from when to when an event is published; None where it is not, or no rule of the day is known.

    At its longest a publication ends by itself, unless duties are open; a repair ends it.
    """
    if event.published is None or event.state != "standing":
        return None
    try:
        found = conditions(event, grade_of(event), event.until, False, day)
    except InputError:
        return {"published": event.published.isoformat(), "removal": None, "grade": grade_of(event)}
    done = event.until is not None and event.until <= day
    ends = date.fromisoformat(found["ends"])
    removal = event.repaired or (max(ends, event.until) if done and event.until else None)
    if removal is not None and removal <= day:
        return None
    return {
        "published": found["published"],
        "earliest_repair": found["earliest"],
        "removal": removal.isoformat() if removal else None,
        "longest": found["ends"],
        "grade": grade_of(event),
        "duties_open": not done,
    }


def serious_list(day: date) -> list[Event]:
    """Return the events of the list of serious breaches 严重失信 on a day, the newest first."""
    rows = Event.objects.filter(published__lte=day, state="standing").select_related("enterprise", "region")
    found = (one for one in rows if grade_of(one) == "serious")
    return [one for one in found if publication(one, day) is not None]
