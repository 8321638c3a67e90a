"""Means of surface-water items 均值, over time or over sections, exactly.

A value below detection enters with half its detection limit 检出限的一半. The mean pH is that of the
hydrogen ions: -lg of the mean of 10**-pH. Missing values do not enter; a mean of nothing is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import FINE, MISSING, Ints, divide_half_even, to_floats, to_scaled
from huanzhi.assess.readings import UNBOUNDED, Readings, readings
from huanzhi.assess.water import PH


def group_means(columns: Mapping[str, Readings], groups: npt.ArrayLike, number: int) -> dict[str, Readings]:
    """Average every item over the rows of each group.

    Parameters
    ----------
    columns : mapping of str to Readings, each of shape (n,)
        Item name → values.
    groups : array_like of int, shape (n,)
        Group of each row, 0 to `number` - 1; a negative one leaves the row out.
    number : int
        How many groups there are.

    Returns
    -------
    dict of str to Readings, each of shape (number,)
        Means with nine decimals, or those of the column where it has more; judge them with
        ``rounding="evaluation"``, which rounds them once.
    """
    places = np.asarray(groups, dtype=np.int64)
    return {
        name: _ph_means(column, places, number) if name == PH else _means(column, places, number)
        for name, column in columns.items()
    }


def _means(column: Readings, groups: Ints, number: int) -> Readings:
    doubled, counts = doubled_sums(column, groups, number)
    decimals = max(FINE, column.decimals)
    top = np.where(counts > 0, doubled * 10 ** (decimals - column.decimals), MISSING)
    return readings(divide_half_even(top, 2 * counts), decimals)


def doubled_sums(column: Readings, groups: Ints, number: int) -> tuple[Ints, Ints]:
    """Return twice the sum, in units of 10**-`column.decimals`, and the count of each group.

    Doubling keeps half a detection limit an integer. A value below an unstated limit does not enter.
    """
    used = column.present & (column.high != UNBOUNDED) & (groups >= 0)
    doubled = np.where(column.below, column.high, 2 * np.where(used, column.high, 0))
    sums, counts = np.zeros(number, np.int64), np.zeros(number, np.int64)
    np.add.at(sums, groups[used], doubled[used])
    np.add.at(counts, groups[used], 1)
    return sums, counts


def _ph_means(column: Readings, groups: Ints, number: int) -> Readings:
    used = column.measured & (groups >= 0)
    ions = 10.0 ** -np.where(used, to_floats(column.high, column.decimals), 0.0)
    total = np.bincount(groups[used], weights=ions[used], minlength=number)[:number]
    counts = np.bincount(groups[used], minlength=number)[:number]
    mean = np.where(counts > 0, total, np.nan) / np.maximum(counts, 1)
    return readings(to_scaled(-np.log10(mean), FINE), FINE)
