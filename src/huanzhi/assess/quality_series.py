"""Checks of one series 单序列检查: range, rate of change, flat line, repeated pattern, clipping, gaps.

Every function takes scaled integers on a dense axis with ``exact.MISSING`` where no value is to be checked,
and gives a mask of the same shape. What is not there is never found wrong, except by `gaps`. The thresholds
come from the tables QUALITY CHECKS; here they are arguments.
"""

from __future__ import annotations

from math import ceil, log, sqrt

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, Ints

Mask = npt.NDArray[np.bool_]

_OFTEN = 10
"""Cases from which a share can be told; fewer count for less."""


def runs(mask: npt.ArrayLike) -> Ints:
    """Return the stretches where `mask` holds, as rows of first and last + 1.

    Returns
    -------
    ndarray of int64, shape (r, 2)
    """
    padded = np.concatenate([[False], np.asarray(mask, dtype=bool), [False]])
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return edges.reshape(-1, 2).astype(np.int64)


def longer_than(mask: npt.ArrayLike, least: int) -> Mask:
    """Keep the stretches of `mask` that are at least `least` steps long."""
    whole = np.zeros(np.shape(mask)[0], dtype=bool)
    for first, last in runs(mask):
        whole[first:last] = last - first >= least
    return whole


def out_of_range(units: npt.ArrayLike, low: int | None, high: int | None) -> Mask:
    """Mark values below `low` or above `high` 超量程; both ends are allowed values.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
        :data:`~huanzhi.assess.exact.MISSING` where none.
    low, high : int or None
        In the same units; None where that end is open.
    """
    values = np.asarray(units, dtype=np.int64)
    outside = np.zeros(values.shape, dtype=bool)
    if low is not None:
        outside |= values < low
    if high is not None:
        outside |= values > high
    found: Mask = outside & (values != MISSING)
    return found


def rate_of_change(units: npt.ArrayLike, step: int, factor: int) -> Mask:
    """Mark values that jump 突变 from the value one step before.

    A jump is larger than `step` and larger than `factor` times the median step of the series. A value that
    only comes back from a spike of one step is not marked.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
    step : int
        Smallest change that counts, in the same units.
    factor : int
        How many times the median of the absolute changes.
    """
    values = np.asarray(units, dtype=np.int64)
    found = np.zeros(values.shape, dtype=bool)
    change = differences(values, 1)
    there = change != MISSING
    if not there.any():
        return found
    bound = max(step, factor * int(np.median(change[there])))
    found[1:] = there & (change > bound)
    back = differences(values, 2)
    returned = found[2:] & found[1:-1] & (back != MISSING) & (back <= bound)
    found[2:] &= ~returned
    return found


def differences(values: Ints, lag: int) -> Ints:
    """Return the absolute change over `lag` steps, missing where either end is; shape (n - lag,)."""
    before, after = values[:-lag], values[lag:]
    gone = (before == MISSING) | (after == MISSING)
    return np.where(gone, MISSING, np.abs(np.where(gone, 0, after - before)))


def flat_line(units: npt.ArrayLike, least: int, most: int, alpha: float) -> Mask:
    """Mark stretches of one and the same value 恒值 that are too long to be chance.

    How long is too long follows from the series itself: with the share p of stretches (of that value, where
    it is frequent) longer than one, a stretch of k is too long when p^(k-1) < `alpha`, but never under
    `least` nor over `most` values.
    Missing steps do not break a stretch and are not counted.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
    least, most : int
        Bounds of the length [values].
    alpha : float
        Chance of a false finding that is accepted for each stretch.
    """
    values = np.asarray(units, dtype=np.int64)
    places = np.flatnonzero(values != MISSING)
    found = np.zeros(values.shape, dtype=bool)
    if places.size == 0:
        return found
    present = values[places]
    starts = np.flatnonzero(np.concatenate([[True], present[1:] != present[:-1]]))
    lengths = np.diff(np.append(starts, present.size))
    wanted = _flat_lengths(present[starts], lengths, alpha, least, most)
    found[places] = np.repeat(lengths >= wanted, lengths)
    return found


def _flat_lengths(values: Ints, lengths: Ints, alpha: float, least: int, most: int) -> Ints:
    """Return for each stretch from which length on it is no chance.

    A value that the series takes often has a share of its own: what is measured most, lasts longest.
    """
    _, kind, number = np.unique(values, return_inverse=True, return_counts=True)
    longer = np.bincount(kind, weights=lengths > 1)
    common = _chance_length(
        _upper(float(np.mean(lengths > 1)), lengths.size), 1.0, alpha, least - 1, most - 1
    )
    wanted = np.full(number.size, common + 1, dtype=np.int64)
    for each in np.flatnonzero(number >= _OFTEN):
        share = _upper(float(longer[each] / number[each]), int(number[each]))
        own = _chance_length(share, 1.0, alpha, least - 1, most - 1) + 1
        wanted[each] = max(own, common + 1)
    found: Ints = wanted[kind]
    return found


def _upper(share: float, number: int) -> float:
    """Return the upper end of a share that was estimated from `number` cases."""
    return min(share + 2.0 * sqrt(share * (1.0 - share) / number), 1.0)


def repeated_pattern(units: npt.ArrayLike, least: int, most: int, distinct: int, alpha: float) -> Mask:
    """Mark stretches that repeat an earlier stretch value for value 重复数据.

    The length that counts follows from the series: of the pairs of steps that begin to agree, a share q
    agrees one step later too; a stretch of k is no chance when q^(k-1) × (number of such pairs) < `alpha`.
    It is bounded by `least` and `most`.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
    least, most : int
        Bounds of the length [steps].
    distinct : int
        Different values that a stretch must hold; a flat line is no pattern.

    Returns
    -------
    ndarray of bool, shape (n,)
        The later stretches, not the one that they repeat.
    """
    values = np.asarray(units, dtype=np.int64)
    found = np.zeros(values.shape, dtype=bool)
    present = values[values != MISSING]
    if present.size <= least:
        return found
    one, two, three = (_agreeing(present, length) for length in (1, 2, 3))
    begin, go_on = max(one - two, 0), max(two - three, 0)
    share = (go_on + 1) / (begin + _OFTEN)
    width = _chance_length(min(share, 1.0), begin, alpha, least - 1, most - 1) + 1
    for place in _repeats(values, width, distinct):
        found[place : place + width] = True
    return found


def clipped_under(units: npt.ArrayLike, limit: int, band: int, least: int, factor: int) -> Mask:
    """Mark values that crowd just under a limit which nothing passes 削峰.

    Values in (`limit` - `band`, `limit`] are marked when there are at least `least` of them, more than
    `factor` times as many as in the band below, and no value above the limit.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
    limit, band : int
        In the same units.
    """
    values = np.asarray(units, dtype=np.int64)
    there = values != MISSING
    crowd = there & (values > limit - band) & (values <= limit)
    below = there & (values > limit - 2 * band) & (values <= limit - band)
    above = there & (values > limit)
    number = int(crowd.sum())
    if above.any() or number < least or number <= factor * int(below.sum()):
        crowd = np.zeros(values.shape, dtype=bool)
    found: Mask = crowd
    return found


def plateau_under(units: npt.ArrayLike, limit: int, band: int, least: int, alpha: float) -> Mask:
    """Mark stretches just under a limit that are too calm to be chance 限值下平台.

    A stretch lies in (`limit` - `band`, `limit`]; with the share F of the steps of the whole series that are
    no larger than the largest step of the stretch, k values are too calm when F^(k-1) < `alpha`. A value at
    either end may belong to the time before or after, and is left out where the rest is calm without it.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
    limit, band : int
        In the same units.
    least : int
        Shortest stretch [values].
    """
    values = np.asarray(units, dtype=np.int64)
    found = np.zeros(values.shape, dtype=bool)
    change = differences(values, 1)
    steps = np.sort(change[change != MISSING])
    for first, last in runs((values != MISSING) & (values > limit - band) & (values <= limit)).tolist():
        for begin, end in ((first, last), (first + 1, last), (first, last - 1), (first + 1, last - 1)):
            if end - begin >= max(least, 2) and _calm(change[begin : end - 1], steps) < alpha:
                found[begin:end] = True
                break
    return found


def _calm(change: Ints, steps: Ints) -> float:
    """Return the chance that so many steps of a series, given in order, are no larger than these."""
    share = float(np.searchsorted(steps, change.max(), side="right")) / steps.size
    return share**change.size


def gaps(states_missing: npt.ArrayLike, least: int) -> Mask:
    """Mark stretches without a value 缺失 of at least `least` steps."""
    return longer_than(states_missing, least)


def _chance_length(chance: float, trials: float, alpha: float, least: int, most: int) -> int:
    """Return the length k at which trials × chance^k falls under `alpha`, bounded."""
    if chance <= 0.0:
        return least
    if chance >= 1.0:
        return most
    return min(max(ceil(log(alpha / max(trials, 1.0)) / log(chance)), least), most)


def _agreeing(values: Ints, length: int) -> int:
    """Return how many pairs of stretches of a length are the same."""
    stretches = np.lib.stride_tricks.sliding_window_view(values, length)
    _, counts = np.unique(stretches, axis=0, return_counts=True)
    return int(np.sum(counts * (counts - 1)) // 2)


def _repeats(values: Ints, width: int, distinct: int) -> Ints:
    """Return where stretches begin that stood earlier, without overlap, with enough different values."""
    if values.size < 2 * width:
        return np.empty(0, np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(values, width)
    whole = np.flatnonzero((windows != MISSING).all(axis=1))
    if whole.size == 0:
        return np.empty(0, np.int64)
    _, first, same = np.unique(windows[whole], axis=0, return_index=True, return_inverse=True)
    later = whole - whole[first[same.reshape(-1)]] >= width
    candidates: Ints = whole[later]
    rich = [np.unique(windows[place]).size >= distinct for place in candidates]
    found: Ints = candidates[np.asarray(rich, dtype=bool)]
    return found
