"""The table of the trail; rows are only ever added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One thing that was done.

    Attributes
    ----------
    seq : int
        1, 2, 3 … without gaps.
    details : dict
        ``before``, ``after``, ``reason``; its digest is what the chain holds, so that an export may leave
        restricted details out and still be verified.
    previous, digest : str
        SM3 of the entry before and of this one, in hexadecimal.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    details = models.JSONField()
    restricted = models.BooleanField(default=False)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "key", "seq"])]
