"""Tables of accounts, transactions and postings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

FREE, FROZEN = "free", "frozen"


class Account(Record):
    """An account 账户 of one commodity.

    Attributes
    ----------
    scheme : str
        ``quota``, ``waste``, ``carbon``: accounts of one scheme trade with each other only.
    sort : str
        What the scheme calls it: ``holding``, ``reserve``, ``issued``, ``expired``.
    enterprise : Enterprise, optional
        Whose it is; without one it is the government's of the region.
    commodity, unit, decimals
        What is held; balances are whole numbers of ``10**-decimals`` of the unit.
    vintage : str
        What tells holdings of one commodity apart: the end of their term, the year.
    until : date, optional
        First day on which what is held no longer counts.
    open_ended : bool
        Whether it may be negative: it issues, or takes away for ever.
    free, frozen : int
        The two parts of the balance.
    last_day : date, optional
        Day of its newest transaction; none is entered before it.
    """

    KIND: ClassVar[str] = "account"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path", owner="enterprise__organisation__code", fixed="own"
    )

    code = models.CharField(max_length=160, unique=True)
    scheme = models.CharField(max_length=20)
    sort = models.CharField(max_length=20)
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    commodity = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    decimals = models.PositiveSmallIntegerField(default=0)
    vintage = models.CharField(max_length=20, blank=True)
    until = models.DateField(null=True, blank=True)
    open_ended = models.BooleanField(default=False)
    free = models.BigIntegerField(default=0)
    frozen = models.BigIntegerField(default=0)
    last_day = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [
            models.Index(fields=["scheme", "commodity", "sort"]),
            models.Index(fields=["enterprise", "scheme", "commodity"]),
            models.Index(fields=["region", "code"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(open_ended=True) | models.Q(free__gte=0, frozen__gte=0),
                name="accounts_account_never_negative",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def amount(self, units: int) -> Decimal:
        """Return a whole number of units as an amount of the account's unit."""
        return Decimal(units).scaleb(-self.decimals)


class Kept(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row; InputError ``accounts.kept`` for one that is there."""
        if not self._state.adding:
            raise InputError("accounts.kept", value=self.pk)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse."""
        raise InputError("accounts.kept", value=self.pk)


class Transaction(Kept):
    """A transaction 交易: postings that sum to nothing; never changed.

    Attributes
    ----------
    sort : str
        What the scheme calls it: ``grant``, ``transfer``, ``freeze``.
    day : date
        China day from which it counts; `at` is when it was entered.
    receipt : str
        Key of the sender: the same one is posted once. `digest` is of what was sent.
    reference : str
        The record that it carries out, ``quota_deal:QD-2026-0001``.
    reverses : Transaction, optional
        The one that it turns back.
    """

    KIND: ClassVar[str] = "account_transaction"

    number = models.CharField(max_length=32, unique=True)
    scheme = models.CharField(max_length=20)
    sort = models.CharField(max_length=20)
    day = models.DateField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=2000, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    receipt = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64)
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    simulated = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["scheme", "day"]),
            models.Index(fields=["reference"]),
        ]

    def __str__(self) -> str:
        return self.number


class Posting(Kept):
    """One leg 分录 of a transaction: so many units into (or out of) a part of an account.

    Attributes
    ----------
    part : str
        ``free`` or ``frozen``.
    free_after, frozen_after : int
        What the account held after the whole transaction.
    """

    KIND: ClassVar[str] = "account_posting"
    RIGHTS: ClassVar[Placing] = Placing(
        region="account__region__path", owner="account__enterprise__organisation__code", fixed="own"
    )

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    part = models.CharField(max_length=10, choices=[(FREE, FREE), (FROZEN, FROZEN)])
    units = models.BigIntegerField()
    free_after = models.BigIntegerField()
    frozen_after = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["account", "transaction"])]


class Counter(models.Model):
    """The last number under a heading."""

    name = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField(default=0)
