"""Policy of signing in 登录策略: tries, locks, ends of sessions; a table, ``data/signing.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Policy:
    """What the table says.

    Attributes
    ----------
    name_tries, address_tries : int
        Failures of a name, and from an address, within `lock` after which no more tries are taken.
    idle, absolute : timedelta
        How long a session lives unused, and in all.
    made_length : int
        Letters of a password that the platform makes up.
    longest : int
        Letters of a password that are looked at.
    remembered : timedelta
        How long a key that was checked is trusted without asking the database again.
    key_calls, address_calls : int
        Calls a minute of a key, and from an address.
    """

    name_tries: int
    address_tries: int
    lock: timedelta
    idle: timedelta
    absolute: timedelta
    made_length: int
    longest: int
    remembered: timedelta
    key_calls: int
    address_calls: int


@cache
def policy() -> Policy:
    """Return the policy."""
    file = resources.files("huanzhi.library.people") / "data" / "signing.toml"
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    throttle, session, password, keys = (raw[name] for name in ("throttle", "session", "password", "keys"))
    return Policy(
        throttle["name_tries"],
        throttle["address_tries"],
        timedelta(minutes=throttle["lock_minutes"]),
        timedelta(minutes=session["idle_minutes"]),
        timedelta(hours=session["absolute_hours"]),
        password["made_length"],
        password["longest"],
        timedelta(seconds=keys["remembered_seconds"]),
        keys["calls_per_minute"],
        keys["address_calls_per_minute"],
    )
