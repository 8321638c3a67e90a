"""Tables of publications, reports of regions, and reminders."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.places.models import Region
from huanzhi.library.publications.settings import checked
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class Publication(Record):
    """Something that is, or is to be, public: one version of it.

    Attributes
    ----------
    number : str
        ``GK-20261122-001``.
    sort : str
        Kind, one of ``data/settings.toml``.
    subject : str
        What it is about; versions of one subject follow one another.
    version : int
        From 1; a correction is the next one.
    period : str
        As `programmes.spans` writes it; empty where it is of no period.
    content : dict
        Snapshot: a document in each language, and the figures for programs.
    digest : str
        SHA-256 of the content.
    asked : dict
        What the draft was made from, so that it can be made again.
    corrects : Publication, optional
        The version that this one replaces.
    reason, withdrawal : str
        Why it was corrected; why it was taken back.
    changes : list
        What was and what is, place by place, taken when it was published.
    """

    KIND: ClassVar[str] = "publication"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", sensitivity="sensitivity")

    number = models.CharField(max_length=32, unique=True)
    sort = models.CharField(max_length=24)
    subject = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    period = models.CharField(max_length=30, blank=True)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="draft")
    sensitivity = models.CharField(max_length=12, default="internal")
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    asked = models.JSONField(default=dict, blank=True)
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    reason = models.CharField(max_length=2000, blank=True)
    changes = models.JSONField(default=list, blank=True)
    drafted = models.DateTimeField()
    drafted_by = models.CharField(max_length=100)
    published = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=100, blank=True)
    withdrawn = models.DateTimeField(null=True, blank=True)
    withdrawal = models.CharField(max_length=2000, blank=True)
    proposal = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "version"], name="publications_version_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "published"]),
            models.Index(fields=["sort", "period"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def clean(self) -> None:
        """Check the words."""
        checked("sort", self.sort, "sort")
        checked("state", self.state, "state")


class RegionReport(Record):
    """The status report 生态环境状况报告 of one region for one period.

    Attributes
    ----------
    level : str
        city, county or township.
    content : dict
        A document in each language, and the figures for programs.
    edits : list
        Every change of its text: block, what was, what is, by whom, when, why.
    steps : list
        Everything that was done, in order.
    """

    KIND: ClassVar[str] = "region_report"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    number = models.CharField(max_length=40, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=12)
    period = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=12, default="draft")
    content = models.JSONField(default=dict)
    edits = models.JSONField(default=list, blank=True)
    steps = models.JSONField(default=list, blank=True)
    due = models.DateField()
    drafted = models.DateTimeField()
    drafted_by = models.CharField(max_length=100)
    reviewed_by = models.CharField(max_length=100, blank=True)
    submitted = models.DateTimeField(null=True, blank=True)
    submitted_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "period"], name="publications_report_once")
        ]
        indexes: ClassVar = [models.Index(fields=["period", "state"])]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def clean(self) -> None:
        """Check the words."""
        checked("report_state", self.state, "state")
        checked("level", self.level, "level")


class ReportReminder(Record):
    """A reminder 催报 to a region that has not reported."""

    KIND: ClassVar[str] = "report_reminder"
    KEY: ClassVar[str] = "pk"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=30)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["period", "region"])]
