"""The inbox 到达数据收件箱: frames in, a future that resolves when they are durable.

One thread writes. Whatever was handed in while it committed shares the next commit (group commit), so the
more load the fewer commits a frame costs. A commit is write-ahead with ``synchronous=FULL``: after it, a kill
or a power failure takes nothing away (tests: ``tests/network/gateway/kill_rounds.py``).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from huanzhi.errors import StoreError
from huanzhi.library.arrivals import segments
from huanzhi.library.arrivals.model import Arrival, Span
from huanzhi.library.series.faults import storage_faults
from huanzhi.library.series.lock import WriterLock

SEGMENT_BYTES = 256 << 20
"""Bytes of frames in a segment. DEFAULT, NOT FROM THE DOCUMENTS."""

SHARE = 20_000
"""Most frames that share a commit. DEFAULT, NOT FROM THE DOCUMENTS."""

_INSERT = {
    parked: f"insert into {table} values (?, ?, ?, ?, ?)"
    for parked, table in ((False, "frame"), (True, "parked"))
}

_Work = tuple[Sequence[Arrival], "Future[Span]"]


class Inbox:
    """The inbox, open for its one writer.

    Parameters
    ----------
    folder : Path
        Folder of the segments; made where missing.
    segment_bytes : int
        Bytes of frames after which a new segment is begun.

    Raises
    ------
    StoreError
        If another process writes, or the disk does not take it.
    """

    def __init__(self, folder: Path, segment_bytes: int = SEGMENT_BYTES) -> None:
        self.folder, self.segment_bytes = folder, segment_bytes
        with storage_faults(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = WriterLock(folder / "writer.lock")
        self.commits = 0
        self.commit_seconds = 0.0
        self._work: list[_Work] = []
        self._ready = threading.Condition()
        self._closing = False
        self._open_newest()
        self._thread = threading.Thread(target=self._run, name="arrivals", daemon=True)
        self._thread.start()

    @property
    def last(self) -> int:
        """The number of the newest durable frame; 0 where there is none."""
        return self._next - 1

    def append(self, arrivals: Sequence[Arrival]) -> Future[Span]:
        """Hand in frames; the future gives their numbers once they are durable, or a `StoreError`."""
        done: Future[Span] = Future()
        with self._ready:
            if self._closing:
                raise StoreError("arrivals.closed", file=self.folder)
            self._work.append((arrivals, done))
            self._ready.notify()
        return done

    def close(self) -> None:
        """Write what was handed in, then close; a second call does nothing."""
        with self._ready:
            self._closing = True
            self._ready.notify()
        self._thread.join()
        self._database.close()
        self._lock.release()

    def __enter__(self) -> Inbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_newest(self) -> None:
        there = segments.segments(self.folder)
        first = there[-1][0] if there else 1
        self._database = segments.open_to_write(self.folder, first)
        self._next = max(segments.last_number(self._database) + 1, first)
        self._first = first
        size = self._database.execute(
            "select coalesce((select sum(length(raw)) from frame), 0)"
            " + coalesce((select sum(length(raw)) from parked), 0)"
        ).fetchone()
        self._bytes = int(size[0])

    def _run(self) -> None:
        while work := self._take():
            try:
                spans = self._commit(work)
            except (StoreError, sqlite3.Error, TypeError, ValueError, OverflowError) as error:
                for _, done in work:
                    done.set_exception(error)
                continue
            for (_, done), span in zip(work, spans, strict=True):
                done.set_result(span)

    def _take(self) -> list[_Work]:
        with self._ready:
            while not self._work and not self._closing:
                self._ready.wait()
            work, count = [], 0
            while self._work and count < SHARE:
                work.append(self._work.pop(0))
                count += len(work[-1][0])
            return work

    def _commit(self, work: list[_Work]) -> list[Span]:
        began = time.perf_counter()
        if self._bytes >= self.segment_bytes:
            self._begin_segment()
        spans, rows, size = self._numbered(work)
        with storage_faults(segments.segment_path(self.folder, self._first)):
            self._database.execute("begin immediate")
            try:
                for parked, made in rows.items():
                    self._database.executemany(_INSERT[parked], made)
                self._database.execute("commit")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("rollback")
                raise
        self._next = spans[-1].last + 1
        self._bytes += size
        self.commits += 1
        self.commit_seconds += time.perf_counter() - began
        return spans

    def _numbered(self, work: list[_Work]) -> tuple[list[Span], dict[bool, list[tuple[object, ...]]], int]:
        spans: list[Span] = []
        rows: dict[bool, list[tuple[object, ...]]] = {False: [], True: []}
        seq, size = self._next, 0
        for arrivals, _ in work:
            first = seq
            for received, mn, peer, raw, parked in arrivals:
                rows[parked].append((seq, received, mn, peer, raw))
                size += len(raw)
                seq += 1
            spans.append(Span(first, seq - 1))
        return spans, rows, size

    def _begin_segment(self) -> None:
        database = segments.open_to_write(self.folder, self._next)
        self._database.close()
        self._database, self._first, self._bytes = database, self._next, 0
