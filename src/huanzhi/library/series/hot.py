"""The hot table: the newest row of every series, ready for screens and for the next question.

It is derived: it records the batch it has taken in, and a store whose hot table lags (the writer was killed
between two commits) reads the parts until the next writer rebuilds it. So it need not be fsynced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults
from huanzhi.library.series.reading import Selection
from huanzhi.library.series.schema import STORED

_TABLES = """
create table if not exists taken (only integer primary key check (only = 1), rev integer not null);
create table if not exists hot (
  id integer primary key, feature integer not null, parameter integer not null, period integer not null,
  time integer not null, value integer, decimals integer not null, state integer not null,
  flag integer not null, row integer not null, rev integer not null);
create unique index if not exists hot_key on hot (feature, parameter, period, time);
"""
_COLUMNS = ", ".join(STORED.names)
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in STORED.names[4:])
_UPSERT = (
    f"insert into hot ({_COLUMNS}) values ({', '.join('?' * len(STORED))})"
    f" on conflict (feature, parameter, period, time) do update set {_CHANGES} where excluded.rev > rev"
)
_PRUNE = (
    "delete from hot where feature = ?1 and parameter = ?2 and period = ?3 and time <"
    " (select max(time) from hot where feature = ?1 and parameter = ?2 and period = ?3)"
)
_CLEAR = "delete from hot where feature = ? and parameter = ? and period = ?"

Row = tuple[int | None, ...]


class Hot:
    """The hot table of one store."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        self.db = open_database(path, _TABLES, writable=writable, synchronous="normal")

    def close(self) -> None:
        """Close the database."""
        self.db.close()

    def taken(self) -> int:
        """Return the revision of the newest batch that the table has taken in."""
        row = self.db.execute("select rev from taken").fetchone()
        return int(row[0]) if row else 0

    def take(self, rows: Sequence[Row], rev: int, clear: Sequence[Row] = ()) -> None:
        """Take in the newest rows of a batch.

        Parameters
        ----------
        rows : sequence of tuples in the order of ``schema.STORED``
        clear : sequence of (feature, parameter, period)
            Series whose row is dropped before; `rows` brings what is now their newest, if any.
        """
        with self._taking(rev):
            self.db.executemany(_CLEAR, clear)
            self.db.executemany(_UPSERT, rows)
            self.db.executemany(_PRUNE, [row[:3] for row in rows])

    def rebuild(self, rows: Sequence[Row], rev: int) -> None:
        """Begin anew with the newest row of every series."""
        with self._taking(rev):
            self.db.execute("delete from hot")
            self.db.executemany(_UPSERT, rows)

    @contextmanager
    def _taking(self, rev: int) -> Iterator[None]:
        with storage_faults(self.path):
            self.db.execute("begin immediate")
            try:
                yield
                self.db.execute("insert or replace into taken values (1, ?)", (rev,))
                self.db.execute("commit")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("rollback")
                raise

    def read(self, selection: Selection, newest_batch: int) -> pa.Table | None:
        """Return the newest row of the selected series; None if the table lags behind the store."""
        self.db.execute("begin")
        try:
            if self.taken() != newest_batch:
                return None
            chosen = f"select {_COLUMNS} from hot where {selection.condition()}"
            rows = self.db.execute(f"{chosen} order by feature, parameter, period").fetchall()
        finally:
            self.db.execute("commit")
        columns = list(zip(*rows, strict=True)) or [()] * len(STORED)
        return pa.table(
            [pa.array(values, kind) for values, kind in zip(columns, STORED.types, strict=True)],
            schema=STORED,
        )
