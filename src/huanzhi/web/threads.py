"""Threads 工作线程: a few that live as long as the web, so that each keeps its connection to the database.

Django gives every request a thread of its own, and with it a new connection, which costs more than most
questions. Here a request goes to the thread that has the least to do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler
from django.db import connections

THREADS = 6
"""DEFAULT, NOT FROM THE DOCUMENTS."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Seat(ThreadPoolExecutor):
    """One thread, which knows how much it has to do."""

    def __init__(self, number: int) -> None:
        super().__init__(1, f"request {number}")
        self.busy = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a call on the thread, after those before it."""
        self.busy += 1
        future = super().submit(fn, *args, **kwargs)
        future.add_done_callback(self._done)
        return future

    def _done(self, _: Future[Any]) -> None:
        self.busy -= 1


class Handler(ASGIHandler):
    """Django, on threads that stay."""

    def __init__(self, threads: int = THREADS) -> None:
        super().__init__()
        self.seats = [Seat(number) for number in range(threads)]
        self._turn = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        self._turn += 1
        count = len(self.seats)
        seats = (self.seats[(self._turn + place) % count] for place in range(count))
        async with ThreadSensitiveContext(executor=min(seats, key=lambda seat: seat.busy)):
            await self.handle(scope, receive, send)

    def close(self) -> None:
        """Close the connections and end the threads."""
        for seat in self.seats:
            seat.submit(connections.close_all)
            seat.shutdown()
