"""Rankings of cities by air quality 城市空气质量排名: by index and by improvement, equal values share a rank.

References
----------
.. [1] 环办监测〔2018〕19号.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from huanzhi.assess import exact
from huanzhi.assess.exact import MISSING, Ints
from huanzhi.standards import Edition

UNRANKED = 0
"""Rank of a feature without a value."""


def rank(values: npt.ArrayLike, *, descending: bool = False) -> Ints:
    """Rank published values 名次; the smallest is first unless `descending`.

    Parameters
    ----------
    values : array_like of int64, shape (f,)
        As published, i.e. rounded: equal values share the rank and the next ranks are left out (1, 1, 3).

    Returns
    -------
    ndarray of int64, shape (f,)
        From 1; `UNRANKED` where missing.
    """
    array = np.asarray(values, dtype=np.int64)
    present = array != MISSING
    keys = -array[present] if descending else array[present]
    ranks = np.full(array.shape, UNRANKED, dtype=np.int64)
    ranks[present] = np.searchsorted(np.sort(keys), keys, side="left") + 1
    return ranks


def improvement(
    now: npt.ArrayLike, before: npt.ArrayLike, ranking: Edition, *, decimals: int | None = None
) -> Ints:
    """Rate of change of the composite index against the same period of last year 同比变化率.

    Parameters
    ----------
    now, before : array_like of int64, shape (f,)
        Composite indices at the same decimals.
    ranking : Edition
        Edition of the city ranking rule: decimals of the rate.
    decimals : int, optional
        Decimals of the result instead of those of the rule.

    Returns
    -------
    ndarray of int64, shape (f,)
        Percent; negative is better. Missing where either index is, or the former is 0. `rank` gives the
        improvement ranking 改善幅度排名.
    """
    present, former = np.asarray(now, dtype=np.int64), np.asarray(before, dtype=np.int64)
    gone = (present == MISSING) | (former == MISSING)
    wanted = (
        ranking.table("ranking_decimals").row("improvement")["decimals"] if decimals is None else decimals
    )
    change = np.where(gone, 0, present - np.where(gone, 0, former)) * 100
    return exact.ratio(np.where(gone, MISSING, change), np.where(gone, 0, former), 0, wanted)
