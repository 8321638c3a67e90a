"""What the library knows of a place that is warned about: whose it is, and in which region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huanzhi.center.watching.facts import Facts, Watched
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.places.models import Point, Region, Section, Station, Well

_TABLES: tuple[Any, ...] = (Outlet, Station, Section, Well, Point)


@dataclass(frozen=True, slots=True)
class Where:
    """A place as a warning shows it; `region` is None where the library does not know it."""

    name: str
    enterprise: str
    organisation: str
    region: Region | None
    lon: float | None
    lat: float | None
    simulated: bool


def where(code: str, facts: Facts) -> Where:
    """Return what is known of a place or of an enterprise by its code."""
    watched = facts.places.get(code)
    row = _row(code)
    owner = _owner(code, watched, row)
    near = row or owner
    return Where(
        name=getattr(near, "name", "") or (watched.name if watched else code),
        enterprise=owner.code if owner else (watched.enterprise if watched else ""),
        organisation=_organisation(row) or _organisation(owner),
        region=getattr(near, "region", None),
        lon=watched.lon if watched else getattr(near, "lon", None),
        lat=watched.lat if watched else getattr(near, "lat", None),
        simulated=bool((watched and watched.simulated) or (near is not None and near.simulated)),
    )


def _row(code: str) -> Any:
    rows = (table._default_manager.filter(code=code).first() for table in _TABLES)
    return next((row for row in rows if row is not None), None)


def _owner(code: str, watched: Watched | None, row: Any) -> Any:
    owner = getattr(row, "enterprise", None)
    wanted = watched.enterprise if watched and watched.enterprise else code
    return owner or Enterprise._default_manager.filter(code=wanted).first()


def _organisation(row: Any) -> str:
    found = getattr(row, "organisation", None)
    return found.code if found is not None else ""
