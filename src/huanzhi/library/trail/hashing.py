"""How the chain is bound: SM3 (GB/T 32905) over canonical JSON. Needs nothing but this file's imports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FIRST = "0" * 64
"""What stands before the first entry."""

BOUND = ("seq", "at", "actor", "action", "kind", "key", "restricted", "details", "previous")
"""Fields of an exported entry that its digest covers."""


def canonical(value: object) -> str:
    """Return JSON with sorted keys, no spaces, and letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def sm3(words: str) -> str:
    """Return the SM3 digest of a text in UTF-8, in hexadecimal."""
    return hashlib.new("sm3", words.encode()).hexdigest()


def body_digest(salt: str, body: str) -> str:
    """Return what the chain holds of a body."""
    return sm3(salt + body)


def entry_digest(row: Mapping[str, Any]) -> str:
    """Return the digest of an entry in its exported form."""
    return sm3(canonical({name: row[name] for name in BOUND}))
