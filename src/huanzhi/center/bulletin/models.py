"""The table of bulletins."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

KINDS = ("week", "month")


class Bulletin(Record):
    """A bulletin 通报 of a week or a month of a region; never changed, made anew as the next edition.

    Attributes
    ----------
    code : str
        ``week-990001-20261116`` and, from the second on, the edition: ``-2``.
    first, last : date
        Days of China, both of them in it.
    figures : dict
        What stands in it, as numbers.
    sha256, sm3, size : str, str, int
        Of the file.
    last_step : int
        Newest step of any issue when it was made.
    """

    KIND: ClassVar[str] = "bulletin"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=60, unique=True)
    period = models.CharField(max_length=10, choices=[(name, name) for name in KINDS])
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="zh")
    figures = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    made_by_name = models.CharField(max_length=200, blank=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-first", "-edition", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["period", "-first"]),
            models.Index(fields=["region", "first"]),
        ]

    def __str__(self) -> str:
        return self.code
