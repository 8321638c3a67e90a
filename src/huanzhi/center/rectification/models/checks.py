"""Evidence in its use, findings of acceptance, checks on site, publications and objections."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.center.rectification.models.tasks import Task


class Exhibit(models.Model):
    """A piece of evidence of the issue, as a task uses it: before, after, at a check.

    Attributes
    ----------
    step : int
        Number of the step of the task that it belongs to; 0 while none has used it.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="exhibits")
    evidence = models.OneToOneField("issues.Evidence", on_delete=models.PROTECT, related_name="+")
    use = models.CharField(max_length=20)
    step = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["pk"]


class Finding(models.Model):
    """What was found for one of the five common items of acceptance, with its evidence."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="findings")
    round = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=20)
    passed = models.BooleanField()
    words = models.CharField(max_length=2000)
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]


class SiteCheck(models.Model):
    """A check on site 现场核查 with who was there and what was seen."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="site_checks")
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    people = models.CharField(max_length=500)
    words = models.CharField(max_length=4000)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class Publication(models.Model):
    """A publication 公示 of what was accepted.

    Attributes
    ----------
    ends : datetime, optional
        Last moment; None while an objection stops it, or where the holidays of a year are not known.
    clock : dict
        The running term and its basis.
    shown : dict
        What was approved to be public, as it was then; the open list gives this and nothing else.
    state : str
        ``running``, ``stopped``, ``over`` or ``withdrawn`` (the task went back to the work).
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="publications")
    round = models.PositiveSmallIntegerField()
    begun = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)
    clock = models.JSONField(default=dict)
    channel = models.CharField(max_length=20)
    shown = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="running")
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class Objection(models.Model):
    """An objection 异议 during a publication; never who made it, whom the petitions know."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="objections")
    at = models.DateTimeField()
    words = models.CharField(max_length=4000)
    outcome = models.CharField(max_length=12, blank=True)
    answer = models.CharField(max_length=4000, blank=True)
    answered = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
