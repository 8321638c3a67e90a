"""One connection: bytes in, frames to the intake, answers out, with bounds on everything.

What the peer sends is read only as fast as it becomes durable, and as the limits of its devices allow; a
peer that does not read our answers, or falls silent for too long, is let go with the reason in the log.
"""

from __future__ import annotations

import asyncio
import socket
import time
from typing import TYPE_CHECKING

from huanzhi.network import hj212
from huanzhi.network.gateway.fast import next_frame
from huanzhi.network.hj212 import Shape

if TYPE_CHECKING:
    from huanzhi.network.gateway.intake import Intake
    from huanzhi.network.gateway.sessions import Session


class Connection(asyncio.Protocol):
    """The protocol of one peer."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.peer = ""
        self.devices: set[Session] = set()
        self.in_flight = 0
        self.last_byte = time.monotonic()
        self.unread_since = 0.0
        self.rubbish = 0
        self.closed = False
        self._buffer = bytearray()
        self._framer: hj212.Framer | None = None
        self._held: set[str] = set()
        self._until: dict[str, float] = {}
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or turn it away where there are too many."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        name = transport.get_extra_info("peername") or ("", 0)
        self.peer = f"{name[0]}:{name[1]}"
        if (handle := transport.get_extra_info("socket")) is not None:
            handle.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.intake.joined(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the peer; what it had begun to say is judged as it stands."""
        if self._framer is not None:
            self._judge(self._framer.finish())
        elif self._buffer:
            self._judge([*_frames(bytes(self._buffer))])
        self._buffer.clear()
        self.closed = True
        self.intake.left(self, exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes: the fast way while frames are as they should be, the readable way otherwise."""
        self.last_byte = time.monotonic()
        if self._framer is not None:
            self._read_slowly(self._framer, data)
            return
        buffer = self._buffer
        buffer += data
        at, size = 0, len(buffer)
        while at < size:
            quick, end = next_frame(buffer, at)
            if quick is None:
                break
            self.intake.take_quick(quick, self)
            at = end
        else:
            end = -1
        del buffer[:at]
        if end == 0 and buffer:
            self._framer = hj212.Framer(self.intake.settings.size)
            rest = bytes(buffer)
            buffer.clear()
            self._read_slowly(self._framer, rest)

    def pause_writing(self) -> None:
        """Read no more from a peer that does not read us."""
        self.unread_since = time.monotonic()
        self.hold("unread")

    def resume_writing(self) -> None:
        """Go on: the peer has read."""
        self.unread_since = 0.0
        self.release("unread")

    def hold(self, reason: str) -> None:
        """Stop reading for a reason; reading goes on when the last reason is gone."""
        if not self._held and self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()
        self._held.add(reason)

    def release(self, reason: str) -> None:
        """Take a reason away."""
        if reason in self._held:
            self._held.discard(reason)
            if not self._held and self._transport is not None and not self._transport.is_closing():
                self._transport.resume_reading()

    def hold_for(self, seconds: float, reason: str) -> None:
        """Stop reading for a while; the longest of several counts."""
        loop = asyncio.get_running_loop()
        self._until[reason] = max(self._until.get(reason, 0.0), loop.time() + seconds)
        if reason not in self._held:
            self.hold(reason)
            loop.call_later(seconds, self._release_in_time, reason)

    def _release_in_time(self, reason: str) -> None:
        loop = asyncio.get_running_loop()
        left = self._until[reason] - loop.time()
        if left > 0 and not self.closed:
            loop.call_later(left, self._release_in_time, reason)
        else:
            self.release(reason)

    def send(self, data: bytes) -> bool:
        """Send bytes; False where the connection is gone."""
        if self.closed or self._transport is None or self._transport.is_closing():
            return False
        self._transport.write(data)
        return True

    def close(self, *, at_once: bool = False) -> None:
        """Close, after what is to be sent, or at once."""
        if self._transport is not None:
            if at_once:
                self._transport.abort()
            else:
                self._transport.close()

    def _read_slowly(self, framer: hj212.Framer, data: bytes) -> None:
        self._judge(framer.feed(data))
        if not framer.waiting and not framer.rubbish:
            self._framer = None
        elif self.rubbish + framer.rubbish > self.intake.settings.rubbish:
            self.intake.let_go(self, "rubbish")

    def _judge(self, frames: list[hj212.Frame]) -> None:
        for frame in frames:
            if frame.shape is Shape.RUBBISH:
                self.rubbish += frame.size
            self.intake.take_frame(frame, self)


def _frames(data: bytes) -> list[hj212.Frame]:
    framer = hj212.Framer()
    return [*framer.feed(data), *framer.finish()]
