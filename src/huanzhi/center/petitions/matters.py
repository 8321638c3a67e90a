"""Matters 事项: which petitions are on the same matter, how often it is told, and where 热点."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from huanzhi.center.issues.likeness import Seen, compare
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.settings import settings, table

_DEGREE_M = 111_320.0
MOST = 200


def alike(petition: Petition, rows: Any) -> list[tuple[Petition, float]]:
    """Return the open petitions of `rows` that may be on the same matter, the likeliest first."""
    known = settings()["alike"]
    since = petition.received - timedelta(days=known["window_days"])
    near = _near(petition, known["radius_m"] * 4)
    states = [*table().open_states(), "replied"]
    found = rows.filter(near, received__gte=since, state__in=states).exclude(pk=petition.pk)
    seen = _seen(petition)
    scored = [(other, compare(seen, _seen(other)).score) for other in found.order_by("-received")[:MOST]]
    best = sorted((one for one in scored if one[1] >= known["propose"]), key=lambda one: -one[1])
    return best[: known["most"]]


def _near(petition: Petition, metres: float) -> Q:
    near = Q(region=petition.region, category=petition.category)
    if petition.enterprise:
        near |= Q(enterprise=petition.enterprise)
    if petition.lon is not None and petition.lat is not None:
        span = metres / _DEGREE_M
        lon, lat = petition.lon, petition.lat
        near |= Q(lon__range=(lon - 2 * span, lon + 2 * span), lat__range=(lat - span, lat + span))
    return near


def _seen(petition: Petition) -> Seen:
    words = f"{petition.title} {petition.where} {petition.target} {petition.words}"
    place = petition.where
    return Seen(
        petition.category, words, petition.received, place, petition.enterprise, petition.lon, petition.lat
    )


def hot_spots(rows: Any, now: datetime) -> list[dict[str, Any]]:
    """Return where petitions gather: cells of the declared radius with at least so many, the most first.

    Parameters
    ----------
    rows : queryset
        Petitions that the reader may see.
    """
    known = settings()["hot"]
    since = now - timedelta(days=known["window_days"])
    span = known["radius_m"] / _DEGREE_M
    cells: dict[tuple[int, int, str], list[Petition]] = defaultdict(list)
    found = rows.filter(received__gte=since, lon__isnull=False, lat__isnull=False).select_related("region")
    for one in found.iterator():
        cells[(round(one.lon / span), round(one.lat / span), one.category)].append(one)
    held = [_spot(key, members) for key, members in cells.items() if len(members) >= known["least"]]
    return sorted(held, key=lambda one: (-one["number"], one["category"]))


def _spot(key: tuple[int, int, str], members: list[Petition]) -> dict[str, Any]:
    first, count = members[0], len(members)
    return {
        "category": key[2],
        "number": count,
        "open": sum(one.is_open for one in members),
        "again": sum(one.again > 1 for one in members),
        "region": first.region_id,
        "region_name": first.region.name,
        "enterprise": next((one.enterprise for one in members if one.enterprise), ""),
        "target": next((one.target for one in members if one.target), ""),
        "lon": round(sum(one.lon or 0 for one in members) / count, 5),
        "lat": round(sum(one.lat or 0 for one in members) / count, 5),
        "petitions": [one.number for one in members][:20],
    }
