"""Table of what has left each outlet since the first of January."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class YearQuantity(models.Model):
    """Quantity of one item at one outlet in a year 年累计排放量, reckoned from hours in the store.

    Attributes
    ----------
    opening : float
        What had left before the platform heard of it, by the enterprise's report [t]; ``basis`` says which.
    tonnes : float
        Reckoned from hours [t].
    hours, missing : int
        Hours with both flow and content; hours without one of them, which add nothing.
    through : int
        End of the last hour that is counted [s UTC].
    """

    outlet = models.CharField(max_length=64)
    parameter = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    opening = models.FloatField(default=0.0)
    basis = models.CharField(max_length=300, blank=True)
    tonnes = models.FloatField(default=0.0)
    hours = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    through = models.BigIntegerField()
    permitted = models.FloatField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["outlet", "parameter"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outlet", "parameter", "year"], name="warnings_year_quantity")
        ]
