"""State of the gateway for other processes 在线状态: a database that is written every second.

On-line state, counts and rates of each device, the figures of the gateway, and the newest rejections with
their reasons. It is news, not a record: it is not synced to the disk.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from huanzhi.library.home import home_folder
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults

_TABLES = """
create table if not exists device (
  mn text primary key, state text not null, online integer not null, connections integer not null,
  last_seen real not null, frames integer not null, acknowledged integer not null, rejected integer not null,
  last_reject text not null, clock_off real, per_minute integer not null);
create table if not exists figure (name text primary key, value real not null);
create table if not exists reject (
  id integer primary key, at real not null, mn text not null, peer text not null, key text not null,
  detail text not null, raw blob not null);
"""

KEPT_REJECTS = 10_000
"""Rejections that are kept. DEFAULT, NOT FROM THE DOCUMENTS."""


class DeviceStatus(NamedTuple):
    """One device as the gateway sees it; counts are since the gateway started.

    ``clock_off`` is how far its clock is ahead [s], None while that is not known; ``per_minute`` is how many
    frames it sends a minute, over about the last minute.
    """

    mn: str
    state: str
    online: bool
    connections: int
    last_seen: float
    frames: int
    acknowledged: int
    rejected: int
    last_reject: str
    clock_off: float | None
    per_minute: int = 0


_PUT_DEVICE = f"insert or replace into device values ({', '.join('?' * len(DeviceStatus._fields))})"


def _path(home: Path | None) -> Path:
    return home_folder(home) / "status.sqlite"


class StatusWriter:
    """Writes the state; each object belongs to one thread."""

    def __init__(self, home: Path | None = None) -> None:
        self.path = _path(home)
        self._db = open_database(self.path, _TABLES, writable=True, synchronous="off")
        with storage_faults(self.path):
            self._db.executescript(f"drop table if exists device; drop table if exists figure; {_TABLES}")

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def write(
        self,
        devices: Iterable[DeviceStatus],
        figures: Mapping[str, float],
        rejects: Sequence[tuple[float, str, str, str, str, bytes]],
    ) -> None:
        """Write the devices that changed, all figures, and rejections that are new."""
        with storage_faults(self.path):
            self._db.execute("begin immediate")
            try:
                self._put(devices, figures, rejects)
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise

    def _put(
        self,
        devices: Iterable[DeviceStatus],
        figures: Mapping[str, float],
        rejects: Sequence[tuple[float, str, str, str, str, bytes]],
    ) -> None:
        self._db.executemany(_PUT_DEVICE, devices)
        self._db.executemany("insert or replace into figure values (?, ?)", figures.items())
        self._db.executemany("insert into reject values (null, ?, ?, ?, ?, ?, ?)", rejects)
        if rejects:
            self._db.execute(
                "delete from reject where id <= (select max(id) from reject) - ?", (KEPT_REJECTS,)
            )


class Status:
    """Reads the state, from any process.

    Raises
    ------
    StoreError
        If no gateway ever ran on the data folder.
    """

    def __init__(self, home: Path | None = None) -> None:
        self._db = open_database(_path(home), "", writable=False)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def __enter__(self) -> Status:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def devices(self) -> list[DeviceStatus]:
        """Return every device, by number."""
        rows = self._db.execute("select * from device order by mn")
        return [DeviceStatus(row[0], row[1], bool(row[2]), *row[3:]) for row in rows]

    def figures(self) -> dict[str, float]:
        """Return the figures of the gateway; ``written`` is when they were taken [s UTC]."""
        return dict(self._db.execute("select name, value from figure order by name"))

    def rejects(self, most: int = 50, mn: str = "") -> list[dict[str, Any]]:
        """Return the newest rejections: at [s], mn, peer, key, detail, raw."""
        rows = self._db.execute(
            "select at, mn, peer, key, detail, raw from reject where ? in ('', mn) order by id desc limit ?",
            (mn, most),
        )
        return [dict(zip(("at", "mn", "peer", "key", "detail", "raw"), row, strict=True)) for row in rows]

    def rejects_after(self, number: int, most: int = 1000) -> list[dict[str, Any]]:
        """Return the rejections after a number, oldest first, each with its number as ``id``."""
        names = ("id", "at", "mn", "peer", "key", "detail", "raw")
        rows = self._db.execute(
            f"select * from (select {', '.join(names)} from reject where id > ? order by id desc limit ?)"
            " order by id",
            (number, most),
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    def last_reject(self) -> int:
        """Return the number of the newest rejection; 0 where there is none."""
        return int(self._db.execute("select coalesce(max(id), 0) from reject").fetchone()[0])

    def alive(self, patience: float = 5.0) -> bool:
        """Whether a gateway runs: its figures are fresh."""
        return time.time() - self.figures().get("written", 0.0) < patience
