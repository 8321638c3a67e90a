"""What follows a task on its way: monthly returns, letters, reports, sweeps, samples of the look-back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.center.rectification.models.tasks import Task
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class Return(Record):
    """A monthly return 月调度 of a task.

    Attributes
    ----------
    code : str
        Number of the task and month: ``ZG-2026-0001/2026-11``.
    items : dict
        The six items by word.
    state : str
        ``due``, ``submitted``, ``sent_back``.
    """

    KIND: ClassVar[str] = "rectification_return"
    RIGHTS: ClassVar[Placing] = Placing(region="task__region__path", owner="task__organisation__code")

    code = models.CharField(max_length=60, unique=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="returns")
    month = models.CharField(max_length=7)
    due = models.DateTimeField()
    items = models.JSONField(default=dict, blank=True)
    progress = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, default="due")
    submitted = models.DateTimeField(null=True, blank=True)
    submitted_by = models.CharField(max_length=100, blank=True)
    comment = models.CharField(max_length=2000, blank=True)
    reminded = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-month", "pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due"])]


class Letter(models.Model):
    """A letter of the ladder 督办函件, proposed or issued.

    Attributes
    ----------
    auto : bool
        The platform issued it by itself, and says so.
    why : dict
        Days, the rule and how sure it is.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="proposed")
    round = models.PositiveSmallIntegerField()
    proposed = models.DateTimeField()
    issued = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(max_length=100, blank=True)
    actor_name = models.CharField(max_length=200, blank=True)
    words = models.CharField(max_length=4000, blank=True)
    reply = models.CharField(max_length=4000, blank=True)
    auto = models.BooleanField(default=False)
    why = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["pk"]


class Paper(models.Model):
    """A special report 专项报告 as it was made, kept by its digest; never changed."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="papers")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    task_revision = models.PositiveIntegerField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class Sweep(Record):
    """A sweep 举一反三: like objects are looked at for a problem that was confirmed.

    Attributes
    ----------
    scope : dict
        ``region``, ``industry``, ``management``, ``park``: which enterprises are alike.
    checks : list of str
        Lines of the check list.
    """

    KIND: ClassVar[str] = "rectification_sweep"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code")

    code = models.CharField(max_length=40, unique=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="sweeps")
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=40)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scope = models.JSONField(default=dict, blank=True)
    checks = models.JSONField(default=list, blank=True)
    begun = models.DateTimeField()
    due = models.DateField()
    state = models.CharField(max_length=12, default="open")
    conclusion = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]


class SweepObject(models.Model):
    """One enterprise of a sweep, and what was found there."""

    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT, related_name="objects_swept")
    enterprise = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    region = models.CharField(max_length=12)
    result = models.CharField(max_length=12, default="waiting")
    answers = models.JSONField(default=list, blank=True)
    words = models.CharField(max_length=2000, blank=True)
    actor = models.CharField(max_length=100, blank=True)
    actor_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    task = models.CharField(max_length=32, blank=True)
    issue = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sweep", "enterprise"], name="rectification_sweep_object")
        ]


class Draw(models.Model):
    """A sample of tasks to look back at, that anyone can draw again from its numbers and seed."""

    first = models.DateField()
    last = models.DateField()
    seed = models.CharField(max_length=100)
    numbers = models.JSONField(default=list)
    drawn = models.JSONField(default=list)
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
