"""Judging a case by rulebooks 研判: hearing, discussion, exemption, transfer, damage; kept with reasons.

Each question names its rulebook and what of the case it asks; answers of the officer stand in ``Case.facts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from huanzhi import rules
from huanzhi.center.enforcement.matters import matter_of
from huanzhi.center.enforcement.models import Case, Finding
from huanzhi.center.enforcement.writing import changed, held_of
from huanzhi.errors import InputError, StandardError
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.rules.showing import answer
from huanzhi.standards.periods import CHINA

QUESTIONS: Mapping[str, str] = {
    "exemption": "penalty_exemption",
    "exemption_list": "penalty_exemption_list",
    "hearing": "case_hearing",
    "discussion": "case_discussion",
    "criminal": "case_criminal",
    "detention": "case_detention",
    "litigation": "case_litigation",
    "damage": "case_damage",
    "daily": "case_daily",
    "discretion": "case_only_max",
}
"""Questions by name, and the rulebook that answers each."""

EXEMPT = ("none", "may")
"""Answers by which a penalty may be waived."""

SCREENS = ("criminal", "detention", "litigation", "damage")
"""Questions that every case is screened by."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a rulebook that is in force."""

    sort: str
    book: rules.Rulebook
    inputs: Mapping[str, Any] = field(default_factory=dict)


def book_of(case: Case, sort: str, day: Any = None) -> rules.Rulebook:
    """Return the rulebook of a question, in force today at the place of the case.

    Raises
    ------
    InputError
        ``cases.no_question`` if there is none of that name.
    StandardError
        If no rulebook is in force there.
    """
    if sort not in QUESTIONS:
        raise InputError("cases.no_question", value=sort, expected=", ".join(QUESTIONS))
    return in_force(QUESTIONS[sort], day or datetime.now(CHINA).date(), case.region_id)


def known_inputs(case: Case, book: rules.Rulebook) -> dict[str, Any]:
    """Return what the case already tells of the inputs of a rulebook."""
    matter = matter_of(case.matter) if case.matter else None
    told: dict[str, Any] = {
        "party": case.party_kind,
        "fine": case.fine if case.fine is not None else case.facts.get("fine_intended"),
        "article": bool(matter and matter.detention) if matter else None,
        **case.facts,
    }
    return {one.name: told[one.name] for one in book.inputs if told.get(one.name) is not None}


def ask(
    actor: Actor, case: Case, sort: str, inputs: Mapping[str, Any], *, now: datetime | None = None
) -> Finding:
    """Ask a rulebook about a case, and keep question and answer.

    Raises
    ------
    InputError
        If the actor may not, or an input is wrong.
    StandardError
        If no rulebook is in force at the place.
    """
    now = now or datetime.now(UTC)
    require(actor, "change", thing_of(case))
    book = book_of(case, sort)
    given = {name: value for name, value in inputs.items() if value not in (None, "")}
    result = rules.evaluate(book, given)
    with transaction.atomic():
        held = held_of(case)
        before = held.as_row()
        told = {
            "title": {"zh": book.title.zh, "en": book.title.en},
            "confidence": book.provenance.confidence.value,
        }
        made = Finding(
            case=held,
            sort=sort,
            result=str(result.outputs.get("result", ""))[:40],
            answer={**answer(book, result), **told},
            at=now,
            actor=actor.code,
            actor_name=actor.name,
        )
        made.save()
        bare = dict(made.answer["inputs"])
        if sort == "hearing" and bare.get("fine") is not None:
            bare["fine_intended"] = bare["fine"]
        held.facts = {**held.facts, **{name: value for name, value in bare.items() if _kept(name, value)}}
        changed(actor, held, before, "judge")
    case.revision, case.facts = held.revision, held.facts
    return made


def last(case: Case, sorts: tuple[str, ...], since: datetime | None = None) -> Finding | None:
    """Return the last finding of these sorts, since a moment."""
    rows = Finding.objects.filter(case=case, sort__in=sorts)
    return (rows.filter(at__gte=since) if since else rows).order_by("-pk").first()


def hearing_right(case: Case, fine: Decimal | None) -> rules.Result:
    """Return whether the party may ask for a hearing, by the amount intended."""
    book = book_of(case, "hearing")
    told = {"party": case.party_kind, "licence": case.facts.get("licence"), "fine": fine}
    return rules.evaluate(book, {name: value for name, value in told.items() if value is not None})


def discussion_needed(case: Case, fine: Decimal | None) -> rules.Result:
    """Return whether the decision has to be discussed collectively."""
    book = book_of(case, "discussion")
    large = hearing_right(case, fine).outputs["result"] == "yes" if fine is not None else None
    told = {"large": large, **{name: case.facts.get(name) for name in ("stop", "complex", "interest")}}
    return rules.evaluate(book, {name: value for name, value in told.items() if value is not None})


def questions(case: Case) -> list[dict[str, Any]]:
    """Return every question with its form, what is known, and the last answer; absent books say so."""
    return [_question(case, sort) for sort in QUESTIONS]


def _question(case: Case, sort: str) -> dict[str, Any]:
    from huanzhi.rules import showing

    found = last(case, (sort,))
    shown = finding_row(found) if found else None
    try:
        book = book_of(case, sort)
    except StandardError as error:
        return {"sort": sort, "absent": error.key, "message": str(error), "last": shown}
    title = {"zh": book.title.zh, "en": book.title.en}
    known = rules.model.bare(known_inputs(case, book))
    about = {
        "basis": {"zh": book.basis.zh, "en": book.basis.en},
        "confidence": book.provenance.confidence.value,
    }
    note = {"zh": book.provenance.note.zh, "en": book.provenance.note.en}
    form = [showing.field(one) for one in book.inputs]
    told = {"sort": sort, "absent": "", "title": title, "version": book.version, "place": book.place}
    return {**told, **about, "note": note, "inputs": form, "known": known, "last": shown}


def finding_row(found: Finding) -> dict[str, Any]:
    """Return a finding as it is shown."""
    from huanzhi.center.enforcement.models import iso

    who = found.actor_name or found.actor
    return {
        "id": found.pk,
        "sort": found.sort,
        "result": found.result,
        "at": iso(found.at),
        "by": who,
        **found.answer,
    }


def _kept(name: str, value: Any) -> bool:
    return name not in ("party", "fine", "article") and value is not None
