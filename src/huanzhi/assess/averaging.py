"""Averages of air quality 平均值统计: moving 8 h, day, month, quarter, year, city, with their completeness.

All arrays are scaled integers (`huanzhi.assess.exact`) with time on the last axis; `exact.MISSING` is
missing, and the result is missing where the data are not complete enough. Every average is rounded once by
GB/T 8170.

A China air day is the 24 hours that begin at 00:00 to 23:00; the national platform labels an hour by its end
and calls them 01:00 to 24:00.

References
----------
.. [1] GB 3095-2012, 6.4 表4.
.. [2] HJ 663-2013, 6.1, 6.2, A.6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from huanzhi.assess import exact
from huanzhi.assess.exact import MISSING, Ints
from huanzhi.standards import Edition
from huanzhi.standards.air import Statistic, Validity, points_needed
from huanzhi.standards.periods import Period

HOURS = 24


@dataclass(frozen=True, slots=True)
class Averages:
    """Averages over months, quarters or years.

    Attributes
    ----------
    starts : tuple of date, length k
        First day of each period.
    units : ndarray of int64, shape (..., k)
        `exact.MISSING` where there are too few days.
    days : ndarray of int64, shape (..., k)
        Valid days in each period.
    """

    starts: tuple[date, ...]
    units: Ints
    days: Ints


def by_day(hours: npt.ArrayLike) -> Ints:
    """Split whole days of hours, shape (..., 24·d), into days, shape (..., d, 24).

    The first hour is the one that begins at 00:00 China time.

    Raises
    ------
    ValueError
        If the last axis is not whole days.
    """
    array = np.asarray(hours, dtype=np.int64)
    return array.reshape(*array.shape[:-1], array.shape[-1] // HOURS, HOURS)


def moving_mean(hours: npt.ArrayLike, decimals: int, wanted: int, window: int, minimum: int) -> Ints:
    """Moving mean 滑动平均 of the `window` hours that end with each hour.

    Parameters
    ----------
    hours : array_like of int64, shape (..., t)
        Numbers of 10**-`decimals`.
    wanted : int
        Decimals of the mean.
    minimum : int
        Fewest valid hours in a window.

    Returns
    -------
    ndarray of int64, shape (..., t)
        Before the first full window the mean is that of the hours there are.
    """
    array = np.asarray(hours, dtype=np.int64)
    present = array != MISSING
    total = _window_sums(np.where(present, array, 0), window)
    number = _window_sums(present.astype(np.int64), window)
    return exact.ratio(np.where(number < minimum, MISSING, total), number, decimals, wanted)


def _window_sums(values: Ints, window: int) -> Ints:
    sums = np.cumsum(values, axis=-1)
    sums[..., window:] -= sums[..., :-window].copy()
    return sums


def mean_of(values: npt.ArrayLike, decimals: int, wanted: int, minimum: int) -> Ints:
    """Mean over the last axis, missing with fewer than `minimum` values."""
    array = np.asarray(values, dtype=np.int64)
    means = exact.mean(array, decimals, wanted)
    return np.where(exact.count(array) < minimum, MISSING, means)


def day_max_hour(days: npt.ArrayLike) -> Ints:
    """Daily maximum of the hours, shape (..., 24) → (...); missing where no hour is valid."""
    highest: Ints = np.max(np.asarray(days, dtype=np.int64), axis=-1)
    return highest


def day_max_eight_hours(
    days: npt.ArrayLike, decimals: int, wanted: int, rule: Validity, limit: Decimal
) -> Ints:
    """Daily maximum of the 8 h mean 日最大8小时平均.

    Parameters
    ----------
    days : array_like of int64, shape (..., 24)
        The hours of each day, numbers of 10**-`decimals`.
    wanted : int
        Decimals of the means.
    rule : Validity
        Windows that end at hours 08 to 24, at least 14 valid ones, each of at least 6 hours.
    limit : Decimal
        The limit above which a day with fewer valid means is valid too.

    Returns
    -------
    ndarray of int64, shape (...)

    References
    ----------
    .. [1] HJ 663-2013, 6.1.2.
    """
    means = moving_mean(days, decimals, wanted, rule.window, rule.eight_hours)
    ending = means[..., rule.first_end - 1 : rule.last_end]
    longest = np.max(ending, axis=-1)
    enough = exact.count(ending) >= rule.day_max_eight_hours
    return np.where(enough | (longest > int(limit * 10**wanted)), longest, MISSING)


def daily(hours: npt.ArrayLike, decimals: int, statistic: Statistic, rule: Validity, limit: Decimal) -> Ints:
    """Daily value of one item as HJ 663 evaluates it: the 24 h mean, for ozone the maximum 8 h mean.

    Parameters
    ----------
    hours : array_like of int64, shape (..., 24·d)
        Whole China days, numbers of 10**-`decimals`.
    statistic : Statistic
        From `standards.air.statistics`; says which daily value and how many decimals.
    limit : Decimal
        Daily limit of ozone; see `day_max_eight_hours`.

    Returns
    -------
    ndarray of int64, shape (..., d)
        Numbers of 10**-``statistic.decimals_day``.
    """
    days = by_day(hours)
    if statistic.daily is Period.DAY_MAX_EIGHT_HOURS:
        return day_max_eight_hours(days, decimals, statistic.decimals_day, rule, limit)
    return mean_of(days, decimals, statistic.decimals_day, rule.day)


def month_means(days: npt.ArrayLike, first: date, decimals: int, wanted: int, rule: Validity) -> Averages:
    """Monthly means of days; a month needs 27 days, February 25.

    Parameters
    ----------
    days : array_like of int64, shape (..., n)
        Consecutive days from `first`, numbers of 10**-`decimals`.
    """
    return _means(days, first, decimals, wanted, _month_start, lambda start: rule.month_days(start.month))


def year_means(days: npt.ArrayLike, first: date, decimals: int, wanted: int, rule: Validity) -> Averages:
    """Annual means of days; a year needs 324 days. See `month_means`."""
    return _means(days, first, decimals, wanted, _year_start, lambda _start: rule.year)


def quarter_means(days: npt.ArrayLike, first: date, decimals: int, wanted: int, rule: Validity) -> Averages:
    """Quarterly means of days, valid where each of the three months is: our default, see HJ 663."""
    found = _means(days, first, decimals, wanted, _quarter_start, lambda _start: 1)
    months = month_means(days, first, decimals, wanted, rule)
    complete = np.zeros(found.units.shape, dtype=np.int64)
    for place, month in enumerate(months.starts):
        complete[..., found.starts.index(_quarter_start(month))] += months.units[..., place] != MISSING
    return Averages(found.starts, np.where(complete == 3, found.units, MISSING), found.days)


def _means(
    days: npt.ArrayLike,
    first: date,
    decimals: int,
    wanted: int,
    start_of: Callable[[date], date],
    minimum: Callable[[date], int],
) -> Averages:
    array = np.asarray(days, dtype=np.int64)
    labels = [start_of(first + timedelta(days=offset)) for offset in range(array.shape[-1])]
    starts = tuple(sorted(set(labels)))
    bounds = [labels.index(start) for start in starts] + [len(labels)]
    parts = [array[..., low:high] for low, high in pairwise(bounds)]
    means = [mean_of(p, decimals, wanted, minimum(start)) for p, start in zip(parts, starts, strict=True)]
    return Averages(starts, np.stack(means, axis=-1), np.stack([exact.count(p) for p in parts], axis=-1))


def _month_start(day: date) -> date:
    return day.replace(day=1)


def _quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _year_start(day: date) -> date:
    return date(day.year, 1, 1)


def percentiles(units: npt.ArrayLike, percent: int, decimals: int, wanted: int, minimum: int = 1) -> Ints:
    """Percentile over the last axis by the formula of HJ 663, exactly; see `exact.percentile`.

    Parameters
    ----------
    units : array_like of int64, shape (..., n)
        Numbers of 10**-`decimals`; missing ones are skipped.
    percent : int
        0 to 100.
    minimum : int
        Fewest values.

    Returns
    -------
    ndarray of int64, shape (...)
        Numbers of 10**-`wanted`.

    References
    ----------
    .. [1] HJ 663-2013, A.6, 式 A.3, A.4.
    """
    ordered = np.sort(np.asarray(units, dtype=np.int64), axis=-1)
    size = ordered.shape[-1]
    number = exact.count(ordered)
    below, rest = np.divmod(np.maximum(number - 1, 0) * percent, 100)
    place = np.minimum(size - number + below, size - 1)
    low = np.take_along_axis(ordered, place[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(ordered, np.minimum(place + 1, size - 1)[..., None], axis=-1)[..., 0]
    enough = (number >= minimum) & (number > 0)
    low, high = np.where(enough, low, 0), np.where(enough, high, 0)
    hundredfold = low * 100 + (high - low) * rest
    return exact.rescale(np.where(enough, hundredfold, MISSING), decimals + 2, wanted)


def city_mean(points: npt.ArrayLike, decimals: int, wanted: int, edition: Edition) -> Ints:
    """Mean of a city's points 城市均值, missing where too few points are valid.

    Parameters
    ----------
    points : array_like of int64, shape (p, ...)
        Values of the p points of the city, control points 对照点 left out by the caller.
    edition : Edition
        Edition of HJ 663: 75 % of the points, 50 % where there are fewer than four.

    Returns
    -------
    ndarray of int64, shape (...)

    References
    ----------
    .. [1] HJ 663-2013, 6.2.
    """
    array = np.asarray(points, dtype=np.int64)
    return mean_of(np.moveaxis(array, 0, -1), decimals, wanted, points_needed(edition, len(array)))


def years_mean(years: npt.ArrayLike, decimals: int, wanted: int, edition: Edition) -> Ints:
    """Three-year moving mean 三年滑动平均 of annual values, shape (..., n) → (..., n).

    Only its name was found in HJ 663-2026; that it is the plain mean of three valid annual values, rounded
    once, is our default, and the table ``moving_years`` says so.

    Raises
    ------
    StandardError
        If the edition knows no moving mean of years.
    """
    window = int(edition.table("moving_years").row("mean")["years"])
    return moving_mean(years, decimals, wanted, window, minimum=window)
