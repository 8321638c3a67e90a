"""The register as a database: one row a device, one row an outlet, one row for every change ever made.

Any process may read and change it; a revision number tells the others that something did.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from huanzhi.errors import InputError
from huanzhi.library.devices.model import Device, DeviceState, Outlet, as_row, device_of, outlet_of
from huanzhi.library.home import home_folder
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults

_TABLES = """
create table if not exists device (mn text primary key, state text not null, body text not null);
create table if not exists outlet (code text primary key, body text not null);
create table if not exists secret (
  ref text not null, created integer not null, key blob not null, retired integer,
  primary key (ref, created));
create table if not exists audit (
  id integer primary key, at integer not null, who text not null, action text not null, subject text not null,
  before text, after text, reason text not null default '');
create trigger if not exists audit_stays before update on audit begin select raise(abort, 'audit'); end;
create trigger if not exists audit_remains before delete on audit begin select raise(abort, 'audit'); end;
"""

_HIDDEN = ("password",)


class Change(NamedTuple):
    """One row of the audit trail 变更记录."""

    id: int
    at: int
    who: str
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str


def open_register(home: Path | None = None) -> Register:
    """Open the register of the data folder; it is made where missing, readable by its owner only."""
    folder = home_folder(home)
    with storage_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return Register(folder / "register.sqlite")


class Register:
    """An open register; it belongs to one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with storage_faults(path):
            path.touch(mode=0o600, exist_ok=True)
        self._db = open_database(path, _TABLES, writable=True)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def __enter__(self) -> Register:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def revision(self) -> int:
        """Return a number that rises with every change."""
        return int(self._db.execute("select coalesce(max(id), 0) from audit").fetchone()[0])

    def devices(self, state: DeviceState | None = None) -> list[Device]:
        """Return the devices, by number."""
        wanted = "%" if state is None else state.value
        rows = self._db.execute("select body from device where state like ? order by mn", (wanted,))
        return [device_of(json.loads(body)) for (body,) in rows]

    def changed(self, since: int) -> tuple[list[Device], bool]:
        """Return the devices that changed after a revision, and whether any key did."""
        rows = self._db.execute(
            "select distinct action, subject from audit where id > ?", (since,)
        ).fetchall()
        found = (self.device(mn) for mn in sorted({subject for _, subject in rows}))
        keys = any(action == "key" for action, _ in rows)
        return [device for device in found if device is not None], keys

    def device(self, mn: str) -> Device | None:
        """Return one device; None where it is unknown."""
        row = self._db.execute("select body from device where mn = ?", (mn,)).fetchone()
        return device_of(json.loads(row[0])) if row else None

    def outlets(self) -> dict[str, Outlet]:
        """Return the outlets by code."""
        rows = self._db.execute("select code, body from outlet order by code")
        return {code: outlet_of(json.loads(body)) for code, body in rows}

    def outlet(self, code: str) -> Outlet | None:
        """Return one outlet; None where it is unknown."""
        row = self._db.execute("select body from outlet where code = ?", (code,)).fetchone()
        return outlet_of(json.loads(row[0])) if row else None

    def devices_of(self, outlet: str) -> list[Device]:
        """Return the devices that speak for an outlet, by number."""
        query = "select body from device where json_extract(body, '$.outlet') = ? order by mn"
        return [device_of(json.loads(body)) for (body,) in self._db.execute(query, (outlet,))]

    def save(
        self,
        devices: Iterable[Device] = (),
        outlets: Iterable[Outlet] = (),
        *,
        who: str,
        reason: str = "",
    ) -> int:
        """Register or change devices and outlets, all or none; return how many really changed."""
        with self._changing():
            changed = [self._put_outlet(outlet, who, reason) for outlet in outlets]
            changed += [self._put_device(device, who, reason) for device in devices]
        return sum(changed)

    def park(self, mns: Iterable[str]) -> list[str]:
        """Note devices that were seen for the first time; return those that were new."""
        with self._changing():
            return [
                mn
                for mn in mns
                if self.device(mn) is None and self._put_device(Device(mn, DeviceState.PARKED), "gateway", "")
            ]

    def add_key(self, ref: str, key: bytes, *, who: str, keep_old: float = 0.0) -> None:
        """Give a key reference a new SM4 key; those before it hold for `keep_old` seconds more."""
        if len(key) != 16:
            raise InputError("device_register.key", value=len(key))
        with self._changing():
            newest = self._db.execute("select max(created) from secret where ref = ?", (ref,)).fetchone()[0]
            now = time.time_ns() // 1_000_000
            self._db.execute(
                "update secret set retired = ? where ref = ? and retired is null",
                (now + int(keep_old * 1000), ref),
            )
            created = max(now, (newest or 0) + 1)
            self._db.execute("insert into secret values (?, ?, ?, null)", (ref, created, key))
            self._note(who, "key", ref, None, None, "")

    def keys(self) -> dict[str, tuple[bytes, ...]]:
        """Return the keys that hold, by reference, newest first."""
        now = time.time_ns() // 1_000_000
        rows = self._db.execute(
            "select ref, key from secret where retired is null or retired > ? order by ref, created desc",
            (now,),
        )
        found: dict[str, tuple[bytes, ...]] = {}
        for ref, key in rows:
            found[ref] = (*found.get(ref, ()), bytes(key))
        return found

    def key_age(self, ref: str, now: float) -> float | None:
        """Return how old the newest key of a reference is [s]; None where there is none."""
        row = self._db.execute("select max(created) from secret where ref = ?", (ref,)).fetchone()
        return now - row[0] / 1000 if row and row[0] is not None else None

    def history(self, subject: str = "", most: int = 1000) -> list[Change]:
        """Return the changes of a device, outlet or key, or of all, newest first."""
        query = "select * from audit where ? in ('', subject) order by id desc limit ?"
        return [_change(row) for row in self._db.execute(query, (subject, most))]

    def note(self, who: str, action: str, subject: str, after: Mapping[str, Any], reason: str = "") -> None:
        """Put something that was done into the audit trail."""
        with self._changing():
            self._note(who, action, subject, None, after, reason)

    def _put_device(self, device: Device, who: str, reason: str) -> bool:
        before = self.device(device.mn)
        if before == device:
            return False
        row = as_row(device)
        self._db.execute(
            "insert or replace into device values (?, ?, ?)", (device.mn, device.state, _json(row))
        )
        action = "device" if before else ("park" if device.state is DeviceState.PARKED else "register")
        self._note(who, action, device.mn, _shown(before) if before else None, _shown(device), reason)
        return True

    def _put_outlet(self, outlet: Outlet, who: str, reason: str) -> bool:
        row = self._db.execute("select body from outlet where code = ?", (outlet.code,)).fetchone()
        before = outlet_of(json.loads(row[0])) if row else None
        if before == outlet:
            return False
        self._db.execute("insert or replace into outlet values (?, ?)", (outlet.code, _json(as_row(outlet))))
        shown = as_row(before) if before else None
        self._note(who, "outlet", outlet.code, shown, as_row(outlet), reason)
        return True

    def _note(
        self,
        who: str,
        action: str,
        subject: str,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
        reason: str,
    ) -> None:
        shown = [None if part is None else _json(part) for part in (before, after)]
        self._db.execute(
            "insert into audit values (null, ?, ?, ?, ?, ?, ?, ?)",
            (time.time_ns() // 1000, who, action, subject, *shown, reason),
        )

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """All or none, durable at the end, with the faults of the disk in words."""
        with storage_faults(self.path):
            self._db.execute("begin immediate")
            try:
                yield
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise


def _change(row: tuple[Any, ...]) -> Change:
    before, after = (None if part is None else json.loads(part) for part in row[5:7])
    number, at, who, action, subject, *_ = row
    return Change(number, at, who, action, subject, before, after, row[7])


def _shown(device: Device) -> dict[str, Any]:
    return {name: "***" if name in _HIDDEN and value else value for name, value in as_row(device).items()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
