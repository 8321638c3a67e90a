"""Tables of inspections: pools, conflicts, plans, draws with their secrets, tasks and their evidence."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from huanzhi.center.inspections.settings import checked
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.messages import text

_BODY = "people.Organisation"


class Inspector(Record):
    """An inspector 执法检查人员 of the pool.

    Attributes
    ----------
    organisation : Organisation
        Body that sends the inspector; another department's in joint inspections.
    region : Region
        Where the inspector is at home, for the rule of avoiding one's own area.
    person : Person, optional
        Who signs in.
    skills : str
        Expertise, words of ``[skill]`` between commas.
    certified_to : date, optional
        Last day of the certificate.
    most : int
        Most visits of one draw; 0 where there is no bound.
    """

    KIND: ClassVar[str] = "inspector"
    RIGHTS: ClassVar[Placing] = Placing(region="organisation__region__path", owner="organisation__code")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(_BODY, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="inspector"
    )
    certificate = models.CharField(max_length=60, blank=True)
    certified_to = models.DateField(null=True, blank=True)
    skills = models.CharField(max_length=200, blank=True)
    most = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Check the words of expertise."""
        for one in words_of(self.skills):
            checked("skill", one, "skills")


class Conflict(Record):
    """Why an inspector may not visit an enterprise 回避: a relative, a former employer, an interest."""

    KIND: ClassVar[str] = "inspection_conflict"
    RIGHTS: ClassVar[Placing] = Placing(
        region="inspector__organisation__region__path", owner="inspector__organisation__code"
    )

    code = models.CharField(max_length=120, unique=True, blank=True)
    inspector = models.ForeignKey(Inspector, on_delete=models.PROTECT, related_name="conflicts")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=20)
    words = models.CharField(max_length=500, blank=True)
    declared_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def clean_fields(self, exclude: Any = None) -> None:
        """Make the code, then check each field."""
        if self.inspector_id is not None and self.enterprise_id is not None:
            self.code = f"{self.inspector.code}.{self.enterprise.code}.{self.sort}"
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Check the word of the conflict."""
        checked("conflict", self.sort, "sort")


class Subject(Record):
    """An object of inspection 检查对象: an enterprise with what decides how often it is visited.

    Attributes
    ----------
    credit, colour : str
        Credit grade and environmental code, entered by hand until they are judged here; empty where unknown.
    penalties, high_risk, under_construction, open_rectification, penalised
        Entered by hand.
    exceedances, complaints, open_issues, serious_issues, months_since, permit_state
        Counted; see `pools.count`.
    sort, risk, score, factor_milli, share_ppm, most_a_year, reasons
        What the rulebooks answered; shares in millionths, factors in thousandths.
    """

    KIND: ClassVar[str] = "inspection_object"
    RIGHTS: ClassVar[Placing] = Placing(
        region="enterprise__region__path", sensitivity="enterprise__sensitivity"
    )

    code = models.CharField(max_length=18, unique=True)
    enterprise = models.OneToOneField(Enterprise, on_delete=models.PROTECT, related_name="inspection_object")
    needs = models.CharField(max_length=200, blank=True)
    credit = models.CharField(max_length=10, blank=True)
    colour = models.CharField(max_length=10, blank=True)
    penalties = models.PositiveSmallIntegerField(default=0)
    high_risk = models.BooleanField(default=False)
    under_construction = models.BooleanField(default=False)
    exceedances = models.PositiveIntegerField(default=0)
    complaints = models.PositiveIntegerField(default=0)
    open_issues = models.PositiveIntegerField(default=0)
    serious_issues = models.PositiveIntegerField(default=0)
    months_since = models.PositiveIntegerField(null=True, blank=True)
    permit_state = models.CharField(max_length=10, blank=True)
    counted = models.DateTimeField(null=True, blank=True)
    sort = models.CharField(max_length=10, blank=True)
    risk = models.CharField(max_length=10, blank=True)
    score = models.IntegerField(null=True, blank=True)
    factor_milli = models.PositiveIntegerField(default=1000)
    share_ppm = models.PositiveIntegerField(default=0)
    most_a_year = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [models.Index(fields=["score"])]

    @property
    def weight(self) -> int:
        """Return the weight in a draw: share times factor of the risk."""
        return self.share_ppm * self.factor_milli // 1000

    def clean(self) -> None:
        """Check the words."""
        for one in words_of(self.needs):
            checked("skill", one, "needs")
        if self.credit:
            checked("credit", self.credit, "credit")
        if self.colour:
            checked("colour", self.colour, "colour")


class Plan(Record):
    """A plan of inspection 检查计划: of a year by draws, or special, unannounced, joint, or of look-back.

    Attributes
    ----------
    secret : bool
        Whom it concerns is known to the inspectors and the planner only, until the visit.
    seats : list
        Who goes: ``body`` (code, empty for any), ``count``, ``skilled``.
    """

    KIND: ClassVar[str] = "inspection_plan"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code")

    number = models.CharField(max_length=32, unique=True)
    sort = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    words = models.TextField(max_length=4000, blank=True)
    year = models.PositiveSmallIntegerField(validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    begins = models.DateField()
    ends = models.DateField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(_BODY, on_delete=models.PROTECT, related_name="+")
    checklist = models.CharField(max_length=40)
    seats = models.JSONField(default=list)
    avoid_region = models.BooleanField(default=False)
    secret = models.BooleanField(default=True)
    state = models.CharField(max_length=12, default="running")
    made_by = models.CharField(max_length=100)
    made = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def clean(self) -> None:
        """Check the words and the days."""
        checked("sort", self.sort, "sort")
        if self.ends < self.begins:
            raise ValidationError({"ends": text("inspections.days_reversed")})


class Draw(Record):
    """A draw 随机抽取: committed to, then drawn with a public value, or given up with a reason.

    ``paper`` is what anybody may have; see `huanzhi.rules.draws`. It holds no name.
    """

    KIND: ClassVar[str] = "inspection_draw"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", fixed="public")

    number = models.CharField(max_length=32, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="draws")
    title = models.CharField(max_length=200)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    quarter = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(4)])
    state = models.CharField(max_length=12, default="committed")
    beacon_source = models.CharField(max_length=200)
    beacon_due = models.DateTimeField()
    beacon = models.CharField(max_length=200, blank=True)
    commitment = models.CharField(max_length=64)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    revealed = models.DateTimeField(null=True, blank=True)
    revealed_by = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    paper = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def as_row(self) -> dict[str, Any]:
        """Return the fields for history and trail; of the paper only its commitment."""
        row = super().as_row()
        row.pop("paper")
        return row


class DrawSecret(models.Model):
    """What of a draw is secret: the seed, and the salts and names behind the ids; in no trail and no list."""

    draw = models.OneToOneField(Draw, on_delete=models.CASCADE, related_name="kept")
    seed = models.CharField(max_length=64)
    openings = models.JSONField(default=list)


class Task(Record):
    """A visit to make 检查任务, from assignment to the published result.

    Attributes
    ----------
    sensitivity : str
        ``restricted`` to `handlers` before the visit where the plan is secret, then ``internal``. What is
        public of a result stands in a list of its own.
    answers : dict
        Item of the check list → ``result``, ``words``, ``issue``.
    risk_score, risk_rank, listed : int
        Score and rank on the list of whom to inspect first when the task was made, and how long the list was.
    publish_due, publish_note : datetime, str
        End of the term to publish the result; the note says why there is none.
    """

    KIND: ClassVar[str] = "inspection"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path",
        owner="enterprise__organisation__code",
        sensitivity="sensitivity",
        handlers="handlers__code",
    )

    number = models.CharField(max_length=32, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tasks")
    draw = models.ForeignKey(Draw, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    sort = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(max_length=200)
    looks_at = models.CharField(max_length=32, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(_BODY, on_delete=models.PROTECT, related_name="+")
    inspectors = models.ManyToManyField(Inspector, related_name="tasks")
    handlers = models.ManyToManyField("people.Person", related_name="+")
    checklist = models.CharField(max_length=40)
    checklist_version = models.CharField(max_length=10)
    state = models.CharField(max_length=12, default="assigned")
    sensitivity = models.CharField(max_length=12, default="internal")
    made = models.DateTimeField()
    due = models.DateTimeField(null=True, blank=True)
    due_note = models.CharField(max_length=60, blank=True)
    visited = models.DateTimeField(null=True, blank=True)
    filed = models.DateTimeField(null=True, blank=True)
    confirmed = models.DateTimeField(null=True, blank=True)
    published = models.DateTimeField(null=True, blank=True)
    publish_due = models.DateTimeField(null=True, blank=True)
    publish_note = models.CharField(max_length=60, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    result = models.CharField(max_length=12, blank=True)
    conclusion = models.TextField(max_length=4000, blank=True)
    public_words = models.CharField(max_length=500, blank=True)
    signed_by = models.CharField(max_length=100, blank=True)
    findings = models.PositiveSmallIntegerField(default=0)
    risk_score = models.IntegerField(null=True, blank=True)
    risk_rank = models.PositiveIntegerField(null=True, blank=True)
    listed = models.PositiveIntegerField(default=0)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due"]),
            models.Index(fields=["enterprise", "visited"]),
            models.Index(fields=["region", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"


class Kept(models.Model):
    """A file of evidence, kept by its digest; never changed.

    Attributes
    ----------
    item : str
        Item of the check list that it belongs to; empty for the visit as a whole.
    """

    item = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    taken_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["pk"]


class TaskEvidence(Kept):
    """Evidence of a visit 检查取证."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="evidence")


class Counter(models.Model):
    """The last number given under a name."""

    name = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)


def words_of(written: str) -> list[str]:
    """Return the words that stand between commas."""
    return [one.strip() for one in written.split(",") if one.strip()]
