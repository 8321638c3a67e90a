"""The table of receipts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Receipt(models.Model):
    """An answer 回执 that was given; kept so that the same work is not done twice.

    Attributes
    ----------
    actor, key : str
        Who asked, and the key that the device made.
    operation : str
        Method and path.
    digest : str
        SHA-256 of what was sent: another content under the same key is refused.
    status, media, body
        The answer.
    """

    actor = models.CharField(max_length=100)
    key = models.CharField(max_length=80)
    operation = models.CharField(max_length=400)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    media = models.CharField(max_length=100, blank=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "key"], name="receipts_receipt_key")
        ]
        indexes: ClassVar = [models.Index(fields=["at"])]
