"""Decoding: verdict, edition, header, faults with clause; tolerant and strict."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.messages import using
from huanzhi.network import hj212
from huanzhi.network.hj212 import Dialect, Edition, Verdict, build, decode_line
from huanzhi.network.hj212.decode import _CAUSES, _SHAPES
from huanzhi.network.hj212.dialect import STRICT

from .samples import MN, PRINTED_2017, PRINTED_2025, needs_shared, open_frames, segment, vectors

KEY = b"0" * 16


def keys(done: hj212.Decoded) -> set[str]:
    """Return the keys of the faults."""
    return {fault.key for fault in done.faults}


def framed(text: str) -> bytes:
    """Return the frame of a segment."""
    return build(text.encode())


def test_the_printed_example_of_2017_is_read() -> None:
    done = decode_line(PRINTED_2017)
    packet = done.packet
    assert packet is not None
    assert (done.ok, done.edition, done.crc.verdict) == (True, Edition.HJ212_2017, Verdict.HJ212)
    assert (packet.qn, packet.st, packet.cn, packet.pw, packet.mn, packet.flag) == (
        "20160801085857223",
        "32",
        "1062",
        "100000",
        MN,
        5,
    )
    assert packet.area_value("RtdInterval") == "30"
    assert packet.wants_answer
    assert packet.text().encode() == PRINTED_2017[6:-6]


@pytest.mark.parametrize("printed", [PRINTED_2017, PRINTED_2025])
def test_the_printed_examples_satisfy_the_strict_mode(printed: bytes) -> None:
    (done,) = hj212.Decoder(STRICT).feed(printed)
    assert done.ok
    assert done.faults == ()


@pytest.mark.parametrize(
    ("flag", "st_", "mn", "edition"),
    [
        ("", "32", MN, Edition.HJT212_2005),
        ("0", "32", MN, Edition.HJT212_2005),
        ("3", "32", "88888880000001", Edition.HJT212_2005),
        ("4", "32", MN, Edition.HJ212_2017),
        ("7", "22", MN, Edition.HJ212_2017),
        ("8", "31", MN, Edition.HJ212_2025),
        ("11", "44", MN, Edition.HJ212_2025),
        ("9", "21", MN, Edition.HJ212_2025),
        ("9", "21", "A110000_0001", Edition.HJ1404_2024),
        ("9", "31", "A110000_0001", Edition.HJ212_2025),
    ],
)
def test_the_edition_is_decided_by_packet(flag: str, st_: str, mn: str, edition: Edition) -> None:
    assert decode_line(framed(segment(Flag=flag, ST=st_, MN=mn))).edition is edition


def test_a_long_field_of_a_surface_water_frame_is_read_though_its_edition_prints_no_widths() -> None:
    long = "7" * 140
    done = decode_line(framed(f"ST=21;CN=2051;PW={long};MN=MDSZ20210127;Flag=8;CP=&&&&"))
    assert done.edition is Edition.HJ1404_2024
    assert dict(done.packet.header)["PW"] == long
    assert "field_wide" not in keys(done)


def test_an_unknown_version_is_noted() -> None:
    assert keys(decode_line(framed(segment(Flag="17")))) == {"version_unknown"}


def test_a_modbus_device_is_refused_until_its_dialect_is_registered() -> None:
    frame = build(segment().encode(), Verdict.MODBUS)
    refused, taken = decode_line(frame), decode_line(frame, Dialect(crc=frozenset({Verdict.MODBUS})))
    assert (refused.ok, refused.crc.verdict, taken.ok) == (False, Verdict.MODBUS, True)
    assert refused.packet == taken.packet
    standard = decode_line(framed(segment()), Dialect(crc=frozenset({Verdict.MODBUS})))
    assert keys(standard) == {"crc_not_of_dialect"}


def test_a_refusal_says_what_where_and_which_clause() -> None:
    frame = build(segment().encode(), Verdict.MODBUS)
    with using("en"):
        english = decode_line(frame).error
    with using("zh"):
        chinese = decode_line(frame).error
    assert "CRC-16/MODBUS" in english
    assert f"byte {len(frame) - 6}" in english
    assert "HJ 212-2017 附录A" in english
    assert "按标准应为" in chinese


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (segment().replace("QN=20240601085857223;", "QN=20240601085857223,"), "comma_in_header"),
        (segment().replace(";CP", "CP"), "no_separator"),
        (segment(area="a=1;&&"[:-2]), "empty_group"),
        (segment(area=" a=1"), "blank"),
        (segment(area="SB1"), "no_value"),
        (segment() + ";Flag=4", "after_area"),
        (segment(MN=""), "field_missing"),
        (segment(PW="1234567"), "field_wide"),
        (segment(QN="2016"), "field_wrong"),
        (segment(cn="4711"), "command_unknown"),
        (segment(ST="61"), "system_unknown"),
        (segment(Flag="7"), "number_missing"),
        (segment(Flag="7", PNUM="2", PNO="3"), "number_wrong"),
        (segment(area="a=" + "1" * 1100), "segment_long"),
        (segment(Vendor="x"), "field_unknown"),
        (segment(area="i11001-Info=//清洗//", Flag="1"), "charset"),
    ],
)
def test_departures_are_noted_and_refused_only_by_the_strict(text: str, key: str) -> None:
    frame = framed(text)
    done = decode_line(frame)
    assert done.ok
    assert key in keys(done)
    assert all(note for note in done.notes)
    assert not decode_line(frame, STRICT).ok


@pytest.mark.parametrize(
    ("frame", "key"),
    [
        (b"hello", "rubbish"),
        (framed(segment())[:50], "cut_short"),
        (framed(segment())[:-6] + b"0000\r\n", "crc_broken"),
        (framed("ST=32;MN=1"), "area_missing"),
        (framed(segment()[:-2] + "xx"), "area_open"),
        (framed(segment(cn="")), "field_missing"),
    ],
)
def test_what_cannot_be_read_is_refused(frame: bytes, key: str) -> None:
    done = decode_line(frame)
    assert not done.ok
    assert key in keys(done)
    assert done.error


def test_every_shape_and_cause_has_a_sentence() -> None:
    frame = decode_line(framed(segment()))
    assert frame.error == ""
    for key in [*_CAUSES.values(), *(key for key, _ in _SHAPES.values())]:
        values = {
            "written": "",
            "expected": "",
            "span": "",
            "declared": 1,
            "actual": 2,
            "size": 3,
            "shown": "",
        }
        assert hj212.Decoded(
            frame.frame, frame.crc, frame.edition, frame.packet, (hj212.Fault(key, True, 1, "frame", values),)
        ).error


def test_gb18030_text_is_read() -> None:
    done = decode_line(build(segment(cn="3020", area="i11001-Info=//清洗管路//").encode("gb18030")))
    assert done.ok
    assert done.packet is not None
    assert done.packet.area_value("i11001-Info") == "//清洗管路//"


def test_log_text_may_hold_separators() -> None:
    done = decode_line(framed(segment(cn="3020", area="i11001-Info=//a;b,c=d//;i11002-Info=1")))
    assert done.packet is not None
    assert [item.value for item in done.packet.items()] == ["//a;b,c=d//", "1"]


def test_the_network_of_surface_water_has_its_heartbeat() -> None:
    done = decode_line(framed(segment(cn="9015", area="", ST="21", MN="A110000_0001", Flag="9")))
    assert (done.ok, done.edition, keys(done)) == (True, Edition.HJ1404_2024, set())


@pytest.mark.parametrize("form", ["raw", "printed", "hex", "base64"])
def test_encrypted_data_are_opened_in_every_form(form: str) -> None:
    from huanzhi.network.hj212 import cipher

    plain = segment(Flag="9").encode()
    frame = build(plain).replace(plain, cipher.encrypt(plain, KEY, cipher.Form(form)))
    opened = decode_line(frame, Dialect(keys=(b"1" * 16, KEY)))
    assert (opened.ok, opened.form, opened.crc.verdict) == (True, form, Verdict.HJ212)
    assert opened.packet is not None
    assert opened.packet.text().encode() == plain
    locked = decode_line(frame)
    assert not locked.ok
    assert keys(locked) == {"locked"} | ({"length_wrong"} if form != "raw" else set())
    assert locked.packet is not None
    assert locked.packet.mn == MN


@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_no_bytes_make_it_crash(data: bytes) -> None:
    decoder = hj212.Decoder(Dialect(keys=(KEY,)))
    for done in [*decoder.feed(data), *decoder.finish(), decode_line(data), decode_line(b"##0100" + data)]:
        assert done.ok or done.error
        if done.packet:
            assert hj212.body_of(done.packet, done.edition) is not None


@settings(max_examples=150)
@given(st.text(alphabet="CPQNSTMFlag=&;,/-0129 .清\n", max_size=60))
def test_no_segment_makes_it_crash(text: str) -> None:
    done = decode_line(framed(text))
    assert done.ok or done.error
    if done.packet:
        hj212.body_of(done.packet, done.edition)


@settings(max_examples=100)
@given(st.integers(0, 120), st.integers(0, 255))
def test_a_changed_byte_never_crashes(place: int, byte: int) -> None:
    frame = bytearray(framed(segment()))
    frame[place % len(frame)] = byte
    done = decode_line(bytes(frame))
    assert done.ok or done.error


VERDICTS = {
    (): Verdict.BAD,
    ("hj212",): Verdict.HJ212,
    ("hj212", "hj212-swapped"): Verdict.HJ212,
    ("modbus",): Verdict.MODBUS,
    ("modbus-swapped",): Verdict.MODBUS_SWAPPED,
}


@needs_shared
def test_every_shared_vector_has_its_verdict() -> None:
    for row in vectors():
        done = decode_line(row["frame"].encode())
        assert done.crc.verdict is VERDICTS[tuple(row["crc_matches"])], row
        assert done.ok == row["valid_crc"], row
        assert done.packet is not None
        assert (done.packet.cn, done.packet.st) == (row["cn"], row["st"])
        wanted = Edition.HJ1404_2024 if row["edition"] == "2025" and row["st"] == "21" else row["edition"]
        assert done.edition == wanted
        if row.get("valid_crc_after_sm4_decrypt"):
            assert decode_line(row["frame"].encode(), Dialect(keys=(KEY,))).ok


@needs_shared
def test_every_open_frame_has_its_verdict() -> None:
    told = {"hj212": {Verdict.HJ212}, "modbus": {Verdict.MODBUS}, "": {Verdict.NONE}}
    other = {Verdict.BAD, Verdict.MODBUS_SWAPPED}
    for row in open_frames():
        done = decode_line(row["frame"].encode())
        assert done.crc.verdict in told.get(row["crc_match"], other), row
        assert done.ok == (row["crc_match"] == "hj212"), row
        assert done.packet is not None
        assert (done.packet.cn, done.packet.st, done.packet.mn) == (row["cn"], row["st"], row["mn"])
        assert str(done.packet.flag if done.packet.flag is not None else "") == row["flag"]


@pytest.mark.parametrize("name", ["columns", "crc", "decode", "framing", "regular", "segment"])
def test_the_examples_in_the_documentation_run(name: str) -> None:
    module = import_module(f"huanzhi.network.hj212.{name}")
    assert doctest.testmod(module).failed == 0
