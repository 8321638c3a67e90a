"""Forms of a list 列表的输出格式: CSV, XLSX and GeoJSON of the same rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Literal

from huanzhi.errors import InputError
from huanzhi.library.records.columns import Column
from huanzhi.library.records.tables import Row
from huanzhi.library.sheets.writing import workbook

Form = Literal["json", "csv", "xlsx", "geojson"]
MEDIA: dict[Form, str] = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json; charset=utf-8",
}
_RECKONED = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet program reckon with a text."""


def written(form: Form, columns: Sequence[Column], rows: Sequence[Row], *, words: bool, bom: bool) -> bytes:
    """Return the rows in a form other than JSON.

    Raises
    ------
    InputError
        If GeoJSON is asked of a list that has no place.
    """
    if form == "xlsx":
        return workbook(columns, rows)
    if form == "geojson":
        return _geojson(columns, rows)
    return _csv(columns, rows, words=words, bom=bom)


def _csv(columns: Sequence[Column], rows: Sequence[Row], *, words: bool, bom: bool) -> bytes:
    """Return CSV; with `bom`, for spreadsheet programs, a quote guards what they would reckon with."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([column.heading() if words else column.name for column in columns])
    for row in rows:
        writer.writerow([_cell(row.get(column.name), guarded=bom) for column in columns])
    return stream.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _cell(value: Any, *, guarded: bool) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if guarded and isinstance(value, str) and value.startswith(_RECKONED) else value


def _geojson(columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    names = {column.name for column in columns}
    if not names & {"geometry", "lon"}:
        raise InputError("lists.no_place", value="geojson", expected="json, csv, xlsx")
    document = {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _feature(row: Row) -> dict[str, Any]:
    geometry = row.get("geometry")
    if not geometry and row.get("lon") is not None and row.get("lat") is not None:
        geometry = {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
    return {
        "type": "Feature",
        "id": row.get("code"),
        "geometry": geometry or None,
        "properties": {name: value for name, value in row.items() if name != "geometry"},
    }
