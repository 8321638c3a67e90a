"""The web as a service: uvicorn in the loop of the process, beside the other services."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from huanzhi.errors import InputError
from huanzhi.network.push import Receiver
from huanzhi.web.application import Parts, application, handler
from huanzhi.web.news import News
from huanzhi.web.readers import Readers

GRACE = 5
"""Seconds that open requests have to end. DEFAULT, NOT FROM THE DOCUMENTS."""


class _Server(uvicorn.Server):
    """uvicorn without handlers of signals: those belong to the process, which stops all services in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebService:
    """Answers HTTP on one address; a service.

    Parameters
    ----------
    host, port
        Where to listen; port 0 takes any free one.
    receiver : Receiver, optional
        Takes pushed messages; without it the service only reads.
    """

    def __init__(
        self, host: str, port: int, home: Path | None = None, receiver: Receiver | None = None
    ) -> None:
        self.host, self.port = host, port
        self.readers = Readers(home)
        self.news = News(home)
        self.receiver = receiver

    @property
    def address(self) -> str:
        """Return where it answers."""
        return f"http://{self.host}:{self.port}"

    async def start(self) -> None:
        """Listen; InputError if the address cannot be had."""
        listener = self._listen()
        await self.readers.start()
        await self.news.start()
        self._django = handler()
        app = application(Parts(self.readers, self.receiver, self.news), self._django)
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve([listener]))
        while not self._server.started and not self._task.done():
            await asyncio.sleep(0.01)

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
        except OSError as error:
            listener.close()
            place = f"{self.host}:{self.port}"
            raise InputError("web_api.cannot_listen", value=place, reason=error.strerror) from None
        self.port = listener.getsockname()[1]
        return listener

    async def stop(self) -> None:
        """Let open requests end, then close; streams end at once."""
        self.news.bus.end()
        self._server.should_exit = True
        await self._task
        await asyncio.get_running_loop().run_in_executor(None, self._django.close)
        await self.news.stop()
        await self.readers.stop()
