"""Kept standings of allowances 余量状态: what filters and orders of the list ask for, reckoned before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.enterprises.models import PermitLimit


class AllowanceStanding(models.Model):
    """How a permitted quantity stood when it was last reckoned; taken away when what it follows from changes.

    Attributes
    ----------
    day : date
        Day of which it tells: a forecast of another day is another.
    basis : str
        Digest of the settings by which it was reckoned.
    permitted, used, left, forecast, low, high : int, optional
        [10⁻⁴ t]; none where nothing is known.
    percent : int, optional
        [0.1 %].
    """

    limit = models.OneToOneField(PermitLimit, on_delete=models.CASCADE, related_name="standing")
    day = models.DateField()
    basis = models.CharField(max_length=64)
    reckoned = models.DateTimeField()
    state = models.CharField(max_length=12)
    permitted = models.BigIntegerField()
    used = models.BigIntegerField(null=True)
    left = models.BigIntegerField(null=True)
    percent = models.BigIntegerField(null=True)
    forecast = models.BigIntegerField(null=True)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["limit"]
        indexes: ClassVar = [models.Index(fields=["state", "limit"])]
