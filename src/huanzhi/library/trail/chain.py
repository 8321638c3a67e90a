"""The chain: how entries are written."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from huanzhi.library.rights.actor import Actor
from huanzhi.library.trail.hashing import FIRST, body_digest, canonical, entry_digest, sm3
from huanzhi.library.trail.models import Entry

__all__ = ["FIRST", "Note", "append", "append_many", "digest", "exported", "sm3"]

LOCK = 0x4875616E
"""Number of the advisory lock under which PostgreSQL writes the trail."""

BATCH = 1000
"""Entries written in one statement."""

_LONGEST = {"actor": 100, "key": 200}


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be noted.

    Attributes
    ----------
    before, after : mapping, optional
        State of the record; anything that JSON or `str` can write.
    restricted : bool
        Whether an export leaves it out.
    """

    actor: Actor
    action: str
    kind: str
    key: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""
    restricted: bool = False


def append(
    actor: Actor,
    action: str,
    kind: str,
    key: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    restricted: bool = False,
) -> Entry:
    """Write an entry; inside a transaction it stands or falls with it."""
    return append_many([Note(actor, action, kind, key, before, after, reason, restricted)])[0]


def append_many(notes: Iterable[Note]) -> list[Entry]:
    """Write entries in their order, in one transaction: all or none."""
    with transaction.atomic():
        _alone()
        last = Entry.objects.order_by("-seq").values_list("seq", "digest").first() or (0, FIRST)
        entries = []
        for note in notes:
            entries.append(_entry(note, last))
            last = (entries[-1].seq, entries[-1].digest)
        Entry.objects.bulk_create(entries, batch_size=BATCH)
    return entries


def exported(entry: Entry, *, bare: bool = False) -> dict[str, Any]:
    """Return an entry as it is exported; `bare` leaves salt and body out."""
    row: dict[str, Any] = {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "kind": entry.kind,
        "key": entry.key,
        "restricted": entry.restricted,
        "details": body_digest(entry.salt, entry.body),
        "previous": entry.previous,
        "digest": entry.digest,
    }
    return row if bare else {**row, "salt": entry.salt, "body": entry.body}


def digest(entry: Entry) -> str:
    """Return the digest that an entry ought to have."""
    return entry_digest(exported(entry, bare=True))


def _entry(note: Note, last: tuple[int, str]) -> Entry:
    details = {"before": note.before, "after": note.after, "reason": note.reason}
    entry = Entry(
        seq=last[0] + 1,
        at=datetime.now(UTC),
        actor=_word("actor", note.actor.code),
        action=note.action,
        kind=note.kind,
        key=_word("key", note.key),
        body=canonical(_storable(details)),
        salt=secrets.token_hex(16),
        restricted=note.restricted,
        previous=last[1],
    )
    entry.digest = digest(entry)
    return entry


def _word(column: str, word: str) -> str:
    """Return a word as every database can hold it."""
    whole = word.replace("\0", "").encode("utf-8", "replace").decode()
    return whole[: _LONGEST[column]]


def _storable(details: Mapping[str, Any]) -> object:
    """Return details as plain JSON: equal values always give equal text."""
    return json.loads(canonical(details).encode("utf-8", "replace").decode())


def _alone() -> None:
    """Let nobody else write until this transaction ends; SQLite's own has one writer by ``IMMEDIATE``."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
