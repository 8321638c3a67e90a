"""Reading what has arrived, from any process, in the order of arrival."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from huanzhi.library.arrivals import segments
from huanzhi.library.arrivals.model import Kept

_COLUMNS = "seq, received, mn, peer, raw"


class Shelf:
    """The segments of an inbox, open for reading. Use it in one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[Path, sqlite3.Connection] = {}

    def close(self) -> None:
        """Close every segment."""
        for database in self._open.values():
            database.close()
        self._open.clear()

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def last(self) -> int:
        """Return the number of the newest frame; 0 where there is none."""
        for first, path in reversed(segments.segments(self.folder)):
            return max(segments.last_number(self._database(path)), first - 1)
        return 0

    def frames(self, after: int, most: int, until: int | None = None) -> list[Kept]:
        """Return at most `most` frames of registered devices with numbers in (`after`, `until`]."""
        found: list[Kept] = []
        for path in self._segments_after(after):
            query = f"select {_COLUMNS} from frame where seq > ? and seq <= ? order by seq limit ?"
            bounds = (after, 2**62 if until is None else until, most - len(found))
            found += map(Kept._make, self._database(path).execute(query, bounds))
            if len(found) >= most:
                break
        return found

    def parked(self, mn: str, after: int, most: int) -> list[Kept]:
        """Return at most `most` frames of a device that came before it was registered, beyond `after`."""
        found: list[Kept] = []
        for path in self._segments_after(after):
            query = f"select {_COLUMNS} from parked where mn = ? and seq > ? order by seq limit ?"
            found += map(Kept._make, self._database(path).execute(query, (mn, after, most - len(found))))
            if len(found) >= most:
                break
        return found

    def parked_devices(self) -> dict[str, tuple[int, int]]:
        """Return device → number of its parked frames and the number of the newest of them."""
        totals: dict[str, tuple[int, int]] = {}
        for _, path in segments.segments(self.folder):
            rows = self._database(path).execute("select mn, count(*), max(seq) from parked group by mn")
            for mn, count, last in rows:
                totals[mn] = (totals.get(mn, (0, 0))[0] + count, last)
        return totals

    def _segments_after(self, after: int) -> Iterator[Path]:
        there = segments.segments(self.folder)
        for place, (_, path) in enumerate(there):
            if place + 1 == len(there) or there[place + 1][0] > after + 1:
                yield path

    def _database(self, path: Path) -> sqlite3.Connection:
        if path not in self._open:
            self._open[path] = segments.open_to_read(path)
        return self._open[path]
