"""Photos and signatures 附件上传: held to the digest that the device told, and handed on as evidence."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from huanzhi.center.issues import evidence
from huanzhi.center.issues.models import Issue
from huanzhi.center.patrols.models import Patrol, Piece
from huanzhi.center.patrols.settings import settings
from huanzhi.errors import InputError
from huanzhi.library import kept
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append


def upload(actor: Actor, patrol: Patrol, client: str, content: bytes, now: datetime) -> Piece:
    """Keep the bytes of a piece that a patrol told of; durable on return, and harmless when sent again.

    What shows a finding is evidence of its issue from then on.

    Raises
    ------
    InputError
        ``patrols.no_file`` if the record tells of no such piece, ``receipts.digest`` if the bytes are others,
        or what rights refuse.
    """
    require(actor, "change", thing_of(patrol))
    with transaction.atomic():
        piece = Piece.objects.select_for_update().filter(patrol=patrol, client=client).first()
        if piece is None:
            raise InputError("patrols.no_file", value=client)
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 != (piece.sha256 or piece.told or sha256):
            raise InputError("receipts.digest", value=sha256, expected=piece.sha256 or piece.told)
        if piece.sha256:
            return piece
        if not content or len(content) > _most():
            raise InputError("issues.too_large" if content else "issues.empty_evidence", most=_most())
        kept.keep(content, sha256)
        piece.sha256, piece.sm3 = sha256, hashlib.new("sm3", content).hexdigest()
        piece.size, piece.arrived = len(content), now
        piece.save()
        told = {"piece": piece.client, "sha256": sha256, "sm3": piece.sm3, "size": piece.size}
        append(actor, "attach", Patrol.KIND, patrol.code, after=told)
        _hand_on(actor, piece, content, now)
    return piece


def _most() -> int:
    from huanzhi.center.issues.settings import settings as issue_settings

    return int(issue_settings()["limits"]["evidence_bytes"])


def _hand_on(actor: Actor, piece: Piece, content: bytes, now: datetime) -> None:
    if piece.finding is None or not piece.finding.issue:
        return
    issue = Issue.objects.get(number=piece.finding.issue)
    kind = settings()["file"][piece.kind]["evidence"]
    evidence.attach(actor, issue, content, piece.name, kind, piece.taken_at, piece.lon, piece.lat, now=now)


def content_of(piece: Piece) -> bytes:
    """Return the bytes of a piece.

    Raises
    ------
    InputError
        ``patrols.no_file`` if it has not arrived.
    StoreError
        ``issues.lost_evidence`` if the bytes are gone or were changed.
    """
    if not piece.sha256:
        raise InputError("patrols.no_file", value=piece.client)
    return kept.read(piece)
