"""Remaining allowance 剩余空间: what the rest of a year may bring so that a target is still met, exactly.

A figure is reported at some decimals, rounded by GB/T 8170, and then compared with its target. So a target
of at most 35 µg/m³ at whole numbers is met by every exact mean up to 35.5 that rounds to 35 or less. What is
here works with the exact figures behind the rounding; the results are fed back and meet the target, and one
step further does not (`tests/assess/test_allowance.py`).

References
----------
.. [1] GB/T 8170-2008, 3.2 and 4.3 (修约值比较法: the rounded value is compared).
.. [2] HJ 663-2013, 附录A.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from huanzhi.assess.exact import half_even, round_fraction

OPERATORS = ("≤", "<", "≥", ">", "=", "~")
"""What can be judged; 左右 (≈) names no bounds and is not."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The exact figures that meet a target once they are rounded.

    Attributes
    ----------
    low, high : Fraction or None
        Ends, None where open.
    low_in, high_in : bool
        Whether the end itself meets it: it does where half to even rounds it the right way.
    empty : bool
        Whether no rounded figure can meet it, as one of 35.5 at whole numbers asked to be equal.
    """

    low: Fraction | None = None
    low_in: bool = False
    high: Fraction | None = None
    high_in: bool = False
    empty: bool = False

    def holds(self, value: Fraction) -> bool:
        """Return whether an exact figure meets the target."""
        above = self.low is None or value > self.low or (self.low_in and value == self.low)
        below = self.high is None or value < self.high or (self.high_in and value == self.high)
        return above and below and not self.empty


def bounds(op: str, target: Decimal, decimals: int, upper: Decimal | None = None) -> Bounds:
    """Return which exact figures meet a target when they are reported at `decimals`.

    Parameters
    ----------
    op : {"≤", "<", "≥", ">", "=", "~"}
    upper : Decimal, optional
        Upper end of a range ``~``.

    Raises
    ------
    ValueError
        If the operator is none of these.
    """
    scaled = Fraction(target) * 10**decimals
    if op in ("≤", "<"):
        return _up_to(floor(scaled) if op == "≤" else ceil(scaled) - 1, decimals)
    if op in ("≥", ">"):
        return _from(ceil(scaled) if op == "≥" else floor(scaled) + 1, decimals)
    if op not in OPERATORS:
        raise ValueError(op)
    last = Fraction(target if op == "=" or upper is None else upper) * 10**decimals
    lowest, highest = _from(ceil(scaled), decimals), _up_to(floor(last), decimals)
    return Bounds(lowest.low, lowest.low_in, highest.high, highest.high_in, empty=floor(last) < ceil(scaled))


def _up_to(units: int, decimals: int) -> Bounds:
    """Return the figures that round to `units` or less; a half goes down where `units` is even."""
    return Bounds(high=Fraction(2 * units + 1, 2 * 10**decimals), high_in=units % 2 == 0)


def _from(units: int, decimals: int) -> Bounds:
    return Bounds(low=Fraction(2 * units - 1, 2 * 10**decimals), low_in=units % 2 == 0)


def meets(value: Decimal, op: str, target: Decimal, upper: Decimal | None = None) -> bool:
    """Return whether a reported figure meets a target, compared as it stands."""
    if op == "~":
        return target <= value <= (target if upper is None else upper)
    return {
        "≤": value <= target,
        "<": value < target,
        "≥": value >= target,
        ">": value > target,
        "=": value == target,
    }[op]


def gap(value: Decimal, op: str, target: Decimal, upper: Decimal | None = None) -> Decimal:
    """Return how far a figure is from its target: above 0 what is lacking, 0 or below what is spare."""
    if op in ("≤", "<"):
        return value - target
    if op in ("≥", ">"):
        return target - value
    high = target if op == "=" or upper is None else upper
    return max(target - value, value - high)


@dataclass(frozen=True, slots=True)
class MeanAllowance:
    """What the rest may average.

    Attributes
    ----------
    exact : Fraction
        The mean of the rest that makes the whole exactly the target, before any rounding.
    limit : Decimal
        The last step, at the reported decimals, with which the target is still met.
    """

    exact: Fraction
    limit: Decimal

    @property
    def possible(self) -> bool:
        """Whether a quantity that is never below 0 can do it."""
        return self.limit >= 0


def mean_allowance(
    total: Fraction, count: int, left: int, op: str, target: Decimal, decimals: int
) -> MeanAllowance | None:
    """Return what the mean of the remaining days may be, None where none remain or the operator has two ends.

    Parameters
    ----------
    total, count : Fraction, int
        Exact sum of the days so far, and how many are valid.
    left : int
        Days that remain; all are taken to become valid.
    """
    if left <= 0 or op not in ("≤", "<", "≥", ">"):
        return None
    edge = bounds(op, target, decimals)
    whole = count + left
    step = 10**decimals
    if edge.high is not None:
        most = (edge.high * whole - total) / left * step
        units = floor(most) if edge.high_in else ceil(most) - 1
    else:
        assert edge.low is not None
        least = (edge.low * whole - total) / left * step
        units = ceil(least) if edge.low_in else floor(least) + 1
    exact = (Fraction(target) * whole - total) / left
    return MeanAllowance(exact, Decimal(units).scaleb(-decimals))


def joint_mean(parts: Sequence[tuple[Fraction, int]], decimals: int) -> Decimal:
    """Return the mean of several places' means, each rounded as it is reported.

    Parameters
    ----------
    parts : sequence of (Fraction, int)
        Exact sum of the days of each place, and how many are valid.
    """
    means = [rounded(total / count, decimals) for total, count in parts]
    return rounded(sum(map(Fraction, means), Fraction(0)) / len(means), decimals)


def joint_mean_allowance(
    parts: Sequence[tuple[Fraction, int]], left: int, op: str, target: Decimal, decimals: int
) -> MeanAllowance | None:
    """Return what the remaining days of several places may average, the same in each.

    The whole is the mean of the places' means, each rounded first: the last step is looked for beside the
    mean without rounding; the figure never falls as more comes, so that there is one.

    Parameters
    ----------
    parts : sequence of (Fraction, int)
        Exact sum of the days so far of each place, and how many are valid.
    left : int
        Days that remain in each place; all are taken to become valid.
    """
    if left <= 0 or not parts or op not in ("≤", "<", "≥", ">"):
        return None
    fixed = sum((total / (count + left) for total, count in parts), Fraction(0))
    moved = sum((Fraction(left, count + left) for _, count in parts), Fraction(0))
    exact = (Fraction(target) * len(parts) - fixed) / moved

    def met(units: int) -> bool:
        each = Fraction(units, 10**decimals) * left
        whole = [(total + each, count + left) for total, count in parts]
        return meets(joint_mean(whole, decimals), op, target)

    further = 1 if op in ("≤", "<") else -1
    units = floor(exact * 10**decimals)
    while met(units + further):
        units += further
    while not met(units):
        units -= further
    return MeanAllowance(exact, Decimal(units).scaleb(-decimals))


def share(part: int, whole: int, decimals: int) -> Decimal | None:
    """Return a share [%] rounded by GB/T 8170, None of nothing."""
    if whole <= 0:
        return None
    return Decimal(half_even(100 * part * 10**decimals, whole)).scaleb(-decimals)


def failures_allowed(good: int, count: int, left: int, op: str, target: Decimal, decimals: int) -> int | None:
    """Return how many of the units that remain may fail 还可出现的不达标天数 while the share is still met.

    Parameters
    ----------
    good, count : int
        Good ones so far, and how many are valid.
    left : int
        Units that remain, all of which become valid.

    Returns
    -------
    int or None
        Below 0: so many more would have to have been good, it cannot be met any more. `left` or more:
        it is met whatever comes. None where the operator asks for no high share.
    """
    if op not in ("≥", ">"):
        return None
    edge = bounds(op, target, decimals)
    assert edge.low is not None
    spare = Fraction(good + left) - edge.low * (count + left) / 100
    return floor(spare) if edge.low_in else ceil(spare) - 1


def occurrences_allowed(
    bad: int, count: int, left: int, op: str, target: Decimal, decimals: int
) -> int | None:
    """Return how many of the units that remain may be of the bad kind, of a share that has to stay low."""
    if op not in ("≤", "<"):
        return None
    edge = bounds(op, target, decimals)
    assert edge.high is not None
    spare = edge.high * (count + left) / 100 - bad
    return floor(spare) if edge.high_in else ceil(spare) - 1


def days_above_allowed(
    days: Sequence[Fraction], left: int, percent: int, op: str, target: Decimal, decimals: int
) -> int | None:
    """Return how many of the remaining days may lie above a target of a percentile, whatever they are.

    The percentile of HJ 663 lies between two days in their order; if the upper of the two keeps the target
    the percentile does. That is enough, not necessary: a day just above may do no harm.

    Parameters
    ----------
    days : sequence of Fraction
        Valid days so far.
    percent : int
        Percentile, 90 for the daily ozone.
    """
    if op not in ("≤", "<") or left < 0 or (not days and not left):
        return None
    edge = bounds(op, target, decimals)
    assert edge.high is not None
    whole = len(days) + left
    below, rest = divmod((whole - 1) * percent, 100)
    top = below + (1 if rest else 0)
    return whole - 1 - top - sum(not edge.holds(day) for day in days)


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Return an exact figure as it is reported."""
    return Decimal(round_fraction(value, decimals)).scaleb(-decimals)
