"""The web application: Django behind two guards, a limit on the size of a body and what a request may use."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.database import ready
from huanzhi.network.push import Receiver
from huanzhi.web.news import News
from huanzhi.web.readers import Readers
from huanzhi.web.screens import is_screen, screens

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES = 8 << 20
"""Bytes of a request's body. DEFAULT, NOT FROM THE DOCUMENTS."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), serial=()",
    ),
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        b"worker-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'; "
        b"form-action 'self'",
    ),
)

POLICY = b"content-security-policy"

STATE = "huanzhi"

EMBEDDED = "/api/v1/open/embed/"
"""Addresses whose answers bring a content security policy of their own: a chart that any page may frame."""

STREAM = "/api/v1/events"
PATIENCE = 20.0
"""Address of the stream of events, and seconds for which a reader may leave a piece of it unread.
DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the views work with.

    Attributes
    ----------
    readers : Readers
        Open stores to read from.
    receiver : Receiver, optional
        Takes pushed messages; None where this process only reads.
    news : News
        What has just changed.
    """

    readers: Readers
    receiver: Receiver | None = None
    news: News = field(default_factory=News)


def handler() -> Any:
    """Return Django as an ASGI application on threads that stay; close it at the end."""
    ready()
    from django.urls import get_resolver

    from huanzhi.web.threads import Handler

    _ = get_resolver().url_patterns  # loads every view now, so that the first request does not wait for it
    return Handler()


def application(parts: Parts, inner: Any, most_bytes: int = MOST_BYTES) -> Application:
    """Return the ASGI application around Django's `handler`."""
    files = screens()

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if is_screen(scope["path"]):
            await files(scope, receive, _guarded(send))
            return
        scope.setdefault("state", {})[STATE] = parts
        if _declared(scope) > most_bytes:
            await _too_large(_guarded(send), most_bytes)
            return
        body = await _whole_body(receive, most_bytes)
        if body is None:
            await _too_large(_guarded(send), most_bytes)
            return
        guarded = _guarded(send, own_policy=scope["path"].startswith(EMBEDDED))
        if scope["path"] == STREAM:
            guarded = _impatient(guarded)
        await inner(scope, _replay(body, receive), guarded)

    return outer


def parts_of(request: Any) -> Parts:
    """Return what the view of a request works with."""
    parts: Parts = request.scope["state"][STATE]
    return parts


def _guarded(send: Send, *, own_policy: bool = False) -> Send:
    """Return a `send` that adds the headers of :data:`HEADERS` to every answer but a policy of its own.

    Django's own middleware for this hops to a thread and back for every request.
    """

    async def guarded(event: MutableMapping[str, Any]) -> None:
        if event["type"] == "http.response.start":
            held = [*event.get("headers", ())]
            policy = own_policy and any(name.lower() == POLICY for name, _ in held)
            event["headers"] = [*held, *(one for one in HEADERS if not (policy and one[0] == POLICY))]
        await send(event)

    return guarded


def _impatient(send: Send) -> Send:
    """Return a `send` that gives up on who does not read."""

    async def sent(event: MutableMapping[str, Any]) -> None:
        async with asyncio.timeout(PATIENCE):
            await send(event)

    return sent


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _whole_body(receive: Receive, most: int) -> bytes | None:
    """Return the body; None if it is longer than `most`, even if it did not say so."""
    pieces: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return b"".join(pieces)
        pieces.append(event.get("body", b""))
        size += len(pieces[-1])
        if size > most:
            return None
        if not event.get("more_body"):
            return b"".join(pieces)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once and what comes after it as it comes."""
    waiting: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> MutableMapping[str, Any]:
        return waiting.pop() if waiting else await receive()

    return again


async def _too_large(send: Send, most: int) -> None:
    error = InputError("web_api.too_large", expected=f"≤ {most}")
    body = json.dumps(error.as_dict(), ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
