"""The fast way takes what the readable way takes, however the bytes are torn, and never breaks."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.network.gateway.peers import MN, frame, segment

from huanzhi.network import hj212
from huanzhi.network.gateway import default_settings, fast
from huanzhi.network.gateway.answers import answer_frame
from huanzhi.network.gateway.connection import Connection
from huanzhi.network.hj212 import Edition, Shape


class Heard:
    """An intake that only listens."""

    settings = default_settings()

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.quick = 0

    def take_quick(self, quick: fast.Quick, connection: Connection) -> None:
        self.quick += 1
        self.frames.append(quick.raw)

    def take_frame(self, piece: hj212.Frame, connection: Connection) -> None:
        if piece.shape is not Shape.RUBBISH:
            self.frames.append(piece.raw)

    def left(self, connection: Connection, error: Exception | None) -> None:
        pass

    def let_go(self, connection: Connection, reason: str) -> None:
        pass


PIECES = st.one_of(
    st.integers(0, 50).map(frame),
    st.integers(0, 50).map(lambda number: frame(number)[:-6] + b"0000\r\n"),
    st.integers(0, 50).map(lambda number: frame(number)[:40]),
    st.just(hj212.build(segment(1).replace(";ST", ",ST").encode())),
    st.just(hj212.build(b"ST=32;CN=2051;PW=1;MN=" + MN.encode() + b";CP=&&DataTime=1;a=\xe6\xb0\xb4&&")),
    st.binary(max_size=30),
    st.sampled_from([b"##", b"\r\n", b"##0101", b"##9999QN="]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=8), st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_both_ways_hear_the_same_frames(pieces: list[bytes], sizes: list[int]) -> None:
    stream, heard = b"".join(pieces), Heard()
    line = Connection(heard)  # type: ignore[arg-type]
    at = place = 0
    while at < len(stream):
        size = sizes[place % len(sizes)]
        line.data_received(stream[at : at + size])
        at, place = at + size, place + 1
    line.connection_lost(None)
    framer = hj212.Framer()
    expected = [*framer.feed(stream), *framer.finish()]
    assert heard.frames == [piece.raw for piece in expected if piece.shape is not Shape.RUBBISH]


def test_clean_frames_all_take_the_fast_way() -> None:
    heard = Heard()
    line = Connection(heard)  # type: ignore[arg-type]
    line.data_received(b"".join(frame(number) for number in range(100)))
    assert heard.quick == 100


def test_the_fast_answer_is_the_readable_one() -> None:
    for flag in (5, 7, 9, 11):
        raw = frame(3, flag=flag)
        quick, end = fast.next_frame(raw, 0)
        done = hj212.decode_line(raw)
        assert end == len(raw) and quick is not None and done.packet is not None
        assert fast.answer(quick, b"9014") == answer_frame(done.edition, done.packet)


def test_answers_of_2005_name_the_command() -> None:
    text = f"QN=1;ST=32;CN=2011;PW=1;MN={MN};Flag=1;CP=&&DataTime=20261001000000;011-Rtd=1&&"
    done = hj212.decode_line(hj212.build(text.encode()))
    assert answer_frame(Edition.HJT212_2005, done.packet)[6:-6] == b"ST=91;CN=9014;CP=&&QN=1;CN=2011&&"


def test_a_timed_hold_keeps_the_longest_time() -> None:
    async def scene() -> None:
        line = Connection(Heard())  # type: ignore[arg-type]
        line._transport = SimpleNamespace(  # type: ignore[assignment]
            is_closing=lambda: False, pause_reading=lambda: None, resume_reading=lambda: None
        )
        line.hold_for(0.05, "rate")
        line.hold_for(0.2, "rate")
        await asyncio.sleep(0.12)
        assert line._held == {"rate"}
        await asyncio.sleep(0.15)
        assert line._held == set()

    asyncio.run(scene())
