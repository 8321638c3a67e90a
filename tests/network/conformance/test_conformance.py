"""Our own gateway keeps every rule; platforms and devices that do not are told so, with the clause."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.network.gateway.kill_rounds import free_port
from tests.network.gateway.peers import running

from huanzhi.cli.hj212_net import command
from huanzhi.library.devices import Device, Outlet, open_register
from huanzhi.network import hj212
from huanzhi.network.conformance import Finding, Identity, Verdict, check_device, check_platform, conforms
from huanzhi.network.hj212 import Edition

MN = "888888888888888888888888"


def verdicts(found: list[Finding]) -> dict[str, str]:
    return {each.rule: each.verdict.value for each in found}


@pytest.mark.parametrize("edition", [Edition.HJT212_2005, Edition.HJ212_2017, Edition.HJ212_2025])
def test_our_own_gateway_keeps_every_rule(tmp_path: Path, edition: Edition) -> None:
    mn = "88888880000001" if edition is Edition.HJT212_2005 else MN
    with open_register(tmp_path) as book:
        book.save([Device(mn, password="123456", outlet="A")], [Outlet("A", "A")], who="test")

    async def scene() -> list[Finding]:
        async with running(tmp_path) as gateway:
            who = Identity(mn, edition=edition, factor="011" if edition is Edition.HJT212_2005 else "w01018")
            return [each async for each in check_platform("127.0.0.1", gateway.port, who, 2.0, 0.15)]

    found = asyncio.run(scene())
    assert {rule: verdict for rule, verdict in verdicts(found).items() if verdict != "kept"} == {}
    assert len(found) == 11


@asynccontextmanager
async def careless() -> AsyncIterator[int]:
    """A platform that splits at line ends, never checks a CRC, and answers everything with the wrong Flag."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            packet = hj212.decode_line(line).packet
            if packet is not None and packet.qn:
                text = f"QN={packet.qn};ST=91;CN=9014;PW={packet.pw};MN={packet.mn};Flag=5;CP=&&&&"
                writer.write(hj212.build(text.encode()))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def test_a_careless_platform_is_found_out() -> None:
    async def scene() -> list[Finding]:
        async with careless() as port:
            return [each async for each in check_platform("127.0.0.1", port, Identity(MN), 0.3, 0.15)]

    found = asyncio.run(scene())
    broken = {each.rule: each for each in found if each.verdict is Verdict.BROKEN}
    assert set(broken) == {"data_answer", "no_answer", "bad_crc", "notice_answer"}
    assert "Flag" in broken["data_answer"].heard and broken["bad_crc"].clause == "HJ 212-2017 附录A"
    assert not conforms(found)


def test_nobody_at_the_address_is_one_clear_finding() -> None:
    async def scene() -> list[Finding]:
        return [each async for each in check_platform("127.0.0.1", free_port(), Identity(MN), 0.5)]

    assert verdicts(asyncio.run(scene())) == {"connection": "broken"}


def test_a_device_is_heard_and_asked() -> None:
    port = free_port()

    async def device() -> None:
        await asyncio.sleep(0.2)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        area = "DataTime=20261001000000;w01018-Rtd=1.0,w01018-Flag=N"
        for number in (1, 2):
            text = f"QN=2026100100000000{number};ST=32;CN=2011;PW=123456;MN={MN};Flag=4;CP=&&{area}&&"
            writer.write(hj212.build(text.encode()))
        decoder = hj212.Decoder()
        while data := await reader.read(4096):
            for done in decoder.feed(data):
                for answer in _answers(done.packet):
                    writer.write(hj212.build(answer.encode()))
        writer.close()

    def _answers(packet: hj212.Packet) -> list[str]:
        head = f"QN={packet.qn};ST=91;PW={packet.pw};MN={packet.mn};Flag=4"
        if packet.pw != "123456":
            return [f"{head};CN=9011;CP=&&QnRtn=3&&"]
        if packet.cn != "1011":
            return [f"{head};CN=9011;CP=&&QnRtn=1&&"]
        said = [("9011", "QnRtn=1"), ("1011", "SystemTime=20261001000000"), ("9012", "ExeRtn=1")]
        return [f"{head};CN={cn};CP=&&{area}&&" for cn, area in said]

    async def scene() -> list[Finding]:
        playing = asyncio.create_task(device())
        found = [each async for each in check_device("127.0.0.1", port, 0.5, 0.5, 5)]
        await playing
        return found

    found = verdicts(asyncio.run(scene()))
    assert found == {
        "uploads": "kept",
        "numbers": "kept",
        "request_flow": "kept",
        "request_password": "kept",
        "request_unknown": "broken",
    }


def test_the_command_sends_and_prints_answers(tmp_path: Path) -> None:
    """The gateway runs in another thread's loop; the command has one of its own."""
    file = tmp_path / "segments"
    file.write_text(
        f"QN=20261001000000001;ST=32;CN=2011;PW=1;MN={MN};Flag=5;CP=&&DataTime=20261001000000&&\n"
    )

    async def scene() -> tuple[int, str]:
        async with running(tmp_path) as gateway:
            arguments = ["send", f"127.0.0.1:{gateway.port}", str(file), "--wait", "2"]
            result = await asyncio.to_thread(CliRunner().invoke, command, arguments, standalone_mode=False)
            return result.return_value, result.stdout

    code, printed = asyncio.run(scene())
    assert code == 0
    assert "CN=9014" in json.loads(printed.splitlines()[0])["answer"]
