"""Fuzzed frames: mutated and random ones through framer, decoder and columns.

``python -m tests.network.hj212.fuzz --frames 1000000 --seed 1`` prints what was read and refused, whether all
paths agree on a sample of the batches, and the resident memory at start and end. It ends with 1 where
paths differ or memory has grown. With ``--every`` each frame is mutated afresh and compared on all paths.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from huanzhi.network.hj212 import Decoder, build
from huanzhi.network.hj212.columns import Columns, decode_columns
from huanzhi.network.hj212.columns import Path as Way
from huanzhi.network.hj212.regular import OFFSET, SIZE
from huanzhi.network.hj212.words import COMPILED

from .samples import PRINTED_2017, segment

_BATCH = 5_000
_HURT_ONE_IN = 8
_GROWTH_MB = 40
_PIECES = [
    b"##",
    b"&&",
    b"\r\n",
    b"CP=&&",
    b";",
    b",",
    b"=",
    b"-",
    b"0101",
    b"9999",
    b"\0",
    b"\xff",
    b"e9",
    b"//",
]


@dataclass(slots=True)
class Tally:
    """What was seen."""

    made: int = 0
    mutated: int = 0
    read: int = 0
    refused: int = 0
    values: int = 0
    compared: int = 0
    different: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)


def seeds(random: np.random.Generator, count: int) -> list[bytes]:
    """Return good frames of many shapes."""
    found = [PRINTED_2017]
    for place in range(count):
        names = random.integers(0, 40, 12).tolist()
        numbers = (random.random(12) * 10.0 ** random.integers(-2, 7, 12)).tolist()
        marks = "NDTFC"
        groups = [
            f"w{name:05d}-Rtd={number:.{place % 5}f},w{name:05d}-Flag={marks[place % 5]}"
            for name, number in zip(names[: place % 12], numbers, strict=False)
        ]
        area = f"DataTime=202606{place % 28 + 1:02d}120000;" + ";".join(groups)
        device = f"010000A8900016F0{place % 2000:08X}"
        found.append(build(segment(area=area, MN=device, Flag=str(4 + place % 6)).encode()))
    return found


def mutated(random: np.random.Generator, frame: bytes) -> bytes:
    """Return a frame with bytes changed, put in, cut out or repeated, or rubbish; half with a right CRC."""
    data = bytearray(frame)
    for _ in range(int(random.integers(1, 4))):
        place, way = int(random.integers(0, max(1, len(data)))), int(random.integers(0, 6))
        if way == 0 and data:
            data[place] = int(random.integers(0, 256))
        elif way == 1:
            data[place:place] = _PIECES[int(random.integers(0, len(_PIECES)))]
        elif way == 2:
            del data[place : place + int(random.integers(1, 30))]
        elif way == 3:
            data[place:place] = data[place : place + int(random.integers(1, 60))]
        elif way == 4:
            data[place:] = b""
        else:
            data[place : place + 8] = random.bytes(int(random.integers(0, 24)))
    body = bytes(data)
    return build(body[6:-6]) if random.integers(0, 2) and 12 < len(body) < 9000 else body


def batch(random: np.random.Generator, good: list[bytes], pool: list[bytes]) -> tuple[bytes, int]:
    """Return a stream of `_BATCH` frames and how many of them are mutated."""
    for place in random.integers(0, len(pool), _BATCH // 40).tolist():
        pool[place] = mutated(random, good[int(random.integers(0, len(good)))])
    hurt = random.random(_BATCH) < 1 / _HURT_ONE_IN
    chosen = random.integers(0, 1 << 30, _BATCH).tolist()
    parts = [
        pool[number % len(pool)] if bad else good[number % len(good)]
        for number, bad in zip(chosen, hurt.tolist(), strict=True)
    ]
    return b"".join(parts), int(hurt.sum())


def differs(data: bytes, told: Columns, path: Way) -> bool:
    """Whether a path gives another answer."""
    found = decode_columns(data, path=path)
    return not (
        found.names == told.names
        and found.mns == told.mns
        and found.frames_table().equals(told.frames_table())
        and found.values_table().equals(told.values_table())
    )


def compare(data: bytes, tally: Tally) -> None:
    """Check that the other paths, and the decoder in parts, give the answer of the fastest path."""
    told = decode_columns(data)
    paths: list[Way] = ["plain", "readable"]
    wrong = any(differs(data, told, path) for path in paths)
    decoder = Decoder()
    done = [one for start in range(0, len(data), 700) for one in decoder.feed(data[start : start + 700])]
    done += decoder.finish()
    pieces = [(one.frame.offset, one.frame.size, one.ok) for one in done]
    rows = told.rows
    wrong |= pieces != list(
        zip(rows[:, OFFSET].tolist(), rows[:, SIZE].tolist(), told.ok.tolist(), strict=True)
    )
    tally.compared += len(done)
    tally.different += wrong


def resident_mb() -> float:
    """Return the resident memory of this process [MB]; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6
    except OSError:
        return 0.0


def fresh_batch(random: np.random.Generator, good: list[bytes]) -> tuple[bytes, int]:
    """Return a stream of frames that are mutated now."""
    chosen = random.integers(0, len(good), _BATCH).tolist()
    return b"".join(mutated(random, good[number]) for number in chosen), _BATCH


def run(frames: int, seed: int, sample: int, seconds: float, every: bool) -> tuple[Tally, float, float]:
    """Read `frames` frames, or as many as fit into the time; return the tally and memory before and after."""
    random = np.random.default_rng(seed)
    good = seeds(random, 4000)
    pool = [mutated(random, good[place % len(good)]) for place in range(20_000)]
    tally, before, began = Tally(), 0.0, time.monotonic()
    while tally.made < frames and time.monotonic() - began < seconds:
        data, hurt = fresh_batch(random, good) if every else batch(random, good, pool)
        number = tally.made // _BATCH
        found = decode_columns(data)
        tally.made, tally.mutated = tally.made + _BATCH, tally.mutated + hurt
        tally.read, tally.values = tally.read + len(found), tally.values + len(found.units)
        tally.refused += len(found) - int(found.ok.sum())
        tally.verdicts.update(found.verdict)
        if every or (sample and number % sample == 0):
            compare(data if every else data[: 1 << 19], tally)
        if number == 20:
            before = resident_mb()
    return tally, before, resident_mb()


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=100, help="compare the paths on one batch in so many")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after this time")
    parser.add_argument("--every", action="store_true", help="mutate and compare every frame")
    asked = parser.parse_args()
    began = time.process_time()
    tally, before, after = run(asked.frames, asked.seed, asked.sample, asked.seconds, asked.every)
    print(f"compiled {COMPILED}, CPU {time.process_time() - began:,.0f} s; seed {asked.seed}")
    print(f"frames {tally.made:,}, of them mutated {tally.mutated:,}; pieces read {tally.read:,}")
    print(f"refused {tally.refused:,}; values {tally.values:,}; CRC {dict(tally.verdicts)}")
    print(f"pieces compared on all paths {tally.compared:,}; batches that differ {tally.different}")
    print(f"memory after 20 batches {before:,.1f} MB, at the end {after:,.1f} MB")
    return int(tally.different > 0 or (before > 0 and after - before > _GROWTH_MB))


if __name__ == "__main__":
    sys.exit(main())
