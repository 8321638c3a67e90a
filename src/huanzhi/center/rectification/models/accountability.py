"""Talks, and referrals for accountability that only their handlers see."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from huanzhi.center.rectification.models.tasks import Task
from huanzhi.center.rectification.settings import settings, talk_table
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.messages import text


class Talk(Record):
    """A summons talk 约谈.

    Attributes
    ----------
    trigger, level : str
        Words of ``settings.talk_trigger`` and ``settings.talk_level``.
    organisation : Organisation
        Who is summoned.
    why : dict
        What made the platform propose it; empty where a person did.
    """

    KIND: ClassVar[str] = "talk"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code")

    number = models.CharField(max_length=32, unique=True)
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="talks")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation_name = models.CharField(max_length=200, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    trigger = models.CharField(max_length=20)
    level = models.CharField(max_length=20)
    matter = models.CharField(max_length=2000)
    why = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, default="proposed")
    opened = models.DateTimeField()
    day = models.DateField(null=True, blank=True)
    attendees = models.CharField(max_length=1000, blank=True)
    record = models.TextField(max_length=8000, blank=True)
    commitments = models.TextField(max_length=4000, blank=True)
    due = models.DateTimeField(null=True, blank=True)
    due_note = models.CharField(max_length=60, blank=True)
    clock = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def clean(self) -> None:
        """Check the words of the tables."""
        for name, words in (("trigger", "talk_trigger"), ("level", "talk_level")):
            if getattr(self, name) not in settings()[words]:
                raise ValidationError({name: text("rectification.no_word")})

    @property
    def is_open(self) -> bool:
        """Return whether it is not closed yet."""
        return talk_table().states[self.state].open


class TalkStep(models.Model):
    """A step of a talk; never changed."""

    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)
    transition = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    outputs = models.JSONField(default=dict)
    reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class Referral(Record):
    """A referral 移送问责 to the bodies of discipline; its named handlers only see it."""

    KIND: ClassVar[str] = "accountability_referral"
    KEY: ClassVar[str] = "code"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", handlers="handlers__code", fixed="restricted")

    code = models.CharField(max_length=32, unique=True)
    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, related_name="referrals")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    handlers: Any = models.ManyToManyField("people.Person", related_name="+")
    receiver = models.CharField(max_length=200)
    persons = models.CharField(max_length=1000)
    facts = models.TextField(max_length=8000)
    referred = models.DateTimeField()
    result = models.TextField(max_length=4000, blank=True)
    state = models.CharField(max_length=12, default="open")

    class Meta:
        ordering: ClassVar = ["-pk"]
