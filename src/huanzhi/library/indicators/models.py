"""Tables of indicators that a city adds, of values, of targets, and of assessments."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar

from django.db import models

from huanzhi.library.indicators.registry import Definition
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.standards.model import Confidence, Words

_BODY = {"null": True, "blank": True, "on_delete": models.PROTECT, "related_name": "+"}


class Indicator(Record):
    """An indicator that a city added, or that takes the place of a shipped one of the same code."""

    KIND: ClassVar[str] = "indicator"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.SlugField(max_length=60, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    theme = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    definition = models.CharField(max_length=1000)
    basis = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=20)
    direction = models.CharField(max_length=4, choices=[(one, one) for one in ("up", "down", "none")])
    decimals = models.PositiveSmallIntegerField(null=True, blank=True)
    cycle = models.JSONField(default=list, blank=True)
    owner = models.CharField(max_length=100, blank=True)
    formula = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["code"]

    def as_definition(self) -> Definition:
        """Return it as the registry gives it."""
        return Definition(
            self.code,
            self.theme,
            Words(self.name, self.name_en or self.name),
            tuple(self.aliases),
            Words(self.definition, self.definition),
            self.basis,
            Confidence.DEFAULT,
            self.unit,
            self.direction,
            self.decimals,
            tuple(self.cycle) or ("year",),
            self.owner,
            MappingProxyType(dict(self.formula)),
            own=True,
        )


class Value(Record):
    """A value 指标值 of an indicator for a region and a span, with what it stands on.

    Attributes
    ----------
    first, last : date
        The span, both days included; `last` is the last day that counts, so a year under way ends early.
    value : str
        Number at the reported decimals; empty where it is unknown, and `reason` says why.
    part, whole : int, optional
        What a share is made of.
    source : {"store", "registers", "reported"}
    state : {"reckoned", "draft", "proposed", "confirmed", "refused"}
        Only reckoned and confirmed values count.
    inputs : dict
        Places, editions, files and counts behind it.
    as_of, version : datetime, str
        When it was reckoned, and by which version of the programme.
    """

    KIND: ClassVar[str] = "indicator_value"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code")

    code = models.CharField(max_length=120, unique=True)
    indicator = models.CharField(max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, **_BODY)
    first = models.DateField()
    last = models.DateField()
    value = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=20)
    part = models.BigIntegerField(null=True, blank=True)
    whole = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default="reckoned")
    reason = models.CharField(max_length=1000, blank=True)
    inputs = models.JSONField(default=dict, blank=True)
    as_of = models.DateTimeField()
    version = models.CharField(max_length=40)
    reporter = models.CharField(max_length=100, blank=True)
    evidence = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-last", "indicator", "code"]
        indexes: ClassVar = [models.Index(fields=["indicator", "region", "last"])]

    @property
    def number(self) -> Decimal | None:
        """Return the value as a number, None where it is unknown."""
        return Decimal(self.value) if self.value else None

    @property
    def counts(self) -> bool:
        """Whether it may be used."""
        return self.state in ("reckoned", "confirmed")


class Target(Record):
    """A target 目标 of a region for a year.

    Attributes
    ----------
    op, value, upper, unit : str
        What is to be reached, in the unit of the indicator; `stretch` is what is striven for.
    basis : dict
        Where it is written: document, title, item, quote with its place in the text, digest of the file.
    data_region : str
        Name or code of the region whose data stand in for those of its own; empty where they are its own.
    parent, weight : Target, str
        The target that it breaks down, and how much it weighs in it.
    base_year, base_value : int, str
        Where the linear path begins.
    path, path_state, path_steps : list, str, list
        Milestones; ``draft``, ``proposed`` or ``frozen``; every path that was frozen, with who and why.
    """

    KIND: ClassVar[str] = "target"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code")

    number = models.CharField(max_length=32, unique=True)
    indicator = models.CharField(max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, **_BODY)
    year = models.PositiveSmallIntegerField()
    op = models.CharField(max_length=2)
    value = models.CharField(max_length=40)
    upper = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=20)
    stretch = models.CharField(max_length=40, blank=True)
    basis = models.JSONField(default=dict, blank=True)
    item = models.CharField(max_length=48, blank=True)
    data_region = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    weight = models.CharField(max_length=20, blank=True)
    base_year = models.PositiveSmallIntegerField(null=True, blank=True)
    base_value = models.CharField(max_length=40, blank=True)
    path = models.JSONField(default=list, blank=True)
    path_state = models.CharField(max_length=12, default="draft")
    path_method = models.CharField(max_length=12, default="linear")
    path_steps = models.JSONField(default=list, blank=True)
    judged = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=12, default="active")

    class Meta:
        ordering: ClassVar = ["-year", "number"]
        indexes: ClassVar = [models.Index(fields=["indicator", "region", "year"])]

    def __str__(self) -> str:
        return self.number


class Score(Record):
    """An assessment 考核结果 of a region or a department for a year.

    Attributes
    ----------
    subject, name : str
        ``region:330281`` or ``body:CODE``, and what it is called.
    facts, items : dict, list
        What went in; each row of the rulebook that counted, with points, reason and evidence.
    total, grade : str
    rulebook, version, sha256 : str
        By which rules, and the digest of what was reckoned.
    state : {"draft", "proposed", "confirmed", "published"}
    """

    KIND: ClassVar[str] = "score"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path", owner="organisation__code", sensitivity="sensitivity"
    )

    number = models.CharField(max_length=32, unique=True)
    year = models.PositiveSmallIntegerField()
    day = models.DateField()
    subject = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, **_BODY)
    sensitivity = models.CharField(max_length=12, default="internal")
    facts = models.JSONField(default=dict)
    items = models.JSONField(default=list)
    total = models.CharField(max_length=20)
    grade = models.CharField(max_length=20, blank=True)
    rulebook = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="draft")
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-year", "subject"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "subject", "rulebook"], name="indicators_score_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
