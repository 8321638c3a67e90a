"""The three paths into columns give the same answer, whatever the bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huanzhi.network.hj212 import STANDARD, STRICT, Dialect, Edition, Verdict, build, cipher
from huanzhi.network.hj212.columns import Path, decode_columns
from huanzhi.network.hj212.regular import MISSING
from huanzhi.network.hj212.words import COMPILED

from .samples import MN, PRINTED_2017, needs_shared, open_frames, segment, vectors

FAST: list[Path] = ["plain", "numba"] if COMPILED else ["plain"]
KEY = b"0" * 16


def same(data: bytes, dialect: Dialect = STANDARD, at_end: bool = True) -> None:
    """Check that every path gives the answer of the readable one."""
    told = decode_columns(data, dialect, at_end=at_end, path="readable")
    for path in FAST:
        found = decode_columns(data, dialect, at_end=at_end, path=path)
        assert found.consumed == told.consumed
        assert found.mns == told.mns
        assert found.names == told.names
        assert found.frames_table().equals(told.frames_table())
        assert found.values_table().to_pylist() == told.values_table().to_pylist()


def stream(*segments: str) -> bytes:
    """Return the frames of segments."""
    return b"".join(build(text.encode()) for text in segments)


@pytest.mark.parametrize("path", ["readable", *FAST])
def test_values_are_exact_integers_with_their_marks(path: Path) -> None:
    area = "DataTime=20240601085857;w01018-Rtd=40.10,w01018-Flag=N;w21003-Flag=D,w21003-Rtd=-0.5;a-Rtd=7"
    found = decode_columns(stream(segment(area=area)), path=path)
    rows = found.values_table().select(["code", "kind", "value", "decimals", "mark"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("w01018", "Rtd", 4010, 2, "N"),
        ("w21003", "Rtd", -5, 1, "D"),
        ("a", "Rtd", 7, 0, ""),
    ]
    assert found.data_time.tolist() == [int(datetime(2024, 6, 1, 0, 58, 57, tzinfo=UTC).timestamp())]
    assert found.mns == (MN,)
    assert found.edition.tolist() == [Edition.HJ212_2017.value.encode()]


@pytest.mark.parametrize("path", ["readable", *FAST])
def test_text_is_kept_as_text(path: Path) -> None:
    found = decode_columns(stream(segment(cn="3019", area="w01018-SN=A01;x-Rtd=")), path=path)
    assert [found.text(place) for place in range(2)] == ["A01", ""]
    assert found.decimals.tolist() == [-1, -1]


@pytest.mark.parametrize("path", ["readable", *FAST])
def test_refused_frames_have_a_row_but_no_values(path: Path) -> None:
    data = build(segment().encode(), Verdict.MODBUS) + stream(segment())
    found = decode_columns(data, path=path)
    assert (found.ok.tolist(), found.verdict, found.frame.tolist()) == (
        [False, True],
        ["modbus", "hj212"],
        [1],
    )
    taken = decode_columns(data, Dialect(crc=frozenset({Verdict.MODBUS})), path=path)
    assert taken.ok.tolist() == [True, False]


@pytest.mark.parametrize("path", ["readable", *FAST])
def test_an_unfinished_frame_is_left_for_the_next_call(path: Path) -> None:
    data = PRINTED_2017 + PRINTED_2017[:50]
    found = decode_columns(data, at_end=False, path=path)
    assert len(found) == 1
    assert data[found.consumed :].lstrip() == PRINTED_2017[:50]
    assert len(decode_columns(data, path=path)) == 2


def test_encrypted_frames_are_opened_among_the_others() -> None:
    plain = segment(Flag="9").encode()
    locked = build(plain).replace(plain, cipher.encrypt(plain, KEY))
    data = PRINTED_2017 + locked + stream(segment())
    for path in FAST:
        assert decode_columns(data, Dialect(keys=(KEY,)), path=path).ok.tolist() == [True] * 3
        assert decode_columns(data, path=path).ok.tolist() == [True, False, True]
    same(data, Dialect(keys=(KEY,)))


def test_a_missing_time_is_missing() -> None:
    found = decode_columns(stream(segment(area="DataTime=20240631000000;a-Rtd=1"), segment(area="a-Rtd=1")))
    assert found.data_time.tolist() == [MISSING, MISSING]


@pytest.mark.skipif(not COMPILED, reason="numba is not installed")
def test_more_names_and_devices_than_the_tables_hold_at_first() -> None:
    areas = (
        ";".join(f"a{at:05d}-Rtd={at}" for at in range(start, start + 50)) for start in range(0, 5000, 50)
    )
    devices = (segment(MN=f"{at:024X}", area="a-Rtd=1") for at in range(9000))
    same(stream(*(segment(area=area) for area in areas), *devices))


number = st.one_of(
    st.from_regex(r"[+-]?[0-9]{0,9}(\.[0-9]{0,9})?", fullmatch=True),
    st.from_regex(r"[+-]?[0-9]{1,22}(\.[0-9]{0,22})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(
        ["", "N", "A01", "-", ".", "1e", "12ab", "a/b", "//x,;//", "=", "1=2", "清洗", "-0.0", "0.10 "]
    ),
)
code = st.sampled_from(
    ["w01018", "a", "SB1", "w0101812", "w01018123", "", "a_1", "DataTime", "QN", "001", "污"]
)
kind = st.sampled_from(
    ["", "-Rtd", "-Flag", "-SampleTime", "-CompleteTimeOfIt", "-CompleteTimeOfIts", "-", "-a-b"]
)
item = st.builds(lambda c, k, v: f"{c}{k}={v}", code, kind, number)
time = st.one_of(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(
        lambda moment: f"{moment:%Y%m%d%H%M%S}".zfill(14)
    ),
    st.from_regex(r"[0-9]{12,17}", fullmatch=True),
)
area = st.builds(
    lambda moment, items, marks: (
        f"DataTime={moment}" + "".join(map("".join, zip(marks, items, strict=False)))
    ),
    time,
    st.lists(item, max_size=6),
    st.lists(st.sampled_from([";", ",", ";;", "; "]), min_size=6, max_size=6),
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "Flag": st.sampled_from(["", "4", "5", "9", "12", "255", "1000", "x", "N"]),
        "QN": st.sampled_from(["", "20240601085857223", "2024060108585722", "2024060108585722A"]),
        "ST": st.sampled_from(["21", "32", "101", "", "A1"]),
        "CN": st.sampled_from(["2011", "", "20111", "abcd"]),
        "MN": st.sampled_from(["A110000_0001", "", "7", "1" * 24, "1" * 25, "a b", "污染源", "12345678"]),
        "PNUM": st.sampled_from(["2", "0002", "99999"]),
        "PNO": st.sampled_from(["1", "0"]),
        "RF": st.sampled_from(["1", "0"]),
        "Own": st.just("1"),
    },
)


def framed(area: str, fields: dict[str, str], verdict: Verdict) -> bytes:
    """Return a frame, with fields replaced or left out."""
    cn = fields.get("CN", "2011")
    others = {name: value for name, value in fields.items() if name != "CN"}
    return build(segment(cn=cn, area=area, **others).encode(), verdict)


verdicts = st.sampled_from([Verdict.HJ212] * 4 + [Verdict.MODBUS, Verdict.MODBUS_SWAPPED])
frames = st.builds(framed, area, fields, verdicts)
noise = st.one_of(
    st.binary(max_size=12), st.sampled_from([b"\r\n", b"##", b"##0101", PRINTED_2017[:60], PRINTED_2017])
)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.one_of(frames, frames, noise), max_size=5).map(b"".join), st.booleans())
@example(stream(segment(area="a-Rtd=1,a-Flag=N")), True)
@example(stream(segment(area="a-Rtd=1,,a-Flag=N")), True)
@example(
    stream(*(segment(area=f"a-Rtd=1,a-Flag{end}=N", PW=f"1{end}", MN=f"7{end}") for end in ("", "\0"))), True
)
@example(stream(segment(area="a-Rtd=1;b=2;a-Flag=N")), True)
def test_every_path_gives_the_same_answer(data: bytes, at_end: bool) -> None:
    same(data, at_end=at_end)
    same(data, Dialect(crc=frozenset({Verdict.MODBUS, Verdict.HJ212}), keys=(KEY,)))


@settings(max_examples=100, deadline=None)
@given(frames, st.integers(0, 300), st.integers(0, 255))
def test_a_changed_byte_changes_all_paths_alike(data: bytes, place: int, byte: int) -> None:
    damaged = bytearray(data)
    damaged[place % len(damaged)] = byte
    same(bytes(damaged) + PRINTED_2017)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(frames, noise), max_size=4).map(b"".join), st.integers(1, 300))
def test_reading_in_parts_gives_the_same_frames(data: bytes, size: int) -> None:
    whole = decode_columns(data)
    rest, count, values = b"", 0, 0
    for start in range(0, len(data), size):
        rest += data[start : start + size]
        part = decode_columns(rest, at_end=False)
        rest, count, values = rest[part.consumed :], count + len(part), values + len(part.units)
    part = decode_columns(rest)
    assert (count + len(part), values + len(part.units)) == (len(whole), len(whole.units))


def test_a_strict_dialect_is_read_on_the_readable_path() -> None:
    odd = stream(segment(area="a-Rtd=1;"), segment(area="a-Rtd=1"))
    assert [decode_columns(odd, STRICT, path=path).ok.tolist() for path in FAST] == [[False, True]] * len(
        FAST
    )


@needs_shared
def test_every_shared_frame_gives_the_same_columns() -> None:
    data = b"".join(row["frame"].encode() for row in [*vectors(), *open_frames()])
    same(data)
    same(data, Dialect(crc=frozenset(Verdict), keys=(KEY,)))
    assert np.count_nonzero(decode_columns(data).ok) > 1600
