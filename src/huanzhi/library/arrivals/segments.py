"""Segment files: the inbox is a row of databases of bounded size, named by the first number in each.

Numbers rise through all of them. A full segment is closed and never changed again; what is no longer needed
goes as whole files.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults

TABLES = """
create table if not exists frame (
  seq integer primary key, received integer not null, mn text not null, peer text not null,
  raw blob not null);
create table if not exists parked (
  seq integer primary key, received integer not null, mn text not null, peer text not null,
  raw blob not null);
create index if not exists parked_mn on parked (mn, seq);
"""

_ENDINGS = ("", "-wal", "-shm")


def segment_path(folder: Path, first: int) -> Path:
    """Return the file of the segment that begins with number `first`."""
    return folder / f"{first:016d}.sqlite"


def segments(folder: Path) -> list[tuple[int, Path]]:
    """Return the segments there are, in order, each with its first number."""
    found = (path for path in folder.glob("*.sqlite") if path.stem.isdigit())
    return sorted((int(path.stem), path) for path in found)


def open_to_write(folder: Path, first: int) -> sqlite3.Connection:
    """Open the segment that begins with `first`, made durable as a file where it is new.

    The connection is used by one thread at a time, not by the one that opened it.
    """
    path = segment_path(folder, first)
    with storage_faults(path):
        fresh = not path.exists()
        address = f"file:{quote(str(path.resolve()))}?mode=rwc"
        database = sqlite3.connect(
            address, uri=True, isolation_level=None, timeout=20, check_same_thread=False
        )
        try:
            database.execute("pragma journal_mode=wal")
            database.execute("pragma synchronous=full")
            database.executescript(f"begin immediate; {TABLES} commit;")
        except sqlite3.Error:
            database.close()
            raise
        if fresh:
            _sync(folder)
        return database


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a segment for reading."""
    return open_database(path, "", writable=False)


def last_number(database: sqlite3.Connection) -> int:
    """Return the greatest number in a segment; 0 of an empty one."""
    query = (
        "select max(coalesce((select max(seq) from frame), 0), coalesce((select max(seq) from parked), 0))"
    )
    return int(database.execute(query).fetchone()[0])


def remove(path: Path) -> None:
    """Delete a segment with what SQLite put beside it."""
    with storage_faults(path):
        for ending in _ENDINGS:
            path.with_name(path.name + ending).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
