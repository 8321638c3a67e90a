"""Places 点位 on the map: features of the store, told by the typed registers where they stand and to whom.

What a register says of a place (name, position, control level, region, owner, sensitivity) comes before what
the store says of its feature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from django.apps import apps

from huanzhi.atlas.layers import Layer
from huanzhi.library.rights import Actor, Thing, may
from huanzhi.library.series import Feature

Allowed = Callable[["Place"], bool]

_TABLES: Mapping[str, tuple[str, ...]] = {
    "station": ("places.Station",),
    "section": ("places.Section",),
    "well": ("places.Well",),
    "point": ("places.Point",),
    "outlet": ("enterprises.Outlet",),
    "enterprise": ("enterprises.Enterprise",),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere that a layer shows.

    Attributes
    ----------
    lon, lat : float
        CGCS2000 [degrees].
    path : str
        Path of its region; empty where not known.
    owner : str
        Code of the organisation, or of the enterprise, to whom it belongs.
    control : str
        Control level 控制级别.
    features : tuple of str
        Codes of the features whose values it shows.
    """

    code: str
    name: str
    kind: str
    lon: float
    lat: float
    path: str = ""
    owner: str = ""
    control: str = ""
    sensitivity: str = ""
    simulated: bool = False
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Business:
    """What the registers say, as of an entry of the trail.

    Attributes
    ----------
    revision : str
        Digest of that entry.
    rows : mapping
        Kind of record → code → what the register says.
    paths : mapping
        Region code → path.
    """

    revision: str
    rows: Mapping[str, Mapping[str, Mapping[str, Any]]]
    paths: Mapping[str, str]

    def path(self, region: str) -> str:
        """Return the path of a region; of one that is not in the tree a path that is in no subtree."""
        return self.paths.get(region) or (f"{region}/" if region else "")


def business() -> Business:
    """Return what the registers say now; read again only when the trail has grown."""
    entries = apps.get_model("trail.Entry").objects.order_by("-seq")
    return _business(entries.values_list("digest", flat=True).first() or "")


@lru_cache(maxsize=2)
def _business(revision: str) -> Business:
    regions = apps.get_model("places.Region").objects
    rows = {kind: dict(_rows(names)) for kind, names in _TABLES.items()}
    return Business(revision, MappingProxyType(rows), dict(regions.values_list("code", "path")))


def _rows(names: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in names:
        label, _, model = name.partition(".")
        if not apps.is_installed(f"huanzhi.library.{label}"):
            continue
        table = apps.get_model(label, model)
        fields = ["code", "name", "lon", "lat", "sensitivity", "simulated"]
        has_level = any(field.name == "control_level" for field in table._meta.concrete_fields)
        fields += ["control_level"] if has_level else []
        rows = table._default_manager.values(*fields, "region__path", "organisation__code")
        yield from ((row["code"], row) for row in rows)


def place_of(feature: Feature, layer: Layer, known: Business) -> Place | None:
    """Return the place of a feature; None where nobody knows its position."""
    row = known.rows.get(layer.right, {}).get(feature.code, {})
    lon, lat = (row.get("lon"), row.get("lat")) if row.get("lon") is not None else (feature.lon, feature.lat)
    if lon is None or lat is None:
        return None
    owner = str(feature.attributes.get("enterprise", ""))
    return Place(
        code=feature.code,
        name=row.get("name") or feature.name,
        kind=feature.kind,
        lon=lon,
        lat=lat,
        path=row.get("region__path") or known.path(feature.region_code),
        owner=row.get("organisation__code") or owner,
        control=row.get("control_level") or layer.control or str(feature.attributes.get("control", "")),
        sensitivity=row.get("sensitivity") or layer.sensitivity,
        simulated=feature.simulated,
        features=(feature.code,),
    )


def enterprises(known: Business, layer: Layer, outlets: Sequence[Feature]) -> Iterator[Place]:
    """Go through the enterprises of the register, each with its outlets."""
    by_owner: dict[str, list[str]] = {}
    for outlet in outlets:
        by_owner.setdefault(str(outlet.attributes.get("enterprise", "")), []).append(outlet.code)
    for code, row in known.rows.get("enterprise", {}).items():
        if row["lon"] is not None:
            yield Place(
                code=code,
                name=row["name"],
                kind="enterprise",
                lon=row["lon"],
                lat=row["lat"],
                path=row["region__path"] or "",
                owner=row["organisation__code"] or code,
                sensitivity=row["sensitivity"] or layer.sensitivity,
                simulated=row["simulated"],
                features=tuple(by_owner.get(code, ())),
            )


def reading(actor: Actor, layer: Layer) -> Allowed:
    """Return the question whether `actor` may read a place of a layer."""

    @cache
    def decided(path: str, owner: str, sensitivity: str) -> bool:
        return may(actor, "read", Thing(layer.right, path, owner, sensitivity)).allowed

    return lambda place: decided(place.path, place.owner, place.sensitivity or layer.sensitivity)
