"""Keys of programs 接口密钥: made, ended, checked.

A key is ``hz_<code>_<secret>``. It is shown once, when it is made; only the SHA-256 of its secret is kept.
The secret has 256 random bits, so a slow hash would add nothing but delay. A key that was checked is trusted
for a few seconds without asking the database, so that a stream of pushes costs no query each.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from huanzhi.errors import InputError
from huanzhi.library.people.models import ApiKey, Organisation
from huanzhi.library.people.policy import policy
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor
from huanzhi.library.rights.scopes import scopes as all_scopes

PREFIX = "hz"
_USED = timedelta(minutes=1)
_MOST_REMEMBERED = 10_000

_remembered: dict[str, tuple[ApiKey, float]] = {}


def make_key(
    actor: Actor,
    name: str,
    scopes: Sequence[str],
    *,
    now: datetime,
    places: str = "",
    region: Region | None = None,
    organisation: Organisation | None = None,
    expires: datetime | None = None,
    simulated: bool = False,
) -> tuple[ApiKey, str]:
    """Make a key; return it, and the words to present, which are not kept.

    Raises
    ------
    InputError
        If the actor may not, the name is empty or taken, or a scope is unknown.
    """
    if not name.strip():
        raise InputError("push.no_name")
    for scope in scopes:
        if scope not in all_scopes():
            raise InputError("push.unknown_scope", value=scope, expected=", ".join(all_scopes()))
    if ApiKey.objects.filter(name=name).exists():
        raise InputError("push.name_taken", value=name)
    code, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey(
        code=code,
        name=name,
        digest=_digest(secret),
        scopes=",".join(dict.fromkeys(scopes)),
        places=places,
        region=region,
        organisation=organisation,
        made=now,
        expires=expires,
        simulated=simulated,
    )
    save(actor, key)
    return key, f"{PREFIX}_{code}_{secret}"


def end_key(actor: Actor, key: ApiKey, now: datetime, reason: str = "") -> ApiKey:
    """End a key; it stays in the list."""
    if key.ended is None:
        key.ended = now
        save(actor, key, reason)
    _remembered.clear()
    return key


def key_named(name: str) -> ApiKey:
    """Return a key by its name or code; InputError if there is none."""
    found = ApiKey.objects.filter(name=name).first() or ApiKey.objects.filter(code=name).first()
    if found is None:
        raise InputError(
            "push.no_key", value=name, expected=", ".join(ApiKey.objects.values_list("name", flat=True))
        )
    return found


def check(presented: str, now: datetime) -> ApiKey | None:
    """Return the key that was presented; None if there is none like it, or it holds no more."""
    found = recall(presented, now)
    if found is not None:
        return found
    prefix, _, rest = presented.partition("_")
    code, _, secret = rest.partition("_")
    if prefix != PREFIX or not secret or "\x00" in code:
        return None
    key = ApiKey.objects.select_related("region", "organisation").filter(code=code).first()
    if key is None or not hmac.compare_digest(key.digest, _digest(secret)) or not _holds(key, now):
        return None
    if key.last_used is None or now - key.last_used > _USED:
        ApiKey.objects.filter(pk=key.pk).update(last_used=now)
    _remember(presented, key)
    return key


def recall(presented: str, now: datetime) -> ApiKey | None:
    """Return a key that was checked a moment ago; asks no database."""
    key, until = _remembered.get(_digest(presented), (None, 0.0))
    return key if key is not None and time.monotonic() < until and _holds(key, now) else None


def forget() -> None:
    """Trust no key without asking."""
    _remembered.clear()


def _remember(presented: str, key: ApiKey) -> None:
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[_digest(presented)] = (key, time.monotonic() + policy().remembered.total_seconds())


def _holds(key: ApiKey, now: datetime) -> bool:
    return key.ended is None and (key.expires is None or now < key.expires)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
