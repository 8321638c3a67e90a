"""The inbox 原始数据收件箱: raw bytes as they came, kept by their SHA-256, durable, never changed.

Small bytes stand in SQLite, large ones in files of their own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path
from uuid import uuid4

from huanzhi.errors import StoreError
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults
from huanzhi.library.series.model import Source
from huanzhi.library.series.parts import file_digest, sync_folder

SMALL = 64 * 1024
"""Bytes up to which raw data stands in the database itself."""

_TABLE = """
create table if not exists raw (
  sha256 text primary key, bytes integer not null, received integer not null, content blob);
"""


class Inbox:
    """The raw bytes of one store."""

    def __init__(self, database: Path, folder: Path, *, writable: bool) -> None:
        self.path, self.folder = database, folder
        self.db = open_database(database, _TABLE, writable=writable)

    def close(self) -> None:
        """Close the database."""
        self.db.close()

    def keep(self, source: Source) -> None:
        """Keep the raw bytes of a source, durable on return; known bytes are kept once.

        Raises
        ------
        StoreError
            If the bytes are not those that ``source.sha256`` names.
        """
        if source.raw is None:
            return
        size = len(source.raw) if isinstance(source.raw, bytes) else source.raw.stat().st_size
        found = (
            hashlib.sha256(source.raw).hexdigest()
            if isinstance(source.raw, bytes)
            else file_digest(source.raw)
        )
        if found != source.sha256:
            raise StoreError("series.other_bytes", file=source.name, value=found, expected=source.sha256)
        if not self.holds(found):
            with storage_faults(self.path):
                content = self._store(source.raw, found, size)
                self.db.execute(
                    "insert into raw values (?, ?, ?, ?)", (found, size, time.time_ns() // 1000, content)
                )

    def holds(self, sha256: str) -> bool:
        """Say whether the bytes with a digest are kept."""
        return self.db.execute("select 1 from raw where sha256 = ?", (sha256,)).fetchone() is not None

    def read(self, sha256: str) -> bytes:
        """Return raw bytes by their digest.

        Raises
        ------
        StoreError
            If they are not kept here, or are damaged.
        """
        row = self.db.execute("select content from raw where sha256 = ?", (sha256,)).fetchone()
        if row is None:
            raise StoreError("series.no_raw", value=sha256)
        with storage_faults(self._file(sha256)):
            content = bytes(row[0]) if row[0] is not None else self._file(sha256).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoreError("series.damaged", file=self._file(sha256))
        return content

    def digests(self) -> list[str]:
        """Return the digests of all that is kept."""
        return [sha256 for (sha256,) in self.db.execute("select sha256 from raw order by received")]

    def size(self) -> int:
        """Return the bytes kept."""
        return int(self.db.execute("select coalesce(sum(bytes), 0) from raw").fetchone()[0])

    def _file(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def _store(self, raw: bytes | Path, sha256: str, size: int) -> bytes | None:
        if size <= SMALL:
            return raw if isinstance(raw, bytes) else raw.read_bytes()
        target = self._file(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.parent / f"{uuid4().hex}.tmp"
        try:
            _copy(raw, unfinished)
            unfinished.rename(target)
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(target.parent)
        sync_folder(self.folder)
        return None


def _copy(raw: bytes | Path, target: Path) -> None:
    with target.open("wb") as file:
        if isinstance(raw, bytes):
            file.write(raw)
        else:
            with raw.open("rb") as origin:
                shutil.copyfileobj(origin, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
