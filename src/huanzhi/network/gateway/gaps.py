"""Gaps 缺数 and back-fill 补遗: which uploads are missing, asked for again until they are there.

A device that skips from one interval to a later one leaves a gap. What comes later takes its moment out of
the gap. Gaps are durable, so a gateway that was down asks for them when it is up again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from huanzhi.library.home import home_folder
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults
from huanzhi.standards.periods import CHINA_OFFSET

INTERVALS = {"2031": 86400, "2061": 3600}
"""Seconds from one upload to the next of days and hours; of minutes it is the device's own."""

_TABLES = """
create table if not exists head (mn text, cn text, newest integer not null, primary key (mn, cn));
create table if not exists gap (
  id integer primary key, mn text not null, cn text not null, begin integer not null, end integer not null,
  found real not null, tries integer not null default 0, asked real not null default 0,
  given_up text not null default '');
create index if not exists gap_of on gap (mn, cn, begin);
"""


class Gap(NamedTuple):
    """Uploads that are missing: from `begin` to `end` [s UTC], both times of an upload.

    ``given_up`` says why it is not asked for any more, empty while it is.
    """

    id: int
    mn: str
    cn: str
    begin: int
    end: int
    found: float
    tries: int
    asked: float
    given_up: str


class Gaps:
    """The gaps of all devices; each object belongs to one thread."""

    def __init__(self, home: Path | None = None) -> None:
        folder = home_folder(home)
        with storage_faults(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "missing.sqlite"
        self._db = open_database(self.path, _TABLES, writable=True)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def __enter__(self) -> Gaps:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def saw(self, uploads: Iterable[tuple[str, str, Iterable[int], int]]) -> None:
        """Note uploads: device, CN, their times [s UTC], seconds between two of them."""
        with storage_faults(self.path):
            self._db.execute("begin immediate")
            for mn, cn, times, interval in uploads:
                self._saw(mn, cn, sorted({_aligned(at, interval) for at in times}), interval)
            self._db.execute("commit")

    def _saw(self, mn: str, cn: str, times: list[int], interval: int) -> None:
        row = self._db.execute("select newest from head where mn = ? and cn = ?", (mn, cn)).fetchone()
        newest = int(row[0]) if row else None
        late = [at for at in times if newest is not None and at <= newest]
        for at in late:
            self._fill(mn, cn, at, interval)
        for at in times[len(late) :]:
            if newest is not None and at - newest >= 2 * interval:
                self._insert(mn, cn, newest + interval, at - interval)
            newest = at
        self._db.execute("insert or replace into head values (?, ?, ?)", (mn, cn, newest))

    def _fill(self, mn: str, cn: str, at: int, interval: int) -> None:
        query = "select id, begin, end from gap where mn = ? and cn = ? and begin <= ? and end >= ?"
        for number, begin, end in self._db.execute(query, (mn, cn, at, at)).fetchall():
            before, after = split(begin, end, at, interval)
            if before is not None:
                self._db.execute("update gap set end = ? where id = ?", (before, number))
                if after is not None:
                    self._copy(number, after, end)
            elif after is not None:
                self._db.execute("update gap set begin = ? where id = ?", (after, number))
            else:
                self._db.execute("delete from gap where id = ?", (number,))

    def _insert(self, mn: str, cn: str, begin: int, end: int) -> None:
        self._db.execute(
            "insert into gap (mn, cn, begin, end, found) values (?, ?, ?, ?, ?)",
            (mn, cn, begin, end, time.time()),
        )

    def _copy(self, number: int, begin: int, end: int) -> None:
        self._db.execute(
            "insert into gap (mn, cn, begin, end, found, tries, asked, given_up)"
            " select mn, cn, ?, ?, found, tries, asked, given_up from gap where id = ?",
            (begin, end, number),
        )

    def listed(self, mn: str = "") -> list[Gap]:
        """Return the gaps, of one device or of all, oldest first."""
        query = "select * from gap where ? in ('', mn) order by mn, cn, begin"
        return [Gap(*row) for row in self._db.execute(query, (mn,))]

    def due(self, now: float, again: float, most: int = 1000) -> list[Gap]:
        """Return gaps that may be asked for: not given up, not asked within `again` seconds."""
        query = "select * from gap where given_up = '' and asked < ? order by asked, begin limit ?"
        return [Gap(*row) for row in self._db.execute(query, (now - again, most))]

    def asked(self, number: int, now: float) -> None:
        """Note that a gap was asked for."""
        with storage_faults(self.path):
            self._db.execute("update gap set tries = tries + 1, asked = ? where id = ?", (now, number))

    def give_up(self, number: int, why: str) -> None:
        """Ask no more for a gap; it stays on the list."""
        with storage_faults(self.path):
            self._db.execute("update gap set given_up = ? where id = ?", (why, number))


def _aligned(at: int, interval: int) -> int:
    """Return the start of the interval of China time that holds a moment."""
    return (at + CHINA_OFFSET) // interval * interval - CHINA_OFFSET


def split(begin: int, end: int, at: int, interval: int) -> tuple[int | None, int | None]:
    """Return the end of what is missing before `at` and the begin of what is missing after it; None for none.

    >>> split(0, 7200, 3600, 3600), split(0, 3600, 0, 3600), split(0, 0, 0, 3600)
    ((0, 7200), (None, 3600), (None, None))
    """
    before, after = at - interval, at + interval
    return (before if before >= begin else None), (after if after <= end else None)
