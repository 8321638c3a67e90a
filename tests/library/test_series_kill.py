"""Killed writers, readers beside a writer, and a second writer: in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from huanzhi.errors import StoreError
from huanzhi.library.series import open_store

spec = spec_from_file_location("kill_rounds", Path(__file__).with_name("kill_rounds.py"))
kill_rounds = module_from_spec(spec)
spec.loader.exec_module(kill_rounds)


def test_200_imports_through_kills_lose_and_double_nothing(tmp_path):
    seen = kill_rounds.run(tmp_path, 200, seed=20)
    assert seen["kills"] >= 3


DIE_AT = """
import importlib, os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import kill_rounds
module, name, function, call, end = sys.argv[3:]
owner = getattr(importlib.import_module("huanzhi.library.series." + module), name)
plain, calls = getattr(owner, function), 0

def dying(*arguments, **named):
    global calls
    calls += 1
    if calls > int(call) and end == "before":
        os._exit(9)
    result = plain(*arguments, **named)
    if calls > int(call):
        os._exit(9)
    return result

setattr(owner, function, dying)
kill_rounds.write_batches(Path(sys.argv[2]), 0, 20)
"""


@pytest.mark.parametrize(
    ("module", "name", "function", "call", "end"),
    [
        ("inbox", "Inbox", "keep", 5, "after"),
        ("parts", "PartWriter", "_publish", 5, "before"),
        ("parts", "PartWriter", "settle", 5, "before"),
        ("manifest", "Manifest", "add_batch", 5, "after"),
        ("hot", "Hot", "take", 5, "before"),
        ("hot", "Hot", "take", 5, "after"),
        ("manifest", "Manifest", "bury_parts", 0, "after"),
    ],
)
def test_a_writer_that_dies_at_any_step_leaves_whole_batches(tmp_path, module, name, function, call, end):
    script = [sys.executable, "-c", DIE_AT, str(Path(__file__).parent), str(tmp_path)]
    steps = [module, name, function, str(call), end]
    child = subprocess.run([*script, *steps], stdout=subprocess.PIPE, text=True, timeout=60, check=False)
    assert child.returncode == 9
    acknowledged = child.stdout.count("ack ")
    kill_rounds.check(tmp_path, acknowledged)
    kill_rounds.write_batches(tmp_path, acknowledged, 12)
    assert kill_rounds.check(tmp_path, 12) == 12


def test_a_reader_beside_the_writer_sees_whole_batches(tmp_path):
    with open_store("write", tmp_path) as store:
        kill_rounds.import_batch(store, 0)
    stop = threading.Event()
    command = [sys.executable, kill_rounds.__file__, "--write", str(tmp_path), "1", "41"]
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(kill_rounds.watch, tmp_path, stop)
        try:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60)
        finally:
            stop.set()
        reads, _ = reading.result()
    assert reads > 3
    assert kill_rounds.check(tmp_path, 41) == 41


def test_a_second_writer_is_refused_and_told_who_writes(tmp_path):
    with open_store("write", tmp_path):
        with pytest.raises(StoreError, match=str(os.getpid())):
            open_store("write", tmp_path)
        command = [sys.executable, kill_rounds.__file__, "--write", str(tmp_path), "0", "1"]
        second = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert second.returncode != 0 and str(os.getpid()) in second.stderr
    with open_store("write", tmp_path) as store:
        assert store.revision() == 0
