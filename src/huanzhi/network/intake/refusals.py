"""Refusals 拒收登记: messages that could not be taken, kept with the reason."""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huanzhi.errors import HuanzhiError
from huanzhi.library.home import home_folder
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults

MOST = 20_000
"""Refusals that are kept; the oldest go. DEFAULT, NOT FROM THE DOCUMENTS."""

_TABLE = """
create table if not exists refusal (
  id integer primary key, at integer not null, way text not null, origin text not null, error text not null,
  raw blob not null);
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused message: when [s UTC], which way, from whom, why (an error's machine form), its bytes."""

    at: int
    way: str
    origin: str
    error: dict[str, Any]
    raw: bytes


class Refusals:
    """The refusals of one data folder; used from any thread, one short transaction each."""

    def __init__(self, home: Path | None = None) -> None:
        folder = home_folder(home)
        with storage_faults(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "refused-messages.sqlite"

    def keep(self, way: str, origin: str, error: HuanzhiError, raw: bytes) -> None:
        """Keep a refused message, durably."""
        row = (int(time.time()), way, origin, json.dumps(error.as_dict(), ensure_ascii=False), raw)
        with storage_faults(self.path), closing(open_database(self.path, _TABLE, writable=True)) as database:
            made = database.execute(
                "insert into refusal (at, way, origin, error, raw) values (?, ?, ?, ?, ?)", row
            )
            database.execute("delete from refusal where id <= ?", ((made.lastrowid or 0) - MOST,))

    def newest(self, number: int = 100) -> list[Refusal]:
        """Return the newest refusals, newest first."""
        if not self.path.exists():
            return []
        with storage_faults(self.path), closing(open_database(self.path, _TABLE, writable=False)) as database:
            rows = database.execute(
                "select at, way, origin, error, raw from refusal order by id desc limit ?", (number,)
            ).fetchall()
        return [Refusal(at, way, origin, json.loads(error), raw) for at, way, origin, error, raw in rows]
