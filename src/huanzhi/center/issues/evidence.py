"""Evidence 证据: hashed on arrival by SM3 and SHA-256, kept by its digest, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Protocol

from django.db import transaction

from huanzhi.center.issues.models import Evidence, Issue
from huanzhi.center.issues.settings import checked, settings
from huanzhi.errors import InputError, StoreError
from huanzhi.library.home import home_folder
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append


class Piece(Protocol):
    """What is kept under its digest."""

    sha256: str
    name: str


def attach(
    actor: Actor,
    issue: Issue,
    content: bytes,
    name: str,
    kind: str,
    taken_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
    *,
    now: datetime | None = None,
) -> Evidence:
    """Keep a piece of evidence; durable on return.

    The same bytes given twice to one issue are one piece.

    Raises
    ------
    InputError
        If the actor may not, the kind is unknown, or it is empty or too large.
    """
    require(actor, "change", thing_of(issue))
    return attached(actor, issue, content, name, kind, taken_at, lon, lat, now=now)


def attached(
    actor: Actor,
    issue: Issue,
    content: bytes,
    name: str,
    kind: str,
    taken_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
    *,
    now: datetime | None = None,
) -> Evidence:
    """Keep a piece of evidence for a room that has asked for its own right."""
    checked("evidence", kind, "kind")
    _sized(issue, content)
    sha256, sm3 = hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest()
    keep(content, sha256)
    with transaction.atomic():
        known = Evidence.objects.filter(issue=issue, sha256=sha256).first()
        if known is not None:
            return known
        made = Evidence(
            issue=issue,
            sha256=sha256,
            sm3=sm3,
            name=clean_name(name),
            kind=kind,
            size=len(content),
            taken_at=taken_at,
            received_at=now or datetime.now(UTC),
            lon=lon,
            lat=lat,
            actor=actor.code,
            actor_name=actor.name,
        )
        made.save()
        append(actor, "attach", Issue.KIND, issue.number, after=made.told())
    return made


def read(piece: Piece, home: Path | None = None) -> bytes:
    """Return the bytes of a piece of evidence of any room.

    Raises
    ------
    StoreError
        ``issues.lost_evidence`` if they are gone or were changed.
    """
    path = path_of(piece.sha256, home)
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != piece.sha256:
        raise StoreError("issues.lost_evidence", value=piece.name)
    return content


def keep(content: bytes, digest: str, home: Path | None = None) -> Path:
    """Write bytes under their digest, whole or not at all."""
    path = path_of(digest, home)
    if path.exists():
        return path
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
    return path


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


def _sized(issue: Issue, content: bytes) -> None:
    limits = settings()["limits"]
    if not content:
        raise InputError("issues.empty_evidence")
    if len(content) > limits["evidence_bytes"]:
        raise InputError("issues.too_large", most=limits["evidence_bytes"])
    if Evidence.objects.filter(issue=issue).count() >= limits["evidence_each"]:
        raise InputError("issues.too_many", most=limits["evidence_each"])


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
