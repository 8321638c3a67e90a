"""Wind 风场: what the stations measure, and the wind at a place between them.

Direction is where the wind comes from, clockwise from the north [degrees]. Between stations the vectors are
weighted by the inverse square of the distance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from huanzhi.atlas.geodesy import distances
from huanzhi.atlas.layers import settings
from huanzhi.atlas.seen import Rows, newest
from huanzhi.library.series import Feature, Store

SPEED, DIRECTION = "a01007", "a01008"
"""Wind speed and wind direction of HJ 524."""

PERIODS = ("hour", "*")
"""The hourly mean first, else whatever there is."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """Wind at a station.

    Attributes
    ----------
    speed : float
        [m/s].
    direction : float
        Where it comes from [degrees].
    time : int
        Start of the period [s UTC].
    """

    code: str
    name: str
    lon: float
    lat: float
    speed: float
    direction: float
    time: int
    simulated: bool = False

    @property
    def vector(self) -> tuple[float, float]:
        """Where the air goes to: east and north [m/s]."""
        angle = math.radians(self.direction)
        return -self.speed * math.sin(angle), -self.speed * math.cos(angle)


@dataclass(frozen=True, slots=True)
class Wind:
    """Wind at a place, from some stations."""

    speed: float
    direction: float
    time: int
    stations: tuple[str, ...]
    farthest: float


def arrows(store: Store, features: Sequence[Feature], at: int | None = None) -> list[Arrow]:
    """Return the wind at stations, now or at a moment; those that measured none are left out."""
    placed = [one for one in features if one.lon is not None and one.lat is not None]
    codes = [one.code for one in placed]
    back = int(settings("wind")["back"])
    for period in PERIODS if codes else ():
        rows = newest(store, codes, (SPEED, DIRECTION), period, at, back)
        found = [arrow for one in placed if (arrow := _arrow(one, rows)) is not None]
        if found:
            latest = max(arrow.time for arrow in found)
            return [arrow for arrow in found if latest - arrow.time <= back]
    return []


def _arrow(one: Feature, rows: Rows) -> Arrow | None:
    row = rows.get(one.code, {})
    speed, direction = row.get(SPEED), row.get(DIRECTION)
    if speed is None or direction is None or speed.time != direction.time:
        return None
    if speed.value is None or direction.value is None or one.lon is None or one.lat is None:
        return None
    pair = (float(speed.value), float(direction.value))
    return Arrow(one.code, one.name, one.lon, one.lat, *pair, speed.time, one.simulated)


def wind_at(lon: float, lat: float, found: Sequence[Arrow]) -> Wind | None:
    """Return the wind at a place from the nearest stations; None without any, or in a calm."""
    if not found:
        return None
    away = distances(lon, lat, [(arrow.lon, arrow.lat) for arrow in found])
    nearest = sorted(range(len(found)), key=lambda n: away[n])[: int(settings("wind")["stations"])]
    weights = [1.0 / max(float(away[n]), 1.0) ** 2 for n in nearest]
    east = sum(w * found[n].vector[0] for w, n in zip(weights, nearest, strict=True)) / sum(weights)
    north = sum(w * found[n].vector[1] for w, n in zip(weights, nearest, strict=True)) / sum(weights)
    speed = math.hypot(east, north)
    if speed < float(settings("wind")["calm"]):
        return None
    direction = math.degrees(math.atan2(-east, -north)) % 360.0
    codes = tuple(found[n].code for n in nearest)
    return Wind(speed, direction, max(found[n].time for n in nearest), codes, float(away[nearest[-1]]))
