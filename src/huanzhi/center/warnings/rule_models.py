"""Tables of what a city sets of warnings: own rules, which rules are on, limits where no document has one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

RULE_STATES = ("draft", "on", "off")
OWN = "own:"
"""What the code of a city's own rule begins with among the rules of warnings."""


class OwnRule(Record):
    """A rule that a city wrote 自建规则: what it looks at is declared, never a program.

    Attributes
    ----------
    spec : dict
        See `huanzhi.center.watching.declared`.
    version : int
        Rises with every publication; 0 while it has never been on.
    published : dict
        The declaration that holds, while a newer one is drafted; empty before the first publication.
    tested : dict
        Digest of the declaration that was tried last, when, and how often it would have raised a warning.
    """

    KIND: ClassVar[str] = "warning_rule"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=500, blank=True)
    level = models.CharField(max_length=20, default="notice")
    opens_issue = models.BooleanField(default=False)
    asks_reply = models.BooleanField(default=False)
    category = models.CharField(max_length=40, default="other")
    spec = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="draft", choices=[(name, name) for name in RULE_STATES])
    version = models.PositiveIntegerField(default=0)
    published = models.JSONField(default=dict, blank=True)
    tested = models.JSONField(default=dict, blank=True)
    author = models.CharField(max_length=100, blank=True)
    publisher = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def rule(self) -> str:
        """Return its code among the rules of warnings."""
        return f"{OWN}{self.code}"


class Switch(Record):
    """Whether a ready-made rule is on in a region 启停; on where nothing is said."""

    KIND: ClassVar[str] = "warning_rule"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=80, unique=True)
    rule = models.CharField(max_length=40)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    on = models.BooleanField(default=True)
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["code"]


class OwnLimit(Record):
    """A limit that a city sets where no document has one 自设限值: of a rule and a parameter, in a region."""

    KIND: ClassVar[str] = "warning_rule"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=120, unique=True)
    rule = models.CharField(max_length=40)
    parameter = models.CharField(max_length=40)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=30)
    unit = models.CharField(max_length=30)
    basis = models.CharField(max_length=500)
    by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["code"]
