"""Tracing 溯源: who may have caused what a monitor saw, ranked, with the parts of each score.

Three ways, all of them simple and each of them told with its result:

* down a river: whose water came past at the time, by the travel time along the course (a tributary joins
  where its end lies near another course);
* down the wind: who stands in the sector from which the wind blew, weighted as the middle of a steady plume;
* by the balance of mass: which share of what all of them let go was whose.

A suspect is not a culprit; a score says where to look first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_DEGREE_M = 111_320.0
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class River:
    """A river from its source to its end.

    Attributes
    ----------
    course : sequence of (float, float)
        Longitudes and latitudes [degrees].
    velocity : float
        Of the water [m/s].
    """

    code: str
    name: str
    course: Sequence[tuple[float, float]]
    velocity: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a river: how far down its course [m], and how far off it [m]."""

    river: str
    along: float
    off: float


@dataclass(frozen=True, slots=True)
class Way:
    """The way of the water from one place to another: length [m] and time [s]."""

    metres: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Basin:
    """Rivers and where they join: river → (the river it joins, how far down that one [m])."""

    rivers: Mapping[str, River]
    joins: Mapping[str, tuple[str, float]]


def basin(rivers: Sequence[River], near: float) -> Basin:
    """Return rivers with their confluences: one joins another that comes within `near` [m] of its end."""
    joins: dict[str, tuple[str, float]] = {}
    for river in rivers:
        lon, lat = river.course[-1]
        others = [one for one in rivers if one.code != river.code]
        spots = [locate(one, lon, lat) for one in others]
        close = sorted((one for one in spots if one.off <= near and one.along > 0), key=lambda one: one.off)
        if close:
            joins[river.code] = (close[0].river, close[0].along)
    return Basin({one.code: one for one in rivers}, joins)


def locate(river: River, lon: float, lat: float) -> Spot:
    """Return the place on a river that is nearest to a point."""
    points = _plane(np.asarray(river.course, dtype=np.float64), lat)
    here = _plane(np.array([[lon, lat]]), lat)[0]
    begin, leg = points[:-1], np.diff(points, axis=0)
    length = np.hypot(leg[:, 0], leg[:, 1])
    share = ((here - begin) * leg).sum(axis=1) / np.where(length > 0, length**2, 1.0)
    share = np.clip(share, 0.0, 1.0)
    off = np.hypot(*(here - (begin + share[:, None] * leg)).T)
    best = int(np.argmin(off))
    along = float(length[:best].sum() + share[best] * length[best])
    return Spot(river.code, along, float(off[best]))


def nearest(known: Basin, lon: float, lat: float) -> Spot | None:
    """Return the place on the nearest river; None without rivers."""
    spots = [locate(river, lon, lat) for river in known.rivers.values()]
    return min(spots, key=lambda one: one.off) if spots else None


def way(known: Basin, source: Spot, target: Spot) -> Way | None:
    """Return the way of the water from one place to another; None where it does not flow there."""
    metres = seconds = 0.0
    river, along = source.river, source.along
    for _ in range(len(known.rivers) + 1):
        velocity = known.rivers[river].velocity
        if river == target.river:
            rest = target.along - along
            return Way(metres + rest, seconds + rest / velocity) if rest > 0 else None
        if river not in known.joins:
            return None
        rest = _length(known.rivers[river]) - along
        metres, seconds = metres + rest, seconds + rest / velocity
        river, along = known.joins[river]
    return None


def river_weight(metres: float, reach: float) -> float:
    """Return how likely a source is by its distance up a river [m], from 1 at hand to 1/e at `reach`."""
    return math.exp(-metres / reach)


def wind_weight(metres: float, turn: float, half_angle: float, reach: float) -> float:
    """Return how likely a source is by its place in the wind, from 0 to 1.

    Parameters
    ----------
    metres : float
        Distance [m].
    turn : float
        Angle between its direction and that from which the wind blew [degrees].
    half_angle : float
        Of the sector [degrees]: at its edge the weight has fallen to 1/e.
    """
    return math.exp(-((turn / half_angle) ** 2)) * math.exp(-metres / reach)


def turned(one: float, other: float) -> float:
    """Return the angle between two directions [degrees], from 0 to 180."""
    return abs((one - other + 180.0) % 360.0 - 180.0)


def bearing(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Return the direction from one place to another near by [degrees from north]."""
    east = (to_lon - lon) * math.cos(math.radians((lat + to_lat) / 2))
    return math.degrees(math.atan2(east, to_lat - lat)) % 360.0


def apart(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Return the distance of two places near by [m]."""
    east = (to_lon - lon) * math.cos(math.radians((lat + to_lat) / 2)) * _DEGREE_M
    return math.hypot(east, (to_lat - lat) * _DEGREE_M)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a source's own monitor showed at the time.

    Attributes
    ----------
    over : float or None
        Highest value as a share of its limit.
    unusual : float or None
        Highest value as a share of its usual one (median of the days before).
    silent : bool
        It should have shown something and did not.
    load : float or None
        What it let go, in any unit that all sources share.
    """

    over: float | None = None
    unusual: float | None = None
    silent: bool = False
    load: float | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of a score, each from 0 to 1; None where nothing is known of it."""

    place: float
    data: float | None
    load: float | None


def data_weight(shown: Shown, silent: float) -> float | None:
    """Return how much a source's own data speak against it; `silent` is the weight of saying nothing.

    Half its limit, or its usual value, says nothing; its limit says the half; twice its limit, or three times
    its usual value, says all.
    """
    said = []
    if shown.over is not None:
        said.append(shown.over - 0.5 if shown.over <= 1 else 0.5 + (shown.over - 1) / 2)
    if shown.unusual is not None:
        said.append((shown.unusual - 1) / 2)
    if said:
        return min(max(*said, 0.0), 1.0)
    return silent if shown.silent else None


def load_shares(loads: Sequence[float | None]) -> list[float | None]:
    """Return each source's share of what all together let go; None where that is not known."""
    whole = sum(one for one in loads if one is not None)
    return [None if one is None or whole <= 0 else one / whole for one in loads]


def score(parts: Parts, weights: Mapping[str, float]) -> float:
    """Return the score: the weighted mean of the parts that are known, drawn to the place where few are."""
    told = {"place": parts.place, "data": parts.data, "load": parts.load}
    known = {name: value for name, value in told.items() if value is not None}
    whole = sum(weights[name] for name in told)
    found = sum(weights[name] * value for name, value in known.items())
    missing = whole - sum(weights[name] for name in known)
    return round((found + missing * parts.place * 0.5) / whole, 4)


def _plane(spots: Floats, lat: float) -> Floats:
    """Return places on a plane [m]."""
    return np.asarray(spots * np.array([_DEGREE_M * math.cos(math.radians(lat)), _DEGREE_M]))


def _length(river: River) -> float:
    points = _plane(np.asarray(river.course, dtype=np.float64), river.course[0][1])
    leg = np.diff(points, axis=0)
    return float(np.hypot(leg[:, 0], leg[:, 1]).sum())
