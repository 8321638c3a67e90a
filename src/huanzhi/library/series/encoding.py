"""From an observation table to stored rows: checked, numbered, sorted, each key once. All by columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huanzhi.assess.states import State
from huanzhi.errors import InputError
from huanzhi.library.series.manifest import Codes
from huanzhi.library.series.schema import KEYS, PERIOD_IDS, SCHEMA, STORED, Ints

MAX_DECIMALS = 18
_KEY_SIZE = 24
"""Bits of a feature's and of a parameter's number in a combined key."""


def fit(table: pa.Table, schema: pa.Schema = SCHEMA) -> pa.Table:
    """Bring a table to a schema: its columns, in order, in its types.

    Raises
    ------
    InputError
        If a column is missing, of another type, or has nulls where none may be.
    """
    for field in schema:
        if field.name not in table.column_names:
            raise InputError("series.no_column", column=field.name)
    columns = [_fit_column(table.column(field.name), field) for field in schema]
    return pa.table(columns, schema=schema)


def _fit_column(column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    if not field.nullable and column.null_count:
        place = pc.index(pc.is_null(column), True).as_py()
        raise InputError("series.null", column=field.name, row=place + 1)
    try:
        return column.cast(field.type)
    except pa.ArrowInvalid as error:
        raise InputError(
            "series.column_type", column=field.name, expected=str(field.type), reason=error
        ) from None


def check_rows(table: pa.Table) -> None:
    """Refuse rows that say contradictory things.

    Raises
    ------
    InputError
        Naming the first bad row by its row in the source file.
    """
    state, value, decimals = (table.column(name) for name in ("state", "value", "decimals"))
    known = pc.is_in(state, pa.array([State.VALUE, State.MISSING, State.BELOW_DETECTION], pa.int8()))
    _refuse(table, pc.invert(known), "state", "series.state")
    _refuse(table, pc.and_(pc.equal(state, State.VALUE), pc.is_null(value)), "value", "series.no_value")
    missing = pc.and_(pc.equal(state, State.MISSING), pc.is_valid(value))
    _refuse(table, missing, "value", "series.value_of_missing")
    fits = pc.and_(pc.greater_equal(decimals, 0), pc.less_equal(decimals, MAX_DECIMALS))
    _refuse(table, pc.invert(fits), "decimals", "series.decimals")
    _refuse(table, pc.less(table.column("flag"), 0), "flag", "series.flag")


def _refuse(table: pa.Table, bad: pa.ChunkedArray, column: str, key: str) -> None:
    place = pc.index(bad, True).as_py()
    if place >= 0:
        row = table.column("row")[place].as_py() or place + 1
        raise InputError(key, row=row, column=column, value=table.column(column)[place].as_py())


def distinct(table: pa.Table, column: str) -> list[str]:
    """Return the distinct codes of a column."""
    codes: list[str] = pc.unique(table.column(column)).to_pylist()
    return codes


def encode_keys(table: pa.Table, numbers: Codes) -> dict[str, Ints]:
    """Turn the four key columns into numbers.

    Raises
    ------
    InputError
        If a feature, parameter or period is unknown.
    """
    periods = {str(period): number for period, number in PERIOD_IDS.items()}
    known = {"feature": numbers.features, "parameter": numbers.parameters, "period": periods}
    columns = {name: _numbered(table.column(name), codes, name) for name, codes in known.items()}
    columns["time"] = table.column("time").to_numpy()
    return columns


def _numbered(column: pa.ChunkedArray, codes: Mapping[str, int], name: str) -> Ints:
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    words: list[str] = encoded.dictionary.to_pylist()
    for word in words:
        if word not in codes:
            raise InputError(f"series.unknown_{name}", column=name, value=word)
    numbers = np.array([codes[word] for word in words], np.int64)
    chosen: Ints = numbers[encoded.indices.to_numpy()] if words else numbers
    return chosen


def order_by_key(keys: Mapping[str, Ints]) -> Ints:
    """Return the order by (period, parameter, feature, time) of the rows, each key once, its last row."""
    series = series_key(keys)
    order = np.lexsort((keys["time"], series))
    sorted_series, sorted_times = series[order], keys["time"][order]
    last = np.ones(order.size, bool)
    last[:-1] = (sorted_series[1:] != sorted_series[:-1]) | (sorted_times[1:] != sorted_times[:-1])
    kept: Ints = order[last]
    return kept


def series_key(keys: Mapping[str, Ints]) -> Ints:
    """Combine period, parameter and feature into one number that sorts like them."""
    combined: Ints = (keys["period"] << (2 * _KEY_SIZE)) | (keys["parameter"] << _KEY_SIZE) | keys["feature"]
    return combined


def stored_rows(table: pa.Table, keys: Mapping[str, Ints], order: Ints, rev: int) -> pa.Table:
    """Return the rows of `table` in `order` as they are stored, under revision `rev`."""
    values = [pa.array(keys[name][order]) for name in KEYS]
    values += [table.column(name).take(pa.array(order)) for name in SCHEMA.names[len(KEYS) :]]
    values.append(pa.array(np.full(order.size, rev, np.int64)))
    columns = [value.cast(kind) for value, kind in zip(values, STORED.types, strict=True)]
    return pa.table(columns, schema=STORED)


def withdrawal_rows(keys: Mapping[str, Ints], order: Ints, rev: int) -> pa.Table:
    """Return withdrawals of keys as stored rows."""
    zeros = np.zeros(order.size, np.int64)
    constants = {"decimals": zeros, "state": zeros + State.WITHDRAWN, "flag": zeros, "row": zeros}
    columns = {**{name: keys[name][order] for name in KEYS}, **constants, "rev": zeros + rev}
    arrays = [
        pa.nulls(order.size, kind) if name == "value" else pa.array(columns[name]).cast(kind)
        for name, kind in zip(STORED.names, STORED.types, strict=True)
    ]
    return pa.table(arrays, schema=STORED)
