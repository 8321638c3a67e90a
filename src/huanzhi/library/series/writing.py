"""One write: compare with what is there, lay the changes down as parts, commit, only then acknowledge."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from huanzhi.errors import StoreError
from huanzhi.library.series.encoding import series_key
from huanzhi.library.series.hot import Hot, Row
from huanzhi.library.series.manifest import Manifest, PartKind
from huanzhi.library.series.model import Feature, Receipt, Source
from huanzhi.library.series.parts import PartWriter, cut
from huanzhi.library.series.reading import Reader, Selection
from huanzhi.library.series.schema import KEYS, PERIODS, STORED, Ints, numpy_column

DIGEST_ROWS = 65_536
"""Rows digested at a time."""


class Fate(IntEnum):
    """What a row is to the store."""

    NEW = 0
    REVISED = 1
    RETURNED = 2
    """New again: the key was withdrawn, and the withdrawal still outranks a base row."""
    UNCHANGED = 3
    ABSENT = 4
    """A withdrawal of what is not there."""


@dataclass(frozen=True)
class Change:
    """Everything that one commit brings."""

    rows: pa.Table
    fates: npt.NDArray[np.int8]
    features: Sequence[tuple[int, Feature]]
    parameters: Sequence[tuple[int, str]]
    receipt: Receipt
    source: Source
    work: str


def batch_id(source: Source, table: pa.Table) -> str:
    """Name a batch by its source and content: the same thing again is the same batch."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update("\0".join((source.sha256, source.format, source.options)).encode())
    if not source.sha256:
        digest.update(source.name.encode())
    for batch in table.combine_chunks().to_batches(max_chunksize=DIGEST_ROWS):
        digest.update(batch.serialize())
    return digest.hexdigest()


def fates(reader: Reader, rows: pa.Table, *, withdrawing: bool) -> npt.NDArray[np.int8]:
    """Compare sorted rows, each key once, with the store.

    Returns
    -------
    ndarray of int8, shape (n,)
        A `Fate` for every row.
    """
    found = np.full(rows.num_rows, Fate.ABSENT if withdrawing else Fate.NEW, np.int8)
    if not rows.num_rows:
        return found
    selection = _surroundings(rows)
    if not reader.parts(selection):
        return found
    matched = _matches(reader, rows, selection, withdrawing=withdrawing)
    found[numpy_column(matched, "place")] = numpy_column(matched, "fate")
    return found


def _surroundings(rows: pa.Table) -> Selection:
    """Select all that may share a key with `rows`."""
    keys = {name: numpy_column(rows, name) for name in KEYS}
    few = {name: np.unique(keys[name]) for name in ("feature", "parameter", "period")}
    features = few["feature"].tolist() if few["feature"].size <= 1000 else None
    times = keys["time"]
    bounds = (int(times.min()), int(times.max()) + 1)
    return Selection(features, few["parameter"].tolist(), few["period"].tolist(), *bounds)


def _matches(reader: Reader, rows: pa.Table, selection: Selection, *, withdrawing: bool) -> pa.Table:
    there = reader.rows_sql(selection, withdrawn=True)
    same = (
        "c.value is not distinct from i.value and c.decimals = i.decimals"
        " and c.state = i.state and c.flag = i.flag"
    )
    fate = (
        f"case when c.state = 3 then {Fate.ABSENT if withdrawing else Fate.RETURNED}"
        f" when {'false' if withdrawing else same} then {Fate.UNCHANGED} else {Fate.REVISED} end"
    )
    incoming = rows.append_column("place", pa.array(np.arange(rows.num_rows)))
    reader.db.register("incoming", incoming)
    try:
        query = f"select i.place, ({fate})::tinyint as fate from incoming i join ({there}) c"
        return reader.fetch(f"{query} using ({', '.join(KEYS)})", reader.parts(selection))
    finally:
        reader.db.unregister("incoming")


def lay_down(writer: PartWriter, rows: pa.Table, found: npt.NDArray[np.int8]) -> None:
    """Write the rows that change something as parts: new keys as base, the rest as overlay."""
    groups: Mapping[PartKind, tuple[Fate, ...]] = {
        "base": (Fate.NEW,),
        "overlay": (Fate.REVISED, Fate.RETURNED),
    }
    periods = numpy_column(rows, "period")
    times = numpy_column(rows, "time")
    for kind, members in groups.items():
        chosen = np.isin(found, members)
        for period in np.unique(periods[chosen]).tolist():
            _write_parts(writer, rows, kind, period, times, np.flatnonzero(chosen & (periods == period)))


def _write_parts(
    writer: PartWriter, rows: pa.Table, kind: PartKind, period: int, times: Ints, places: Ints
) -> None:
    part_of = cut(times[places], PERIODS[period])
    for number in range(int(part_of.max()) + 1):
        inside = rows.take(pa.array(places[part_of == number]))
        writer.write(kind, period, STORED, inside.combine_chunks().to_batches())


def commit(manifest: Manifest, writer: PartWriter, change: Change) -> None:
    """Make a change visible and durable: parts first, then the manifest."""
    try:
        lay_down(writer, change.rows, change.fates)
        writer.settle()
        with manifest.transaction():
            manifest.add_revision(change.receipt.revision, change.work)
            manifest.save_features(change.features)
            manifest.save_parameters(change.parameters)
            manifest.add_parts(writer.parts, change.receipt.revision)
            manifest.add_batch(change.receipt, change.source)
    except BaseException:
        writer.discard()
        raise


def heat(hot: Hot, reader: Reader, change: Change, before: int) -> None:
    """Bring the hot table up to date with a committed change.

    The change is durable by now, so a hot table that cannot follow (`before`, the batch that it should have
    taken in, is missing, or the disk is full) only lags: reads take the parts until the next writer opens.
    """
    if hot.taken() == before:
        with suppress(StoreError):
            _heat(hot, reader, change)


def _heat(hot: Hot, reader: Reader, change: Change) -> None:
    touched = change.rows.filter(pa.array(change.fates < Fate.UNCHANGED))
    if change.work == "withdraw":
        series = _series_of(touched)
        hot.take(
            newest_rows(reader, _surroundings_of_series(touched), series), change.receipt.revision, series
        )
    else:
        hot.take(_last_of_each(touched), change.receipt.revision)


def _last_of_each(rows: pa.Table) -> list[Row]:
    """Return the last row of each series; `rows` are sorted by series and time."""
    series = series_key({name: numpy_column(rows, name).astype(np.int64) for name in KEYS[:3]})
    last = np.ones(series.size, bool)
    last[:-1] = series[1:] != series[:-1]
    return _tuples(rows.filter(pa.array(last)))


def _series_of(rows: pa.Table) -> list[Row]:
    table = rows.select(list(KEYS[:3])).group_by(list(KEYS[:3])).aggregate([])
    return [tuple(row.values()) for row in table.to_pylist()]


def _surroundings_of_series(rows: pa.Table) -> Selection:
    if not rows.num_rows:
        return Selection(features=())
    chosen = [np.unique(numpy_column(rows, name)).tolist() for name in KEYS[:3]]
    return Selection(*chosen)


def newest_rows(reader: Reader, selection: Selection, series: Sequence[Row] | None = None) -> list[Row]:
    """Return the newest row of every selected series, from the parts."""
    rows = _tuples(newest_table(reader, selection))
    return rows if series is None else [row for row in rows if row[:3] in set(series)]


def newest_table(reader: Reader, selection: Selection, revision: int | None = None) -> pa.Table:
    """Return the newest row of every selected series, from the parts, as the store was at `revision`."""
    rows = reader.rows_sql(selection, revision)
    query = (
        f"select r.* from ({rows}) r join (select feature, parameter, period, max(time) as time"
        f" from ({rows}) group by all) using ({', '.join(KEYS)}) order by feature, parameter, period"
    )
    return reader.fetch(query).select(STORED.names).cast(STORED)


def _tuples(rows: pa.Table) -> list[Row]:
    return [tuple(row) for row in zip(*(rows.column(name).to_pylist() for name in STORED.names), strict=True)]
