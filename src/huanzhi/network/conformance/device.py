"""A device under check: we are the platform; it connects, we listen, then ask.

References
----------
.. [1] HJ 212-2017: 6.3 (frame), 6.4 (flow of a request), 6.6.3 表7, 6.6.2 表6.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator

from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network import hj212
from huanzhi.network.conformance.findings import Finding, finding
from huanzhi.network.conformance.wire import FLAG_BASE, Numbers, Wire
from huanzhi.network.hj212 import Decoded, Edition, Item, Packet
from huanzhi.network.hj212.segment import parse_area

DATA = ("2011", "2051", "2061", "2031")


async def check_device(
    host: str, port: int, seconds: float = 60.0, patience: float = 10.0, wait: float = 300.0
) -> AsyncIterator[Finding]:
    """Listen until a device connects, hear it for a while, then ask it.

    Parameters
    ----------
    seconds : float
        How long its uploads are heard [s].
    patience : float
        How long an answer is waited for [s].
    wait : float
        How long the device may take to connect [s].

    Raises
    ------
    InputError
        If nothing connects.
    """
    loop = asyncio.get_running_loop()
    came: asyncio.Future[Wire] = loop.create_future()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if came.done():
            writer.close()
        else:
            came.set_result(Wire(reader, writer))

    server = await asyncio.start_server(meet, host, port)
    try:
        wire = await asyncio.wait_for(came, wait)
        try:
            async for found in _judged(wire, seconds, patience):
                yield found
        finally:
            await wire.close()
    except TimeoutError as error:
        raise InputError("conformance.nobody", value=f"{host}:{port}", seconds=wait) from error
    finally:
        server.close()


async def _judged(wire: Wire, seconds: float, patience: float) -> AsyncIterator[Finding]:
    heard = list(await wire.listen(seconds))
    packets = [done.packet for done in heard if done.packet is not None and done.ok]
    edition = next((done.edition for done in heard if done.ok), Edition.HJ212_2017)
    if not packets:
        yield finding("uploads", edition, "frame", False, text("conformance.frames", good=0, all=len(heard)))
        return
    for found in judged_frames(heard, edition):
        yield found
    probe = _Questions(wire, packets[-1], edition, patience)
    yield await probe.time_is_told()
    yield await probe.password_is_checked()
    yield await probe.unknown_command_is_refused()


def judged_frames(heard: list[Decoded], edition: Edition) -> Iterator[Finding]:
    """Judge what a device has sent by itself."""
    good = sum(done.ok for done in heard)
    counted = text("conformance.frames", good=good, all=len(heard))
    yield finding("uploads", edition, "frame", good == len(heard), counted)
    faults = Counter((fault.key, fault.subject) for done in heard for fault in done.faults)
    examples = {
        (fault.key, fault.subject): fault.sentence(done.edition) for done in heard for fault in done.faults
    }
    for kind, count in faults.most_common():
        words = text("conformance.times", count=count, what=examples[kind])
        yield finding("departure", edition, kind[1], None, words)
    numbers = [done.packet.qn for done in heard if done.packet and done.ok and done.packet.cn in DATA]
    twice = len(numbers) - len(set(numbers))
    said = text("conformance.twice", count=twice)
    yield finding("numbers", edition, "segment", True if not twice else None, said)


class _Questions:
    """Requests to the device."""

    def __init__(self, wire: Wire, known: Packet, edition: Edition, patience: float) -> None:
        self.wire, self.known, self.edition, self.patience = wire, known, edition, patience
        self._numbers = Numbers()

    def request(self, cn: str, area: str = "", **changed: str) -> Packet:
        """Return a request to the device."""
        header = {
            "QN": self._numbers.next(),
            "ST": self.known.st,
            "CN": cn,
            "PW": self.known.pw,
            "MN": self.known.mn,
            "Flag": str(FLAG_BASE[self.edition] | 1),
            **changed,
        }
        return Packet(tuple(Item(*pair) for pair in header.items()), parse_area(area)[0])

    async def ask(self, packet: Packet, cn: str) -> Packet | None:
        """Wait for the answer `cn` to a request that was sent."""
        heard = await self.wire.wait(
            lambda done: done.packet is not None and (done.packet.cn, done.packet.qn) == (cn, packet.qn),
            self.patience,
        )
        return heard.packet if heard else None

    async def time_is_told(self) -> Finding:
        """1011 is answered by 9011, the time, and 9012."""
        packet = self.request("1011")
        await self.wire.send(hj212.build(packet.text().encode("utf-8")))
        steps = {cn: await self.ask(packet, cn) for cn in ("9011", "1011", "9012")}
        missing = [cn for cn, found in steps.items() if found is None]
        heard = text("conformance.missing", steps=", ".join(missing)) if missing else _area(steps["1011"])
        return finding("request_flow", self.edition, "command", not missing, heard)

    async def password_is_checked(self) -> Finding:
        """A wrong password is refused with QnRtn 3."""
        return await self._refused("request_password", self.request("1011", PW="wrong9"), ("3",))

    async def unknown_command_is_refused(self) -> Finding:
        """A command that there is not is refused."""
        codes = ("2", "100") if self.edition is Edition.HJT212_2005 else ("2", "8", "100")
        return await self._refused("request_unknown", self.request("8888"), codes)

    async def _refused(self, rule: str, packet: Packet, codes: tuple[str, ...]) -> Finding:
        await self.wire.send(hj212.build(packet.text().encode("utf-8")))
        found = await self.ask(packet, "9011")
        if found is None:
            return finding(rule, self.edition, "result", None, text("conformance.nothing"))
        code = found.area_value("QnRtn")
        return finding(rule, self.edition, "result", code in codes, f"QnRtn={code}")


def _area(packet: Packet | None) -> str:
    return ";".join(f"{item.name}={item.value}" for item in packet.items()) if packet else ""
