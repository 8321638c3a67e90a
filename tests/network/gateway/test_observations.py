"""Frames into observations: the fast way and the readable way give the same rows."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.network.gateway.peers import BEGIN, MN, OTHER

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.errors import InputError
from huanzhi.library.arrivals import Arrival, Inbox, Kept
from huanzhi.library.devices import Device, Outlet, open_register
from huanzhi.library.series import Store, open_store
from huanzhi.network import hj212
from huanzhi.network.gateway.drain import Drain
from huanzhi.network.gateway.observation_columns import read_columns
from huanzhi.network.gateway.observations import drain, drain_readably, value_of

DEVICES = {MN: Device(MN, outlet="A"), OTHER: Device(OTHER, outlet="B", intervals={"2051": 300})}


def kept(seq: int, text: str) -> Kept:
    packet = hj212.decode_line(hj212.build(text.encode())).packet
    return Kept(seq, 0, packet.mn, "p", hj212.build(text.encode())[:-2])


def segment(area: str, cn: str = "2061", mn: str = MN, st: str = "32", flag: str = "Flag=5") -> str:
    return f"QN=20261001000000001;ST={st};CN={cn};PW=1;MN={mn};{flag};CP=&&DataTime=20261001000000;{area}&&"


def one(text: str) -> list[tuple[object, ...]]:
    rows = drain([kept(1, text)], DEVICES, {}).table().to_pylist()
    return [(row["parameter"], row["period"], row["value"], row["decimals"], row["state"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (segment("w01018-Avg=40.10"), ("w01018", "hour", 4010, 2, 0)),
        (segment("w01018-Rtd=40.10", cn="2011"), ("w01018", "instant", 4010, 2, 0)),
        (segment("w01018-Avg=1", cn="2051"), ("w01018", "ten_minutes", 1, 0, 0)),
        (segment("w01018-Avg=1", cn="2051", mn=OTHER), ("w01018", "minute", 1, 0, 0)),
        (segment("w01018-Cou=1.5", cn="2031"), ("w01018-Cou", "day", 15, 1, 0)),
        (segment("a21026-ZsAvg=35.2", st="31"), ("a21026-Zs", "hour", 352000, 1, 0)),
        (segment("a21026-Avg=8", st="22"), ("a21026", "hour", 8, 0, 0)),
        (segment("w20111-Avg=1.5"), ("w20111", "hour", 15, 4, 0)),
        (segment("011-Avg=5"), ("w01018", "hour", 5, 0, 0)),
        (segment("SB1-RS=1", cn="2021"), ("SB1-RS", "instant", 1, 0, 0)),
        (segment("w01018-Avg=-"), ("w01018", "hour", None, 0, 1)),
        (segment("w01018-Avg=0.5L"), ("w01018", "hour", 5, 1, 2)),
        (segment("x99999-Avg=5"), ("x99999", "hour", 5, 0, 0)),
    ],
)
def test_what_a_value_becomes(text: str, row: tuple[object, ...]) -> None:
    assert one(text) == [row]


def test_the_device_has_the_last_word_on_its_factors() -> None:
    own = Device(MN, outlet="A", parameters={"d20105": {"parameter": "hz-power", "unit": ""}})
    table = drain([kept(1, segment("d20105-Rtd=5", cn="2011"))], {MN: own}, {}).table()
    assert table.column("parameter").to_pylist() == ["hz-power"]


def test_what_gives_nothing_is_refused_with_the_reason() -> None:
    frames = [
        kept(1, segment("w01018-Avg=on")),
        kept(2, segment("w01018-Avg=1").replace("DataTime=20261001000000", "DataTime=2026")),
        kept(3, segment("w01018-Avg=1").replace(MN, "9" * 24)),
        kept(4, segment("w01018-Avg=0." + "1" * 30)),
    ]
    found = drain(frames, DEVICES, {})
    assert sorted((refusal.seq, refusal.key) for refusal in found.refusals) == [
        (1, "no_number"), (2, "no_time"), (3, "no_device"), (4, "no_number"),
    ]  # fmt: skip
    assert found.table().num_rows == 0


def test_numbers_are_read_exactly() -> None:
    assert value_of("5.530E002")[:2] == (5530, 1)
    assert value_of("-0.10")[:2] == (-10, 2)
    assert value_of("1e30") is None


VALUES = st.one_of(
    st.decimals(-1000, 100000, places=2).map(str),
    st.sampled_from(
        ["-", "", "<0.01", "0.02L", "N", "1E2", "007", "5.", ".5", "9" * 17, "0." + "0" * 14 + "1"]
    ),
)
ITEMS = st.tuples(
    st.sampled_from(["w01018", "w20111", "a21026", "011", "a34004", "SB1", "x1"]),
    st.sampled_from(["Avg", "Rtd", "Min", "Max", "Cou", "ZsAvg", "RS", "EFlag", "SampleTime"]),
    VALUES,
    st.sampled_from(["N", "D", "", "lr", "n"]),
)
FRAMES = st.tuples(
    st.sampled_from(["2011", "2031", "2051", "2061", "2081", "9015"]),
    st.sampled_from([MN, OTHER, "C" * 24]),
    st.sampled_from(["22", "31", "32", "21"]),
    st.sampled_from(["Flag=5", "Flag=9", "Flag=1", "Flag=9;RF=1"]),
    st.lists(ITEMS, max_size=4, unique_by=lambda item: item[0]),
    st.one_of(st.just(1.0), st.floats(0.3, 1.0)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAMES, max_size=6))
def test_both_ways_give_the_same_rows(chosen: list[tuple]) -> None:
    frames = []
    for seq, (cn, mn, system, flag, items, share) in enumerate(chosen, 1):
        area = ";".join(f"{code}-{kind}={value},{code}-Flag={mark}" for code, kind, value, mark in items)
        whole = kept(seq, segment(area, cn, mn, system, flag))
        frames.append(whole._replace(raw=whole.raw[: math.ceil(len(whole.raw) * share)]))
    dialects = {OTHER: hj212.Dialect(edition=hj212.Edition.HJ212_2017, keys=(b"0" * 16,))}
    fast, slow = drain(frames, DEVICES, dialects), drain_readably(frames, DEVICES, dialects)
    assert sorted(map(str, fast.table().to_pylist())) == sorted(map(str, slow.table().to_pylist()))
    assert (fast.uploads, fast.outlets) == (slow.uploads, slow.outlets)
    assert sorted(fast.refusals) == sorted(slow.refusals)


def test_a_cut_frame_leaves_its_neighbours_to_the_fast_way() -> None:
    frames = [kept(seq, segment(f"w01018-Avg={seq}")) for seq in range(5)]
    frames[2] = frames[2]._replace(raw=frames[2].raw[:80])
    batch = read_columns(frames, DEVICES, hj212.STANDARD)
    assert [left.seq for left in batch.left] == [2]
    assert sorted(batch.table.column("seq").to_pylist()) == [0, 1, 3, 4]


def test_what_gives_no_values_is_not_read_twice() -> None:
    frames = [kept(1, segment("w01018-Avg=1", cn="9015")), kept(2, segment("w01018-Avg=1"))]
    assert read_columns(frames, DEVICES, hj212.STANDARD).left == []


def _squeamish(write):
    def refusing(self, table, features, source):
        if "poison" in table.column("parameter").to_pylist():
            raise InputError("series.no_column", value="poison")
        return write(self, table, features, source)

    return refusing


def test_a_frame_that_the_store_will_not_have_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_register(tmp_path) as book:
        book.save([Device(MN, outlet="A")], [Outlet("A", "A")], who="test")
    texts = [segment(f"w01018-Avg={n}").replace("20261001000000;", f"2026100100{n:02d}00;") for n in range(5)]
    texts[2] = texts[2].replace("w01018-Avg", "poison-Avg")
    monkeypatch.setattr(Store, "write", _squeamish(Store.write))
    with Inbox(tmp_path / "arrivals") as inbox:
        raws = [hj212.build(text.encode())[:-2] for text in texts]
        inbox.append([Arrival(0, MN, "p", raw) for raw in raws]).result(5)
    with Drain(tmp_path) as work:
        while work.once():
            pass
        assert [row[0] for row in work.progress.refusals()] == [3]
    with open_store("read", tmp_path) as store:
        times = store.range(["A"], ["w01018"]).column("time").to_pylist()
    assert [(time - BEGIN) // 60 for time in times] == [0, 1, 3, 4]


def test_frames_sent_again_are_marked() -> None:
    table = drain([kept(1, segment("w01018-Avg=1", flag="Flag=9;RF=1"))], DEVICES, {}).table()
    assert table.column("flag").to_pylist() == [int(DeviceFlag.RESENT)]
