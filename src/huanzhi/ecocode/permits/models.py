"""Tables of quantities by month, duties, execution reports, self-monitoring and its samples."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.db import models

from huanzhi.assess.emission.amounts import FIELDS, Amount
from huanzhi.ecocode.permits.list_models import KeyEntry, KeyList, KeyObjection
from huanzhi.ecocode.permits.reduction_models import ReductionProject, ReductionTarget
from huanzhi.ecocode.permits.settings import checked, settings
from huanzhi.ecocode.permits.standing_models import AllowanceStanding
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

OWN = Placing(region="enterprise__region__path", owner="enterprise__organisation__code", fixed="own")


class MonthAmount(models.Model):
    """What left an outlet in a month 月排放量, as reckoned from hours; sums of months are the year.

    Attributes
    ----------
    measured, substituted : int
        [mg].
    days : list of int
        What left on each day of the month that is over [mg], for forecasts.
    rules : str
        Standards and rules by which hours were put in.
    through : int
        End of the last hour that was reckoned [s UTC].
    """

    KIND: ClassVar[str] = "permit_emission"
    RIGHTS: ClassVar[Placing] = Placing(
        region="outlet__region__path", owner="outlet__enterprise__organisation__code", fixed="own"
    )

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+")
    parameter = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    measured = models.BigIntegerField(default=0)
    substituted = models.BigIntegerField(default=0)
    measured_hours = models.PositiveIntegerField(default=0)
    substituted_hours = models.PositiveIntegerField(default=0)
    missing_hours = models.PositiveIntegerField(default=0)
    stopped_hours = models.PositiveIntegerField(default=0)
    days = models.JSONField(default=list)
    rules = models.CharField(max_length=200, blank=True)
    through = models.BigIntegerField(default=0)
    simulated = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["outlet", "parameter", "year", "month"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outlet", "parameter", "year", "month"], name="permits_month_amount_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["year", "parameter"])]

    @property
    def amount(self) -> Amount:
        """Return the amount."""
        return Amount(*(getattr(self, name) for name in FIELDS))


class Duty(Record):
    """A duty with its day 义务事项: a report, a ledger, samples, a renewal.

    Attributes
    ----------
    kind : str
        Word of ``[duty]``.
    period : str
        ``2026``, ``2026Q3``, ``2026-10``.
    subject : str
        What else names it: an outlet and a parameter, a permit.
    opens, due : date
        First day on which it can be done, last day on which it is in time.
    confidence : str
        Of the day.
    standing : str
        ``open``, ``done`` or ``waived``; what it is on a day is told by `state_on`.
    """

    KIND: ClassVar[str] = "permit_duty"
    RIGHTS: ClassVar[Placing] = OWN

    code = models.CharField(max_length=120, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    permit = models.ForeignKey(Permit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    period = models.CharField(max_length=10)
    subject = models.CharField(max_length=120, blank=True)
    opens = models.DateField(null=True, blank=True)
    due = models.DateField()
    confidence = models.CharField(max_length=100, blank=True)
    standing = models.CharField(max_length=10, default="open")
    done = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=500, blank=True)
    reminded = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["due", "code"]
        indexes: ClassVar = [
            models.Index(fields=["standing", "due"]),
            models.Index(fields=["enterprise", "due"]),
            models.Index(fields=["kind", "period"]),
        ]

    def clean(self) -> None:
        """Check the words."""
        checked("duty", self.kind, "kind")

    def state_on(self, day: date) -> str:
        """Return the word of ``[state]`` that holds on a day."""
        if self.standing == "waived":
            return "waived"
        if self.standing == "done":
            return "late" if self.done is not None and self.done > self.due else "done"
        if self.due < day:
            return "missing"
        return "soon" if self.due <= day + timedelta(days=settings()["ours"]["soon_days"]) else "due"


class Report(Record):
    """An execution report 排污许可证执行报告.

    Attributes
    ----------
    sort : str
        ``report_year``, ``report_quarter`` or ``report_month``.
    rows : list
        Outlet, parameter, tonnes as written, and on submission what the monitor had measured.
    answers : dict
        Statements of the enterprise: compliance, abnormal operation, ledger, self-monitoring.
    steps : list
        What was done, in order.
    """

    KIND: ClassVar[str] = "permit_report"
    RIGHTS: ClassVar[Placing] = OWN

    code = models.CharField(max_length=60, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=20)
    period = models.CharField(max_length=10)
    due = models.DateField()
    state = models.CharField(max_length=12, default="draft")
    rows = models.JSONField(default=list, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    agreement = models.CharField(max_length=12, default="unknown")
    submitted = models.DateTimeField(null=True, blank=True)
    submitted_by = models.CharField(max_length=100, blank=True)
    reviewed = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=100, blank=True)
    review = models.CharField(max_length=2000, blank=True)
    receipt = models.CharField(max_length=64, blank=True)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due"]),
            models.Index(fields=["enterprise", "period"]),
        ]

    def clean(self) -> None:
        """Check the words."""
        checked("duty", self.sort, "sort")
        checked("report_state", self.state, "state")


class Requirement(Record):
    """A line of the self-monitoring plan 自行监测方案: what is to be sampled where, and how often."""

    KIND: ClassVar[str] = "permit_monitoring"
    RIGHTS: ClassVar[Placing] = OWN

    code = models.CharField(max_length=120, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+")
    parameter = models.CharField(max_length=40)
    frequency = models.CharField(max_length=12)
    method = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def clean(self) -> None:
        """Check the words."""
        checked("frequency", self.frequency, "frequency")


class Sample(Record):
    """A result of self-monitoring 自行监测结果, by the enterprise or its laboratory.

    Attributes
    ----------
    written : str
        The value as it was written: ``12.5``, ``<0.5``, ``0.5L``; nothing where none could be had.
    value_state : str
        ``value``, ``below_detection`` or ``missing``.
    judged : str
        ``within``, ``over`` or ``unknown`` by the limit that held on its day.
    """

    KIND: ClassVar[str] = "permit_sample"
    RIGHTS: ClassVar[Placing] = OWN

    code = models.CharField(max_length=150, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="samples")
    day = models.DateField()
    written = models.CharField(max_length=30, blank=True)
    value_state = models.CharField(max_length=16, default="value")
    unit = models.CharField(max_length=30, blank=True)
    laboratory = models.CharField(max_length=200, blank=True)
    report_number = models.CharField(max_length=100, blank=True)
    limit = models.CharField(max_length=30, blank=True)
    limit_basis = models.CharField(max_length=300, blank=True)
    judged = models.CharField(max_length=10, default="unknown")
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
        indexes: ClassVar = [models.Index(fields=["enterprise", "day"]), models.Index(fields=["judged"])]


__all__ = [
    "AllowanceStanding",
    "Duty",
    "KeyEntry",
    "KeyList",
    "KeyObjection",
    "MonthAmount",
    "ReductionProject",
    "ReductionTarget",
    "Report",
    "Requirement",
    "Sample",
]
