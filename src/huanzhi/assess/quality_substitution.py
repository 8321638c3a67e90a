"""Substitution of missing values 缺失数据处理, data capture 数据捕集率, validity of means 有效均值.

Waste gas 烟气: the largest emission rate 排放速率 of the valid hours before a gap; how many, follows from the
data capture of the quarter and the length of the gap. Waste water 废水: the mean of as many valid values
before the gap as the gap is long. All in scaled integers.

References
----------
.. [1] HJ 75-2017.
.. [2] HJ 356-2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, Ints, half_even
from huanzhi.assess.quality_series import runs


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder: from and under which capture, gaps up to how long, how many hours back.

    Attributes
    ----------
    capture_min, capture_under : Fraction or None
        Share of the quarter, 0 to 1; None where open.
    gap_over, gap_max : int or None
        Length of the gap [h]: longer than the first, no longer than the second; None where open.
    hours : int or None
        Valid hours looked back on; None where the step gives no substitute (manual method).
    """

    name: str
    capture_min: Fraction | None
    capture_under: Fraction | None
    gap_over: int | None
    gap_max: int | None
    hours: int | None

    def fits(self, capture: Fraction, gap: int) -> bool:
        """Return whether the step is for a gap of `gap` hours in a quarter of `capture`."""
        return (
            (self.capture_min is None or capture >= self.capture_min)
            and (self.capture_under is None or capture < self.capture_under)
            and (self.gap_over is None or gap > self.gap_over)
            and (self.gap_max is None or gap <= self.gap_max)
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """One gap: steps [first, last), the substitute for each of them, and by which rule.

    Attributes
    ----------
    value : int or None
        In the units of the series; None where the rule gives none.
    used : int
        Valid values that it was taken from.
    """

    first: int
    last: int
    value: int | None
    rule: str
    used: int


def gaps_to_fill(valid: npt.ArrayLike, operating: npt.ArrayLike) -> Ints:
    """Return stretches that operate without a valid value, as rows of first and last + 1; shape (g, 2)."""
    return runs(np.asarray(operating, dtype=bool) & ~np.asarray(valid, dtype=bool))


def largest_before(
    units: npt.ArrayLike,
    valid: npt.ArrayLike,
    gaps: npt.ArrayLike,
    captures: Sequence[Fraction],
    ladder: Sequence[Step],
) -> list[Filled]:
    """Fill gaps by the largest of the valid values before them, by the ladder of HJ 75.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
        Emission rate; only values that are `valid` are looked at.
    gaps : array_like of int64, shape (g, 2)
        From `gaps_to_fill`.
    captures : sequence of Fraction, length g
        Data capture of the quarter of each gap.
    ladder : sequence of Step
        The first that fits counts; none fitting gives no substitute.
    """
    values, good = np.asarray(units, dtype=np.int64), np.asarray(valid, dtype=bool)
    found = []
    stretches = np.asarray(gaps, dtype=np.int64).reshape(-1, 2).tolist()
    for (first, last), capture in zip(stretches, captures, strict=True):
        step = next((each for each in ladder if each.fits(capture, last - first)), None)
        hours = 0 if step is None or step.hours is None else step.hours
        before = values[:first][good[:first]][-hours:] if hours else values[:0]
        value = int(before.max()) if before.size else None
        found.append(Filled(first, last, value, "" if step is None else step.name, int(before.size)))
    return found


def mean_before(units: npt.ArrayLike, valid: npt.ArrayLike, gaps: npt.ArrayLike, rule: str) -> list[Filled]:
    """Fill gaps by the mean of as many valid values before as the gap is long, rounded by GB/T 8170.

    A gap with fewer valid values before it gets no substitute.
    """
    values, good = np.asarray(units, dtype=np.int64), np.asarray(valid, dtype=bool)
    found = []
    for first, last in np.asarray(gaps, dtype=np.int64).reshape(-1, 2).tolist():
        before = values[:first][good[:first]][-(last - first) :]
        enough = before.size == last - first
        value = half_even(sum(before.tolist()), int(before.size)) if enough else None
        found.append(Filled(first, last, value, rule, int(before.size)))
    return found


def capture_rate(valid: npt.ArrayLike, operating: npt.ArrayLike) -> Fraction | None:
    """Return valid hours of operation over hours of operation 数据捕集率; None without any."""
    runs_now = np.asarray(operating, dtype=bool)
    hours = int(runs_now.sum())
    return Fraction(int((runs_now & np.asarray(valid, dtype=bool)).sum()), hours) if hours else None


def emission_rate(concentration: npt.ArrayLike, flow: npt.ArrayLike, factor: Fraction, wanted: int) -> Ints:
    """Return concentration × flow as an emission rate, rounded once by GB/T 8170.

    Parameters
    ----------
    concentration, flow : array_like of int64, shape (n,)
    factor : Fraction
        What turns the product of the two integers into the unit of the rate.
    wanted : int
        Decimals of the rate.

    Returns
    -------
    ndarray of int64, shape (n,)
        :data:`MISSING` where either is missing.
    """
    scale = factor * 10**wanted
    pairs = zip(np.asarray(concentration).tolist(), np.asarray(flow).tolist(), strict=True)
    rates = [
        MISSING if MISSING in (one, other) else half_even(one * other * scale.numerator, scale.denominator)
        for one, other in pairs
    ]
    return np.array(rates, dtype=np.int64)


def day_is_valid(valid_hours: int, operating_hours: int, percent: Fraction) -> bool | None:
    """Return whether a day has enough valid hourly means; None where nothing operated."""
    if operating_hours == 0:
        return None
    return valid_hours * 100 >= percent * operating_hours
