"""API keys 接口密钥: who may push, and what.

A key is ``hz_<id>_<secret>``. It is shown once, when it is made; only the SHA-256 of its secret is kept. The
secret has 256 random bits, so a slow hash would add nothing but delay.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from huanzhi.errors import InputError
from huanzhi.library.home import home_folder
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults

SCOPES = ("observations:write", "observations:read")
WRITE, READ = SCOPES
PREFIX = "hz"
FILE = "api-keys.sqlite"

TABLES = """
create table if not exists api_key (
  id text primary key, name text not null unique, digest text not null, scopes text not null,
  places text not null, simulated integer not null, made integer not null, ended integer);
create table if not exists reply (
  key text not null, idempotency text not null, digest text not null, body text not null, at integer not null,
  primary key (key, idempotency)) without rowid;
create index if not exists reply_at on reply (at);
"""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret.

    Attributes
    ----------
    scopes : tuple of str
        Some of :data:`SCOPES`.
    places : str
        How the codes of the places begin that it may write; empty for all.
    simulated : bool
        Whether everything that comes with it is simulated.
    made, ended : int
        Seconds UTC; `ended` is None while it holds.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    places: str
    simulated: bool
    made: int
    ended: int | None

    def may(self, scope: str) -> bool:
        """Return whether the key holds and has a scope."""
        return self.ended is None and scope in self.scopes


class Keys:
    """The keys of one data folder; an object belongs to one thread."""

    def __init__(self, home: Path | None = None) -> None:
        folder = home_folder(home)
        with storage_faults(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE
        self._db = open_database(self.path, TABLES, writable=True)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def __enter__(self) -> Keys:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def make(
        self, name: str, scopes: tuple[str, ...] = (WRITE,), places: str = "", *, simulated: bool = False
    ) -> str:
        """Make a key and return it with its secret, which is not kept.

        Raises
        ------
        InputError
            If the name is empty or taken, or a scope is unknown.
        """
        if not name.strip():
            raise InputError("push.no_name")
        for scope in scopes:
            if scope not in SCOPES:
                raise InputError("push.unknown_scope", value=scope, expected=", ".join(SCOPES))
        if any(key.name == name for key in self.all()):
            raise InputError("push.name_taken", value=name)
        identity, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        row = (identity, name, _digest(secret), ",".join(scopes), places, simulated, int(time.time()), None)
        with storage_faults(self.path):
            self._db.execute("insert into api_key values (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return f"{PREFIX}_{identity}_{secret}"

    def end(self, name: str) -> None:
        """End a key; it is not taken any more, and stays in the list.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        with storage_faults(self.path):
            done = self._db.execute(
                "update api_key set ended = coalesce(ended, ?) where name = ?", (int(time.time()), name)
            )
        if not done.rowcount:
            raise InputError("push.no_key", value=name, expected=", ".join(key.name for key in self.all()))

    def all(self) -> list[ApiKey]:
        """Return every key, in the order they were made."""
        rows = self._db.execute(
            "select id, name, scopes, places, simulated, made, ended from api_key order by made, rowid"
        )
        return [_key(row) for row in rows]

    def check(self, presented: str) -> ApiKey | None:
        """Return the key that was presented; None if there is none like it or it has ended."""
        prefix, _, rest = presented.partition("_")
        identity, _, secret = rest.partition("_")
        if prefix != PREFIX or not secret:
            return None
        row = self._db.execute(
            "select id, name, scopes, places, simulated, made, ended, digest from api_key where id = ?",
            (identity,),
        ).fetchone()
        if row is None or not hmac.compare_digest(row[7], _digest(secret)):
            return None
        key = _key(row[:7])
        return key if key.ended is None else None


def _key(row: tuple[str, str, str, str, int, int, int | None]) -> ApiKey:
    identity, name, scopes, places, simulated, made, ended = row
    return ApiKey(identity, name, tuple(scopes.split(",")), places, bool(simulated), made, ended)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
