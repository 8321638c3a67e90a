"""Reverse control, clocks, keys, activation, gaps: what the gateway asks of devices, what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.network.gateway.peers import BEGIN, MN, Peer, connected, frame, register, running

from huanzhi.errors import InputError
from huanzhi.library.devices import Device, open_register
from huanzhi.network import hj212
from huanzhi.network.gateway import Gateway
from huanzhi.network.gateway.drain import Drain, _expected
from huanzhi.network.gateway.gaps import Gaps, split
from huanzhi.network.gateway.requests import OPEN, Request, Requests, steps
from huanzhi.network.hj212 import cipher
from huanzhi.network.hj212.bodies import time_text

KEY = b"0123456789ABCDEF"


def answer(packet: hj212.Packet, cn: str, area: str) -> bytes:
    flag = str((packet.flag or 0) & ~3)
    text = f"QN={packet.qn};ST=91;CN={cn};PW={packet.pw};MN={packet.mn};Flag={flag};CP=&&{area}&&"
    return hj212.build(text.encode())


async def until(check: Callable[[], bool], patience: float = 4.0) -> None:
    async with asyncio.timeout(patience):
        while not check():
            await asyncio.sleep(0.02)


def talk(
    home: Path, scene: Callable[[Gateway, Peer], Awaitable[None]], hello: bytes = b"", **settings: object
) -> None:
    async def run() -> None:
        async with running(home, **settings) as gateway, connected(gateway) as peer:
            await peer.say(hello or frame(0))
            await peer.packet(0.3 if hello else 3.0)
            await scene(gateway, peer)

    asyncio.run(run())


def newest(home: Path) -> Request:
    with Requests(home) as requests:
        return requests.listed()[0]


def add(home: Path, cn: str, area: str = "", **given: str) -> int:
    with Requests(home) as requests:
        return requests.add(MN, cn, area, **({"who": "test"} | given))


def test_a_request_runs_through_9011_data_and_9012(tmp_path: Path) -> None:
    register(tmp_path)

    async def scene(gateway: Gateway, peer: Peer) -> None:
        add(tmp_path, "1061")
        asked = await peer.packet()
        assert (asked.cn, asked.pw, asked.flag, asked.mn) == ("1061", "123456", 5, MN)
        await peer.say(answer(asked, "9011", "QnRtn=1"))
        await until(lambda: newest(tmp_path).state == "accepted")
        text = f"QN={asked.qn};ST=32;CN=1061;PW=123456;MN={MN};Flag=4;CP=&&RtdInterval=30&&"
        await peer.say(hj212.build(text.encode()), answer(asked, "9012", "ExeRtn=1"))
        await until(lambda: newest(tmp_path).state == "done")

    talk(tmp_path, scene)
    found = newest(tmp_path)
    assert (found.result, found.answer) == ("1", ["RtdInterval=30"])
    with Requests(tmp_path) as requests:
        events = [event for _, event, _, _ in requests.trail(found.id)]
    assert events[:3] == ["queued", "sent", "accepted"] and events[-1] == "done"


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([("9011", "QnRtn=3")], "refused"),
        ([("9011", "QnRtn=1"), ("9012", "ExeRtn=100")], "no_data"),
        ([("9011", "QnRtn=1"), ("9012", "ExeRtn=6")], "failed"),
        ([("9013", "")], "done"),
        ([], "unanswered"),
    ],
)
def test_every_way_a_request_can_end(tmp_path: Path, answers: list[tuple[str, str]], state: str) -> None:
    register(tmp_path)
    heard: list[str] = []

    async def scene(gateway: Gateway, peer: Peer) -> None:
        add(tmp_path, "3011", "PolId=w01018")
        asked = await peer.packet()
        heard.append(asked.qn)
        await peer.say(*(answer(asked, cn, area) for cn, area in answers))
        while not answers and newest(tmp_path).state in OPEN:
            if again := await peer.packet(0.2):
                heard.append(again.qn)
        await until(lambda: newest(tmp_path).state not in OPEN)

    talk(tmp_path, scene, over_time=0.1, re_count=2)
    assert newest(tmp_path).state == state
    assert len(heard) == (1 if answers else 3) and len(set(heard)) == 1


def test_a_request_waits_for_its_device_and_survives_the_gateway(tmp_path: Path) -> None:
    register(tmp_path)
    add(tmp_path, "1011")

    async def silent(gateway: Gateway, peer: Peer) -> None:
        assert (await peer.packet()).cn == "1011"

    talk(tmp_path, silent)
    assert newest(tmp_path).state == "sent"
    talk(tmp_path, silent)


def test_roles_bound_what_may_be_asked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="1012"):
        add(tmp_path, "1012", "SystemTime=20261001000000", role="operator")
    with pytest.raises(InputError):
        add(tmp_path, "9014")
    with pytest.raises(InputError):
        add(tmp_path, "1011", "PolId=w01018&&")
    with pytest.raises(InputError):
        add(tmp_path, "1011", role="king")
    assert add(tmp_path, "1011", role="officer") == 1


def test_every_state_that_is_reached_is_final_or_has_a_way_on() -> None:
    reached = {state for events in steps().values() for state in events.values()}
    assert set(OPEN) == set(steps())
    assert reached - set(OPEN) == {
        "cancelled", "expired", "refused", "done", "no_data", "failed", "unanswered", "timeout",
    }  # fmt: skip


def test_a_wrong_clock_is_set_and_a_request_for_the_time_is_answered(tmp_path: Path) -> None:
    register(tmp_path)
    late = time_text(datetime.now(UTC) - timedelta(hours=1), milliseconds=True)
    text = f"QN={late};ST=32;CN=2011;PW=123456;MN={MN};Flag=5;CP=&&DataTime={late[:14]};w01018-Rtd=1&&"

    async def scene(gateway: Gateway, peer: Peer) -> None:
        asked = await peer.packet()
        while asked.cn != "1012":
            asked = await peer.packet()
        given = hj212.body_of(asked, hj212.Edition.HJ212_2017).system_time
        assert abs(given - datetime.now(UTC)) < timedelta(seconds=5)
        assert gateway.intake.sessions[MN].clock_off == pytest.approx(-3600, abs=5)

    talk(tmp_path, scene, hj212.build(text.encode()))


def test_an_old_key_is_renewed_and_holds_for_a_while(tmp_path: Path) -> None:
    register(tmp_path, Device(MN, password="123456", outlet="A", key="K"))
    with open_register(tmp_path) as book:
        book.add_key("K", KEY, who="test")
    hello = f"QN=20261001000000001;ST=32;CN=1014;PW=123456;MN={MN};Flag=9;CP=&&&&"

    async def scene(gateway: Gateway, peer: Peer) -> None:
        decoder = hj212.Decoder(hj212.Dialect(keys=(KEY,)))
        async with asyncio.timeout(3):
            heard: list[hj212.Decoded] = []
            while not heard:
                heard = decoder.feed(await peer.reader.read(4096))
        asked = heard[0]
        assert asked.form is cipher.Form.RAW and asked.packet.cn == "1014"
        new = asked.packet.area_value("NewSK").encode()
        await peer.say(answer(asked.packet, "9011", "QnRtn=1"), answer(asked.packet, "9012", "ExeRtn=1"))
        await until(lambda: gateway.intake.sessions[MN].dialect.keys == (new, KEY))

    talk(tmp_path, scene, hj212.build(hello.encode()))


def test_a_logger_is_given_its_number(tmp_path: Path) -> None:
    register(tmp_path, Device(MN, password="123456", outlet="A", activation="LOGGER7", edition="2025"))
    hello = (
        "QN=20261001000000001;ST=32;CN=1001;PW=123456;MN=0;Flag=9;"
        "CP=&&i23005-Info=LOGGER7;i23006-Info=CPU;i23007-Info=MAC&&"
    )

    async def scene(gateway: Gateway, peer: Peer) -> None:
        asked = await peer.packet()
        assert (asked.cn, asked.area_value("i23005-Info"), asked.area_value("MN")) == ("1002", "LOGGER7", MN)

    talk(tmp_path, scene, hj212.build(hello.encode()))


def test_a_gap_is_found_asked_for_and_filled(tmp_path: Path) -> None:
    register(tmp_path)

    def drain() -> None:
        with Drain(tmp_path) as work, Gaps(tmp_path) as gaps:
            work.listeners.append(lambda drained: gaps.saw(_expected(drained, work.known(), work.settings)))
            while work.once():
                pass

    async def scene(gateway: Gateway, peer: Peer) -> None:
        await peer.say(frame(1), frame(5))
        assert [(await peer.packet()).cn for _ in range(2)] == ["9014", "9014"]
        drain()
        gateway.dispatch.ask_for_gaps()
        asked = await peer.packet()
        assert asked.cn == "2061"
        assert [asked.area_value(name) for name in ("BeginTime", "EndTime")] == [
            "20261001020000", "20261001040000",
        ]  # fmt: skip
        await peer.say(
            answer(asked, "9011", "QnRtn=1"), frame(2), frame(3), answer(asked, "9012", "ExeRtn=1")
        )
        await until(lambda: newest(tmp_path).state == "done")
        await gateway.intake.drained()
        drain()

    talk(tmp_path, scene, gap_wait=0.0)
    with Gaps(tmp_path) as gaps:
        assert [(gap.begin - BEGIN, gap.end - BEGIN, gap.tries) for gap in gaps.listed()] == [
            (14400, 14400, 1)
        ]


def test_a_gap_shrinks_from_any_side() -> None:
    assert split(0, 10800, 3600, 3600) == (0, 7200)
    assert split(0, 10800, 10800, 3600) == (7200, None)
    assert split(0, 0, 0, 3600) == (None, None)
