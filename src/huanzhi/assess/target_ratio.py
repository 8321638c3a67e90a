"""Ratio to target 与目标限值之比 of surface water: how near each item is to the limit of the class aimed at.

An item with an upper limit has C/S; dissolved oxygen, which has a lower one, S/C; pH its standard index,
where 1 lies on either end. A reading below detection counts with its detection limit.

References
----------
.. [1] HJ 2.3-2018, 附录D (standard index).
"""

from __future__ import annotations

from fractions import Fraction

from huanzhi.assess.exact import MISSING
from huanzhi.assess.readings import UNBOUNDED
from huanzhi.assess.water import Judgement
from huanzhi.standards.class_items import Accept
from huanzhi.standards.model import Edition


def target_ratios(judged: Judgement, target: int, index: int, edition: Edition) -> dict[str, Fraction]:
    """Return item → exact share of its limit, above 1 beyond it, for one section.

    Parameters
    ----------
    target : int
        Number of the class aimed at, from 1.
    edition : Edition
        Edition of GB 3838 with the table ``standard_index``, for pH.

    Returns
    -------
    dict
        Items that were measured, or stand below a stated detection limit; an item without a limit in that
        class, or a dissolved oxygen of 0, has none.
    """
    found = {}
    lake = bool(judged.lake[index])
    for item, column in zip(judged.items, judged.columns, strict=True):
        units = int(column.high[index])
        limits = judged.rules.limits(item, lake=lake)
        if limits is None or units in (MISSING, UNBOUNDED) or target > len(limits.accepts):
            continue
        ratio = _ratio(_value(units, column.decimals), limits.accepts[target - 1], edition)
        if ratio is not None:
            found[item] = ratio
    return found


def _value(units: int, decimals: int) -> Fraction:
    return Fraction(units) / Fraction(10) ** decimals


def _ratio(value: Fraction, accept: Accept, edition: Edition) -> Fraction | None:
    if accept.low is not None and accept.high is not None:
        return _between(value, edition)
    if accept.high is not None:
        return value / Fraction(accept.high) if accept.high else None
    if accept.low is not None:
        return Fraction(accept.low) / value if value > 0 else None
    return None


def _between(value: Fraction, edition: Edition) -> Fraction:
    row = edition.table("standard_index").row("pH")
    neutral, low, high = (Fraction(str(row[name])) for name in ("neutral", "low", "high"))
    return (neutral - value) / (neutral - low) if value <= neutral else (value - neutral) / (high - neutral)
