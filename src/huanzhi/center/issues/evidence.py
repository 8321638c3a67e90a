"""Evidence 证据: hashed on arrival by SM3 and SHA-256, kept by its digest, never changed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from django.db import transaction

from huanzhi.center.issues.models import Evidence, Issue
from huanzhi.center.issues.settings import checked, settings
from huanzhi.errors import InputError
from huanzhi.library.kept import clean_name, keep, path_of, read
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append

__all__ = ["attach", "attached", "clean_name", "keep", "path_of", "read"]


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


def _sized(issue: Issue, content: bytes) -> None:
    limits = settings()["limits"]
    if not content:
        raise InputError("issues.empty_evidence")
    if len(content) > limits["evidence_bytes"]:
        raise InputError("issues.too_large", most=limits["evidence_bytes"])
    if Evidence.objects.filter(issue=issue).count() >= limits["evidence_each"]:
        raise InputError("issues.too_many", most=limits["evidence_each"])
