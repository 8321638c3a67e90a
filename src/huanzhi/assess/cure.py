"""Cure 整改成效: whether the curve of a sensor shows that what it raised is over.

What counts are the valid values after the work was done: the last ones must all be within the limit, be
enough in number, and leave few gaps. A value that is missing or doubted by its device is no proof of
anything; no value at all is never a cure.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Healing:
    """What a curve shows.

    Attributes
    ----------
    proved : bool
    valid, over : int
        Valid values after the work, and how many of them are beyond the limit.
    run : int
        Valid values at the end of the curve that are all within it.
    share : Fraction
        Share of the values that were due in that run and are valid.
    """

    proved: bool
    valid: int
    over: int
    run: int
    share: Fraction


def healed(
    units: Ints,
    valid: Mask,
    times: Ints,
    *,
    low: int | None,
    high: int | None,
    need: int,
    step: int,
    share: Fraction,
) -> Healing:
    """Judge a curve from the end of the work on.

    Parameters
    ----------
    units : ndarray of int64, shape (t,)
        Values as scaled integers, in order of time.
    valid : ndarray of bool, shape (t,)
        Which of them count: measured, and not doubted by the device.
    times : ndarray of int64, shape (t,)
        Starts of the periods [s UTC].
    low, high : int, optional
        Limits at the same scale; a value equal to a limit keeps it. None where there is none.
    need : int
        Valid values that must be within the limits, without one beyond between them.
    step : int
        Seconds from one value to the next; 0 where they come at no fixed pace, then gaps do not count.
    share : Fraction
        Least share of the values due in the run that must be valid.

    Returns
    -------
    Healing
    """
    number, moment = units[valid], times[valid]
    beyond = np.zeros(number.shape, dtype=np.bool_)
    if low is not None:
        beyond |= number < low
    if high is not None:
        beyond |= number > high
    bad = np.flatnonzero(beyond)
    run = len(number) - (int(bad[-1]) + 1 if bad.size else 0)
    held = _share(moment[len(number) - run :], step)
    proved = run >= max(need, 1) and held >= share
    return Healing(proved, len(number), int(beyond.sum()), run, held)


def _share(times: Ints, step: int) -> Fraction:
    """Return the share of the values due between the first and the last that are there."""
    if times.size == 0:
        return Fraction(0)
    if step <= 0:
        return Fraction(1)
    due = int(times[-1] - times[0]) // step + 1
    return min(Fraction(int(times.size), due), Fraction(1))
