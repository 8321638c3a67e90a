"""The gateway from outside: what devices send, what they hear, what stands in the store."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.network.gateway.peers import (
    BEGIN,
    MN,
    OTHER,
    connected,
    drain_all,
    frame,
    register,
    running,
    segment,
)

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.errors import StoreError
from huanzhi.library.arrivals import Shelf, arrivals_folder
from huanzhi.library.devices import Device, DeviceState, open_register
from huanzhi.library.series import open_store
from huanzhi.network import hj212
from huanzhi.network.gateway import Gateway


def test_what_is_acknowledged_is_durable_and_reaches_the_store(tmp_path: Path) -> None:
    register(tmp_path)

    async def scene() -> list[hj212.Packet | None]:
        async with running(tmp_path) as gateway, connected(gateway) as peer:
            await peer.say(*(frame(number) for number in range(5)))
            heard = [await peer.packet() for _ in range(5)]
            with Shelf(arrivals_folder(tmp_path)) as shelf:
                assert len(shelf.frames(0, 100)) == 5
            return heard

    heard = asyncio.run(scene())
    assert [packet and (packet.cn, packet.qn[-1], packet.mn, packet.flag) for packet in heard] == [
        ("9014", str(number), MN, 4) for number in range(5)
    ]
    drain_all(tmp_path)
    with open_store("read", tmp_path) as store:
        rows = store.range(["OUT1"], ["w01018"], "hour").to_pylist()
    assert [(row["time"] - BEGIN, row["value"], row["decimals"]) for row in rows] == [
        (3600 * number, number * 100 + 50, 2) for number in range(5)
    ]


def test_an_unknown_device_is_parked_and_its_data_come_in_when_it_is_registered(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(tmp_path) as gateway, connected(gateway) as peer:
            await peer.say(frame(0), frame(1))
            assert [(await peer.packet()).cn, (await peer.packet()).cn] == ["9014", "9014"]
            await asyncio.sleep(0.2)
            with open_register(tmp_path) as book:
                assert book.device(MN).state is DeviceState.PARKED
            drain_all(tmp_path)
            register(tmp_path)
            await asyncio.sleep(0.2)
            await peer.say(frame(2))
            await peer.packet()

    asyncio.run(scene())
    drain_all(tmp_path)
    with open_store("read", tmp_path) as store:
        assert store.range(["OUT1"]).column("value").to_pylist() == [50, 150, 250]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (segment(1, flag=4), None),
        (segment(1, flag=9), "QN=20261001000000001;ST=91;CN=9014;PW=123456;MN={mn};Flag=8;CP=&&&&"),
        (
            "QN=20261001000000001;ST=32;CN=1013;PW=123456;MN={mn};Flag=5;CP=&&PolId=w01018&&",
            "QN=20261001000000001;ST=91;CN=9013;PW=123456;MN={mn};Flag=4;CP=&&&&",
        ),
        (
            "QN=20261001000000001;ST=91;CN=9015;PW=123456;MN={mn};Flag=9;CP=&&&&",
            "QN=20261001000000001;ST=91;CN=9013;PW=123456;MN={mn};Flag=8;CP=&&&&",
        ),
        (
            "QN=20261001000000001;ST=32;CN=2051;PW=123456;MN={mn};PNUM=1;PNO=1;Flag=3;"
            "CP=&&DataTime=20261001000000;011-Avg=5&&",
            "ST=91;CN=9014;CP=&&QN=20261001000000001;CN=2051;PNO=1;PNUM=1&&",
        ),
        (
            "QN=20261001000000001;ST=32;CN=2072;PW=123456;MN={mn};Flag=1;"
            "CP=&&AlarmTime=20261001000000;011-Ala=5;AlarmType=1&&",
            "ST=91;CN=9013;PW=123456;MN={mn};Flag=0;CP=&&QN=20261001000000001&&",
        ),
        (
            "ST=91;CN=9012;PW=123456;MN={mn};Flag=1;CP=&&QN=20261001000000001;ExeRtn=1&&",
            "ST=91;CN=9014;CP=&&QN=20261001000000001;CN=9012&&",
        ),
    ],
)
def test_each_edition_is_answered_in_its_own_words(tmp_path: Path, sent: str, expected: str | None) -> None:
    register(tmp_path)

    async def scene() -> hj212.Packet | None:
        async with running(tmp_path) as gateway, connected(gateway) as peer:
            await peer.say(hj212.build(sent.format(mn=MN).encode()))
            return await peer.packet(3.0 if expected else 0.3)

    heard = asyncio.run(scene())
    assert (heard and heard.text()) == (expected and expected.format(mn=MN))


def test_a_wrong_crc_a_wrong_password_and_a_disabled_device_get_no_answer(tmp_path: Path) -> None:
    register(tmp_path, Device(MN, password="654321", outlet="A"), Device(OTHER, DeviceState.DISABLED))

    async def scene() -> None:
        async with running(tmp_path) as gateway, connected(gateway) as peer:
            await peer.say(frame(0), frame(0, OTHER), frame(0)[:-6] + b"0000\r\n")
            assert await peer.packet(0.4) is None
            assert gateway.intake.rejects.counts == {"password": 1, "disabled": 1, "crc_broken": 1}
            assert gateway.intake.figures.durable == 0

    asyncio.run(scene())


def test_a_modbus_device_is_heard_and_answered_in_its_dialect(tmp_path: Path) -> None:
    register(tmp_path, Device(MN, outlet="A", crc=("modbus",)))

    async def scene() -> bytes:
        async with running(tmp_path) as gateway, connected(gateway) as peer:
            await peer.say(hj212.build(segment(0).encode(), hj212.Verdict.MODBUS))
            return await peer.reader.read(4096)

    assert hj212.decode_line(asyncio.run(scene())).crc.verdict is hj212.Verdict.MODBUS


def test_frames_torn_merged_and_among_rubbish_are_all_heard(tmp_path: Path) -> None:
    register(tmp_path)
    stream = b"\x00junk" + frame(0) + frame(1) + b"##00" + frame(2) + frame(3)

    async def scene() -> int:
        async with running(tmp_path) as gateway, connected(gateway) as peer:
            for at in range(0, len(stream), 7):
                await peer.say(stream[at : at + 7])
                await asyncio.sleep(0)
            heard = [await peer.packet() for _ in range(4)]
            return len([packet for packet in heard if packet])

    assert asyncio.run(scene()) == 4


def test_two_gateways_do_not_share_a_folder(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(tmp_path):
            with pytest.raises(StoreError, match=r"lock|写入|writing"):
                await Gateway(tmp_path, draining=False).start()

    asyncio.run(scene())


def test_marks_units_and_kinds_reach_the_store(tmp_path: Path) -> None:
    register(tmp_path)
    area = "w20111-Avg=1.5,w20111-Min=<1,w20111-Cou=3e-2,w20111-Flag=D;w01001-Avg=-,w01001-Flag=M"

    async def scene() -> None:
        async with running(tmp_path) as gateway, connected(gateway) as peer:
            await peer.say(frame(0, area=area))
            await peer.packet()

    asyncio.run(scene())
    drain_all(tmp_path)
    with open_store("read", tmp_path) as store:
        rows = {row["parameter"]: row for row in store.range(["OUT1"]).to_pylist()}
    found = {
        name: (row["value"], row["decimals"], row["state"], DeviceFlag(row["flag"]))
        for name, row in rows.items()
    }
    assert found == {
        "w20111": (15, 4, 0, DeviceFlag.FAULT),
        "w20111-Min": (1, 3, 2, DeviceFlag.FAULT),
        "w20111-Cou": (3, 5, 0, DeviceFlag.FAULT),
        "w01001": (None, 0, 1, DeviceFlag.MAINTENANCE),
    }
