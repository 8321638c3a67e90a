"""Peers for the tests of the gateway: devices that speak HJ 212, and a gateway to speak to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from huanzhi.library.devices import Device, Outlet, open_register
from huanzhi.network import hj212
from huanzhi.network.gateway import Gateway, default_settings
from huanzhi.network.gateway.drain import Drain

MN = "010000A8900016F000169DC0"
OTHER = "010000A8900016F000169DC1"
BEGIN = 1_790_784_000
"""2026-10-01 00:00 China time."""


def hour_text(number: int) -> str:
    """Return DataTime of the hour `number` from 2026-10-01 00:00."""
    return f"202610{1 + number // 24:02d}{number % 24:02d}0000"


def segment(number: int, mn: str = MN, cn: str = "2061", area: str = "", flag: int = 5) -> str:
    """Return the data segment of upload `number`."""
    area = area or f"w01018-Avg={number}.50,w01018-Flag=N"
    head = f"QN=20261001{number // 3600000:02d}{number // 60000 % 60:02d}{number % 60000:05d}"
    return f"{head};ST=32;CN={cn};PW=123456;MN={mn};Flag={flag};CP=&&DataTime={hour_text(number)};{area}&&"


def frame(*args: Any, **kwargs: Any) -> bytes:
    """Return the frame of `segment`."""
    return hj212.build(segment(*args, **kwargs).encode())


class Peer:
    """A device at the other end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._decoder = hj212.Decoder()
        self._packets: list[hj212.Packet] = []

    async def packet(self, patience: float = 3.0) -> hj212.Packet | None:
        """Return the next packet; None where none comes in time."""
        try:
            async with asyncio.timeout(patience):
                while not self._packets:
                    data = await self.reader.read(65536)
                    if not data:
                        return None
                    self._packets += [done.packet for done in self._decoder.feed(data) if done.packet]
        except TimeoutError:
            return None
        return self._packets.pop(0)

    async def say(self, *frames: bytes) -> None:
        """Send frames."""
        self.writer.write(b"".join(frames))
        await self.writer.drain()

    async def close(self) -> None:
        """Hang up."""
        self.writer.close()
        await asyncio.gather(self.writer.wait_closed(), return_exceptions=True)


@asynccontextmanager
async def running(home: Path, **settings: Any) -> AsyncIterator[Gateway]:
    """Run a gateway without the draining process."""
    quick = replace(default_settings(), **({"register_every": 0.05, "status_every": 0.05} | settings))
    gateway = Gateway(home, quick, draining=False)
    await gateway.start()
    try:
        yield gateway
    finally:
        await gateway.stop()


@asynccontextmanager
async def connected(gateway: Gateway) -> AsyncIterator[Peer]:
    """Connect to a gateway; hang up at the end."""
    peer = Peer(*await asyncio.open_connection("127.0.0.1", gateway.port))
    try:
        yield peer
    finally:
        await peer.close()


def register(home: Path, *devices: Device) -> None:
    """Register devices with an outlet each."""
    made = devices or (Device(MN, password="123456", outlet="OUT1"),)
    outlets = [Outlet(device.outlet, f"排放口 {device.outlet}") for device in made if device.outlet]
    with open_register(home) as book:
        book.save(made, outlets, who="test", reason="test")


def drain_all(home: Path) -> Drain:
    """Bring everything into the store."""
    with Drain(home) as work:
        while work.once():
            pass
        return work
