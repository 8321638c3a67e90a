"""Groundwater 地下水: class of every item and of the sample by GB/T 14848.

Upper limits belong to the better class; pH has two sides; smell and visible matter are absent or present;
anionic surfactants must not be detected in class Ⅰ. Radioactivity beyond class Ⅲ is class Ⅳ, the better of
two equal ones, and asks for nuclide analysis 核素分析. Nitrate and nitrite are as nitrogen, hardness as
CaCO3.

References
----------
.. [1] GB/T 14848-2017, 4, 5, 6, 表1, 表2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np

from huanzhi.assess import class_limits
from huanzhi.assess.class_limits import Judgement
from huanzhi.assess.exact import FINE, MISSING, Ints, round_fraction
from huanzhi.assess.explanation import Explanation
from huanzhi.assess.readings import UNBOUNDED, Readings
from huanzhi.standards import groundwater
from huanzhi.standards.class_items import ClassTable


def judge(samples: Mapping[str, Readings], day: date) -> Judgement:
    """Judge groundwater samples of one China day's edition.

    Parameters
    ----------
    samples : mapping of str to Readings
        Item name → n readings in the unit that the standard prints (mg/L, or µg/L for organics).
    day : date
        Day whose edition judges.

    Raises
    ------
    StandardError
        If no edition was in force, or the standard has no such item.

    References
    ----------
    .. [1] GB/T 14848-2017, 6.
    """
    return class_limits.judge(groundwater.table_on(day), samples)


def explain_groundwater(sample: Mapping[str, Readings], day: date) -> Explanation:
    """Explain the class of one sample; see `judge`."""
    return class_limits.explain(groundwater.table_on(day), sample)


def as_nitrogen(column: Readings, item: str, table: ClassTable) -> Readings:
    """Turn concentrations as the ion 以离子计 (NO3, NO2) into concentrations as nitrogen 以氮计.

    Parameters
    ----------
    item : str
        ``硝酸盐`` or ``亚硝酸盐``.

    Returns
    -------
    Readings
        At nine decimals, rounded half to even; missing and unbounded ends stay so.
    """
    factor = groundwater.as_nitrogen(table, item)
    return replace(
        column,
        low=_times(column.low, factor, column.decimals),
        high=_times(column.high, factor, column.decimals),
        decimals=FINE,
    )


def hardness(calcium: Readings, magnesium: Readings, table: ClassTable) -> Readings:
    """Return the total hardness 总硬度 as CaCO3 [mg/L] from calcium and magnesium [mg/L], at nine decimals.

    Missing where either is missing; below detection where either is.
    """
    masses = {row["symbol"]: Fraction(row["mass"]) for row in table.edition.table("hardness").rows}
    parts = [
        (column, masses["CaCO3"] / masses[symbol]) for column, symbol in ((calcium, "Ca"), (magnesium, "Mg"))
    ]
    lows = [_times(column.low, factor, column.decimals) for column, factor in parts]
    highs = [_times(column.high, factor, column.decimals) for column, factor in parts]
    return Readings(_plus(*lows), _plus(*highs), FINE, calcium.below | magnesium.below)


def _times(units: Ints, factor: Fraction, decimals: int) -> Ints:
    kept = (MISSING, UNBOUNDED)
    scale = factor / Fraction(10) ** decimals
    products = [int(u) if u in kept else round_fraction(int(u) * scale, FINE) for u in units]
    return np.array(products, dtype=np.int64)


def _plus(first: Ints, second: Ints) -> Ints:
    gone = (first == MISSING) | (second == MISSING)
    open_ = (first == UNBOUNDED) | (second == UNBOUNDED)
    total = np.where(gone | open_, 0, first) + np.where(gone | open_, 0, second)
    return np.where(gone, MISSING, np.where(open_, UNBOUNDED, total))
