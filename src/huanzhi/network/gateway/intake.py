"""The intake: who sent a frame, may it come in, is it durable, then the answer.

Nothing here waits. Frames that come in one turn of the loop go to the inbox together; when their commit has
returned, the answers of each connection leave in one write.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from huanzhi.errors import HuanzhiError
from huanzhi.library.arrivals import Arrival, Inbox, Span
from huanzhi.library.devices import Device, DeviceState
from huanzhi.messages import text
from huanzhi.network import hj212
from huanzhi.network.gateway import fast
from huanzhi.network.gateway.answers import answer_frame
from huanzhi.network.gateway.connection import Connection
from huanzhi.network.gateway.logs import Log
from huanzhi.network.gateway.sessions import Reject, Rejects, Session, dialect_of
from huanzhi.network.gateway.settings import Settings
from huanzhi.network.hj212 import Edition, Packet

HEARTBEAT, ACTIVATION = "9015", "1001"
READ_EVERY = 30.0
"""Seconds after which one real-time frame of a device is read again, for its clock. Ours."""

_Waiting = tuple[Arrival, Connection, Session, bytes]
Listener = Callable[[Session, Connection, Packet, Edition], None]


@dataclass(slots=True)
class Figures:
    """Counts since the start."""

    connections: int = 0
    received: int = 0
    durable: int = 0
    acknowledged: int = 0
    parked: int = 0
    slow_way: int = 0
    heartbeats: int = 0
    failed_commits: int = 0
    bytes_in: int = 0


class Intake:
    """The door of the gateway; it lives in the thread of the loop."""

    def __init__(self, inbox: Inbox, settings: Settings, log: Log) -> None:
        self.inbox, self.settings, self.log = inbox, settings, log
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.figures = Figures()
        self.rejects = Rejects()
        self.lost: Counter[str] = Counter()
        self.new_devices: set[str] = set()
        self.parked_count: Counter[str] = Counter()
        self.storage_error = ""
        self.listeners: list[Listener] = []
        self.activations: list[Callable[[Packet, Connection], None]] = []
        self.routes: dict[str, Connection] = {}
        self.closing = False
        self._keys: dict[str, tuple[bytes, ...]] = {}
        self._quick: dict[bytes, Session] = {}
        self._answers: dict[bytes, bytes] = {}
        self._batch: list[_Waiting] = []
        self._out: set[Future[Span]] = set()
        self._loop = asyncio.get_running_loop()

    # The register.

    def register(self, devices: list[Device], keys: dict[str, tuple[bytes, ...]] | None) -> None:
        """Take over devices that changed, and all keys where any did; what was heard of a device stays."""
        for device in devices:
            session = self.sessions.get(device.mn)
            if session is None:
                session = self.sessions[device.mn] = Session(device)
            self._equip(session, device)
            self._quick.pop(device.mn.encode(), None)
        if keys is not None:
            self._keys = keys
            for session in self.sessions.values():
                if session.device.key:
                    self._equip(session, session.device)

    def _equip(self, session: Session, device: Device) -> None:
        session.device = device
        session.dialect = dialect_of(device, self._keys)
        session.rate = device.rate or self.settings.rate
        session.size = device.size or self.settings.size
        if not session.filled:
            session.tokens, session.filled = float(self.settings.burst), time.monotonic()

    def _session(self, mn: str) -> Session | None:
        """Return the session of a device; an unknown one is parked, unless too many are."""
        session = self.sessions.get(mn)
        if session is None and len(self.new_devices) < self.settings.parked_devices:
            parked = sum(1 for other in self.sessions.values() if other.parked)
            if parked < self.settings.parked_devices and 0 < len(mn) <= 64:
                self.new_devices.add(mn)
                session = self.sessions[mn] = Session(Device(mn, DeviceState.PARKED))
                self._equip(session, session.device)
                self.log.say("device_parked", mn=mn)
        return session

    # Connections.

    def joined(self, connection: Connection) -> None:
        """Note a connection."""
        if self.closing or len(self.connections) >= self.settings.connections:
            self.lost["too_many"] += 1
            self.log.say("connection_refused", peer=connection.peer)
            connection.close(at_once=True)
            return
        self.connections.add(connection)
        self.figures.connections += 1

    def left(self, connection: Connection, error: Exception | None) -> None:
        """Forget a connection."""
        self.connections.discard(connection)
        for session in connection.devices:
            session.connected -= 1
            if self.routes.get(session.device.mn) is connection:
                del self.routes[session.device.mn]
        if error is not None:
            self.lost["broken"] += 1
            self.log.say("connection_broken", peer=connection.peer, reason=str(error))

    def let_go(self, connection: Connection, reason: str) -> None:
        """Close a connection that is of no use, and say why."""
        self.lost[reason] += 1
        self.log.say(
            "connection_closed", peer=connection.peer, reason=reason, words=text(f"gateway.lost_{reason}")
        )
        connection.close(at_once=True)

    def look_after(self, now: float) -> None:
        """Let go of half-open connections and of peers that do not read."""
        for connection in list(self.connections):
            if connection.unread_since and now - connection.unread_since > self.settings.slow:
                self.let_go(connection, "slow_reader")
            elif now - connection.last_byte > self.settings.idle:
                self.let_go(connection, "half_open")

    # Frames.

    def take_quick(self, quick: fast.Quick, connection: Connection) -> None:
        """Take a frame whose header was read the fast way."""
        session = self._quick.get(quick.mn)
        if session is None or not self._is_plain(session, quick):
            self.take_frame(hj212.frame_of_line(quick.raw), connection)
            return
        self._seen(session, connection, len(quick.raw))
        answer = fast.answer(quick, b"9014") if quick.flag & 1 else b""
        self._keep(session, connection, quick.raw, answer)

    def _is_plain(self, session: Session, quick: fast.Quick) -> bool:
        """Whether a frame needs no more reading before it is kept."""
        if session.watched or not b"2000" < quick.cn < b"3000" or len(quick.raw) > session.size:
            return False
        if session.device.password and quick.pw != session.device.password.encode():
            return False
        if quick.cn == b"2011" and time.monotonic() >= session.readable_next:
            session.readable_next = time.monotonic() + READ_EVERY
            return False
        return True

    def take_frame(self, frame: hj212.Frame, connection: Connection) -> None:
        """Take a frame the readable way."""
        self.figures.slow_way += 1
        done = hj212.decode(frame)
        if done.ok and done.packet and (done.packet.cn, done.edition) == (ACTIVATION, Edition.HJ212_2025):
            self._activate(done.packet, connection)
            return
        mn = done.packet.mn if done.packet else ""
        session = self.sessions.get(mn)
        if session is not None and session.dialect != hj212.STANDARD:
            done = hj212.decode(frame, session.dialect)
        if session is None and done.ok:
            session = self._session(mn)
        reason = self._reason(done, session)
        if reason:
            self._reject(done, session, connection, *reason)
            return
        assert done.packet is not None and session is not None
        self._seen(session, connection, len(frame.raw))
        self._enter(session, connection, done)

    def _activate(self, packet: Packet, connection: Connection) -> None:
        """Take the hardware numbers of a logger that has no MN yet; there are no data to keep."""
        self.figures.received += 1
        connection.send(answer_frame(Edition.HJ212_2025, packet))
        for listener in self.activations:
            listener(packet, connection)

    def _reason(self, done: hj212.Decoded, session: Session | None) -> tuple[str, str] | None:
        """Say why a frame is not taken, as a key and in words; None where it is."""
        if not done.ok or done.packet is None:
            fault = next(fault for fault in done.faults if fault.fatal)
            return fault.key, done.error
        if session is None:
            return "too_many_parked", text("gateway.too_many_parked")
        device = session.device
        if device.state is DeviceState.DISABLED:
            return "disabled", text("gateway.disabled")
        wrong = device.password and done.packet.pw and done.packet.pw != device.password
        if wrong and self.settings.wrong_password == "refuse":
            return "password", text("gateway.password")
        if len(done.frame.segment) > session.size:
            return "size", text("gateway.size", size=len(done.frame.segment), limit=session.size)
        if session.parked and self.parked_count[device.mn] >= self.settings.parked_frames:
            return "parked_full", text("gateway.parked_full", limit=self.settings.parked_frames)
        return None

    def _reject(
        self, done: hj212.Decoded, session: Session | None, connection: Connection, key: str, words: str
    ) -> None:
        mn = done.packet.mn if done.packet else ""
        self.rejects.add(Reject(time.time(), mn[:64], connection.peer, key, words, done.frame.raw))
        self.log.say("frame_rejected", mn=mn[:64], peer=connection.peer, reason=key, words=words)
        if session is not None:
            session.rejected += 1
            session.last_reject = key

    def _enter(self, session: Session, connection: Connection, done: hj212.Decoded) -> None:
        packet, edition = done.packet, done.edition
        assert packet is not None
        session.edition = edition
        kind = done.crc.verdict if done.crc.verdict in session.dialect.crc else hj212.Verdict.HJ212
        answer = answer_frame(edition, packet, kind)
        if packet.cn == HEARTBEAT:
            self.figures.heartbeats += 1
            connection.send(answer)
        else:
            self._keep(session, connection, done.frame.raw, answer)
        standard = done.crc.verdict is hj212.Verdict.HJ212 and edition is not Edition.HJT212_2005
        if standard and not session.parked and not session.dialect.strict:
            self._quick[packet.mn.encode()] = session
        for listener in self.listeners:
            listener(session, connection, packet, edition)

    def _seen(self, session: Session, connection: Connection, size: int) -> None:
        now = time.monotonic()
        session.last_seen = time.time()
        session.frames += 1
        self.figures.received += 1
        self.figures.bytes_in += size
        if session not in connection.devices:
            connection.devices.add(session)
            session.connected += 1
            self.routes[session.device.mn] = connection
        wait = session.spend(now, self.settings.burst)
        if wait:
            connection.hold_for(wait, "rate")

    def _keep(self, session: Session, connection: Connection, raw: bytes, answer: bytes) -> None:
        mn = session.device.mn
        if session.parked:
            self.parked_count[mn] += 1
            self.figures.parked += 1
        arrival = Arrival(time.time_ns() // 1000, mn, connection.peer, raw, session.parked)
        if not self._batch:
            self._loop.call_soon(self._hand_in)
        self._batch.append((arrival, connection, session, answer))
        connection.in_flight += 1
        if connection.in_flight >= self.settings.in_flight:
            connection.hold("in_flight")

    def _hand_in(self) -> None:
        batch, self._batch = self._batch, []
        done = self.inbox.append([arrival for arrival, *_ in batch])
        self._out.add(done)
        done.add_done_callback(lambda future: self._loop.call_soon_threadsafe(self._settle, future, batch))

    def _settle(self, done: Future[Span], batch: list[_Waiting]) -> None:
        self._out.discard(done)
        error = done.exception()
        if error is not None:
            self._fail(error, batch)
            return
        if self.storage_error:
            self.storage_error = ""
            self.log.say("storage_back")
        self.figures.durable += len(batch)
        answers: dict[Connection, list[bytes]] = {}
        for _, connection, session, answer in batch:
            connection.in_flight -= 1
            if answer:
                answers.setdefault(connection, []).append(answer)
                session.acknowledged += 1
        for connection, frames in answers.items():
            if connection.send(b"".join(frames)):
                self.figures.acknowledged += len(frames)
        for connection in {connection for _, connection, *_ in batch}:
            if connection.in_flight < self.settings.in_flight:
                connection.release("in_flight")

    def _fail(self, error: BaseException, batch: list[_Waiting]) -> None:
        """Answer nothing that is not durable; read on after a while, when the disk may have room again."""
        words = str(error)
        if words != self.storage_error:
            key = error.key if isinstance(error, HuanzhiError) else type(error).__name__
            self.log.say("storage_failed", reason=key, words=words)
        self.storage_error = words
        self.figures.failed_commits += 1
        for _, connection, session, _answer in batch:
            connection.in_flight -= 1
            session.last_reject = "storage"
            connection.hold_for(1.0, "storage")
            if connection.in_flight < self.settings.in_flight:
                connection.release("in_flight")

    async def drained(self, patience: float = 10.0) -> None:
        """Wait until what was taken is settled."""
        end = self._loop.time() + patience
        while (self._batch or self._out) and self._loop.time() < end:
            await asyncio.sleep(0.005)
