"""Tables of key-polluter lists 环境监管重点单位名录, their entries and the objections to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.ecocode.permits.settings import checked
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import SENSITIVITIES, Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class KeyList(Record):
    """A list of a year and a region.

    Attributes
    ----------
    notice_from, notice_to : date
        First and last day on which objections are taken.
    found : dict
        What the screening was made from: quantities, shares, who was unknown.
    """

    KIND: ClassVar[str] = "key_list"

    code = models.CharField(max_length=32, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default="draft")
    sensitivity = models.CharField(max_length=12, choices=SENSITIVITIES, default="internal")
    notice_from = models.DateField(null=True, blank=True)
    notice_to = models.DateField(null=True, blank=True)
    published = models.DateField(null=True, blank=True)
    drafted_by = models.CharField(max_length=100, blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    found = models.JSONField(default=dict, blank=True)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-year", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "year"], name="permits_key_list_once")
        ]

    def clean(self) -> None:
        """Check the words."""
        checked("list_state", self.state, "state")


class KeyEntry(Record):
    """An enterprise in a class of a list; ``reasons`` are what the rulebook answered."""

    KIND: ClassVar[str] = "key_entry"
    RIGHTS: ClassVar[Placing] = Placing(
        region="enterprise__region__path",
        owner="enterprise__organisation__code",
        sensitivity="sensitivity",
    )

    code = models.CharField(max_length=80, unique=True)
    key_list = models.ForeignKey(KeyList, on_delete=models.PROTECT, related_name="entries")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=20)
    inside = models.BooleanField(default=True)
    sensitivity = models.CharField(max_length=12, choices=SENSITIVITIES, default="internal")
    reasons = models.JSONField(default=list, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    by_hand = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["category", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key_list", "enterprise", "category"], name="permits_key_entry_once"
            )
        ]

    def clean(self) -> None:
        """Check the words."""
        checked("category", self.category, "category")


class KeyObjection(Record):
    """An objection to a draft 异议, and its answer."""

    KIND: ClassVar[str] = "key_objection"
    RIGHTS: ClassVar[Placing] = Placing(region="key_list__region__path", owner="organisation", fixed="own")

    code = models.CharField(max_length=80, unique=True)
    key_list = models.ForeignKey(KeyList, on_delete=models.PROTECT, related_name="objections")
    entry = models.ForeignKey(
        KeyEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="objections"
    )
    organisation = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    words = models.CharField(max_length=2000)
    made = models.DateTimeField()
    answer = models.CharField(max_length=2000, blank=True)
    upheld = models.BooleanField(null=True, blank=True)
    answered = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
