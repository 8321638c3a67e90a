"""Writing 记录: a case, its step and the entry of the trail, together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from huanzhi.center.enforcement.models import Case, CaseStep
from huanzhi.center.issues.writing import BOUND, step_digest
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append
from huanzhi.library.trail.hashing import FIRST
from huanzhi.standards.periods import CHINA


def write(
    actor: Actor,
    case: Case,
    before: Mapping[str, Any] | None,
    transition: str,
    outputs: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> CaseStep:
    """Save a case with the step that changed it; call it in a transaction."""
    case.revision += 1
    _checked(case)
    case.save()
    last = CaseStep.objects.filter(case=case).order_by("-number").first()
    step = CaseStep(
        case=case,
        number=last.number + 1 if last else 1,
        at=now,
        actor=actor.code,
        actor_name=actor.name,
        transition=transition,
        before=before["state"] if before else "",
        after=case.state,
        outputs=dict(outputs),
        reason=reason,
        due=case.due,
    )
    step.digest = step_digest(told(step), last.digest if last else FIRST)
    step.save()
    after = {**case.as_row(), "step": step.digest}
    append(actor, transition, Case.KIND, case.number, before=before, after=after, reason=reason)
    return step


def changed(actor: Actor, case: Case, before: Mapping[str, Any], action: str, reason: str = "") -> None:
    """Save a case that something else than a step changed, with its entry of the trail."""
    case.revision += 1
    _checked(case)
    case.save()
    append(actor, action, Case.KIND, case.number, before=before, after=case.as_row(), reason=reason)


def told(step: CaseStep) -> dict[str, Any]:
    """Return a step as a bundle and its digest have it."""
    row = {name: getattr(step, name) for name in BOUND}
    return {**row, "at": _iso(step.at), "due": _iso(step.due)}


def held_of(case: Case) -> Case:
    """Return the stored case, locked, if it is still as somebody read it."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("region", "organisation", "party_body")
    held: Case = rows.get(pk=case.pk)
    if held.revision != case.revision:
        raise InputError("records.stale", value=case.number)
    return held


def _checked(case: Case) -> None:
    try:
        case.clean_fields(exclude=("region", "organisation", "party_body"))
        case.clean()
    except ValidationError as error:
        field, faults = next(iter(error.message_dict.items()))
        raise InputError(
            "records.field", column=field, value=getattr(case, field, None), reason=faults[0]
        ) from None


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat(timespec="microseconds") if moment else None
