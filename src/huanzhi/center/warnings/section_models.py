"""Table of the colours of sections."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

SCHEMES = ("three_colour", "yangtze")


class SectionState(Record):
    """How a section stood in a month or quarter by one rule 断面预警状态.

    Attributes
    ----------
    period : str
        ``2026-10`` or ``2026Q3``.
    colour : str
        What the rulebook said: a colour, or a level of the Yangtze rule; ``unknown`` where it said nothing.
    measured, target : str
        Class that was found, and the one to be kept.
    item, ratio : str
        Item that is nearest to the limit of the target, or farthest beyond, and its share of it.
    judged : dict
        Rulebook, version, digest, row, inputs, outputs, confidence; which standards judged.
    warning : str
        Code of the warning that stands for it.
    """

    KIND: ClassVar[str] = "section_state"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=120, unique=True)
    section = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    region = models.ForeignKey(
        "places.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scheme = models.CharField(max_length=20)
    period = models.CharField(max_length=10)
    colour = models.CharField(max_length=12)
    measured = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=10, blank=True)
    item = models.CharField(max_length=100, blank=True)
    ratio = models.CharField(max_length=30, blank=True)
    judged = models.JSONField(default=dict, blank=True)
    final = models.BooleanField(default=False)
    computed = models.DateTimeField()
    warning = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["section", "period"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "scheme", "period"], name="warnings_section_period")
        ]
        indexes: ClassVar = [models.Index(fields=["scheme", "period"])]
