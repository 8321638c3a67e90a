"""Tracks 轨迹: how far and how long somebody went, from the points that a device recorded.

A phone scatters its points: one that is uncertain, or that nobody on foot or wheels could have reached, is
left out, and standing still must not add up to a way. What is left out is counted, so that a verdict can say
so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_AXIS = 6378137.0
_FLATTENING = 1 / 298.257222101
_E2 = _FLATTENING * (2 - _FLATTENING)


@dataclass(frozen=True, slots=True)
class Limits:
    """What of a track is believed.

    Attributes
    ----------
    accuracy_m : float
        A point less certain than this is left out [m].
    speed_ms : float
        A point that would ask for more than this is left out [m/s].
    still_m : float
        A step shorter than this is standing still [m].
    """

    accuracy_m: float
    speed_ms: float
    still_m: float


@dataclass(frozen=True, slots=True)
class Track:
    """A measured track.

    Attributes
    ----------
    metres, seconds : float
        Way, and time between the first and the last point that count.
    used, left_out : int
        Points that count, and that do not.
    gap_s : float
        The longest time between two points that count [s].
    kept : ndarray of bool, shape (n,)
        Which points count.
    """

    metres: float
    seconds: float
    used: int
    left_out: int
    gap_s: float
    kept: npt.NDArray[np.bool_]


def steps(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
    """Return the lengths between neighbouring points on the ellipsoid of CGCS2000.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        Degrees. For steps of up to some kilometres the error is below a millionth.

    Returns
    -------
    ndarray of float, shape (n - 1,)
        Lengths [m]; empty for less than two points.
    """
    east, north = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
    middle = (north[1:] + north[:-1]) / 2
    bent = 1 - _E2 * np.sin(middle) ** 2
    across = _AXIS / np.sqrt(bent) * np.cos(middle) * np.diff(east)
    along = _AXIS * (1 - _E2) / bent**1.5 * np.diff(north)
    lengths: Floats = np.hypot(across, along)
    return lengths


def measure(
    seconds: npt.ArrayLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    accuracy: npt.ArrayLike,
    limits: Limits,
) -> Track:
    """Measure a track.

    Parameters
    ----------
    seconds : array_like of float, shape (n,)
        Times, rising; a point that is not later than the one before is left out.
    lon, lat : array_like of float, shape (n,)
        Degrees; NaN is left out.
    accuracy : array_like of float, shape (n,)
        Radius within which the device believes to be [m]; NaN where it did not say counts as certain.
    limits : Limits

    Returns
    -------
    Track
        All zero where less than two points count.
    """
    at, east, north = (np.asarray(each, float) for each in (seconds, lon, lat))
    unsure = np.asarray(accuracy, float) > limits.accuracy_m
    kept = np.isfinite(at) & np.isfinite(east) & np.isfinite(north) & ~unsure
    last = -1
    for place in np.flatnonzero(kept).tolist():
        if last >= 0 and not _reachable(at, east, north, last, place, limits):
            kept[place] = False
        else:
            last = place
    used = int(kept.sum())
    if used < 2:
        return Track(0.0, 0.0, used, len(at) - used, 0.0, kept)
    times = at[kept]
    way = _way(east[kept], north[kept], limits.still_m)
    return Track(way, float(times[-1] - times[0]), used, len(at) - used, float(np.diff(times).max()), kept)


def _reachable(at: Floats, east: Floats, north: Floats, one: int, other: int, limits: Limits) -> bool:
    passed = at[other] - at[one]
    if passed <= 0:
        return False
    pair = [one, other]
    return bool(steps(east[pair], north[pair])[0] <= limits.speed_ms * passed + limits.still_m)


def _way(east: Floats, north: Floats, still: float) -> float:
    """Return the length over those points that lie far enough from the last one counted."""
    total, last = 0.0, 0
    for place in range(1, len(east)):
        pair = [last, place]
        step = float(steps(east[pair], north[pair])[0])
        if step >= still:
            total, last = total + step, place
    return total
