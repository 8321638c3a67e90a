"""Changing many records at once: the rules of `changing.save`, each with its entry of the trail, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from huanzhi.errors import InputError
from huanzhi.library.records.model import Record
from huanzhi.library.records.written import many
from huanzhi.library.rights import Actor, Thing, require, thing_of
from huanzhi.library.rights.placing import is_restricted
from huanzhi.library.trail.chain import Note, append_many

BATCH = 500
"""Rows written or read in one statement. DEFAULT, NOT FROM THE DOCUMENTS."""


def save_all(
    actor: Actor, records: Iterable[Record], reason: str = "", at_fault: Callable[[int], int] | None = None
) -> int:
    """Create or change records, all or none; return how many.

    Models with ``ONE_BY_ONE`` have rules between rows, as that dates must not overlap: each of their rows
    is written before the next is checked.

    Parameters
    ----------
    at_fault : callable
        Row of the source for the position of a record, to name in an error.

    Raises
    ------
    InputError
        As `changing.save`, with ``row`` where `at_fault` tells it; ``tables.exists`` if a code is taken.
    """
    with transaction.atomic():
        saving = _Saving(actor, list(records), reason)
        for position in range(len(saving.records)):
            try:
                saving.take(position)
            except InputError as error:
                if at_fault is not None and error.place["row"] is None:
                    error.place["row"] = at_fault(position)
                raise
        saving.write()
        append_many(saving.notes)
    return len(saving.notes)


_PLACED = {"region", "organisation", "register"}
"""Relations that decide on rights."""

Taken = tuple[type[Record], tuple[Any, ...], str]


class _Saving:
    """One run of `save_all`."""

    def __init__(self, actor: Actor, records: list[Record], reason: str) -> None:
        self.actor, self.records, self.reason = actor, records, reason
        self.notes: list[Note] = []
        self._before = _stored(records)
        self._taken = _taken(records)
        self._allowed: set[tuple[str, Thing]] = set()
        self._waiting: list[Record] = []

    def take(self, position: int) -> None:
        """Check one record and put it up for writing."""
        record = self.records[position]
        old = self._before.get((type(record), record.pk))
        action = "change" if old else "create"
        made_up = record.key == ""
        self._settle(record)
        for state in (old, record):
            if state is not None:
                self._permit(action, thing_of(state))
        check(record, old)
        self._claim(record, old, made_up=made_up)
        self._waiting.append(record)
        if getattr(record, "ONE_BY_ONE", False):
            self.write()
        before = old.as_row() if old else None
        self.notes.append(
            Note(
                self.actor,
                action,
                record.KIND,
                record.key,
                before,
                record.as_row(),
                self.reason,
                is_restricted(record) or (old is not None and is_restricted(old)),
            )
        )

    def write(self) -> None:
        """Write what is checked, in its order."""
        for (model, new), group in groupby(self._waiting, key=lambda each: (type(each), each._state.adding)):
            rows = list(group)
            if new:
                model._default_manager.bulk_create(rows, batch_size=BATCH)
            else:
                _replace(model, rows)
            many.send(sender=model, rows=rows)
        self._waiting.clear()

    def _settle(self, record: Record) -> None:
        """Let a record point to those before it, which are written for that where they are not yet."""
        for field in record._meta.concrete_fields:
            if not field.is_relation or not field.is_cached(record):
                continue
            named: Any = field.get_cached_value(record)
            if named is not None and named._state.adding:
                self.write()
            if named is not None and getattr(record, field.attname) is None:
                setattr(record, field.attname, getattr(named, field.target_field.attname))

    def _claim(self, record: Record, old: Record | None, *, made_up: bool) -> None:
        """Refuse a new record whose key is taken, by a stored row or by one before it."""
        key = (type(record), _among(record), record.key)
        if made_up:
            self._taken |= _taken([record])
        if old is None and key in self._taken:
            raise InputError("tables.exists", value=record.key)
        self._taken.add(key)

    def _permit(self, action: str, thing: Thing) -> None:
        if (action, thing) not in self._allowed:
            require(self.actor, action, thing)
            self._allowed.add((action, thing))


def _replace(model: type[Record], rows: Sequence[Record]) -> None:
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["pk"], update_fields=fields, batch_size=BATCH
    )


def _by_model(records: Iterable[Record]) -> dict[type[Record], list[Record]]:
    found: dict[type[Record], list[Record]] = {}
    for record in records:
        found.setdefault(type(record), []).append(record)
    return found


def _stored(records: Iterable[Record]) -> dict[tuple[type[Record], Any], Record]:
    """Return the stored rows of the records that have a primary key."""
    found: dict[tuple[type[Record], Any], Record] = {}
    for model, rows in _by_model(record for record in records if record.pk is not None).items():
        for begin in range(0, len(rows), BATCH):
            keys = [row.pk for row in rows[begin : begin + BATCH]]
            stored = model._default_manager.select_for_update(of=("self",)).filter(pk__in=keys)
            stored = stored.select_related(*_PLACED & {field.name for field in model._meta.concrete_fields})
            found |= {(model, row.pk): row for row in stored}
    return found


def _among(record: Record) -> tuple[Any, ...]:
    """Return what else tells records with the same key apart: fields that the model names in ``AMONG``."""
    return tuple(getattr(record, name) for name in getattr(record, "AMONG", ()))


def _taken(records: Iterable[Record]) -> set[Taken]:
    """Return the keys of the new records that are stored already."""
    wanted: dict[tuple[Any, tuple[Any, ...]], list[str]] = {}
    for record in records:
        if record.pk is None and record.KEY != "pk" and record.key:
            wanted.setdefault((type(record), _among(record)), []).append(record.key)
    found: set[Taken] = set()
    for (model, among), keys in wanted.items():
        rows = model._default_manager.filter(**dict(zip(getattr(model, "AMONG", ()), among, strict=True)))
        for begin in range(0, len(keys), BATCH):
            part = rows.filter(**{f"{model.KEY}__in": keys[begin : begin + BATCH]})
            found |= {(model, among, str(key)) for key in part.values_list(model.KEY, flat=True)}
    return found


def check(record: Record, old: Record | None) -> None:
    """Raise the revision of a record and check its fields; what its relations name is known to exist.

    Raises
    ------
    InputError
        ``records.stale`` or ``records.field``.
    """
    if old is not None and old.revision != record.revision:
        raise InputError("records.stale", value=record.key)
    record.revision += 1
    try:
        record.clean_fields(exclude=_given_relations(record))
        record.clean()
    except ValidationError as error:
        field, faults = next(iter(error.message_dict.items()))
        raise InputError(
            "records.field", column=field, value=getattr(record, field, None), reason=faults[0]
        ) from None


def _given_relations(record: Record) -> set[str]:
    fields = record._meta.concrete_fields
    return {
        field.name for field in fields if field.is_relation and getattr(record, field.attname) is not None
    }
