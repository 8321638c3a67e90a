"""The inbox: durable when the future says so, in order, in files of bounded size."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.errors import StoreError
from huanzhi.library.arrivals import Arrival, Inbox, Progress, Shelf, Span, sweep
from huanzhi.library.arrivals.segments import segments


def arrival(number: int, mn: str = "A", parked: bool = False) -> Arrival:
    return Arrival(number, mn, "peer", b"frame %d" % number, parked)


def test_frames_are_numbered_in_order_and_readable_at_once(tmp_path: Path) -> None:
    with Inbox(tmp_path) as inbox, Shelf(tmp_path) as shelf:
        spans = [inbox.append([arrival(n), arrival(n + 1)]).result(5) for n in (0, 2)]
        assert spans == [Span(1, 2), Span(3, 4)]
        assert [(kept.seq, kept.raw) for kept in shelf.frames(1, 2)] == [(2, b"frame 1"), (3, b"frame 2")]
        assert shelf.last() == 4


def test_numbers_go_on_after_a_restart_and_through_segments(tmp_path: Path) -> None:
    for start in range(3):
        with Inbox(tmp_path, segment_bytes=20) as inbox:
            for number in range(4):
                inbox.append([arrival(start * 4 + number, parked=number == 3)]).result(5)
    with Shelf(tmp_path) as shelf:
        assert [kept.seq for kept in shelf.frames(0, 100)] == [1, 2, 3, 5, 6, 7, 9, 10, 11]
        assert [kept.seq for kept in shelf.frames(4, 2)] == [5, 6]
        assert [kept.seq for kept in shelf.frames(0, 100, until=6)] == [1, 2, 3, 5, 6]
        assert [kept.seq for kept in shelf.parked("A", 4, 100)] == [8, 12]
        assert shelf.parked_devices() == {"A": (3, 12)}
        assert shelf.last() == 12
    assert len(segments(tmp_path)) > 3


def test_a_second_writer_is_turned_away(tmp_path: Path) -> None:
    with Inbox(tmp_path), pytest.raises(StoreError):
        Inbox(tmp_path)


def test_a_closed_inbox_takes_nothing(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.close()
    with pytest.raises(StoreError):
        inbox.append([arrival(1)])


def test_a_failed_commit_fails_its_futures_only(tmp_path: Path) -> None:
    with Inbox(tmp_path) as inbox:
        inbox.append([arrival(1)]).result(5)
        wrong = inbox.append([Arrival(1, "A", "p", None)])  # type: ignore[arg-type]
        with pytest.raises((StoreError, TypeError)):
            wrong.result(5)
        assert inbox.append([arrival(2)]).result(5) == Span(2, 2)


def test_what_was_confirmed_survives_a_kill(tmp_path: Path) -> None:
    code = (
        "import sys,os\nfrom pathlib import Path\nfrom huanzhi.library.arrivals import Arrival, Inbox\n"
        "inbox = Inbox(Path(sys.argv[1]))\n"
        "print(inbox.append([Arrival(n, 'A', 'p', b'x') for n in range(1000)]).result().last, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False)
    assert done.stdout == b"1000\n" and done.returncode == -9
    with Inbox(tmp_path) as inbox, Shelf(tmp_path) as shelf:
        assert (inbox.last, len(shelf.frames(0, 2000))) == (1000, 1000)


def test_each_commit_reaches_the_disk(tmp_path: Path) -> None:
    with Inbox(tmp_path) as inbox:
        found = [
            inbox._database.execute(f"pragma {name}").fetchone()[0]
            for name in ("synchronous", "journal_mode")
        ]
    assert found == [2, "wal"]


def test_a_plan_is_remembered_until_it_is_done(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.plan(Span(1, 9))
    progress.close()
    progress = Progress(tmp_path)
    assert (progress.position(), progress.planned()) == (0, Span(1, 9))
    progress.done(9)
    assert (progress.position(), progress.planned()) == (9, None)
    progress.refuse([(3, "A", "no_time", "x")])
    assert [row[:2] + row[3:] for row in progress.refusals()] == [(3, "A", "no_time", "x")]
    progress.close()


def test_old_segments_go_when_they_are_drained_and_the_newest_stays(tmp_path: Path) -> None:
    with Inbox(tmp_path, segment_bytes=1) as inbox:
        for number in range(4):
            inbox.append([arrival(number)]).result(5)
    for _, path in segments(tmp_path):
        os.utime(path, (1000, 1000))
    assert sweep(tmp_path, 2, 60, 1050) == []
    assert [path.stem for path in sweep(tmp_path, 2, 60, 2000)] == [f"{number:016d}" for number in (1, 2)]
    assert [first for first, _ in segments(tmp_path)] == [3, 4]
    assert [first for first, _ in segments(tmp_path)] and sweep(tmp_path, 99, 60, 2000)
    assert [first for first, _ in segments(tmp_path)] == [4]


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=5), max_size=8), st.integers(1, 60))
def test_every_frame_is_there_once_whatever_the_batches(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[bool]], size: int
) -> None:
    folder = tmp_path_factory.mktemp("inbox")
    with Inbox(folder, segment_bytes=size) as inbox:
        waiting = [inbox.append([arrival(1, parked=parked) for parked in batch]) for batch in batches]
        spans = [future.result(5) for future in waiting]
    numbers = [number for span in spans for number in range(span.first, span.last + 1)]
    with Shelf(folder) as shelf:
        found = sorted(kept.seq for kept in (*shelf.frames(0, 999), *shelf.parked("A", 0, 999)))
    assert found == numbers == list(range(1, len(numbers) + 1))


def test_a_damaged_segment_is_said(tmp_path: Path) -> None:
    Inbox(tmp_path).close()
    (_, path) = segments(tmp_path)[0]
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises((StoreError, sqlite3.DatabaseError)):
        Inbox(tmp_path)
