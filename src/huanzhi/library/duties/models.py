"""Tables of departments, duties and shifts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from huanzhi.library.places.models import Region, in_order
from huanzhi.library.records.model import Record
from huanzhi.messages import text


class Within(Record):
    """What lies within an organisation, in its region where no other is given."""

    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="%(class)ss"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80, unique=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["code"]

    def clean_fields(self, exclude: Any = None) -> None:
        """Take the region of the organisation where none was given, then check each field."""
        if self.organisation_id is not None:
            self.region_id = self.region_id or self.organisation.region_id
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Check the dates."""
        in_order(self.valid_from, self.valid_to)


class Department(Within):
    """A part of an organisation 内设机构."""

    KIND: ClassVar[str] = "department"

    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    phone = models.CharField(max_length=40, blank=True)

    def clean(self) -> None:
        """Check that no department lies within itself."""
        super().clean()
        above, seen = self.parent, {self.code}
        while above is not None:
            if above.code in seen:
                raise ValidationError({"parent": text("places.within_itself")})
            seen.add(above.code)
            above = above.parent


class Duty(Within):
    """What an organisation or department answers for in a region, and on what basis."""

    KIND: ClassVar[str] = "duty"

    matter = models.CharField(max_length=200)
    part = models.CharField(max_length=20, default="lead")
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    basis = models.CharField(max_length=300, blank=True)

    class Meta(Within.Meta):
        indexes: ClassVar = [models.Index(fields=["matter", "region"])]


class Shift(Within):
    """Who is on duty, on which day and in which shift."""

    KIND: ClassVar[str] = "shift"

    day = models.DateField(db_index=True)
    shift = models.CharField(max_length=20, default="day")
    part = models.CharField(max_length=20, default="officer")
    name = models.CharField(max_length=100)
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="shifts"
    )
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="shifts"
    )
    phone = models.CharField(max_length=40, blank=True)
