"""Trophic state of lakes 湖泊（水库）营养状态: the comprehensive index TLI(Σ) and its grades.

TLI(Σ) = Σ W_j · TLI(j), TLI(j) = 10 (a + b ln x), W_j = r_j² / Σ r_j² over the parameters that take part.

References
----------
.. [1] 环办[2011]22号, 附录 湖泊（水库）富营养化状况评价.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, Floats, Ints, to_scaled
from huanzhi.standards.model import Edition

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TrophicIndex:
    """Trophic index of n lakes or samples.

    Attributes
    ----------
    index : ndarray of int64, shape (n,)
        TLI(Σ) in units of 10**-`decimals`; `exact.MISSING` where the required parameters are not all there.
    decimals : int
    items : tuple of str, length i
        Parameters, in the order of the table.
    parts : ndarray of float, shape (i, n)
        TLI(j); NaN where the parameter takes no part.
    grades : tuple of str, length n
        Name of the grade, empty without an index.
    """

    index: Ints
    decimals: int
    items: tuple[str, ...]
    parts: Floats
    grades: tuple[str, ...]


def trophic_index(values: Mapping[str, npt.ArrayLike], edition: Edition) -> TrophicIndex:
    """Reckon the comprehensive trophic index.

    Parameters
    ----------
    values : mapping of str to array_like of float, each of shape (n,)
        叶绿素a [mg/m³], 总磷, 总氮, 高锰酸盐指数 [mg/L], 透明度 [m]. NaN and what is not above zero takes no
        part, and the weights are spread over the parameters that do.
    edition : Edition
        Edition of the evaluation measures.

    Returns
    -------
    TrophicIndex
        The grade is that of the index as rounded.
    """
    table, rule = edition.table("trophic_index"), edition.table("trophic_rule")
    items = tuple(name for name in table.names() if name in values)
    rows = [table.row(name) for name in items]
    numbers = np.array([np.atleast_1d(np.asarray(values[name], np.float64)) for name in items])
    used = np.isfinite(numbers) & (numbers > 0)
    logs = np.log(np.where(used, numbers, 1.0))
    a, b, squares = (np.array([[float(row[key])] for row in rows]) for key in ("a", "b", "r2"))
    parts = np.where(used, 10 * (a + b * logs), np.nan)
    weights = np.where(used, squares, 0.0)
    required = [items.index(name) for name in rule.row("required")["items"] if name in items]
    whole = len(required) == len(rule.row("required")["items"]) and used[required].all(axis=0)
    total = np.nansum(np.where(used, weights * parts, 0.0), axis=0) / np.maximum(weights.sum(axis=0), 1e-300)
    decimals = int(rule.row("decimals")["value"])
    index = to_scaled(np.where(whole, total, np.nan), decimals)
    return TrophicIndex(index, decimals, items, parts, _grades(index, decimals, edition))


def _grades(index: Ints, decimals: int, edition: Edition) -> tuple[str, ...]:
    return tuple("" if one == MISSING else grade(one, decimals, edition) for one in index.tolist())


def grade(index: int, decimals: int, edition: Edition) -> str:
    """Return the grade 营养状态分级 of an index in units of 10**-`decimals`."""
    for row in edition.table("trophic_grades").rows:
        if "max" not in row:
            return str(row["name"])
        upper = row["max"] * 10**decimals
        if index < upper or (row["max_included"] and index == upper):
            return str(row["name"])
    raise AssertionError("the last band is open")
