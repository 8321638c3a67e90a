"""The server: one loop that listens, and small tasks that keep register, status and connections in order."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from huanzhi.errors import InputError, StoreError
from huanzhi.library.arrivals import Inbox, Progress, Shelf, arrivals_folder, sweep
from huanzhi.library.devices import open_register
from huanzhi.network.gateway.connection import Connection
from huanzhi.network.gateway.dispatch import Dispatch
from huanzhi.network.gateway.forwarding import Forwarding
from huanzhi.network.gateway.intake import Intake
from huanzhi.network.gateway.logs import Log
from huanzhi.network.gateway.metrics import page, serve
from huanzhi.network.gateway.reporting import Reporting
from huanzhi.network.gateway.settings import Settings, default_settings

BACKLOG = 4096
PUMP_EVERY, GAPS_EVERY, KEYS_EVERY, SWEEP_EVERY = 0.2, 2.0, 600.0, 3600.0
"""Seconds between two rounds of the small tasks. Ours."""


class Gateway:
    """A gateway over one data folder; start it, and stop it, inside a running loop.

    Parameters
    ----------
    home : Path, optional
        Data folder.
    draining : bool
        Run the process that brings arrivals into the store.
    tls : ssl.SSLContext, optional
        Speak TLS.
    metrics : int, optional
        Port of the page of metrics on the loopback; 0 for any.
    """

    def __init__(
        self,
        home: Path | None = None,
        settings: Settings | None = None,
        log: Log | None = None,
        *,
        draining: bool = True,
        tls: ssl.SSLContext | None = None,
        metrics: int | None = None,
    ) -> None:
        self.home, self.settings, self.log = home, settings or default_settings(), log or Log(None)
        self.draining, self.tls, self.metrics = draining, tls, metrics
        self.metrics_port = 0
        self.port = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._drain: asyncio.subprocess.Process | None = None
        self._revision = -1

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; `self.port` is the port that was taken.

        Raises
        ------
        StoreError
            If another gateway runs on the same data folder.
        InputError
            If the address cannot be used.
        """
        self.register = open_register(self.home)
        self.inbox = Inbox(arrivals_folder(self.home), self.settings.segment_bytes)
        self.intake = Intake(self.inbox, self.settings, self.log)
        self._count_parked()
        self._look_at_register()
        self.dispatch = Dispatch(self.intake, self.register, self.home, self.log)
        self.reporting = Reporting(self.intake, self.home)
        self.forwarding = Forwarding(self.home, self.settings, self.log)
        try:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(
                lambda: Connection(self.intake), host, port, backlog=BACKLOG, ssl=self.tls
            )
        except OSError as error:
            self._close()
            raise InputError("gateway.address", value=f"{host}:{port}", reason=error.strerror) from error
        self.port = self._server.sockets[0].getsockname()[1]
        self._every(self.settings.register_every, self._look_at_register)
        self._every(1.0, lambda: self.intake.look_after(time.monotonic()))
        self._every(PUMP_EVERY, self.dispatch.pump)
        self._every(GAPS_EVERY, self.dispatch.ask_for_gaps)
        self._every(KEYS_EVERY, self.dispatch.look_at_keys)
        self._every(self.settings.status_every, self.reporting.write)
        self.forwarding.look()
        self._every(self.settings.register_every, self.forwarding.look)
        self._every(SWEEP_EVERY, self._sweep)
        if self.metrics is not None:
            self._page = await serve("127.0.0.1", self.metrics, self._metrics)
            self.metrics_port = self._page.sockets[0].getsockname()[1]
        if self.draining:
            self._tasks.append(asyncio.create_task(self._keep_draining()))
        self.log.say("started", host=host, port=self.port, home=str(arrivals_folder(self.home).parent))

    async def stop(self) -> None:
        """Stop gracefully: take nothing new, settle what was taken, answer it, then close."""
        self.intake.closing = True
        self._server.close()
        for connection in list(self.intake.connections):
            connection.hold("stopping")
        await self.intake.drained()
        for connection in list(self.intake.connections):
            connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.forwarding.close()
        await self._stop_draining()
        if self.metrics is not None:
            self._page.close()
        try:
            await self.reporting.write()
        except StoreError as error:
            self.log.say("task_failed", reason=error.key, words=str(error))
        self._close()
        self.log.say("stopped")

    def _close(self) -> None:
        self.reporting.close()
        self.dispatch.close()
        self.inbox.close()
        self.register.close()

    def _metrics(self) -> str:
        return page(self.reporting.figures(), self.intake.rejects.counts)

    def _sweep(self) -> None:
        """Delete arrivals that everybody is done with, after the time for which they are kept as evidence."""
        progress = Progress(arrivals_folder(self.home))
        try:
            drained = progress.position()
        finally:
            progress.close()
        gone = sweep(arrivals_folder(self.home), drained, self.settings.keep_days * 86400, time.time())
        if gone:
            self.log.say("arrivals_swept", files=[path.name for path in gone])

    async def __aenter__(self) -> Gateway:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _every(self, seconds: float, work: Callable[[], Awaitable[None] | None]) -> None:
        self._tasks.append(asyncio.create_task(self._repeat(seconds, work)))

    async def _repeat(self, seconds: float, work: Callable[[], Awaitable[None] | None]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                waiting = work()
                if waiting is not None:
                    await waiting
            except StoreError as error:
                self.log.say("task_failed", reason=error.key, words=str(error))

    def _count_parked(self) -> None:
        with Shelf(arrivals_folder(self.home)) as shelf:
            self.intake.parked_count.update({mn: count for mn, (count, _) in shelf.parked_devices().items()})

    def _look_at_register(self) -> None:
        if self.intake.new_devices:
            self.register.park(self.intake.new_devices)
            self.intake.new_devices.clear()
        revision = self.register.revision()
        if revision == self._revision:
            return
        if self._revision < 0:
            devices, keys = self.register.devices(), True
        else:
            devices, keys = self.register.changed(self._revision)
        self.intake.register(devices, self.register.keys() if keys else None)
        self._revision = revision
        self.log.say("register_read", revision=revision, changed=len(devices))

    async def _keep_draining(self) -> None:
        while True:
            command = [sys.executable, "-m", "huanzhi.network.gateway.drain", "--parent", str(os.getpid())]
            command += ["--settings", json.dumps(asdict(self.settings))]
            if self.home is not None:
                command += ["--home", str(self.home)]
            self._drain = await asyncio.create_subprocess_exec(*command, stderr=self.log.handle())
            code = await self._drain.wait()
            self.log.say("drain_ended", code=code)
            await asyncio.sleep(1)

    async def _stop_draining(self) -> None:
        if self._drain is not None and self._drain.returncode is None:
            self._drain.terminate()
            await self._drain.wait()
