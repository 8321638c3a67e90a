"""Tables of disclosure: lists and entries, objections, items, drafts, reports and findings."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huanzhi.ecocode.disclosure.settings import checked
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

_PLACING = Placing(region="region__path", owner="enterprise__organisation__code", fixed="own")


class Trait(Record):
    """What decides whether an enterprise has to disclose, where no other table knows it.

    Attributes
    ----------
    listed, bond, other : bool
        Listed company or its subsidiary; issuer of bonds; has to disclose by other law.
    audit_from, audit_accepted : int, optional
        Year in which a compulsory clean-production audit began, and in which it was accepted.
    events : list of dict
        Events of article 8 that no room of the platform holds: ``day``, ``sort``, ``amount``, ``document``.
    """

    KIND: ClassVar[str] = "disclosure_trait"
    KEY: ClassVar[str] = "code"
    RIGHTS: ClassVar[Placing] = _PLACING

    code = models.CharField(max_length=18, unique=True)
    enterprise = models.OneToOneField(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    listed = models.BooleanField(default=False)
    bond = models.BooleanField(default=False)
    other = models.BooleanField(default=False)
    audit_from = models.PositiveSmallIntegerField(null=True, blank=True)
    audit_accepted = models.PositiveSmallIntegerField(null=True, blank=True)
    events = models.JSONField(default=list, blank=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]


class DutyList(Record):
    """A list 名单 of the enterprises of a city that have to disclose, of one year."""

    KIND: ClassVar[str] = "disclosure_list"
    KEY: ClassVar[str] = "code"

    code = models.CharField(max_length=32, unique=True)
    year = models.PositiveSmallIntegerField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="draft")
    drawn_up = models.DateTimeField()
    drawn_up_by = models.CharField(max_length=100)
    notice_from = models.DateTimeField(null=True, blank=True)
    notice_until = models.DateTimeField(null=True, blank=True)
    notice_note = models.CharField(max_length=60, blank=True)
    publish_by = models.DateField()
    published = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    report_by = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-year", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "region"], name="disclosure_list_year")
        ]


class Entry(Record):
    """An enterprise on a list, with the reasons and the answer of the rulebook.

    Attributes
    ----------
    until_year : int
        Last year for which the reasons put it on the list; the longest of several.
    """

    KIND: ClassVar[str] = "disclosure_entry"
    KEY: ClassVar[str] = "code"
    RIGHTS: ClassVar[Placing] = _PLACING

    code = models.CharField(max_length=32, unique=True)
    reasons = models.JSONField(default=list)  # before the field that takes the name of the builtin
    list = models.ForeignKey(DutyList, on_delete=models.PROTECT, related_name="entries")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    told = models.JSONField(default=dict, blank=True)
    why = models.JSONField(default=dict, blank=True)
    until_year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default="held")
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [models.Index(fields=["enterprise", "state"])]


class Objection(Record):
    """An objection 异议 to an entry, or to not being on the list, while the list is open to them."""

    KIND: ClassVar[str] = "disclosure_objection"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = _PLACING

    number = models.CharField(max_length=40, unique=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="objections")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(max_length=2000)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    state = models.CharField(max_length=12, default="open")
    answer = models.TextField(max_length=2000, blank=True)
    answered = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]


class Item(Record):
    """One thing 披露事项 that an enterprise owes, with its clock.

    Attributes
    ----------
    year : int
        Year that it is about.
    source : str
        What makes it owed, where a record does: ``case:…``; empty for the yearly report.
    versions : int
        How many versions were disclosed.
    """

    KIND: ClassVar[str] = "disclosure_item"
    KEY: ClassVar[str] = "code"
    RIGHTS: ClassVar[Placing] = _PLACING

    code = models.CharField(max_length=40, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    event = models.CharField(max_length=12, blank=True)
    document = models.CharField(max_length=100, blank=True)
    received = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    due = models.DateTimeField()
    due_note = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, default="due")
    disclosed = models.DateTimeField(null=True, blank=True)
    versions = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-due", "code"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due"]),
            models.Index(fields=["enterprise", "year"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enterprise", "source"], condition=~models.Q(source=""), name="disclosure_item_source"
            )
        ]

    def clean(self) -> None:
        """Check the words."""
        checked("sort", self.sort, "sort")
        if self.event:
            checked("event", self.event, "event")


class Draft(Record):
    """What an enterprise has written of an item and not disclosed yet; its own people see it, nobody else."""

    KIND: ClassVar[str] = "disclosure_draft"
    KEY: ClassVar[str] = "code"
    RIGHTS: ClassVar[Placing] = Placing(
        region="item__region__path", owner="item__enterprise__organisation__code", fixed="own"
    )

    code = models.CharField(max_length=40, unique=True)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="draft")
    content = models.JSONField(default=dict, blank=True)
    attachments = models.JSONField(default=list, blank=True)
    saved = models.DateTimeField()
    saved_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["code"]


class Report(Record):
    """A version 版本 of what was disclosed; never changed. A correction is the next version, with its reason.

    Attributes
    ----------
    commitment : dict
        ``version``, ``text``, ``person``, ``position`` and ``at`` of the truth commitment.
    sm3 : str
        Digest over item, version, content, attachments and commitment.
    """

    KIND: ClassVar[str] = "disclosure_report"
    KEY: ClassVar[str] = "code"
    RIGHTS: ClassVar[Placing] = Placing(
        region="item__region__path", owner="item__enterprise__organisation__code", fixed="own"
    )

    code = models.CharField(max_length=50, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)
    attachments = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    commitment = models.JSONField(default=dict)
    disclosed = models.DateTimeField()
    disclosed_by = models.CharField(max_length=100)
    disclosed_by_name = models.CharField(max_length=200, blank=True)
    late = models.BooleanField(default=False)
    sm3 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["item", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="disclosure_report_number")
        ]

    def bound(self) -> dict[str, Any]:
        """Return what the digest covers."""
        names = ("code", "number", "content", "attachments", "reason", "commitment")
        return {name: getattr(self, name) for name in names}


class Finding(Record):
    """What the patrol found 巡检问题 of an item, with its reasons, notice, reply and end.

    Attributes
    ----------
    source : str
        What names it for ever: sort, item and what it is about.
    told : dict
        What was compared: disclosed, known, by which source, and the answer of the rulebook.
    """

    KIND: ClassVar[str] = "disclosure_finding"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = _PLACING

    number = models.CharField(max_length=32, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="findings")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=30)
    source = models.CharField(max_length=200, unique=True)
    told = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=12, default="open")
    found = models.DateTimeField()
    since = models.DateField()
    reply_by = models.DateTimeField(null=True, blank=True)
    reply_note = models.CharField(max_length=60, blank=True)
    reply = models.TextField(max_length=2000, blank=True)
    conclusion = models.TextField(max_length=2000, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "sort"]),
            models.Index(fields=["enterprise", "state"]),
        ]

    def clean(self) -> None:
        """Check the words."""
        checked("finding", self.sort, "sort")
