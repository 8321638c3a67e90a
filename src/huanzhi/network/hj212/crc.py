"""CRC of HJ 212 循环冗余校验, appendix A of every edition, and the diagnosis of a wrong one.

The register starts at 0xFFFF; each byte is XORed onto the register shifted right by eight, and eight
shifts with the polynomial 0xA001 follow. Because the low byte is thrown away, the state is one byte and
only 256 different values exist; because the step is linear and of order eight, bytes that stand eight
apart are simply XORed. The whole CRC is therefore: fold the bytes by XOR into eight, then take eight steps.
CRC-16/MODBUS, which many devices send instead, keeps the low byte.

References
----------
.. [1] HJ/T 212-2005, HJ 212-2017, HJ 212-2025: appendix A.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from struct import unpack_from

_POLYNOMIAL = 0xA001
_START = 0xFFFF


class Verdict(StrEnum):
    """What made the CRC of a frame."""

    HJ212 = "hj212"
    MODBUS = "modbus"
    MODBUS_SWAPPED = "modbus_swapped"
    BAD = "bad"
    NONE = "none"


class Cause(StrEnum):
    """Why a CRC is not the standard's."""

    NOTHING = ""
    MODBUS = "modbus"
    MODBUS_SWAPPED = "modbus_swapped"
    SWAPPED = "swapped"
    WRONG_RANGE = "wrong_range"
    FOREIGN = "foreign"
    BROKEN = "broken"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class CrcReport:
    """Verdict on a CRC and its diagnosis.

    Attributes
    ----------
    verdict : Verdict
        What made the CRC.
    cause : Cause
        Why it is not the standard's.
    written : str
        The CRC text of the frame.
    expected : str
        What the standard's algorithm gives.
    lower_case : bool
        Written with small letters.
    span : str
        The wrong range that was summed, for `Cause.WRONG_RANGE`: ``head``, ``length``, ``tail`` or ``area``.
    """

    verdict: Verdict
    cause: Cause
    written: str
    expected: str
    lower_case: bool = False
    span: str = ""


def _shifted(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
    return value


TABLE = tuple(_shifted(value) for value in range(256))
"""Register after eight shifts, by the byte before them."""

LOW_BYTES = frozenset(value & 0xFF for value in TABLE)
"""The only low bytes that the standard's CRC can have."""


def crc(data: bytes) -> int:
    """Return the CRC of a data segment by XOR folding.

    >>> format(crc(b"QN=20240601085857223;ST=32;CN=1011;PW=123456;"
    ...            b"MN=010000A8900016F000169DC0;Flag=9;CP=&&&&"), "04X")
    '2200'
    """
    size = len(data)
    if not size:
        return _START
    folded = int.from_bytes(data, "big") ^ 0xFF << 8 * (size - 1)
    words = (size + 7) // 8
    while words > 1:
        half = (words + 1) // 2
        folded = folded >> 64 * half ^ folded & (1 << 64 * half) - 1
        words = half
    register = 0
    for byte in folded.to_bytes(8, "big"):
        register = TABLE[register >> 8 ^ byte]
    return register


def modbus(data: bytes) -> int:
    """Return CRC-16/MODBUS of `data`: what a device sends that took the usual library function."""
    register = _START
    pairs, table = len(data) // 2, _after_two()
    for pair in unpack_from(f"<{pairs}H", data):
        register = table[register ^ pair]
    return register >> 8 ^ TABLE[(register ^ data[-1]) & 0xFF] if len(data) % 2 else register


@cache
def _after_two() -> tuple[int, ...]:
    """Return the register after two bytes, by the register before them with the bytes on it."""
    once = [value >> 8 ^ TABLE[value & 0xFF] for value in range(1 << 16)]
    return tuple(once[value] for value in once)


def swapped(value: int) -> int:
    """Return a 16-bit value with its bytes exchanged."""
    return (value & 0xFF) << 8 | value >> 8


def text(data: bytes, kind: Verdict = Verdict.HJ212) -> bytes:
    """Return the four digits that stand after `data` in a frame, in the dialect `kind`.

    Raises
    ------
    KeyError
        If `kind` is no algorithm (``BAD``, ``NONE``).
    """
    return f"{ALGORITHMS[kind](data):04X}".encode("ascii")


ALGORITHMS: dict[Verdict, Callable[[bytes], int]] = {
    Verdict.HJ212: crc,
    Verdict.MODBUS: modbus,
    Verdict.MODBUS_SWAPPED: lambda data: swapped(modbus(data)),
}
"""What each dialect computes; the order is the order of the verdict."""


def check(segment: bytes, written: bytes, raw: bytes = b"") -> CrcReport:
    """Judge the CRC of a frame.

    Parameters
    ----------
    segment : bytes
        The data segment.
    written : bytes
        The four digits that stand after it; empty or not hexadecimal where there is none.
    raw : bytes
        The frame with head and tail, for finding a wrong range.
    """
    shown = written.decode("latin-1")
    expected = f"{crc(segment):04X}"
    if len(written) != 4 or not _is_hex(written):
        return CrcReport(Verdict.NONE, Cause.MISSING, shown, expected)
    value, lower = int(written, 16), shown != shown.upper()
    for verdict, algorithm in ALGORITHMS.items():
        if algorithm(segment) == value:
            cause = Cause.NOTHING if verdict is Verdict.HJ212 else Cause(verdict.value)
            return CrcReport(verdict, cause, shown, expected, lower)
    cause, span = _diagnose(segment, value, raw)
    return CrcReport(Verdict.BAD, cause, shown, expected, lower, span)


def _diagnose(segment: bytes, value: int, raw: bytes) -> tuple[Cause, str]:
    if swapped(crc(segment)) == value:
        return Cause.SWAPPED, ""
    for span, data in _spans(segment, raw).items():
        if any(algorithm(data) == value for algorithm in ALGORITHMS.values()):
            return Cause.WRONG_RANGE, span
    return (Cause.BROKEN if value & 0xFF in LOW_BYTES else Cause.FOREIGN), ""


def _spans(segment: bytes, raw: bytes) -> dict[str, bytes]:
    at = raw.find(segment)
    area = segment.partition(b"CP=")[2]
    spans = {
        "tail": segment + b"\r\n",
        "area": area,
        "inner_area": area.removeprefix(b"&&").removesuffix(b"&&"),
    }
    if segment and at > 2:
        spans |= {"head": raw[: at + len(segment)], "length": raw[2 : at + len(segment)]}
    return {name: data for name, data in spans.items() if data}


def _is_hex(written: bytes) -> bool:
    return all(byte in b"0123456789abcdefABCDEF" for byte in written)
