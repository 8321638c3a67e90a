"""Courses of the rivers: from a kilometre to a place, and the nearest point of a river."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from huanzhi.city.model import Place, River


def rivers(rows: Sequence[Mapping[str, Any]]) -> dict[str, River]:
    """Return the rivers by code; a tributary joins at the point of the other river nearest its end."""
    courses = {row["code"]: tuple(Place(*point) for point in row["points"]) for row in rows}
    return {row["code"]: _river(row, courses) for row in rows}


def _river(row: Mapping[str, Any], courses: Mapping[str, Sequence[Place]]) -> River:
    points = tuple(courses[row["code"]])
    joins = row.get("joins", "")
    at = nearest(courses[joins], points[-1])[0] if joins else 0.0
    return River(row["code"], row["name"], points, row["discharge"], row["velocity"], joins, at)


def distance(one: Place, other: Place) -> float:
    """Return the distance [km]."""
    return math.hypot(other.x - one.x, other.y - one.y)


def place_at(course: Sequence[Place], chainage: float) -> Place:
    """Return the place `chainage` kilometres from the source, the mouth where the river is shorter."""
    for start, end in pairwise(course):
        length = distance(start, end)
        if chainage <= length:
            share = chainage / length
            return Place(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)
        chainage -= length
    return course[-1]


def nearest(course: Sequence[Place], place: Place) -> tuple[float, float]:
    """Return kilometre and distance [km] of the point of a river that is nearest to `place`."""
    return min(_feet(course, place), key=lambda foot: foot[1])


def _feet(course: Sequence[Place], place: Place) -> Iterator[tuple[float, float]]:
    passed = 0.0
    for start, end in pairwise(course):
        length = distance(start, end)
        along = ((place.x - start.x) * (end.x - start.x) + (place.y - start.y) * (end.y - start.y)) / length
        along = min(max(along, 0.0), length)
        foot = place_at((start, end), along)
        yield passed + along, distance(place, foot)
        passed += length
