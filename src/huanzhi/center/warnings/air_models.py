"""Tables of heavy-pollution weather: forecasts of the AQI, and episodes with their level and times."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

_AQI = [MinValueValidator(0), MaxValueValidator(1000)]
EPISODE_STATES = ("proposed", "active", "released", "dropped")


class AirForecast(Record):
    """The AQI of a day as a forecaster expects it, or as it was observed 空气质量预报."""

    KIND: ClassVar[str] = "air_forecast"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=60, unique=True)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    low = models.PositiveSmallIntegerField(validators=_AQI)
    high = models.PositiveSmallIntegerField(validators=_AQI)
    primary = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=12, default="forecaster")
    issued = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["region", "day"], name="warnings_air_day")]


class Episode(Record):
    """An episode of heavy pollution 重污染过程: proposed by the rule, made active and ended by people.

    Attributes
    ----------
    level : str
        Yellow, orange, red; `proposed` is what the rulebook says now, which may differ from what is active.
    started, ended : datetime, optional
        Of the warning in force.
    first, last : date
        Days that are expected to be polluted.
    days : list
        Day, AQI, source, of all days that were looked at.
    """

    KIND: ClassVar[str] = "air_episode"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=40, unique=True)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="proposed")
    level = models.CharField(max_length=12, blank=True)
    proposed = models.CharField(max_length=12)
    first = models.DateField()
    last = models.DateField()
    days = models.JSONField(default=list)
    judged = models.JSONField(default=dict)
    started = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    warning = models.CharField(max_length=32, blank=True)
    measures = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-first", "-pk"]
