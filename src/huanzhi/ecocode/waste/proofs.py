"""Proofs of paper manifests 纸质联单佐证材料: files kept by their digest, and never changed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.waste.models import Manifest, Proof
from huanzhi.ecocode.waste.settings import manifests
from huanzhi.ecocode.waste.writing import acts_for, require_party
from huanzhi.errors import InputError
from huanzhi.library.kept import clean_name, keep
from huanzhi.library.rights import Actor, may, require, thing_of
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA


def attach(actor: Actor, manifest: Manifest, content: bytes, name: str, now: datetime) -> Proof:
    """Keep a file that proves a paper manifest, by its generator; the same bytes twice are one proof.

    Raises
    ------
    InputError
        ``waste.not_paper`` for an electronic manifest; ``waste.proof_empty``, ``waste.proof_large``,
        ``waste.proof_many``; ``waste.not_your_step`` for others.
    """
    require(actor, "change", thing_of(manifest))
    require_party(actor, manifest.generator, manifests()["party"]["generator"]["zh"])
    if not manifest.paper:
        raise InputError("waste.not_paper", value=manifest.number)
    limits = manifests()["proof"]
    if not content:
        raise InputError("waste.proof_empty", column="file")
    if len(content) > limits["bytes"]:
        raise InputError("waste.proof_large", column="file", most=limits["bytes"])
    sha256, sm3 = hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest()
    with transaction.atomic():
        Manifest.objects.select_for_update(of=("self",)).get(pk=manifest.pk)
        rows = Proof.objects.filter(manifest=manifest)
        known = rows.filter(sha256=sha256).first()
        if known is not None:
            return known
        if rows.count() >= limits["most"]:
            raise InputError("waste.proof_many", column="file", most=limits["most"])
        keep(content, sha256)
        told_ = {"sha256": sha256, "sm3": sm3, "name": clean_name(name), "size": len(content)}
        made = Proof.objects.create(
            manifest=manifest, received_at=now, actor=actor.code, actor_name=actor.name, **told_
        )
        append(actor, "attach", Manifest.KIND, manifest.number, after=told_)
    return made


def may_attach(actor: Actor, manifest: Manifest) -> bool:
    """Return whether somebody may attach a proof: the generator, to a paper manifest."""
    if not manifest.paper or not acts_for(actor, manifest.generator):
        return False
    return may(actor, "change", thing_of(manifest)).allowed


def one(manifest: Manifest, number: int) -> Proof:
    """Return a proof of a manifest; InputError ``waste.none`` if there is none."""
    found = manifest.proofs.filter(pk=number).first() if abs(number) < 1 << 62 else None
    if found is None:
        raise InputError("waste.none", value=number)
    return found


def told(proof: Proof) -> dict[str, Any]:
    """Return a proof as it is shown."""
    names = ("name", "size", "sha256", "sm3", "actor_name")
    at = proof.received_at.astimezone(CHINA).isoformat(timespec="seconds")
    return {"id": proof.pk, "received_at": at, **{name: getattr(proof, name) for name in names}}
