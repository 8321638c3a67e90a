"""Days of one station 单站日均值: from its hours under the edition of HJ 663 of each day, or as published."""

from __future__ import annotations

import numpy as np

from huanzhi.assess import averaging
from huanzhi.assess.exact import MISSING, Ints, rescale, to_floats
from huanzhi.library.series import Feature, Store
from huanzhi.programmes.air_cities import Stretch, stretches
from huanzhi.programmes.spans import Span
from huanzhi.standards.air import ITEMS, Item, limit, statistics, validity
from huanzhi.standards.periods import Period


def item_days(store: Store, feature: Feature, item: Item, span: Span) -> tuple[Ints, int]:
    """Return the daily values of an item over a span, shape (d,), and their decimals.

    Days of hours under HJ 663 where the store holds hours, else the days that were published.
    """
    code = [item.parameter.code]
    hours = store.window([feature.code], code, Period.HOUR, span.start, span.end)
    if (hours.units != MISSING).any():
        return _joined(
            [
                _stretch_days(hours.units[0, 0], hours.decimals[0], item, part, span)
                for part in stretches(span)
            ]
        )
    daily = statistics(stretches(span)[0].edition)[item].daily
    days = store.window([feature.code], code, daily, span.start, span.end)
    return days.units[0, 0], days.decimals[0]


def _stretch_days(hours: Ints, decimals: int, item: Item, part: Stretch, span: Span) -> tuple[Ints, int]:
    statistic = statistics(part.edition)[item]
    cut = hours[part.first * averaging.HOURS : (part.last + 1) * averaging.HOURS]
    kept = min(decimals, statistic.decimals_day)
    ozone = limit(part.limits, Item.O3, Period.DAY_MAX_EIGHT_HOURS, part.day(span.first))
    rule = validity(part.edition)
    days = averaging.daily(rescale(cut, decimals, kept), kept, statistic, rule, ozone)
    return days, statistic.decimals_day


def _joined(pieces: list[tuple[Ints, int]]) -> tuple[Ints, int]:
    finest = max(decimals for _, decimals in pieces)
    return np.concatenate([rescale(units, own, finest) for units, own in pieces]), finest


def concentrations(store: Store, feature: Feature, span: Span) -> np.ndarray:
    """Return the daily values of all items as the index wants them, shape (d, 6), NaN where missing."""
    columns = [to_floats(*item_days(store, feature, item, span)) for item in ITEMS]
    return np.stack(columns, axis=1)
