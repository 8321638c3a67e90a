"""The table of proposals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing, Thing


class State(models.TextChoices):
    """Standing of a proposal."""

    OPEN = "open", "open"
    APPROVED = "approved", "approved"
    REFUSED = "refused", "refused"
    WITHDRAWN = "withdrawn", "withdrawn"
    EXPIRED = "expired", "expired"


class Proposal(Record):
    """What one person proposes and another decides.

    Attributes
    ----------
    sort : str
        Kind, one of ``data/kinds.toml``.
    subject_kind, subject : str
        The record that it is about.
    payload : dict
        What is to be done, for the effect.
    organisation : str
        Code of the organisation that the subject belongs to.
    outcome : dict
        What the effect returned.
    """

    KIND: ClassVar[str] = "proposal"
    KEY: ClassVar[str] = "pk"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="owner")

    sort = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    payload = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=2000)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT)
    owner = models.CharField(max_length=40, blank=True)
    proposer = models.CharField(max_length=60)
    proposer_organisation = models.CharField(max_length=40, blank=True)
    proposed = models.DateTimeField()
    expires = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    decider = models.CharField(max_length=60, blank=True)
    decided = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=2000, blank=True)
    outcome = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "expires"])]

    def thing(self) -> Thing:
        """Return what rights see of it: each kind of proposal is a kind of its own."""
        return Thing(f"{self.KIND}:{self.sort}", self.region.path if self.region else "", self.owner)
