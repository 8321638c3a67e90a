"""Diurnal variation 日变化: the mean of each hour of the day, on all days, on workdays and at weekends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huanzhi.assess import exact
from huanzhi.assess.exact import MISSING
from huanzhi.library.series import Store
from huanzhi.programmes.place.curve import shown
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR, Period

HOURS = 24
_THURSDAY = 3
"""Weekday, from Monday 0, of 1970-01-01."""


@dataclass(frozen=True, slots=True)
class HourOfDay:
    """One hour of the day; means are decimal strings, None without a value.

    Attributes
    ----------
    weekdays, weekends : str or None
        Means of Monday to Friday, and of Saturday and Sunday; holidays are not told apart.
    """

    hour: int
    mean: str | None
    lowest: str | None
    highest: str | None
    number: int
    weekdays: str | None
    weekends: str | None


def diurnal(store: Store, feature: str, parameter: str, span: tuple[int, int]) -> list[HourOfDay]:
    """Return the 24 hours of the day over a span, from hourly values."""
    window = store.window([feature], [parameter], Period.HOUR, *span)
    units, decimals = window.units[0, 0], window.decimals[0]
    known = all_parameters().get(parameter)
    wanted = max(decimals, known.decimals if known else decimals)
    local = window.times + CHINA_OFFSET
    hours = local % DAY // HOUR
    weekend = (local // DAY + _THURSDAY) % 7 >= 5
    return [_hour(hour, units, decimals, wanted, hours == hour, weekend) for hour in range(HOURS)]


def _hour(
    hour: int, units: np.ndarray, decimals: int, wanted: int, mine: np.ndarray, weekend: np.ndarray
) -> HourOfDay:
    def mean(where: np.ndarray) -> str | None:
        return shown(int(exact.mean(np.where(where, units, MISSING), decimals, wanted)), wanted)

    there = units[mine & (units != MISSING)]
    ends = (int(there.min()), int(there.max())) if there.size else (MISSING, MISSING)
    return HourOfDay(
        hour,
        mean(mine),
        shown(ends[0], decimals),
        shown(ends[1], decimals),
        int(there.size),
        mean(mine & ~weekend),
        mean(mine & weekend),
    )
