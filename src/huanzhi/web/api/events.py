"""Events 事件流: ``GET /api/v1/events``, what has just changed, by server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from huanzhi.errors import InputError
from huanzhi.library.events import Bus, Message, Subscription
from huanzhi.library.rights import Actor
from huanzhi.messages import text
from huanzhi.web.api.actors import SignedIn, actor
from huanzhi.web.application import parts_of

TOPICS = ("values", "devices", "rejects", "jobs", "alerts")
COMMENT_EVERY = 15.0
RETRY = 3000
"""Seconds between two comments on a silent stream, and milliseconds after which a browser comes back.
DEFAULT, NOT FROM THE DOCUMENTS."""


class SignedInHere(SignedIn):
    """A session of a person, asked for from an async view."""

    async def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # type: ignore[override]
        """Return who asks; None where nobody has signed in."""
        return await sync_to_async(super().authenticate)(request, key)


router = Router(tags=["events"], auth=SignedInHere())


@router.get("events", url_name="events")
async def events(
    request: HttpRequest, topics: str = "values", features: str = "", last_event_id: str = ""
) -> StreamingHttpResponse:
    """Follow what changes, as server-sent events."""
    wanted = _topics(topics)
    bus = parts_of(request).news.bus
    after = request.headers.get("Last-Event-ID", "") or last_event_id
    subscription = bus.subscribe(wanted, int(after) if after.isdigit() else None)
    form = _form(actor(request), frozenset(filter(None, features.split(","))))
    answer = StreamingHttpResponse(_stream(bus, subscription, form), content_type="text/event-stream")
    answer["Cache-Control"] = "no-cache, no-transform"
    answer["X-Accel-Buffering"] = "no"
    answer["Content-Encoding"] = "identity"
    return answer


def _topics(topics: str) -> list[str]:
    wanted = [one for one in topics.split(",") if one]
    for one in wanted:
        if one not in TOPICS:
            raise InputError("events.topic", value=one, expected=", ".join(TOPICS))
    return wanted


def _form(asker: Actor, features: frozenset[str]) -> Callable[[Message], bytes]:
    def make(message: Message) -> bytes:
        chosen = [event for event in message.events if not features or event.get("feature") in features]
        return frame(message, chosen) if chosen else b""

    return lambda message: message.form(features, make)


def frame(message: Message, events: list[object]) -> bytes:
    """Return a message in the wire form."""
    data = json.dumps(events, ensure_ascii=False, separators=(",", ":"))
    return f"id: {message.number}\nevent: {message.topic}\ndata: {data}\n\n".encode()


async def _stream(
    bus: Bus, subscription: Subscription, form: Callable[[Message], bytes]
) -> AsyncIterator[bytes]:
    try:
        yield f"retry: {RETRY}\nid: {bus.number}\n: {text('events.begun')}\n\n".encode()
        if subscription.missed:
            yield _told("missed")
        while not subscription.behind:
            message = await subscription.next(COMMENT_EVERY)
            if message is None and not subscription.behind:
                yield b": \n\n"
            elif message is not None and (made := form(message)):
                yield made
        yield _told("dropped")
    finally:
        bus.leave(subscription)


def _told(what: str) -> bytes:
    data = json.dumps({"message": text(f"events.{what}")}, ensure_ascii=False)
    return f"event: {what}\ndata: {data}\n\n".encode()
