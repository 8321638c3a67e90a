"""Checks between series 关联检查: contradictions of parameters, electricity, neighbours, working states.

Arrays are scaled integers on one dense axis with ``exact.MISSING`` where no value is to be checked; nothing
is found where one side is missing. Thresholds come from the tables QUALITY CHECKS.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, Ints
from huanzhi.assess.quality_series import Mask, longer_than, runs


def part_above_whole(part: npt.ArrayLike, whole: npt.ArrayLike, absolute: int, percent: int) -> Mask:
    """Mark steps where a part is above its whole 倒挂: PM2.5 above PM10, NO2 above NOx, NH3-N above TN.

    Parameters
    ----------
    part, whole : array_like of int64, shape (n,)
        In the same units.
    absolute, percent : int
        What two instruments may differ: both are allowed, the absolute part in the same units.
    """
    one, other = np.asarray(part, dtype=np.int64), np.asarray(whole, dtype=np.int64)
    there = (one != MISSING) & (other != MISSING)
    safe_one, safe_other = np.where(there, one, 0), np.where(there, other, 0)
    found: Mask = there & (100 * (safe_one - absolute) > (100 + percent) * safe_other)
    return found


def ratio_break(one: npt.ArrayLike, other: npt.ArrayLike, factor: float, least: int) -> Mask:
    """Mark stretches where the ratio of two parameters leaves its own median by more than `factor`.

    Parameters
    ----------
    one, other : array_like of int64, shape (n,)
        Only steps where both are above 0 count.
    factor : float
        Above 1; both ways.
    least : int
        Length of a stretch [steps].
    """
    top, bottom = np.asarray(one, dtype=np.int64), np.asarray(other, dtype=np.int64)
    there = (top > 0) & (bottom > 0)
    found = np.zeros(top.shape, dtype=bool)
    if not there.any():
        return found
    ratio = np.log(top[there] / bottom[there])
    found[there] = np.abs(ratio - np.median(ratio)) > np.log(factor)
    return longer_than(found, least)


def diluted(flow: npt.ArrayLike, concentration: npt.ArrayLike, more: int, less: int, least: int) -> Mask:
    """Mark stretches of `more` times the median flow with under 1/`less` of the median concentration.

    Parameters
    ----------
    flow, concentration : array_like of int64, shape (n,)
    least : int
        Length of a stretch [steps].
    """
    volume, content = np.asarray(flow, dtype=np.int64), np.asarray(concentration, dtype=np.int64)
    there = (volume > 0) & (content != MISSING)
    if not there.any():
        return np.zeros(volume.shape, dtype=bool)
    usual_volume, usual_content = np.median(volume[there]), np.median(content[there])
    together = there & (volume >= more * usual_volume)
    together &= np.where(there, content, 0) * float(less) <= usual_content
    return longer_than(together, least)


def working(power: npt.ArrayLike, percent: int, rated: int | None = None) -> Ints:
    """Tell from electricity whether a line works: 1 works, 0 stands, MISSING unknown.

    Parameters
    ----------
    power : array_like of int64, shape (n,)
    percent : int
        Share of the reference above which it works.
    rated : int, optional
        Rated power in the same units; without it the 90th percentile of the series is the reference.
    """
    load = np.asarray(power, dtype=np.int64)
    there = load != MISSING
    if not there.any():
        return np.full(load.shape, MISSING, dtype=np.int64)
    reference = rated if rated is not None else int(np.sort(load[there])[int(0.9 * (there.sum() - 1))])
    on = (np.where(there, load, 0) * 100 > percent * reference) & (load > 0)
    return np.where(there, on, MISSING).astype(np.int64)


def silent_while_working(production: npt.ArrayLike, outlet: npt.ArrayLike, least: int) -> Mask:
    """Mark stretches in which production works and the outlet shows nothing 与用电不符.

    Parameters
    ----------
    production, outlet : array_like of int64, shape (n,)
        1 works, 0 stands, MISSING unknown.
    least : int
        Length of a stretch [steps]; shorter ones are the way from the line to the outlet.
    """
    return longer_than((np.asarray(production) == 1) & (np.asarray(outlet) == 0), least)


def less_than_load(
    flow: npt.ArrayLike, load: npt.ArrayLike, works: npt.ArrayLike, percent: int, factor: float, least: int
) -> Mask:
    """Mark stretches with less flow for the electricity than is usual 排放与用电不成比例.

    Parameters
    ----------
    flow, load : array_like of int64, shape (n,)
        Flow of the outlet, and power of all production lines; only steps with both above 0 count.
    works : array_like of int64, shape (n,)
        1 where production works.
    percent : int
        By how much less than the median ratio, at least.
    factor : float
        How many times the median absolute deviation of the logarithm of the ratio.
    least : int
        Length of a stretch [steps].
    """
    volume, power = np.asarray(flow, dtype=np.int64), np.asarray(load, dtype=np.int64)
    there = (volume > 0) & (power > 0) & (np.asarray(works) == 1)
    found = np.zeros(volume.shape, dtype=bool)
    if not there.any():
        return found
    ratio = np.log(volume[there] / power[there])
    off = ratio - np.median(ratio)
    found[there] = off < -max(-np.log1p(-percent / 100), factor * float(np.median(np.abs(off))))
    return longer_than(found, least)


def neighbours_apart(
    own: npt.ArrayLike,
    others: npt.ArrayLike,
    *,
    step: int,
    percent: int,
    factor: float,
    least: int,
    enough: int,
) -> Mask:
    """Mark stretches in which a series leaves the median of its neighbours 与周边不一致.

    A station that is always higher or lower is not apart: the usual ratio counts, not 1.

    Parameters
    ----------
    own : array_like of int64, shape (n,)
    others : array_like of int64, shape (k, n)
        Same parameter, same units.
    step : int
        Smallest distance from the median of the neighbours that counts.
    percent : int
        By how much the ratio leaves its own median, at least, upwards or (as its inverse) downwards.
    factor : float
        How many times the median absolute deviation of the logarithm of the ratio.
    least : int
        Length of a stretch [steps].
    enough : int
        Neighbours that a step needs.
    """
    values, middle = np.asarray(own, dtype=np.int64), _median(np.asarray(others, dtype=np.int64), enough)
    there = (values > 0) & (middle > 0)
    found = np.zeros(values.shape, dtype=bool)
    if not there.any():
        return found
    ratio = np.log(values[there] / middle[there])
    usual = float(np.median(ratio))
    off = np.abs(ratio - usual)
    apart = off > max(float(np.log1p(percent / 100)), factor * float(np.median(off)))
    found[there] = apart & (np.abs(values[there] - middle[there] * np.exp(usual)) > step)
    return longer_than(found, least)


def _median(others: Ints, enough: int) -> Ints:
    """Return the median of each column of shape (k, n), MISSING where fewer than `enough` are there."""
    there = others != MISSING
    number = there.sum(axis=0)
    ordered = np.sort(np.where(there, others, np.iinfo(np.int64).max), axis=0)
    columns, safe = np.arange(others.shape[1]), np.maximum(number, 1)
    low, high = ordered[(safe - 1) // 2, columns], ordered[safe // 2, columns]
    known = number >= max(enough, 1)
    return np.where(known, np.where(known, low, 0) + np.where(known, high - low, 0) // 2, MISSING)


def drifted(readings: npt.ArrayLike, standard: int, percent: int) -> Mask:
    """Mark the time up to a check that fails 标样核查不合格, from the last one that passed.

    Parameters
    ----------
    readings : array_like of int64, shape (n,)
        What the instrument read of the standard; MISSING where there was no check.
    standard : int
        What the standard holds, in the same units.
    percent : int
        How far a reading may be off.
    """
    read = np.asarray(readings, dtype=np.int64)
    found = np.zeros(read.shape, dtype=bool)
    begin = 0
    for at in np.flatnonzero(read != MISSING).tolist():
        failed = 100 * abs(int(read[at]) - standard) > percent * standard
        found[begin : at + 1] = failed
        begin = at + 1
    return found


def start_up(running: npt.ArrayLike, steps: int) -> Mask:
    """Mark the first `steps` of every run 启动 that begins inside the series.

    Parameters
    ----------
    running : array_like of int64, shape (n,)
        1 runs, 0 stands, MISSING unknown; a start is known only after a step that stands.
    """
    state = np.asarray(running, dtype=np.int64)
    found = np.zeros(state.shape, dtype=bool)
    for first, last in runs(state == 1):
        if first > 0 and state[first - 1] == 0:
            found[first : min(first + steps, last)] = True
    return found


def stopping(running: npt.ArrayLike, steps: int) -> Mask:
    """Mark the last `steps` of every run 停运过程 that ends inside the series."""
    return start_up(np.asarray(running, dtype=np.int64)[::-1], steps)[::-1].copy()
