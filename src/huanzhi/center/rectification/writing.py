"""Writing 记录: a task, its step and the entry of the trail, together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from huanzhi.center.rectification.models import Counter, Step, Task
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append
from huanzhi.library.trail.hashing import FIRST, canonical, sm3
from huanzhi.standards.periods import CHINA

BOUND = ("number", "at", "actor", "actor_name", "transition", "before", "after", "outputs", "reason", "due")
"""What the digest of a step covers."""


def write(
    actor: Actor,
    task: Task,
    before: Mapping[str, Any] | None,
    transition: str,
    outputs: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> Step:
    """Save a task with the step that changed it; call it in a transaction."""
    task.revision += 1
    clean(task)
    task.save()
    last = Step.objects.filter(task=task).order_by("-number").first()
    step = Step(
        task=task,
        number=last.number + 1 if last else 1,
        at=now,
        actor=actor.code,
        actor_name=actor.name,
        organisation=actor.organisation,
        transition=transition,
        before=before["state"] if before else "",
        after=task.state,
        outputs=dict(outputs),
        reason=reason,
        due=task.due,
    )
    step.digest = digest_of(step, last.digest if last else FIRST)
    step.save()
    after = {**task.as_row(), "step": step.digest}
    append(actor, transition, Task.KIND, task.number, before=before, after=after, reason=reason)
    return step


def note(actor: Actor, task: Task, action: str, told: Mapping[str, Any], reason: str = "") -> None:
    """Enter in the trail what was added to a task without a step of its own."""
    append(actor, action, Task.KIND, task.number, after=told, reason=reason)


def digest_of(step: Step, previous: str) -> str:
    """Return the digest of a step, bound to the one before it."""
    row = {name: getattr(step, name) for name in BOUND}
    told = {**row, "at": iso(step.at, "microseconds"), "due": iso(step.due, "microseconds")}
    return sm3(canonical({**told, "previous": previous}))


def whole(task: Task) -> bool:
    """Return whether the steps of a task are all there and none was changed."""
    previous = FIRST
    for place, step in enumerate(Step.objects.filter(task=task).order_by("number"), 1):
        if step.number != place or step.digest != digest_of(step, previous):
            return False
        previous = step.digest
    return True


def next_number(name: str, shown: str) -> str:
    """Return the next number under a heading, as `shown` writes it; call it in a transaction."""
    Counter.objects.get_or_create(name=name)
    counter = Counter.objects.select_for_update().get(name=name)
    counter.last += 1
    counter.save()
    return f"{shown}-{counter.last:04d}"


def clean(row: Any) -> None:
    """Check the fields of a row; what its relations name is known to exist.

    Raises
    ------
    InputError
        ``records.field``.
    """
    relations = [field.name for field in row._meta.concrete_fields if field.is_relation]
    try:
        row.clean_fields(exclude=relations)
        row.clean()
    except ValidationError as error:
        field, faults = next(iter(error.message_dict.items()))
        value = getattr(row, field, None)
        raise InputError("records.field", column=field, value=value, reason=faults[0]) from None


def iso(moment: datetime | None, parts: str = "seconds") -> str | None:
    """Return a moment in China time."""
    return moment.astimezone(CHINA).isoformat(timespec=parts) if moment else None
