"""Exact decimal arithmetic on arrays: scaled integers, GB/T 8170 rounding, means and percentiles.

A figure that a standard rounds is never summed in floating point. A value is held as an ``int64`` number
of units of ``10**-decimals``; :data:`MISSING` marks a missing value. All results are the same to the digit
on every engine and machine.

References
----------
.. [1] GB/T 8170-2008, 3.2 (修约: round half to even).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MISSING = np.iinfo(np.int64).min
"""The missing value of a scaled-integer array."""

FINE = 9
"""Decimals at which a binary float is taken to be the decimal text it was read from."""


def to_scaled(values: npt.ArrayLike, decimals: int = FINE) -> Ints:
    """Turn numbers into scaled integers, reading a float as the decimal it stands for.

    Parameters
    ----------
    values : array_like of float
        NaN where missing.
    decimals : int
        Decimals kept. Digits beyond them are rounded half to even.

    Returns
    -------
    ndarray of int64, same shape
        `values` × 10**decimals; :data:`MISSING` where NaN or infinite.
    """
    numbers = np.asarray(values, dtype=np.float64)
    fine = max(decimals, min(FINE, _safe_decimals(numbers)))
    scaled = np.rint(np.where(np.isfinite(numbers), numbers, 0.0) * 10.0**fine)
    units = np.where(np.isfinite(numbers), scaled, 0).astype(np.int64)
    units[~np.isfinite(numbers)] = MISSING
    return rescale(units, fine, decimals)


def to_floats(units: npt.ArrayLike, decimals: int) -> Floats:
    """Turn scaled integers into floats, NaN where missing; the nearest float to the exact decimal."""
    integers = np.asarray(units, dtype=np.int64)
    return np.where(integers == MISSING, np.nan, integers / 10.0**decimals)


def rescale(units: npt.ArrayLike, decimals: int, wanted: int) -> Ints:
    """Change the number of decimals, rounding by GB/T 8170 where digits are dropped.

    Parameters
    ----------
    units : array_like of int64
        Numbers of 10**-`decimals`; :data:`MISSING` stays missing.
    decimals, wanted : int
        Decimals before and after.
    """
    integers = np.asarray(units, dtype=np.int64)
    if wanted >= decimals:
        return np.where(integers == MISSING, MISSING, integers * 10 ** (wanted - decimals))
    return divide_half_even(integers, np.int64(10 ** (decimals - wanted)))


def round_decimal(values: npt.ArrayLike, decimals: int) -> Floats:
    """Round decimal numbers by GB/T 8170 (2.675 → 2.68 and 2.665 → 2.66 at two decimals)."""
    return to_floats(to_scaled(values, decimals), decimals)


def divide_half_even(numerator: npt.ArrayLike, divisor: npt.ArrayLike) -> Ints:
    """Divide integers and round half to even; missing where `numerator` is missing or `divisor` is 0."""
    top, bottom = np.broadcast_arrays(
        np.asarray(numerator, dtype=np.int64), np.asarray(divisor, dtype=np.int64)
    )
    gone = (top == MISSING) | (bottom == 0)
    top, bottom = np.where(gone, 0, top), np.where(gone, 1, bottom)
    quotient, rest = np.divmod(top, bottom)
    twice = 2 * np.abs(rest)
    up = (twice > np.abs(bottom)) | ((twice == np.abs(bottom)) & (quotient % 2 == 1))
    result: Ints = np.where(gone, MISSING, quotient + up)
    return result


def half_even(numerator: int, divisor: int) -> int:
    """Divide whole numbers of any size, `divisor` above 0, and round half to even."""
    quotient, rest = divmod(numerator, divisor)
    return quotient + (2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1))


def divide_up(numerator: npt.ArrayLike, divisor: npt.ArrayLike) -> Ints:
    """Divide integers and round up to the next integer; missing stays missing."""
    top = np.asarray(numerator, dtype=np.int64)
    quotient = -(-np.where(top == MISSING, 0, top) // np.asarray(divisor, dtype=np.int64))
    return np.where(top == MISSING, MISSING, quotient)


def count(units: npt.ArrayLike, axis: int = -1) -> Ints:
    """Count the values that are not missing along `axis`."""
    number: Ints = np.sum(np.asarray(units) != MISSING, axis=axis, dtype=np.int64)
    return number


def mean(units: npt.ArrayLike, decimals: int, wanted: int, axis: int = -1) -> Ints:
    """Average scaled integers along `axis`, skipping missing ones, rounded once by GB/T 8170.

    Parameters
    ----------
    units : array_like of int64
        Numbers of 10**-`decimals`.
    wanted : int
        Decimals of the mean.

    Returns
    -------
    ndarray of int64
        Numbers of 10**-`wanted`; missing where no value is there.
    """
    integers = np.asarray(units, dtype=np.int64)
    present = integers != MISSING
    total = np.sum(np.where(present, integers, 0), axis=axis, dtype=np.int64)
    return ratio(total, np.sum(present, axis=axis, dtype=np.int64), decimals, wanted)


def ratio(total: npt.ArrayLike, number: npt.ArrayLike, decimals: int, wanted: int) -> Ints:
    """Divide a scaled `total` by a plain `number`, rounded to `wanted` decimals; missing where 0."""
    top = np.asarray(total, dtype=np.int64)
    if wanted >= decimals:
        return divide_half_even(np.where(top == MISSING, MISSING, top * 10 ** (wanted - decimals)), number)
    return divide_half_even(top, np.asarray(number, dtype=np.int64) * 10 ** (decimals - wanted))


def percentile(units: npt.ArrayLike, percent: int, decimals: int, wanted: int) -> int:
    """Return a percentile of one series by the formula of HJ 663, exactly.

    With the n values that are there in ascending order, k = 1 + (n-1)·p and s = floor(k), the percentile
    is X(s) + (X(s+1) - X(s))·(k - s).

    Parameters
    ----------
    units : array_like of int64, shape (n,)
        Numbers of 10**-`decimals`; missing ones are skipped.
    percent : int
        0 to 100.

    Returns
    -------
    int
        Number of 10**-`wanted`; :data:`MISSING` where no value is there.

    References
    ----------
    .. [1] HJ 663-2013, A.6, 式 A.3, A.4.
    """
    integers = np.asarray(units, dtype=np.int64)
    ordered = np.sort(integers[integers != MISSING])
    if ordered.size == 0:
        return MISSING
    below, rest = divmod((ordered.size - 1) * percent, 100)
    low = int(ordered[below])
    high = int(ordered[min(below + 1, ordered.size - 1)])
    return round_fraction(Fraction(low * 100 + (high - low) * rest, 100 * 10**decimals), wanted)


def round_fraction(value: Fraction, decimals: int) -> int:
    """Round an exact fraction by GB/T 8170 and return the number of 10**-`decimals`."""
    scaled: int = round(value * 10**decimals)
    return scaled


def _safe_decimals(numbers: Floats) -> int:
    """Return how many decimals fit both a float's 15 digits and an int64 for the largest value."""
    finite = np.abs(numbers[np.isfinite(numbers)])
    largest = float(finite.max()) if finite.size else 0.0
    return max(0, 15 - len(str(int(largest))))
