"""Writing 记录: a task, its step and the entry of the trail, together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huanzhi.center.rectification.models import Counter, Step, Task
from huanzhi.library.records.stepping import Move, write_step
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append


def write(actor: Actor, task: Task, move: Move) -> Step:
    """Save a task with the step that changed it; call it in a transaction."""
    step: Step = write_step(actor, task, Step, "task", move, organisation=actor.organisation)
    return step


def note(actor: Actor, task: Task, action: str, told: Mapping[str, Any], reason: str = "") -> None:
    """Enter in the trail what was added to a task without a step of its own."""
    append(actor, action, Task.KIND, task.number, after=told, reason=reason)


def next_number(name: str, shown: str) -> str:
    """Return the next number under a heading, as `shown` writes it; call it in a transaction."""
    Counter.objects.get_or_create(name=name)
    counter = Counter.objects.select_for_update().get(name=name)
    counter.last += 1
    counter.save()
    return f"{shown}-{counter.last:04d}"
