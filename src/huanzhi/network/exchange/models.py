"""Tables of exchange: whom we exchange with, and the log of every exchange."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.network.exchange.settings import checked


class Target(Record):
    """A system of others 交换对象; its secret lies in a file of the data folder, never in a table.

    Attributes
    ----------
    payloads : list of str
        What may go there or come from there, and nothing else.
    sent, received : int
        Last sequence numbers, out and in.
    """

    KIND: ClassVar[str] = "exchange_target"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    way = models.CharField(max_length=8, default="file")
    address = models.CharField(max_length=500, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    payloads = models.JSONField(default=list, blank=True)
    purpose = models.CharField(max_length=300)
    basis = models.CharField(max_length=300, blank=True)
    active = models.BooleanField(default=True)
    sent = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["code"]

    def clean(self) -> None:
        """Check the words and the address."""
        checked("way", self.way, "way")


class Exchange(Record):
    """One exchange 交换记录: what, with whom, by whom, what for, which rows and columns, and how it went.

    Attributes
    ----------
    sequence : int, optional
        Number of the parcel in its direction; none for what was read by the other side or refused.
    columns : list of str
        Fields that left, as the other side names them.
    fault : dict
        What was wrong: error, message, row, column, value, expected.
    """

    KIND: ClassVar[str] = "exchange_entry"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="target__region__path")

    number = models.CharField(max_length=60, unique=True)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="entries")
    direction = models.CharField(max_length=4)
    payload = models.CharField(max_length=40)
    purpose = models.CharField(max_length=300)
    basis = models.CharField(max_length=300, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=list, blank=True)
    name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    sm3 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(null=True, blank=True)
    fault = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    actor = models.CharField(max_length=100)
    begun = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    acknowledged = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["target", "begun"]),
            models.Index(fields=["state", "next_try"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["target", "direction", "sequence"],
                condition=models.Q(sequence__isnull=False),
                name="exchange_sequence",
            )
        ]

    def clean(self) -> None:
        """Check the words."""
        checked("direction", self.direction, "direction")
        checked("state", self.state, "state")
