"""The swapped ozone fields 臭氧字段互换 of the national air platform.

The platform publishes pairs of fields under each other's name: ``o3`` holds the highest hour of 24 hours and
``o3_24h`` the current hour; ``o3_8h`` holds the highest eight-hour mean of 24 hours and ``o3_8h_24h`` the
current one. Archives have sometimes put them right. As a maximum is never less than a current value, the data
themselves tell which they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import numpy as np

from huanzhi.assess.exact import MISSING
from huanzhi.errors import InputError
from huanzhi.network.feeds.values import parse_column

CONTRADICTIONS = 20
"""One row in so many may contradict the others (a late correction of one field); more is no clear file."""


class Swap(StrEnum):
    """How the pair of fields stands in a file."""

    SWAPPED = "swapped"
    RIGHT = "right"
    UNKNOWN = "unknown"


def swap_of(current: Sequence[str], maximum: Sequence[str], file: Path, column: str) -> Swap:
    """Tell whether two fields are swapped.

    Parameters
    ----------
    current, maximum : sequence of str, shape (n,)
        Cells of the field named as the current value and of the one named as the maximum of 24 hours.
    file, column
        Where the fields stand, for the error.

    Returns
    -------
    Swap
        SWAPPED if the "current" is never less, RIGHT if it is never more, UNKNOWN if they never differ.

    Raises
    ------
    InputError
        If neither holds.
    """
    both = parse_column([*current, *maximum])
    first, second = np.split(both.units, 2)
    there = (first != MISSING) & (second != MISSING)
    more = int(np.sum(there & (first > second)))
    less = int(np.sum(there & (first < second)))
    if not more and not less:
        return Swap.UNKNOWN
    if less * CONTRADICTIONS <= more:
        return Swap.SWAPPED
    if more * CONTRADICTIONS <= less:
        return Swap.RIGHT
    raise InputError("feeds.unclear_ozone", file=file, column=column, more=more, less=less)
