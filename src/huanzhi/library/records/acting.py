"""Acts 办理: a step of a record under its own name in the trail, with the right that the step takes."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from huanzhi.errors import InputError
from huanzhi.library.records.checking import check
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.rights.placing import is_restricted
from huanzhi.library.trail.chain import append


def act(actor: Actor, record: Any, action: str, reason: str = "", *, right: str = "") -> Any:
    """Save a record with its entry of the trail, which names the step.

    Parameters
    ----------
    action : str
        Word of the step in the trail: ``submit``, ``notice``.
    right : str
        Action of the matrix that it takes; empty where the right was asked of something else, as a proposal.

    Raises
    ------
    InputError
        If the actor may not, somebody else was quicker, or a field is wrong.
    """
    with transaction.atomic():
        stored = stored_of(record)
        if right:
            require(actor, right, thing_of(stored or record))
        if stored is not None and stored.revision != record.revision:
            raise InputError("records.stale", value=record.key)
        record.revision += 1
        check(record)
        secret = is_restricted(record) or (stored is not None and is_restricted(stored))
        record.save()
        before, after = stored.as_row() if stored else None, record.as_row()
        told = {"before": before, "after": after, "reason": reason, "restricted": secret}
        append(actor, action, record.KIND, record.key, **told)
    return record


def stored_of(record: Any) -> Any:
    """Return the stored row, locked; None for a new one."""
    if record.pk is None:
        return None
    rows = type(record)._default_manager.select_for_update(of=("self",))
    return rows.filter(pk=record.pk).first()
