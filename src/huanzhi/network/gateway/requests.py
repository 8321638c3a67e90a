"""Reverse control 反控 as a service: a durable queue of requests, with permissions and a trail.

Any process puts requests in; the gateway hands them over, one at a time for a device, and follows each
through 9011 and 9012 by the table of states in ``requests.toml``.

References
----------
.. [1] HJ 212-2017, 6.4 (flow), 6.6.3 表7 (QnRtn), 6.6.2 表6 (ExeRtn).
"""

from __future__ import annotations

import json
import sqlite3
import time
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from huanzhi.errors import InputError
from huanzhi.library.home import home_folder
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults
from huanzhi.network.hj212 import tables
from huanzhi.network.hj212.segment import parse_area

OPEN = ("queued", "sent", "accepted")
GATEWAY = "gateway"

_TABLES = """
create table if not exists request (
  id integer primary key, mn text not null, cn text not null, area text not null, state text not null,
  who text not null, reason text not null, created real not null, tries integer not null default 0,
  qn text not null default '', changed real not null, result text not null default '',
  answer text not null default '[]', gap integer);
create index if not exists request_open on request (state, mn, id);
create table if not exists trail (
  id integer primary key, request integer not null, at real not null, event text not null,
  state text not null, detail text not null default '');
"""


class Request(NamedTuple):
    """One request to a device.

    Attributes
    ----------
    area : str
        Data area without its ``&&``.
    state : str
        ``queued``, ``sent``, ``accepted``, or how it ended.
    result : str
        QnRtn or ExeRtn that ended it.
    answer : list of str
        Data areas that came back, of commands that are no uploads of data.
    """

    id: int
    mn: str
    cn: str
    area: str
    state: str
    who: str
    reason: str
    created: float
    tries: int
    qn: str
    changed: float
    result: str
    answer: list[str]
    gap: int | None


class Requests:
    """The queue; each object belongs to one thread."""

    def __init__(self, home: Path | None = None) -> None:
        folder = home_folder(home)
        with storage_faults(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "control.sqlite").touch(mode=0o600, exist_ok=True)
        self.path = folder / "control.sqlite"
        self._db = open_database(self.path, _TABLES, writable=True)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def __enter__(self) -> Requests:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(
        self,
        mn: str,
        cn: str,
        area: str = "",
        *,
        who: str,
        role: str = "administrator",
        reason: str = "",
        gap: int | None = None,
    ) -> int:
        """Put a request into the queue, durable on return; return its number.

        Raises
        ------
        InputError
            If the role may not ask for it, or it is no command from host to device.
        """
        check(cn, area, role)
        now = time.time()
        with storage_faults(self.path):
            self._db.execute("begin immediate")
            number = self._db.execute(
                "insert into request (mn, cn, area, state, who, reason, created, changed, gap)"
                " values (?, ?, ?, 'queued', ?, ?, ?, ?, ?) returning id",
                (mn, cn, area, who, reason, now, now, gap),
            ).fetchone()[0]
            self._trail(number, "queued", "queued", f"{who} ({role})")
            self._db.execute("commit")
        return int(number)

    def open_requests(self) -> list[Request]:
        """Return what is not ended, oldest first."""
        query = f"select * from request where state in ({', '.join('?' * len(OPEN))}) order by id"
        return [_request(row) for row in self._db.execute(query, OPEN)]

    def listed(self, mn: str = "", most: int = 100) -> list[Request]:
        """Return the newest requests, of one device or of all."""
        query = "select * from request where ? in ('', mn) order by id desc limit ?"
        return [_request(row) for row in self._db.execute(query, (mn, most))]

    def get(self, number: int) -> Request:
        """Return one request.

        Raises
        ------
        InputError
            If there is none with that number.
        """
        row = self._db.execute("select * from request where id = ?", (number,)).fetchone()
        if row is None:
            raise InputError("requests.none", value=number)
        return _request(row)

    def trail(self, number: int) -> list[tuple[float, str, str, str]]:
        """Return what became of a request: time, event, state after it, detail."""
        query = "select at, event, state, detail from trail where request = ? order by id"
        return list(self._db.execute(query, (number,)))

    def step(self, number: int, event: str, detail: str = "", **changes: Any) -> str:
        """Take a request one step further by the table of states; return its state.

        An event that has no place in the state changes nothing.
        """
        with storage_faults(self.path):
            self._db.execute("begin immediate")
            before = self._db.execute("select state from request where id = ?", (number,)).fetchone()[0]
            after = steps().get(before, {}).get(event, "")
            if after:
                made = {"state": after, "changed": time.time(), **changes}
                columns = ", ".join(f"{name} = ?" for name in made)
                self._db.execute(f"update request set {columns} where id = ?", (*made.values(), number))
                self._trail(number, event, after, detail)
            self._db.execute("commit")
        return after or str(before)

    def answered(self, number: int, area: str) -> None:
        """Keep a data area that a request brought."""
        with storage_faults(self.path):
            self._db.execute(
                "update request set answer = json_insert(answer, '$[#]', ?), changed = ? where id = ?",
                (area, time.time(), number),
            )

    def _trail(self, number: int, event: str, state: str, detail: str) -> None:
        self._db.execute(
            "insert into trail (request, at, event, state, detail) values (?, ?, ?, ?, ?)",
            (number, time.time(), event, state, detail),
        )


def check(cn: str, area: str, role: str) -> None:
    """Refuse a command that no host sends, that the role may not ask for, or whose data area is broken.

    Raises
    ------
    InputError
        With what is allowed.
    """
    roles = _rules()["role"]
    if role not in roles:
        raise InputError("requests.role", value=role, expected=", ".join(roles))
    allowed = sorted({known for level in roles[role] for known in _rules()["level"][level]})
    if not any(
        known.down
        for (_, number), known in tables.commands().items()
        if number == cn and not cn.startswith("90")
    ):
        raise InputError("requests.no_command", value=cn)
    if cn not in allowed:
        raise InputError("requests.not_allowed", value=cn, role=role, expected=", ".join(allowed) or "—")
    if "&&" in area or parse_area(area)[1]:
        raise InputError("requests.area", value=area, expected="PolId=w01018;…")


@cache
def steps() -> Mapping[str, Mapping[str, str]]:
    """Return the table of states: state → event → state."""
    found = {}
    for row in _rules()["step"]:
        found[row["from"]] = MappingProxyType({event: to for event, to in row.items() if event != "from"})
    return MappingProxyType(found)


@cache
def _rules() -> Mapping[str, Any]:
    file = resources.files("huanzhi.network.gateway").joinpath("requests.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _request(row: Sequence[Any] | sqlite3.Row) -> Request:
    made = Request(*row)
    return made._replace(answer=json.loads(row[12]))
