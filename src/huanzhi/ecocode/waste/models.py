"""Tables of waste: licences, vehicles, plans, ledgers, manifests, approvals, pick-ups, checks, findings.

Amounts are whole grams, so that they add up exactly; the API shows kilograms.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from huanzhi.ecocode.waste.codes import grams_of, parse
from huanzhi.ecocode.waste.kept_models import BalanceKept  # noqa: F401
from huanzhi.ecocode.waste.settings import checked, manifests
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import in_order
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA

_OWNER = "enterprise__organisation__code"


class Counter(models.Model):
    """The last number of a series of numbers."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Owned(Record):
    """A record of one enterprise, which alone sees it beside the officers of its region."""

    RIGHTS: ClassVar[Placing] = Placing(region="enterprise__region__path", owner=_OWNER, fixed="own")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Licence(Owned):
    """A licence 经营许可证 to take classes of waste, so much a year, or to carry any 道路危险货物运输许可."""

    KIND: ClassVar[str] = "waste_licence"

    code = models.CharField(max_length=40, unique=True)
    sort = models.CharField(max_length=20)
    classes = models.JSONField(default=list, blank=True)
    authority = models.CharField(max_length=100, blank=True)
    grams_a_year = models.BigIntegerField(default=0, validators=[MinValueValidator(0)])
    storage_extended_days = models.PositiveIntegerField(default=0)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def clean(self) -> None:
        """Check sort and dates."""
        checked("licence", self.sort, "sort")
        in_order(self.valid_from, self.valid_to)


class Vehicle(Owned):
    """A vehicle of a collector or carrier 危废运输车辆; it starts from the depot of its enterprise.

    Attributes
    ----------
    permit : str
        Number of its permit to carry dangerous goods 道路运输证; `valid_to` is the first day without it.
    """

    KIND: ClassVar[str] = "waste_vehicle"

    code = models.CharField(max_length=20, unique=True)
    permit = models.CharField(max_length=40, blank=True)
    grams = models.BigIntegerField(validators=[MinValueValidator(1)])
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["code"]


class Plan(Owned):
    """A management plan of a year 危险废物管理计划; a change is a new version that replaces the one before.

    Attributes
    ----------
    items : list of dict
        ``waste``, ``made`` [g], ``way``, ``amount`` [g], ``receiver`` (code or name).
    """

    KIND: ClassVar[str] = "waste_plan"
    KEY: ClassVar[str] = "number"

    number = models.CharField(max_length=40, unique=True)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, default="draft")
    items = models.JSONField(default=list)
    management = models.CharField(max_length=12, blank=True)
    made_by = models.CharField(max_length=100)
    made = models.DateTimeField()
    filed = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)
    words = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enterprise", "year", "version"], name="waste_plan_version")
        ]
        indexes: ClassVar = [models.Index(fields=["year", "state"])]


class Entry(Owned):
    """A row of a ledger 台账; never changed: an error is mended by a further row that names it.

    Attributes
    ----------
    grams : int
        Below zero in corrections only.
    day : date
        Day in China on which it happened; a correction carries the day of the row that it mends.
    reference : str
        What tells the row apart from others of the same day and kind; a manifest carries its number.
    """

    KIND: ClassVar[str] = "waste_entry"

    code = models.CharField(max_length=120, unique=True)
    waste = models.CharField(max_length=10)
    day = models.DateField()
    kind = models.CharField(max_length=12)
    grams = models.BigIntegerField()
    reference = models.CharField(max_length=40, blank=True)
    manifest = models.CharField(max_length=14, blank=True)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, default="screen")
    words = models.CharField(max_length=500, blank=True)
    made_by = models.CharField(max_length=100, blank=True)
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["enterprise", "waste", "day"]),
            models.Index(
                fields=["enterprise", "waste", "kind", "day", "source", "grams"], name="waste_entry_sums"
            ),
            models.Index(fields=["day", "kind"]),
        ]

    @property
    def kg(self) -> float:
        """Return the amount in kilograms."""
        return self.grams / 1000

    @kg.setter
    def kg(self, given: float) -> None:
        self.grams = grams_of(given)

    def clean_fields(self, exclude: Any = None) -> None:
        """Write the waste code as it is written everywhere, make a code of the row, then check each field."""
        if self.revision > 1:
            raise ValidationError({"code": text("waste.never_edited")})
        try:
            self.waste = str(parse(self.waste))
            checked("kind", self.kind, "kind")
            checked("source", self.source, "source")
        except InputError as error:
            raise ValidationError({error.place["column"] or "waste": str(error)}) from None
        self.code = self.code or self.made_code()
        self.simulated = self.simulated or self.enterprise.simulated
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Refuse amounts below zero, save in corrections, and days that lie ahead."""
        if self.day > self.made.astimezone(CHINA).date():
            raise ValidationError({"day": text("waste.future")})
        if self.grams < 0 and self.corrects_id is None:
            raise ValidationError({"grams": text("waste.below_zero")})

    def made_code(self) -> str:
        """Return a code of what the row tells of: enterprise, waste, day, kind, reference."""
        parts = (self.enterprise.code, self.waste, f"{self.day:%Y%m%d}", self.kind, self.reference)
        return "/".join(filter(None, parts))


class Approval(Owned):
    """Transfer of hazardous waste across provinces 跨省转移申请, with its clocks.

    Attributes
    ----------
    wanted_from, wanted_to : date
        First and last day of the time that was asked for.
    dues : dict
        Clock → last moment, as text; None where the holidays of the year are not known.
    due : datetime, optional
        End of the clock that runs now.
    document, reply_document : str
        Numbers of the decision 批准文号 and of the other province's reply 复函文号.
    """

    KIND: ClassVar[str] = "waste_approval"
    KEY: ClassVar[str] = "number"

    number = models.CharField(max_length=32, unique=True)
    waste = models.CharField(max_length=10)
    grams = models.BigIntegerField(validators=[MinValueValidator(1)])
    way = models.CharField(max_length=12)
    receiver = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="applied")
    applied = models.DateTimeField()
    wanted_from = models.DateField(null=True, blank=True)
    wanted_to = models.DateField()
    due = models.DateTimeField(null=True, blank=True)
    reply_document = models.CharField(max_length=80, blank=True)
    document = models.CharField(max_length=80, blank=True)
    decided = models.DateTimeField(null=True, blank=True)
    dues = models.JSONField(default=dict, blank=True)
    steps = models.JSONField(default=list, blank=True)
    words = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due"])]

    @property
    def from_province(self) -> str:
        """Return the code of the province that the waste leaves."""
        return province_of(self.enterprise)

    @property
    def to_province(self) -> str:
        """Return the code of the province that it goes to."""
        return province_of(self.receiver)

    @property
    def last_day(self) -> date | None:
        """Return the last day on which the approval holds."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None


def province_of(enterprise: Enterprise) -> str:
    """Return the code of the province of an enterprise."""
    return f"{enterprise.region_id[:2]}0000"


class Manifest(Record):
    """An electronic transfer manifest 危险废物电子转移联单 of one trip and class.

    Attributes
    ----------
    number : str
        Fourteen digits: year, province and city of the generator, serial.
    lines : list of dict
        ``waste``, ``packaging``, ``pieces`` and the amounts ``told``, ``loaded``, ``received`` [g].
    happened : datetime
        When the transfer began; a paper manifest is entered afterwards.
    paper_number, paper_reason, paper_due : str, str, datetime
        Number on the paper, why there was one, and until when it was to be entered.
    difference : list of dict
        Lines of which the receiver weighs another amount than the carrier loaded, beyond the tolerance.
    """

    KIND: ClassVar[str] = "waste_manifest"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="generator__region__path",
        owner="generator__organisation__code",
        also=("carrier__organisation__code", "receiver__organisation__code"),
        fixed="own",
    )

    number = models.CharField(max_length=14, unique=True)
    generator = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    carrier = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=40)
    vehicle = models.CharField(max_length=20, blank=True)
    lines = models.JSONField(default=list)
    state = models.CharField(max_length=16, default="filled")
    way = models.CharField(max_length=12, default="transfer")
    continuous = models.BooleanField(default=False)
    paper = models.BooleanField(default=False)
    paper_late = models.BooleanField(default=False)
    paper_number = models.CharField(max_length=40, blank=True)
    paper_reason = models.CharField(max_length=500, blank=True)
    paper_due = models.DateTimeField(null=True, blank=True)
    approval = models.ForeignKey(
        Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="manifests"
    )
    booking = models.CharField(max_length=32, blank=True)
    happened = models.DateTimeField()
    made = models.DateTimeField()
    dispatched = models.DateTimeField(null=True, blank=True)
    delivered = models.DateTimeField(null=True, blank=True)
    confirmed = models.DateTimeField(null=True, blank=True)
    confirm_due = models.DateTimeField(null=True, blank=True)
    confirm_note = models.CharField(max_length=60, blank=True)
    difference = models.JSONField(default=list, blank=True)
    steps = models.JSONField(default=list, blank=True)
    words = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["generator", "happened"]),
            models.Index(fields=["receiver", "happened"]),
            models.Index(fields=["state", "confirm_due"]),
            models.Index(fields=["number"], condition=models.Q(continuous=True), name="waste_pipes"),
        ]

    def clean(self) -> None:
        """Check the state."""
        if self.state not in manifests()["state"]:
            raise ValidationError({"state": text("waste.choice")})


class Proof(models.Model):
    """A file that proves a paper manifest 纸质联单佐证材料; kept by its digest."""

    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="proofs")
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    name = models.CharField(max_length=130)
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["manifest", "sha256"], name="waste_proof_once")
        ]


class Booking(Owned):
    """A pick-up that a small firm has booked 小微企业收运预约."""

    KIND: ClassVar[str] = "waste_booking"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="enterprise__region__path",
        owner=_OWNER,
        also=("collector__organisation__code",),
        fixed="own",
    )

    number = models.CharField(max_length=32, unique=True)
    collector = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    waste = models.CharField(max_length=10)
    grams = models.BigIntegerField(validators=[MinValueValidator(1)])
    packaging = models.CharField(max_length=12, default="drum")
    pieces = models.PositiveIntegerField(default=1)
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    lon = models.FloatField()
    lat = models.FloatField()
    state = models.CharField(max_length=12, default="booked")
    route = models.CharField(max_length=32, blank=True)
    weighed = models.BigIntegerField(null=True, blank=True)
    manifest = models.CharField(max_length=14, blank=True)
    made = models.DateTimeField()
    steps = models.JSONField(default=list, blank=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["collector", "state", "begins"])]

    def clean(self) -> None:
        """Check words and window."""
        checked("packaging", self.packaging, "packaging")
        if self.ends <= self.begins:
            raise ValidationError({"ends": text("waste.window")})


class Route(Owned):
    """A day's trips of a collector 收运线路; its enterprise is the collector.

    Attributes
    ----------
    trips : list of dict
        ``vehicle``, ``stops`` in order, ``metres``, ``grams``, ``begins``, ``ends``.
    left : list of dict
        Bookings that no trip takes, and why.
    """

    KIND: ClassVar[str] = "waste_route"
    KEY: ClassVar[str] = "number"

    number = models.CharField(max_length=32, unique=True)
    day = models.DateField()
    state = models.CharField(max_length=12, default="planned")
    seed = models.PositiveIntegerField()
    metres = models.PositiveIntegerField(default=0)
    trips = models.JSONField(default=list)
    left = models.JSONField(default=list, blank=True)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["-pk"]


class Check(Owned):
    """An assessment of how hazardous waste is managed 规范化环境管理评估.

    Attributes
    ----------
    answers : dict
        Item → ``score`` (0, 1, 2 or None where it does not apply) and ``words``.
    mending : dict
        Item → ``words`` and ``at`` of what was rectified, ``accepted``.
    """

    KIND: ClassVar[str] = "waste_check"
    KEY: ClassVar[str] = "number"

    number = models.CharField(max_length=32, unique=True)
    object = models.CharField(max_length=12)
    version = models.CharField(max_length=12)
    day = models.DateField()
    state = models.CharField(max_length=12, default="draft")
    answers = models.JSONField(default=dict, blank=True)
    mending = models.JSONField(default=dict, blank=True)
    score = models.FloatField(null=True, blank=True)
    grade = models.CharField(max_length=12, blank=True)
    due = models.DateTimeField(null=True, blank=True)
    scored = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    made_by = models.CharField(max_length=100)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["enterprise", "day"])]

    def clean(self) -> None:
        """Check what is assessed."""
        checked("object", self.object, "object")


class Finding(Owned):
    """What does not fit 异常: in a manifest, a balance, a store, a plan; it stands until `until`.

    Attributes
    ----------
    code : str
        Sort and what it is of; the same thing is one finding.
    facts : dict
        Figures that tell why.
    issue : str
        Number of the issue that it became.
    state : str
        ``open``, ``explained`` by the enterprise, ``settled`` by the office, ``over`` where it fits again.
    explanation, settlement, basis : str
        What the enterprise says; why the office settled it, and on what.
    """

    KIND: ClassVar[str] = "waste_finding"

    code = models.CharField(max_length=120, unique=True)
    sort = models.CharField(max_length=24)
    source = models.CharField(max_length=100)
    waste = models.CharField(max_length=10, blank=True)
    day = models.DateField()
    until = models.DateField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    confidence = models.CharField(max_length=200, blank=True)
    issue = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=12, default="open")
    explanation = models.CharField(max_length=1000, blank=True)
    explained = models.DateTimeField(null=True, blank=True)
    settlement = models.CharField(max_length=1000, blank=True)
    basis = models.CharField(max_length=20, blank=True)
    settled = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=100, blank=True)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["enterprise", "sort", "until"]),
            models.Index(fields=["until", "day"]),
        ]

    def clean(self) -> None:
        """Check sort and state."""
        checked("finding", self.sort, "sort")
        checked("finding_state", self.state, "state")
