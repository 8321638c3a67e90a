"""The fleet on real sockets, against a host of our own: nothing that wants an answer is ever lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from huanzhi.city import telegrams, world
from huanzhi.city.clock import Clock
from huanzhi.city.devices import Device, devices
from huanzhi.city.fleet import Fleet, report
from huanzhi.city.simulation import Simulation, lawful
from huanzhi.city.telegrams import HOURS, MINUTES, REALTIME
from huanzhi.network import hj212
from huanzhi.network.hj212 import Decoded, Edition, Item, Packet, Verdict
from huanzhi.standards.periods import HOUR

HOURS_RUN = 1.2
SPEED = 3600.0


class Host:
    """A small platform: takes frames, acknowledges what is right, and may be made to misbehave."""

    def __init__(self, keys: dict[str, bytes], *, deaf_to_first: int = 0, hang_up_every: int = 0) -> None:
        self.heard: Counter[str] = Counter()
        self.means: Counter[tuple[str, str, str]] = Counter()
        self.results: list[Packet] = []
        self.ask: Callable[[str], Packet | None] = lambda mn: None
        self._deaf, self._hang_up_every = deaf_to_first, hang_up_every
        self._dialect = hj212.Dialect(
            crc=frozenset({Verdict.HJ212, Verdict.MODBUS}), keys=tuple(dict.fromkeys(keys.values()))
        )
        self._server: asyncio.Server | None = None
        self._asked: set[str] = set()

    async def __aenter__(self) -> Host:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *args: object) -> None:
        assert self._server is not None
        self._server.close()
        await asyncio.sleep(0)

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        decoder = hj212.Decoder(self._dialect)
        try:
            while data := await reader.read(1 << 16):
                for done in decoder.feed(data):
                    if self._take(done, writer):
                        return
        except ConnectionError:
            self.heard["reset"] += 1
        finally:
            writer.close()

    def _take(self, done: Decoded, writer: asyncio.StreamWriter) -> bool:
        """Take a frame; return whether to hang up."""
        packet = done.packet
        if not done.ok or packet is None:
            self.heard["bad"] += 1
            return False
        self.heard[packet.cn] += 1
        if packet.cn in (MINUTES, HOURS):
            self.means[packet.mn, packet.cn, packet.area_value("DataTime")] += 1
        if packet.cn in ("9011", "9012"):
            self.results.append(packet)
        if packet.mn not in self._asked and (question := self.ask(packet.mn)):
            self._asked.add(packet.mn)
            writer.write(hj212.build(question.text().encode()))
        if packet.wants_answer:
            self._deaf -= 1
            if self._deaf < 0:
                writer.write(hj212.build(_answer(done, packet).text().encode()))
        every = self._hang_up_every
        return bool(every) and sum(self.heard.values()) % every == 0


def _answer(done: Decoded, packet: Packet) -> Packet:
    cn = "9013" if packet.cn == "9015" else "9014"
    if done.edition is Edition.HJT212_2005:
        return Packet((Item("ST", "91"), Item("CN", cn)), ((Item("QN", packet.qn),),))
    return Packet((Item("QN", packet.qn), Item("ST", "91"), Item("CN", cn), Item("Flag", "4")), ())


@pytest.fixture(scope="module")
def small() -> Simulation:
    return lawful(world.build(seed=11, enterprises=6, days=1))


@pytest.fixture(scope="module")
def few(small: Simulation) -> tuple[Device, ...]:
    return devices(small.city)[:14]


def run(
    small: Simulation,
    few: tuple[Device, ...],
    host: Host,
    **link: float,
) -> Fleet:
    wanted = expected(small, few)

    async def whole() -> Fleet:
        fleet = Fleet(small, few, Clock(small.city.start, SPEED))
        for each in fleet.links:
            each._table = {**each._table, **link}
        async with host:
            until = small.city.start + int(HOURS_RUN * HOUR)
            work = asyncio.create_task(fleet.run("127.0.0.1", host.port, until + 40 * HOUR))
            while fleet.clock.now() < until or not wanted <= set(host.means):
                await asyncio.sleep(0.02)
                if fleet.clock.now() > until + 20 * HOUR:
                    break
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        return fleet

    return asyncio.run(whole())


def keys(few: tuple[Device, ...]) -> dict[str, bytes]:
    return {device.mn: device.sm4_key for device in few if device.sm4_key}


def expected(small: Simulation, few: tuple[Device, ...]) -> set[tuple[str, str, str]]:
    end = small.city.start + int(HOURS_RUN * HOUR)
    return {
        (device.mn, each.cn, telegrams.china_text(each.data_time))
        for device in few
        for each in telegrams.telegrams(small, device, small.city.start, end)
        if each.cn in (MINUTES, HOURS)
    }


def test_every_mean_arrives_in_spite_of_loss_and_bad_frames(
    small: Simulation, few: tuple[Device, ...]
) -> None:
    host = Host(keys(few))
    fleet = run(small, few, host, timeout=0.3)
    assert expected(small, few) <= set(host.means)
    assert host.heard[REALTIME] > 500
    assert fleet.counts.of["acknowledged"] >= len(expected(small, few))


def test_what_is_not_acknowledged_is_sent_again(small: Simulation, few: tuple[Device, ...]) -> None:
    host = Host(keys(few), deaf_to_first=40)
    fleet = run(small, few, host, timeout=0.2)
    assert fleet.counts.of["sent_again"] >= 40
    assert expected(small, few) <= set(host.means)


def test_a_host_that_hangs_up_is_called_again(small: Simulation, few: tuple[Device, ...]) -> None:
    host = Host(keys(few), hang_up_every=60)
    run(small, few, host, timeout=0.2, reconnect=(0.01, 0.02))
    assert expected(small, few) <= set(host.means)


def test_a_request_of_the_host_is_answered_over_the_line(small: Simulation, few: tuple[Device, ...]) -> None:
    asked = next(d for d in few if d.kind == "water" and d.edition is Edition.HJ212_2017 and not d.sm4_key)
    question = Packet(
        (
            Item("QN", "20260901081500001"),
            Item("ST", "32"),
            Item("CN", "1011"),
            Item("PW", asked.password),
            Item("MN", asked.mn),
            Item("Flag", "5"),
        ),
        (),
    )
    host = Host(keys(few))
    host.ask = lambda mn: question if mn == asked.mn else None
    fleet = run(small, few, host, timeout=0.5)
    assert [packet.cn for packet in host.results[:2]] == ["9011", "9012"]
    assert fleet.counts.of["commands"] == 1


def test_no_host_is_no_end(small: Simulation, few: tuple[Device, ...]) -> None:
    async def alone() -> Fleet:
        fleet = Fleet(small, few[:3], Clock(small.city.start, SPEED))
        await asyncio.wait_for(fleet.run("127.0.0.1", 1, small.city.start + HOUR), 10)
        return fleet

    fleet = asyncio.run(alone())
    assert fleet.counts.of["unreached"] > 0 and fleet.counts.connected == 0
    assert all(len(link.unanswered) >= 4 for link in fleet.links)


def test_the_queue_of_what_waits_is_bounded(small: Simulation, few: tuple[Device, ...]) -> None:
    async def alone() -> Fleet:
        fleet = Fleet(small, few[:1], Clock(small.city.start, 1e6))
        for link in fleet.links:
            link._table = {**link._table, "queue": 5}
        await asyncio.wait_for(fleet.run("127.0.0.1", 1, small.city.start + 6 * HOUR), 10)
        return fleet

    fleet = asyncio.run(alone())
    assert len(fleet.links[0].unanswered) == 5 and fleet.counts.of["dropped"] > 0


def test_progress_is_told(small: Simulation, few: tuple[Device, ...]) -> None:
    async def told() -> int:
        found: list[Fleet] = []
        fleet = Fleet(small, few[:1], Clock(small.city.start, 1.0))
        task = asyncio.create_task(report(fleet, 0.01, found.append))
        await asyncio.sleep(0.05)
        task.cancel()
        return len(found)

    assert asyncio.run(told()) >= 2


def test_the_clock_runs_at_its_speed() -> None:
    real = iter([0.0, 2.0, 2.0, 99.0])
    clock = Clock(1000, 60.0, lambda: next(real))
    assert clock.now() == 1120
    assert clock.until(1180) == 1.0
    assert clock.until(1000) == 0
