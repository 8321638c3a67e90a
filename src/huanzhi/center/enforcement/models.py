"""Tables of cases: the case, its officers, steps, evidence, terms, findings and payments."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from huanzhi.center.enforcement.settings import checked, table
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.standards.periods import CHINA


class Case(Record):
    """A case 案件 of administrative enforcement.

    Attributes
    ----------
    number : str
        ``AJ-2026-0001``: year and count; numbers of documents 文号 stand on the documents.
    issue : str
        Number of the issue that it came from; empty where it came from none.
    party_name, party_code, party_person : str
        The party 当事人, its credit code or identity number, its legal representative.
    party_body : Organisation
        Organisation whose people see the documents served on it.
    matter : str
        Code of the catalogue: the cause 案由.
    act, act_from, act_to : str, date, date
        What was done, and from which day to which.
    law : str
        ``old`` or ``new``, as an officer judged it by the day of the act; empty while nobody has.
    facts : dict
        Answers about the case that rulebooks ask for.
    due, due_rule, due_note : datetime, str, str
        The term of the authority that ends first.
    """

    KIND: ClassVar[str] = "case"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code")
    SENSITIVE: ClassVar[dict[str, str]] = {"party_code": "own", "party_phone": "own"}

    number = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=20, default="found")
    origin = models.CharField(max_length=20, default="own")
    source_ref = models.CharField(max_length=200, blank=True)
    issue = models.CharField(max_length=32, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    enterprise = models.CharField(max_length=64, blank=True)
    party_kind = models.CharField(max_length=20, default="organisation")
    party_name = models.CharField(max_length=200, blank=True)
    party_code = models.CharField(max_length=40, blank=True)
    party_person = models.CharField(max_length=100, blank=True)
    party_address = models.CharField(max_length=300, blank=True)
    party_phone = models.CharField(max_length=40, blank=True)
    party_body = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    matter = models.CharField(max_length=60, blank=True)
    act = models.TextField(max_length=8000, blank=True)
    act_from = models.DateField(null=True, blank=True)
    act_to = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=300, blank=True)
    lon = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    lat = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    law = models.CharField(max_length=10, blank=True)
    law_why = models.CharField(max_length=2000, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    opinion = models.CharField(max_length=20, blank=True)
    decision = models.CharField(max_length=20, blank=True)
    fine = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    requirement = models.TextField(max_length=4000, blank=True)
    opened_by = models.CharField(max_length=100)
    opened = models.DateTimeField()
    entered = models.DateTimeField()
    closed = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    suspended = models.BooleanField(default=False)
    due = models.DateTimeField(null=True, blank=True)
    due_rule = models.CharField(max_length=40, blank=True)
    due_note = models.CharField(max_length=60, blank=True)
    volume = models.CharField(max_length=60, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due"]),
            models.Index(fields=["region", "state"]),
            models.Index(fields=["enterprise"]),
            models.Index(fields=["issue"]),
            models.Index(fields=["opened"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def clean(self) -> None:
        """Check the words of the tables."""
        checked("origin", self.origin, "origin")
        checked("party_kind", self.party_kind, "party_kind")
        if self.law:
            checked("law", self.law, "law")

    @property
    def is_open(self) -> bool:
        """Return whether it is not closed yet."""
        return table().states[self.state].open


class Officer(models.Model):
    """An officer 执法人员 of a case, with the number of the certificate 执法证号."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="officers")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    certificate = models.CharField(max_length=60)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class CaseStep(models.Model):
    """A step that was taken; never changed. ``digest`` binds it to the step before it by SM3."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
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
            models.UniqueConstraint(fields=["case", "number"], name="enforcement_step_number")
        ]


class CaseEvidence(models.Model):
    """A piece of evidence 证据, kept by its digest; never changed.

    Attributes
    ----------
    proves : str
        What it is to prove 证明对象.
    source : str
        Where it came from 取证地点和来源.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    proves = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=300, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def told(self) -> dict[str, Any]:
        """Return what a bundle says of it."""
        names = ("sha256", "sm3", "name", "kind", "size", "proves", "source", "lon", "lat")
        times = {name: iso(getattr(self, name)) for name in ("taken_at", "received_at")}
        who = {"actor": self.actor, "actor_name": self.actor_name}
        return {name: getattr(self, name) for name in names} | times | who


class Term(models.Model):
    """A running or past legal term of a case.

    Attributes
    ----------
    clock : dict
        Number, unit, word, basis, confidence, note, started; ``left`` while it stands; ``extended`` days;
        ``stops`` with ground, from and to.
    state : str
        ``running``, ``met`` (ended in time), ``late`` (ended after it was over) or ``void``.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="terms")
    referral = models.ForeignKey(
        "enforcement.Referral", null=True, blank=True, on_delete=models.PROTECT, related_name="terms"
    )
    rule = models.CharField(max_length=40)
    started = models.DateTimeField()
    clock = models.JSONField(default=dict)
    due = models.DateTimeField(null=True, blank=True)
    due_note = models.CharField(max_length=60, blank=True)
    suspended = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="running")
    ended = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due"]), models.Index(fields=["case", "rule"])]


class Finding(models.Model):
    """What a rulebook answered about a case; kept with version, row and inputs."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    sort = models.CharField(max_length=40)
    result = models.CharField(max_length=40, blank=True)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["case", "sort"])]


class Payment(models.Model):
    """A part of the money that is owed, and when it was paid [yuan]."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="payments")
    sort = models.CharField(max_length=10, default="fine")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    due = models.DateField(null=True, blank=True)
    paid = models.DateField(null=True, blank=True)
    receipt = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class Counter(models.Model):
    """The last number given in a series of a year."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "year"], name="enforcement_counter_series")
        ]


def next_number(series: str, year: int) -> int:
    """Return the next number of a series; call it in a transaction."""
    Counter.objects.get_or_create(series=series, year=year)
    counter = Counter.objects.select_for_update().get(series=series, year=year)
    counter.last += 1
    counter.save()
    return counter.last


def iso(moment: Any) -> str | None:
    """Return a moment in China time."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds") if moment else None


from huanzhi.center.enforcement.records import (  # noqa: E402
    Announcement,
    Matter,
    Paper,
    Referral,
    Reply,
    Service,
)

__all__ = [
    "Announcement",
    "Case",
    "CaseEvidence",
    "CaseStep",
    "Counter",
    "Finding",
    "Matter",
    "Officer",
    "Paper",
    "Payment",
    "Referral",
    "Reply",
    "Service",
    "Term",
]
