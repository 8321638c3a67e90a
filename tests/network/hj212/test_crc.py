"""The CRC by folding is the CRC of appendix A; a wrong one is recognised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.network.hj212 import crc
from huanzhi.network.hj212.crc import Cause, Verdict

from .samples import PRINTED_2017, PRINTED_2025


def by_the_letter(data: bytes) -> int:
    """Return the CRC bit by bit, as appendix A says."""
    register = 0xFFFF
    for byte in data:
        register = register >> 8 ^ byte
        for _ in range(8):
            register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return register


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (PRINTED_2017[6:-6], 0x1C80),
        (PRINTED_2025[6:-6], 0x2200),
    ],
    ids=["2017 appendix A", "2025 appendix A.1"],
)
def test_printed_examples(segment: bytes, expected: int) -> None:
    assert crc.crc(segment) == expected


def test_modbus_check_value() -> None:
    assert crc.modbus(b"123456789") == 0x4B37


@given(st.binary(max_size=300))
def test_folding_gives_the_crc_of_the_letter(data: bytes) -> None:
    assert crc.crc(data) == by_the_letter(data)


@given(st.binary(min_size=1, max_size=100))
def test_only_256_values_exist(data: bytes) -> None:
    assert crc.crc(data) & 0xFF in crc.LOW_BYTES


@given(st.binary(min_size=9, max_size=60), st.data())
def test_a_swap_eight_apart_is_never_seen(data: bytes, draw: st.DataObject) -> None:
    place = draw.draw(st.integers(1, len(data) - 9)) if len(data) > 9 else 0
    swapped = bytearray(data)
    swapped[place], swapped[place + 8] = swapped[place + 8], swapped[place]
    assert crc.crc(bytes(swapped)) == crc.crc(data)


SEGMENT = b"ST=32;CN=2011;PW=123456;MN=1;Flag=4;CP=&&a=1&&"
RAW = b"##0046" + SEGMENT


@pytest.mark.parametrize(
    ("written", "verdict", "cause"),
    [
        (f"{crc.crc(SEGMENT):04X}", Verdict.HJ212, Cause.NOTHING),
        (f"{crc.modbus(SEGMENT):04X}", Verdict.MODBUS, Cause.MODBUS),
        (f"{crc.swapped(crc.modbus(SEGMENT)):04X}", Verdict.MODBUS_SWAPPED, Cause.MODBUS_SWAPPED),
        (f"{crc.swapped(crc.crc(SEGMENT)):04X}", Verdict.BAD, Cause.SWAPPED),
        (f"{crc.crc(RAW):04X}", Verdict.BAD, Cause.WRONG_RANGE),
        (f"{crc.modbus(RAW[2:]):04X}", Verdict.BAD, Cause.WRONG_RANGE),
        ("1234", Verdict.BAD, Cause.FOREIGN),
        ("FFC1", Verdict.BAD, Cause.BROKEN),
        ("", Verdict.NONE, Cause.MISSING),
        ("12", Verdict.NONE, Cause.MISSING),
        ("12G4", Verdict.NONE, Cause.MISSING),
    ],
)
def test_every_wrong_crc_has_its_diagnosis(written: str, verdict: Verdict, cause: Cause) -> None:
    report = crc.check(SEGMENT, written.encode(), RAW)
    assert (report.verdict, report.cause) == (verdict, cause)


def test_small_letters_are_noted() -> None:
    report = crc.check(b"abc", f"{crc.crc(b'abc'):04x}".encode())
    assert report.verdict is Verdict.HJ212
    assert report.lower_case == any(letter.isalpha() for letter in report.written)
