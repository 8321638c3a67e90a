"""Fleet 现场机群: every device of the city on a connection of its own, speaking HJ 212 to a host.

One task works through the agenda of all devices in the order of their time and writes what is due; each link
reads its host, answers commands, and sends again what was not acknowledged. What the host did not acknowledge
is never forgotten while the queue has room: it goes out again after the line is back.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from huanzhi.city import telegrams
from huanzhi.city.clock import Clock
from huanzhi.city.commands import ANSWERS, answers, first_state
from huanzhi.city.devices import Device
from huanzhi.city.model import description
from huanzhi.city.simulation import Simulation
from huanzhi.city.telegrams import HEARTBEAT, REALTIME, Telegram
from huanzhi.network.hj212 import Decoder, Dialect, Edition, Packet, Verdict

_BREATH = 64
"""Telegrams between two turns of the loop."""
_LONGEST_WAIT = 0.2
_AT_ONCE = 64
"""Connections that are opened at the same time."""
_NEVER = 1 << 40


@dataclass(slots=True)
class Unanswered:
    """A packet that the host has not acknowledged."""

    packet: Packet
    sent_at: float = 0.0
    tries: int = 0


@dataclass
class Counts:
    """What the fleet did: sent, acknowledged, sent_again, lost, spoilt, refused, commands, dropped, …."""

    of: Counter[str] = field(default_factory=Counter)
    connected: int = 0


class Link(asyncio.Protocol):
    """One device on one connection."""

    def __init__(self, simulation: Simulation, device: Device, clock: Clock, counts: Counts) -> None:
        self.device = device
        self.state = first_state(device)
        self.unanswered: OrderedDict[str, Unanswered] = OrderedDict()
        self.connecting = False
        self.retry_at = 0.0
        self.wait = 0.0
        self._simulation = simulation
        self._clock = clock
        self._counts = counts
        self._table = description("devices")["link"]
        self._dialect = Dialect(
            crc=frozenset({Verdict.HJ212, device.crc}), keys=(device.sm4_key,) if device.sm4_key else ()
        )
        self._decoder = Decoder(self._dialect)
        self._transport: asyncio.Transport | None = None
        self._full = False

    @property
    def connected(self) -> bool:
        """Whether the line stands."""
        return self._transport is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin anew: what is not acknowledged goes out again, in 2025 marked as sent again 补传."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._decoder, self._full = transport, Decoder(self._dialect), False
        self._counts.connected += 1
        self.wait = 0.0
        for each in self.unanswered.values():
            each.sent_at, each.tries = 0.0, 0
            if self.device.edition is Edition.HJ212_2025:
                each.packet = each.packet.with_header(RF="1")

    def connection_lost(self, error: Exception | None) -> None:
        """Remember to come back."""
        self._transport = None
        self._counts.connected -= 1
        self._counts.of["broken"] += error is not None
        self.put_off()

    def pause_writing(self) -> None:
        """Hold back: the host reads slowly."""
        self._full = True

    def resume_writing(self) -> None:
        """Go on."""
        self._full = False

    def data_received(self, data: bytes) -> None:
        """Read what the host sends, in whatever pieces."""
        for done in self._decoder.feed(data):
            if not done.ok or done.packet is None:
                self._counts.of["refused"] += 1
            elif done.packet.cn in ANSWERS:
                self._acknowledged(done.packet)
            else:
                self._counts.of["commands"] += not done.packet.cn.startswith("90")
                now = int(self._clock.now())
                for answer in answers(self._simulation, self.device, self.state, done.packet, now):
                    self._write(answer)

    def put_off(self) -> None:
        """Try again later, and later still every time."""
        shortest, longest = self._table["reconnect"]
        self.wait = min(max(self.wait * 2, shortest), longest)
        self.retry_at = time.monotonic() + self.wait

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def say(self, telegram: Telegram) -> None:
        """Send a telegram with whatever goes wrong with it; keep it where an answer is wanted."""
        if telegram.cn == REALTIME and not self._wants_realtime(telegram):
            return
        found = telegrams.packet(self._simulation, self.device, telegram, self.state.clock_error)
        found = found.with_header(PW=self.state.password)
        wrong = telegrams.fault(self._simulation, self.device, telegram)
        self._counts.of["lost"] += wrong == "lost"
        self._counts.of["spoilt"] += wrong in ("bad_crc", "cut")
        for part in telegrams.parts(found):
            if part.wants_answer and (self.connected or telegram.cn != HEARTBEAT):
                self._keep(part)
            if self.connected and not self._full:
                self._write(part, wrong)

    def _wants_realtime(self, telegram: Telegram) -> bool:
        return self.state.realtime_on and telegram.data_time % max(self.state.interval, 1) == 0

    def _keep(self, part: Packet) -> None:
        self.unanswered[part.qn] = Unanswered(part, time.monotonic(), 1)
        if len(self.unanswered) > self._table["queue"]:
            self.unanswered.popitem(last=False)
            self._counts.of["dropped"] += 1

    def _write(self, found: Packet, wrong: str = "") -> None:
        if self._transport is not None:
            self._transport.write(telegrams.sent(self.device, found, wrong))
            self._counts.of["sent"] += wrong != "lost"

    def _acknowledged(self, answer: Packet) -> None:
        self._counts.of["acknowledged"] += self.unanswered.pop(answer.qn, None) is not None

    def remind(self, now: float) -> None:
        """Send again what is late; hang up where nothing helps, to begin anew."""
        for each in list(self.unanswered.values()):
            if not self.connected or self._full or now - each.sent_at < self._table["timeout"]:
                continue
            if each.tries >= self._table["tries"]:
                self.close()
                return
            each.sent_at, each.tries = now, each.tries + 1
            self._counts.of["sent_again"] += 1
            self._write(each.packet)


class Fleet:
    """All devices of a city.

    Parameters
    ----------
    simulation : Simulation
    devices : sequence of Device
    clock : Clock
    """

    def __init__(self, simulation: Simulation, devices: Sequence[Device], clock: Clock) -> None:
        self.counts = Counts()
        self.clock = clock
        self.links = [Link(simulation, device, clock, self.counts) for device in devices]
        self._simulation = simulation
        self._tasks: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def run(self, host: str, port: int, until: int = _NEVER) -> None:
        """Connect to a host and speak until the city's time `until` [s UTC], then hang up."""
        upkeep = asyncio.create_task(self._upkeep(host, port))
        try:
            await self._speak(until)
        finally:
            upkeep.cancel()
            await asyncio.gather(upkeep, *self._tasks, return_exceptions=True)
            for link in self.links:
                link.close()
            await asyncio.sleep(0)

    async def settle(self, seconds: float) -> bool:
        """Wait until everything is acknowledged, at most `seconds` of real time; return whether it is."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if not any(link.unanswered for link in self.links):
                return True
            await asyncio.sleep(0.02)
        return False

    async def _speak(self, until: int) -> None:
        for done, (at, link, telegram) in enumerate(self._agenda(until), 1):
            while (wait := self.clock.until(at)) > 0:
                await asyncio.sleep(min(wait, _LONGEST_WAIT))
            if telegram.mute:
                link.close()
            else:
                link.say(telegram)
            if done % _BREATH == 0:
                await asyncio.sleep(0)
        while self.clock.now() < until < _NEVER:
            await asyncio.sleep(min(self.clock.until(until), _LONGEST_WAIT))

    def _agenda(self, until: int) -> Iterator[tuple[int, Link, Telegram]]:
        """Go through what all devices say, in the order of time."""
        heads: list[tuple[int, int, Telegram, Iterator[Telegram]]] = []
        for number, link in enumerate(self.links):
            plan = telegrams.agenda(self._simulation, link.device, self.clock.start, until)
            _push(heads, number, plan)
        while heads:
            at, number, telegram, plan = heapq.heappop(heads)
            yield at, self.links[number], telegram
            _push(heads, number, plan)

    async def _upkeep(self, host: str, port: int) -> None:
        """Bring lines back and remind the host of what it has not acknowledged."""
        while True:
            now, at = time.monotonic(), int(self.clock.now())
            for link in self.links:
                if link.connected:
                    link.remind(now)
                elif not link.connecting and now >= link.retry_at and self._may_speak(link, at):
                    link.connecting = True
                    self._start(self._connect(link, host, port))
            await asyncio.sleep(_LONGEST_WAIT)

    def _may_speak(self, link: Link, at: int) -> bool:
        return not any(telegrams.silent(self._simulation, link.device, at))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, link: Link, host: str, port: int) -> None:
        async with self._gate:
            try:
                await asyncio.get_running_loop().create_connection(lambda: link, host, port)
            except OSError:
                self.counts.of["unreached"] += 1
                link.put_off()
            finally:
                link.connecting = False


def _push(
    heads: list[tuple[int, int, Telegram, Iterator[Telegram]]], number: int, plan: Iterator[Telegram]
) -> None:
    telegram = next(plan, None)
    if telegram is not None:
        heapq.heappush(heads, (telegram.at, number, telegram, plan))


async def report(fleet: Fleet, every: float, tell: Callable[[Fleet], None]) -> None:
    """Call `tell` every so many real seconds, for ever."""
    while True:
        await asyncio.sleep(every)
        tell(fleet)
