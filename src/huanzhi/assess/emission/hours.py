"""Hours of an outlet 小时排放量: content x flow, and by which rule an hour without values is put in.

Waste gas: the largest emission of the valid hours before a gap, by the ladder of HJ 75. Waste water: the
mean content of as many valid hours before, times the flow, which is never made up (HJ 356).
An hour that can neither be measured nor put in is missing; it is counted, and never taken as nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, Ints
from huanzhi.assess.quality_series import Mask
from huanzhi.assess.quality_substitution import (
    Filled,
    Step,
    capture_rate,
    gaps_to_fill,
    largest_before,
    mean_before,
)
from huanzhi.errors import InputError

LARGEST = np.iinfo(np.int64).max


class Origin(IntEnum):
    """Where the emission of an hour comes from."""

    MISSING = 0
    MEASURED = 1
    SUBSTITUTED = 2
    STOPPED = 3


@dataclass(frozen=True)
class Hours:
    """The hours of one outlet and parameter.

    Attributes
    ----------
    products : ndarray of int64, shape (n,)
        Content x flow; 0 where stopped, ``exact.MISSING`` where missing.
    origins : ndarray of int8, shape (n,)
        `Origin`.
    gaps : tuple of Filled
        Gaps with what was put in, by which rule; a value of None where the rule gives none.
    """

    products: Ints
    origins: npt.NDArray[np.int8]
    gaps: tuple[Filled, ...] = ()


def products(content: npt.ArrayLike, flow: npt.ArrayLike) -> Ints:
    """Multiply content and flow of each hour exactly.

    Parameters
    ----------
    content, flow : array_like of int64, shape (n,)
        Scaled integers, ``exact.MISSING`` where none.

    Raises
    ------
    InputError
        ``emission.too_large`` if the sum of the hours would not fit 64 bits: nothing is rounded instead.
    """
    one, other = np.asarray(content, dtype=np.int64), np.asarray(flow, dtype=np.int64)
    there = (one != MISSING) & (other != MISSING)
    one, other = np.where(there, one, 0), np.where(there, other, 0)
    if _largest(one) * _largest(other) * max(1, one.size) > LARGEST:
        raise InputError("emission.too_large", value=_largest(one))
    return np.where(there, one * other, MISSING)


def _largest(units: Ints) -> int:
    return int(np.abs(units).max()) if units.size else 0


def with_detection(content: npt.ArrayLike, below: npt.ArrayLike, share: Fraction) -> Ints:
    """Return contents in units finer by the denominator of `share`; what was not detected counts as it.

    Parameters
    ----------
    content : array_like of int64, shape (n,)
        Scaled integers; the limit of detection where `below`.
    share : Fraction
        Of the limit of detection, 0 to 1.
    """
    units, low = np.asarray(content, dtype=np.int64), np.asarray(below, dtype=bool)
    finer = np.where(low, share.numerator, share.denominator)
    return np.where(units == MISSING, MISSING, np.where(units == MISSING, 0, units) * finer)


def gas_hours(
    found: npt.ArrayLike,
    valid: npt.ArrayLike,
    operating: npt.ArrayLike,
    quarters: npt.ArrayLike,
    ladder: Sequence[Step],
) -> Hours:
    """Return the hours of waste gas, gaps filled by the largest emission before.

    Parameters
    ----------
    found : array_like of int64, shape (n,)
        From `products`.
    valid, operating : array_like of bool, shape (n,)
        Hours whose values hold; hours in which the outlet is not marked as stopped.
    quarters : array_like of int, shape (n,)
        Quarter of each hour: the capture that chooses the step is that of the quarter in which a gap begins.
    ladder : sequence of Step
        Empty where the parameter is none of HJ 75: nothing is put in.
    """
    good, runs = np.asarray(valid, dtype=bool), np.asarray(operating, dtype=bool)
    known = np.where(good & runs, np.asarray(found, dtype=np.int64), MISSING)
    good = known != MISSING
    gaps = gaps_to_fill(good, runs)
    captures = [_capture(good, runs, np.asarray(quarters), int(first)) for first, _ in gaps]
    filled = tuple(largest_before(known, good, gaps, captures, ladder))
    return _filled(known, runs, filled, None)


def _capture(valid: Mask, operating: Mask, quarters: npt.NDArray[np.int64], at: int) -> Fraction:
    inside = quarters == quarters[at]
    return capture_rate(valid[inside], operating[inside]) or Fraction(0)


def water_hours(
    content: npt.ArrayLike,
    flow: npt.ArrayLike,
    valid: npt.ArrayLike,
    operating: npt.ArrayLike,
    rule: str = "",
) -> Hours:
    """Return the hours of waste water; where only the content is missing, its mean before the gap is taken.

    Parameters
    ----------
    content, flow : array_like of int64, shape (n,)
        ``exact.MISSING`` where none.
    valid : array_like of bool, shape (n,)
        Hours whose content holds.
    rule : str
        Name of the rule of substitution; empty where the parameter has none and nothing is put in.
    """
    good, runs = np.asarray(valid, dtype=bool), np.asarray(operating, dtype=bool)
    units, volume = np.asarray(content, dtype=np.int64), np.asarray(flow, dtype=np.int64)
    good = good & runs & (units != MISSING)
    known = np.where(good, products(units, volume), MISSING)
    if not rule:
        return _filled(known, runs, (), volume)
    return _filled(known, runs, tuple(mean_before(units, good, gaps_to_fill(good, runs), rule)), volume)


def _filled(known: Ints, operating: Mask, gaps: tuple[Filled, ...], flow: Ints | None) -> Hours:
    """Put in what the gaps were filled with: an emission, or a content that is multiplied by the flow."""
    found = known.copy()
    origins = np.where(known == MISSING, Origin.MISSING, Origin.MEASURED).astype(np.int8)
    for gap in gaps:
        if gap.value is None:
            continue
        span = slice(gap.first, gap.last)
        values = np.full(gap.last - gap.first, gap.value, dtype=np.int64)
        found[span] = values if flow is None else products(values, flow[span])
        origins[span] = np.where(found[span] == MISSING, Origin.MISSING, Origin.SUBSTITUTED)
    origins[~operating] = Origin.STOPPED
    found[~operating] = 0
    return Hours(found, origins, gaps)
