"""Contours 等值面: bands of an index between stations, by inverse distance weighting 反距离加权.

For orientation only: nothing was measured between the stations. The bands are those of the official levels,
open at both ends, and cut to the district.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from contourpy import FillType, contour_generator
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from huanzhi.atlas.geodesy import metres_by_degree

Floats = npt.NDArray[np.float64]

FEWEST = 3
"""Stations that a contour needs. DEFAULT, NOT FROM THE DOCUMENTS."""

BEYOND = 1e9
"""Stands for no end of a band."""


@dataclass(frozen=True, slots=True)
class Method:
    """How values are interpolated.

    Attributes
    ----------
    nearest : int
        Stations that give the value of a cell.
    power : float
        Power of the distance.
    cells : int
        Cells along the longer side.
    """

    nearest: int
    power: float
    cells: int


def bands(
    spots: npt.ArrayLike, values: npt.ArrayLike, edges: Sequence[float], area: BaseGeometry, method: Method
) -> list[BaseGeometry]:
    """Return the bands of interpolated values within an area.

    Parameters
    ----------
    spots : array_like of float, shape (n, 2)
        Longitudes and latitudes [degrees].
    values : array_like of float, shape (n,)
        NaN where missing; such a station is left out.
    edges : sequence of float, length m
        Where one band ends and the next begins, rising.

    Returns
    -------
    list of shapely geometry, length m + 1
        Lowest band first, empty where no cell falls into it; all empty with fewer than :data:`FEWEST` values.
    """
    places, known = np.asarray(spots, dtype=np.float64).reshape(-1, 2), np.asarray(values, dtype=np.float64)
    there = np.isfinite(known)
    if np.count_nonzero(there) < FEWEST or area.is_empty:
        return [Polygon()] * (len(edges) + 1)
    x, y = _axes(area, method.cells)
    grid = interpolated(places[there], known[there], x, y, method)
    drawn = contour_generator(x=x, y=y, z=grid, fill_type=FillType.OuterOffset)
    ends = [-BEYOND, *edges, BEYOND]
    return [_band(drawn, low, high, area) for low, high in pairwise(ends)]


def interpolated(spots: Floats, values: Floats, x: Floats, y: Floats, method: Method) -> Floats:
    """Return values at the crossings of two axes, shape (len(y), len(x))."""
    scale = np.array(metres_by_degree(float(y.mean())))
    cells = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2) * scale
    away = np.linalg.norm(cells[:, None] - spots * scale, axis=2)
    count = min(method.nearest, len(values))
    near = np.argpartition(away, count - 1, axis=1)[:, :count]
    weights = 1.0 / np.maximum(np.take_along_axis(away, near, axis=1), 1.0) ** method.power
    found = (weights * values[near]).sum(axis=1) / weights.sum(axis=1)
    return np.asarray(found.reshape(y.size, x.size))


def _axes(area: BaseGeometry, cells: int) -> tuple[Floats, Floats]:
    west, south, east, north = area.bounds
    step = max(east - west, north - south) / cells
    wide, high = (max(2, math.ceil(length / step)) for length in (east - west, north - south))
    return np.linspace(west, east, wide + 1), np.linspace(south, north, high + 1)


def _band(drawn: object, low: float, high: float, area: BaseGeometry) -> BaseGeometry:
    points, offsets = drawn.filled(low, high)  # type: ignore[attr-defined]
    parts = [
        Polygon(rings[0], rings[1:])
        for spots, ends in zip(points, offsets, strict=True)
        if (rings := [spots[a:b] for a, b in pairwise(ends)])
    ]
    return shapely.make_valid(shapely.union_all(parts)).intersection(area)
