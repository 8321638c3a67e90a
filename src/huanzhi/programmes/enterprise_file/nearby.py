"""Nearby 周边: enterprises, stations, sections, wells and sensitive places within a distance."""

from __future__ import annotations

import math
from typing import Any

from huanzhi.atlas.geodesy import distances
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Point, Section, Station, Well, Zone
from huanzhi.library.rights import Actor, visible

METRES = 5000
MOST = 200
"""Usual distance, and most places of a kind. DEFAULT, NOT FROM THE DOCUMENTS."""

KINDS: tuple[Any, ...] = (Enterprise, Station, Section, Well, Point, Zone)
_DEGREE = 111_000.0
"""Metres of a degree of latitude, to draw a box around the circle."""


def nearby(who: Actor, enterprise: Enterprise, metres: float) -> list[dict[str, Any]]:
    """Return what lies within a distance, the nearest first; nothing where the enterprise has no place."""
    if enterprise.lon is None or enterprise.lat is None:
        return []
    found = [one for model in KINDS for one in _near(who, enterprise, model, metres)]
    return sorted(found, key=lambda one: (one["metres"], one["code"]))


def _near(who: Actor, enterprise: Enterprise, model: Any, metres: float) -> list[dict[str, Any]]:
    lon, lat = float(enterprise.lon or 0), float(enterprise.lat or 0)
    tall = 1.02 * metres / _DEGREE
    wide = tall / max(0.01, math.cos(math.radians(lat)))
    boxed = model._default_manager.filter(
        lon__gte=lon - wide, lon__lte=lon + wide, lat__gte=lat - tall, lat__lte=lat + tall
    )
    rows = list(visible(who, model.KIND, boxed).order_by("code")[: 10 * MOST])
    if not rows:
        return []
    away = distances(lon, lat, [(one.lon, one.lat) for one in rows])
    inside = sorted(
        (round(float(far)), one.code, one)
        for far, one in zip(away, rows, strict=True)
        if far <= metres and not (model is Enterprise and one.pk == enterprise.pk)
    )
    return [_row(one, far) for far, _, one in inside[:MOST]]


def _row(one: Any, metres: int) -> dict[str, Any]:
    return {
        "kind": one.KIND,
        "code": one.code,
        "name": one.name,
        "sort": getattr(one, "kind", ""),
        "metres": metres,
        "lon": one.lon,
        "lat": one.lat,
        "simulated": one.simulated,
    }
