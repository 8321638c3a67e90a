"""Table of public opinion."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.center.issues.settings import checked as checked_issue_word
from huanzhi.center.opinion.grading import grade
from huanzhi.center.opinion.settings import checked
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class Opinion(Record):
    """Something that was published 舆情, with its grade by the rulebook and how it was answered.

    Attributes
    ----------
    reads, spread : int, optional
        Heat 热度: how often it was read; shared and commented.
    score, grade : int, str
        By the score card ``opinion_grade``, made anew whenever the row is kept.
    due : datetime
        Until when it is to be answered.
    """

    KIND: ClassVar[str] = "opinion"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code")

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    words = models.TextField(max_length=4000, blank=True)
    source = models.CharField(max_length=100)
    media = models.CharField(max_length=12, default="online")
    url = models.CharField(max_length=500, blank=True)
    published = models.DateTimeField()
    topic = models.CharField(max_length=40, default="other")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    tone = models.CharField(max_length=12, default="negative")
    reads = models.PositiveBigIntegerField(null=True, blank=True)
    spread = models.PositiveBigIntegerField(null=True, blank=True)
    incident = models.BooleanField(default=False)
    score = models.SmallIntegerField(default=0)
    grade = models.CharField(max_length=12, default="none")
    version = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12, default="entered")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due = models.DateTimeField(null=True, blank=True)
    issue = models.CharField(max_length=32, blank=True)
    outcome = models.TextField(max_length=4000, blank=True)
    response = models.TextField(max_length=4000, blank=True)
    responded = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-published", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due"]),
            models.Index(fields=["region", "published"]),
            models.Index(fields=["topic", "published"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def clean(self) -> None:
        """Check the words of the tables, and grade it."""
        for name in ("media", "tone", "state"):
            checked(name, getattr(self, name), name)
        checked_issue_word("category", self.topic, "topic")
        found = grade(self)
        self.score, self.grade, self.version = found.score, found.grade, found.version
