"""Tables of statements, their evidence, and the counter of their numbers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.ecocode.statements.settings import checked
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class Statement(Record):
    """What an enterprise says of a day beyond a limit, or of an error in its file.

    Attributes
    ----------
    sort : str
        ``exceedance`` or ``error``.
    parameter, period, day, value, limit, unit : str
        The exceedance explained, as it was shown; empty for an error.
    subject_kind, subject_key, subject_field, should_be : str
        What is said to be wrong, and what it should be; empty for an exceedance.
    due : datetime
        End of the term for the answer; `due_note` says why there is none.
    steps : list
        Who did what, when, with which words.
    """

    KIND: ClassVar[str] = "statement"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code", fixed="own")

    number = models.CharField(max_length=32, unique=True)
    sort = models.CharField(max_length=20)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outlet = models.ForeignKey(Outlet, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    parameter = models.CharField(max_length=40, blank=True)
    period = models.CharField(max_length=20, blank=True)
    day = models.DateField(null=True, blank=True)
    value = models.CharField(max_length=40, blank=True)
    limit = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    cause = models.CharField(max_length=20, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_key = models.CharField(max_length=150, blank=True)
    subject_field = models.CharField(max_length=60, blank=True)
    should_be = models.CharField(max_length=500, blank=True)
    words = models.TextField(max_length=4000)
    state = models.CharField(max_length=20, default="filed")
    filed = models.DateTimeField()
    filed_by = models.CharField(max_length=100)
    filed_name = models.CharField(max_length=100, blank=True)
    due = models.DateTimeField(null=True, blank=True)
    due_note = models.CharField(max_length=60, blank=True)
    answered = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answered_name = models.CharField(max_length=100, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["enterprise", "sort", "day"], name="statements_of"),
            models.Index(fields=["state", "due"], name="statements_open"),
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Check the words."""
        checked("sort", self.sort, "sort")
        checked("state", self.state, "state")
        if self.cause:
            checked("cause", self.cause, "cause")
        if self.subject_kind:
            checked("subject", self.subject_kind, "subject_kind")


class StatementPiece(models.Model):
    """A file given with a statement; kept by its digest."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="pieces")
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    name = models.CharField(max_length=130)
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "sha256"], name="statements_piece_once")
        ]


class StatementCounter(models.Model):
    """The last number given, by prefix and day."""

    name = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField(default=0)
