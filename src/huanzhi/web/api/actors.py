"""Who asks 请求者: the person of the session or the holder of a key, for every operation of the API."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from huanzhi.errors import InputError
from huanzhi.library.people.actors import actor_of, actor_of_key
from huanzhi.library.people.keys import check
from huanzhi.library.people.policy import policy
from huanzhi.library.rights import ANYONE, Actor
from huanzhi.settings import SESSION_COOKIE_NAME
from huanzhi.web.throttling import Throttle

BEGUN, SEEN, BY = "begun", "seen", "by"
_SEEN_EVERY = 60

key_calls = Throttle()
address_calls = Throttle()
wrong_keys = Throttle()


class SignedIn(APIKeyCookie):
    """A session of a person; changes need the CSRF token as well."""

    param_name = SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return who asks; None where nobody has signed in, or the session is over."""
        person = person_of(request)
        if person is None:
            return None
        if person.must_change and not request.session.get(BY):
            raise InputError("people.change_password")
        return actor_of(person)


class Changing(SignedIn):
    """A session, even of a person who has to change the first password."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return who asks."""
        person = person_of(request)
        return actor_of(person) if person is not None else None


class KeyHolder(HttpBearer):
    """A program with a key: ``Authorization: Bearer hz_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Return who asks.

        Raises
        ------
        InputError
            If the key does not hold (401), or calls too often (429).
        """
        address = address_of(request)
        wrong_keys.look(address, policy().address_tries, policy().lock.total_seconds())
        address_calls.count(address, policy().address_calls, 60)
        key = check(token, datetime.now(UTC))
        if key is None:
            wrong_keys.note(address, policy().lock.total_seconds())
            raise InputError("web_api.no_key", expected="Authorization: Bearer hz_…")
        key_calls.count(key.code, policy().key_calls, 60)
        return actor_of_key(key)


class Anybody(APIKeyCookie):
    """Who has not signed in, for what is public; put it last: ``auth=anybody``."""

    param_name = SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        """Return nobody in particular."""
        return ANYONE


class SignedInHere(SignedIn):
    """A session of a person, asked for from an async view."""

    async def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # type: ignore[override]
        """Return who asks; None where nobody has signed in."""
        return await sync_to_async(super().authenticate)(request, key)


class KeyHolderHere(KeyHolder):
    """A program with a key, asked for from an async view."""

    async def authenticate(self, request: HttpRequest, token: str) -> Actor:  # type: ignore[override]
        """Return who asks."""
        return await sync_to_async(super().authenticate)(request, token)


signed_in = [KeyHolder(), SignedIn()]
"""What operations ask by default."""

here = [KeyHolderHere(), SignedInHere()]
"""What async operations ask by default."""

anybody = [KeyHolder(), SignedIn(), Anybody()]
"""What operations ask that also serve the public."""


def asker(request: HttpRequest) -> Actor:
    """Return who asks, for views outside the API: by key, by session, or nobody in particular."""
    for ask in (*signed_in, Anybody()):
        found = ask(request)
        if found:
            return found  # type: ignore[no-any-return]
    return ANYONE


def actor(request: HttpRequest) -> Actor:
    """Return who asks; nobody in particular at addresses that ask for nobody."""
    found: Actor = getattr(request, "auth", ANYONE)
    return found


def person_of(request: HttpRequest) -> Any:
    """Return the person of the session; None where there is none, or it was idle or lived too long."""
    person = request.user
    if not person.is_authenticated:
        return None
    session, now = request.session, int(time.time())
    begun, seen = session.get(BEGUN, 0), session.get(SEEN, 0)
    if now - begun > policy().absolute.total_seconds() or now - seen > policy().idle.total_seconds():
        session.flush()
        return None
    if now - seen > _SEEN_EVERY:
        session[SEEN] = now
    return person


def address_of(request: HttpRequest) -> str:
    """Return the address that a request comes from; behind a trusted proxy, the one that the proxy names."""
    if settings.BEHIND_PROXY:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if told:
            return told
    return str(request.META.get("REMOTE_ADDR") or "")
