"""Taking in spots 导入: GeoJSON, CSV or xlsx, with every fault told before anything is kept.

The places are converted to CGCS2000 by a function that the caller gives, from the datum that he states.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from python_calamine import CalamineError, CalamineWorkbook
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from huanzhi.center.issues.settings import names as issue_words
from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.sightings.models import Batch, Sighting
from huanzhi.center.sightings.settings import checked, settings
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.giving import read
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.sheets.reading import fold

Convert = Callable[[Sequence[tuple[float, float]]], Sequence[tuple[float, float]]]
"""Places of a datum → places of CGCS2000."""

_ZIP = b"PK\x03\x04"
_DECIMALS = 6
_FIRST, _LAST = 1950, 2200
"""Years that a spot may have been seen in. Ours."""
_SEEN = Column("seen_at", Kind.MOMENT)
_NUMBER = Column("value", Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a file.

    Attributes
    ----------
    source : str
        Who saw the spots, by what.
    datum : str
        ``cgcs2000``, ``gcj02`` or ``bd09``.
    region : str
        Code of the region of rows that name none.
    category : str
        Category of rows that name none.
    """

    name: str
    channel: str
    source: str
    datum: str
    region: str
    category: str = "other"
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A row of the file, in CGCS2000; `given` is its place as it was."""

    row: int
    values: Mapping[str, Any]
    lon: float
    lat: float
    geometry: Mapping[str, Any] | None
    given: Mapping[str, Any]


@dataclass(slots=True)
class Preview:
    """What a file holds: spots, every fault, and how many are known already."""

    sha256: str
    spots: list[Spot] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    known: int = 0
    unused: list[str] = field(default_factory=list)


def preview(told: Told, raw: bytes, convert: Convert) -> Preview:
    """Read a file and say what it holds; nothing is kept.

    Raises
    ------
    InputError
        If it is no file of the three kinds, is empty or too long, or the region is not known.
    """
    checked("channel", told.channel, "channel")
    _default(told)
    found = Preview(hashlib.sha256(raw).hexdigest())
    rows, found.unused = _rows(told.name, raw)
    if not rows:
        raise InputError("sightings.empty", file=told.name)
    most = settings()["limits"]["most_rows"]
    if len(rows) > most:
        raise InputError("sightings.too_long", file=told.name, value=len(rows), expected=f"≤ {most}")
    regions = set(Region.objects.values_list("pk", flat=True))
    seen: dict[str, int] = {}
    for number, values, geometry in rows:
        try:
            spot = _spot(told, number, values, geometry, convert, regions)
            _once(seen, spot, told.name)
            found.spots.append(spot)
        except InputError as error:
            found.faults.append({"row": number, **error.as_dict()})
    found.known = len(_known(told, found.spots))
    return found


def accept(actor: Actor, told: Told, raw: bytes, convert: Convert, now: datetime) -> Batch:
    """Take a file in, whole or not at all; spots that are known already stay as they are.

    Raises
    ------
    InputError
        The first fault, if the file has any; or what rights refuse.
    """
    found = preview(told, raw, convert)
    if found.faults:
        first = found.faults[0]
        raise InputError(
            "sightings.faulty", file=told.name, row=first["row"], column=first.get("column"),
            value=first.get("value"), number=len(found.faults), what=first["message"],
        )  # fmt: skip
    known = _known(told, found.spots)
    with transaction.atomic():
        batch = _batch(actor, told, found, len(known), now)
        require(actor, "import", thing_of(batch))
        save(actor, batch)
        for number, spot in enumerate(found.spots, 1):
            if str(spot.values.get("ref") or "") not in known:
                save(actor, _sighting(told, batch, number, spot))
    return batch


def _batch(actor: Actor, told: Told, found: Preview, known: int, now: datetime) -> Batch:
    before = Batch.objects.filter(sha256=found.sha256).count()
    return Batch(
        code=f"PC-{now:%Y%m%d}-{found.sha256[:8].upper()}-{before + 1}",
        channel=told.channel,
        source=told.source.strip(),
        datum=told.datum,
        file=told.name[:200],
        sha256=found.sha256,
        rows=len(found.spots),
        known=known,
        region_id=told.region,
        taken_in=now,
        taken_in_by=actor.code,
        simulated=told.simulated,
    )


def _sighting(told: Told, batch: Batch, number: int, spot: Spot) -> Sighting:
    values = spot.values
    head = "YG" if told.channel == "remote_sensing" else "ZH"
    return Sighting(
        code=f"{head}-{batch.code.removeprefix('PC-')}-{number:04d}",
        name=str(values.get("name") or values.get("ref") or "")[:200],
        batch=batch,
        channel=told.channel,
        source=told.source.strip(),
        ref=str(values.get("ref") or ""),
        category=values["category"],
        words=str(values.get("words") or ""),
        seen_at=values.get("seen_at"),
        area_m2=values.get("area_m2"),
        parameter=str(values.get("parameter") or ""),
        value=str(values.get("value") or ""),
        unit=str(values.get("unit") or ""),
        lon=spot.lon,
        lat=spot.lat,
        geometry=spot.geometry,
        datum=told.datum,
        given=dict(spot.given),
        region_id=values["region"],
        simulated=told.simulated,
    )


def _known(told: Told, spots: Sequence[Spot]) -> set[str]:
    refs = {str(one.values.get("ref") or "") for one in spots} - {""}
    rows = Sighting.objects.filter(channel=told.channel, source=told.source.strip(), ref__in=refs)
    return set(rows.values_list("ref", flat=True))


def _once(seen: dict[str, int], spot: Spot, name: str) -> None:
    ref = str(spot.values.get("ref") or "")
    if ref and ref in seen:
        raise InputError("sightings.twice", file=name, row=spot.row, column="ref", value=ref, first=seen[ref])
    seen[ref] = spot.row


def _default(told: Told) -> None:
    if not told.source.strip():
        raise InputError("sightings.no_source", column="source")
    if not Region.objects.filter(pk=told.region).exists():
        raise InputError("issues.no_region", column="region", value=told.region or None)
    if told.category not in issue_words("category"):
        raise InputError("sightings.choice", column="category", value=told.category)


Line = tuple[int, dict[str, Any], Any]


def _rows(name: str, raw: bytes) -> tuple[list[Line], list[str]]:
    """Return the rows with what their columns mean, and the columns that mean nothing here."""
    if raw[:4] == _ZIP:
        return _tabled(_workbook(name, raw), name)
    words = _decoded(name, raw)
    if words.lstrip()[:1] in ("{", "["):
        return _geojson(name, words)
    return _tabled([list(row) for row in csv.reader(io.StringIO(words, newline=""))], name)


def _decoded(name: str, raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in words:
            return words
    raise InputError("sightings.no_file", file=name, expected="GeoJSON, CSV, xlsx")


def _workbook(name: str, raw: bytes) -> list[list[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        rows: list[list[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise InputError("sheets.no_sheet", file=name, reason=error) from None
    return rows


def _tabled(lines: list[list[Any]], name: str) -> tuple[list[Line], list[str]]:
    numbered = [
        (n, cells) for n, cells in enumerate(lines, 1) if any(cell not in ("", None) for cell in cells)
    ]
    if not numbered:
        return [], []
    heads = [_meaning(str(cell or "")) for cell in numbered[0][1]]
    for wanted in ("lon", "lat"):
        if wanted not in heads:
            expected = "、".join(settings()["heading"][wanted])
            raise InputError(
                "sightings.no_column", file=name, row=numbered[0][0], column=wanted, expected=expected
            )
    unused = [str(cell) for cell, head in zip(numbered[0][1], heads, strict=True) if head is None and cell]
    rows: list[Line] = [
        (n, {head: cell for head, cell in zip(heads, cells, strict=False) if head}, None)
        for n, cells in numbered[1:]
    ]
    return rows, unused


def _geojson(name: str, words: str) -> tuple[list[Line], list[str]]:
    try:
        document = json.loads(words)
    except ValueError as error:
        raise InputError("sightings.no_file", file=name, expected="GeoJSON", value=str(error)[:100]) from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise InputError("sightings.no_file", file=name, expected="FeatureCollection")
    return list(_features(features)), _unused(features)


def _features(features: Sequence[Any]) -> Iterator[Line]:
    for number, one in enumerate(features, 1):
        told = one.get("properties") if isinstance(one, dict) else None
        values = {_meaning(str(key)): value for key, value in (told or {}).items()}
        if isinstance(one, dict) and one.get("id") is not None:
            values.setdefault("ref", one["id"])
        yield (
            number,
            {key: value for key, value in values.items() if key},
            (one or {}).get("geometry") if isinstance(one, dict) else None,
        )


def _unused(features: Sequence[Any]) -> list[str]:
    keys: dict[str, None] = {}
    for one in features:
        told = one.get("properties") if isinstance(one, dict) else None
        keys |= {str(key): None for key in (told or {}) if _meaning(str(key)) is None}
    return list(keys)


def _meaning(heading: str) -> str | None:
    word = fold(heading)
    return next((name for name, known in settings()["heading"].items() if word in map(fold, known)), None)


def _spot(
    told: Told, row: int, values: dict[str, Any], geometry: Any, convert: Convert, regions: set[str]
) -> Spot:
    where = {"file": told.name, "row": row}
    for name, value in values.items():
        if isinstance(value, str) and not _storable(value):
            raise InputError("tables.value", **where, column=name, expected="UTF-8")
    region = str(values.get("region") or "").removesuffix(".0") or told.region
    if region not in regions:
        raise InputError("issues.no_region", **where, column="region", value=region)
    category = _category(values.get("category"), told.category)
    lon, lat, outline, given = _placed(values, geometry, convert, where)
    clean = {
        **values,
        "region": region,
        "category": category[0],
        "words": "\n".join(str(one) for one in (category[1], values.get("words")) if one),
        "ref": str(values.get("ref") or "").removesuffix(".0")[:100],
        "seen_at": _read(_SEEN, values.get("seen_at"), "seen_at", where),
        "area_m2": _read(_NUMBER, values.get("area_m2"), "area_m2", where),
    }
    return Spot(row, clean, lon, lat, outline, given)


def _read(column: Column, value: Any, name: str, where: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        value = value.strip().replace("/", "-") if column.kind is Kind.MOMENT else value
    try:
        if isinstance(value, str) and not _storable(value):
            raise InputError("tables.value", expected="UTF-8")
        if column.kind is Kind.MOMENT and value not in ("", None) and not isinstance(value, str | datetime):
            value = value.isoformat() if hasattr(value, "isoformat") else value
        found = read(column, value)
        if isinstance(found, datetime) and not _FIRST <= found.year <= _LAST:
            raise InputError("tables.value", expected=f"{_FIRST}–{_LAST}")
        return found
    except InputError as error:
        raise InputError("tables.value", **where, column=name, value=value, expected=error.expected) from None


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _category(written: Any, default: str) -> tuple[str, str]:
    """Return the category that a word names, or the default and the word, which is not lost."""
    word = str(written or "").strip()
    for code, one in issue_settings()["category"].items():
        if word and word in (code, one["zh"], one["en"]):
            return code, ""
    return default, word


def _placed(
    values: Mapping[str, Any], geometry: Any, convert: Convert, where: Mapping[str, Any]
) -> tuple[float, float, Mapping[str, Any] | None, dict[str, Any]]:
    if geometry is None:
        spot = tuple(_read(_NUMBER, values.get(name), name, where) for name in ("lon", "lat"))
        if None in spot:
            raise InputError("sightings.no_place", **where, column="lon")
        _on_earth(spot[0], spot[1], where)
        ((lon, lat),) = convert([spot])  # type: ignore[list-item]
        return round(lon, _DECIMALS), round(lat, _DECIMALS), None, {"lon": spot[0], "lat": spot[1]}
    try:
        made = shape(geometry)
        if made.is_empty or not made.is_valid:
            raise ValueError(geometry.get("type"))
        west, south, east, north = made.bounds
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise InputError("sightings.geometry", **where, column="geometry", value=str(error)[:80]) from None
    _on_earth(west, south, where)
    _on_earth(east, north, where)
    moved = shapely.transform(made, lambda places: np.array(convert(places.tolist())))
    label = moved.representative_point()
    outline = None if made.geom_type == "Point" else _rounded(mapping(moved))
    return round(label.x, _DECIMALS), round(label.y, _DECIMALS), outline, {"geometry": geometry}


def _rounded(geometry: Any) -> Any:
    if isinstance(geometry, dict):
        return {key: _rounded(value) for key, value in geometry.items()}
    if isinstance(geometry, list | tuple):
        return [_rounded(one) for one in geometry]
    return round(geometry, _DECIMALS) if isinstance(geometry, float) else geometry


def _on_earth(lon: Any, lat: Any, where: Mapping[str, Any]) -> None:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError("sightings.no_place", **where, column="lon", value=f"{lon}, {lat}")
