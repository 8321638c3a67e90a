"""Moving 流转: the one door through which an issue goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.issues import clocks, duplicates
from huanzhi.center.issues.ladder import check_step
from huanzhi.center.issues.machine import Asked, Standing, Taken, advance
from huanzhi.center.issues.models import Evidence, Issue, Step
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.issues.proof import Cure, prove
from huanzhi.center.issues.settings import settings
from huanzhi.center.issues.table import Transition, table
from huanzhi.center.issues.writing import write
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.records.stepping import Move
from huanzhi.library.rights import Actor, may, require, thing_of

Outputs = Mapping[str, Any]

BESIDE = ("report",)
"""Steps that may be taken by hand while something else drives the issue."""

FIRST = {"accept": "accepted_after", "dispatch": "dispatched_after"}
"""Steps of which the first moment is kept with the issue."""

CLUE = "clue"
"""State in which an issue is not accepted yet, the only one from which it can be rejected."""


def move(
    actor: Actor,
    issue: Issue,
    transition: str,
    outputs: Outputs | None = None,
    reason: str = "",
    *,
    evidence: Sequence[int] = (),
    now: datetime | None = None,
    prover: Callable[[Issue], Cure] = prove,
) -> Issue:
    """Take a step.

    Parameters
    ----------
    issue : Issue
        As the actor read it; if somebody else took a step meanwhile, nothing is done.
    outputs : mapping
        What the step has to bring, by name; see ``data/states.toml``.
    evidence : sequence of int
        Keys of pieces that were attached and belong to this step; all that no step has used where empty.
    prover : callable
        Reads the curve of the sensor, where the step asks for its proof.

    Raises
    ------
    InputError
        ``rights.refused``, ``records.stale``, or what `machine.advance` finds missing.
    """
    move_ = table().transition(transition)
    by_hand(issue, transition)
    require(actor, move_.right, thing_of(issue))
    cure = prover(issue) if move_.proof and issue.sensor else None
    return taken(
        actor, issue, move_, outputs or {}, reason, evidence, now or datetime.now(UTC), cure, approved=False
    )


def taken(
    actor: Actor,
    issue: Issue,
    move_: Transition,
    outputs: Outputs,
    reason: str,
    evidence: Sequence[int] | None,
    now: datetime,
    cure: Cure | None,
    *,
    approved: bool,
    met: Collection[str] = (),
    settle: Callable[[Issue], None] | None = None,
) -> Issue:
    """Take a step whose right is checked.

    Parameters
    ----------
    evidence : sequence of int, optional
        As of `move`; no piece at all where None.
    met : collection of str
        Conditions of the step that hold.
    settle : callable
        Lays the last hand on the issue before it is written: the room that drives it, see `driven_by`.
    """
    with transaction.atomic():
        held = held_of(issue)
        before = held.as_row()
        pieces = _pieces(held, evidence)
        given = {name: value for name, value in outputs.items() if value not in (None, "")}
        kinds = [one.kind for one in pieces]
        asked = Asked(move_.name, actor.code, given, kinds, bool(cure and cure.proved), approved, met)
        try:
            after = advance(standing(held), asked)
        except InputError as error:
            raise _with_cure(error, cure) from None
        held.late_steps += int(bool(move_.to) and held.is_overdue(now))
        held.state, held.suspended = after.state, after.suspended
        _effects(actor, held, move_, given, now)
        if settle is not None:
            settle(held)
        shown = {**given, **({"proof": cure.as_dict()} if cure else {})}
        shown |= {"evidence": [one.sha256 for one in pieces]} if pieces else {}
        step = write(actor, held, Move(move_.name, before, shown, reason, now))
        Evidence.objects.filter(pk__in=[one.pk for one in pieces]).update(step=step.number)
    return held


def driven_by(issue: Issue) -> str:
    """Return the key of what drives an issue, which follows the steps taken there; empty where none does."""
    for room in settings()["driver"].values():
        if issue.channel == room["channel"] and issue.source_ref.startswith(room["source"]):
            return issue.source_ref.removeprefix(room["source"])
    return ""


def by_hand(issue: Issue, transition: str) -> None:
    """Refuse a step by hand where something else drives the issue.

    Raises
    ------
    InputError
        ``issues.driven``, with what drives it.
    """
    driver = driven_by(issue)
    if driver and transition not in BESIDE:
        raise InputError("issues.driven", value=driver)


def held_of(issue: Issue) -> Issue:
    """Return the stored issue, locked, if it is still as somebody read it."""
    held = Issue.objects.select_for_update(of=("self",)).select_related("region").get(pk=issue.pk)
    if held.revision != issue.revision:
        raise InputError("records.stale", value=issue.number)
    return held


def standing(issue: Issue) -> Standing:
    """Return where an issue stands, for the machine."""
    steps = Step.objects.filter(issue=issue).order_by("number").values_list("transition", "actor")
    return Standing(issue.state, tuple(Taken(*one) for one in steps), issue.suspended, issue.sensor)


def allowed(actor: Actor, issue: Issue) -> list[Transition]:
    """Return the steps that somebody may take now."""
    from huanzhi.center.issues.machine import possible

    thing, driven = thing_of(issue), driven_by(issue)
    moves = possible(standing(issue), actor.code)
    return [
        one
        for one in moves
        if may(actor, one.right, thing).allowed
        and not one.conditions
        and (one.name in BESIDE or not driven)
        and (one.name != "escalate" or check_step(issue, "", datetime.now(UTC)))
    ]


def _with_cure(error: InputError, cure: Cure | None) -> InputError:
    if error.key != "issues.no_proof" or cure is None:
        return error
    return InputError("issues.no_proof", expected=cure.words())


def _pieces(issue: Issue, wanted: Sequence[int] | None) -> list[Evidence]:
    if wanted is None:
        return []
    free = Evidence.objects.filter(issue=issue, step=0)
    found = list(free.filter(pk__in=wanted) if wanted else free)
    missing = set(wanted) - {one.pk for one in found}
    if missing:
        raise InputError("issues.no_evidence", value=min(missing))
    return found


def _effects(actor: Actor, issue: Issue, move_: Transition, given: Outputs, now: datetime) -> None:
    for name, field in (("category", "category"), ("level", "level")):
        if name in given:
            setattr(issue, field, given[name])
    if "culprit" in given:
        _blame(issue, str(given["culprit"]))
    if "lead" in given:
        _assign(issue, str(given["lead"]), str(given.get("handler", "")))
    if move_.name in FIRST and getattr(issue, FIRST[move_.name]) is None:
        setattr(issue, FIRST[move_.name], _seconds(issue, now))
    special = _SPECIAL.get(move_.name)
    if special is not None:
        special(actor, issue, given, now)
    if move_.to:
        issue.entered = now
        issue.closed = None if issue.is_open else now
        issue.closed_after = None if issue.is_open else _seconds(issue, now)
        clocks.start(issue, now, int(given["days"]) if "days" in given else None)


def _seconds(issue: Issue, now: datetime) -> int:
    return max(0, int((now - issue.opened).total_seconds()))


def _blame(issue: Issue, code: str) -> None:
    from huanzhi.library.enterprises.models import Enterprise

    known = Enterprise.objects.filter(code=code).first()
    if known is None:
        raise InputError("issues.no_enterprise", value=code)
    issue.enterprise, issue.enterprise_name = known.code, known.name


def _assign(issue: Issue, lead: str, handler: str) -> None:
    issue.organisation = Organisation.objects.filter(code=lead).first()
    if issue.organisation is None:
        raise InputError("issues.no_organisation", value=lead)
    issue.person = Person.objects.filter(code=handler).first() if handler else None
    if handler and issue.person is None:
        raise InputError("issues.no_person", value=handler)


def _decide(actor: Actor, issue: Issue, given: Outputs, now: datetime) -> None:
    """Let the enterprise see from now on what is decided about it."""
    from huanzhi.library.enterprises.models import Enterprise

    owner = Enterprise.objects.select_related("organisation").filter(code=issue.enterprise).first()
    issue.concerned = owner.organisation.code if owner is not None and owner.organisation else ""


def _extend(actor: Actor, issue: Issue, given: Outputs, now: datetime) -> None:
    clocks.extend(issue, now, int(given["days"]))


def _suspend(actor: Actor, issue: Issue, given: Outputs, now: datetime) -> None:
    clocks.stop(issue, now)


def _resume(actor: Actor, issue: Issue, given: Outputs, now: datetime) -> None:
    clocks.resume(issue, now)


def _supervise(actor: Actor, issue: Issue, given: Outputs, now: datetime) -> None:
    issue.supervised = True


def _escalate(actor: Actor, issue: Issue, given: Outputs, now: datetime) -> None:
    wanted = str(given["ladder_step"])
    if not check_step(issue, wanted, now):
        raise InputError("issues.ladder", value=wanted)
    if wanted == "talk" and not (given.get("attendees") and given.get("commitments")):
        raise InputError("issues.talk")
    issue.ladder = wanted


def _join(actor: Actor, issue: Issue, given: Outputs, now: datetime) -> None:
    target = Issue.objects.filter(number=str(given["target"])).first()
    if target is None or target.pk == issue.pk or not target.is_open:
        raise InputError("issues.no_target", value=given["target"])
    require(actor, "command", thing_of(target))
    was = Issue.objects.values_list("state", flat=True).get(pk=issue.pk)
    if target.state == CLUE and was != CLUE:  # a clue may still be rejected, and this with it
        raise InputError("issues.join_clue", value=target.number, expected=table().states["accepted"].name)
    issue.joined_to = target
    duplicates.joined(issue, target, actor.code)


def _separate(actor: Actor, issue: Issue, given: Outputs, now: datetime) -> None:
    issue.joined_to = None


def _split(actor: Actor, issue: Issue, given: Outputs, now: datetime) -> None:
    draft = Draft(
        str(given["part_title"]),
        issue.category,
        issue.channel,
        issue.region_id,
        level=issue.level,
        place=str(given.get("part_place", "")) or issue.place,
        parameter=issue.parameter,
        enterprise=issue.enterprise,
        lon=issue.lon,
        lat=issue.lat,
        since=issue.since,
        sensor=issue.sensor,
        facts=issue.facts,
        simulated=issue.simulated,
    )
    open_issue(actor, replace(draft), now=now, parent=issue)


def _reopen(actor: Actor, issue: Issue, given: Outputs, now: datetime) -> None:
    issue.reopened += 1
    issue.suspended = False


_SPECIAL: Mapping[str, Callable[[Actor, Issue, Outputs, datetime], None]] = {
    "decide": _decide,
    "extend": _extend,
    "suspend": _suspend,
    "resume": _resume,
    "supervise": _supervise,
    "escalate": _escalate,
    "join": _join,
    "separate": _separate,
    "split": _split,
    "reopen": _reopen,
}
