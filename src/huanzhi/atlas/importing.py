"""Taking in map files 导入底图: GeoJSON (also ``.gz``) and shapefiles, converted to CGCS2000 and simplified.

Nothing is half imported: a file with one feature that cannot be read is refused, naming feature and field.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapefile
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from huanzhi.atlas.basemap import KINDS
from huanzhi.atlas.datum import Datum, to_cgcs2000
from huanzhi.atlas.simplify import simplify
from huanzhi.errors import InputError

AREAS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
WANTED: Mapping[str, tuple[str, ...]] = {
    "boundaries": AREAS,
    "rivers": (*LINES, *AREAS),
    "coast": (*LINES, *AREAS),
    "lakes": AREAS,
    "parks": AREAS,
}
"""Geometries that each name of a map source takes."""

CODES = (
    "code",
    "adcode",
    "区划代码",
    "行政区划代码",
    "XZQDM",
    "PAC",
    "编码",
    "代码",
    "id",
    "OBJECTID",
    "FID",
)
NAMES = ("name", "district", "city", "province", "名称", "行政区名称", "XZQMC", "NAME", "Name", "河流名称")
LEVELS: Mapping[str, str] = {
    "省": "province",
    "市": "city",
    "区县": "district",
    "区": "district",
    "县": "district",
    "乡镇": "township",
    "镇": "township",
    "村": "village",
    "province": "province",
    "city": "city",
    "district": "district",
    "county": "district",
    "township": "township",
    "village": "village",
}
PARENTS = ("parent", "上级代码")
ENCODINGS = ("utf-8", "gb18030")
DECIMALS = 6
"""Encodings of shapefiles, and decimals of a degree that are kept: a tenth of a metre."""

_DAMAGE = (
    shapefile.ShapefileException,
    zipfile.BadZipFile,
    struct.error,
    OSError,
    ValueError,
    KeyError,
    IndexError,
)


@dataclass(frozen=True, slots=True)
class Raw:
    """A feature as a file gives it; `number` counts from 1."""

    number: int
    properties: Mapping[str, Any]
    geometry: Any


def read_features(path: Path, name: str, datum: Datum | str, tolerance: float = 0.0) -> list[dict[str, Any]]:
    """Return the features of a file as the base map keeps them.

    Parameters
    ----------
    name : str
        Name of the map source, one of `basemap.KINDS`.
    datum : Datum or str
        Datum of the file.
    tolerance : float
        By which shapes are simplified [degrees]; 0 keeps every point.

    Returns
    -------
    list of dict
        GeoJSON features in CGCS2000 with ``code``, ``name``, ``kind``, ``simulated`` and, where known,
        ``parent``.

    Raises
    ------
    InputError
        If the file cannot be read or holds nothing, or a feature is wrong; it names feature and field.
    """
    if name not in KINDS:
        raise InputError("atlas.sheet", value=name, expected=", ".join(KINDS))
    raw = list(_raw(path))
    if not raw:
        raise InputError("atlas.no_features", file=path)
    shapes = [_converted(_shape(one, name, path), datum, one, path) for one in raw]
    known = [_properties(one, name, path) for one in raw]
    _no_twins(known, path)
    done = _simplified(shapes, [told["kind"] for told in known], tolerance)
    return [
        {"type": "Feature", "properties": told, "geometry": mapping(_rounded(one))}
        for told, one in zip(known, done, strict=True)
    ]


def _simplified(shapes: Sequence[BaseGeometry], kinds: Sequence[str], tolerance: float) -> list[BaseGeometry]:
    """Simplify each kind by itself: a city and its districts overlap and are no coverage together."""
    done = list(shapes)
    for kind in dict.fromkeys(kinds):
        places = [place for place, each in enumerate(kinds) if each == kind]
        for place, one in zip(places, simplify([shapes[n] for n in places], tolerance), strict=True):
            done[place] = one
    return done


def _raw(path: Path) -> Iterator[Raw]:
    if path.suffix.lower() in (".shp", ".zip"):
        yield from _shapefile(path)
        return
    document = _json(path)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise InputError("atlas.no_geojson", file=path, expected="FeatureCollection")
    for number, one in enumerate(features, 1):
        if not isinstance(one, dict) or not isinstance(one.get("properties") or {}, dict):
            raise InputError("atlas.feature", file=path, row=number, column="properties")
        yield Raw(number, one.get("properties") or {}, one.get("geometry"))


def _json(path: Path) -> Any:
    content = path.read_bytes()
    try:
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        return json.loads(content.decode("utf-8-sig"))
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise InputError("atlas.no_geojson", file=path, expected="FeatureCollection") from error


def _shapefile(path: Path) -> Iterator[Raw]:
    try:
        with _reader(path) as opened:
            for number, one in enumerate(opened.iterShapeRecords(), 1):
                yield Raw(number, one.record.as_dict(), _geometry(one.shape))
    except _DAMAGE as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise InputError("atlas.shapefile", file=path) from error


def _reader(path: Path) -> Any:
    """Open a shapefile, or one in a ZIP file; names are in GB18030 where they are not in UTF-8."""
    parts = _zipped(path) if path.suffix.lower() == ".zip" else _beside(path)
    for encoding in ENCODINGS:
        try:
            for _ in _opened(parts, encoding).iterRecords():
                pass
        except (UnicodeDecodeError, shapefile.dbfFileException):
            continue
        return _opened(parts, encoding)
    raise ValueError(path)


def _opened(parts: Mapping[str, bytes], encoding: str) -> Any:
    files = {ending: io.BytesIO(content) for ending, content in parts.items()}
    return shapefile.Reader(**files, encoding=encoding)


def _beside(path: Path) -> dict[str, bytes]:
    found = {e: path.with_suffix(f".{e}") for e in ("shp", "dbf", "shx")}
    return {ending: file.read_bytes() for ending, file in found.items() if ending != "shx" or file.exists()}


def _zipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as opened:
        names = {Path(each).suffix.lower()[1:]: each for each in opened.namelist()}
        return {ending: opened.read(names[ending]) for ending in ("shp", "dbf", "shx") if ending in names}


def _geometry(given: Any) -> Any:
    return None if given.shapeType == shapefile.NULL else given.__geo_interface__


def _shape(one: Raw, name: str, path: Path) -> BaseGeometry:
    wanted = ", ".join(WANTED[name])
    try:
        found = shapely.force_2d(shape(one.geometry))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise InputError("atlas.feature", file=path, row=one.number, column="geometry") from error
    if found.geom_type not in WANTED[name] or found.is_empty:
        raise InputError(
            "atlas.feature",
            file=path,
            row=one.number,
            column="geometry",
            value=found.geom_type,
            expected=wanted,
        )
    return found


def _converted(found: BaseGeometry, datum: Datum | str, one: Raw, path: Path) -> BaseGeometry:
    spots = shapely.get_coordinates(found)
    if not np.isfinite(spots).all() or np.any(np.abs(spots) > (180.0, 90.0)):
        worst = spots[np.argmax(np.abs(spots).max(axis=1))]
        raise InputError(
            "atlas.degrees",
            file=path,
            row=one.number,
            column="geometry",
            value=f"{worst[0]:g}, {worst[1]:g}",
        )
    moved = shapely.transform(found, lambda places: to_cgcs2000(places, datum))
    if not moved.is_valid:
        moved = _mended(moved)
    return moved


def _mended(found: BaseGeometry) -> BaseGeometry:
    """Return a shape that does not cross itself; only its areas of an area, only its lines of a line."""
    parts = shapely.get_parts(shapely.make_valid(found))
    same = [part for part in parts if (part.geom_type in AREAS) == (found.geom_type in AREAS)]
    return shapely.union_all(same) if same else found


def _properties(one: Raw, name: str, path: Path) -> dict[str, Any]:
    title = _first(one.properties, NAMES)
    if name == "boundaries" and not title:
        raise InputError("atlas.feature", file=path, row=one.number, column="name", expected=", ".join(NAMES))
    code = _first(one.properties, CODES) or f"{name}-{one.number}"
    told = {"code": code, "name": title, "kind": _kind(one.properties, name, code)}
    parent = _first(one.properties, PARENTS) or _parent(code, told["kind"])
    simulated = bool(one.properties.get("simulated", False))
    return {**told, **({"parent": parent} if parent else {}), "simulated": simulated}


def _first(properties: Mapping[str, Any], names: Sequence[str]) -> str:
    values = (properties.get(name) for name in names)
    return next((str(value).strip() for value in values if value not in (None, "")), "")


def _kind(properties: Mapping[str, Any], name: str, code: str) -> str:
    given = _first(properties, ("kind",))
    if given in KINDS[name]:
        return given
    if name != "boundaries":
        return KINDS[name][0]
    level = LEVELS.get(_first(properties, ("level", "级别")))
    return level or _by_code(code)


def _by_code(code: str) -> str:
    if len(code) > 6:
        return "township" if len(code) <= 9 else "village"
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "district"


def _parent(code: str, kind: str) -> str:
    """Return the code of the division above by GB/T 2260, where the code is one."""
    if not code.isdigit() or len(code) not in (6, 9, 12):
        return ""
    above = {
        "city": code[:2] + "0000",
        "district": code[:4] + "00",
        "township": code[:6],
        "village": code[:9],
    }
    return above.get(kind, "")


def _no_twins(known: Sequence[Mapping[str, Any]], path: Path) -> None:
    seen: dict[str, int] = {}
    for number, told in enumerate(known, 1):
        if told["code"] in seen:
            raise InputError(
                "atlas.twice",
                file=path,
                row=number,
                column="code",
                value=told["code"],
                first=seen[told["code"]],
            )
        seen[told["code"]] = number


def _rounded(found: BaseGeometry) -> BaseGeometry:
    return shapely.transform(found, lambda places: places.round(DECIMALS))
