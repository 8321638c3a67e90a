"""Tables of sightings, of the files that they came in, and of what was photographed there."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from huanzhi.center.sightings.settings import settings
from huanzhi.library.places.models import Located, Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing
from huanzhi.messages import text


class Batch(Record):
    """A file of spots 图斑批次 that was taken in whole.

    Attributes
    ----------
    source : str
        Who made it, by what: 「省遥感中心 高分六号 2026年10月」.
    datum : str
        In which its places were given; they are kept in CGCS2000.
    """

    KIND: ClassVar[str] = "sighting_batch"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=40, unique=True)
    channel = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    datum = models.CharField(max_length=20)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    taken_in = models.DateTimeField()
    taken_in_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["-taken_in", "-pk"]


class Sighting(Located):
    """A spot 图斑 or point 点位 that was seen and has to be verified in the field.

    Attributes
    ----------
    channel, state, ground : str
        Words of ``data/sightings.toml``; `ground` says why it was dismissed.
    source, ref : str
        Who saw it, and the number of the spot there; one sighting for each.
    category : str
        Category of the issue that it would be.
    parameter, value, unit : str
        What a cruise measured there.
    geometry : dict
        GeoJSON in CGCS2000; `given` is the place as the file gave it.
    person : Person
        Who is to verify it.
    issue : str
        Number of the issue that it opened.
    """

    KIND: ClassVar[str] = "sighting"

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(Batch, null=True, blank=True, on_delete=models.PROTECT, related_name="spots")
    channel = models.CharField(max_length=20, default="remote_sensing")
    source = models.CharField(max_length=200, blank=True)
    ref = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=40, default="other")
    words = models.TextField(max_length=4000, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    area_m2 = models.FloatField(null=True, blank=True)
    parameter = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    geometry = models.JSONField(null=True, blank=True)
    datum = models.CharField(max_length=20, default="cgcs2000")
    given = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=12, default="new")
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due = models.DateField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.CharField(max_length=100, blank=True)
    ground = models.CharField(max_length=20, blank=True)
    result = models.TextField(max_length=4000, blank=True)
    visit = models.JSONField(default=dict, blank=True)
    issue = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["-seen_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "region"]),
            models.Index(fields=["channel", "source"]),
            models.Index(fields=["person", "state"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "source", "ref"],
                condition=~models.Q(ref=""),
                name="sightings_sighting_ref",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def clean(self) -> None:
        """Check the words of the tables."""
        super().clean()
        for name in ("channel", "state"):
            if getattr(self, name) not in settings()[name]:
                raise ValidationError({name: text("errors.expected", expected=", ".join(settings()[name]))})


class Shot(models.Model):
    """A photo of a verification 核查照片, held to the digest that the device told."""

    sighting = models.ForeignKey(Sighting, on_delete=models.PROTECT, related_name="shots")
    client = models.CharField(max_length=40)
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
            models.UniqueConstraint(fields=["sighting", "client"], name="sightings_shot_client")
        ]

    def told_row(self) -> dict[str, Any]:
        """Return what the trail says of it."""
        return {"shot": self.client, "sha256": self.sha256, "sm3": self.sm3, "size": self.size}
