"""Steps 办理步骤: what changed a record with a state, each bound to the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huanzhi.library.records.checking import check_fields
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append
from huanzhi.library.trail.hashing import FIRST, canonical, sm3
from huanzhi.standards.periods import CHINA

BOUND = ("number", "at", "actor", "actor_name", "transition", "before", "after", "outputs", "reason", "due")
"""What the digest of a step covers."""


@dataclass(frozen=True, slots=True)
class Move:
    """What is done to a record: the step and what it left.

    Attributes
    ----------
    before : mapping or None
        Row of the record as it was; None where it begins.
    """

    transition: str
    before: Mapping[str, Any] | None
    outputs: Mapping[str, Any]
    reason: str
    now: datetime


def write_step(actor: Actor, record: Any, kind: Any, owner: str, move: Move, **more: Any) -> Any:
    """Save a record with the step that changed it and the entry of the trail; call it in a transaction.

    Parameters
    ----------
    kind : type
        Model of the steps.
    owner : str
        Field by which a step knows its record.
    more : Any
        Further fields of the step.
    """
    save_checked(record)
    last = kind.objects.filter(**{owner: record}).order_by("-number").first()
    step = kind(
        **{owner: record},
        number=last.number + 1 if last else 1,
        at=move.now,
        actor=actor.code,
        actor_name=actor.name,
        transition=move.transition,
        before=move.before["state"] if move.before else "",
        after=record.state,
        outputs=dict(move.outputs),
        reason=move.reason,
        due=record.due,
        **more,
    )
    step.digest = step_digest(told(step), last.digest if last else FIRST)
    step.save()
    after = {**record.as_row(), "step": step.digest}
    told_of = {"before": move.before, "after": after, "reason": move.reason}
    append(actor, move.transition, record.KIND, record.number, **told_of)
    return step


def save_checked(record: Any) -> None:
    """Save a record as its next revision, its fields checked."""
    record.revision += 1
    check_fields(record)
    record.save()


def told(step: Any) -> dict[str, Any]:
    """Return a step as a bundle and its digest have it."""
    row = {name: getattr(step, name) for name in BOUND}
    return {**row, "at": _iso(step.at), "due": _iso(step.due)}


def step_digest(row: Mapping[str, Any], previous: str) -> str:
    """Return the digest of a step in its exported form, bound to the one before it."""
    return sm3(canonical({**{name: row[name] for name in BOUND}, "previous": previous}))


def whole(steps: Any) -> bool:
    """Return whether the steps of a record are all there and none was changed."""
    previous = FIRST
    for place, step in enumerate(steps.order_by("number"), 1):
        if step.number != place or step.digest != step_digest(told(step), previous):
            return False
        previous = step.digest
    return True


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat(timespec="microseconds") if moment else None
