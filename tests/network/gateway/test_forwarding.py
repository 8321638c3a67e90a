"""Forwarding: an upper platform that answers, one that is away, one that knows the device by another name."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.network.gateway.peers import MN, OTHER, connected, frame, register, running

from huanzhi.library.arrivals import Kept
from huanzhi.network import hj212
from huanzhi.network.gateway.forwarding import letter
from huanzhi.network.gateway.targets import Target, Targets


def test_what_arrives_reaches_the_upper_platform_even_after_it_was_away(tmp_path: Path) -> None:
    lower, upper = tmp_path / "lower", tmp_path / "upper"
    register(lower)
    register(upper)

    async def scene() -> list[bytes]:
        async with running(upper) as above:
            port = above.port
        with Targets(lower) as targets:
            targets.save(Target("upper", "127.0.0.1", port))
        async with running(lower) as gateway, connected(gateway) as peer:
            await peer.say(*(frame(number) for number in range(4)))
            for _ in range(4):
                await peer.packet()
            await asyncio.sleep(0.8)
            with Targets(lower) as targets:
                assert targets.all()[0].problem and targets.all()[0].position == 0
            above = await _again(upper, port)
            async with asyncio.timeout(5):
                while above.inbox.last < 4:
                    await asyncio.sleep(0.05)
            await asyncio.sleep(0.2)
            await above.stop()
        with Targets(lower) as targets:
            found = targets.all()[0]
            assert (found.position, found.acknowledged, found.problem) == (4, 4, "")

    async def _again(home: Path, port: int):
        from huanzhi.network.gateway import Gateway

        above = Gateway(home, draining=False)
        await above.start("127.0.0.1", port)
        return above

    asyncio.run(scene())


def test_a_device_may_have_another_name_above() -> None:
    kept = Kept(1, 0, MN, "", frame(0)[:-2])
    above = Target("up", "h", 1, names={MN: {"mn": OTHER, "password": "999999"}})
    found = hj212.decode_line(letter(kept, above).frame)
    assert found.ok and (found.packet.mn, found.packet.pw) == (OTHER, "999999")
    assert letter(kept, Target("up", "h", 1, devices=(OTHER,))) is None
    assert letter(kept, Target("up", "h", 1)).frame == frame(0)
