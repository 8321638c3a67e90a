"""Moving 流转: the one door through which a task goes on, and its issue with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.issues.machine import Asked, Standing, Taken, advance, possible
from huanzhi.center.issues.table import Transition
from huanzhi.center.rectification import clocks, driving, publishing
from huanzhi.center.rectification.checking import blocked, met
from huanzhi.center.rectification.models import Exhibit, Publication, Step, Task
from huanzhi.center.rectification.settings import table
from huanzhi.center.rectification.writing import write
from huanzhi.errors import InputError
from huanzhi.library.records.stepping import Move
from huanzhi.library.rights import Actor, may, require, thing_of

Outputs = Mapping[str, Any]
BACK = ("send_back", "refuse_write_off", "reopen")
"""Steps after which checks, findings and publications of before count no more."""

HIDDEN = ("refuse_write_off",)
"""Steps that only a decision on a proposal takes."""

LEVELS = ("rectification.level_provincial", "rectification.level_municipal")
TERMS = ("rectification.term_known", "rectification.term_open")


def move(
    actor: Actor,
    task: Task,
    step: str,
    outputs: Outputs | None = None,
    reason: str = "",
    *,
    exhibits: Sequence[int] = (),
    now: datetime | None = None,
) -> Task:
    """Take a step.

    Parameters
    ----------
    task : Task
        As the actor read it; if somebody else took a step meanwhile, nothing is done.
    exhibits : sequence of int
        Keys of exhibits that belong to this step; all that no step has used where empty.

    Raises
    ------
    InputError
        ``rights.refused``, ``records.stale``, or what the machine finds missing.
    """
    wanted = table().transition(step)
    require(actor, wanted.right, thing_of(task))
    moment = now or datetime.now(UTC)
    if step == "resume" and str((outputs or {}).get("objection_outcome")) == "upheld":
        return _upheld(actor, task, outputs or {}, reason, moment)
    return taken(actor, task, wanted, outputs or {}, reason, exhibits, moment)


def taken(
    actor: Actor,
    task: Task,
    wanted: Transition,
    outputs: Outputs,
    reason: str,
    exhibits: Sequence[int],
    now: datetime,
    *,
    approved: bool = False,
    also: Collection[str] = (),
) -> Task:
    """Take a step whose right is checked; the issue follows in the same transaction."""
    with transaction.atomic():
        held = held_of(task)
        before = held.as_row()
        pieces = _pieces(held, exhibits) if wanted.evidence else []
        given = {name: value for name, value in outputs.items() if value not in (None, "")}
        kinds = [one.evidence.kind for one in pieces]
        asked = Asked(
            wanted.name,
            actor.code,
            given,
            kinds,
            approved=approved,
            met=met(held, now, wanted.conditions) | set(also),
        )
        after = advance(standing(held), asked, table())
        held.state, held.suspended = after.state, after.suspended
        _effects(actor, held, wanted, given, now)
        shown = {**given, **({"exhibits": [one.evidence.sha256 for one in pieces]} if pieces else {})}
        step = write(actor, held, Move(wanted.name, before, shown, reason, now))
        Exhibit.objects.filter(pk__in=[one.pk for one in pieces]).update(step=step.number)
        driving.follow(actor, held, wanted.name, given, pieces, now)
    return held


def held_of(task: Task) -> Task:
    """Return the stored task, locked, if it is still as somebody read it."""
    rows = Task.objects.select_for_update(of=("self",))
    held = rows.select_related("region", "organisation", "supervisor", "batch").get(pk=task.pk)
    if held.revision != task.revision:
        raise InputError("records.stale", value=task.number)
    return held


def standing(task: Task) -> Standing:
    """Return where a task stands, for the machine."""
    steps = Step.objects.filter(task=task).order_by("number").values_list("transition", "actor")
    past = tuple(Taken(*one) for one in steps)
    return Standing(task.state, past, task.suspended, fresh=table().fresh)


def allowed(actor: Actor, task: Task, now: datetime) -> list[tuple[Transition, list[str]]]:
    """Return the steps that somebody may take now, each with the conditions that do not hold yet."""
    thing, found = thing_of(task), []
    moves = possible(standing(task), actor.code, table())
    holds = met(task, now, {each for one in moves for each in one.conditions})
    for one in moves:
        other = [each for each in one.conditions if each in (*LEVELS, *TERMS) and each not in holds]
        if one.name not in HIDDEN and not other and may(actor, _right(one), _thing(one, thing)).allowed:
            found.append((one, blocked(one.conditions, holds)))
    return found


def _right(step: Transition) -> str:
    return "propose" if step.two_people else step.right


def _thing(step: Transition, thing: Any) -> Any:
    return replace(thing, kind="proposal:write_off") if step.two_people else thing


def _pieces(task: Task, wanted: Sequence[int]) -> list[Exhibit]:
    free = Exhibit.objects.filter(task=task, step=0).select_related("evidence")
    found = list(free.filter(pk__in=wanted) if wanted else free)
    missing = set(wanted) - {one.pk for one in found}
    if missing:
        raise InputError("issues.no_evidence", value=min(missing))
    return found


def _upheld(actor: Actor, task: Task, outputs: Outputs, reason: str, now: datetime) -> Task:
    """Answer an objection that holds: the publication ends and the task goes back to the work."""
    with transaction.atomic():
        held = taken(actor, task, table().transition("resume"), outputs, reason, (), now)
        back = {"finding": outputs.get("finding", "")}
        return taken(actor, held, table().transition("send_back"), back, reason, (), now)


def _effects(actor: Actor, task: Task, step: Transition, given: Outputs, now: datetime) -> None:
    if step.name in BACK:
        Publication.objects.filter(task=task).exclude(state="withdrawn").update(state="withdrawn")
        task.round += 1
        task.done_on, task.suspended = None, False
    if step.to:
        task.entered = now
        task.closed = None if task.is_open else task.closed or now
        clocks.start(task, now)
    special = _SPECIAL.get(step.name)
    if special is not None:
        special(actor, task, given, now)


def _rectify(actor: Actor, task: Task, given: Outputs, now: datetime) -> None:
    task.done_on = date.fromisoformat(str(given["done_on"]))


def _term(actor: Actor, task: Task, given: Outputs, now: datetime) -> None:
    if "term" in given:
        task.term = date.fromisoformat(str(given["term"]))
        task.term_basis = str(given.get("basis") or given.get("requirement", ""))[:500]


def _reopen(actor: Actor, task: Task, given: Outputs, now: datetime) -> None:
    task.reopened += 1
    task.ladder = ""


_SPECIAL: Mapping[str, Callable[[Actor, Task, Outputs, datetime], None]] = {
    "rectify": _rectify,
    "set_term": _term,
    "extend": _term,
    "reassign": _term,
    "reopen": _reopen,
    "publish": publishing.publish,
    "suspend": publishing.stop,
    "resume": publishing.answer,
}
