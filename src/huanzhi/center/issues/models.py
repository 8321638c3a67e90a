"""Tables of issues, their steps, evidence, and what is alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from huanzhi.center.issues.settings import checked
from huanzhi.center.issues.table import table
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.standards.periods import stamp


class Issue(Record):
    """A problem 问题 on its way from clue to look-back.

    Attributes
    ----------
    number : str
        ``HZ-20261122-0001``: day in China time and a count.
    category, channel, level, state : str
        Words of ``data/settings.toml`` and ``data/states.toml``.
    place, parameter : str
        Feature of the observation store and its parameter, where a sensor saw it.
    enterprise : str
        Code of the enterprise concerned.
    source_ref : str
        What raised it, as the channel names it; one issue for each.
    sensor : bool
        A sensor raised it: its own curve has to prove the cure.
    organisation, person : Organisation, Person
        Leading organisation 牵头单位 and handler 经办人.
    facts : dict
        What was seen: value, unit, limit, side, since, why, period, rule.
    due, due_note : datetime, str
        End of the running term; the note says why there is none.
    clock : dict
        The running term: number, unit, word, basis, confidence, started; ``left`` while it stands.
    concerned : str
        Organisation of the enterprise, from the decision on: it sees the issue and may do the work.
    noticed_before, accepted_after, dispatched_after, closed_after : int
        Seconds from the finding to the opening, and from the opening to the first acceptance, the first
        hand-over and the last closing.
    late_steps : int
        How many steps were taken after the end of their term.
    """

    KIND: ClassVar[str] = "issue"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path", owner="organisation__code", also=("concerned",)
    )

    number = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    words = models.TextField(max_length=8000, blank=True)
    category = models.CharField(max_length=40)
    channel = models.CharField(max_length=40)
    source_ref = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=20, default="general")
    state = models.CharField(max_length=20, default="clue")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    lon = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    lat = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    place = models.CharField(max_length=64, blank=True)
    place_name = models.CharField(max_length=200, blank=True)
    parameter = models.CharField(max_length=40, blank=True)
    enterprise = models.CharField(max_length=64, blank=True)
    enterprise_name = models.CharField(max_length=200, blank=True)
    sensor = models.BooleanField(default=False)
    facts = models.JSONField(default=dict, blank=True)
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_by = models.CharField(max_length=100)
    opened = models.DateTimeField()
    since = models.DateTimeField(null=True, blank=True)
    entered = models.DateTimeField()
    closed = models.DateTimeField(null=True, blank=True)
    due = models.DateTimeField(null=True, blank=True)
    due_note = models.CharField(max_length=60, blank=True)
    clock = models.JSONField(default=dict, blank=True)
    suspended = models.BooleanField(default=False)
    supervised = models.BooleanField(default=False)
    ladder = models.CharField(max_length=20, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    concerned = models.CharField(max_length=64, blank=True)
    noticed_before = models.PositiveIntegerField(null=True, blank=True)
    accepted_after = models.PositiveIntegerField(null=True, blank=True)
    dispatched_after = models.PositiveIntegerField(null=True, blank=True)
    closed_after = models.PositiveIntegerField(null=True, blank=True)
    late_steps = models.PositiveSmallIntegerField(default=0)
    joined_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined"
    )
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due"]),
            models.Index(fields=["state", "region"]),
            models.Index(fields=["region", "state", "due"]),
            models.Index(fields=["category", "opened"]),
            models.Index(fields=["channel", "state"]),
            models.Index(fields=["organisation", "state"]),
            models.Index(fields=["opened"]),
            models.Index(fields=["due"]),
            models.Index(fields=["place"]),
            models.Index(fields=["enterprise"]),
            models.Index(fields=["concerned"]),
            models.Index(fields=["closed"]),
            models.Index(fields=["lon", "lat", "state", "region", "due"]),
            models.Index(
                name="issues_statistics",
                fields=[
                    "opened",
                    "state",
                    "due",
                    "channel",
                    "category",
                    "region",
                    "organisation",
                    "place",
                    "sensor",
                    "noticed_before",
                    "accepted_after",
                    "dispatched_after",
                    "closed_after",
                    "late_steps",
                    "reopened",
                ],
            ),
            models.Index(
                fields=[
                    "state",
                    "category",
                    "channel",
                    "region",
                    "due",
                    "opened",
                    "suspended",
                    "supervised",
                    "reopened",
                ],
                name="issues_issue_board",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "source_ref"],
                condition=~models.Q(source_ref=""),
                name="issues_issue_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def clean(self) -> None:
        """Check the words of the tables."""
        checked("category", self.category, "category")
        checked("channel", self.channel, "channel")

    @property
    def is_open(self) -> bool:
        """Return whether it is not closed yet."""
        return table().states[self.state].open

    def is_overdue(self, now: datetime) -> bool:
        """Return whether it is open and its term is over."""
        return self.is_open and self.due is not None and self.due < now


class Step(models.Model):
    """A step 办理环节 that was taken; never changed.

    ``digest`` binds it to the step before it by SM3, so that an exported history shows what is missing.
    """

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)
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
            models.UniqueConstraint(fields=["issue", "number"], name="issues_step_number")
        ]


class Evidence(models.Model):
    """A piece of evidence 证据, kept by its digest; never changed.

    Attributes
    ----------
    step : int
        Number of the step that it belongs to; 0 while no step has used it.
    taken_at, received_at : datetime
        When it was made, as told, and when it arrived.
    """

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="evidence")
    step = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    taken_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["sha256"])]

    def told(self) -> dict[str, Any]:
        """Return what a bundle says of it."""
        names = ("step", "sha256", "sm3", "name", "kind", "size", "lon", "lat", "actor", "actor_name")
        times = {name: stamp(getattr(self, name)) for name in ("taken_at", "received_at")}
        return {name: getattr(self, name) for name in names} | times


class Likeness(models.Model):
    """Two issues that may be one 疑似重复, proposed for an officer to decide."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="alike")
    other = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    reasons = models.JSONField(default=dict)
    state = models.CharField(max_length=20, default="proposed")
    decided_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "other"], name="issues_likeness_pair")
        ]


class Wording(models.Model):
    """The words of an issue that are searched, folded; a narrow table, so that looking through it is quick.

    Its key is that of the issue.
    """

    id = models.BigAutoField(primary_key=True)
    folded = models.TextField()


class Counter(models.Model):
    """The last number given on a day."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
