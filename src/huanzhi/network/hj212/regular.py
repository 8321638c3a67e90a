"""What a regular frame is: one that the fast paths read themselves.

A regular frame has a true length of four digits, ends in ``&&`` and four hexadecimal digits, has only known
header fields, each once and without blanks, and a plain data area of short names and printable ASCII values.
Everything else, a few frames in a thousand, goes to the readable path, so that all paths give one answer.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huanzhi.network.hj212.bodies import parse_time
from huanzhi.network.hj212.crc import Verdict
from huanzhi.network.hj212.decode import Decoded
from huanzhi.network.hj212.segment import Item, Packet

MISSING = int(np.iinfo(np.int64).min)
"""Stands for a number that is not there."""
TEXT = -1
"""Stands in `decimals` for a value that is text."""
CODE_MAX, KIND_MAX, NAME_MAX, MN_MAX, MARK_MAX = 8, 16, 20, 24, 4
"""Longest names that the fast paths read [bytes]."""
DIGITS_MAX = 18
"""Most digits of a number that surely fit 64 bits."""

VERDICTS = (Verdict.HJ212, Verdict.MODBUS, Verdict.MODBUS_SWAPPED, Verdict.BAD, Verdict.NONE)
"""Verdicts by their number in the columns."""

FIELDS = ("QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO", "RF")
(OFFSET, SIZE, VERDICT, OK, QN, ST, CN, MN, FLAG, PNUM, PNO, RF, TIME, TIME_SEEN) = range(14)
"""Places of the facts of a frame in a row of int64."""
FRAME_COLUMNS = 14

Int64s = NDArray[np.int64]


class Value(NamedTuple):
    """One value of a factor, as the columns hold it."""

    code: str
    kind: str
    units: int
    decimals: int
    mark: str
    text: bytes


def scaled(text: str, item: Item | None = None) -> tuple[int, int] | None:
    """Return a number as integer and decimals, None where it is text or too long for 64 bits.

    >>> scaled("40.10"), scaled("5.530E012"), scaled("N")
    ((4010, 2), (5530000000000, 0), None)
    """
    exact = (item or Item("", text)).number
    if exact is None:
        return None
    _, _, exponent = exact.as_tuple()
    assert isinstance(exponent, int)
    if exponent < -DIGITS_MAX or exact.adjusted() > DIGITS_MAX:
        return None
    units = int(exact.scaleb(max(0, -exponent)))
    return (units, max(0, -exponent)) if abs(units) < 10**DIGITS_MAX else None


def facts(done: Decoded) -> list[int]:
    """Return the facts of a frame as a row of integers; MN stays 0, it is a place in a dictionary."""
    packet = done.packet or Packet(())
    row = [0] * FRAME_COLUMNS
    row[OFFSET], row[SIZE] = done.frame.offset, done.frame.size
    row[VERDICT], row[OK] = VERDICTS.index(done.crc.verdict), done.ok
    row[QN] = int(packet.qn) if re.fullmatch(r"[0-9]{17}", packet.qn) else -1
    row[ST] = packed(packet.st)
    row[CN] = int(packet.cn) if re.fullmatch(r"[0-9]{4}", packet.cn) else -1
    row[FLAG] = -1 if packet.flag is None else min(packet.flag, 32767)
    row[PNUM], row[PNO] = (min(number or 0, 32767) for number in (packet.pnum, packet.pno))
    row[RF] = packet.resent
    moment = parse_time(packet.area_value("DataTime"))
    row[TIME] = MISSING if moment is None else int(moment.timestamp())
    return row


def packed(text: str) -> int:
    """Return up to four characters as one integer, the first one highest."""
    return int.from_bytes(text.encode("ascii", "replace")[:4].ljust(4, b"\0"), "big")


def values_of(packet: Packet) -> list[Value]:
    """Return the values of a packet: every item ``factor-kind`` but marks, which go to their values.

    A mark 数据标记 belongs to the values of its factor that stand together with it; fields without a kind
    do not part them.
    """
    found: list[Value] = []
    run: list[Value] = []
    code, mark = "", ""
    for item in packet.items():
        if not item.kind:
            continue
        if item.code != code:
            found += (value._replace(mark=mark) for value in run)
            run, code, mark = [], item.code, ""
        if item.kind == "Flag":
            mark = item.value.encode("ascii", "replace")[:MARK_MAX].decode("ascii")
        else:
            run.append(_value(item))
    return found + [value._replace(mark=mark) for value in run]


def _value(item: Item) -> Value:
    number = scaled(item.value, item)
    units, decimals = number or (0, TEXT)
    text = b"" if number else item.value.encode("utf-8", "replace")[:65535]
    return Value(item.code, item.kind, units, decimals, "", text)
