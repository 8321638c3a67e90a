"""Evaluation of air quality 环境空气质量评价: statistics of a period, compliance, composite index, good days.

Arrays have features (stations or cities) on the first axis and the items on the second, in the order of
`huanzhi.standards.air.ITEMS`; days are on the last. Values are scaled integers (`huanzhi.assess.exact`).

References
----------
.. [1] HJ 663-2013, 5.1, 6.2, 附录A, 附录B.
.. [2] 环办监测〔2018〕19号.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from huanzhi.assess import exact
from huanzhi.assess.averaging import mean_of, percentiles
from huanzhi.assess.exact import MISSING, Ints
from huanzhi.standards import Edition
from huanzhi.standards.air import (
    AqiRule,
    IndexTerm,
    critical_rank_correlation,
    limit,
    statistics,
)
from huanzhi.standards.periods import Period

Flags = npt.NDArray[np.bool_]
Verdicts = npt.NDArray[np.int8]


class Attainment(IntEnum):
    """Whether limits are attained 达标; what cannot be known is never attained."""

    UNKNOWN = 0
    ATTAINS = 1
    EXCEEDS = 2


class Trend(IntEnum):
    """Direction of a series of years 变化趋势."""

    UNKNOWN = 0
    DOWN = 1
    UP = 2
    NONE = 3


@dataclass(frozen=True, slots=True)
class PeriodStatistics:
    """Statistics of f features over a period.

    Attributes
    ----------
    days : ndarray of int64, shape (f, 6)
        Valid days.
    mean, percentile : ndarray of int64, shape (f, 6)
        Numbers of 10**-``decimals[k]``; missing where there are too few days.
    decimals : tuple of int, length 6
    """

    days: Ints
    mean: Ints
    percentile: Ints
    decimals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Compliance of f features over a year.

    Attributes
    ----------
    mean_multiple, percentile_multiple : ndarray of int64, shape (f, 6)
        Exceedance multiples 超标倍数, numbers of 10**-2; missing where the limit is kept or nothing is known.
    items : ndarray of int8, shape (f, 6)
        `Attainment` of each item.
    overall : ndarray of int8, shape (f,)
        `EXCEEDS` if any item does, `ATTAINS` if all six do, else `UNKNOWN`: not attained, items to be named.
    """

    mean_multiple: Ints
    percentile_multiple: Ints
    items: Verdicts
    overall: Verdicts


@dataclass(frozen=True, slots=True)
class CompositeIndex:
    """Composite index 环境空气质量综合指数 of f features.

    Attributes
    ----------
    index : ndarray of int64, shape (f,)
        At the decimals asked for, rounded once from the exact sum; missing with an item missing.
    items : ndarray of int64, shape (f, 6)
        Item indices 单项指数 at the same decimals, for display; weights are not in them.
    main : ndarray of bool, shape (f, 6)
        Items with the largest exact item index, ties included.
    """

    index: Ints
    items: Ints
    main: Flags


@dataclass(frozen=True, slots=True)
class GoodDays:
    """Good days 优良天数 of f features: counts, and the rate 优良天数比例 in tenths of a percent."""

    good: Ints
    valid: Ints
    rate: Ints


def without_days(days: npt.ArrayLike, events: npt.ArrayLike) -> Ints:
    """Take the days of exceptional events 例外事件 out.

    Parameters
    ----------
    days : array_like of int64, shape (f, 6, n)
    events : array_like of bool, shape (n,), (f, 1, n) or (f, 6, n)
        True on the days to leave out. Which days they are is decided by the user: the requirements of HJ
        663-2026 were not found.
    """
    return np.where(np.asarray(events, dtype=bool), MISSING, np.asarray(days, dtype=np.int64))


def period_statistics(
    days: npt.ArrayLike,
    decimals: Sequence[int],
    edition: Edition,
    minimum: int,
    events: npt.ArrayLike | None = None,
) -> PeriodStatistics:
    """Mean and percentile of the daily values of a period.

    Parameters
    ----------
    days : array_like of int64, shape (f, 6, n)
        Daily values, item k in numbers of 10**-``decimals[k]``; missing where a day is not valid.
    edition : Edition
        Edition of HJ 663: percentiles and decimals.
    minimum : int
        Valid days needed, e.g. ``validity(edition).year``; 1 for a period that the edition does not bound.
    events : array_like of bool, optional
        Days of exceptional events to leave out of the figures; see `without_days`. They still count as
        valid days (our default). Call twice to report the figures with and without them.

    Returns
    -------
    PeriodStatistics
        At the decimals of the edition.

    References
    ----------
    .. [1] HJ 663-2013, 表3, 6.1.3-6.1.5, 6.3, A.6.
    """
    array = np.asarray(days, dtype=np.int64)
    counted = exact.count(array)
    kept = array if events is None else without_days(array, events)
    rules = tuple(statistics(edition).values())
    mean = [mean_of(kept[:, k], decimals[k], rule.decimals, 1) for k, rule in enumerate(rules)]
    highest = [
        percentiles(kept[:, k], rule.percentile, decimals[k], rule.decimals) for k, rule in enumerate(rules)
    ]
    enough = counted >= minimum
    return PeriodStatistics(
        counted,
        np.where(enough, np.stack(mean, axis=1), MISSING),
        np.where(enough, np.stack(highest, axis=1), MISSING),
        tuple(rule.decimals for rule in rules),
    )


def evaluate(
    found: PeriodStatistics, rule: Edition, limits: Edition, day: date, class_: str = "二级"
) -> Evaluation:
    """Judge annual statistics: an item attains when its mean and its percentile both keep their limits.

    Parameters
    ----------
    rule : Edition
        Edition of HJ 663: which statistics of an item count.
    limits : Edition
        Edition of GB 3095.
    day : date
        Decides the phase of the limits; the last day of the period.
    class_ : {"一级", "二级"}
        Class of the limits.

    References
    ----------
    .. [1] HJ 663-2013, 5.1.1.2, 5.1.2.2, 6.2, A.4.
    """
    decimals = rule.table("decimals").row("exceedance_multiple")["statistic"]
    means, highs, verdicts = [], [], []
    for k, statistic in enumerate(statistics(rule).values()):
        daily = limit(limits, statistic.item, statistic.daily, day, class_)
        pairs = [(found.percentile[:, k], Fraction(daily))]
        if statistic.mean:
            annual = limit(limits, statistic.item, Period.YEAR, day, class_)
            pairs.append((found.mean[:, k], Fraction(annual)))
        over = [multiples(values, found.decimals[k], bound, decimals) for values, bound in pairs]
        highs.append(over[0])
        means.append(over[1] if statistic.mean else np.full_like(over[0], MISSING))
        verdicts.append(_worst([_judge(values, found.decimals[k], bound) for values, bound in pairs]))
    items = np.stack(verdicts, axis=1)
    return Evaluation(np.stack(means, axis=1), np.stack(highs, axis=1), items, _worst(list(items.T)))


def multiples(values: Ints, decimals: int, bound: Fraction, wanted: int) -> Ints:
    """Exceedance multiples (C - S) / S 超标倍数; missing where C ≤ S or C is missing."""
    share = bound * 10**decimals
    over = values * share.denominator - share.numerator
    gone = (values == MISSING) | (over <= 0)
    return exact.divide_half_even(np.where(gone, MISSING, over * 10**wanted), share.numerator)


def _judge(values: Ints, decimals: int, bound: Fraction) -> Verdicts:
    share = bound * 10**decimals
    kept = np.where(values * share.denominator <= share.numerator, Attainment.ATTAINS, Attainment.EXCEEDS)
    return np.where(values == MISSING, Attainment.UNKNOWN, kept).astype(np.int8)


def _worst(verdicts: list[Verdicts]) -> Verdicts:
    """Join verdicts: one that exceeds decides; otherwise one that is unknown does."""
    table = np.stack(verdicts)
    joined = np.where((table == Attainment.ATTAINS).all(axis=0), Attainment.ATTAINS, Attainment.UNKNOWN)
    return np.where((table == Attainment.EXCEEDS).any(axis=0), Attainment.EXCEEDS, joined).astype(np.int8)


def composite_index(found: PeriodStatistics, terms: Sequence[IndexTerm], decimals: int) -> CompositeIndex:
    """Composite index: the sum of weight × statistic / limit over the six items.

    Parameters
    ----------
    found : PeriodStatistics
    terms : sequence of IndexTerm
        From `standards.air.index_terms`: statistic, limit and weight of each item.
    decimals : int
        Decimals of the results: those of the row ``composite_index`` in the table ``ranking``.

    References
    ----------
    .. [1] 环办监测〔2018〕19号.
    """
    shares = [1 / (term.limit * 10**d) for term, d in zip(terms, found.decimals, strict=True)]
    bottom = lcm(
        *(s.denominator for s in shares),
        *((s * t.weight).denominator for s, t in zip(shares, terms, strict=True)),
    )
    values = np.stack([_term_values(found, k, term) for k, term in enumerate(terms)], axis=1)
    plain = _times(values, [int(share * bottom) for share in shares])
    weighted = _times(values, [int(s * t.weight * bottom) for s, t in zip(shares, terms, strict=True)])
    gone = (values == MISSING).any(axis=1)
    total = np.where(gone, MISSING, np.where(values == MISSING, 0, weighted).sum(axis=1))
    main = (plain == plain.max(axis=1, keepdims=True)) & (plain != MISSING)
    return CompositeIndex(
        exact.ratio(total, bottom, 0, decimals), exact.ratio(plain, bottom, 0, decimals), main
    )


def _term_values(found: PeriodStatistics, place: int, term: IndexTerm) -> Ints:
    return (found.mean if term.percentile is None else found.percentile)[:, place]


def _times(values: Ints, factors: Sequence[int]) -> Ints:
    return np.where(values == MISSING, MISSING, np.where(values == MISSING, 0, values) * np.array(factors))


def good_days(aqi: npt.ArrayLike, rule: AqiRule, edition: Edition) -> GoodDays:
    """Good days: those whose AQI is of level 1 or 2, among the days that have an AQI.

    Parameters
    ----------
    aqi : array_like of int, shape (f, n)
        Daily AQI; negative where there is none.
    rule : AqiRule
        Which levels are good.
    edition : Edition
        Edition of HJ 663: decimals of the rate.

    References
    ----------
    .. [1] HJ 663-2013, A.5.
    """
    array = np.asarray(aqi)
    valid = _number(array >= 0)
    good = _number((array >= 0) & (array <= rule.good_highest))
    decimals = edition.table("decimals").row("attainment_rate")["statistic"]
    return GoodDays(good, valid, exact.ratio(good * 100, valid, 0, decimals))


def _number(flags: Flags) -> Ints:
    number: Ints = np.sum(flags, axis=-1, dtype=np.int64)
    return number


def attainment_rate(
    days: npt.ArrayLike, decimals: Sequence[int], rule: Edition, limits: Edition, day: date
) -> Ints:
    """Share of valid days on which each item keeps its daily limit of class 2 达标率.

    Parameters
    ----------
    days : array_like of int64, shape (f, 6, n)
        Daily values, item k in numbers of 10**-``decimals[k]``.

    Returns
    -------
    ndarray of int64, shape (f, 6)
        Percent at the decimals of the edition; missing without a valid day.

    References
    ----------
    .. [1] HJ 663-2013, A.5.
    """
    array = np.asarray(days, dtype=np.int64)
    wanted = rule.table("decimals").row("attainment_rate")["statistic"]
    rates = []
    for k, statistic in enumerate(statistics(rule).values()):
        bound = Fraction(limit(limits, statistic.item, statistic.daily, day))
        kept = _number(_judge(array[:, k], decimals[k], bound) == Attainment.ATTAINS)
        rates.append(exact.ratio(kept * 100, exact.count(array[:, k]), 0, wanted))
    return np.stack(rates, axis=1)


def rank_correlation(years: npt.ArrayLike) -> Fraction | None:
    """Spearman's rank correlation 秩相关系数 of annual values with their order in time.

    Parameters
    ----------
    years : array_like of int64, shape (n,)
        Annual values in order; equal values share the mean of their ranks.

    Returns
    -------
    Fraction or None
        None with fewer than two years or a missing one.

    References
    ----------
    .. [1] HJ 663-2013, 附录B.
    """
    values = [int(value) for value in np.asarray(years, dtype=np.int64)]
    n = len(values)
    if n < 2 or MISSING in values:
        return None
    ordered = sorted(values)
    ranks = [Fraction(2 * ordered.index(v) + ordered.count(v) + 1, 2) for v in values]
    squares = sum((rank - place) ** 2 for place, rank in enumerate(ranks, start=1))
    return 1 - Fraction(6 * squares) / (n * (n * n - 1))


def trend(years: npt.ArrayLike, edition: Edition) -> Trend:
    """Trend of annual values: up or down where the rank correlation is beyond the critical value.

    Unknown with a year missing, or where the edition gives no critical value for that number of years.

    References
    ----------
    .. [1] HJ 663-2013, 5.2, 附录B.
    """
    coefficient = rank_correlation(years)
    critical = critical_rank_correlation(edition, int(np.size(years)))
    if coefficient is None or critical is None:
        return Trend.UNKNOWN
    if abs(coefficient) <= Fraction(critical):
        return Trend.NONE
    return Trend.UP if coefficient > 0 else Trend.DOWN
