"""Writing 记录: right, check, row and trail together; numbers of plans, draws and tasks; terms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from huanzhi.center.inspections.models import Counter
from huanzhi.center.inspections.settings import settings
from huanzhi.errors import InputError, StandardError
from huanzhi.library.calendar import Duration, deadline
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.rights.placing import is_restricted
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA

UNKNOWN = "calendar.no_year"


def write(actor: Actor, record: Any, action: str, reason: str = "", *, right: str = "") -> Any:
    """Save a record with its entry of the trail.

    Parameters
    ----------
    right : str
        Action of the matrix that it takes; empty where the right was asked of something else, as the plan.

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
        secret = is_restricted(record) or (stored is not None and is_restricted(stored))
        record.save()
        before = stored.as_row() if stored else None
        append(
            actor,
            action,
            record.KIND,
            record.key,
            before=before,
            after=record.as_row(),
            reason=reason,
            restricted=secret,
        )
    return record


def stored_of(record: Record) -> Any:
    """Return the stored row, locked; None for a new one."""
    if record.pk is None:
        return None
    rows = type(record)._default_manager.select_for_update(of=("self",))
    return rows.filter(pk=record.pk).first()


def number(prefix: str, now: datetime, *, daily: bool = False) -> str:
    """Return the next number, as ``JH-2026-001`` or by the day ``JC-20261122-0001``."""
    local = now.astimezone(CHINA)
    begun = f"{prefix}-{local:%Y%m%d}" if daily else f"{prefix}-{local:%Y}"
    Counter.objects.get_or_create(name=begun)
    counter = Counter.objects.select_for_update().get(name=begun)
    counter.last += 1
    counter.save()
    return f"{begun}-{counter.last:04d}" if daily else f"{begun}-{counter.last:03d}"


def term(name: str, start: datetime) -> tuple[datetime | None, str]:
    """Return the end of a term of ``[terms]``, or none and why: unknown holidays are not guessed."""
    row = settings()["terms"][name]
    try:
        return deadline(start, Duration(row["number"], row["unit"])), ""
    except StandardError as error:
        if error.key != UNKNOWN:
            raise
        return None, "inspections.due_unknown"


def _checked(record: Record) -> None:
    try:
        record.full_clean()
    except ValidationError as error:
        field, faults = next(iter(error.message_dict.items()))
        value = getattr(record, field, None)
        raise InputError("records.field", column=field, value=value, reason=faults[0]) from None
