"""Keys for pushing 推送密钥: the keys of `huanzhi.library.people.keys`, as the receiver needs them.

The replies to idempotency keys stand in a file of their own, for they are written with the observations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huanzhi.library.people.models import ApiKey as StoredKey

WRITE, READ = "observations:write", "observations:read"
FILE = "push-replies.sqlite"

TABLES = """
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
        Some of `huanzhi.library.rights.scopes.scopes`.
    places : str
        How the codes of the places begin that it may write; empty for all.
    simulated : bool
        Whether everything that comes with it is simulated.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    places: str
    simulated: bool

    def may(self, scope: str) -> bool:
        """Return whether the key has a scope."""
        return scope in self.scopes


def recall(presented: str) -> ApiKey | None:
    """Return a key that was checked a moment ago; asks no database, for the loop."""
    from huanzhi.library.people import keys

    return _plain(keys.recall(presented, datetime.now(UTC)))


def check(presented: str) -> ApiKey | None:
    """Return the key that was presented; None if there is none like it, or it holds no more."""
    from huanzhi.library.people import keys

    return _plain(keys.check(presented, datetime.now(UTC)))


def _plain(key: StoredKey | None) -> ApiKey | None:
    if key is None:
        return None
    return ApiKey(key.code, key.name, tuple(key.scopes.split(",")), key.places, key.simulated)
