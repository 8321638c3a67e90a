"""Tables of places."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from huanzhi.library.records.model import Record
from huanzhi.library.rights.placing import Placing
from huanzhi.messages import text

NATION = "000000"
"""Code of the whole, whose path is empty so that everything lies below it."""


class Region(Record):
    """An administrative division 行政区划, keyed by GB/T 2260; townships and below by nine and twelve digits.

    ``path`` holds the codes from the top down, each followed by a slash, so that a subtree is a prefix.
    """

    KIND: ClassVar[str] = "region"

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=20)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=200, db_index=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def clean_fields(self, exclude: Any = None) -> None:
        """Lay the path below the parent, then check each field; that of the nation is empty."""
        above = self.parent.path if self.parent is not None else ""
        self.path = "" if self.code == NATION else f"{above}{self.code}/"
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Refuse to lie within itself, and to move while others lie below."""
        in_order(self.valid_from, self.valid_to)
        if f"{self.code}/" in self.path.removesuffix(f"{self.code}/"):
            raise ValidationError({"parent": text("places.within_itself")})
        moved = Region.objects.filter(pk=self.code).exclude(path=self.path).exists()
        if moved and Region.objects.filter(parent=self.code).exists():
            raise ValidationError({"parent": text("places.region_has_parts")})


SENSITIVITIES = [(each, each) for each in ("public", "internal", "restricted", "own")]


class Located(Record):
    """A record that lies in a region and may belong to an organisation.

    Attributes
    ----------
    organisation : Organisation, optional
        To whom it belongs; owns it in the sense of rights.
    lon, lat : float, optional
        Longitude and latitude of CGCS2000 [degrees].
    """

    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sensitivity = models.CharField(max_length=12, choices=SENSITIVITIES, default="internal")
    lon = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    lat = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    attributes = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Check what concerns several fields."""
        in_order(self.valid_from, self.valid_to)
        if (self.lon is None) != (self.lat is None):
            raise ValidationError({"lat": text("places.half_a_place")})


def in_order(begin: date | None, end: date | None) -> None:
    """Refuse dates of validity that end before they begin."""
    if begin is not None and end is not None and end <= begin:
        raise ValidationError({"valid_to": text("places.dates_reversed")})


class Place(Located):
    """Somewhere that is measured or protected; `code` is the code of its feature in the observation store."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    control_level = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [models.Index(fields=["region", "code"]), models.Index(fields=["kind", "code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Station(Place):
    """An automatic station 自动监测站, of air or water or noise."""

    KIND: ClassVar[str] = "station"

    address = models.CharField(max_length=300, blank=True)
    operator = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    built = models.DateField(null=True, blank=True)


class Section(Place):
    """A section of a river or a point of a lake 监测断面; `target` is the class that it must keep."""

    KIND: ClassVar[str] = "section"

    water_body = models.CharField(max_length=100, blank=True)
    basin = models.CharField(max_length=100, blank=True)
    target = models.CharField(max_length=10, blank=True)
    target_year = models.PositiveSmallIntegerField(null=True, blank=True)
    handover = models.BooleanField(default=False)
    chainage_km = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0)])


class SectionTarget(Record):
    """The class that a section has to keep over a time 断面水质目标, and where that is written.

    Attributes
    ----------
    valid_from, valid_to : date, optional
        First day on which it holds, first day on which it no longer does.
    """

    KIND: ClassVar[str] = "section_target"
    RIGHTS: ClassVar[Placing] = Placing(
        region="section__region__path",
        owner="section__organisation__code",
        sensitivity="section__sensitivity",
    )

    code = models.CharField(max_length=100, unique=True, blank=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="targets")
    target = models.CharField(max_length=10)
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def clean_fields(self, exclude: Any = None) -> None:
        """Make a code of section and first day where none was given, then check each field."""
        if self.section_id is not None:
            begun = f"@{self.valid_from:%Y%m%d}" if self.valid_from else ""
            self.code = self.code or f"{self.section.code}{begun}"
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Refuse a target beside another that holds at the same time."""
        in_order(self.valid_from, self.valid_to)
        for other in SectionTarget.objects.filter(section=self.section_id).exclude(pk=self.pk):
            first = max(self.valid_from or date.min, other.valid_from or date.min)
            if first < min(self.valid_to or date.max, other.valid_to or date.max):
                raise ValidationError({"valid_from": text("places.two_targets", code=other.code)})


class Well(Place):
    """A monitoring well of groundwater 地下水监测井."""

    KIND: ClassVar[str] = "well"

    aquifer = models.CharField(max_length=100, blank=True)
    depth_m = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0)])
    head_m = models.FloatField(null=True, blank=True)
    target = models.CharField(max_length=10, blank=True)


class Zone(Place):
    """A functional or protected zone 功能区、保护区, with its outline as GeoJSON."""

    KIND: ClassVar[str] = "zone"

    grade = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=10, blank=True)
    area_km2 = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0)])
    geometry = models.JSONField(null=True, blank=True)

    def clean(self) -> None:
        """Check the outline as well."""
        super().clean()
        shape: Any = self.geometry
        if shape is not None and (not isinstance(shape, dict) or shape.get("type") not in _OUTLINES):
            raise ValidationError({"geometry": text("places.no_outline")})


_OUTLINES = ("Polygon", "MultiPolygon")


class Point(Place):
    """A point of soil, sea or noise 监测点位, visited rather than built."""

    KIND: ClassVar[str] = "point"

    grade = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=10, blank=True)
