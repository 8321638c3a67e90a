"""Doing work once 幂等: the first sending does it, every later one gets the same answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from huanzhi.errors import InputError
from huanzhi.library.receipts.models import Receipt
from huanzhi.library.rights import Actor

KEPT = timedelta(days=180)
"""How long receipts are kept: a phone may lie in a drawer for a while. DEFAULT, NOT FROM THE DOCUMENTS."""

LONGEST = 80
"""Most signs of a key."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered; `again` where the work had been done before."""

    status: int
    media: str
    body: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent under which key; `digest` is the SHA-256 of its content."""

    key: str
    operation: str
    digest: str


def once(actor: Actor, sent: Sent, work: Callable[[], Answer], now: datetime) -> Answer:
    """Do the work of a key, or return what was answered when it was done.

    The work and its receipt are one transaction: what fails leaves no receipt and may be sent again. Of two
    that arrive together one waits for the other.

    Raises
    ------
    InputError
        ``receipts.key`` if the key cannot be one; ``receipts.other`` if something else was sent under it.
    """
    if not (8 <= len(sent.key) <= LONGEST and sent.key.isascii() and sent.key.isprintable()):
        raise InputError("receipts.key", value=sent.key[:LONGEST], expected="UUID")
    known = _known(actor, sent)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            row = Receipt.objects.create(
                actor=actor.code, key=sent.key, operation=sent.operation, digest=sent.digest, at=now
            )
            answer = work()
            row.status, row.media, row.body = answer.status, answer.media, answer.body
            row.save()
            return answer
    except IntegrityError:
        known = _known(actor, sent)
        if known is None:
            raise
        return known


def _known(actor: Actor, sent: Sent) -> Answer | None:
    row = Receipt.objects.filter(actor=actor.code, key=sent.key).first()
    if row is None:
        return None
    if (row.operation, row.digest) != (sent.operation, sent.digest):
        raise InputError("receipts.other", value=sent.key)
    return Answer(row.status, row.media, row.body, again=True)


def forget_old(now: datetime) -> int:
    """Remove receipts that nobody will ask for any more; return how many."""
    return Receipt.objects.filter(at__lt=now - KEPT).delete()[0]
