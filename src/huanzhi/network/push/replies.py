"""Replies 回执: what was answered to an idempotency key, so that a message sent again is answered again.

A reply is entered after its observations are durable. A kill between the two makes the next sending write
the same values again, which the store takes as unchanged.
"""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

from huanzhi.library.home import home_folder
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults
from huanzhi.network.intake.desk import Written
from huanzhi.network.push.keys import FILE, TABLES

KEPT_DAYS = 7
"""Days for which a reply is remembered. DEFAULT, NOT FROM THE DOCUMENTS."""

_DAY = 86_400


class Replies:
    """The replies of one data folder: a `Keeper` of the writing desk."""

    def __init__(self, home: Path | None = None) -> None:
        self.path = home_folder(home) / FILE
        self._db: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open the database and forget what is old."""
        with storage_faults(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        self._db = open_database(self.path, TABLES, writable=True)
        with storage_faults(self.path):
            self._db.execute("delete from reply where at < ?", (int(time.time()) - KEPT_DAYS * _DAY,))

    def close(self) -> None:
        """Close the database."""
        if self._db is not None:
            self._db.close()

    def remember(self, written: Written) -> None:
        """Enter the replies to messages that carry an idempotency key."""
        now = int(time.time())
        rows = [
            (*message.receipt_key, json.dumps(taken.as_dict()), now)
            for message, taken in written
            if message.receipt_key
        ]
        if rows and self._db is not None:
            with storage_faults(self.path):
                self._db.execute("begin immediate")
                self._db.executemany("insert or ignore into reply values (?, ?, ?, ?, ?)", rows)
                self._db.execute("commit")


def reply_to(database: sqlite3.Connection, key: str, idempotency: str) -> tuple[str, str] | None:
    """Return digest of the message and reply that stand under an idempotency key."""
    found = database.execute(
        "select digest, body from reply where key = ? and idempotency = ?", (key, idempotency)
    ).fetchone()
    return (str(found[0]), str(found[1])) if found else None
