"""The line to the other side: send, hear, and wait for what should come, or should not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

from huanzhi.network import hj212
from huanzhi.network.hj212 import Decoded, Edition
from huanzhi.network.hj212.bodies import time_text

FLAG_BASE = {
    Edition.HJT212_2005: 0,
    Edition.HJ212_2017: 4,
    Edition.HJ212_2025: 8,
    Edition.HJ1404_2024: 8,
}


class Numbers:
    """QN that rise."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """Return the next number."""
        self._last = max(int(time.time() * 1000), self._last + 1)
        return time_text(datetime.fromtimestamp(self._last / 1000, UTC), milliseconds=True)


class Wire:
    """One connection, from either end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._decoder = hj212.Decoder()
        self.heard: list[Decoded] = []

    async def send(self, *pieces: bytes) -> None:
        """Send bytes, each piece for itself."""
        for piece in pieces:
            self._writer.write(piece)
            await self._writer.drain()
            if len(pieces) > 1:
                await asyncio.sleep(0.02)

    async def wait(self, wanted: Callable[[Decoded], bool], patience: float) -> Decoded | None:
        """Wait for a frame that is wanted; None where none comes in time. What else comes is kept."""
        end = time.monotonic() + patience
        seen = 0
        while True:
            for done in self.heard[seen:]:
                seen += 1
                if wanted(done):
                    return done
            left = end - time.monotonic()
            if left <= 0 or not await self._read(left):
                return None

    async def listen(self, seconds: float) -> list[Decoded]:
        """Hear everything for a while."""
        await self.wait(lambda _: False, seconds)
        return self.heard

    async def _read(self, patience: float) -> bool:
        try:
            data = await asyncio.wait_for(self._reader.read(65536), patience)
        except (TimeoutError, ConnectionError):
            return False
        self.heard += self._decoder.feed(data)
        return bool(data)

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await asyncio.gather(self._writer.wait_closed(), return_exceptions=True)


def answers(qn: str) -> Callable[[Decoded], bool]:
    """Return whether a frame answers `qn`."""
    return lambda done: (
        done.packet is not None and done.packet.qn == qn and done.packet.cn in ("9013", "9014")
    )
