"""Tasks, their measures and their steps."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.rectification.models.batches import Batch
from huanzhi.center.rectification.settings import settings, table
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.messages import text


class Task(Record):
    """A rectification task 整改任务, one problem of the feedback or a part of it.

    Attributes
    ----------
    number : str
        ``ZG-2026-0001``.
    level : str
        Who accepts it, a word of ``settings.level``.
    lead_name, supervisor_name : str
        As the source has them, where no organisation is known.
    in_charge : str
        Person in charge 责任人, as the ledger names him.
    term : date, optional
        Last day of the work; None where it is not settled or the task is a standing one.
    term_words, missing : str, list
        What the source says of it, and what it leaves out; what is missing stays marked.
    standing : bool
        To be kept up for good 长期坚持.
    entered, due, clock : datetime, datetime, dict
        When the state was entered, end of its own term, and on what that stands.
    round : int
        Which try it is: rises when it is sent back, refused or opened again; checks of before count no more.
    issue : str
        Number of the issue that follows it.
    mechanism : str
        What keeps the problem from coming back 长效机制, and watches whether it does.
    """

    KIND: ClassVar[str] = "rectification_task"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code")

    number = models.CharField(max_length=32, unique=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="tasks")
    serial = models.CharField(max_length=20, blank=True)
    nature = models.CharField(max_length=20, default="task")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    title = models.CharField(max_length=200)
    problem = models.TextField(max_length=8000, blank=True)
    source = models.CharField(max_length=200, blank=True)
    quote = models.TextField(max_length=8000, blank=True)
    offset = models.PositiveIntegerField(null=True, blank=True)
    target = models.TextField(max_length=4000, blank=True)
    category = models.CharField(max_length=40, default="other")
    level = models.CharField(max_length=20)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    enterprise = models.CharField(max_length=64, blank=True)
    enterprise_name = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    lat = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
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
    term_basis = models.CharField(max_length=500, blank=True)
    missing = models.JSONField(default=list, blank=True)
    standing = models.BooleanField(default=False)
    mechanism = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=20, default="assigned")
    entered = models.DateTimeField()
    opened = models.DateTimeField()
    done_on = models.DateField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    due = models.DateTimeField(null=True, blank=True)
    due_note = models.CharField(max_length=60, blank=True)
    clock = models.JSONField(default=dict, blank=True)
    suspended = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField(default=1)
    reopened = models.PositiveSmallIntegerField(default=0)
    ladder = models.CharField(max_length=20, blank=True)
    issue = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "term"]),
            models.Index(fields=["batch", "state"]),
            models.Index(fields=["organisation", "state"]),
            models.Index(fields=["issue"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def clean(self) -> None:
        """Check the words of the tables."""
        known = {name: settings()[name] for name in ("nature", "level")}
        known["category"] = issue_settings()["category"]
        for name, words in known.items():
            if getattr(self, name) not in words:
                raise ValidationError({name: text("rectification.no_word")})
        if self.term_class and self.term_class not in settings()["term_class"]:
            raise ValidationError({"term_class": text("rectification.no_word")})

    @property
    def is_open(self) -> bool:
        """Return whether it is not written off yet."""
        return table().states[self.state].open

    @property
    def term_state(self) -> str:
        """Return ``known``, ``standing``, ``missing`` (the source lost it) or ``open`` (nobody named one)."""
        if self.term is not None:
            return "known"
        if "year" in self.missing or "term" in self.missing:
            return "missing"
        return "standing" if self.standing else "open"

    def late_days(self, day: date) -> int:
        """Return by how many days the work is late on a day; 0 where it is not, or no term is known."""
        if self.term is None or self.state not in settings()["late"]["states"]:
            return 0
        return max((day - self.term).days, 0)


class Measure(models.Model):
    """A measure 整改措施 of a task."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=2000)
    unit = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "number"], name="rectification_measure_number")
        ]


class Step(models.Model):
    """A step that was taken; never changed. ``digest`` binds it to the step before it by SM3."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=40, blank=True)
    transition = models.CharField(max_length=20)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    outputs = models.JSONField(default=dict)
    reason = models.CharField(max_length=2000, blank=True)
    due = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "number"], name="rectification_step_number")
        ]
