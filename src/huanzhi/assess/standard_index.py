"""Standard index 标准指数 of surface water for environmental impact assessment: above 1 exceeds.

The formulas of each edition stand as data: ``ratio`` C/S; ``ph`` distance from neutral over the room to the
limit; ``do_2018`` and ``do_1993`` for dissolved oxygen, which differ below saturation.

References
----------
.. [1] HJ 2.3-2018, 附录D; HJ/T 2.3-93.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import Floats
from huanzhi.errors import StandardError
from huanzhi.standards.model import Edition, Row

SALINE = "saturation_saline"


def standard_index(concentration: npt.ArrayLike, limit: float, edition: Edition) -> Floats:
    """Return C/S.

    Parameters
    ----------
    concentration : array_like of float, shape (n,)
        [mg/L]; NaN where missing.
    limit : float
        Limit of the class aimed at [mg/L].
    """
    assert edition.table("standard_index").row("general")["form"] == "ratio"
    return np.asarray(concentration, np.float64) / limit


def ph_index(ph: npt.ArrayLike, edition: Edition) -> Floats:
    """Return the index of pH, shape (n,); NaN where missing."""
    row = edition.table("standard_index").row("pH")
    neutral, low, high = (float(row[name]) for name in ("neutral", "low", "high"))
    values = np.asarray(ph, np.float64)
    return np.where(
        values <= neutral, (neutral - values) / (neutral - low), (values - neutral) / (high - neutral)
    )


def saturation(temperature: npt.ArrayLike, edition: Edition, salinity: npt.ArrayLike | None = None) -> Floats:
    """Return the saturated dissolved oxygen DO_f [mg/L].

    Parameters
    ----------
    temperature : array_like of float, shape (n,)
        Water temperature [℃].
    salinity : array_like of float, optional
        Practical salinity, for estuaries and salt lakes 盐度比较高的湖泊、水库及入海河口.

    Raises
    ------
    StandardError
        If the edition has no formula for saline water.
    """
    row = edition.table("standard_index").row("溶解氧")
    celsius = np.asarray(temperature, np.float64)
    if salinity is None:
        top, base = map(float, row["saturation"])
        return top / (base + celsius)
    if SALINE not in row:
        raise StandardError("standards.no_row", name=SALINE, table="standard_index", clause=edition.number)
    top, slope, base = map(float, row[SALINE])
    return (top - slope * np.asarray(salinity, np.float64)) / (base + celsius)


def oxygen_index(oxygen: npt.ArrayLike, saturated: npt.ArrayLike, limit: float, edition: Edition) -> Floats:
    """Return the index of dissolved oxygen, shape (n,).

    Parameters
    ----------
    oxygen, saturated : array_like of float, shape (n,)
        Dissolved oxygen and its saturation [mg/L]; NaN where missing, infinity where oxygen is 0 in 2018.
    limit : float
        Limit of the class aimed at [mg/L].
    """
    row = edition.table("standard_index").row("溶解氧")
    values, full = np.asarray(oxygen, np.float64), np.asarray(saturated, np.float64)
    above = np.abs(full - values) / (full - limit)
    return np.where(values > full, above, _BELOW[row["form"]](values, limit, row))


def _inverse(values: Floats, limit: float, row: Row) -> Floats:
    with np.errstate(divide="ignore"):
        return np.divide(limit, values)


def _linear_1993(values: Floats, limit: float, row: Row) -> Floats:
    linear = float(row["intercept"]) - float(row["slope"]) * values / limit
    return np.asarray(linear, np.float64)


_BELOW: dict[str, Callable[[Floats, float, Row], Floats]] = {"do_2018": _inverse, "do_1993": _linear_1993}
