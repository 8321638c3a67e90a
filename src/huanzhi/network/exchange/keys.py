"""Secrets of exchange 密钥: one a target, in a file that only the platform reads."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from huanzhi.errors import InputError
from huanzhi.library.home import home_folder
from huanzhi.library.kept import write_whole


def secret_of(target: str, home: Path | None = None) -> str:
    """Return the secret shared with a target; empty where there is none."""
    path = _path(target, home)
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def make_secret(target: str, given: str = "", home: Path | None = None) -> str:
    """Keep a secret, made up where none is given; it is told this once.

    Raises
    ------
    InputError
        ``exchange.short_secret`` if a given one is shorter than 32 signs.
    """
    if given and (len(given) < 32 or not given.isascii() or not given.isprintable()):
        raise InputError("exchange.short_secret", column="secret")
    made = given or secrets.token_hex(32)
    path = _path(target, home)
    write_whole(path, made.encode())
    os.chmod(path, 0o600)  # noqa: PTH101
    return made


def signature(secret: str, message: bytes) -> str:
    """Return HMAC-SM3 of a message, in hexadecimal."""
    return hmac.new(secret.encode(), message, lambda: hashlib.new("sm3")).hexdigest()


def same(one: str, other: str) -> bool:
    """Return whether two signatures are the same, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def _path(target: str, home: Path | None) -> Path:
    return home_folder(home) / "exchange" / "keys" / f"{target}.key"
