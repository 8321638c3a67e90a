"""Trend over many periods 变化趋势: rank correlation of Spearman 秩相关系数法 (Daniel 的趋势检验).

References
----------
.. [1] 环办[2011]22号, 五（二）.
.. [2] HJ 663-2013, 附录B.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, Ints, round_fraction
from huanzhi.errors import InputError
from huanzhi.standards.model import Edition, Row, Table


@dataclass(frozen=True, slots=True)
class Trend:
    """Result of the test.

    Attributes
    ----------
    coefficient : Fraction
        Rank correlation of the values with time, exact.
    periods : int
        How many periods have a value.
    critical : Decimal
        Critical value of the coefficient.
    tabulated : int
        Number of periods for which `critical` is printed; the next smaller one, which is the stricter,
        where `periods` itself is not.
    direction : int
        1 the values rise, -1 they fall, 0 no significant trend. Rising concentrations are a worse water.
    """

    coefficient: Fraction
    periods: int
    critical: Decimal
    tabulated: int
    direction: int

    def shown(self, decimals: int = 3) -> Decimal:
        """Return the coefficient rounded by GB/T 8170."""
        return Decimal(round_fraction(self.coefficient, decimals)).scaleb(-decimals)


def ranks(units: npt.ArrayLike) -> tuple[Fraction, ...]:
    """Return the ranks of values from 1, smallest first; equal values share their mean rank."""
    values = np.asarray(units, dtype=np.int64)
    lower = (values[:, None] > values[None, :]).sum(axis=1)
    equal = (values[:, None] == values[None, :]).sum(axis=1)
    return tuple(Fraction(2 * int(a) + int(b) + 1, 2) for a, b in zip(lower, equal, strict=True))


def coefficient(units: npt.ArrayLike) -> Fraction:
    """Return 1 - 6 Σd² / (N³ - N) between values in order of time and time itself, exact.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
        Values of successive periods, at common decimals, none missing, n ≥ 2.
    """
    found = ranks(units)
    number = len(found)
    squares = sum(((rank - time) ** 2 for time, rank in enumerate(found, start=1)), Fraction(0))
    return 1 - 6 * squares / (number**3 - number)


def trend(units: npt.ArrayLike, critical: Table) -> Trend:
    """Test the values of successive periods for a trend.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
        Means of successive periods in order of time, at common decimals; `exact.MISSING` ones are left out.
    critical : Table
        Critical values, of kind ``ladder``: number of periods → value.

    Raises
    ------
    InputError
        If fewer periods have a value than the table begins with.
    """
    values: Ints = np.asarray(units, dtype=np.int64)
    values = values[values != MISSING]
    steps = critical.rows[0]["values"]
    if len(values) < steps[0][0]:
        raise InputError("water.too_few_periods", periods=len(values), needed=steps[0][0])
    tabulated, limit = next(step for step in reversed(steps) if step[0] <= len(values))
    found = coefficient(values)
    significant = abs(found) > Fraction(limit)
    direction = (1 if found > 0 else -1) if significant else 0
    return Trend(found, len(values), Decimal(limit), int(tabulated), direction)


def trend_row(found: Trend, edition: Edition) -> Row:
    """Return the row that names a trend, with ``name`` and ``en``: 上升趋势, 下降趋势, 基本无变化."""
    rows = edition.table("trend_rule").rows
    return next(row for row in rows if row["direction"] == found.direction)
