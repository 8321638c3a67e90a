"""Tables of hidden dangers, their evidence, and the register of checks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.center.hazards.settings import checked
from huanzhi.center.inspections.models import Kept
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

_PLACING = Placing(region="region__path", owner="enterprise__organisation__code")


class Check(Record):
    """A check for hidden dangers 隐患排查, by the enterprise itself or by an officer."""

    KIND: ClassVar[str] = "hazard_check"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = _PLACING

    number = models.CharField(max_length=32, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    sort = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    areas = models.CharField(max_length=500, blank=True)
    people = models.CharField(max_length=200, blank=True)
    words = models.TextField(max_length=4000, blank=True)
    made_by = models.CharField(max_length=100)
    made = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["enterprise", "sort", "day"])]

    def clean(self) -> None:
        """Check the words."""
        checked("check", self.sort, "sort")
        checked("source", self.source, "source")


class Hazard(Record):
    """A hidden danger 环境安全隐患.

    Attributes
    ----------
    told : dict
        Inputs of the rulebook of grades.
    why : dict
        What the rulebook answered when the danger was reported.
    issue : str
        Number of the issue that it became when it was major and past its term.
    told_again : datetime
        When the issue was told last that the danger still stands.
    """

    KIND: ClassVar[str] = "hazard"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = _PLACING

    number = models.CharField(max_length=32, unique=True)
    check_made = models.ForeignKey(
        Check, null=True, blank=True, on_delete=models.PROTECT, related_name="hazards"
    )
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    words = models.TextField(max_length=4000, blank=True)
    where = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    grade = models.CharField(max_length=20)
    told = models.JSONField(default=dict, blank=True)
    why = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, default="reported")
    measure = models.TextField(max_length=4000, blank=True)
    responsible = models.CharField(max_length=100, blank=True)
    due = models.DateTimeField(null=True, blank=True)
    due_note = models.CharField(max_length=60, blank=True)
    extended = models.PositiveSmallIntegerField(default=0)
    reported = models.DateTimeField()
    reported_by = models.CharField(max_length=100)
    rectified = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    issue = models.CharField(max_length=32, blank=True)
    told_again = models.DateTimeField(null=True, blank=True)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due"]), models.Index(fields=["region", "state"])]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def clean(self) -> None:
        """Check the words."""
        for table in ("kind", "source", "grade"):
            checked(table, getattr(self, table), table)


class HazardEvidence(Kept):
    """Evidence of a danger or of its mending."""

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="evidence")
