"""Tables of declarations and of the rates that a city adds."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from huanzhi.ecocode.tax.settings import checked
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.messages import text


class TaxDeclaration(Record):
    """The declaration 申报 of one enterprise for one quarter.

    Attributes
    ----------
    quarter : str
        ``2026Q3``.
    province : str
        Whose rates it is computed by.
    rows : list
        What is computed of, as `huanzhi.ecocode.tax.rows` reads it; each with its ``source``.
    result : dict
        Lines with their steps, the sum of each month, editions and cautions.
    total : str
        Yuan, to the cent.
    online : list
        Quantities of online monitoring at the time of the draft, for the review.
    differences : list
        What the review found, by outlet, month and item.
    due : date
        Last day of the declaration.
    """

    KIND: ClassVar[str] = "tax_declaration"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path", owner="enterprise__organisation__code", fixed="own"
    )

    number = models.CharField(max_length=40, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    quarter = models.CharField(max_length=6)
    province = models.CharField(max_length=20)
    state = models.CharField(max_length=20, default="drafted")
    rows = models.JSONField(default=list, blank=True)
    result = models.JSONField(default=dict, blank=True)
    total = models.CharField(max_length=30, default="0.00")
    online = models.JSONField(default=list, blank=True)
    differences = models.JSONField(default=list, blank=True)
    confidence = models.CharField(max_length=40, blank=True)
    due = models.DateField()
    made = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    confirmed = models.DateTimeField(null=True, blank=True)
    reviewed = models.DateTimeField(null=True, blank=True)
    sent = models.DateTimeField(null=True, blank=True)
    sent_digest = models.CharField(max_length=64, blank=True)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-quarter", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enterprise", "quarter"], name="tax_one_a_quarter")
        ]
        indexes: ClassVar = [
            models.Index(fields=["quarter", "state"]),
            models.Index(fields=["region", "quarter"]),
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Check the words."""
        checked("state", self.state, "state")


class TaxRate(Record):
    """A rate 适用税额 that a city entered for its province, by date; it goes before those that ship.

    Attributes
    ----------
    medium : str
        ``air`` or ``water``.
    items : str
        Pollutants between commas; empty for the whole medium.
    yuan : str
        Yuan an equivalent, a decimal number as text.
    basis : str
        The decision that it stands in.
    """

    KIND: ClassVar[str] = "tax_rate"
    RIGHTS: ClassVar[Placing] = Placing(fixed="public")

    code = models.CharField(max_length=80, unique=True)
    province = models.CharField(max_length=20)
    medium = models.CharField(max_length=10, choices=[("air", "air"), ("water", "water")])
    items = models.CharField(max_length=500, blank=True)
    yuan = models.CharField(max_length=20)
    basis = models.CharField(max_length=200)
    confidence = models.CharField(max_length=40, default="ONE SOURCE")

    class Meta:
        ordering: ClassVar = ["province", "medium", "valid_from", "code"]
        verbose_name = "tax rate"

    def clean(self) -> None:
        """Check the number and that there is a first day."""
        if self.valid_from is None:
            raise ValidationError({"valid_from": text("tax.rate_from")})
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValidationError({"valid_to": text("places.dates_reversed")})
        try:
            good = Decimal(self.yuan).is_finite()
        except ArithmeticError:
            good = False
        if not good:
            raise ValidationError({"yuan": text("tables.expect_decimal")})
