"""Forwarding 转发 to upper platforms: each target reads the inbox at its own pace.

A part of the arrivals is sent, then its answers are awaited; only then the position moves, durably. What was
sent and not answered is sent again after a break that doubles: at least once, never lost.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from huanzhi.library.arrivals import Kept, Shelf, arrivals_folder
from huanzhi.messages import text
from huanzhi.network import hj212
from huanzhi.network.gateway.answers import answer_to
from huanzhi.network.gateway.logs import Log
from huanzhi.network.gateway.settings import Settings
from huanzhi.network.gateway.targets import Target, Targets

PART = 200
"""Arrivals sent before their answers are awaited. Ours."""
IDLE = 0.5
LONGEST_BREAK = 60.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A frame on its way up, and the QN that its answer will have; empty where none is wanted."""

    frame: bytes
    qn: str


def letter(kept: Kept, target: Target) -> Letter | None:
    """Return what a target gets of a frame: in its own name for the device; None of what is not data."""
    if target.devices and kept.mn not in target.devices:
        return None
    done = hj212.decode_line(kept.raw)
    packet = done.packet
    if packet is None or packet.cn.startswith(("90", "1")):
        return None
    frame = kept.raw + b"\r\n"
    if name := target.names.get(kept.mn):
        frame = _renamed(kept.raw, packet, name)
    wanted = packet.wants_answer and answer_to(done.edition, packet.cn)
    return Letter(frame, packet.qn if wanted else "")


def _renamed(raw: bytes, packet: hj212.Packet, name: Mapping[str, str]) -> bytes:
    """Return a frame with the upper platform's number and password; the data area stays byte for byte."""
    segment = hj212.frame_of_line(raw).segment
    head, mark, area = segment.partition(b"CP=")
    for field, value in (("MN", name.get("mn", "")), ("PW", name.get("password", ""))):
        if value and packet.get(field):
            head = head.replace(f"{field}={packet.get(field)}".encode(), f"{field}={value}".encode(), 1)
    return hj212.build(head + mark + area)


class Forwarder:
    """Forwards to one target; runs as a task of the loop."""

    def __init__(self, name: str, home: Path | None, settings: Settings, log: Log) -> None:
        self.name, self.home, self.settings, self.log = name, home, settings, log
        self._targets = Targets(home)
        self._shelf = Shelf(arrivals_folder(home))
        self._break = 1.0

    async def run(self) -> None:
        """Forward until cancelled."""
        try:
            while True:
                try:
                    await self._session()
                except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                    await self._failed(error)
        finally:
            self._shelf.close()
            self._targets.close()

    async def _failed(self, error: BaseException) -> None:
        words = str(error) or text("forwarding.no_answer")
        self._targets.failed(self.name, words, time.time())
        self.log.say("forward_failed", target=self.name, reason=words, again_in=self._break)
        await asyncio.sleep(self._break)
        self._break = min(self._break * 2, LONGEST_BREAK)

    def _target(self) -> Target | None:
        return next((found for found in self._targets.all() if found.name == self.name), None)

    async def _session(self) -> None:
        """Stay connected while there is something to send."""
        line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        try:
            while True:
                target = self._target()
                frames = self._shelf.frames(target.position, PART) if target and target.active else []
                if target is None or not frames:
                    await asyncio.sleep(IDLE)
                    continue
                if line is None:
                    opening = asyncio.open_connection(target.host, target.port)
                    line = await asyncio.wait_for(opening, self.settings.over_time)
                await self._forward(frames, target, *line)
        finally:
            if line is not None:
                line[1].close()

    async def _forward(
        self, frames: list[Kept], target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        letters = [found for kept in frames if (found := letter(kept, target)) is not None]
        writer.write(b"".join(found.frame for found in letters))
        await asyncio.wait_for(writer.drain(), self.settings.over_time)
        wanted = {found.qn for found in letters if found.qn}
        await self._answers(wanted, reader)
        self._targets.moved(
            self.name, frames[-1].seq, len(letters), len(wanted), len(frames) - len(letters), time.time()
        )
        self._break = 1.0

    async def _answers(self, wanted: set[str], reader: asyncio.StreamReader) -> None:
        """Wait until every number is answered; the upper platform's own requests are not ours to answer."""
        missing, decoder = set(wanted), hj212.Decoder()
        while missing:
            data = await asyncio.wait_for(reader.read(65536), self.settings.over_time)
            if not data:
                raise ConnectionError(text("forwarding.hung_up"))
            missing -= {done.packet.qn for done in decoder.feed(data) if done.packet}


class Forwarding:
    """A forwarder for every target; new targets are found while the gateway runs."""

    def __init__(self, home: Path | None, settings: Settings, log: Log) -> None:
        self.home, self.settings, self.log = home, settings, log
        self._targets = Targets(home)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def look(self) -> None:
        """Start forwarders for targets that have none."""
        for target in self._targets.all():
            if target.name not in self._tasks or self._tasks[target.name].done():
                work = Forwarder(target.name, self.home, self.settings, self.log)
                self._tasks[target.name] = asyncio.create_task(work.run())

    async def close(self) -> None:
        """Stop all of them."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._targets.close()
