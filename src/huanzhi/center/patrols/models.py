"""Tables of areas, keepers, plans, patrols and what was found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from shapely.errors import ShapelyError
from shapely.geometry import shape

from huanzhi.center.patrols.settings import settings
from huanzhi.library.places.models import Located, Region, in_order
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.messages import text

OUTLINES = ("Polygon", "MultiPolygon", "LineString", "MultiLineString")


class Area(Located):
    """A grid 网格 or a reach, lake, bay, forest or circle 责任段 that somebody answers for.

    Attributes
    ----------
    category, level : str
        Words of ``data/patrols.toml``.
    parent : Area, optional
        The area in which it lies: the tree of grids.
    geometry : dict, optional
        Outline or course as GeoJSON in CGCS2000.
    covers : str
        What lies in it that has to be watched 覆盖污染源.
    """

    KIND: ClassVar[str] = "patrol_area"

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=20, default="grid")
    level = models.CharField(max_length=20, default="village")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    geometry = models.JSONField(null=True, blank=True)
    water_body = models.CharField(max_length=100, blank=True)
    covers = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [models.Index(fields=["region", "code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def clean_fields(self, exclude: Any = None) -> None:
        """Take a point within the outline where none was given, then check each field."""
        if self.geometry and self.lon is None and self.lat is None:
            spot = _shaped(self.geometry).representative_point()
            self.lon, self.lat = round(spot.x, 6), round(spot.y, 6)
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Check words, outline, and that no area lies within itself."""
        super().clean()
        _worded(self, "category", "level")
        if self.geometry is not None:
            _shaped(self.geometry)
        above, seen = self.parent, {self.code}
        while above is not None:
            if above.code in seen:
                raise ValidationError({"parent": text("places.within_itself")})
            seen.add(above.code)
            above = above.parent


class Within(Record):
    """What belongs to an area; it lies in the area's region."""

    RIGHTS: ClassVar[Placing] = Placing(region="area__region__path", owner="area__organisation__code")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="%(class)ss")
    code = models.CharField(max_length=80, unique=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["code"]

    def clean(self) -> None:
        """Check the dates."""
        in_order(self.valid_from, self.valid_to)


class Keeper(Within):
    """Who answers for an area 责任人, in which role, from when to when 任期."""

    KIND: ClassVar[str] = "patrol_keeper"

    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, default="grid")
    level = models.CharField(max_length=20, blank=True)
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Within.Meta):
        indexes: ClassVar = [models.Index(fields=["person"])]

    def clean_fields(self, exclude: Any = None) -> None:
        """Take name and level where they were not given, then check each field."""
        if not self.name and self.person is not None:
            self.name = self.person.name
        if not self.level and self.area_id is not None:
            self.level = self.area.level
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Check words and dates."""
        super().clean()
        _worded(self, "role", "level")


class Plan(Within):
    """What a keeper owes 巡查计划: so many times in each period, so long, so far.

    Attributes
    ----------
    keeper : Keeper, optional
        Who owes it; any keeper of the area may do it where nobody is named.
    per, times
        Period and how often in it.
    min_minutes, min_metres, min_gap_hours : int, optional
        What a patrol must bring to count; None asks for nothing.
    months : str
        ``3-12``; empty for the whole year.
    source : dict
        Rulebook, version, row, basis and confidence that it was made from; empty where written by hand.
    """

    KIND: ClassVar[str] = "patrol_plan"

    keeper = models.ForeignKey(Keeper, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    per = models.CharField(max_length=20, default="month")
    times = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    min_minutes = models.PositiveIntegerField(null=True, blank=True)
    min_metres = models.PositiveIntegerField(null=True, blank=True)
    min_gap_hours = models.PositiveIntegerField(null=True, blank=True)
    months = models.CharField(max_length=10, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    source = models.JSONField(default=dict, blank=True)

    class Meta(Within.Meta):
        pass

    def clean(self) -> None:
        """Check words, months and whose keeper it is."""
        super().clean()
        _worded(self, "per")
        first, _, last = self.months.partition("-")
        if self.months and not (_month(first) and _month(last or first)):
            raise ValidationError({"months": text("errors.expected", expected="3-12")})
        if self.keeper is not None and self.keeper.area_id != self.area_id:
            raise ValidationError({"keeper": text("patrols.plan_of_other")})


class Patrol(Record):
    """A patrol 巡查记录 as a device kept it, with what the platform measured of it.

    Attributes
    ----------
    client : str
        UUID that the device made; one patrol for each.
    started, ended, sent : datetime
        By the clock of the device.
    arrived, clock_s : datetime, float
        By the clock of the platform, and how far the device is ahead [s].
    track : list
        Points ``[milliseconds, longitude, latitude, accuracy]``.
    verdict : str
        ``valid``, ``invalid`` or ``unjudged``; `reasons` are message keys with their values.
    rule : dict
        What was asked for, and by which table.
    signed : dict
        ``{"way": "drawn" | "typed", "name", "statement"}``.
    """

    KIND: ClassVar[str] = "patrol"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code")

    code = models.CharField(max_length=32, unique=True)
    client = models.CharField(max_length=40, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="patrols")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="patrols")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    started = models.DateTimeField()
    ended = models.DateTimeField()
    sent = models.DateTimeField()
    arrived = models.DateTimeField()
    clock_s = models.FloatField(default=0.0)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    track = models.JSONField(default=list, blank=True)
    minutes = models.FloatField(default=0.0)
    metres = models.FloatField(default=0.0)
    points = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=12, default="unjudged")
    reasons = models.JSONField(default=list, blank=True)
    rule = models.JSONField(default=dict, blank=True)
    checklist = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    words = models.TextField(max_length=4000, blank=True)
    signed = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-started", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["area", "started"]),
            models.Index(fields=["region", "started"]),
            models.Index(fields=["person", "started"]),
            models.Index(fields=["plan", "verdict", "started"]),
        ]

    def __str__(self) -> str:
        return self.code

    def as_row(self) -> dict[str, Any]:
        """Return the stored fields; of the track only how many points it has."""
        row = super().as_row()
        return {**row, "track": len(row["track"] or [])}


class Finding(Record):
    """Something that was found 巡查发现; it opened an issue, which alone says how it goes on.

    Attributes
    ----------
    handled : bool
        Handled on the spot 现场处置 by `measures`; the issue still asks for somebody else's verification.
    issue : str
        Number of the issue.
    """

    KIND: ClassVar[str] = "patrol_finding"
    KEY: ClassVar[str] = "client"
    RIGHTS: ClassVar[Placing] = Placing(region="patrol__region__path", owner="patrol__organisation__code")

    patrol = models.ForeignKey(Patrol, on_delete=models.PROTECT, related_name="findings")
    client = models.CharField(max_length=40, unique=True)
    category = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    words = models.TextField(max_length=4000, blank=True)
    level = models.CharField(max_length=20, default="general")
    at = models.DateTimeField()
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    handled = models.BooleanField(default=False)
    measures = models.CharField(max_length=2000, blank=True)
    issue = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class Piece(models.Model):
    """A photo, signature or file 附件 of a record; its bytes come later, and are held to the digest.

    Attributes
    ----------
    told : str
        SHA-256 as the device told it; empty where the device could not count.
    sha256, sm3 : str
        As counted on arrival; empty while it is awaited.
    taken_at, arrived : datetime
        By the clock of the device, and by ours.
    """

    patrol = models.ForeignKey(Patrol, on_delete=models.PROTECT, related_name="pieces")
    finding = models.ForeignKey(
        Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="pieces"
    )
    client = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    told = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    sm3 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    arrived = models.DateTimeField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patrol", "client"], name="patrols_piece_client")
        ]


def _worded(record: Any, *names: str) -> None:
    for name in names:
        words = settings()[name]
        if getattr(record, name) not in words:
            raise ValidationError({name: text("errors.expected", expected=", ".join(words))})


def _month(written: str) -> bool:
    return written.isdigit() and 1 <= int(written) <= 12


def _shaped(geometry: Any) -> Any:
    try:
        made = shape(geometry)
        right = geometry["type"] in OUTLINES and not made.is_empty and made.is_valid
        west, south, east, north = made.bounds
        if right and -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
            return made
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        pass
    raise ValidationError({"geometry": text("patrols.geometry")})
