"""Writing 记录: a case, its step and the entry of the trail, together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huanzhi.center.enforcement.models import Case, CaseStep
from huanzhi.errors import InputError
from huanzhi.library.records.stepping import Move, save_checked, write_step
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append


def write(actor: Actor, case: Case, move: Move) -> CaseStep:
    """Save a case with the step that changed it; call it in a transaction."""
    step: CaseStep = write_step(actor, case, CaseStep, "case", move)
    return step


def changed(actor: Actor, case: Case, before: Mapping[str, Any], action: str, reason: str = "") -> None:
    """Save a case that something else than a step changed, with its entry of the trail."""
    save_checked(case)
    append(actor, action, Case.KIND, case.number, before=before, after=case.as_row(), reason=reason)


def held_of(case: Case) -> Case:
    """Return the stored case, locked, if it is still as somebody read it."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("region", "organisation", "party_body")
    held: Case = rows.get(pk=case.pk)
    if held.revision != case.revision:
        raise InputError("records.stale", value=case.number)
    return held
