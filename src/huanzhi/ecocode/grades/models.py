"""Tables of events and of what was known of them when, of standings, intervals, appeals and repairs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

_PLACING = Placing(region="region__path", owner="enterprise__organisation__code")


class OfEnterprise(Record):
    """What belongs to an enterprise and lies where it lies."""

    RIGHTS: ClassVar[Placing] = _PLACING

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Event(OfEnterprise):
    """What happened 赋码事件, as it is known now; what was known before stands in `EventState`.

    Attributes
    ----------
    kind, source : str
        As in `huanzhi.ecocode.occurrence.Occurrence`; with the enterprise they name the event for ever.
    day, until : date
        First day on which it holds, first day on which its source says that it holds no longer.
    facts : dict
        What the rulebooks weigh.
    state : str
        ``standing``; ``withdrawn`` where its source tells it no longer; ``struck`` after an appeal.
    released : date
        Day on which an officer accepted the mending 整改验收.
    repaired : date
        Day from which the credit is repaired 信用修复.
    corrected : bool
        Whether an appeal corrected day or facts: its source does not change them any more.
    published : date
        Day from which the event is shown to the public 公示起始日; None where it is not.
    """

    KIND: ClassVar[str] = "code_event"

    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=150)
    day = models.DateField()
    until = models.DateField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    title_zh = models.CharField(max_length=300, blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, default="standing")
    released = models.DateField(null=True, blank=True)
    repaired = models.DateField(null=True, blank=True)
    corrected = models.BooleanField(default=False)
    published = models.DateField(null=True, blank=True)
    recorded = models.DateField()

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enterprise", "kind", "source"], name="grades_event_named")
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "day"]),
            models.Index(fields=["region", "day"]),
            models.Index(fields=["published"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class EventState(models.Model):
    """What was known of an event from a day on; never changed, so that any former standing can be told."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="states")
    known = models.DateField()
    day = models.DateField()
    until = models.DateField(null=True)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=12)
    released = models.DateField(null=True)
    repaired = models.DateField(null=True)
    actor = models.CharField(max_length=100)
    reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["event", "known"])]


class Code(OfEnterprise):
    """Where an enterprise stands now 码与信用等级, by one scheme.

    Attributes
    ----------
    sort : str
        ``code`` or ``credit``.
    scheme : str
        Scheme that the place has chosen.
    level : str
        Level of the scheme; ``unknown`` where nothing is known.
    since : date
        Day from which the level has held.
    changes : date
        Next day on which it changes if nothing else happens.
    reckoned : date
        Last day for which it was reckoned.
    """

    KIND: ClassVar[str] = "enterprise_code"
    SENSITIVE: ClassVar[dict[str, str]] = {"score": "own", "changes": "own", "reasons": "own"}

    code = models.CharField(max_length=40, unique=True)
    sort = models.CharField(max_length=10)
    scheme = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    score = models.CharField(max_length=20, blank=True)
    since = models.DateField()
    changes = models.DateField(null=True, blank=True)
    reckoned = models.DateField()
    reasons = models.PositiveIntegerField(default=0)
    by_hand = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enterprise", "sort"], name="grades_code_of_enterprise")
        ]
        indexes: ClassVar = [
            models.Index(fields=["sort", "level"]),
            models.Index(fields=["sort", "changes"]),
            models.Index(fields=["region", "sort", "level"]),
        ]


class Interval(models.Model):
    """A stretch of days over which an enterprise stood at one level with one score; reckoned, never entered.

    Attributes
    ----------
    until : date
        First day on which it holds no longer; None for the last.
    reasons : list
        What weighed during it, each with its own days; see `reckoning.reason_row`.
    run : int
        Number of the reckoning that wrote the row: rows that did not change keep theirs.
    """

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=10)
    scheme = models.CharField(max_length=40)
    day = models.DateField()
    until = models.DateField(null=True)
    level = models.CharField(max_length=20)
    score = models.CharField(max_length=20, blank=True)
    reasons = models.JSONField(default=list)
    run = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["enterprise", "sort", "day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enterprise", "sort", "day"], name="grades_interval_begins")
        ]


class Appeal(OfEnterprise):
    """An appeal 申诉 of an enterprise against an event that weighs on it."""

    KIND: ClassVar[str] = "code_appeal"
    KEY: ClassVar[str] = "number"

    number = models.CharField(max_length=32, unique=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="appeals")
    words = models.TextField(max_length=4000)
    proof = models.TextField(max_length=4000, blank=True)
    state = models.CharField(max_length=12, default="open")
    filed = models.DateTimeField()
    filed_by = models.CharField(max_length=100)
    due = models.DateField(null=True, blank=True)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    decision = models.TextField(max_length=4000, blank=True)
    outcome = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due"])]


class Repair(OfEnterprise):
    """An application for the repair of credit 信用修复.

    Attributes
    ----------
    grade : str
        Class of the breach: ``minor``, ``ordinary``, ``serious``.
    checked : dict
        What the rulebook answered about the conditions on the day of the decision.
    """

    KIND: ClassVar[str] = "credit_repair"
    KEY: ClassVar[str] = "number"

    number = models.CharField(max_length=32, unique=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="repairs")
    grade = models.CharField(max_length=12)
    duty_done = models.DateField(null=True, blank=True)
    commitment = models.BooleanField(default=False)
    proof = models.TextField(max_length=4000)
    state = models.CharField(max_length=12, default="open")
    filed = models.DateTimeField()
    filed_by = models.CharField(max_length=100)
    checked = models.JSONField(default=dict, blank=True)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    decision = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state"])]
