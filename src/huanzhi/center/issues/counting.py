"""Counts that are kept 计数缓存: until a step is taken or a minute is over, an answer stays as it is.

Issues change by steps alone, so a count that is kept is exact; the minute bounds what else may change, as the
region of an area. What the clock decides is counted by whole minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet

from huanzhi.center.issues.news import last_step

T = TypeVar("T")
KEPT, MOST_KEPT = 60, 256
"""Seconds for which counts are kept, and how many. DEFAULT, NOT FROM THE DOCUMENTS."""

_kept: dict[tuple[object, ...], Any] = {}


def kept(name: str, rows: Any, moment: float, count: Callable[[], T], *more: object) -> T:
    """Return what was counted of `rows` for the same question, or count it.

    Parameters
    ----------
    name : str
        What is counted.
    moment : float
        Now [s UTC].
    more : object
        What else the answer depends on.
    """
    try:
        question = str(rows.order_by().query)
    except EmptyResultSet:
        return count()
    key = (name, question, last_step(), int(moment) // KEPT, *more)
    if key in _kept:
        found: T = _kept[key]
        return found
    found = count()
    while len(_kept) >= MOST_KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[key] = found
    return found


def forget() -> None:
    """Forget what was counted."""
    _kept.clear()
