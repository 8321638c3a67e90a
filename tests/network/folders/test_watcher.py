"""Watched folders: a file at rest is taken whole, then moved; what is wrong is said beside it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

from huanzhi.library.series import open_store
from huanzhi.network.folders import Watch, Watcher
from huanzhi.network.folders.watcher import free_name
from huanzhi.network.intake import Desk
from huanzhi.network.intake.service import running

GOOD = "station,parameter,period,time,value\nS1,PM2.5,hour,2026-01-01 08:00,12.5\n"
PARTLY = GOOD + "S1,PM2.5,hour,2026-01-01 09:00,abc\n"


def watch(home, folder, condition, seconds=10.0):
    """Watch a folder until a condition holds; return the counts."""

    async def story():
        desk = Desk(home)
        watcher = Watcher([Watch(folder)], desk, every=0.05)
        async with running([desk, watcher]):
            for _ in range(int(seconds / 0.02)):
                if condition():
                    break
                await asyncio.sleep(0.02)
        return dict(watcher.counts)

    return asyncio.run(story())


def values(home):
    with open_store("read", home) as store:
        return [row["value"] for row in store.range().to_pylist()]


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_good_file_is_taken_in_and_moved_to_done(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(GOOD)
    assert watch(home, folder, (folder / "done" / "a.csv").exists) == {"done": 1}
    assert values(home) == [125]
    assert names(folder) == ["done", "rejected"]


def test_a_file_that_cannot_be_read_is_moved_away_with_the_reason(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("colour,shape\nred,round\n")
    assert watch(home, folder, (folder / "rejected" / "a.csv").exists) == {"rejected": 1}
    reason = (folder / "rejected" / "a.csv.reason.txt").read_text()
    assert len(reason.splitlines()) == 2 and "a.csv" in reason
    assert values(home) == []


def test_refused_rows_are_set_aside_and_the_rest_is_taken(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(PARTLY)
    watch(home, folder, (folder / "done" / "a.csv").exists)
    assert values(home) == [125]
    assert "abc" in (folder / "rejected" / "a.csv.refused.csv").read_text("utf-8-sig")


def test_a_file_that_still_grows_or_is_hidden_waits(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "in"
    folder.mkdir()
    for name in (".hidden.csv", "a.csv.part", "~$a.xlsx"):
        (folder / name).write_text(GOOD)
    growing = folder / "grows.csv"
    growing.write_text(GOOD[:40])
    rounds = []

    def grow():
        rounds.append(1)
        with growing.open("a") as file:
            file.write("")
        os.utime(growing, ns=(time.time_ns(), time.time_ns()))
        return len(rounds) > 20

    watch(home, folder, grow)
    assert names(folder) == [".hidden.csv", "a.csv.part", "done", "grows.csv", "rejected", "~$a.xlsx"]


def test_a_second_file_of_the_same_name_keeps_both(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "in"
    (folder / "done").mkdir(parents=True)
    (folder / "done" / "a.csv").write_text("older")
    (folder / "a.csv").write_text(GOOD)
    watch(home, folder, (folder / "done" / "a (2).csv").exists)
    assert (folder / "done" / "a.csv").read_text() == "older"
    assert free_name(folder / "done" / "a.csv").name == "a (3).csv"


SCRIPT = """
import sys
from pathlib import Path
from huanzhi.cli import main
main(["listen", "--watch", sys.argv[1], "--home", sys.argv[2]])
"""


def test_a_kill_at_any_moment_loses_and_doubles_nothing(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "in"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.csv").write_text(
            GOOD.replace("12.5", f"{number}.5").replace("S1", f"S{number}")
        )
    for pause in (1.4, 2.6):
        with subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(folder), str(home)],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        ) as process:
            time.sleep(pause)
            process.send_signal(signal.SIGKILL)
    watch(home, folder, lambda: len(list((folder / "done").iterdir())) == 30)
    assert sorted(values(home)) == [number * 10 + 5 for number in range(30)]
    assert names(folder) == ["done", "rejected"] and names(folder / "rejected") == []
    with open_store("read", home) as store:
        assert not store.verify().problems
        assert all(batch.receipt.revised == 0 for batch in store.batches())
