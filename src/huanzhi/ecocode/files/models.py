"""Tables of the enterprise file: officers, construction projects, verdicts of quarters."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from huanzhi.library.enterprises.models import Belonging, Enterprise, Outlet
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Placing
from huanzhi.messages import text

_OF_ENTERPRISE = Placing(
    region="enterprise__region__path", owner="enterprise__organisation__code", sensitivity="sensitivity"
)


class Officer(Belonging):
    """An environmental officer of an enterprise 企业环保员.

    Attributes
    ----------
    person : Person, optional
        Who signs in; receives what the platform tells the enterprise.
    alarms : bool
        Whether alarms and notices are addressed to this officer.
    trained, trained_hours, training : date, int, str
        The last training, its hours, and what it was about.
    """

    KIND: ClassVar[str] = "enterprise_officer"
    RIGHTS: ClassVar[Placing] = _OF_ENTERPRISE
    SENSITIVE: ClassVar[dict[str, str]] = {"phone": "own", "email": "own"}

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    post = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=100, blank=True)
    main = models.BooleanField(default=False)
    alarms = models.BooleanField(default=True)
    tasks = models.CharField(max_length=1000, blank=True)
    trained = models.DateField(null=True, blank=True)
    trained_hours = models.PositiveSmallIntegerField(default=0)
    training = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


STAGES = ("applied", "approved", "begun", "completed", "accepted", "filed", "given_up")
"""Days of a project in the order of its life."""


class Project(Belonging):
    """A construction project 建设项目 from environmental impact assessment 环评 to acceptance 竣工环保验收.

    Attributes
    ----------
    eia_class : str
        ``report`` 报告书, ``form`` 报告表 or ``registration`` 登记表.
    applied, approved, begun, completed, accepted, filed, given_up : date, optional
        The application was taken in; approved or registered; building began; ended 竣工; the report of
        acceptance was made public; entered into the national platform; the project was given up.
    """

    KIND: ClassVar[str] = "construction_project"
    RIGHTS: ClassVar[Placing] = _OF_ENTERPRISE

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    eia_class = models.CharField(max_length=20, default="form")
    authority = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=100, blank=True)
    applied = models.DateField(null=True, blank=True)
    approved = models.DateField(null=True, blank=True)
    begun = models.DateField(null=True, blank=True)
    completed = models.DateField(null=True, blank=True)
    accepted = models.DateField(null=True, blank=True)
    filed = models.DateField(null=True, blank=True)
    given_up = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse days that are not in the order of a project's life."""
        super().clean()
        days = [(name, getattr(self, name)) for name in STAGES if getattr(self, name) is not None]
        for (_, before), (name, after) in pairwise(days):
            if after < before:
                raise ValidationError({name: text("enterprise_file.stages")})


STATES = ("compliant", "exceeding", "unknown", "not_applicable")
"""Four states of a quarter 达标、超标、未知、不适用."""


class QuarterVerdict(models.Model):
    """How an outlet stood in one parameter over one quarter; reckoned, never entered.

    Attributes
    ----------
    due, valid, over, missing, stopped : int
        Days on which a limit held, of those with a valid value, beyond the limit, without one, and of
        standstill, which are not due.
    needed : int
        Valid days without which nothing is said.
    days : list
        Days beyond the limit with value, limit and how far.
    limits : list
        The limits that held, each with its dates, standard, edition, clause and confidence.
    last : date
        Last day that was judged.
    digest : str
        What the verdict was reckoned from: where it differs, it is reckoned anew.
    """

    KIND: ClassVar[str] = "quarter_verdict"
    RIGHTS: ClassVar[Placing] = Placing(
        region="region__path", owner="organisation__code", sensitivity="sensitivity"
    )

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sensitivity = models.CharField(max_length=12, default="own")
    parameter = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(validators=[MinValueValidator(1900), MaxValueValidator(2200)])
    quarter = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(4)])
    state = models.CharField(max_length=20)
    due = models.PositiveSmallIntegerField(default=0)
    valid = models.PositiveSmallIntegerField(default=0)
    over = models.PositiveSmallIntegerField(default=0)
    missing = models.PositiveSmallIntegerField(default=0)
    stopped = models.PositiveSmallIntegerField(default=0)
    needed = models.PositiveSmallIntegerField(default=0)
    days: Any = models.JSONField(default=list)
    limits: Any = models.JSONField(default=list)
    last = models.DateField(null=True)
    digest = models.CharField(max_length=64)
    reckoned = models.DateTimeField()
    store_revision = models.PositiveBigIntegerField(default=0)
    simulated = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["outlet", "parameter", "year", "quarter"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outlet", "parameter", "year", "quarter"], name="enterprise_files_one_verdict"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["enterprise", "year", "quarter"], name="enterprise_files_grid"),
            models.Index(fields=["state", "year", "quarter"], name="enterprise_files_state"),
        ]
