"""Kill a writing process with SIGKILL, again and again, and compare the store with what was acknowledged.

A child process imports numbered batches, compacts now and then, and prints a line for each write that has
returned. The parent kills it at random moments, opens the store, and demands that nothing acknowledged is
lost, nothing is there twice, and every batch is there whole or not at all. A longer run than in the tests:

    python tests/library/kill_rounds.py --imports 2000 --seed 7
"""

from __future__ import annotations

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa

from huanzhi.library import series
from huanzhi.library.series import Feature, Source, Store, open_store

START = 1_483_200_000
FEATURES = [Feature(f"S{number}", f"S{number}", "air_station") for number in range(6)]
PARAMETERS = ("a", "b", "c", "d", "e")
BATCH_ROWS = len(FEATURES) * len(PARAMETERS)
COMPACT_EVERY = 9

Key = tuple[str, str, int]


def batch_rows(number: int) -> dict[Key, int]:
    """Return the rows of batch `number`: an hour of its own, and corrections to half of the hour before."""
    rows = {}
    for feature in FEATURES:
        for place, parameter in enumerate(PARAMETERS):
            rows[feature.code, parameter, START + 3600 * number] = number * 10 + place
            if number and place % 2:
                rows[feature.code, parameter, START + 3600 * (number - 1)] = -number
    return rows


def expected(count: int) -> dict[Key, int]:
    """Return what a store holds after the first `count` batches."""
    held: dict[Key, int] = {}
    for number in range(count):
        held |= batch_rows(number)
    return held


def import_batch(store: Store, number: int) -> series.Receipt:
    """Write batch `number` with its raw bytes; every fifth is too large for the inbox database."""
    rows = batch_rows(number)
    features, parameters, times = zip(*rows, strict=True)
    zeros = [0] * len(rows)
    columns = [features, parameters, ["hour"] * len(rows), times, rows.values(), zeros, zeros, zeros, zeros]
    arrays = [pa.array(list(cells), kind) for cells, kind in zip(columns, series.SCHEMA.types, strict=True)]
    table = pa.table(arrays, schema=series.SCHEMA)
    return store.write(table, FEATURES, Source(f"{number}.csv", "kill", digest(number), raw=raw(number)))


def raw(number: int) -> bytes:
    """Return the raw bytes of batch `number`."""
    return f"batch {number}\n".encode() * (10_000 if number % 5 == 0 else 10)


def digest(number: int) -> str:
    """Return the digest of the raw bytes of batch `number`."""
    return hashlib.sha256(raw(number)).hexdigest()


def write_batches(home: Path, first: int, end: int) -> None:
    """Be the writer: import, acknowledge on standard output, compact now and then."""
    with open_store("write", home) as store:
        for number in range(first, end):
            import_batch(store, number)
            print(f"ack {number}", flush=True)
            if number % COMPACT_EVERY == COMPACT_EVERY - 1:
                print("compacting", flush=True)
                store.compact()


def kill_once(home: Path, first: int, end: int, chance: random.Random) -> tuple[int, bool, str]:
    """Run the writer and kill it; return the batches acknowledged, if it ended by itself, and where."""
    command = [sys.executable, __file__, "--write", str(home), str(first), str(end)]
    wanted, acknowledged, last = chance.randint(1, 70), first, "start"
    in_compaction = chance.random() < 0.4
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            last = line.split()[0]
            if last == "ack":
                acknowledged = int(line.split()[1]) + 1
            due = acknowledged - first >= wanted
            if due and (last == "compacting" if in_compaction else True):
                time.sleep(chance.random() * (0.03 if in_compaction else 0.025))
                child.kill()
                break
        for line in child.stdout:
            if line.startswith("ack") and line.endswith("\n"):
                acknowledged = int(line.split()[1]) + 1
            last = line.split()[0]
    return acknowledged, child.returncode == 0, last


def check(home: Path, acknowledged: int) -> int:
    """Compare the store with what was acknowledged; return how many batches it holds (one more at most)."""
    with open_store("read", home) as store:
        found = store.range().to_pylist()
        newest = {(r["feature"], r["parameter"], r["time"]): r["value"] for r in store.last().to_pylist()}
        report = store.verify()
        numbers = [int(batch.source.name.removesuffix(".csv")) for batch in store.batches()]
        for number in range(acknowledged):
            assert store.raw(digest(number)) == raw(number), f"raw bytes of batch {number} are lost"
    held = {(row["feature"], row["parameter"], row["time"]): row["value"] for row in found}
    assert len(held) == len(found), "an observation is there twice"
    assert report.problems == (), report.problems
    assert numbers == list(range(len(numbers))), "a batch is lost or entered twice"
    assert acknowledged <= len(numbers) <= acknowledged + 1, (acknowledged, len(numbers))
    assert held == expected(len(numbers)), "the rows are not those of the batches"
    hour = START + 3600 * (len(numbers) - 1)
    assert newest == {key: value for key, value in held.items() if key[2] == hour}
    return len(numbers)


def run(home: Path, imports: int, seed: int) -> Counter[str]:
    """Import `imports` batches through as many kills as it takes; return what happened."""
    chance, done, seen = random.Random(seed), 0, Counter[str]()
    ended = False
    while not ended:
        acknowledged, ended, last = kill_once(home, done, imports, chance)
        if not (home / "manifest.sqlite").exists():
            continue
        held = check(home, acknowledged)
        seen["kills"] += not ended
        seen[f"after {last}"] += not ended
        seen["committed, not acknowledged"] += held - acknowledged
        done = acknowledged
    return seen


def watch(home: Path, stop: threading.Event) -> tuple[int, int]:
    """Be a reader beside the writer: see whole batches only, and never fewer than before."""
    reads = batches = 0
    while not stop.is_set():
        with open_store("read", home) as store:
            for _ in range(20):
                found = store.range().to_pylist()
                held = {(row["feature"], row["parameter"], row["time"]): row["value"] for row in found}
                count = len(found) // BATCH_ROWS
                assert held == expected(count) and count >= batches
                batches, reads = count, reads + 1
    return reads, batches


def main() -> None:
    """Run the rounds, or be the writer that is killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--imports", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", nargs=3, metavar=("HOME", "FIRST", "END"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.write:
        write_batches(Path(chosen.write[0]), int(chosen.write[1]), int(chosen.write[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        seen = run(Path(folder), chosen.imports, chosen.seed)
        print(f"{chosen.imports} imports, {time.perf_counter() - began:.1f} s:", dict(seen))


if __name__ == "__main__":
    main()
