"""Issues on the map 问题上图: points where they are few, counted cells where they are many."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.db.models.functions import Floor

POINTS = 1000
"""Most points of one answer; above, cells are counted. DEFAULT, NOT FROM THE DOCUMENTS."""

CELLS = 24
"""Cells across the shorter side of the box. DEFAULT, NOT FROM THE DOCUMENTS."""

_SHOWN = ("number", "title", "state", "level", "category", "lon", "lat", "due", "simulated")


def collection(rows: Any, box: tuple[float, float, float, float], now: datetime) -> dict[str, Any]:
    """Return GeoJSON of the issues in a box: west, south, east, north [degrees].

    Where there are more than :data:`POINTS`, each feature is a cell with the ``number`` of its issues and how
    many of them are ``overdue``, at the middle of what lies in it.
    """
    west, south, east, north = box
    inside = rows.order_by().filter(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    few = list(inside.values(*_SHOWN)[: POINTS + 1])
    if len(few) <= POINTS:
        features = [_point(row, now) for row in few]
    else:
        features = _cells(inside, min(east - west, north - south) / CELLS, now)
    return {"type": "FeatureCollection", "clustered": len(few) > POINTS, "features": features}


def _cells(rows: Any, size: float, now: datetime) -> list[dict[str, Any]]:
    gridded = rows.annotate(x=Floor(F("lon") / size), y=Floor(F("lat") / size)).values("x", "y")
    counts = gridded.annotate(
        n=Count("pk"), late=Count("pk", filter=Q(due__lt=now)), lon_=Avg("lon"), lat_=Avg("lat")
    )
    return [
        _feature(row["lon_"], row["lat_"], {"number": row["n"], "overdue": row["late"]})
        for row in counts.order_by("y", "x")
    ]


def _point(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    told = {name: row[name] for name in _SHOWN if name not in ("lon", "lat", "due")}
    return _feature(row["lon"], row["lat"], {**told, "overdue": bool(row["due"] and row["due"] < now)})


def _feature(lon: float, lat: float, properties: dict[str, Any]) -> dict[str, Any]:
    spot = [round(lon, 6), round(lat, 6)]
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": spot}, "properties": properties}
