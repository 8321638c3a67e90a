"""Tables of documents, their items, names of bodies, and measures of the ledger with their evidence."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from huanzhi.center.inspections.models import Kept
from huanzhi.center.plans.settings import checked, open_states
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class Document(Record):
    """A policy document 政策文件 as it was taken in.

    Attributes
    ----------
    text : str
        The text in which the places of the items count.
    about : dict
        Metadata, counts, structure and warnings, as read.
    """

    KIND: ClassVar[str] = "plan_document"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    number = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=300)
    name = models.CharField(max_length=200)
    format = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    about = models.JSONField(default=dict)
    taken_in = models.DateTimeField()
    taken_in_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sha256", "region"], name="plans_document_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Item(Record):
    """An item that was found in a document, and what the review made of it."""

    KIND: ClassVar[str] = "plan_item"
    RIGHTS: ClassVar[Placing] = Placing(region="document__region__path")

    code = models.CharField(max_length=48, unique=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveIntegerField()
    sort = models.CharField(max_length=20)
    words = models.CharField(max_length=2000)
    told = models.JSONField(default=dict)
    quote = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    damaged = models.CharField(max_length=100, blank=True)
    review = models.CharField(max_length=20, default="open")
    reason = models.CharField(max_length=500, blank=True)
    reviewed = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["document", "place"]
        indexes: ClassVar = [models.Index(fields=["document", "sort", "review"])]

    def clean(self) -> None:
        """Check the words."""
        checked("sort", self.sort, "sort")
        checked("review", self.review, "review")


class BodyName(Record):
    """A name of a body in a document, and the organisation that it means, once somebody confirmed it."""

    KIND: ClassVar[str] = "plan_body"
    RIGHTS: ClassVar[Placing] = Placing(region="document__region__path")

    code = models.CharField(max_length=48, unique=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=100)
    written = models.CharField(max_length=500, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["document", "pk"]


class Measure(Record):
    """A measure of the ledger 举措台账.

    Attributes
    ----------
    lead, lead_name : Organisation, str
        Who leads; the name as the document has it while nobody is assigned.
    joint : list
        Who cooperates: names, with the code of the organisation where it is known.
    due : date
        The last day of the year that the document names, until somebody sets a day.
    deliverables : list
        Parts of the measure: words, and the day on which each was done.
    issues : list
        Numbers of the issues on whose end it depends.
    steps : list
        Everything that was done, in order.
    """

    KIND: ClassVar[str] = "plan_measure"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="lead__code")

    number = models.CharField(max_length=32, unique=True)
    item = models.OneToOneField(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="measure")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="measures")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=1000)
    task = models.CharField(max_length=300, blank=True)
    no = models.PositiveIntegerField(default=0)
    lead = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lead_name = models.CharField(max_length=100, blank=True)
    joint = models.JSONField(default=list, blank=True)
    begins = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, default="planned")
    percent = models.PositiveSmallIntegerField(default=0)
    deliverables = models.JSONField(default=list, blank=True)
    issues = models.JSONField(default=list, blank=True)
    steps = models.JSONField(default=list, blank=True)
    supervised = models.DateTimeField(null=True, blank=True)
    last_return = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due"]), models.Index(fields=["region", "state"])]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def clean(self) -> None:
        """Check the words."""
        checked("state", self.state, "state")

    def overdue(self, today: date) -> bool:
        """Return whether its day is over and it is neither reported done nor written off."""
        return self.due is not None and self.due < today and self.state in open_states()[:2]


class MeasureEvidence(Kept):
    """Evidence of progress."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="evidence")
