"""How far the arrivals are drained into the store, and which work was begun.

A span is planned before it is written and done after it, so that after a crash exactly the same span is
written again: the store knows it by its source and takes it as one.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from huanzhi.library.arrivals import segments
from huanzhi.library.arrivals.model import Span
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults

_TABLES = """
create table if not exists position (reader text primary key, seq integer not null);
create table if not exists plan (reader text primary key, first integer not null, last integer not null);
create table if not exists refused (
  seq integer primary key, mn text not null, at integer not null, key text not null, detail text not null);
"""

DRAIN = "store"
"""The reader that brings frames into the store."""


class Progress:
    """Positions of the readers of one inbox; each reader is one thread somewhere."""

    def __init__(self, folder: Path, *, writable: bool = True) -> None:
        self.path = folder / "progress.db"
        if writable:
            with storage_faults(folder):
                folder.mkdir(parents=True, exist_ok=True)
        self._db = open_database(self.path, _TABLES, writable=writable)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def position(self, reader: str = DRAIN) -> int:
        """Return the last number that a reader is done with; 0 at the beginning."""
        row = self._db.execute("select seq from position where reader = ?", (reader,)).fetchone()
        return int(row[0]) if row else 0

    def positions(self) -> dict[str, int]:
        """Return the position of every reader."""
        return dict(self._db.execute("select reader, seq from position"))

    def planned(self, reader: str = DRAIN) -> Span | None:
        """Return the span that was begun and is not known to be done."""
        row = self._db.execute("select first, last from plan where reader = ?", (reader,)).fetchone()
        return Span(*row) if row else None

    def plan(self, span: Span, reader: str = DRAIN) -> None:
        """Note, durably, that a span is begun."""
        with storage_faults(self.path):
            self._db.execute("insert or replace into plan values (?, ?, ?)", (reader, *span))

    def done(self, seq: int, reader: str = DRAIN) -> None:
        """Note, durably, that a reader is done with everything up to `seq`."""
        with storage_faults(self.path):
            self._db.execute("begin immediate")
            self._db.execute("insert or replace into position values (?, ?)", (reader, seq))
            self._db.execute("delete from plan where reader = ?", (reader,))
            self._db.execute("commit")

    def refuse(self, rows: Sequence[tuple[int, str, str, str]]) -> None:
        """Note frames that gave nothing: number, device, message key, detail. The frames stay."""
        if rows:
            now = int(time.time())
            made = [(seq, mn, now, key, detail) for seq, mn, key, detail in rows]
            with storage_faults(self.path):
                self._db.execute("begin immediate")
                self._db.executemany("insert or replace into refused values (?, ?, ?, ?, ?)", made)
                self._db.execute("commit")

    def refusals(self, most: int = 100) -> list[tuple[int, str, int, str, str]]:
        """Return the newest refusals: number, device, time, message key, detail."""
        query = "select seq, mn, at, key, detail from refused order by seq desc limit ?"
        return list(self._db.execute(query, (most,)))


def sweep(folder: Path, drained: int, keep_seconds: float, now: float) -> list[Path]:
    """Delete segments of numbers up to `drained` whose newest frame is older than `keep_seconds`.

    The newest segment stays. Parked frames that nobody took in go with their segment.
    """
    there = segments.segments(folder)
    gone = []
    for (_, path), (following, _) in pairwise(there):
        if following - 1 > drained or path.stat().st_mtime > now - keep_seconds:
            break
        segments.remove(path)
        gone.append(path)
    return gone
