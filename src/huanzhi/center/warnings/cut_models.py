"""Tables of cuts in heavy-pollution weather 应急减排清单: what each enterprise does, and whether it did."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models

from huanzhi.center.warnings.air_models import Episode
from huanzhi.library.enterprises.models import Belonging
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

LEVELS = ("blue", "yellow", "orange", "red")
STANDINGS = ("told", "acknowledged", "kept", "broken", "unknown")


class CutMeasure(Belonging):
    """What an enterprise does at a level of the warning, as the list of the city says.

    Attributes
    ----------
    share : int, optional
        Share of its emission that it undertakes to cut [%]; None where the list gives none.
    exempt : bool
        True for what may go on 保障类, with the reason in `words`.
    """

    KIND: ClassVar[str] = "cut_measure"

    code = models.CharField(max_length=60, unique=True, blank=True)
    level = models.CharField(max_length=12)
    words = models.TextField(max_length=2000)
    share = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(100)])
    performance = models.CharField(max_length=12, blank=True)
    exempt = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enterprise", "level"], name="warnings_cut_level")
        ]

    def clean_fields(self, exclude: object = None) -> None:
        """Make a code where none is given, then check each field."""
        if not self.code and self.enterprise_id is not None:
            self.code = f"{self.enterprise.code}@{self.level}"
        super().clean_fields(exclude)


class CutTask(Record):
    """What one enterprise was told in one episode, that it took note of it, and what a check found."""

    KIND: ClassVar[str] = "cut_task"
    RIGHTS: ClassVar[Placing] = Placing(
        region="enterprise__region__path", owner="enterprise__organisation__code", fixed="own"
    )

    code = models.CharField(max_length=80, unique=True)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="tasks")
    enterprise = models.ForeignKey("enterprises.Enterprise", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=12)
    words = models.TextField(max_length=2000)
    share = models.PositiveSmallIntegerField(null=True, blank=True)
    exempt = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="told")
    told_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=100, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=100, blank=True)
    found = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [models.Index(fields=["episode", "state"])]
