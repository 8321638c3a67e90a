"""The tables of the trail; rows are only ever added, which triggers of the database see to."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models


class Entry(models.Model):
    """One thing that was done.

    Attributes
    ----------
    seq : int
        1, 2, 3 … without gaps.
    body : str
        ``before``, ``after``, ``reason`` as JSON.
    salt : str
        Random; the chain holds the digest of salt and body, so that an export may leave a restricted body
        out and still be verified, and nobody can find a short body by trying.
    previous, digest : str
        SM3 of the entry before and of this one, in hexadecimal.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    body = models.TextField()
    salt = models.CharField(max_length=32)
    restricted = models.BooleanField(default=False)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "key", "seq"]),
            models.Index(fields=["at"]),
            models.Index(fields=["actor", "seq"]),
        ]

    @property
    def details(self) -> dict[str, Any]:
        """Return ``before``, ``after``, ``reason``."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class Anchor(models.Model):
    """The end of the chain as a day left it 每日锚定; kept elsewhere, it shows that nothing was rewritten."""

    day = models.DateField(primary_key=True)
    seq = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)


class Gathered(models.Model):
    """Up to which row another ledger has been brought into the trail."""

    source = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField()
