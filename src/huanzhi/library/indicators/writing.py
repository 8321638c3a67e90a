"""Writing 记录: right, check, row and trail together, and numbers of targets and assessments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from huanzhi.errors import InputError
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA


def write(actor: Actor, record: Any, action: str, reason: str = "", *, right: str = "") -> Any:
    """Save a record with its entry of the trail.

    Parameters
    ----------
    right : str
        Action of the matrix that it takes; empty where the right was asked of something else.

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
        _checked(record)
        record.save()
        before = stored.as_row() if stored else None
        append(actor, action, record.KIND, record.key, before=before, after=record.as_row(), reason=reason)
    return record


def stored_of(record: Record) -> Any:
    """Return the stored row, locked; None for a new one."""
    if record.pk is None:
        return None
    rows = type(record)._default_manager.select_for_update(of=("self",))
    return rows.filter(pk=record.pk).first()


def number(model: type[Record], prefix: str, now: datetime) -> str:
    """Return the next number of the year, as ``MB-2026-0001``; call it within a transaction."""
    begun = f"{prefix}-{now.astimezone(CHINA):%Y}-"
    rows = model._default_manager.filter(number__startswith=begun).order_by("-number")
    last = rows.values_list("number", flat=True).first()
    return f"{begun}{int(str(last).rpartition('-')[2]) + 1 if last else 1:04d}"


def _checked(record: Record) -> None:
    try:
        record.full_clean()
    except ValidationError as error:
        field, faults = next(iter(error.message_dict.items()))
        value = getattr(record, field, None)
        raise InputError("records.field", column=field, value=value, reason=faults[0]) from None
