"""Simplifying shapes 抽稀 so that neighbours still share their borders, and points for labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from huanzhi.errors import InputError

POLYGONS = ("Polygon", "MultiPolygon")


def simplify(shapes: Sequence[BaseGeometry], tolerance: float) -> list[BaseGeometry]:
    """Return shapes with fewer points.

    Polygons are simplified together as a coverage: a border of two is one line in both, before and after.
    Lines are simplified each alone, points stay.

    Parameters
    ----------
    tolerance : float
        [degrees]; about the longest way that a border moves. 0 changes nothing.

    Raises
    ------
    InputError
        If the tolerance is negative or not a number.
    """
    if not tolerance >= 0:
        raise InputError("atlas.tolerance", value=tolerance, expected="≥ 0")
    if tolerance == 0 or not shapes:
        return list(shapes)
    areas = np.array([one.geom_type in POLYGONS for one in shapes])
    whole = np.array(shapes, dtype=object)
    done = np.array(shapes, dtype=object)
    done[areas] = shapely.coverage_simplify(whole[areas], tolerance)
    done[~areas] = shapely.simplify(whole[~areas], tolerance, preserve_topology=True)
    # A polygon smaller than the tolerance collapses; it keeps its own shape.
    return [new if not new.is_empty else old for old, new in zip(shapes, done, strict=True)]


def label_point(shape: BaseGeometry) -> tuple[float, float]:
    """Return the one point where a name is written: within the largest part, halfway along a line."""
    parts = shapely.get_parts(shape)
    if shape.geom_type in POLYGONS:
        spot = max(parts, key=lambda part: part.area).representative_point()
    elif shape.geom_type in ("LineString", "MultiLineString"):
        longest = max(parts, key=lambda part: part.length)
        spot = longest.interpolate(0.5, normalized=True)
    else:
        spot = shape.representative_point()
    return float(spot.x), float(spot.y)
