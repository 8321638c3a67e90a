"""Signed codes 签名码: what a QR shows, signed by this platform so that a stranger can check it offline.

A token is ``HZ1.<content>.<signature>``, both in base64url: the content is JSON with code and name of the
enterprise, its levels by sort, the day for which it was issued and the last day on which it holds; the
signature is Ed25519 over ``HZ1.<content>``. The private key stays in the data folder; the public one is at
``/api/v1/open/code-key``.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from huanzhi.ecocode.grades.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.home import home_folder

MARK = "HZ1"
FILE = "code-key.pem"
LONGEST = 2000


def private_key(home: Path | None = None) -> Ed25519PrivateKey:
    """Return the key of this installation; made once and readable by its user only."""
    path = home_folder(home) / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Ed25519PrivateKey.generate()
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = load_pem_private_key(path.read_bytes(), None)
        assert isinstance(key, Ed25519PrivateKey)
        return key
    with os.fdopen(number, "wb") as file:
        file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


def public_pem(home: Path | None = None) -> str:
    """Return the public key as PEM."""
    key = private_key(home).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def key_of(pem: bytes, file: str = "") -> Ed25519PublicKey:
    """Return a public key from PEM.

    Raises
    ------
    InputError
        ``grades.token_key`` if it is none.
    """
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        raise InputError("grades.token_key", file=file) from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("grades.token_key", file=file)
    return key


def issue(content: dict[str, Any], day: date, home: Path | None = None) -> str:
    """Return a token of some content, which holds for the days of ``[terms]``."""
    last = day + timedelta(days=settings()["terms"]["token_days"]["number"])
    told = {**content, "day": day.isoformat(), "last": last.isoformat()}
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    body = f"{MARK}.{_packed(plain)}"
    return f"{body}.{_packed(private_key(home).sign(body.encode('ascii')))}"


def read(token: str, key: Ed25519PublicKey) -> dict[str, Any]:
    """Return the content of a token that this key signed.

    Raises
    ------
    InputError
        ``grades.token_damaged`` if it is none, or was changed.
    """
    parts = token.strip().split(".")
    try:
        if len(token) > LONGEST or len(parts) != 3 or parts[0] != MARK:
            raise ValueError
        key.verify(_unpacked(parts[2]), f"{parts[0]}.{parts[1]}".encode("ascii"))
        content = json.loads(_unpacked(parts[1]))
    except (ValueError, binascii.Error, InvalidSignature):
        raise InputError("grades.token_damaged") from None
    return dict(content)


def holds(content: dict[str, Any], day: date) -> bool:
    """Return whether a token still holds on a day."""
    return date.fromisoformat(content["day"]) <= day <= date.fromisoformat(content["last"])


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _unpacked(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
