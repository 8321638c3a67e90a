"""The table of background work."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
STATES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED)
ENDED = (DONE, FAILED, CANCELLED)


class Job(models.Model):
    """One piece of work.

    Attributes
    ----------
    kind : str
        What is to be done; the worker knows the kinds.
    slot : str, optional
        Names one occasion of regular work, so that it is done once.
    progress : float
        From 0 to 1.
    words : str
        What is being done, in the language of who looks: a message key; its values in `values`.
    error : dict, optional
        As `HuanzhiError.as_dict`.
    who : str
        Code of who asked for it; ``system`` for regular work.
    worker, lease : str, datetime
        Who does it and until when it is theirs; a lease that is not renewed sets it free.
    tries : int
        How often it was begun.
    """

    kind = models.CharField(max_length=60)
    slot = models.CharField(max_length=120, null=True, blank=True, unique=True)
    state = models.CharField(max_length=12, default=QUEUED, choices=[(name, name) for name in STATES])
    progress = models.FloatField(default=0.0)
    words = models.CharField(max_length=100, blank=True)
    values = models.JSONField(default=dict, blank=True)
    arguments = models.JSONField(default=dict, blank=True)
    result = models.JSONField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)
    who = models.CharField(max_length=100)
    made = models.DateTimeField()
    begun = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=100, blank=True)
    lease = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    cancelling = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "lease"])]

    def form(self) -> dict[str, Any]:
        """Return it for programs; `words` are put into words by who shows them."""
        names = ("kind", "state", "progress", "result", "error", "who", "tries", "cancelling")
        return {"id": self.pk, **{name: getattr(self, name) for name in names}}
