"""Many at once 批量办理: one step for many issues, each by the one door, each told for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.moving import move
from huanzhi.errors import HuanzhiError, InputError
from huanzhi.library.rights import Actor

STEPS = ("accept", "dispatch", "supervise", "extend", "resume", "transfer", "report")
"""Steps that may be taken for many at once: none that finds, decides, verifies or closes."""

MOST = 200


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one issue: its new state, or why nothing was done."""

    number: str
    state: str = ""
    revision: int = 0
    fault: HuanzhiError | None = None


def move_many(
    actor: Actor,
    wanted: Iterable[tuple[str, int]],
    find: Callable[[str], Issue],
    transition: str,
    outputs: Mapping[str, Any],
    reason: str,
) -> list[Done]:
    """Take a step for many issues; one that cannot be taken leaves the others.

    Parameters
    ----------
    wanted : iterable of (number, revision)
        Issues as the actor read them.
    find : callable
        Returns an issue that the actor may read by its number.

    Raises
    ------
    InputError
        ``issues.bulk_step``, ``issues.bulk_most``, ``issues.bulk_reason``: nothing was done at all.
    """
    numbers = list(dict.fromkeys(wanted))
    if transition not in STEPS:
        raise InputError("issues.bulk_step", value=transition, expected=", ".join(STEPS))
    if len(numbers) > MOST:
        raise InputError("issues.bulk_most", value=len(numbers), most=MOST)
    if not reason.strip():
        raise InputError("issues.bulk_reason")
    return [_one(actor, find, number, revision, transition, outputs, reason) for number, revision in numbers]


def _one(
    actor: Actor,
    find: Callable[[str], Issue],
    number: str,
    revision: int,
    transition: str,
    outputs: Mapping[str, Any],
    reason: str,
) -> Done:
    try:
        issue = find(number)
        if issue.revision != revision:
            raise InputError("records.stale", value=number)
        own = {"category": issue.category, "level": issue.level} if transition == "accept" else {}
        with transaction.atomic():
            done = move(actor, issue, transition, {**own, **outputs}, reason)
    except HuanzhiError as error:
        return Done(number, fault=error)
    return Done(number, done.state, done.revision)
