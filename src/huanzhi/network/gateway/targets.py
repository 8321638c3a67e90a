"""Upper platforms 上级平台 to which frames are forwarded, and how far each of them has acknowledged.

The inbox itself is the queue: a target has a position in it, so that nothing is copied, and a target that was
away for days goes on where it was, for as long as the arrivals are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.home import home_folder
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults

_TABLES = """
create table if not exists target (
  name text primary key, host text not null, port integer not null, active integer not null,
  devices text not null, names text not null, position integer not null,
  sent integer not null default 0, acknowledged integer not null default 0,
  skipped integer not null default 0,
  problem text not null default '', at real not null default 0);
"""


@dataclass(frozen=True, slots=True)
class Target:
    """One upper platform.

    Attributes
    ----------
    devices : tuple of str
        Devices that are forwarded; empty for all.
    names : mapping
        Device → ``{"mn": …, "password": …}`` as the upper platform knows it, where that differs.
    position : int
        Number of the last arrival that it has acknowledged.
    problem : str
        Why it does not go on; empty while it does.
    """

    name: str
    host: str
    port: int
    active: bool = True
    devices: tuple[str, ...] = ()
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    position: int = 0
    sent: int = 0
    acknowledged: int = 0
    skipped: int = 0
    problem: str = ""
    at: float = 0.0


class Targets:
    """The list of targets; each object belongs to one thread."""

    def __init__(self, home: Path | None = None) -> None:
        folder = home_folder(home)
        with storage_faults(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "targets.sqlite").touch(mode=0o600, exist_ok=True)
        self.path = folder / "targets.sqlite"
        self._db = open_database(self.path, _TABLES, writable=True)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def __enter__(self) -> Targets:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def save(self, target: Target) -> None:
        """Add a target, or change all of it but what it has acknowledged."""
        if not target.name or not 0 < target.port < 65536:
            raise InputError("forwarding.wrong", value=f"{target.name} {target.host}:{target.port}")
        row = (
            target.host,
            target.port,
            target.active,
            json.dumps(target.devices),
            json.dumps(dict(target.names)),
        )
        with storage_faults(self.path):
            self._db.execute(
                "insert into target (name, host, port, active, devices, names, position)"
                " values (?, ?, ?, ?, ?, ?, ?) on conflict (name) do update set host = excluded.host,"
                " port = excluded.port, active = excluded.active, devices = excluded.devices,"
                " names = excluded.names",
                (target.name, *row, target.position),
            )

    def all(self) -> list[Target]:
        """Return the targets by name."""
        rows = self._db.execute("select * from target order by name")
        return [_target(row) for row in rows]

    def switch(self, name: str, active: bool) -> None:
        """Stop or go on with a target; its position stays.

        Raises
        ------
        InputError
            If there is no such target.
        """
        with storage_faults(self.path):
            found = self._db.execute("update target set active = ? where name = ?", (active, name))
        if not found.rowcount:
            raise InputError("forwarding.none", value=name)

    def moved(self, name: str, position: int, sent: int, acknowledged: int, skipped: int, at: float) -> None:
        """Note, durably, how far a target is."""
        with storage_faults(self.path):
            self._db.execute(
                "update target set position = ?, sent = sent + ?, acknowledged = acknowledged + ?,"
                " skipped = skipped + ?, problem = '', at = ? where name = ?",
                (position, sent, acknowledged, skipped, at, name),
            )

    def failed(self, name: str, problem: str, at: float) -> None:
        """Note why a target does not go on."""
        with storage_faults(self.path):
            self._db.execute("update target set problem = ?, at = ? where name = ?", (problem, at, name))


def _target(row: tuple[Any, ...]) -> Target:
    return Target(
        row[0], row[1], row[2], bool(row[3]), tuple(json.loads(row[4])), json.loads(row[5]), *row[6:]
    )
