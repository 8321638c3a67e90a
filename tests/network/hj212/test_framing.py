"""Frames are cut by length; rubbish, wrong lengths and chunks do not disturb the next frame."""

from __future__ import annotations

import sys
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.network.hj212 import crc, framing
from huanzhi.network.hj212.framing import Frame, Framer, Shape, build, frame_of_line

from .samples import PRINTED_2017, PRINTED_2025, needs_shared, open_frames, open_segments, vectors

WHOLE = build(b"ST=32;CN=2011;PW=123456;MN=1;Flag=4;CP=&&DataTime=20240601085857;w01018-Rtd=4.1&&")


def cut(data: bytes, size: int = 0) -> list[Frame]:
    """Return the pieces of a stream fed in chunks of `size` bytes; 0 for all at once."""
    framer = Framer()
    size = size or max(1, len(data))
    chunks = (data[start : start + size] for start in range(0, len(data), size))
    return [piece for chunk in chunks for piece in framer.feed(chunk)] + framer.finish()


def shapes(data: bytes) -> list[Shape]:
    """Return the shapes of the pieces of a stream."""
    return [piece.shape for piece in cut(data)]


@pytest.mark.parametrize("printed", [PRINTED_2017, PRINTED_2025])
def test_the_printed_examples_are_made_byte_for_byte(printed: bytes) -> None:
    (frame,) = cut(printed)
    assert frame.shape is Shape.WHOLE
    assert build(frame.segment) == printed


def test_a_frame_comes_as_soon_as_it_is_whole() -> None:
    framer = Framer()
    assert framer.feed(WHOLE[:-3]) == []
    assert len(framer.feed(WHOLE[-3:-2])) == 1


def test_cipher_bytes_may_look_like_heads_and_tails() -> None:
    segment = b"CN=2011;CP=&&##0007&&\r\n##00\xff\x00&&"
    assert [piece.segment for piece in cut(build(segment) + WHOLE)] == [segment, WHOLE[6:-6]]


@pytest.mark.parametrize(
    "rubbish", [b"GET / HTTP/1.1\r\n\r\n", b"#", b"##", b"##12x", b"\xff\xfe", b"###", b"##99"]
)
def test_resynchronises_after_rubbish(rubbish: bytes) -> None:
    pieces = cut(rubbish + WHOLE)
    assert pieces[-1].segment == WHOLE[6:-6]
    assert [piece.shape for piece in pieces] == [Shape.RUBBISH, Shape.WHOLE]


def test_blanks_between_frames_are_nothing() -> None:
    assert shapes(b"\r\n \x00" + WHOLE + b"\r\n\r\n" + WHOLE + b"\n") == [Shape.WHOLE] * 2


def test_a_frame_cut_short_does_not_swallow_the_next() -> None:
    assert shapes(WHOLE[:40] + b"\r\n" + WHOLE) == [Shape.CUT_SHORT, Shape.WHOLE]
    assert shapes(WHOLE[:40] + WHOLE) == [Shape.CUT_SHORT, Shape.WHOLE]
    assert shapes(WHOLE[:40]) == [Shape.CUT_SHORT]


@pytest.mark.parametrize("declared", [b"0010", b"0085", b"0500"])
def test_a_wrong_length_is_delimited_by_the_tail(declared: bytes) -> None:
    pieces = cut(b"##" + declared + WHOLE[6:] + WHOLE)
    assert [piece.shape for piece in pieces] == [Shape.WRONG_LENGTH, Shape.WHOLE]
    assert pieces[0].segment == WHOLE[6:-6]


def test_three_digits_of_length() -> None:
    (frame,) = cut(b"##" + WHOLE[3:])
    assert (frame.shape, frame.segment) == (Shape.THREE_DIGITS, WHOLE[6:-6])


def test_a_length_in_characters() -> None:
    text = "ST=32;CN=3020;PW=1;MN=1;Flag=4;CP=&&i11001-Info=//清洗管路//&&"
    segment = text.encode()
    data = b"##%04d" % len(text) + segment + crc.text(segment) + b"\r\n"
    (frame, following) = cut(data + WHOLE)
    assert (frame.shape, frame.segment, following.shape) == (Shape.IN_CHARACTERS, segment, Shape.WHOLE)


def test_strict_framers_look_at_the_tail() -> None:
    framer = Framer(wait_for_tail=True)
    assert framer.feed(WHOLE[:-2]) == []
    assert [frame.tail for frame in framer.feed(b"##")] == [False]
    assert [frame.tail for frame in Framer(wait_for_tail=True).feed(WHOLE)] == [True]


def test_nothing_longer_than_four_digits_is_made() -> None:
    with pytest.raises(ValueError, match="10000"):
        build(b"x" * 10000)


broken = st.one_of(
    st.just(WHOLE),
    st.just(PRINTED_2017),
    st.binary(max_size=20),
    st.sampled_from([b"##", b"#", b"\r\n", b"&&", b"0101", b"&&1C80", b"##0012", b"##101Q", "清洗".encode()]),
    st.builds(lambda at: WHOLE[:at], st.integers(0, len(WHOLE))),
    st.builds(
        lambda at, byte: WHOLE[:at] + byte + WHOLE[at + 1 :],
        st.integers(0, 90),
        st.binary(min_size=1, max_size=1),
    ),
)
streams = st.lists(broken, max_size=8).map(b"".join)


@settings(max_examples=300)
@given(streams, st.integers(1, 40))
def test_chunks_do_not_matter(data: bytes, size: int) -> None:
    assert cut(data, size) == cut(data)


@settings(max_examples=200)
@given(streams)
def test_a_good_frame_after_anything_and_a_line_end_is_found(data: bytes) -> None:
    assert cut(data + b"\r\n" + WHOLE)[-1].segment == WHOLE[6:-6]


@settings(max_examples=200)
@given(streams)
def test_pieces_lie_in_order_and_apart(data: bytes) -> None:
    at = 0
    for piece in cut(data):
        assert piece.offset >= at
        at = piece.offset + piece.size
        if piece.shape is not Shape.RUBBISH:
            assert data[piece.offset : at] == piece.raw
    assert at <= len(data)


@given(st.binary(max_size=400))
def test_every_segment_survives_the_frame(segment: bytes) -> None:
    assert frame_of_line(build(segment)).segment == segment or b"##" in segment


def test_memory_is_flat() -> None:
    framer = Framer()
    noise = (b"##9999QN=" + bytes(range(256)) * 40) * 3 + b"x" * 50_000
    framer.feed(noise)
    tracemalloc.start()
    for _ in range(40):
        framer.feed(noise)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 200_000
    assert framer.waiting < 2 * framing.LENGTH_MAX
    assert sys.getsizeof(framer) < 1000


@needs_shared
def test_shared_frames_come_out_of_one_stream() -> None:
    frames = [row["frame"].encode() for row in open_frames()]
    found = cut(b"".join(frames), 1000)
    assert [piece.raw for piece in found] == [frame.rstrip() for frame in frames]


@needs_shared
def test_shared_vectors_come_out_of_one_stream() -> None:
    found = cut(b"".join(row["frame"].encode() for row in vectors()), 17)
    assert [piece.raw for piece in found] == [row["frame"].encode().rstrip() for row in vectors()]


@needs_shared
def test_the_standards_exchanges_are_framed_byte_for_byte() -> None:
    checked = 0
    for row in vectors():
        if row["valid_crc"] and row["len_ok"] and row["envelope"] != "as-found":
            frame = row["frame"].encode()
            assert build(frame_of_line(frame).segment) == frame
            checked += 1
    for row in open_segments():
        segment = row["data_segment"].encode()
        whole = build(segment)
        assert f"{crc.crc(segment):04X}" == row["crc_hj212_computed"]
        assert frame_of_line(whole).segment == segment
    assert checked > 150
