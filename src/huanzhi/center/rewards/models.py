"""Tables of rewards, their ledger, bounties and honours."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models

from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class Reward(Record):
    """A reward 举报奖励 for one petition.

    Attributes
    ----------
    fine, amount : int
        Fine on which it is based, and reward [yuan].
    rule : dict
        Rulebook, version, place, basis, confidence and row that gave the amount.
    secret : str
        Digest of the payout code 兑付码; the code itself was told once and is kept nowhere.
    """

    KIND: ClassVar[str] = "reward"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=32, unique=True)
    petition = models.OneToOneField("petitions.Petition", on_delete=models.PROTECT, related_name="reward")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="applied")
    case = models.CharField(max_length=80, blank=True)
    fine = models.PositiveBigIntegerField(default=0)
    exceptional = models.BooleanField(default=False)
    amount = models.PositiveBigIntegerField(validators=[MinValueValidator(1)])
    rule = models.JSONField(default=dict)
    reason = models.CharField(max_length=2000, blank=True)
    applied = models.DateTimeField()
    applied_by = models.CharField(max_length=100)
    approved = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=100, blank=True)
    fetch_until = models.DateTimeField(null=True, blank=True)
    coded = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, blank=True, db_index=True)
    paid = models.DateTimeField(null=True, blank=True)
    paid_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "region"])]

    def __str__(self) -> str:
        return self.code

    def as_row(self) -> dict[str, Any]:
        """Return the stored fields for history and trail, without the digest of the code."""
        return {name: value for name, value in super().as_row().items() if name != "secret"}


class Entry(models.Model):
    """A line of the ledger 奖励台账: approved, paid or lapsed amounts; only ever added."""

    KIND: ClassVar[str] = "reward_entry"
    RIGHTS: ClassVar[Placing] = Placing(region="reward__region__path")

    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12)
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["pk"]

    def save(self, *args: Any, **more: Any) -> None:
        """Add a line; none is ever changed."""
        if self.pk is not None:
            raise InputError("rewards.ledger", value=self.pk)
        super().save(*args, **more)


class Bounty(Record):
    """A bounty 悬赏: what is asked, until when, for how much; public once it is published."""

    KIND: ClassVar[str] = "bounty"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", sensitivity="sensitivity")

    code = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    words = models.TextField(max_length=4000)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveBigIntegerField(validators=[MinValueValidator(1)])
    until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, default="draft")
    sensitivity = models.CharField(max_length=12, default="internal")
    petition = models.CharField(max_length=32, blank=True)
    confidence = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]


class Honour(Record):
    """A commendation 褒扬 of a collective or a person who agreed to be named."""

    KIND: ClassVar[str] = "honour"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", sensitivity="sensitivity")

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12)
    deed = models.CharField(max_length=1000)
    day = models.DateField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    sensitivity = models.CharField(max_length=12, default="internal")

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
