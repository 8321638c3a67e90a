"""Places 点位 on the map: features of the store, told by the typed registers where they stand and to whom.

What a register says of a place (name, position, control level, region, owner, sensitivity) comes before what
the store says of its feature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from django.apps import apps
from shapely.errors import ShapelyError
from shapely.geometry import shape

from huanzhi.atlas.layers import Layer, layer
from huanzhi.atlas.simplify import label_point
from huanzhi.library.rights import Actor, Thing, may
from huanzhi.library.series import Feature

Allowed = Callable[["Place"], bool]

REGISTER = "register:"
"""Begins the codes of the layers, and of the kinds, of declared registers."""

_bringing: dict[str, Callable[[], Iterable[Place]]] = {}
_brought: dict[str, list[Place]] = {}


def bring(name: str, places: Callable[[], Iterable[Place]]) -> None:
    """Let another room bring the places of the layers whose source names them."""
    _bringing[name] = places


def freshen(name: str) -> None:
    """Let a room bring its places anew; it may ask the business database."""
    if name in _bringing:
        _brought[name] = list(_bringing[name]())


def brought(name: str) -> list[Place]:
    """Return the places as a room brought them last; none where nobody did."""
    return _brought.get(name, [])


_FIELDS = ("code", "name", "lon", "lat", "sensitivity", "simulated", "region__path", "organisation__code")
_SOME = ("control_level", "geometry", "due")

_TABLES: Mapping[str, tuple[str, str]] = {
    "station": ("places", "Station"),
    "section": ("places", "Section"),
    "well": ("places", "Well"),
    "point": ("places", "Point"),
    "outlet": ("enterprises", "Outlet"),
    "enterprise": ("enterprises", "Enterprise"),
    "zone": ("places", "Zone"),
    "patrol_area": ("patrols", "Area"),
    "sighting": ("sightings", "Sighting"),
}

_WITHIN: Mapping[str, Mapping[str, Any]] = {"sighting": {"state__in": ("new", "assigned", "confirmed")}}
"""Which rows of a table are shown, where not all are."""

_SHOWN = frozenset((*_TABLES, "region", "organisation"))
"""Kinds of records that change what the map shows, besides registers."""


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
    outline : mapping, optional
        GeoJSON geometry of what is more than a point.
    due : date, optional
        Date by which something is due there.
    level, short : int, str
        Class that the room which brought it gives it, and what stands in its mark.
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
    outline: Mapping[str, Any] | None = None
    due: date | None = None
    level: int = 0
    short: str = ""


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
    registers : mapping
        Code of a declared register that has a place on the map → its declaration.
    """

    revision: str
    rows: Mapping[str, Mapping[str, Mapping[str, Any]]]
    paths: Mapping[str, str]
    registers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def path(self, region: str) -> str:
        """Return the path of a region; of one that is not in the tree a path that is in no subtree."""
        return self.paths.get(region) or (f"{region}/" if region else "")


def business() -> Business:
    """Return what the registers say now; read again only when the trail tells of a change to them."""
    entries = apps.get_model("trail", "Entry").objects
    last = entries.order_by("-seq").values_list("seq", "digest").first() or (0, "")
    held = _held.get("last")
    if held is not None and (held.entry == last or _untouched(entries, held.entry)):
        known = held.known
    else:
        known = _business(last[1])
    _held["last"] = Held(last, known)
    return known


@dataclass(frozen=True)
class Held:
    """What was read, and the last entry of the trail (number, digest) for which it holds."""

    entry: tuple[int, str]
    known: Business


_held: dict[str, Held] = {}


def _untouched(entries: Any, since: tuple[int, str]) -> bool:
    """Return whether the trail goes on from an entry without a change to what the map shows."""
    seq, digest = since
    if not entries.filter(seq=seq, digest=digest).exists():
        return False
    kinds = entries.filter(seq__gt=seq).exclude(action="read").values_list("kind", flat=True).distinct()
    return not any(kind in _SHOWN or kind.startswith("register") for kind in kinds)


def _business(revision: str) -> Business:
    regions = apps.get_model("places", "Region").objects
    rows = {kind: dict(_rows(*names, **_WITHIN.get(kind, {}))) for kind, names in _TABLES.items()}
    declared = _registers()
    for code in declared:
        rows[f"{REGISTER}{code}"] = dict(_rows("registers", "RegisterEntry", register__code=code))
    return Business(revision, MappingProxyType(rows), dict(regions.values_list("code", "path")), declared)


def _registers() -> dict[str, Mapping[str, Any]]:
    """Return the declarations of the registers that have a place on the map."""
    if not apps.is_installed("huanzhi.library.registers"):
        return {}
    rows = apps.get_model("registers", "Register").objects.values_list("code", "schema")
    return {code: schema for code, schema in rows if schema.get("x-geometry")}


def _rows(room: str, model: str, **within: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if any(apps.is_installed(f"huanzhi.{floor}.{room}") for floor in ("library", "center")):
        table = apps.get_model(room, model)
        there = {each.name for each in table._meta.concrete_fields}
        fields = [*_FIELDS, *(each for each in _SOME if each in there)]
        rows = table._default_manager.filter(**within).values(*fields)
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


def tabled(known: Business, layer: Layer) -> Iterator[Place]:
    """Go through the places of a typed table or of a declared register that have a position."""
    for code, row in known.rows.get(layer.right, {}).items():
        outline = row.get("geometry")
        spot = (row["lon"], row["lat"]) if row["lon"] is not None else _label(outline)
        if spot is not None:
            yield Place(
                code=code,
                name=row["name"],
                kind=layer.right,
                lon=spot[0],
                lat=spot[1],
                path=row["region__path"] or "",
                owner=row["organisation__code"] or "",
                control=row.get("control_level") or "",
                sensitivity=row["sensitivity"] or layer.sensitivity,
                simulated=row["simulated"],
                outline=outline,
                due=row.get("due"),
            )


def _label(outline: Mapping[str, Any] | None) -> tuple[float, float] | None:
    try:
        return label_point(shape(outline)) if outline else None
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


def layer_in(code: str, known: Business) -> Layer:
    """Return a layer, declared here or by a register.

    Raises
    ------
    InputError
        If there is none of that code.
    """
    declared = known.registers.get(code.removeprefix(REGISTER)) if code.startswith(REGISTER) else None
    return layer(code) if declared is None else register_layer(code.removeprefix(REGISTER), declared)


def register_layer(code: str, declared: Mapping[str, Any]) -> Layer:
    """Return the layer of a declared register."""
    return Layer(
        code=f"{REGISTER}{code}",
        theme="registers",
        zh=str(declared["x-zh"]),
        en=str(declared.get("x-en") or declared["x-zh"]),
        kind="fill" if declared["x-geometry"] == "polygon" else "mark",
        order=200 if declared["x-geometry"] == "polygon" else 700,
        opacity=1.0,
        source={"name": "table"},
        sensitivity=str(declared.get("x-sensitivity", "internal")),
        right=f"{REGISTER}{code}",
        judge="due" if declared.get("x-due") else "place",
        period="*",
    )


def reading(actor: Actor, layer: Layer) -> Allowed:
    """Return the question whether `actor` may read a place of a layer."""

    @cache
    def decided(path: str, owner: str, sensitivity: str) -> bool:
        return may(actor, "read", Thing(layer.right, path, owner, sensitivity)).allowed

    return lambda place: decided(place.path, place.owner, place.sensitivity or layer.sensitivity)
