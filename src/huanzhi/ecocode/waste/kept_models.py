"""Kept balances 平衡状态: of which wastes of an enterprise the balance of a year does not fit."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.enterprises.models import Enterprise


class BalanceKept(models.Model):
    """What did not fit when it was last reckoned; taken away when ledger, manifests or plan change.

    Attributes
    ----------
    year : int
        The balance is that of the year so far.
    basis : str
        Digest of the settings by which it was reckoned.
    wastes : list of str
        Codes of the wastes that do not fit.
    """

    enterprise = models.OneToOneField(Enterprise, on_delete=models.CASCADE, related_name="waste_balance")
    year = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=64)
    reckoned = models.DateTimeField()
    wastes = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["enterprise"]
