"""Tables of emission reduction 总量减排: targets of a region by pollutant, and the projects that reduce."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.messages import text


def quantity(written: str, name: str) -> None:
    """Refuse what is no quantity of tonnes."""
    try:
        good = Decimal(written).is_finite() and Decimal(written) >= 0
    except InvalidOperation:
        good = False
    if not good:
        raise ValidationError({name: text("permits.quantity")})


class ReductionTarget(Record):
    """What a region shall have reduced of a pollutant by a year, against its base year.

    Attributes
    ----------
    base, target : str
        Emission of the base year and reduction to be reached [t], decimal numbers as text.
    source : str
        The document that sets the target.
    """

    KIND: ClassVar[str] = "reduction_target"

    code = models.CharField(max_length=80, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    parameter = models.CharField(max_length=40)
    base_year = models.PositiveSmallIntegerField()
    base = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    target = models.CharField(max_length=30)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["year", "code"]

    def clean(self) -> None:
        """Check the numbers and the years."""
        quantity(self.base, "base")
        quantity(self.target, "target")
        if self.year <= self.base_year:
            raise ValidationError({"year": text("permits.years")})


class ReductionProject(Record):
    """A project that reduces 减排项目: its quantity counts from the year in which it was accepted on."""

    KIND: ClassVar[str] = "reduction_project"

    code = models.CharField(max_length=80, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=200)
    parameter = models.CharField(max_length=40)
    quantity = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    accepted = models.BooleanField(default=False)
    words = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["year", "code"]
        indexes: ClassVar = [models.Index(fields=["parameter", "year"])]

    def clean(self) -> None:
        """Check the number."""
        quantity(self.quantity, "quantity")
