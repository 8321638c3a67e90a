"""Tables of enterprises, outlets, permits and limits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from huanzhi.library.enterprises.codes import is_credit_code
from huanzhi.library.places.models import Located, in_order
from huanzhi.messages import text


class Enterprise(Located):
    """An enterprise 企业, keyed by its unified social credit code; one of the test city by a code of its own.

    ``organisation`` is the body that it is in the eyes of rights: its own people see what is its own.
    """

    KIND: ClassVar[str] = "enterprise"

    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100, blank=True)
    industry = models.CharField(max_length=100, blank=True)
    industry_code = models.CharField(max_length=10, blank=True)
    management = models.CharField(max_length=20, blank=True)
    key_unit = models.BooleanField(default=False)
    status = models.CharField(max_length=20, default="operating")
    park = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    SENSITIVE: ClassVar[dict[str, str]] = {"contact": "own", "phone": "own"}

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [
            models.Index(fields=["region", "code"]),
            models.Index(fields=["management", "code"]),
            models.Index(fields=["name"]),
        ]

    def clean(self) -> None:
        """Check the code, unless the enterprise is simulated."""
        super().clean()
        if not self.simulated and not is_credit_code(self.code):
            raise ValidationError({"code": text("enterprises.credit_code")})


class Belonging(Located):
    """What belongs to an enterprise; region and organisation are those of the enterprise where not given."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Any = None) -> None:
        """Take from the enterprise what was not given, then check each field."""
        if self.enterprise_id is not None:
            self.region_id = self.region_id or self.enterprise.region_id
            self.organisation_id = self.organisation_id or self.enterprise.organisation_id
        super().clean_fields(exclude)


class Outlet(Belonging):
    """An outlet 排放口; `code` is the code of its feature in the observation store."""

    KIND: ClassVar[str] = "outlet"

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    medium = models.CharField(max_length=20)
    permit_number = models.CharField(max_length=40, blank=True)
    main = models.BooleanField(default=True)
    discharges_to = models.CharField(max_length=100, blank=True)
    treatment = models.CharField(max_length=200, blank=True)
    height_m = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0)])
    design_flow = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [
            models.Index(fields=["region", "code"]),
            models.Index(fields=["medium", "code"]),
        ]


class Permit(Belonging):
    """A discharge permit 排污许可证; those of one enterprise do not overlap in time."""

    KIND: ClassVar[str] = "permit"
    ONE_BY_ONE: ClassVar[bool] = True

    code = models.CharField(max_length=64, unique=True)
    authority = models.CharField(max_length=200, blank=True)
    management = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20, default="valid")
    issued = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [
            models.Index(fields=["region", "code"]),
            models.Index(fields=["valid_to", "code"]),
        ]

    def clean(self) -> None:
        """Refuse a permit beside another that holds at the same time."""
        super().clean()
        if self.enterprise_id is not None and self.status == "valid":
            apart(self, Permit.objects.filter(enterprise=self.enterprise_id, status="valid"))


class PermitLimit(Belonging):
    """A limit of a permit 许可限值 of one parameter and averaging, at one outlet or of the whole enterprise.

    ``value`` is the limit as the permit writes it, a decimal number as text; a yearly amount has ``measure``
    ``amount`` and the averaging ``year``.
    """

    KIND: ClassVar[str] = "permit_limit"
    ONE_BY_ONE: ClassVar[bool] = True

    code = models.CharField(max_length=150, unique=True, blank=True)
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="limits")
    outlet = models.ForeignKey(Outlet, null=True, blank=True, on_delete=models.PROTECT, related_name="limits")
    parameter = models.CharField(max_length=40)
    measure = models.CharField(max_length=20, default="concentration")
    averaging = models.CharField(max_length=20, blank=True)
    value = models.CharField(max_length=30)
    value_least = models.CharField(max_length=30, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    standard = models.CharField(max_length=100, blank=True)
    clause = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [
            models.Index(fields=["outlet", "parameter"]),
            models.Index(fields=["region", "code"]),
        ]

    def clean_fields(self, exclude: Any = None) -> None:
        """Take enterprise and code from what the limit is of, then check each field."""
        if self.permit_id is not None:
            self.enterprise_id = self.enterprise_id or self.permit.enterprise_id
        self.code = self.code or self.made_code()
        super().clean_fields(exclude)

    def made_code(self) -> str:
        """Return a code made of what the limit is of, for limits that nobody gave one."""
        where = self.outlet.code if self.outlet_id else "*"
        parts = (self.permit.code, where, self.parameter, self.measure[:1], self.averaging or "any")
        begun = f"@{self.valid_from:%Y%m%d}" if self.valid_from else ""
        return "/".join(parts) + begun

    def clean(self) -> None:
        """Check the numbers, whose the outlet is, and that no other limit holds at the same time."""
        super().clean()
        for field in ("value", "value_least"):
            written = getattr(self, field)
            if written and not _is_decimal(written):
                raise ValidationError({field: text("tables.expect_decimal")})
        if self.outlet_id is not None and self.outlet.enterprise_id != self.permit.enterprise_id:
            raise ValidationError({"outlet": text("enterprises.not_its_outlet")})
        same = {name: getattr(self, name) for name in ("outlet_id", "parameter", "measure", "averaging")}
        apart(self, PermitLimit.objects.filter(permit=self.permit_id, **same))


def apart(record: Located, others: Any) -> None:
    """Refuse a record whose validity overlaps that of one of `others`."""
    in_order(record.valid_from, record.valid_to)
    for other in others.exclude(pk=record.pk):
        first = max(record.valid_from or date.min, other.valid_from or date.min)
        if first < min(record.valid_to or date.max, other.valid_to or date.max):
            raise ValidationError({"valid_from": text("enterprises.overlap", code=other.code)})


def _is_decimal(written: str) -> bool:
    try:
        return Decimal(written).is_finite()
    except InvalidOperation:
        return False
