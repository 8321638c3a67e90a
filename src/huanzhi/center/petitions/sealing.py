"""Sealing 加密保存.

What is known of an informant is kept encrypted (AES-256-GCM), with a key outside the database.

The key lies in the data folder (``informants.key``, readable by its user only). Whoever has the database
but not this
file can read nothing of any informant; whoever loses the file loses them, so it is kept safe apart from the
database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huanzhi.errors import StoreError
from huanzhi.library.home import home_folder

FILE = "informants.key"
_NONCE = 12


def seal(content: bytes, about: str) -> bytes:
    """Return content encrypted; it opens only for the same `about`."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key("seal")).encrypt(nonce, content, about.encode())


def unseal(sealed: bytes, about: str) -> bytes:
    """Return what was sealed.

    Raises
    ------
    StoreError
        ``petitions.unsealed`` if the key is another one, or the content was changed.
    """
    try:
        return AESGCM(_key("seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
    except InvalidTag:
        raise StoreError("petitions.unsealed", value=about) from None


def seal_words(words: Mapping[str, str], about: str) -> bytes:
    """Return words by name, encrypted."""
    return seal(json.dumps(dict(words), ensure_ascii=False).encode(), about)


def unseal_words(sealed: bytes, about: str) -> dict[str, str]:
    """Return the words that were sealed."""
    found: dict[str, str] = json.loads(unseal(bytes(sealed), about))
    return found


def fingerprint(words: str, purpose: str) -> str:
    """Return a digest that only this installation can make, so that nobody finds words by trying."""
    return hmac.new(_key(purpose), words.encode(), hashlib.sha256).hexdigest()


def _key(purpose: str) -> bytes:
    return hmac.new(_secret(home_folder() / FILE), purpose.encode(), hashlib.sha256).digest()


@lru_cache(maxsize=4)
def _secret(path: Path) -> bytes:
    if path.exists():
        return path.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_bytes()
