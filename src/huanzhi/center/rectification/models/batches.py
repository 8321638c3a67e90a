"""Batches of feedback, and the lines of their ledgers that wait to be confirmed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.rectification.settings import settings
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.messages import text


class Counter(models.Model):
    """The last number given under a heading."""

    name = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Batch(Record):
    """A batch of feedback 督察批次: one inspection of one place.

    Attributes
    ----------
    origin : str
        Who inspected, a word of ``settings.origin``; it says who accepts.
    round : str
        As printed: 第二轮.
    fed_back : date, optional
        Day of the feedback; None where the source does not name it, never guessed.
    expected : int, optional
        How many tasks the source says there are.
    source, digest : str
        Name and SHA-256 of the document.
    clues : dict
        What was read in it: ``groups`` of tasks, ``entries`` of measures, ``losses`` of years and values.
    """

    KIND: ClassVar[str] = "rectification_batch"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    origin = models.CharField(max_length=20)
    round = models.CharField(max_length=40, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    fed_back = models.DateField(null=True, blank=True)
    expected = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    clues = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def clean(self) -> None:
        """Check who inspected."""
        if self.origin not in settings()["origin"]:
            raise ValidationError({"origin": text("rectification.no_word")})


class Item(Record):
    """A line of a ledger 台账条目, from a sheet or a document, that a person confirms or drops.

    Attributes
    ----------
    quote, offset : str, int
        What the document says, and where, in characters from its begin.
    missing : list of str
        What the source does not say: ``title``, ``year``; shown, and never filled in by the platform.
    measures : str
        One a line.
    task : str
        Number of the task that it became.
    """

    KIND: ClassVar[str] = "rectification_item"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=60, unique=True, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    serial = models.CharField(max_length=20, blank=True)
    nature = models.CharField(max_length=20, default="task")
    title = models.CharField(max_length=200, blank=True)
    problem = models.TextField(max_length=8000, blank=True)
    target = models.TextField(max_length=4000, blank=True)
    measures = models.TextField(max_length=8000, blank=True)
    category = models.CharField(max_length=40, default="other")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    enterprise = models.CharField(max_length=64, blank=True)
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lead_name = models.CharField(max_length=200, blank=True)
    cooperating = models.CharField(max_length=500, blank=True)
    in_charge = models.CharField(max_length=100, blank=True)
    supervisor = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    supervisor_name = models.CharField(max_length=200, blank=True)
    term_class = models.CharField(max_length=20, blank=True)
    term = models.DateField(null=True, blank=True)
    term_words = models.CharField(max_length=200, blank=True)
    standing = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    quote = models.TextField(max_length=8000, blank=True)
    offset = models.PositiveIntegerField(null=True, blank=True)
    missing = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=12, default="open")
    task = models.CharField(max_length=32, blank=True)
    dropped = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["batch", "pk"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def clean_fields(self, exclude: Any = None) -> None:
        """Take the region of the batch and a code where none was given, then check each field."""
        if self.batch_id is not None:
            self.region_id = self.region_id or self.batch.region_id
            self.code = self.code or next_code(self.batch)
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Check the words of the tables."""
        for name, known in (("nature", settings()["nature"]), ("category", issue_settings()["category"])):
            if getattr(self, name) not in known:
                raise ValidationError({name: text("rectification.no_word")})
        if self.term_class and self.term_class not in settings()["term_class"]:
            raise ValidationError({"term_class": text("rectification.no_word")})


def next_code(batch: Batch) -> str:
    """Return the code of the next line of a batch."""
    counter, _ = Counter.objects.get_or_create(name=f"I{batch.pk}")
    counter.last += 1
    counter.save()
    return f"{batch.code}-{counter.last:03d}"
