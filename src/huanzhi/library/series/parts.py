"""Part files: immutable, sorted Parquet, durable before the manifest names them.

Order of a commit: file written and fsynced, renamed, folder fsynced, then the manifest transaction.
Rows stand sorted by (parameter, feature, time), which is what makes a read of one series cheap.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huanzhi.library.series.faults import storage_faults
from huanzhi.library.series.manifest import Part, PartKind
from huanzhi.library.series.schema import PERIODS, Ints, buckets
from huanzhi.standards.periods import CHINA, Period

ROW_GROUP = 122_880
"""Rows of a row group, the grain at which readers skip: DuckDB's own vector grid."""

PART_ROWS = 500_000
"""A part takes in further partitions until it holds this many rows, so that years of a small import are few
files and a busy partition is a file of its own."""


_REPEATING = ["feature", "parameter", "period", "value", "decimals", "state", "flag", "rev"]
_RISING = {"time": "DELTA_BINARY_PACKED", "row": "DELTA_BINARY_PACKED"}
"""Encodings: columns that repeat, and columns that rise by even steps in the order of the rows."""


def cut(times: Ints, period: Period, part_rows: int = PART_ROWS) -> Ints:
    """Say which part each row goes to: whole partitions, joined until a part holds `part_rows`.

    Parameters
    ----------
    times : ndarray of int64, shape (n,)

    Returns
    -------
    ndarray of int64, shape (n,)
        Number of the part, from 0, rising with time.
    """
    starts, where, counts = np.unique(buckets(times, period), return_inverse=True, return_counts=True)
    return group_buckets(starts, counts, part_rows)[where]


def group_buckets(starts: Ints, counts: Ints, part_rows: int = PART_ROWS) -> Ints:
    """Join consecutive partitions (by `counts` of rows) into parts; return the part of each partition."""
    groups = np.zeros(starts.size, np.int64)
    group, held = 0, 0
    for position, count in enumerate(counts.tolist()):
        if held >= part_rows:
            group, held = group + 1, 0
        groups[position] = group
        held += count
    return groups


@dataclass
class _Extent:
    """What a part holds, gathered while it is written."""

    rows: int = 0
    times: list[int] = field(default_factory=list)
    revisions: list[int] = field(default_factory=list)

    def add(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        for name, seen in (("time", self.times), ("rev", self.revisions)):
            found = pc.min_max(batch.column(name)).as_py()
            seen.extend((found["min"], found["max"]))


class PartWriter:
    """Write the parts of one commit; :meth:`discard` takes them away again if the commit fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: list[Part] = []

    def write(
        self, kind: PartKind, period: int, schema: pa.Schema, batches: Iterable[pa.RecordBatch]
    ) -> None:
        """Write one durable part of sorted rows; no part where there are no rows."""
        unfinished = self.folder / f"{uuid4().hex}.tmp"
        try:
            with storage_faults(unfinished):
                extent = _write_file(unfinished, schema, batches)
                if extent.rows:
                    self.parts.append(self._publish(unfinished, kind, period, extent))
        finally:
            unfinished.unlink(missing_ok=True)

    def _publish(self, unfinished: Path, kind: PartKind, period: int, extent: _Extent) -> Part:
        first = min(extent.times)
        day = datetime.fromtimestamp(first, CHINA).strftime("%Y%m%d")
        name = f"{PERIODS[period]}-{day}-{kind}-{unfinished.stem}.parquet"
        size, digest = unfinished.stat().st_size, file_digest(unfinished)
        unfinished.rename(self.folder / name)
        revisions = (min(extent.revisions), max(extent.revisions))
        return Part(name, kind, period, first, max(extent.times), *revisions, extent.rows, size, digest)

    def settle(self) -> None:
        """Make the names of the written parts durable."""
        with storage_faults(self.folder):
            sync_folder(self.folder)

    def discard(self) -> None:
        """Take the written parts away: their commit did not come about."""
        for part in self.parts:
            with suppress(OSError):
                (self.folder / part.name).unlink()


def _write_file(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> _Extent:
    extent = _Extent()
    with path.open("wb") as file:
        with pq.ParquetWriter(
            file, schema, compression="zstd", use_dictionary=_REPEATING, column_encoding=_RISING
        ) as writer:
            for batch in batches:
                if batch.num_rows:
                    extent.add(batch)
                    writer.write_batch(batch.cast(schema), row_group_size=ROW_GROUP)
        file.flush()
        os.fsync(file.fileno())
    return extent


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names inside a folder durable."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
