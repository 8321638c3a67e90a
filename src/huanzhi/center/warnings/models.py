"""Tables of warnings: the warning, what is muted, replies, and what has happened to each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huanzhi.center.warnings.air_models import AirForecast, Episode
from huanzhi.center.warnings.quantity_models import YearQuantity
from huanzhi.center.warnings.rule_models import OwnLimit, OwnRule, Switch
from huanzhi.center.warnings.section_models import SectionState
from huanzhi.center.watching.rules import RULES
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.standards.periods import stamp

__all__ = [
    "AirForecast",
    "Change",
    "Episode",
    "Mute",
    "OwnLimit",
    "OwnRule",
    "Reply",
    "SectionState",
    "Switch",
    "Warning",
    "YearQuantity",
]

STATES = ("open", "released")
RULE_NAMES = tuple(rule.name for rule in RULES)
REPLY_STATES = ("owed", "given", "accepted", "refused")
"""Of a warning to which a reply is owed: owed, given and not judged, accepted as explained, refused."""


class Warning(Record):
    """One rule that sees one thing, from its first sign to its release.

    Attributes
    ----------
    code : str
        ``YJ-20261122-`` and eight digits made of rule, subject and moment: the same warning is one row.
    rule, version : str
        Rule of watching and edition of its thresholds.
    subject : str
        What it is about: place, enterprise or group of stations.
    last : datetime
        When a sign was seen last; released some time after, by the rule (hysteresis 回差).
    value, limit : float, optional
        What was seen first, where the rule compares with a limit.
    facts : dict
        Figures that the words of the rule name.
    suspects : list
        Codes, the likeliest first.
    storm : Warning, optional
        The warning that stands for this one 预警风暴.
    issue : str
        Number of the issue that it opened or joined.
    muted : bool
        It rose while its rule was muted there: no issue.
    organisation : str
        Who may see it as his own: the enterprise, where the table of rules lets it be told.
    title : str
        What the rule is called, where a city wrote it.
    colour : str
        Of rules that give colours: blue, yellow, orange, red.
    judged : dict
        What a rulebook said: rulebook, version, digest, row, inputs, outputs, confidence.
    responsible : list
        Who owes the reply: part, organisation, name.
    reply_clock : dict
        Term of the reply: number, unit, basis, confidence, started; a note where it has no end.
    ladder : str
        Highest step of the escalation that was taken.
    told : list
        Whom the escalation has told.
    steps : list
        What has to be done one after the other: name, due, done, by.
    handled : datetime, optional
        When it was disposed of by a person: explained, dispatched, released.
    """

    KIND: ClassVar[str] = "warning"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation")

    code = models.CharField(max_length=32, unique=True)
    rule = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    place = models.CharField(max_length=64, blank=True)
    place_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=64)
    enterprise = models.CharField(max_length=64, blank=True)
    organisation = models.CharField(max_length=64, blank=True)
    region = models.ForeignKey(
        "places.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    parameter = models.CharField(max_length=40, blank=True)
    parameters = models.JSONField(default=list, blank=True)
    value = models.FloatField(null=True, blank=True)
    limit = models.FloatField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    suspects = models.JSONField(default=list, blank=True)
    level = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="open", choices=[(name, name) for name in STATES])
    since = models.DateTimeField()
    last = models.DateTimeField()
    released = models.DateTimeField(null=True, blank=True)
    release_reason = models.CharField(max_length=500, blank=True)
    muted = models.BooleanField(default=False)
    storm = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="folded")
    issue = models.CharField(max_length=32, blank=True)
    title = models.CharField(max_length=200, blank=True)
    colour = models.CharField(max_length=12, blank=True)
    judged = models.JSONField(default=dict, blank=True)
    responsible = models.JSONField(default=list, blank=True)
    reply_state = models.CharField(max_length=12, blank=True)
    reply_due = models.DateTimeField(null=True, blank=True)
    reply_clock = models.JSONField(default=dict, blank=True)
    replied = models.DateTimeField(null=True, blank=True)
    ladder = models.CharField(max_length=20, blank=True)
    told = models.JSONField(default=list, blank=True)
    steps = models.JSONField(default=list, blank=True)
    handled = models.DateTimeField(null=True, blank=True)
    handled_by = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["-since", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["reply_state", "reply_due"]),
            models.Index(fields=["enterprise", "-since"]),
            models.Index(fields=["state", "-since"]),
            models.Index(fields=["place", "-since"]),
            models.Index(fields=["rule", "state"]),
            models.Index(fields=["last"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.rule} {self.place}"

    def event(self) -> dict[str, Any]:
        """Return it for programs."""
        names = ("code", "rule", "place_name", "enterprise", "parameter", "level", "state", "muted", "issue")
        names += ("colour", "title", "reply_state", "ladder")
        times = {name: stamp(getattr(self, name)) for name in ("since", "last", "released", "reply_due")}
        return {
            "topic": "warnings",
            **{name: getattr(self, name) for name in names},
            **times,
            "feature": self.place,
            "region": self.region_id,
            "path": self.region.path if self.region else "",
            "storm": self.storm.code if self.storm else None,
            "simulated": self.simulated,
        }


class Mute(Record):
    """A rule that is muted 屏蔽 at a place until a moment, with the reason; it is seen all the same."""

    KIND: ClassVar[str] = "warning_mute"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=120, unique=True)
    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    region = models.ForeignKey(
        "places.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    until = models.DateTimeField()
    reason = models.CharField(max_length=500)
    muted_by = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["rule", "subject", "until"])]

    def __str__(self) -> str:
        return self.code


class Reply(Record):
    """What a responsible unit answers to a warning 回复; an officer accepts or refuses it.

    Attributes
    ----------
    cause : str
        Word of ``data/replies.toml``.
    expected : date, optional
        When what is done about it will be done.
    """

    KIND: ClassVar[str] = "warning_reply"
    RIGHTS: ClassVar[Placing] = Placing(region="warning__region__path", owner="warning__organisation")

    code = models.CharField(max_length=40, unique=True)
    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    cause = models.CharField(max_length=30)
    words = models.TextField(max_length=4000)
    measures = models.TextField(max_length=4000, blank=True)
    expected = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, default="given")
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.code


class Change(models.Model):
    """One thing that happened to a warning 经过: raised, level, reply, told, released; never changed."""

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=100)
    facts = models.JSONField(default=dict, blank=True)
    words = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
