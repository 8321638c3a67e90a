"""Events 事件流: ``GET /api/v1/events``, what has just changed, by server-sent events.

A message has the topic as its event, a list of events as its data, and a number by which a browser that
comes back gets what it missed. Who may not see a place gets no event of it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from huanzhi.errors import InputError
from huanzhi.library.events import Bus, Message, Subscription
from huanzhi.library.rights import Actor
from huanzhi.messages import text, using
from huanzhi.programmes.live import Audience
from huanzhi.web.api.actors import SignedIn, actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.application import parts_of

TOPICS = ("values", "devices", "rejects", "jobs", "alerts")
COMMENT_EVERY = 15.0
RETRY = 3000
"""Seconds between two comments on a silent stream, and milliseconds after which a browser comes back.
DEFAULT, NOT FROM THE DOCUMENTS."""

STREAM = {
    "responses": {
        200: {
            "description": "text/event-stream",
            "content": {
                "text/event-stream": {
                    "schema": {"type": "string"},
                    "example": 'id: 17\nevent: values\ndata: [{"feature":"A1","value":"12"}]\n\n',
                }
            },
        }
    }
}


class SignedInHere(SignedIn):
    """A session of a person, asked for from an async view."""

    async def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # type: ignore[override]
        """Return who asks; None where nobody has signed in."""
        return await sync_to_async(super().authenticate)(request, key)


router = Router(tags=["events"], auth=SignedInHere())


@router.get("events", url_name="events", openapi_extra=STREAM)
async def events(
    request: HttpRequest, topics: str = "values", features: str = "", last_event_id: str = ""
) -> StreamingHttpResponse:
    """Follow what changes, as server-sent events: topics values, devices, rejects, jobs, alerts."""
    wanted = topics_of(topics)
    news = parts_of(request).news
    after = request.headers.get("Last-Event-ID", "") or last_event_id
    form = form_for(news.audience(actor(request)), frozenset(filter(None, features.split(","))))
    subscription = news.bus.subscribe(wanted, int(after) if after.isdigit() else None)
    answer = StreamingHttpResponse(
        stream(news.bus, subscription, form, language_of(request)), content_type="text/event-stream"
    )
    answer["Cache-Control"] = "no-cache, no-transform"
    answer["X-Accel-Buffering"] = "no"
    answer["Content-Encoding"] = "identity"
    return answer


def topics_of(topics: str) -> list[str]:
    """Return the topics that are asked for.

    Raises
    ------
    InputError
        If there is none, or one that there is not.
    """
    wanted = [one for one in topics.split(",") if one]
    for one in wanted or [""]:
        if one not in TOPICS:
            raise InputError("events.topic", value=one, expected=", ".join(TOPICS))
    return wanted


def form_for(seeing: Audience, features: frozenset[str]) -> Callable[[Message], bytes]:
    """Return what makes the wire form of a message for those who see the same and ask for the same."""

    def make(message: Message) -> bytes:
        chosen = [one for one in message.events if may_hear(seeing, message.topic, one, features)]
        return frame(message, chosen) if chosen else b""

    return lambda message: message.form((seeing, features), make)


def may_hear(seeing: Audience, topic: str, event: Mapping[str, Any], features: frozenset[str]) -> bool:
    """Return whether an event is for those who see so much and ask for `features`."""
    if topic == "jobs":
        return seeing.work
    if topic == "rejects":
        return seeing.network
    place = str(event.get("feature", ""))
    return seeing.sees(place) and (not features or place in features)


def frame(message: Message, events: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a message in the wire form."""
    data = json.dumps(events, ensure_ascii=False, separators=(",", ":"))
    return f"id: {message.number}\nevent: {message.topic}\ndata: {data}\n\n".encode()


async def stream(
    bus: Bus, subscription: Subscription, form: Callable[[Message], bytes], language: Any
) -> AsyncIterator[bytes]:
    """Give the messages of a subscription until it is left or falls behind."""
    try:
        with using(language):
            begun, missed = text("events.begun"), told("missed")
            dropped = told("dropped")
        yield f"retry: {RETRY}\nid: {subscription.after}\n: {begun}\n\n".encode()
        if subscription.missed:
            yield missed
        while not (subscription.behind or subscription.ended):
            message = await subscription.next(COMMENT_EVERY)
            if message is not None:
                if made := form(message):
                    yield made
            elif not (subscription.behind or subscription.ended):
                yield b": \n\n"
        if subscription.behind:
            yield dropped
    finally:
        bus.leave(subscription)


def told(what: str) -> bytes:
    """Return a word to the listener about the stream itself."""
    data = json.dumps({"message": text(f"events.{what}")}, ensure_ascii=False)
    return f"event: {what}\ndata: {data}\n\n".encode()
