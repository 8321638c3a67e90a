"""Tables around a case: documents, their service, replies of the party, referrals, announcements, matters."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from huanzhi.center.enforcement.settings import checked
from huanzhi.library.places.models import Region, in_order
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.messages import text


class Paper(Record):
    """A document 文书 of a case, in one version; the bytes are kept by their digest and never changed.

    Attributes
    ----------
    code : str
        ``AJ-2026-0001-W03``.
    document : str
        Number 文号, given when it is issued.
    values : dict
        What was entered for it.
    blanks : list of str
        What is not known and stands blank.
    state : str
        ``draft``, ``issued``, ``served`` or ``replaced``.
    owner : str
        Code of the organisation on which it was served; empty while it was not.
    """

    KIND: ClassVar[str] = "case_paper"
    RIGHTS: ClassVar[Placing] = Placing(region="case__region__path", owner="owner")

    code = models.CharField(max_length=48, unique=True)
    case = models.ForeignKey("enforcement.Case", on_delete=models.PROTECT, related_name="papers")
    template = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    document = models.CharField(max_length=100, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    values = models.JSONField(default=dict, blank=True)
    blanks = models.JSONField(default=list, blank=True)
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    made = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    issued = models.DateTimeField(null=True, blank=True)
    issued_by = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, default="draft")
    owner = models.CharField(max_length=40, blank=True)
    served = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def told(self) -> dict[str, Any]:
        """Return what a bundle says of it."""
        from huanzhi.center.enforcement.models import iso

        names = (
            "code",
            "template",
            "title",
            "document",
            "version",
            "blanks",
            "sha256",
            "sm3",
            "size",
            "state",
        )
        times = {"made": iso(self.made), "issued": iso(self.issued)}
        served = {"served": self.served.isoformat() if self.served else None}
        return {name: getattr(self, name) for name in names} | times | served


class Service(models.Model):
    """How a document was served 送达; `effective` is the day from which terms count."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="services")
    way = models.CharField(max_length=20)
    day = models.DateField()
    effective = models.DateField(null=True, blank=True)
    receiver = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    proof = models.ForeignKey(
        "enforcement.CaseEvidence", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class Reply(Record):
    """What the party 当事人 answered: statement and defence, a hearing asked for, a waiver, instalments."""

    KIND: ClassVar[str] = "case_reply"
    RIGHTS: ClassVar[Placing] = Placing(region="case__region__path", owner="owner")

    code = models.CharField(max_length=48, unique=True)
    case = models.ForeignKey("enforcement.Case", on_delete=models.PROTECT, related_name="replies")
    sort = models.CharField(max_length=20)
    words = models.TextField(max_length=8000, blank=True)
    filed = models.DateTimeField()
    in_time = models.BooleanField(null=True, blank=True)
    owner = models.CharField(max_length=40, blank=True)
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def clean(self) -> None:
        """Check the word of the table."""
        checked("reply", self.sort, "sort")


class Referral(Record):
    """A referral 移送 to the police, the procuratorate or another department; for its named handlers only.

    Attributes
    ----------
    log : list of dict
        Receipts 回执 and results in order: ``at``, ``by``, ``state``, ``words``.
    """

    KIND: ClassVar[str] = "case_referral"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path", sensitivity="sensitivity", handlers="handlers__code"
    )

    code = models.CharField(max_length=48, unique=True)
    case = models.ForeignKey("enforcement.Case", on_delete=models.PROTECT, related_name="referrals")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=20)
    target = models.CharField(max_length=200)
    grounds = models.TextField(max_length=4000)
    state = models.CharField(max_length=20, default="drafted")
    sensitivity = models.CharField(max_length=12, default="restricted")
    handlers = models.ManyToManyField("people.Person", related_name="+")
    log = models.JSONField(default=list)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def clean(self) -> None:
        """Check the words of the tables."""
        checked("referral", self.sort, "sort")
        checked("referral_state", self.state, "state")


class Announcement(Record):
    """A decision as the public sees it 处罚决定公开: personal names are masked."""

    KIND: ClassVar[str] = "penalty_notice"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", fixed="public")

    code = models.CharField(max_length=48, unique=True)
    case = models.OneToOneField("enforcement.Case", on_delete=models.PROTECT, related_name="announcement")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=100, blank=True)
    party = models.CharField(max_length=200)
    party_code = models.CharField(max_length=40, blank=True)
    person = models.CharField(max_length=100, blank=True)
    cause = models.CharField(max_length=200)
    basis = models.CharField(max_length=300, blank=True)
    decision = models.CharField(max_length=20)
    fine = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    authority = models.CharField(max_length=200, blank=True)
    decided = models.DateField()
    published = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-published", "-pk"]


class Matter(Record):
    """A matter 事项 that the city entered itself; the shipped ones stand in ``data/matters.toml``.

    Attributes
    ----------
    duty, article : str
        Clause that lays down the duty 违则, and the penalty clause 罚则; empty where it is not known.
    least, most : Decimal
        Range of the fine [yuan]; None where it is not known.
    """

    KIND: ClassVar[str] = "matter"

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    sort = models.CharField(max_length=20, default="penalty")
    field = models.CharField(max_length=20, default="other")
    law = models.CharField(max_length=200, blank=True)
    edition = models.CharField(max_length=60, blank=True)
    duty = models.CharField(max_length=300, blank=True)
    article = models.CharField(max_length=300, blank=True)
    least = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    most = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    listed = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def clean(self) -> None:
        """Check what concerns several fields."""
        in_order(self.valid_from, self.valid_to)
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValidationError({"most": text("cases.range")})
