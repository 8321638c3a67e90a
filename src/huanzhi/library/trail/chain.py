"""The chain: how entries are written, and how anybody checks them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from huanzhi.library.rights.actor import Actor
from huanzhi.library.trail.models import Entry

FIRST = "0" * 64
"""What stands before the first entry."""


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
    details = json.loads(_json({"before": before, "after": after, "reason": reason}))
    with transaction.atomic():
        last = Entry.objects.select_for_update().order_by("-seq").first()
        entry = Entry(
            seq=last.seq + 1 if last else 1,
            at=datetime.now(UTC),
            actor=actor.code,
            action=action,
            kind=kind,
            key=key,
            details=details,
            restricted=restricted,
            previous=last.digest if last else FIRST,
        )
        entry.digest = digest(entry)
        entry.save(force_insert=True)
    return entry


def digest(entry: Entry) -> str:
    """Return the SM3 digest of an entry."""
    head = {
        name: getattr(entry, name)
        for name in ("seq", "actor", "action", "kind", "key", "restricted", "previous")
    }
    head["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    head["details"] = sm3(_json(entry.details))
    return sm3(_json(head))


def sm3(words: str) -> str:
    """Return the SM3 digest (GB/T 32905) of a text in UTF-8."""
    return hashlib.new("sm3", words.encode()).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
