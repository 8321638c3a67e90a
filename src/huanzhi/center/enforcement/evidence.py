"""Evidence 证据 of a case: hashed on arrival by SM3 and SHA-256, kept by its digest, never changed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from django.db import transaction

from huanzhi.center.enforcement.models import Case, CaseEvidence
from huanzhi.center.enforcement.settings import checked, settings
from huanzhi.center.issues import evidence as store
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append


def attach(
    actor: Actor,
    case: Case,
    content: bytes,
    name: str,
    kind: str,
    *,
    proves: str = "",
    source: str = "",
    taken_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
    now: datetime | None = None,
) -> CaseEvidence:
    """Keep a piece of evidence; durable on return. The same bytes given twice to one case are one piece.

    Raises
    ------
    InputError
        If the actor may not, the kind is unknown, or it is empty or too large.
    """
    require(actor, "change", thing_of(case))
    checked("evidence", kind, "kind")
    _sized(case, content)
    sha256, sm3 = hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest()
    store.keep(content, sha256)
    with transaction.atomic():
        known = CaseEvidence.objects.filter(case=case, sha256=sha256).first()
        if known is not None:
            return known
        made = CaseEvidence(
            case=case,
            sha256=sha256,
            sm3=sm3,
            name=store.clean_name(name),
            kind=kind,
            size=len(content),
            proves=proves[:500],
            source=source[:300],
            taken_at=taken_at,
            received_at=now or datetime.now(UTC),
            lon=lon,
            lat=lat,
            actor=actor.code,
            actor_name=actor.name,
        )
        made.save()
        append(actor, "attach", Case.KIND, case.number, after=made.told())
    return made


def _sized(case: Case, content: bytes) -> None:
    limits = settings()["limits"]
    if not content:
        raise InputError("issues.empty_evidence")
    if len(content) > limits["evidence_bytes"]:
        raise InputError("issues.too_large", most=limits["evidence_bytes"])
    if CaseEvidence.objects.filter(case=case).count() >= limits["evidence_each"]:
        raise InputError("issues.too_many", most=limits["evidence_each"])
