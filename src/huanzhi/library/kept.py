"""Kept files 存档文件: bytes written under their SHA-256, whole or not at all, and never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path, PurePath
from typing import Protocol

from huanzhi.errors import StoreError
from huanzhi.library.home import home_folder


class Piece(Protocol):
    """What is kept under its digest."""

    sha256: str
    name: str


def read(piece: Piece, home: Path | None = None) -> bytes:
    """Return the bytes of a kept piece of any room.

    Raises
    ------
    StoreError
        ``issues.lost_evidence`` if they are gone or were changed.
    """
    return content_of(piece.sha256, piece.name, home)


def content_of(digest: str, name: str, home: Path | None = None) -> bytes:
    """Return the bytes kept under a digest; StoreError ``issues.lost_evidence`` if gone or changed."""
    path = path_of(digest, home)
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != digest:
        raise StoreError("issues.lost_evidence", value=name)
    return content


def keep(content: bytes, digest: str, home: Path | None = None) -> Path:
    """Write bytes under their digest, whole or not at all; durable on return."""
    path = path_of(digest, home)
    if path.exists():
        return path
    write_whole(path, content)
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that after a crash it is there whole or as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, fresh = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).replace(path)
    finally:
        Path(fresh).unlink(missing_ok=True)
    _sync(path.parent)


def path_of(digest: str, home: Path | None = None) -> Path:
    """Return where the bytes with a digest are kept."""
    return home_folder(home) / "evidence" / digest[:2] / digest


def clean_name(name: str) -> str:
    """Return a file name without folders and signs that no file system takes; never empty."""
    last = PurePath(name.replace("\\", "/")).name
    plain = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    if len(plain) > 120:
        stem, dot, end = plain.rpartition(".")
        plain = f"{stem[:100]}{dot}{end[:12]}"
    return plain or "evidence"


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
