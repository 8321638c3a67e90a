"""Failures of disk and files, turned into sentences that name the file and say what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huanzhi.errors import StoreError, system_reason

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def storage_faults(place: Path) -> Iterator[None]:
    """Turn errors of the system and of SQLite inside the block into a `StoreError` about `place`."""
    try:
        yield
    except OSError as error:
        raise _from_system(error, place) from error
    except sqlite3.Error as error:
        raise _from_sqlite(error, place) from error


def _from_system(error: OSError, place: Path) -> StoreError:
    file = error.filename or place
    if error.errno in _FULL:
        return StoreError("series.full", file=file)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreError("series.not_allowed", file=file)
    return StoreError("series.system", file=file, reason=system_reason(error))


def _from_sqlite(error: sqlite3.Error, place: Path) -> StoreError:
    if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
        return StoreError("series.full", file=place)
    if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreError("series.damaged", file=place)
    return StoreError("series.system", file=place, reason=str(error))
