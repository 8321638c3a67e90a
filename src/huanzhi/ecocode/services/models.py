"""Tables of service firms, their people, works, checks of works, and the credit file."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huanzhi.ecocode.services.settings import checked
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class Standing(Record):
    """What firms and people have alike: where they stand, since when, and why.

    Attributes
    ----------
    advised : str
        What the rulebook advises: ``none``, ``warn``, ``exit`` or ``ban``.
    """

    standing = models.CharField(max_length=10, default="listed")
    standing_since = models.DateField(null=True, blank=True)
    standing_words = models.CharField(max_length=500, blank=True)
    advised = models.CharField(max_length=10, default="none")

    class Meta:
        abstract = True


class Firm(Standing):
    """A service firm 环境服务机构; who may see it may see everything but how to reach it."""

    KIND: ClassVar[str] = "service_firm"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code", fixed="public")
    SENSITIVE: ClassVar[dict[str, str]] = {"contact": "own", "phone": "own"}

    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    sort = models.CharField(max_length=12)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    qualification = models.CharField(max_length=200, blank=True)
    qualified_until = models.DateField(null=True, blank=True)
    address = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    score = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=10, default="unknown")
    why = models.JSONField(default=dict, blank=True)
    graded = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [models.Index(fields=["sort", "grade"]), models.Index(fields=["region", "code"])]

    def clean(self) -> None:
        """Check the words."""
        checked("kind", self.sort, "kind")


class Professional(Standing):
    """A person who works for service firms, or an expert 从业人员与专家."""

    KIND: ClassVar[str] = "service_person"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path", owner="firm__organisation__code", fixed="public"
    )

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    sort = models.CharField(max_length=12)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey(Firm, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    field = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def clean(self) -> None:
        """Check the words."""
        checked("person_kind", self.sort, "kind")


class Work(Record):
    """A work 服务成果 that a firm does for an enterprise; both see it.

    Attributes
    ----------
    promised : dict
        What a contract of treatment promised: ``place``, ``parameter``, ``period``, ``limit``, ``share``
        (percent of the readings within the limit), ``first``, ``last``; empty where it promised nothing.
    """

    KIND: ClassVar[str] = "service_work"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path",
        owner="firm__organisation__code",
        also=("enterprise__organisation__code",),
        fixed="own",
    )

    number = models.CharField(max_length=32, unique=True)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="works")
    person = models.ForeignKey(
        Professional, null=True, blank=True, on_delete=models.PROTECT, related_name="works"
    )
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    begun = models.DateField()
    ended = models.DateField(null=True, blank=True)
    contract = models.CharField(max_length=100, blank=True)
    promised = models.JSONField(default=dict, blank=True)
    effect = models.CharField(max_length=10, default="none")
    effect_why = models.JSONField(default=dict, blank=True)
    score = models.CharField(max_length=10, blank=True)
    verdict = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering: ClassVar = ["-begun", "number"]
        indexes: ClassVar = [models.Index(fields=["firm", "begun"])]

    def clean(self) -> None:
        """Check the words."""
        checked("kind", self.sort, "kind")


class Check(Record):
    """A check 质量检查 of a work by the check list; its points are those of the rulebook."""

    KIND: ClassVar[str] = "service_check"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="work__region__path", owner="work__firm__organisation__code", fixed="own"
    )

    number = models.CharField(max_length=40, unique=True)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="checks")
    day = models.DateField()
    answers = models.JSONField(default=dict)
    score = models.CharField(max_length=10)
    verdict = models.CharField(max_length=10)
    why = models.JSONField(default=dict)
    words = models.TextField(max_length=2000, blank=True)
    made_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]


class Mark(Record):
    """An entry of the credit file 诚信档案 of a firm or a person.

    Attributes
    ----------
    source : str
        The record that tells it; saying it again changes nothing.
    until : date, optional
        First day on which it no longer counts.
    """

    KIND: ClassVar[str] = "service_mark"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="firm__region__path", owner="firm__organisation__code", fixed="public"
    )

    number = models.CharField(max_length=40, unique=True)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="marks")
    person = models.ForeignKey(
        Professional, null=True, blank=True, on_delete=models.PROTECT, related_name="marks"
    )
    sort = models.CharField(max_length=15)
    day = models.DateField()
    until = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=500)
    source = models.CharField(max_length=120, blank=True)
    entered_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "source"], condition=~models.Q(source=""), name="services_mark_source"
            )
        ]

    def clean(self) -> None:
        """Check the words."""
        checked("mark", self.sort, "kind")

    def told(self) -> dict[str, Any]:
        """Return what everybody may know of it."""
        return {
            "number": self.number,
            "kind": self.sort,
            "day": self.day,
            "until": self.until,
            "words": self.words,
        }
