"""Chance by name 随机数: every number is a pure function of a name, the seed in it, and a time.

Nothing is drawn in turn, so the value of any moment can be had without the moments before it, and two parts
of the city never disturb each other's numbers. Times are whole seconds of UTC.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Choice = TypeVar("Choice")

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST = np.uint64(31)
_SPARE = np.uint64(11)
_WHOLE = float(1 << 53)
_QUARTER = float(1 << 16)
_ROOT = float(np.sqrt(3.0))


def key(*name: object) -> int:
    """Return the 64-bit key of a name; `1` and `"1"` are the same name."""
    text = "\x1f".join(map(str, name)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def bits(of: int, index: Times) -> npt.NDArray[np.uint64]:
    """Return 64 random bits for each of `index`: splitmix64 of key and index."""
    state = np.atleast_1d(index).astype(np.uint64) * _STEP + np.uint64(of)
    for shift, factor in _MIX:
        state = (state ^ state >> shift) * factor
    return np.asarray(state ^ state >> _LAST)


def uniform(of: int, index: Times) -> Floats:
    """Return numbers of [0, 1), shape of `index`."""
    return np.asarray((bits(of, index) >> _SPARE) / _WHOLE)


def white(of: int, index: Times) -> Floats:
    """Return noise of mean 0 and spread 1, a sum of four uniforms: never beyond 3.47."""
    quarters = bits(of, index).view(np.uint16).reshape(-1, 4).sum(axis=1, dtype=np.int64)
    return np.asarray((quarters / _QUARTER - 2.0) * _ROOT)


def smooth(of: int, times: Times, period: float) -> Floats:
    """Return a wandering series of mean 0 and spread about 1 that turns within about `period` [s]."""
    place = np.asarray(times, dtype=np.float64) / period
    knot = np.floor(place).astype(np.int64)
    share = place - knot
    share = share * share * (3.0 - 2.0 * share)
    first, last = int(knot.min()), int(knot.max())
    if last - first > 4 * len(knot):
        before, after = white(of, knot), white(of, knot + 1)
    else:
        values = white(of, np.arange(first, last + 2, dtype=np.int64))
        before, after = values[knot - first], values[knot - first + 1]
    return np.asarray((before + (after - before) * share) * 1.2)


def draw(*name: object) -> float:
    """Return the one number of [0, 1) that a name has."""
    return (key(*name) >> 11) / _WHOLE


def between(low: float, high: float, *name: object) -> float:
    """Return the one number of [low, high) that a name has."""
    return low + (high - low) * draw(*name)


def pick(choices: Sequence[Choice], *name: object) -> Choice:
    """Return the one of `choices` that a name has."""
    return choices[int(draw(*name) * len(choices))]


def weighted(weights: Mapping[str, float], *name: object) -> str:
    """Return one of the names in `weights`, each as often as its weight says."""
    left = draw(*name) * sum(weights.values())
    for choice, weight in weights.items():
        left -= weight
        if left < 0:
            return choice
    return next(reversed(list(weights)))
