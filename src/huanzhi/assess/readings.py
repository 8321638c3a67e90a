"""Readings 读数: values as the interval in which the truth lies.

A measured value is a point. A value below detection 未检出 lies anywhere from zero to its detection limit
检出限, or anywhere above zero where the limit was not given. A missing value is nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import FINE, MISSING, to_scaled
from huanzhi.assess.states import State

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
UNBOUNDED = int(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class Readings:
    """Readings of one item, one a sample.

    Attributes
    ----------
    low, high : ndarray of int64, shape (n,)
        Ends of the interval in units of 10**-`decimals`; equal for a measured value.
        `exact.MISSING` where missing; `high` is `UNBOUNDED` where the detection limit is not known.
    decimals : int
        May be any integer; a change of unit by a power of ten only shifts it.
    below : ndarray of bool, shape (n,)
        Whether the reading is below detection.
    """

    low: Ints
    high: Ints
    decimals: int
    below: Bools

    def __len__(self) -> int:
        return len(self.low)

    @cached_property
    def present(self) -> Bools:
        """Whether there is a reading at all."""
        return np.asarray(self.low != MISSING)

    @cached_property
    def measured(self) -> Bools:
        """Whether the reading is a number, neither missing nor below detection."""
        return np.asarray(self.present & ~self.below)

    def shifted(self, tens: int) -> Readings:
        """Return the same quantity in a unit 10**`tens` times smaller numbers: µg/L to mg/L is 3."""
        return Readings(self.low, self.high, self.decimals + tens, self.below)

    def take(self, index: int) -> Readings:
        """Return one reading as an array of one."""
        place = slice(index, index + 1)
        return Readings(self.low[place], self.high[place], self.decimals, self.below[place])

    def without(self, mask: npt.ArrayLike) -> Readings:
        """Return the readings with those under `mask` missing, shape (n,)."""
        gone = np.asarray(mask, dtype=np.bool_)
        low, high = np.where(gone, MISSING, self.low), np.where(gone, MISSING, self.high)
        return Readings(low, high, self.decimals, self.below & ~gone)

    def text(self, index: int) -> str:
        """Return one reading as it was written, e.g. ``0.05``, ``<0.01``, ``ND``; empty where missing."""
        if not self.present[index]:
            return ""
        if self.high[index] == UNBOUNDED:
            return "ND"
        low, high = (Decimal(int(end[index])).scaleb(-self.decimals) for end in (self.low, self.high))
        if self.below[index]:
            return f"{low:f}–{high:f}" if low else f"<{high:f}"
        return f"{high:f}"

    def exact(self, index: int) -> Fraction:
        """Return the upper end of one reading as an exact fraction."""
        return Fraction(int(self.high[index])) / Fraction(10) ** self.decimals


def readings(units: npt.ArrayLike, decimals: int, states: npt.ArrayLike | None = None) -> Readings:
    """Build readings from scaled integers with the state of each.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
        Numbers of 10**-`decimals`; the detection limit where below detection, `MISSING` where not given.
    states : array_like of State, shape (n,), optional
        Without it every number is a measured value.
    """
    numbers = np.atleast_1d(np.asarray(units, dtype=np.int64))
    kinds = np.zeros(numbers.shape, np.int8) if states is None else np.atleast_1d(np.asarray(states))
    below = kinds == State.BELOW_DETECTION
    gone = ~below & ((kinds != State.VALUE) | (numbers == MISSING))
    limit = np.where(numbers == MISSING, UNBOUNDED, numbers)
    low = np.where(gone, MISSING, np.where(below, 0, numbers))
    high = np.where(gone, MISSING, np.where(below, limit, numbers))
    return Readings(low.astype(np.int64), high.astype(np.int64), decimals, np.asarray(below))


def from_floats(values: npt.ArrayLike, decimals: int = FINE) -> Readings:
    """Build readings from floats, each read as the decimal it stands for; NaN is missing."""
    return readings(to_scaled(np.atleast_1d(np.asarray(values, dtype=np.float64)), decimals), decimals)


def from_texts(texts: Sequence[str]) -> Readings:
    """Build readings from plain decimals, ``<limit`` and empty texts; for notebooks and tests."""
    limits = [text.lstrip("<") for text in texts]
    numbers = [Decimal(text) if text else None for text in limits]
    decimals = max((-int(n.as_tuple().exponent) for n in numbers if n is not None), default=0)
    units = [MISSING if n is None else int(n.scaleb(decimals)) for n in numbers]
    states = [
        State.MISSING if not t else State.BELOW_DETECTION if t[0] == "<" else State.VALUE for t in texts
    ]
    return readings(units, decimals, states)
