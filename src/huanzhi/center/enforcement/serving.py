"""Service 送达: how a document reached whom, with its proof; terms count from the day of effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import transaction

from huanzhi.center.enforcement import paying, terms
from huanzhi.center.enforcement.conditions import DECISIONS
from huanzhi.center.enforcement.models import Case, CaseEvidence, Paper, Service
from huanzhi.center.enforcement.settings import rules, words
from huanzhi.center.enforcement.writing import changed, held_of
from huanzhi.errors import InputError
from huanzhi.library.calendar import Duration, deadline
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.standards.periods import CHINA

EVENTS = {"notice": "notice_served", "hearing_notice": "hearing_served", "demand": "demand_served"}
"""What the service of a document begins."""


@dataclass(frozen=True, slots=True)
class Given:
    """How a document was served; `consent` is that the party agreed to electronic service."""

    way: str
    day: date
    receiver: str = ""
    note: str = ""
    proof: int | None = None
    consent: bool = False


def serve(actor: Actor, paper: Paper, given: Given, *, now: datetime | None = None) -> Service:
    """Record that a document was served.

    Raises
    ------
    InputError
        If the actor may not, it was not issued, the day lies ahead or before it, or the way needs a proof or
        a consent that is not there.
    """
    now = now or datetime.now(UTC)
    case = paper.case
    require(actor, "change", thing_of(case))
    proof = _checked(paper, given, now)
    with transaction.atomic():
        held = held_of(case)
        before = held.as_row()
        effective = _effective(given)
        made = Service(
            paper=paper,
            way=given.way,
            day=given.day,
            effective=effective,
            receiver=given.receiver,
            note=given.note,
            proof=proof,
            at=now,
            actor=actor.code,
            actor_name=actor.name,
        )
        made.save()
        paper.state, paper.served = "served", effective
        paper.owner = held.party_body.code if held.party_body else ""
        save(actor, paper, given.way)
        _follow(held, paper, effective, now)
        changed(actor, held, before, "serve_paper", paper.document)
    return made


def _follow(case: Case, paper: Paper, day: date, now: datetime) -> None:
    """Begin the terms that the service begins."""
    at = datetime.combine(day, time(12), CHINA)
    event = "decision_served" if paper.template in DECISIONS and case.decision else EVENTS.get(paper.template)
    if event is None:
        return
    terms.happen(case, event, now, at=at)
    if event == "decision_served":
        paying.owe(case)
        end = terms.end_of(case, "lawsuit")
        if end is not None and case.decision == "penalty":
            terms.happen(case, "remedies_over", now, at=end)


def _effective(given: Given) -> date:
    """Return the day from which the service counts: after its term where it was published."""
    if given.way != "public":
        return given.day
    rule = rules()["public_service"]
    begun = datetime.combine(given.day, time(12), CHINA)
    return deadline(begun, Duration(rule.number, rule.unit), roll=False).date()  # type: ignore[arg-type]


def _checked(paper: Paper, given: Given, now: datetime) -> CaseEvidence | None:
    told = words("service_way").get(given.way)
    if told is None:
        raise InputError(
            "issues.choice", column="way", value=given.way, expected=", ".join(words("service_way"))
        )
    if paper.state != "issued" or paper.issued is None:
        raise InputError("cases.not_issued", value=paper.code)
    if not paper.issued.astimezone(CHINA).date() <= given.day <= now.astimezone(CHINA).date():
        raise InputError("cases.service_day", value=given.day.isoformat())
    proof = CaseEvidence.objects.filter(case=paper.case, pk=given.proof).first() if given.proof else None
    if told.get("proof") and proof is None:
        raise InputError("cases.service_proof", value=told["zh"])
    if told.get("consent") and not given.consent:
        raise InputError("cases.service_consent", value=told["zh"])
    return proof
