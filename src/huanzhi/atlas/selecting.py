"""Questions of place 空间查询: what lies in a box or polygon, near a point, or upwind of it.

A layer's places stand in a tree that is built once for each state of the layer. A box or polygon that crosses
the date line is cut there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.affinity import translate
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, box, shape
from shapely.geometry.base import BaseGeometry

from huanzhi.atlas.geodesy import bearings, distances, metres_by_degree, sector
from huanzhi.atlas.layers import settings
from huanzhi.atlas.places import Allowed, Place
from huanzhi.errors import InputError

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Found:
    """A place that was found.

    Attributes
    ----------
    metres : float
        Distance from the point asked about [m].
    bearing : float
        Direction from it [degrees].
    """

    place: Place
    metres: float
    bearing: float


@dataclass(frozen=True)
class Tree:
    """Places of a layer, ready for questions."""

    places: tuple[Place, ...]

    @cached_property
    def spots(self) -> npt.NDArray[np.float64]:
        """Longitudes and latitudes [degrees], shape (n, 2)."""
        pairs = [(place.lon, place.lat) for place in self.places]
        return np.array(pairs, dtype=np.float64).reshape(-1, 2)

    @cached_property
    def index(self) -> shapely.STRtree:
        """The tree itself."""
        return shapely.STRtree(shapely.points(self.spots))

    def within(self, area: BaseGeometry) -> list[Place]:
        """Return the places in a polygon or on its border."""
        return [self.places[n] for n in np.sort(self.index.query(area, predicate="intersects"))]

    def around(self, lon: float, lat: float, metres: float) -> list[Found]:
        """Return the places within a distance, nearest first."""
        near = self._near(lon, lat, metres)
        away = distances(lon, lat, self.spots[near])
        return self._found(lon, lat, near[away <= metres], away[away <= metres])

    def nearest(self, lon: float, lat: float, count: int, allowed: Allowed = lambda _: True) -> list[Found]:
        """Return the nearest places that are allowed, nearest first."""
        reach = 1000.0
        while self.places:
            near = self._near(lon, lat, reach)
            away = distances(lon, lat, self.spots[near])
            order = np.argsort(away, kind="stable")
            found = islice((n for n in order if allowed(self.places[near[n]])), count)
            chosen = np.fromiter(found, dtype=np.intp)
            if reach > _FARTHEST or np.count_nonzero(away[chosen] <= reach) >= count:
                return self._found(lon, lat, near[chosen], away[chosen])
            reach *= 4.0
        return []

    def upwind(self, lon: float, lat: float, metres: float, towards: float, half_angle: float) -> list[Found]:
        """Return the places within a distance and within an angle of a direction, nearest first."""
        found = self.around(lon, lat, metres)
        return [one for one in found if _turn(one.bearing, towards) <= half_angle or one.metres == 0.0]

    def _near(self, lon: float, lat: float, metres: float) -> Indices:
        """Return the places in a box that holds the circle."""
        return np.unique(self.index.query(circle_box(lon, lat, metres), predicate="intersects"))

    def _found(self, lon: float, lat: float, chosen: Indices, away: Any) -> list[Found]:
        order = np.argsort(away, kind="stable")
        angles = bearings(lon, lat, self.spots[chosen])
        return [Found(self.places[chosen[n]], float(away[n]), float(angles[n])) for n in order]


_FARTHEST = 2.1e7
"""Half the way around the globe and a little more [m]."""


def circle_box(lon: float, lat: float, metres: float) -> BaseGeometry:
    """Return a box that holds a circle, cut at the date line; the whole band near a pole."""
    south, north = lat - metres / 110_000.0, lat + metres / 110_000.0
    if north >= 89.0 or south <= -89.0:
        return box(-180.0, south, 180.0, north)
    wide = metres * 1.01 / metres_by_degree(max(abs(south), abs(north)))[0]
    return (
        unwrapped(box(lon - wide, south, lon + wide, north)) if wide < 180 else box(-180, south, 180, north)
    )


def unwrapped(area: BaseGeometry) -> BaseGeometry:
    """Return a shape whose longitudes may lie beyond 180 as shapes that lie within."""
    west, _, east, _ = area.bounds
    if west >= -180.0 and east <= 180.0:
        return area
    world = box(-180.0, -90.0, 180.0, 90.0)
    parts = [translate(area, xoff=turn).intersection(world) for turn in (-360.0, 0.0, 360.0)]
    return shapely.union_all(parts)


def area_of(given: Mapping[str, Any]) -> BaseGeometry:
    """Return the area of a question: ``bbox`` of four numbers, or ``polygon`` as GeoJSON geometry.

    A box whose west is east of its east, and a polygon with longitudes beyond 180, cross the date line.

    Raises
    ------
    InputError
        If there is neither or both, or what is there is no area, has too many points or crosses itself.
    """
    bbox, polygon = given.get("bbox"), given.get("polygon")
    if (bbox is None) == (polygon is None):
        raise InputError("atlas.box_or_polygon")
    return _box(bbox) if bbox is not None else _polygon(polygon or {})


def _box(numbers: Sequence[float]) -> BaseGeometry:
    if len(numbers) != 4 or not all(math.isfinite(number) for number in numbers):
        raise InputError("atlas.box", column="bbox", value=list(numbers))
    west, south, east, north = numbers
    if (
        south > north
        or not all(-180 <= lon <= 180 for lon in (west, east))
        or max(abs(south), abs(north)) > 90
    ):
        raise InputError("atlas.box", column="bbox", value=list(numbers))
    return unwrapped(box(west, south, east + (360.0 if west > east else 0.0), north))


def _polygon(given: Mapping[str, Any]) -> BaseGeometry:
    if given.get("type") not in ("Polygon", "MultiPolygon"):
        raise InputError("atlas.polygon", column="polygon", value=given.get("type"))
    try:
        found = shape(given)
        points = int(shapely.get_num_coordinates(found))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        raise InputError("atlas.polygon", column="polygon") from None
    return _sound(found, points)


def _sound(found: Polygon | MultiPolygon, points: int) -> BaseGeometry:
    most = int(settings("select")["most_points"])
    if points > most:
        raise InputError("atlas.polygon_points", column="polygon", value=points, expected=f"≤ {most}")
    if found.is_empty:
        return found
    if not np.isfinite(found.bounds).all() or max(map(abs, found.bounds[1::2])) > 90:
        raise InputError("atlas.polygon", column="polygon")
    if max(map(abs, found.bounds[::2])) > 540:
        raise InputError("atlas.polygon", column="polygon")
    if not found.is_valid:
        raise InputError("atlas.polygon_crossed", column="polygon", value=shapely.is_valid_reason(found))
    return unwrapped(found)


def upwind_area(lon: float, lat: float, metres: float, direction: float, half_angle: float) -> Polygon:
    """Return the sector that lies upwind of a place, to be drawn."""
    return sector(lon, lat, metres, direction, half_angle)


def _turn(one: float, other: float) -> float:
    """Return the angle between two directions [degrees]."""
    return abs((one - other + 180.0) % 360.0 - 180.0)
