"""Long messages are split between groups and put together again, whatever is lost, doubled or swapped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.errors import InputError
from huanzhi.network.hj212 import Joiner, Packet, split
from huanzhi.network.hj212.segment import parse

from .samples import needs_shared, open_segments, segment

AREA = "DataTime=20160801080000;" + ";".join(f"w{at:05d}-Avg={at}.5,w{at:05d}-Flag=N" for at in range(40))
LONG = parse(segment(cn="2061", area=AREA))[0]


def joined(parts: list[Packet]) -> list[Packet]:
    """Return what a joiner makes of parts that come at once."""
    joiner = Joiner()
    return [found.packet for part in parts for found in joiner.add(part, 0.0)]


def test_a_short_packet_is_not_split() -> None:
    packet = parse(segment())[0]
    assert split(packet) == [packet]
    assert joined([packet]) == [packet]


def test_parts_are_numbered_repeat_the_time_and_have_their_own_qn() -> None:
    numbers = iter(range(10))
    parts = split(LONG, lambda: f"QN{next(numbers)}", limit=300)
    assert [part.pno for part in parts] == list(range(1, len(parts) + 1))
    assert {part.pnum for part in parts} == {len(parts)}
    assert all(part.flag == 7 and part.area_value("DataTime") for part in parts)
    assert len({part.qn for part in parts}) == len(parts)
    assert all(len(part.text().partition("CP=&&")[2]) <= 302 for part in parts)


@given(st.integers(60, 2000), st.randoms())
def test_parts_in_any_order_and_doubled_give_the_whole(limit: int, random: st.randoms) -> None:
    parts = split(LONG, limit=limit)
    shuffled = parts[:-1] + parts
    random.shuffle(shuffled)
    found = joined(shuffled)
    assert found[0].area == LONG.area
    assert found[0].header == LONG.header


def test_a_lost_part_is_named_after_the_patience() -> None:
    joiner = Joiner(patience=10)
    parts = split(LONG, limit=300)
    for part in parts[:1] + parts[2:]:
        assert joiner.add(part, 0.0) == []
    assert joiner.expire(10.0) == []
    (found,) = joiner.expire(10.5)
    assert (found.missing, joiner.waiting) == ((2,), 0)


def test_no_more_messages_wait_than_allowed() -> None:
    joiner = Joiner(most=3)
    parts = [split(LONG.with_header(MN=str(at)), limit=900)[0] for at in range(10)]
    given_up = [found for part in parts for found in joiner.add(part, 0.0)]
    assert (len(given_up), joiner.waiting) == (7, 3)


def test_a_group_that_is_too_long_is_said() -> None:
    with pytest.raises(InputError, match="w00000-Avg"):
        split(LONG, limit=40)


def test_a_wrong_number_is_complete_in_itself() -> None:
    packet = LONG.with_header(Flag="7", PNUM="2", PNO="3")
    assert joined([packet]) == [packet]


@needs_shared
def test_the_exchange_of_table_c_50_is_put_together() -> None:
    texts = [row["data_segment"] for row in open_segments() if "PNUM=2" in row["data_segment"]]
    parts = [parse(text)[0] for text in texts if "Flag=7" in text]
    (found,) = joined(parts)
    assert found.flag == 5
    codes = {item.code for item in found.items()}
    assert {"DataTime", "w00000", "w01001", "w01018"} <= codes
