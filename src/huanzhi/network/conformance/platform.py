"""A platform under check: we are the device, and send what devices send, right and wrong.

Every frame says a value of a device that is made up; ask the owner of the platform first.

References
----------
.. [1] HJ/T 212-2005, HJ 212-2017, HJ 212-2025: 6.3 (frame), 6.4 (flow), 附录A (CRC), 附录C (examples).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from huanzhi.messages import text
from huanzhi.network import hj212
from huanzhi.network.conformance.findings import Finding, Verdict, finding
from huanzhi.network.conformance.wire import FLAG_BASE, Numbers, Wire, answers
from huanzhi.network.hj212 import Decoded, Edition, Item, Packet, Shape
from huanzhi.network.hj212.bodies import time_text
from huanzhi.network.hj212.segment import parse_area


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom we play."""

    mn: str
    password: str = "123456"
    st: str = "32"
    edition: Edition = Edition.HJ212_2017
    factor: str = "w01018"


class Probe:
    """One check of a platform.

    Parameters
    ----------
    patience : float
        How long an answer is waited for [s].
    silence : float
        How long no answer must come where none may [s].
    """

    def __init__(self, wire: Wire, who: Identity, patience: float, silence: float) -> None:
        self.wire, self.who, self.patience, self.silence = wire, who, patience, silence
        self._numbers = Numbers()

    def packet(
        self, cn: str = "2011", *, answer: bool = True, area: str | None = None, **more: str
    ) -> Packet:
        """Return what a device of the edition sends."""
        now, code = time_text(datetime.now(UTC)), self.who.factor
        inner = f"DataTime={now};{code}-Rtd=1.0,{code}-Flag=N" if area is None else area
        flag = FLAG_BASE[self.who.edition] | int(answer) | (2 if "PNUM" in more else 0)
        header = {
            "QN": self._numbers.next(),
            "ST": self.who.st,
            "CN": cn,
            "PW": self.who.password,
            "MN": self.who.mn,
            "Flag": str(flag),
            **more,
        }
        return Packet(tuple(Item(*pair) for pair in header.items()), parse_area(inner)[0])

    async def ask(self, packet: Packet, *pieces: bytes, patience: float | None = None) -> Decoded | None:
        """Send a packet, or the pieces that are made of it, and wait for its answer."""
        await self.wire.send(*(pieces or (framed(packet),)))
        return await self.wire.wait(answers(packet.qn), self.patience if patience is None else patience)

    async def data_is_answered(self) -> Finding:
        """Data that ask for an answer get 9014, to the letter."""
        packet = self.packet()
        heard = await self.ask(packet)
        problem = text("conformance.nothing") if heard is None else _wrong(heard, packet, "9014", self.who)
        return self._found("data_answer", "answer", not problem, problem or _shown(heard))

    async def silence_is_kept(self) -> Finding:
        """Data that ask for none get none."""
        heard = await self.ask(self.packet(answer=False), patience=self.silence)
        return self._found("no_answer", "segment", heard is None, _shown(heard))

    async def bad_crc_is_dropped(self) -> Finding:
        """A frame with a wrong CRC is not answered."""
        packet = self.packet()
        frame = framed(packet)
        wrong = b"0000" if frame[-6:-2] != b"0000" else b"0001"
        heard = await self.ask(packet, frame[:-6] + wrong + b"\r\n", patience=self.silence)
        return self._found("bad_crc", "crc", heard is None, _shown(heard))

    async def rubbish_is_survived(self) -> Finding:
        """A good frame after rubbish and half a frame is answered."""
        packet = self.packet()
        half = framed(self.packet())[:60]
        heard = await self.ask(packet, b"\x00\xffrubbish\r\n" + half + b"\r\n" + framed(packet))
        return self._found("rubbish", "frame", heard is not None, _shown(heard))

    async def torn_frames_are_joined(self) -> Finding:
        """A frame that comes in pieces is answered."""
        packet = self.packet()
        frame = framed(packet)
        heard = await self.ask(packet, *(frame[at : at + 11] for at in range(0, len(frame), 11)))
        return self._found("torn", "frame", heard is not None, _shown(heard))

    async def merged_frames_are_parted(self) -> Finding:
        """Three frames in one go are answered, each."""
        packets = [self.packet() for _ in range(3)]
        await self.wire.send(b"".join(map(framed, packets)))
        heard = [await self.wire.wait(answers(packet.qn), self.patience) for packet in packets]
        count = sum(done is not None for done in heard)
        return self._found("merged", "frame", count == 3, text("conformance.of_three", count=count))

    async def parts_are_answered(self) -> Finding:
        """Each part of a message in parts is answered."""
        packets = [self.packet("2061", PNUM="2", PNO=str(number)) for number in (1, 2)]
        heard = [await self.ask(packet) for packet in packets]
        shown = " ".join(map(_shown, heard))
        return self._found("parts", "segment", all(done is not None for done in heard), shown)

    async def repetition_is_answered(self) -> Finding:
        """What is sent again, because an answer was lost, is answered again."""
        packet = self.packet("2051")
        await self.ask(packet)
        self.wire.heard.clear()
        heard = await self.ask(packet)
        return self._found("repeated", "answer", heard is not None, _shown(heard))

    async def notice_is_answered(self) -> Finding:
        """A notice gets 9013."""
        cn = {Edition.HJT212_2005: "2072", Edition.HJ212_2017: "1013"}.get(self.who.edition, "9015")
        now, code = time_text(datetime.now(UTC)), self.who.factor
        area = {"2072": f"AlarmTime={now};{code}-Ala=1.1;AlarmType=1", "1013": f"PolId={code}", "9015": ""}[
            cn
        ]
        packet = self.packet(cn, area=area)
        heard = await self.ask(packet)
        problem = text("conformance.nothing") if heard is None else _wrong(heard, packet, "9013", self.who)
        return self._found("notice_answer", "answer", not problem, problem or _shown(heard))

    async def wrong_password_is_refused(self) -> Finding:
        """Whether data with a wrong password are acknowledged; the standard leaves it open for uploads."""
        heard = await self.ask(self.packet(PW="wrong9"), patience=self.silence)
        return self._found("password", "answer", True if heard is None else None, _shown(heard))

    async def lower_case_crc_is_taken(self) -> Finding:
        """Whether a CRC in small letters is taken, as many devices write it."""
        packet = self.packet()
        while not any(letter in framed(packet)[-6:-2] for letter in b"ABCDEF"):
            packet = self.packet()
        frame = framed(packet)
        heard = await self.ask(packet, frame[:-6] + frame[-6:-2].lower() + b"\r\n")
        return self._found("lower_case", "crc", True if heard is not None else None, _shown(heard))

    def _found(self, rule: str, subject: str, kept: bool | None, heard: str) -> Finding:
        return finding(rule, self.who.edition, subject, kept, heard)


CHECKS: tuple[Callable[[Probe], Awaitable[Finding]], ...] = (
    Probe.data_is_answered,
    Probe.silence_is_kept,
    Probe.bad_crc_is_dropped,
    Probe.torn_frames_are_joined,
    Probe.merged_frames_are_parted,
    Probe.parts_are_answered,
    Probe.repetition_is_answered,
    Probe.notice_is_answered,
    Probe.lower_case_crc_is_taken,
    Probe.rubbish_is_survived,
    Probe.wrong_password_is_refused,
)


async def check_platform(
    host: str, port: int, who: Identity, patience: float = 10.0, silence: float = 2.0
) -> AsyncIterator[Finding]:
    """Check a platform rule by rule, each on a connection of its own.

    Yields
    ------
    Finding
        As they are found; the first says whether a connection can be made at all.
    """
    for check in CHECKS:
        try:
            opening = asyncio.open_connection(host, port)
            wire = Wire(*await asyncio.wait_for(opening, patience))
        except (OSError, TimeoutError) as error:
            yield Finding("connection", Verdict.BROKEN, who.edition.clause("frame"), str(error) or "timeout")
            return
        try:
            yield await check(Probe(wire, who, patience, silence))
        except ConnectionError as error:
            yield Finding("connection", Verdict.BROKEN, who.edition.clause("frame"), str(error))
        finally:
            await wire.close()


def framed(packet: Packet) -> bytes:
    """Return the frame of a packet."""
    return hj212.build(packet.text().encode("utf-8"))


def _wrong(heard: Decoded, sent: Packet, cn: str, who: Identity) -> str:
    """Say what is wrong with an answer; empty where nothing is."""
    packet = heard.packet
    assert packet is not None
    wanted = {"ST": "91", "CN": cn}
    if who.edition is not Edition.HJT212_2005:
        wanted |= {"QN": sent.qn, "MN": who.mn, "Flag": str(FLAG_BASE[who.edition])}
    different = [
        text("conformance.field", name=name, found=packet.get(name) or "—", wanted=value)
        for name, value in wanted.items()
        if packet.get(name) != value
    ]
    if heard.frame.shape is not Shape.WHOLE:
        different.append(heard.frame.shape.value)
    usual = {"field_missing"} if who.edition is Edition.HJT212_2005 else set()
    faults = (fault.sentence(who.edition) for fault in heard.faults if fault.key not in usual)
    return " ".join([*different, *faults])


def _shown(heard: Decoded | None) -> str:
    if heard is None:
        return text("conformance.nothing")
    return heard.frame.raw.decode("utf-8", "backslashreplace")[:200]
