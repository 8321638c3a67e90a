"""Distances 距离 between places on the ellipsoid, by Vincenty's inverse solution [m]."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
A, F = 6_378_137.0, 1 / 298.257222101
"""Half axis [m] and flattening of CGCS2000."""
STEPS = 60


def matrix(lons: npt.ArrayLike, lats: npt.ArrayLike) -> Floats:
    """Return the geodesic distance of each pair of places.

    Parameters
    ----------
    lons, lats : array_like of float, shape (n,)
        Places of CGCS2000 [degrees], not on opposite sides of the earth.

    Returns
    -------
    ndarray of float, shape (n, n)
        [m]

    References
    ----------
    .. [1] T. Vincenty (1975), Survey Review 23(176), 88-93.
    """
    lon, lat = np.radians(np.asarray(lons, float)), np.radians(np.asarray(lats, float))
    b = A * (1 - F)
    reduced = np.arctan((1 - F) * np.tan(lat))
    s1, c1 = np.sin(reduced)[:, None], np.cos(reduced)[:, None]
    s2, c2 = np.sin(reduced)[None, :], np.cos(reduced)[None, :]
    apart = lon[None, :] - lon[:, None]
    turned = apart
    for _ in range(STEPS):
        sin_turned, cos_turned = np.sin(turned), np.cos(turned)
        sin_s = np.hypot(c2 * sin_turned, c1 * s2 - s1 * c2 * cos_turned)
        cos_s = s1 * s2 + c1 * c2 * cos_turned
        sigma = np.arctan2(sin_s, cos_s)
        sin_a = np.divide(c1 * c2 * sin_turned, sin_s, out=np.zeros_like(sin_s), where=sin_s > 0)
        cos2_a = 1 - sin_a**2
        middle = cos_s - np.divide(2 * s1 * s2, cos2_a, out=np.zeros_like(cos2_a), where=cos2_a > 1e-15)
        c = F / 16 * cos2_a * (4 + F * (4 - 3 * cos2_a))
        turn = sigma + c * sin_s * (middle + c * cos_s * (2 * middle**2 - 1))
        turned, before = apart + (1 - c) * F * sin_a * turn, turned
        if np.max(np.abs(turned - before), initial=0.0) < 1e-12:
            break
    u2 = cos2_a * (A**2 - b**2) / b**2
    big_a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    big_b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    inner = cos_s * (2 * middle**2 - 1) - big_b / 6 * middle * (4 * sin_s**2 - 3) * (4 * middle**2 - 3)
    delta = big_b * sin_s * (middle + big_b / 4 * inner)
    return np.asarray(b * big_a * (sigma - delta), dtype=np.float64)
