"""Table of sheets that were given in and wait for a yes."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone

from huanzhi.errors import InputError
from huanzhi.library.records.tables import table_of
from huanzhi.library.rights import Actor
from huanzhi.library.sheets.importing import Preview, accept, preview

KEPT = timedelta(days=7)
"""How long a sheet waits before it is thrown away. DEFAULT, NOT FROM THE DOCUMENTS."""


class SheetImport(models.Model):
    """A sheet as it was given in, with what it would change; the bytes go when it is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.CharField(max_length=100)
    table = models.CharField(max_length=80)
    name = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=12, default="open")
    content = models.BinaryField()
    report = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-at"]

    def as_dict(self) -> dict[str, Any]:
        """Return what is known of it as plain values."""
        head = {
            "id": str(self.id),
            "at": self.at,
            "table": self.table,
            "name": self.name,
            "state": self.state,
        }
        return {**head, **self.report}


def give_in(actor: Actor, kind: str, raw: bytes, name: str = "") -> SheetImport:
    """Keep a sheet with its preview; what waited too long goes.

    Raises
    ------
    InputError
        If the bytes are no sheet of the table.
    """
    table = table_of(kind)
    found = preview(actor, table, raw, name)
    SheetImport.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return SheetImport.objects.create(
        actor=actor.code, table=table.kind, name=name[:255], content=raw, report=found.as_dict()
    )


def waiting(actor: Actor, kind: str, number: str) -> SheetImport:
    """Return a sheet that somebody gave in.

    Raises
    ------
    InputError
        ``tables.no_record`` if he gave in none of that number.
    """
    table = table_of(kind)
    try:
        return SheetImport.objects.get(pk=uuid.UUID(number), table=table.kind, actor=actor.code)
    except (SheetImport.DoesNotExist, ValueError):
        raise InputError("tables.no_record", value=number) from None


def accepted(actor: Actor, kind: str, number: str, reason: str = "") -> SheetImport:
    """Take a waiting sheet in, all of it or nothing; its preview is made anew.

    Raises
    ------
    InputError
        ``sheets.done`` if it is over; otherwise as `accept`.
    """
    with transaction.atomic():
        given = waiting(actor, kind, number)
        if given.state != "open":
            raise InputError("sheets.done", value=number)
        found: Preview = accept(actor, table_of(kind), bytes(given.content), given.name, reason)
        _over(given, "accepted", found)
    return given


def cancelled(actor: Actor, kind: str, number: str) -> SheetImport:
    """Throw a waiting sheet away."""
    given = waiting(actor, kind, number)
    if given.state == "open":
        _over(given, "cancelled")
    return given


def _over(given: SheetImport, state: str, found: Preview | None = None) -> None:
    given.state, given.content = state, b""
    given.report = found.as_dict() if found else given.report
    given.save()
