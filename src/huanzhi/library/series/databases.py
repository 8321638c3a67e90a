"""SQLite files of the store: opened one way, by the writer or by readers."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from huanzhi.library.series.faults import storage_faults


def open_database(
    path: Path, tables: str, *, writable: bool, synchronous: str = "full"
) -> sqlite3.Connection:
    """Open a database in write-ahead mode.

    Parameters
    ----------
    tables : str
        SQL that makes the tables; run by the writer only. Readers need the file and change nothing.
    synchronous : str
        ``full`` makes each commit durable.
    """
    with storage_faults(path):
        mode = "rwc" if writable else "rw"
        address = f"file:{quote(str(path.resolve()))}?mode={mode}"
        database = sqlite3.connect(address, uri=True, isolation_level=None, timeout=20)
        try:
            _prepare(database, tables, writable, synchronous)
        except sqlite3.Error:
            database.close()
            raise
        return database


def _prepare(database: sqlite3.Connection, tables: str, writable: bool, synchronous: str) -> None:
    database.execute(f"pragma synchronous={synchronous}")
    if writable:
        database.execute("pragma journal_mode=wal")
        database.executescript(f"begin immediate; {tables} commit;")
    else:
        database.execute("pragma query_only=on")
        database.execute("select 1 from sqlite_master limit 1").fetchone()
