"""Transmission rate 传输率, validity rate 有效率 and effective transmission rate 有效传输率, exactly.

References
----------
.. [1] 自动监测数据有效传输率统计算法说明: 有效传输率 = 传输率 × 有效率; steps of a marked stop 停运 are
   not due; up to a number of standard-sample checks 标样核查 a day takes no part in the validity rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import Ints


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of values from which the rates follow; they may be added up.

    Attributes
    ----------
    due : int
        应收: steps of the span without a marked stop.
    received : int
        实收: of these, those with a value.
    valid : int
        有效: of these, those that no mark makes invalid and that are no standard-sample check.
    apart : int
        不参与: standard-sample checks that take no part in the validity rate.
    """

    due: int = 0
    received: int = 0
    valid: int = 0
    apart: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.due + other.due,
            self.received + other.received,
            self.valid + other.valid,
            self.apart + other.apart,
        )

    @property
    def transmission(self) -> Fraction | None:
        """传输率; None where nothing was due."""
        return Fraction(self.received, self.due) if self.due else None

    @property
    def validity(self) -> Fraction | None:
        """有效率; None where nothing came in that takes part."""
        taking_part = self.received - self.apart
        return Fraction(self.valid, taking_part) if taking_part else None

    @property
    def effective(self) -> Fraction | None:
        """有效传输率; None where nothing was due, 0 where nothing came in."""
        if self.transmission is None or self.received == 0:
            return self.transmission
        return None if self.validity is None else self.transmission * self.validity


def counts(
    received: npt.ArrayLike,
    invalid: npt.ArrayLike,
    shutdown: npt.ArrayLike,
    check: npt.ArrayLike,
    days: npt.ArrayLike,
    apart_a_day: int,
) -> Counts:
    """Count the values of one series.

    Parameters
    ----------
    received, invalid, shutdown, check : array_like of bool, shape (n,)
        A value came in; a mark makes it invalid; a stop is marked; it is a standard-sample check.
    days : array_like of int, shape (n,)
        Number of the China day of each step.
    apart_a_day : int
        Standard-sample checks a day that take no part; the others count as received and not valid.
    """
    due = ~np.asarray(shutdown, dtype=bool)
    came = due & np.asarray(received, dtype=bool)
    checks = came & np.asarray(check, dtype=bool) & ~np.asarray(invalid, dtype=bool)
    valid = came & ~np.asarray(invalid, dtype=bool) & ~np.asarray(check, dtype=bool)
    apart = np.minimum(_by_day(checks, days), apart_a_day)
    return Counts(int(due.sum()), int(came.sum()), int(valid.sum()), int(apart.sum()))


def _by_day(mask: npt.NDArray[np.bool_], days: npt.ArrayLike) -> Ints:
    numbers = np.asarray(days, dtype=np.int64)
    if not mask.any():
        return np.zeros(1, dtype=np.int64)
    return np.bincount(numbers[mask] - numbers[mask].min()).astype(np.int64)
