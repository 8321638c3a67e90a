"""Datums 坐标系: GCJ-02 火星坐标 and BD-09 百度坐标 to CGCS2000 国家大地坐标系 and back.

CGCS2000 and WGS-84 differ by centimetres and are one here. GCJ-02 shifts a place by a sum of sines of its
longitude and latitude; nobody has published an inverse, so it is found by fixed-point iteration, which
converges because the shift changes slowly with the place. BD-09 is a second, small twist on GCJ-02.

Only within :data:`CHINA_BOX` is anything shifted. On the few hundred metres just outside its edge the inverse
is not unique: a place there may also be the shifted image of one inside.

References
----------
.. [1] googollee/eviltransform (MIT), the published form of the shift, its constants and its box.
.. [2] "Restrictions on geographic data in China", Wikipedia, sections GCJ-02 and BD-09.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from huanzhi.errors import InputError

Floats = npt.NDArray[np.float64]

CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north [degrees] of where GCJ-02 shifts."""

CLOSE = 1e-10
"""The inverse is iterated until forward of it is this near [degrees]."""

MOST_STEPS = 30

REACH = 0.02
"""No place is shifted farther than this [degrees]."""

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_TWIST = np.pi * 3000.0 / 180.0
_NORTH = ((20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))
_EAST = ((20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))


class Datum(StrEnum):
    """In which system a file gives its places."""

    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_cgcs2000(places: npt.ArrayLike, datum: Datum | str) -> Floats:
    """Return places in CGCS2000.

    Parameters
    ----------
    places : array_like of float, shape (n, 2)
        Longitude and latitude [degrees] in `datum`. NaN stays NaN.

    Returns
    -------
    ndarray of float, shape (n, 2)

    Raises
    ------
    InputError
        If there is no such datum.
    """
    spots = _spots(places)
    if _known(datum) is Datum.CGCS2000:
        return spots
    shift = _to_gcj02 if _known(datum) is Datum.GCJ02 else _to_bd09
    return _undone(spots, shift)


def from_cgcs2000(places: npt.ArrayLike, datum: Datum | str) -> Floats:
    """Return places of CGCS2000 in another datum; see `to_cgcs2000`."""
    spots = _spots(places)
    if _known(datum) is Datum.CGCS2000:
        return spots
    near = _in_china(spots)
    spots[near] = (_to_gcj02 if _known(datum) is Datum.GCJ02 else _to_bd09)(spots[near])
    return spots


def _known(datum: Datum | str) -> Datum:
    if datum not in list(Datum):
        raise InputError("atlas.datum", value=datum, expected=", ".join(Datum))
    return Datum(datum)


def _spots(places: npt.ArrayLike) -> Floats:
    return np.array(places, dtype=np.float64).reshape(-1, 2)


def _in_china(spots: Floats, beyond: float = 0.0) -> npt.NDArray[np.bool_]:
    west, south, east, north = CHINA_BOX
    low, high = np.array([west, south]) - beyond, np.array([east, north]) + beyond
    return np.asarray(((spots >= low) & (spots <= high)).all(axis=1))


def _undone(spots: Floats, shift: Callable[[Floats], Floats]) -> Floats:
    """Return the places whose shifted images are `spots`; those outside China as they are."""
    near = _in_china(spots, REACH)
    found = spots[near]
    for _ in range(MOST_STEPS):
        miss = shift(found) - spots[near]
        found = found - miss
        if not np.any(np.abs(miss) > CLOSE):
            break
    whole = spots.copy()
    whole[near] = np.where(_in_china(found)[:, None], found, spots[near])
    return whole


def _to_gcj02(spots: Floats) -> Floats:
    lon, lat = spots[:, 0], spots[:, 1]
    east, north = _offsets(lon - 105.0, lat - 35.0)
    angle = np.radians(lat)
    curve = 1.0 - _ECCENTRICITY * np.sin(angle) ** 2
    by_lat = 180.0 / (np.pi * _AXIS * (1.0 - _ECCENTRICITY) / (curve * np.sqrt(curve)))
    by_lon = 180.0 / (np.pi * _AXIS * np.cos(angle) / np.sqrt(curve))
    return np.stack([lon + east * by_lon, lat + north * by_lat], axis=1)


def _offsets(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the shift to the east and to the north [m]."""
    root, both = np.sqrt(np.abs(x)), (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    north = north + (2.0 / 3.0) * (both + _waves(y, _NORTH))
    east = east + (2.0 / 3.0) * (both + _waves(x, _EAST))
    return east, north


def _waves(along: Floats, parts: tuple[tuple[float, float], ...]) -> Floats:
    """Return a sum of sines, each with a height and a divisor of the half turn."""
    return np.asarray(sum(height * np.sin(along * np.pi / divisor) for height, divisor in parts))


def _to_bd09(spots: Floats) -> Floats:
    lon, lat = _to_gcj02(spots).T
    reach = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _TWIST)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _TWIST)
    return np.stack([reach * np.cos(angle) + 0.0065, reach * np.sin(angle) + 0.006], axis=1)
