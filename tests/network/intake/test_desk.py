"""The writing desk: group commit, turns with other writers, one fault does not harm the others."""

from __future__ import annotations

import json
import threading
import time

import pytest

from huanzhi.errors import InputError, StoreError
from huanzhi.library.series import open_store
from huanzhi.network.intake import Desk, Message
from huanzhi.network.intake.records import parse_json, read_records

START = 1_767_225_600


def message(station="S1", value=1, hour=0, simulated=False, **more):
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + 3600 * hour))
    raw = json.dumps({"station": station, "period": "hour", "time": moment, "PM2.5": value, **more}).encode()
    return Message("push", "test", raw, read_records(parse_json(raw), "test", simulated=simulated))


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    made.open()
    yield made
    made.close()


def values(home):
    with open_store("read", home) as store:
        return {row["feature"]: row["value"] for row in store.range().to_pylist()}


def test_messages_that_wait_share_a_commit(desk, tmp_path):
    release = threading.Event()
    held = desk.call(lambda store: release.wait(10))
    futures = [desk.submit(message(f"S{number}", number)) for number in range(50)]
    release.set()
    assert held.result(10)
    taken = [future.result(10) for future in futures]
    assert len({one.batch for one in taken}) == 1
    assert [one.line for one in taken] == list(range(1, 51))
    assert values(tmp_path) == {f"S{number}": number for number in range(50)}


def test_one_message_at_fault_does_not_take_the_others_with_it(desk, tmp_path):
    desk.submit(message("T", simulated=True)).result(10)
    release = threading.Event()
    desk.call(lambda store: release.wait(10))
    futures = [desk.submit(message(name)) for name in ("A", "T", "B")]
    release.set()
    assert futures[0].result(10) and futures[2].result(10)
    with pytest.raises(InputError) as raised:
        futures[1].result(10)
    assert raised.value.key == "feeds.real_for_simulated"
    assert set(values(tmp_path)) == {"A", "B", "T"}


def test_simulated_and_real_messages_are_batches_of_their_own(desk, tmp_path):
    release = threading.Event()
    desk.call(lambda store: release.wait(10))
    futures = [desk.submit(message("A")), desk.submit(message("T", simulated=True))]
    release.set()
    assert len({future.result(10).batch for future in futures}) == 2
    with open_store("read", tmp_path) as store:
        assert [batch.source.simulated for batch in store.batches()] == [False, True]


def test_other_writers_have_their_turn_while_the_desk_is_busy(desk, tmp_path):
    stop, sent = threading.Event(), []

    def keep_busy():
        while not stop.is_set():
            sent.append(desk.submit(message(value=len(sent), hour=len(sent))))
            sent[-1].result(20)

    busy = threading.Thread(target=keep_busy)
    busy.start()
    try:
        for _ in range(3):
            with open_store("write", tmp_path, wait=10) as store:
                assert store.revision() >= 0
    finally:
        stop.set()
        busy.join()
    with open_store("read", tmp_path) as store:
        assert [row["value"] for row in store.range().to_pylist()] == list(range(len(sent)))


def test_a_writer_that_does_not_let_go_is_named(tmp_path):
    with open_store("write", tmp_path), pytest.raises(StoreError) as raised:
        open_store("write", tmp_path, wait=0.05)
    assert raised.value.key == "series.locked"


def test_a_failed_call_fails_alone(desk):
    with pytest.raises(ZeroDivisionError):
        desk.call(lambda store: 1 / 0).result(10)
    assert desk.submit(message()).result(10).observations == 1


def test_a_closed_desk_takes_nothing(tmp_path):
    desk = Desk(tmp_path)
    desk.open()
    last = desk.submit(message())
    desk.close()
    assert last.result(0).observations == 1
    with pytest.raises(StoreError) as raised:
        desk.submit(message())
    assert raised.value.key == "intake.closed"
