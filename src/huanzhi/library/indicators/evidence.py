"""Evidence of reported values 佐证材料: hashed on arrival by SM3 and SHA-256, kept by its digest."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import PurePath
from typing import Any

from huanzhi.errors import InputError, StoreError
from huanzhi.library.home import home_folder
from huanzhi.library.rights import Actor
from huanzhi.standards.periods import CHINA

MOST_BYTES = 20_000_000
"""Bytes of a piece. DEFAULT, NOT FROM THE DOCUMENTS."""


def keep(actor: Actor, content: bytes, name: str, now: datetime) -> dict[str, Any]:
    """Keep a piece; durable on return.

    Raises
    ------
    InputError
        If it is empty or too large.
    """
    if not content:
        raise InputError("indicators.empty_evidence")
    if len(content) > MOST_BYTES:
        raise InputError("indicators.too_large", most=MOST_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    path = home_folder() / "evidence" / digest[:2] / digest
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        number, fresh = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)  # noqa: PTH105
    return {
        "name": PurePath(name.replace("\\", "/")).name[:120] or "evidence",
        "sha256": digest,
        "sm3": hashlib.new("sm3", content).hexdigest(),
        "size": len(content),
        "at": now.astimezone(CHINA).isoformat(timespec="seconds"),
        "actor": actor.code,
        "actor_name": actor.name,
    }


def read(piece: dict[str, Any]) -> bytes:
    """Return the bytes of a piece; StoreError ``indicators.lost_evidence`` if they are gone or changed."""
    path = home_folder() / "evidence" / piece["sha256"][:2] / piece["sha256"]
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != piece["sha256"]:
        raise StoreError("indicators.lost_evidence", value=piece["name"])
    return content
