"""Evidence of visits 现场取证: hashed on arrival by SM3 and SHA-256, kept beside that of the issues."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.inspections.models import Task, TaskEvidence
from huanzhi.center.inspections.settings import settings
from huanzhi.center.issues.evidence import clean_name, keep
from huanzhi.center.issues.settings import checked
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append


def attach(
    actor: Actor,
    task: Task,
    content: bytes,
    name: str,
    kind: str,
    *,
    item: str = "",
    taken_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
    now: datetime | None = None,
) -> TaskEvidence:
    """Keep a piece of evidence of a visit; durable on return. The same bytes twice are one piece.

    Raises
    ------
    InputError
        If the actor may not, the visit is not under way, or it is empty, too large or one too many.
    """
    require(actor, "change", thing_of(task))
    if task.state != "visiting":
        raise InputError("inspections.not_now", value=task.number)
    told = kept_fields(actor, content, name, kind, now)
    with transaction.atomic():
        known = TaskEvidence.objects.filter(task=task, sha256=told["sha256"], item=item).first()
        if known is not None:
            return known
        if TaskEvidence.objects.filter(task=task).count() >= settings()["limits"]["evidence_each"]:
            raise InputError("issues.too_many", most=settings()["limits"]["evidence_each"])
        made = TaskEvidence(task=task, item=item, taken_at=taken_at, lon=lon, lat=lat, **told)
        made.save()
        append(actor, "attach", Task.KIND, task.number, after={**told, "item": item})
    return made


def kept_fields(actor: Actor, content: bytes, name: str, kind: str, now: datetime | None) -> dict[str, Any]:
    """Return the fields of a piece whose bytes are kept now, checked."""
    checked("evidence", kind, "kind")
    if not content:
        raise InputError("issues.empty_evidence")
    most = settings()["limits"]["evidence_bytes"]
    if len(content) > most:
        raise InputError("issues.too_large", most=most)
    sha256, sm3 = hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest()
    keep(content, sha256)
    return {
        "sha256": sha256,
        "sm3": sm3,
        "name": clean_name(name),
        "kind": kind,
        "size": len(content),
        "received_at": now or datetime.now(UTC),
        "actor": actor.code,
        "actor_name": actor.name,
    }
