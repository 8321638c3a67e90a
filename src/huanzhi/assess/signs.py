"""Signs 迹象: kernels over the newest minutes of many series at once; shapes (n series, t minutes).

NaN is missing and never a sign. Thresholds are arguments; they stand in the tables of those who ask.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def over(values: Floats, limits: Floats, least: int) -> Mask:
    """Return which series end above their limit, with at least `least` of the values above; shape (n,)."""
    above = values > limits[:, None]
    found: Mask = above[:, -1] & (above.sum(axis=1) >= least)
    return found


def equal_run(values: Floats, least: int) -> tuple[Mask, Mask]:
    """Return which series show one and the same value, and which show nothing but zero; shapes (n,)."""
    low, high, number = _least(values), _most(values), (~np.isnan(values)).sum(axis=1)
    same = (number >= least) & (low == high)
    return same, same & (low == 0)


def calm_under(values: Floats, limits: Floats, band: float, spread: float, least: int) -> Mask:
    """Return which series stay within `band` (a share) under their limit, relative spread under `spread`."""
    number = (~np.isnan(values)).sum(axis=1)
    inside = (_least(values) > limits * (1 - band)) & (_most(values) <= limits)
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = _quiet(np.nanstd, values) / _quiet(np.nanmean, values)
    found: Mask = (number >= least) & inside & (relative < spread)
    return found


def copied(values: Floats, earlier: Floats, least: int, distinct: int) -> tuple[Mask, Mask]:
    """Return which series repeat an earlier time value for value, and which can be compared at all.

    At least `least` pairs, all of them equal, with `distinct` different values among them.
    """
    both = ~np.isnan(values) & ~np.isnan(earlier)
    enough = both.sum(axis=1) >= least
    equal = np.where(both, values == earlier, True).all(axis=1)
    ordered = np.sort(np.where(both, values, np.inf), axis=1)
    changes = (ordered[:, 1:] != ordered[:, :-1]) & np.isfinite(ordered[:, 1:])
    kinds = changes.sum(axis=1) + 1
    return enough & equal & (kinds >= distinct), enough


def under_usual(ratio: Floats, recent: int, share: float, enough: int) -> Mask:
    """Return which series end with `recent` values all under `share` of the median of those before."""
    before, now = ratio[:, :-recent], ratio[:, -recent:]
    known = (~np.isnan(before)).sum(axis=1) >= enough
    usual = _quiet(np.nanmedian, before)
    found: Mask = known & (now < share * usual[:, None]).all(axis=1)
    return found


def deviation(values: Floats, standards: Floats, least: int) -> Floats:
    """Return the relative deviation of the mean from a standard; NaN under `least` values; shape (n,)."""
    number = (~np.isnan(values)).sum(axis=1)
    mean = _quiet(np.nanmean, values)
    return np.where(number >= least, mean / standards - 1.0, np.nan)


def mean(values: Floats, least: int = 1) -> Floats:
    """Return the mean of each series; NaN under `least` values; shape (n,)."""
    number = (~np.isnan(values)).sum(axis=1)
    return np.where(number >= least, _quiet(np.nanmean, values), np.nan)


def middle(values: Floats) -> float:
    """Return the median of what is there; NaN where nothing is."""
    there = values[~np.isnan(values)]
    return float(np.median(there)) if there.size else float("nan")


def middles(values: Floats) -> Floats:
    """Return the median of all series at each minute; shape (t,)."""
    return _quiet(np.nanmedian, values.T)


def middle_of_each(values: Floats) -> Floats:
    """Return the median of each series; shape (n,)."""
    return _quiet(np.nanmedian, values)


def _least(values: Floats) -> Floats:
    return _quiet(np.nanmin, values)


def _most(values: Floats) -> Floats:
    return _quiet(np.nanmax, values)


def _quiet(kernel: object, values: Floats) -> Floats:
    """Return a kernel over the last axis; NaN without a word where a series is all NaN."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found: Floats = kernel(values, axis=1)  # type: ignore[operator]
    return found
