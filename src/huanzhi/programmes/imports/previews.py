"""Previews 导入预览: what a file would bring, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huanzhi.assess.states import State as Valued
from huanzhi.errors import InputError
from huanzhi.library.series import Feature, Store
from huanzhi.messages import catalogue, text
from huanzhi.network.feeds.importing import as_simulated, known_places, refuse_mixture
from huanzhi.network.feeds.reading import Reading, Reject
from huanzhi.network.feeds.refused import reject_text
from huanzhi.network.feeds.registry import IMPORTERS, open_data, read_data
from huanzhi.programmes.imports.uploads import Upload
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import to_china

FIRST_LINES = 12
MOST_PLACES = 500
MOST_REJECTS = 1000
"""What a preview shows at most; the reject file has all. DEFAULT, NOT FROM THE DOCUMENTS."""


def reading_of(upload: Upload, data: bytes) -> Reading:
    """Read an upload; nothing is written.

    Raises
    ------
    InputError
        If the file cannot be read as a whole.
    """
    plan = upload.plan
    reading = read_data(data, Path(upload.name), plan.format, plan.options)
    return as_simulated(reading) if plan.simulated else reading


def preview(upload: Upload, data: bytes, store: Store | None) -> dict[str, Any]:
    """Return what a file would bring; `store` is None where there is none yet."""
    reading = reading_of(upload, data)
    known = known_places([reading], store) if store else {}
    importer = IMPORTERS[reading.format]
    return {
        "format": reading.format,
        "format_title": importer.title(),
        "convention": importer.convention(),
        "simulated": reading.simulated,
        "rows": reading.rows,
        "values": reading.table.num_rows,
        "refused": len(reading.rejects),
        "below_detection": _in_state(reading.table, Valued.BELOW_DETECTION),
        "missing": _in_state(reading.table, Valued.MISSING),
        "notes": [note.sentence() for note in reading.notes],
        "hindrance": _hindrance(reading, known),
        "periods": _periods(reading.table),
        "parameters": _parameters(reading.table),
        "places": [_place(place, known) for place in reading.features[:MOST_PLACES]],
        "places_total": len(reading.features),
        "places_new": sum(place.code not in known for place in reading.features),
        "rejects": [reject(one, upload.name) for one in reading.rejects[:MOST_REJECTS]],
        **_first_lines(upload, data),
    }


def _in_state(table: pa.Table, state: Valued) -> int:
    return int(np.sum(table.column("state").to_numpy() == int(state)))


def _hindrance(reading: Reading, known: Mapping[str, Feature]) -> str:
    """Return why the file cannot be accepted though it can be read, empty where it can."""
    try:
        refuse_mixture(reading, known)
    except InputError as error:
        return str(error)
    return "" if reading.table.num_rows else text("books_api.nothing_to_take")


def _periods(table: pa.Table) -> list[dict[str, Any]]:
    """Return the first and last time of each period, and how many values it has."""
    if not table.num_rows:
        return []
    grouped = table.group_by("period").aggregate([("time", "min"), ("time", "max"), ("time", "count")])
    return [
        {
            "period": row["period"],
            "name": text(f"books_api.period_{row['period']}"),
            "first": _moment(row["time_min"]),
            "last": _moment(row["time_max"]),
            "values": row["time_count"],
        }
        for row in grouped.to_pylist()
    ]


def _moment(seconds: int) -> str:
    moment: datetime = to_china(seconds)
    return moment.isoformat()


def _parameters(table: pa.Table) -> list[dict[str, Any]]:
    counted = pc.value_counts(table.column("parameter").combine_chunks()).to_pylist()
    return [_parameter(row["values"], row["counts"]) for row in counted]


def _parameter(code: str, values: int) -> dict[str, Any]:
    known = all_parameters().get(code)
    name, unit = (known.symbol, known.unit) if known else (code, "")
    return {"code": code, "name": name, "unit": unit, "values": values}


def _place(place: Feature, known: Mapping[str, Feature]) -> dict[str, Any]:
    return {
        "code": place.code,
        "name": place.name,
        "kind": place.kind,
        "kind_name": text(f"books_api.kind_{place.kind}"),
        "region": place.region or place.province,
        "known": place.code in known,
    }


def reject(one: Reject, file: str) -> dict[str, Any]:
    """Return a refused row: where, what, why, and what would have been right."""
    return {
        "file": file,
        "row": one.row,
        "column": one.column,
        "value": one.value,
        "reason": one.reason(),
        "expected": expectation(one),
    }


def expectation(one: Reject) -> str:
    """Return what would have been right in place of a refused value, empty where nothing can be said."""
    if "expected" in one.note.values or "example" in one.note.values:
        return str(one.note.values.get("expected") or one.note.values["example"])
    key = f"books_api.expected_{one.note.key.rpartition('.')[2]}"
    return text(key) if key in catalogue() else ""


def _first_lines(upload: Upload, data: bytes) -> dict[str, Any]:
    """Return the headings and first lines of a file as they stand in it."""
    _, sheet = open_data(data, Path(upload.name))
    count = min(FIRST_LINES, len(sheet))
    return {
        "encoding": sheet.encoding,
        "columns": list(sheet.columns),
        "lines": [
            {"row": sheet.row(index), "cells": [sheet.cells[name][index] for name in sheet.columns]}
            for index in range(count)
        ],
    }


def line_of(data: bytes, name: str, row: int) -> dict[str, Any]:
    """Return one line of a file as it stands in it, and its headings.

    Raises
    ------
    InputError
        If the file has no line of data there.
    """
    _, sheet = open_data(data, Path(name))
    numbers = list(sheet.numbers)
    if row not in numbers:
        expected = f"{numbers[0]}–{numbers[-1]}" if numbers else None
        raise InputError("explain.no_row", file=name, row=row, expected=expected)
    line = sheet.line(numbers.index(row))
    return {"row": row, "columns": list(line), "cells": list(line.values())}


def rejects_file(reading: Reading) -> bytes:
    """Return all refused rows as they were, with place and reason, to be mended and handed in again."""
    return reject_text(reading.columns, reading.rejects).encode("utf-8-sig")
