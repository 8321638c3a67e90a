"""Events 事件流: ``GET /api/v1/events``, what has just changed, by server-sent events.

A message has the topic as its event, a list of events as its data, and a number by which a browser that
comes back gets what it missed. Who may not see a place gets no event of it.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from huanzhi.errors import InputError
from huanzhi.library.events import Bus, Message, Subscription
from huanzhi.messages import text, using
from huanzhi.programmes.live import Audience
from huanzhi.programmes.live.audience import ROOMS
from huanzhi.web.api.actors import actor, here
from huanzhi.web.api.errors import language_of
from huanzhi.web.application import parts_of

TOPICS = ("values", "devices", "rejects", "jobs", "alerts", "issues", "warnings", "cases", "petitions")
COMMENT_EVERY = 15.0
RETRY, RETRY_SOON = 3000, 100
LIFE = 900.0
"""Seconds between two comments on a silent stream; milliseconds after which a browser comes back when it was
lost, and when its stream ended in order; seconds after which a stream ends, so that who was signed out or
lost a role hears no more. DEFAULT, NOT FROM THE DOCUMENTS."""

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


router = Router(tags=["events"], auth=here)


@router.get("events", url_name="events", openapi_extra=STREAM)
async def events(
    request: HttpRequest, topics: str = "values", features: str = "", last_event_id: str = ""
) -> StreamingHttpResponse:
    """Follow what changes by server-sent events.

    Topics: values, devices, rejects, jobs, alerts, issues, warnings, cases, petitions.
    """
    wanted = topics_of(topics)
    news = parts_of(request).news
    after = request.headers.get("Last-Event-ID", "") or last_event_id
    who, places = actor(request), frozenset(filter(None, features.split(",")))
    form = form_for(lambda: news.audience(who), places)
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


def form_for(seeing: Callable[[], Audience], features: frozenset[str]) -> Callable[[Message], bytes]:
    """Return what makes the wire form of a message; made once for all who see and ask the same.

    Parameters
    ----------
    seeing : callable
        Gives what may be seen now, since places and rights change while a stream is open.
    """

    def form(message: Message) -> bytes:
        now = seeing()

        def make(message: Message) -> bytes:
            chosen = [one for one in message.events if may_hear(now, message.topic, one, features)]
            return frame(message, chosen) if chosen else b""

        return message.form((now, features), make)

    return form


def may_hear(seeing: Audience, topic: str, event: Mapping[str, Any], features: frozenset[str]) -> bool:
    """Return whether an event is for those who see so much and ask for `features`."""
    if topic == "jobs":
        return seeing.work
    if topic in ROOMS:
        return seeing.hears_of(topic, str(event.get("path", "")))
    if topic == "rejects" and not seeing.network:
        return False
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
        ending = time.monotonic() + LIFE
        while not (subscription.behind or subscription.ended):
            if time.monotonic() > ending:
                yield f"retry: {RETRY_SOON}\n\n".encode()
                return
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
