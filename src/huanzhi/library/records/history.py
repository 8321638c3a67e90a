"""History 历史: what a record was, told by the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.records.model import Record
from huanzhi.library.records.tables import Table
from huanzhi.library.trail.models import Entry

CHANGES = ("create", "change", "import", "adopt")
"""Actions of the trail after which the record is what ``after`` says."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a record; `before` is None where it was made."""

    seq: int
    at: datetime
    actor: str
    action: str
    reason: str
    before: Record | None
    after: Record


def history(table: Table, key: str) -> list[Change]:
    """Return the changes of a record, the newest first."""
    return [_change(table, entry) for entry in _entries(table, key).order_by("-seq")]


def as_of(table: Table, key: str, moment: datetime) -> Record:
    """Return a record as the platform knew it at a moment; it is not for saving.

    Raises
    ------
    InputError
        ``tables.no_history`` if it was not there.
    """
    entry = _entries(table, key).filter(at__lte=moment).order_by("-seq").first()
    if entry is None:
        raise InputError("tables.no_history", value=key)
    return record_of(table, entry.details["after"])


def _entries(table: Table, key: str) -> Any:
    return Entry.objects.filter(kind=table.kind, key=key, action__in=CHANGES)


def _change(table: Table, entry: Entry) -> Change:
    before, after = entry.details["before"], entry.details["after"]
    return Change(
        entry.seq,
        entry.at,
        entry.actor,
        entry.action,
        entry.details["reason"],
        record_of(table, before) if before else None,
        record_of(table, after),
    )


def record_of(table: Table, stored: Mapping[str, Any]) -> Record:
    """Return the record that a stored row of the trail tells of; fields that are no more are left out."""
    record = table.empty()
    for field in record._meta.concrete_fields:
        if field.attname in stored:
            value = stored[field.attname]
            setattr(record, field.attname, value if value is None else _python(field, value))
    return record


def _python(field: Any, value: Any) -> Any:
    return field.target_field.to_python(value) if field.is_relation else field.to_python(value)
