"""Changing records: right, check, row and trail in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from huanzhi.errors import InputError
from huanzhi.library.records.checking import check
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.rights.placing import is_restricted
from huanzhi.library.trail.chain import append


def save(actor: Actor, record: Record, reason: str = "") -> Record:
    """Create or change a record.

    Raises
    ------
    InputError
        If the actor may not, a field is wrong, or somebody else changed the record meanwhile.
    """
    with transaction.atomic():
        before = _stored(record)
        for state in (before, record):
            if state is not None:
                require(actor, "change" if before else "create", thing_of(state))
        if before is not None and before.revision != record.revision:
            raise InputError("records.stale", value=record.key)
        record.revision += 1
        check(record)
        record.save()
        append(
            actor,
            "change" if before else "create",
            record.KIND,
            record.key,
            before=before.as_row() if before else None,
            after=record.as_row(),
            reason=reason,
            restricted=is_restricted(record) or (before is not None and is_restricted(before)),
        )
    return record


def _stored(record: Record) -> Any:
    if record.pk is None:
        return None
    return type(record)._default_manager.select_for_update().filter(pk=record.pk).first()
