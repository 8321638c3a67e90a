"""Decoding 解码: a frame into a packet, its edition, its CRC verdict and everything that is wrong with it.

>>> from huanzhi.network import hj212
>>> done = hj212.decode_line(b"##0087QN=20240601085857223;ST=32;CN=1011;PW=123456;"
...                          b"MN=010000A8900016F000169DC0;Flag=9;CP=&&&&2200")
>>> done.ok, done.edition.number, done.packet.cn, done.crc.verdict.value
(True, 'HJ 212-2025', '1011', 'hj212')
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from huanzhi.network.hj212 import cipher
from huanzhi.network.hj212.crc import Cause, CrcReport, Verdict, check
from huanzhi.network.hj212.dialect import STANDARD, Dialect
from huanzhi.network.hj212.editions import edition_of
from huanzhi.network.hj212.faults import Fault
from huanzhi.network.hj212.framing import Frame, Framer, Shape, frame_of_line
from huanzhi.network.hj212.segment import Oddity, Packet, parse
from huanzhi.network.hj212.tables import Edition, codes, command, editions, fields

_SHAPES = {
    Shape.THREE_DIGITS: ("length_three_digits", False),
    Shape.IN_CHARACTERS: ("length_in_characters", False),
    Shape.WRONG_LENGTH: ("length_wrong", False),
    Shape.CUT_SHORT: ("cut_short", True),
    Shape.RUBBISH: ("rubbish", True),
}
_CAUSES = {
    Cause.MODBUS: "crc_modbus",
    Cause.MODBUS_SWAPPED: "crc_modbus_swapped",
    Cause.SWAPPED: "crc_swapped",
    Cause.WRONG_RANGE: "crc_wrong_range",
    Cause.FOREIGN: "crc_foreign",
    Cause.BROKEN: "crc_broken",
    Cause.MISSING: "crc_missing",
}
_AREA_ODDITIES = {"area_missing", "area_open", "after_area", "empty_group", "no_value"}
_FATAL_ODDITIES = {"area_missing", "area_open"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A frame, read as far as it can be.

    Attributes
    ----------
    frame : Frame
        The piece of the stream.
    crc : CrcReport
        Verdict on the CRC, after decryption where the data area is encrypted.
    edition : Edition
        Edition of the packet; the newest where nothing could be read.
    packet : Packet or None
        Header and data area; None of rubbish.
    faults : tuple of Fault
        Every departure from the standard, those that refuse the frame first.
    form : Form or None
        How the data area was encrypted on the wire; None of a plain one.
    """

    frame: Frame
    crc: CrcReport
    edition: Edition
    packet: Packet | None
    faults: tuple[Fault, ...]
    form: cipher.Form | None = None

    @property
    def ok(self) -> bool:
        """Whether the frame is taken."""
        return not any(fault.fatal for fault in self.faults)

    @property
    def error(self) -> str:
        """Why it is refused, in the reader's language; empty where it is taken."""
        return " ".join(fault.sentence(self.edition) for fault in self.faults if fault.fatal)

    @property
    def notes(self) -> tuple[str, ...]:
        """Departures that did not refuse it, in the reader's language."""
        return tuple(fault.sentence(self.edition) for fault in self.faults if not fault.fatal)


class Decoder:
    """Decodes a stream: bytes in, frames out, in order.

    Examples
    --------
    >>> decoder = Decoder()
    >>> decoder.feed(b"##0087QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=01")
    []
    >>> [done.ok for done in decoder.feed(b"0000A8900016F000169DC0;Flag=9;CP=&&&&2200")]
    [True]
    """

    def __init__(self, dialect: Dialect = STANDARD) -> None:
        self.dialect = dialect
        self._framer = Framer(wait_for_tail=dialect.strict)

    def feed(self, data: bytes) -> list[Decoded]:
        """Take bytes as they come; return what is complete."""
        return [decode(frame, self.dialect) for frame in self._framer.feed(data)]

    def finish(self) -> list[Decoded]:
        """Return what is left at the end of the stream, damaged or not."""
        return [decode(frame, self.dialect) for frame in self._framer.finish()]


def decode_line(line: bytes, dialect: Dialect = STANDARD) -> Decoded:
    """Decode the one frame that a line holds."""
    return decode(frame_of_line(line), dialect)


def decode(frame: Frame, dialect: Dialect = STANDARD) -> Decoded:
    """Decode one frame.

    Never raises: whatever the bytes, the result says what was read and what is wrong.
    """
    if frame.shape is Shape.RUBBISH:
        fault = Fault("rubbish", True, 0, "frame", {"size": frame.size, "shown": _shown(frame.raw)})
        return Decoded(frame, check(b"", b""), Edition.HJ212_2025, None, (fault,))
    report = check(frame.segment, frame.written_crc, frame.raw)
    segment, form, locked = frame.segment, None, False
    if cipher.looks_encrypted(frame.segment):
        opened = cipher.open_segment(frame.segment, frame.written_crc, dialect.keys)
        if opened:
            segment, form, report = opened.segment, opened.form, opened.report
        locked = opened is None
    done = _read(frame, segment, report, locked, dialect)
    return replace(done, form=form)


def _read(frame: Frame, segment: bytes, report: CrcReport, locked: bool, dialect: Dialect) -> Decoded:
    decoded, charset = _decoded_text(segment)
    packet, oddities = parse(decoded)
    if locked:
        packet = replace(packet, area=())
        oddities = [oddity for oddity in oddities if oddity.key not in _AREA_ODDITIES | {"blank"}]
    edition, known = edition_of(packet)
    edition = dialect.edition or edition
    faults = [
        *_frame_faults(frame, segment),
        *_crc_faults(report, frame, dialect, locked),
        *(() if locked else _charset_faults(charset, edition)),
        *_header_faults(packet, edition, known),
        *_size_faults(segment, edition),
        *_oddity_faults(oddities, len(frame.raw) - len(frame.segment) - len(frame.written_crc)),
    ]
    if dialect.strict:
        faults = [replace(fault, fatal=True) for fault in faults]
    faults.sort(key=lambda fault: not fault.fatal)
    return Decoded(frame, report, edition, packet, tuple(faults))


def _decoded_text(segment: bytes) -> tuple[str, str]:
    if segment.isascii():
        return segment.decode("ascii"), "ascii"
    for charset in ("utf-8", "gb18030"):
        try:
            return segment.decode(charset), charset
        except UnicodeDecodeError:
            continue
    return segment.decode("latin-1"), "bytes"


def _frame_faults(frame: Frame, segment: bytes) -> Iterator[Fault]:
    if frame.shape in _SHAPES and not (frame.shape is Shape.WRONG_LENGTH and frame.declared == len(segment)):
        key, fatal = _SHAPES[frame.shape]
        yield Fault(key, fatal, 2, "frame", {"declared": frame.declared, "actual": len(frame.segment)})
    if not frame.tail:
        yield Fault("no_tail", False, frame.size, "frame")


def _crc_faults(report: CrcReport, frame: Frame, dialect: Dialect, locked: bool) -> Iterator[Fault]:
    at = frame.size - len(frame.written_crc)
    values = {"written": report.written, "expected": report.expected, "span": report.span}
    if locked:
        yield Fault("locked", True, -1, "cipher")
    elif report.cause is not Cause.NOTHING and not (
        report.cause is Cause.MISSING and frame.shape is Shape.CUT_SHORT
    ):
        yield Fault(_CAUSES[report.cause], report.verdict not in dialect.crc, at, "crc", values)
    if report.lower_case:
        yield Fault("crc_lower_case", False, at, "crc", values)
    elif report.verdict is Verdict.HJ212 and Verdict.HJ212 not in dialect.crc:
        yield Fault("crc_not_of_dialect", True, at, "crc", values)


def _charset_faults(charset: str, edition: Edition) -> Iterator[Fault]:
    if charset == "ascii" or (charset == "utf-8" and edition is not Edition.HJT212_2005):
        return
    yield Fault("charset", charset == "bytes", -1, "frame", {"charset": charset})


def _header_faults(packet: Packet, edition: Edition, known: bool) -> Iterator[Fault]:
    names = [item.name for item in packet.header]
    values = dict(packet.header)
    for name in ("ST", "CN", "MN"):
        if not values.get(name):
            yield Fault("field_missing", name == "CN", -1, "segment", {"name": name})
    for item in packet.header:
        rule = fields().get(item.name)
        if rule is None:
            yield Fault("field_unknown", False, -1, "segment", {"name": item.name})
        elif item.value and not rule.pattern.fullmatch(item.value):
            yield Fault("field_wrong", False, -1, "segment", {"name": item.name, "value": item.value})
        elif (width := rule.width.get(edition)) is not None and len(item.value) > width:
            yield Fault("field_wide", False, -1, "segment", {"name": item.name, "width": width})
    for name in sorted({name for name in names if names.count(name) > 1}) if len(values) < len(names) else ():
        yield Fault("field_twice", False, -1, "segment", {"name": name})
    yield from _code_faults(packet, edition, known)


def _code_faults(packet: Packet, edition: Edition, known: bool) -> Iterator[Fault]:
    if not known:
        yield Fault("version_unknown", False, -1, "segment", {"flag": packet.flag})
    found = packet.cn and command(edition, packet.cn)
    if packet.cn and not found:
        yield Fault("command_unknown", False, -1, "command", {"cn": packet.cn})
    if packet.st and packet.st not in _systems():
        yield Fault("system_unknown", False, -1, "system", {"st": packet.st})
    numbered = edition is not Edition.HJT212_2005 and (packet.flag or 0) & 2
    if numbered and not (packet.pnum and packet.pno):
        yield Fault("number_missing", False, -1, "segment")
    if packet.pno and packet.pnum and packet.pno > packet.pnum:
        yield Fault("number_wrong", False, -1, "segment", {"pno": packet.pno, "pnum": packet.pnum})


@cache
def _systems() -> frozenset[str]:
    return frozenset(code for _, code in codes("system"))


def _size_faults(segment: bytes, edition: Edition) -> Iterator[Fault]:
    limit = editions()[edition].segment_max
    if len(segment) > limit:
        yield Fault("segment_long", False, -1, "frame", {"size": len(segment), "limit": limit})


def _oddity_faults(oddities: list[Oddity], base: int) -> Iterator[Fault]:
    for oddity in oddities:
        subject = "area" if oddity.key in _AREA_ODDITIES else "segment"
        yield Fault(
            oddity.key, oddity.key in _FATAL_ODDITIES, base + oddity.at, subject, {"shown": oddity.shown}
        )


def _shown(raw: bytes) -> str:
    return raw[:32].decode("ascii", "backslashreplace")
