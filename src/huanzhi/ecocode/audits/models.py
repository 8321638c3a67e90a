"""Tables of audits and of their items."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.ecocode.audits.form import checked
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import SENSITIVITIES, Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class Audit(Record):
    """An audit 责任审计 of one enterprise over one span of days.

    Attributes
    ----------
    sensitivity : str
        ``internal`` while it is at work; ``own`` once it is finished, so that the enterprise sees it too.
    form : str
        Edition of the form.
    grade : str
        By the rulebook, on finishing; `why` is its answer.
    steps : list
        Who did what, when, with which words.
    """

    KIND: ClassVar[str] = "responsibility_audit"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path", owner="enterprise__organisation__code", sensitivity="sensitivity"
    )

    number = models.CharField(max_length=32, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    first = models.DateField()
    last = models.DateField()
    form = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="working")
    sensitivity = models.CharField(max_length=12, choices=SENSITIVITIES, default="internal")
    opened = models.DateTimeField()
    opened_by = models.CharField(max_length=100)
    opened_name = models.CharField(max_length=100, blank=True)
    filled = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    finished_by = models.CharField(max_length=100, blank=True)
    finished_name = models.CharField(max_length=100, blank=True)
    grade = models.CharField(max_length=12, blank=True)
    why = models.JSONField(default=dict, blank=True)
    words = models.TextField(max_length=4000, blank=True)
    failed = models.PositiveSmallIntegerField(default=0)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["enterprise", "year"], name="audits_of"),
            models.Index(fields=["state", "year"], name="audits_state"),
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Check the words."""
        checked("state", self.state, "state")
        if self.grade:
            checked("grade", self.grade, "grade")


class AuditItem(Record):
    """An item of an audit 审计事项, with what the archive says, what was found, and its rectification.

    Attributes
    ----------
    suggested : str
        Finding that the archive gives.
    told : list
        What speaks against it: ``zh``, ``en``, ``day``, ``until``, ``address``.
    looked : int
        How many records told of it; with none nothing is known.
    finding : str
        What the auditor found; empty until then.
    demand, days : str, int
        What is to be put right, and within how many calendar days of finishing.
    due : date
        Last day of it; set on finishing.
    issue : str
        Issue under which it is put right.
    standing : str
        ``open``, ``verified`` or ``dropped`` as the issue says; empty where there is nothing to put right.
    """

    KIND: ClassVar[str] = "responsibility_item"
    RIGHTS: ClassVar[Placing] = Placing(
        region="audit__region__path",
        owner="audit__enterprise__organisation__code",
        sensitivity="audit__sensitivity",
    )

    code = models.CharField(max_length=80, unique=True)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=20)
    item = models.CharField(max_length=40)
    suggested = models.CharField(max_length=16)
    told = models.JSONField(default=list, blank=True)
    looked = models.PositiveIntegerField(default=0)
    finding = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=2000, blank=True)
    judged = models.DateTimeField(null=True, blank=True)
    judged_by = models.CharField(max_length=100, blank=True)
    judged_name = models.CharField(max_length=100, blank=True)
    demand = models.CharField(max_length=1000, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    issue = models.CharField(max_length=32, blank=True)
    standing = models.CharField(max_length=12, blank=True)
    verified = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["audit", "place"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["audit", "item"], name="audits_item_once")]
        indexes: ClassVar = [models.Index(fields=["standing", "due"], name="audits_item_open")]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Check the words."""
        checked("finding", self.suggested, "suggested")
        if self.finding:
            checked("finding", self.finding, "finding")
