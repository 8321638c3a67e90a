"""Reading the parts with DuckDB: the newest revision of every key, now or as the store was.

Base parts hold unique keys, so they need no sorting out; only the few overlay rows are reduced to their
newest revision and anti-joined. Superseded rows in history parts carry the revision that ended them, so time
travel is a plain filter and stays right after compaction.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from huanzhi.assess.states import State
from huanzhi.errors import StoreError
from huanzhi.library.series.manifest import Manifest, Part
from huanzhi.library.series.parts import file_digest
from huanzhi.library.series.schema import KEYS, STORED

WITHDRAWN = int(State.WITHDRAWN)
_FAULTS = (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException)
_COLUMNS = ", ".join(STORED.names)
_KEYS = ", ".join(KEYS)


@dataclass(frozen=True)
class Selection:
    """Which rows: numbers of features, parameters and periods (None for all), times in [start, end)."""

    features: Sequence[int] | None = None
    parameters: Sequence[int] | None = None
    periods: Sequence[int] | None = None
    start: int | None = None
    end: int | None = None

    def condition(self) -> str:
        """Return the selection as an SQL condition."""
        lists = (("feature", self.features), ("parameter", self.parameters), ("period", self.periods))
        tests = [_within(name, numbers) for name, numbers in lists if numbers is not None]
        tests += [] if self.start is None else [f"time >= {int(self.start)}"]
        tests += [] if self.end is None else [f"time < {int(self.end)}"]
        return " and ".join(tests) or "true"


def _within(name: str, numbers: Sequence[int]) -> str:
    """Test for membership, with the bounds beside it so that row groups are skipped."""
    if not numbers:
        return "false"
    listed = ", ".join(str(int(number)) for number in sorted(set(numbers)))
    return f"{name} between {min(numbers)} and {max(numbers)} and {name} in ({listed})"


def connect(threads: int = 2, memory: str = "2GB") -> duckdb.DuckDBPyConnection:
    """Return a DuckDB connection that holds nothing and fetches nothing from outside.

    The heads of part files are kept, since parts never change and their names are never used again.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": str(threads),
        "memory_limit": memory,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "preserve_insertion_order": "false",
        "temp_directory": str(Path(tempfile.gettempdir()) / f"huanzhi-duckdb-{os.getpid()}"),
    }
    db = duckdb.connect(config=settings)
    db.execute("set parquet_metadata_cache = true")
    return db


class Reader:
    """Answers questions about the rows that the manifest names at the time of asking."""

    def __init__(self, manifest: Manifest, folder: Path) -> None:
        self.manifest, self.folder = manifest, folder
        self.db = connect()

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def parts(self, selection: Selection) -> list[Part]:
        """Return the live parts that may hold selected rows."""
        return self.manifest.live_parts(selection.periods, selection.start, selection.end)

    def rows_sql(
        self,
        selection: Selection,
        revision: int | None = None,
        *,
        withdrawn: bool = False,
        parts: Sequence[Part] | None = None,
    ) -> str:
        """Return the SQL of the selected rows, one a key: the newest up to `revision`.

        `withdrawn` keeps keys whose newest row is a withdrawal; `parts` are read instead of all live ones.
        """
        parts = self.parts(selection) if parts is None else parts
        condition = selection.condition() + ("" if revision is None else f" and rev <= {int(revision)}")
        base = self.scan([part for part in parts if part.kind == "base"], condition)
        overlays = [part for part in parts if part.kind == "overlay"]
        past = "" if revision is None else self._past_sql(parts, condition, int(revision))
        if not overlays:
            return base + past
        shown = "true" if withdrawn else f"state <> {WITHDRAWN}"
        return (
            f"with corrected as materialized ({self._newest_sql(overlays, condition)})"
            f" select {_COLUMNS} from ({base}) anti join corrected using ({_KEYS})"
            f" union all select {_COLUMNS} from corrected where {shown}{past}"
        )

    def _newest_sql(self, overlays: Sequence[Part], condition: str) -> str:
        newest = f" qualify row_number() over (partition by {_KEYS} order by rev desc) = 1"
        return self.scan(overlays, condition) + (newest if len(overlays) > 1 else "")

    def _past_sql(self, parts: Sequence[Part], condition: str, revision: int) -> str:
        history = [part for part in parts if part.kind == "history" and part.rev_first <= revision]
        ended = f"{condition} and until > {revision} and state <> {WITHDRAWN}"
        return f" union all {self.scan(history, ended)}" if history else ""

    def scan(self, parts: Sequence[Part], condition: str = "true", columns: str = _COLUMNS) -> str:
        """Return the SQL that reads part files; a typed nothing where there are none."""
        if not parts:
            return f"select {_COLUMNS} from {_nothing()} where false"
        files = ", ".join(_quoted(self.folder / part.name) for part in parts)
        return f"select {columns} from read_parquet([{files}]) where {condition}"

    def fetch(self, query: str, parts: Iterable[Part] | None = None) -> pa.Table:
        """Run a query.

        Raises
        ------
        StoreError
            If a part is missing or damaged; the message names it.
        """
        with self._faults(parts):
            return self.db.execute(query).to_arrow_table()

    def stream(self, query: str, parts: Iterable[Part], rows: int) -> Iterator[pa.RecordBatch]:
        """Run a query and give its rows piece by piece, `rows` at a time, without holding them all."""
        with self._faults(parts):
            yield from self.db.execute(query).to_arrow_reader(rows)

    @contextmanager
    def _faults(self, parts: Iterable[Part] | None) -> Iterator[None]:
        try:
            yield
        except _FAULTS as error:
            raise self.fault(error, self.manifest.live_parts() if parts is None else parts) from error

    def fault(self, error: duckdb.Error, parts: Iterable[Part]) -> StoreError:
        """Find the damaged part behind a failed read."""
        for part in parts:
            if problem := part_problem(self.folder, part):
                return StoreError(problem, file=self.folder / part.name)
        return StoreError("series.unreadable", file=self.folder, reason=str(error).splitlines()[0])


def part_problem(folder: Path, part: Part) -> str | None:
    """Return the message key of what is wrong with a part file, None if it is sound."""
    path = folder / part.name
    if not path.exists():
        return "series.part_missing"
    if path.stat().st_size != part.bytes or file_digest(path) != part.sha256:
        return "series.part_damaged"
    return None


def _nothing() -> str:
    types = {pa.int8(): "tinyint", pa.int32(): "integer", pa.int64(): "bigint"}
    typed = ", ".join(f"null::{types[field.type]} as {field.name}" for field in STORED)
    return f"(select {typed})"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
