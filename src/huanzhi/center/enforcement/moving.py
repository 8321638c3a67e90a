"""Moving 办理: the one door through which a case goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.enforcement import linking, terms
from huanzhi.center.enforcement.conditions import active, met, money
from huanzhi.center.enforcement.matters import matter_of
from huanzhi.center.enforcement.models import Case, CaseStep, Officer
from huanzhi.center.enforcement.settings import table
from huanzhi.center.enforcement.writing import changed, held_of, write
from huanzhi.center.issues.machine import Asked, Standing, Taken, advance, possible
from huanzhi.center.issues.table import Transition
from huanzhi.errors import InputError
from huanzhi.library.people.models import Person
from huanzhi.library.records.stepping import Move
from huanzhi.library.rights import Actor, may, require, thing_of
from huanzhi.standards.periods import CHINA

Outputs = Mapping[str, Any]


def move(
    actor: Actor,
    case: Case,
    transition: str,
    outputs: Outputs | None = None,
    reason: str = "",
    *,
    now: datetime | None = None,
) -> Case:
    """Take a step.

    Parameters
    ----------
    case : Case
        As the actor read it; if somebody else took a step meanwhile, nothing is done.

    Raises
    ------
    InputError
        ``rights.refused``, ``records.stale``, what `machine.advance` finds missing, or a condition that
        does not hold.
    """
    move_ = table().transition(transition)
    require(actor, move_.right, thing_of(case))
    return taken(actor, case, move_, outputs or {}, reason, now or datetime.now(UTC), approved=False)


def taken(
    actor: Actor,
    case: Case,
    move_: Transition,
    outputs: Outputs,
    reason: str,
    now: datetime,
    *,
    approved: bool,
) -> Case:
    """Take a step whose right is checked."""
    given = {name: value for name, value in outputs.items() if value not in (None, "")}
    with transaction.atomic():
        held = held_of(case)
        before = held.as_row()
        holds = met(actor, held, move_.conditions, given, now)
        asked = Asked(move_.name, actor.code, given, approved=approved, met=holds)
        after = advance(standing(held), asked, table())
        held.state, held.suspended = after.state, after.suspended
        _effects(held, move_, given, now)
        terms.happen(held, move_.name, now)
        write(actor, held, Move(move_.name, before, given, reason, now))
    if move_.name in ("decide", "exempt"):
        linking.tell_decision(actor, held, now)
    return held


def standing(case: Case) -> Standing:
    """Return where a case stands, for the machine."""
    steps = CaseStep.objects.filter(case=case).order_by("number").values_list("transition", "actor")
    past = tuple(Taken(*one) for one in steps)
    return Standing(case.state, past, case.suspended, fresh=table().fresh)


def allowed(actor: Actor, case: Case) -> list[tuple[Transition, list[str]]]:
    """Return the steps that somebody may take now, each with the conditions that do not hold yet."""
    thing, now = thing_of(case), datetime.now(UTC)
    found = []
    for one in possible(standing(case), actor.code, table()):
        if not may(actor, one.right, thing).allowed:
            continue
        wanted = [key for key in one.conditions if key not in _GIVEN]
        holds = met(actor, case, wanted, {}, now)
        found.append((one, [key for key in wanted if key not in holds]))
    return found


_GIVEN = ("cases.fine_fits", "cases.discussed", "cases.hearing_notice", "cases.extension_left")
"""Conditions that stand on what a step brings."""


def assign(
    actor: Actor, case: Case, officers: Mapping[str, str], *, now: datetime | None = None, reason: str = ""
) -> Case:
    """Say who handles a case: certificate number by code of the person; others are relieved.

    Raises
    ------
    InputError
        If the actor may not, a person is unknown, or a number is missing or given twice.
    """
    now = now or datetime.now(UTC)
    require(actor, "change", thing_of(case))
    numbers = [number.strip() for number in officers.values()]
    if not all(numbers) or len(set(numbers)) != len(numbers):
        raise InputError("cases.certificates", value=", ".join(numbers))
    with transaction.atomic():
        held = held_of(case)
        before = held.as_row()
        for one in active(held):
            if officers.get(one.person.code, "").strip() != one.certificate:
                one.until = now
                one.save()
        here = {one.person.code for one in active(held)}
        for code, number in officers.items():
            if code not in here:
                Officer(case=held, person=_person(code), certificate=number.strip(), since=now).save()
        changed(actor, held, {**before, "officers": sorted(here)}, "assign", reason)
    return held


def _person(code: str) -> Person:
    found: Person | None = Person.objects.filter(code=code).first()
    if found is None:
        raise InputError("issues.no_person", value=code)
    return found


def _effects(case: Case, move_: Transition, given: Outputs, now: datetime) -> None:
    if "matter" in given:
        if matter_of(str(given["matter"])) is None:
            raise InputError("cases.no_matter", value=given["matter"])
        case.matter = str(given["matter"])
    for name in ("opinion", "requirement", "volume"):
        if name in given:
            setattr(case, name, str(given[name]))
    special = _SPECIAL.get(move_.name)
    if special is not None:
        special(case, given, now)
    if move_.to:
        case.entered = now
        case.closed = None if case.is_open else (case.closed or now)


def _decide(case: Case, given: Outputs, now: datetime) -> None:
    if given["decision"] == "exempt":
        raise InputError("cases.two_people", value=table().transition("exempt").title)
    case.decision, case.fine = str(given["decision"]), money(given.get("fine"))
    case.decided_on = now.astimezone(CHINA).date()


def _exempt(case: Case, given: Outputs, now: datetime) -> None:
    case.decision, case.fine = "exempt", None
    case.decided_on = now.astimezone(CHINA).date()


def _anew(case: Case, given: Outputs, now: datetime) -> None:
    case.decision, case.fine, case.decided_on, case.opinion = "", None, None, ""
    case.suspended = False


def _suspend(case: Case, given: Outputs, now: datetime) -> None:
    terms.stop(case, str(given["stop_ground"]), now)


def _resume(case: Case, given: Outputs, now: datetime) -> None:
    terms.resume(case, now)


def _extend(case: Case, given: Outputs, now: datetime) -> None:
    terms.extend(case, now)


_SPECIAL: Mapping[str, Callable[[Case, Outputs, datetime], None]] = {
    "decide": _decide,
    "exempt": _exempt,
    "reopen": _anew,
    "suspend": _suspend,
    "resume": _resume,
    "extend": _extend,
}
