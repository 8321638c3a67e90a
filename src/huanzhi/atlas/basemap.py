"""Base map 底图: the map sources of the data folder, and what is drawn from them.

Each source is one GeoJSON file in ``HOME/atlas`` in CGCS2000, with a line in ``manifest.json`` that says
where it comes from, its first datum, its date, its approval number 审图号 and whether it is simulated.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import box, shape

from huanzhi.atlas.simplify import label_point
from huanzhi.atlas.tiles import Tile, TileLayer
from huanzhi.errors import InputError, StoreError
from huanzhi.library.home import home_folder

KINDS: Mapping[str, tuple[str, ...]] = {
    "boundaries": ("province", "city", "district", "township", "village"),
    "rivers": ("river",),
    "coast": ("coast", "sea", "island"),
    "lakes": ("lake",),
    "parks": ("park",),
}
"""What each name of a map source may hold."""

LABELLED = ("city", "district", "township", "lake", "river", "park", "island", "sea")
"""Kinds that get a label point."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One map source 底图来源.

    Attributes
    ----------
    name : str
        One of :data:`KINDS`.
    source : str
        Who made it, in words.
    datum : str
        Datum of the file that was taken in; kept is CGCS2000.
    day : str
        Date of the data, ISO; empty where not known.
    approval : str
        Approval number 审图号; empty where there is none.
    """

    name: str
    source: str = ""
    datum: str = "cgcs2000"
    day: str = ""
    approval: str = ""
    simulated: bool = False
    features: int = 0
    sha256: str = ""


SHEET_FIELDS = tuple(part.name for part in fields(Sheet))


MOST_INDICES = 64
"""Trees of shapes that are kept. DEFAULT, NOT FROM THE DOCUMENTS."""


def folder(home: Path | None = None) -> Path:
    """Return the folder of the base map."""
    return home_folder(home) / "atlas"


def sheets(home: Path | None = None) -> dict[str, Sheet]:
    """Return the map sources by name; none where nothing was taken in.

    Raises
    ------
    StoreError
        If the manifest is damaged.
    """
    path = folder(home) / "manifest.json"
    if not path.exists():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {row["name"]: Sheet(**row) for row in rows}
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError("atlas.manifest", file=path) from error


def keep(sheet: Sheet, features: Sequence[Mapping[str, Any]], home: Path | None = None) -> Sheet:
    """Keep a map source, in place of the one of the same name; durable on return.

    Raises
    ------
    InputError
        If there is no source of that name.
    """
    if sheet.name not in KINDS:
        raise InputError("atlas.sheet", value=sheet.name, expected=", ".join(KINDS))
    document = {"type": "FeatureCollection", "features": list(features)}
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    kept = Sheet(
        **{**asdict(sheet), "features": len(features), "sha256": hashlib.sha256(content).hexdigest()}
    )
    place = folder(home)
    place.mkdir(parents=True, exist_ok=True)
    _write(place / f"{sheet.name}.geojson", content)
    listed = {**sheets(home), sheet.name: kept}
    _write(place / "manifest.json", json.dumps([asdict(one) for one in listed.values()], indent=1).encode())
    return kept


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


@dataclass(frozen=True)
class BaseMap:
    """The base map as read.

    Attributes
    ----------
    digest : str
        Of the manifest; changes with any source.
    features : mapping
        Name of the source → GeoJSON features.
    """

    digest: str
    sheets: Mapping[str, Sheet]
    features: Mapping[str, tuple[Mapping[str, Any], ...]]

    def of(self, kinds: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        """Go through the features of some kinds."""
        wanted = frozenset(kinds)
        for features in self.features.values():
            yield from (one for one in features if one["properties"]["kind"] in wanted)

    def shapes(self, *kinds: str) -> dict[str, Any]:
        """Return the shapes of some kinds by code."""
        return {one["properties"]["code"]: shape(one["geometry"]) for one in self.of(kinds)}

    @property
    def extent(self) -> list[float] | None:
        """West, south, east, north of the boundaries, else of all there is [degrees]."""
        held = self.features.get("boundaries") or [one for each in self.features.values() for one in each]
        if not held:
            return None
        return [round(x, 6) for x in shapely.total_bounds([shape(one["geometry"]) for one in held])]

    def labels(self) -> list[dict[str, Any]]:
        """Return one point a feature for its name."""
        return [_label(one) for one in self.of(LABELLED)]


def base_map(home: Path | None = None) -> BaseMap:
    """Return the base map, read again only when it has changed.

    Raises
    ------
    StoreError
        If a file of it is missing or damaged.
    """
    place = folder(home)
    path = place / "manifest.json"
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    return _base_map(place, digest)


@lru_cache(maxsize=4)
def _base_map(place: Path, digest: str) -> BaseMap:
    held = sheets(place.parent)
    features = {name: tuple(_features(place / f"{name}.geojson")) for name in held}
    return BaseMap(digest, held, features)


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(path.read_bytes())["features"]
    except (OSError, ValueError, KeyError) as error:
        raise StoreError("atlas.damaged", file=path) from error
    return found


def _label(feature: Mapping[str, Any]) -> dict[str, Any]:
    lon, lat = label_point(shape(feature["geometry"]))
    known = feature["properties"]
    told = {name: known[name] for name in ("code", "name", "kind", "simulated") if name in known}
    point = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
    return {"type": "Feature", "properties": told, "geometry": point}


def ground_tile(ground: BaseMap, name: str, kinds: tuple[str, ...], tile: Tile) -> bytes:
    """Return a vector tile of some kinds of the base map."""
    written = TileLayer(name, tile)
    spots, near = box(*tile.bounds()), _ground_index(ground.digest, kinds, ground)
    index, features = near
    for place in np.sort(index.query(spots)).tolist():
        shaped, told = features[place]
        written.shape(shaped, told)
    return written.encoded()


_INDICES: dict[tuple[str, tuple[str, ...]], Any] = {}


def _ground_index(digest: str, kinds: tuple[str, ...], ground: BaseMap) -> Any:
    """Return the tree of the shapes of some kinds, with shapes and properties."""
    key = (digest, kinds)
    if key not in _INDICES:
        if len(_INDICES) > MOST_INDICES:
            _INDICES.clear()
        features = [(shape(one["geometry"]), one["properties"]) for one in ground.of(kinds)]
        _INDICES[key] = (shapely.STRtree([shaped for shaped, _ in features]), features)
    return _INDICES[key]
