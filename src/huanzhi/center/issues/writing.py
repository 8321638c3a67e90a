"""Writing 记录: an issue, its step and the entry of the trail, together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from huanzhi.center.issues.models import Issue, Step
from huanzhi.center.issues.searching import note_words
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append
from huanzhi.library.trail.hashing import FIRST, canonical, sm3
from huanzhi.standards.periods import CHINA

BOUND = ("number", "at", "actor", "actor_name", "transition", "before", "after", "outputs", "reason", "due")
"""What the digest of a step covers."""


def write(
    actor: Actor,
    issue: Issue,
    before: Mapping[str, Any] | None,
    transition: str,
    outputs: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> Step:
    """Save an issue with the step that changed it; call it in a transaction."""
    issue.revision += 1
    _checked(issue)
    issue.save()
    note_words(issue)
    last = Step.objects.filter(issue=issue).order_by("-number").first()
    step = Step(
        issue=issue,
        number=last.number + 1 if last else 1,
        at=now,
        actor=actor.code,
        actor_name=actor.name,
        transition=transition,
        before=before["state"] if before else "",
        after=issue.state,
        outputs=dict(outputs),
        reason=reason,
        due=issue.due,
    )
    step.digest = step_digest(told(step), last.digest if last else FIRST)
    step.save()
    after = {**issue.as_row(), "step": step.digest}
    append(actor, transition, Issue.KIND, issue.number, before=before, after=after, reason=reason)
    return step


def told(step: Step) -> dict[str, Any]:
    """Return a step as a bundle and its digest have it."""
    row = {name: getattr(step, name) for name in BOUND}
    return {**row, "at": _iso(step.at), "due": _iso(step.due)}


def step_digest(row: Mapping[str, Any], previous: str) -> str:
    """Return the digest of a step in its exported form, bound to the one before it."""
    return sm3(canonical({**{name: row[name] for name in BOUND}, "previous": previous}))


def _checked(issue: Issue) -> None:
    try:
        issue.clean_fields(exclude=("region", "organisation", "person", "joined_to", "split_from"))
        issue.clean()
    except ValidationError as error:
        field, faults = next(iter(error.message_dict.items()))
        raise InputError(
            "records.field", column=field, value=getattr(issue, field, None), reason=faults[0]
        ) from None


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat(timespec="microseconds") if moment else None
