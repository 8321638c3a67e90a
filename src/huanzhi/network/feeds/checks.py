"""Checks of single values at the border: sign and format only, no limit of any sensor or standard."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING
from huanzhi.network.feeds.values import Column
from huanzhi.standards.parameters import Parameter

MAY_BE_NEGATIVE = ("℃", "mV", "dB(A)")
"""Units whose scale has no natural zero."""

PH_SCALE = (0, 14)
"""The pH scale itself, as its definition has it."""

Mask = npt.NDArray[np.bool_]


def impossible(column: Column, parameter: Parameter) -> tuple[Mask, str]:
    """Tell which values cannot be, and the message key that says why.

    Parameters
    ----------
    column : Column
        Values in the unit of the parameter.

    Returns
    -------
    mask : ndarray of bool, shape (n,)
    key : str
    """
    there = column.units != MISSING
    if parameter.symbol == "pH":
        low, high = (bound * 10**column.decimals for bound in PH_SCALE)
        return there & ((column.units < low) | (column.units > high)), "feeds.off_ph_scale"
    if parameter.unit in MAY_BE_NEGATIVE:
        return np.zeros(len(column), dtype=bool), "feeds.negative"
    return there & (column.units < 0), "feeds.negative"


def coordinate(text: str, most: int) -> float | None:
    """Return a longitude or latitude in degrees, None where there is none or it is no place on earth."""
    try:
        degrees = float(text)
    except ValueError:
        return None
    return degrees if -most <= degrees <= most and degrees else None
