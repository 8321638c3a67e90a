"""Tables of deals and pledges of emission quotas."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.ecocode.quotas.settings import checked
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class QuotaDeal(Record):
    """A deal 排污权业务: a grant, a transfer, a sale from the reserve, a buy-back.

    Attributes
    ----------
    seller, buyer : Enterprise, optional
        The sides; the government's side is told by `sort`.
    units : int
        Amount in units of the accounts.
    price : str
        Yuan for one t/a, as agreed; empty where none is paid.
    seller_by, buyer_by : str
        Who consented for each side: a person of the enterprise, or an officer by the contract.
    until : date, optional
        End of the term, of deals that begin a new one.
    transaction : str
        Number of the transaction that carried it out.
    """

    KIND: ClassVar[str] = "quota_deal"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path",
        owner="seller__organisation__code",
        also=("buyer__organisation__code",),
        fixed="own",
    )

    number = models.CharField(max_length=32, unique=True)
    sort = models.CharField(max_length=20)
    state = models.CharField(max_length=20, default="drafted")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    commodity = models.CharField(max_length=40)
    units = models.BigIntegerField()
    price = models.CharField(max_length=30, blank=True)
    contract = models.CharField(max_length=100, blank=True)
    words = models.TextField(max_length=2000, blank=True)
    until = models.DateField(null=True, blank=True)
    seller_by = models.CharField(max_length=100, blank=True)
    seller_at = models.DateTimeField(null=True, blank=True)
    buyer_by = models.CharField(max_length=100, blank=True)
    buyer_at = models.DateTimeField(null=True, blank=True)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    proposal = models.BigIntegerField(null=True, blank=True)
    transaction = models.CharField(max_length=32, blank=True)
    done = models.DateTimeField(null=True, blank=True)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["region", "state"]), models.Index(fields=["commodity"])]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Check the words."""
        checked("sort", self.sort, "sort")
        checked("pollutant", self.commodity, "commodity")
        checked("state", self.state, "state")


class QuotaPledge(Record):
    """A pledge 排污权质押: what is frozen for a loan until the bank lets go.

    Attributes
    ----------
    bank : Organisation
        To whom it is pledged; its own people see the pledge and release it.
    parts : list
        What was frozen in which account.
    """

    KIND: ClassVar[str] = "quota_pledge"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path",
        owner="enterprise__organisation__code",
        also=("bank__code",),
        fixed="own",
    )

    number = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=20, default="held")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    commodity = models.CharField(max_length=40)
    units = models.BigIntegerField()
    contract = models.CharField(max_length=100)
    loan = models.CharField(max_length=30, blank=True)
    begun = models.DateField()
    ends = models.DateField(null=True, blank=True)
    parts = models.JSONField(default=list, blank=True)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    released = models.DateTimeField(null=True, blank=True)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["enterprise", "state"])]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Check the words."""
        checked("pledge", self.state, "state")
        checked("pollutant", self.commodity, "commodity")
