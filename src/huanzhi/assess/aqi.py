"""Air quality index 空气质量指数: IAQI, AQI, primary pollutant 首要污染物 and level 级别, hourly and daily.

Arrays have the items on the last axis in the order of `huanzhi.standards.air.ITEMS`: SO2, NO2, CO, O3, PM10,
PM2.5. The hourly index takes the six 1 h means, particles by the 24 h breakpoints; the daily index takes 24 h
means and the daily maximum of the 8 h mean of ozone.

A concentration is rounded by GB/T 8170 to the decimals of the table and looked up in a table of integers
computed exactly, so that no floating-point formula decides an index.

References
----------
.. [1] HJ 633-2012, 表1, 表2.
.. [2] HJ 633-2026, 4.2, 4.3, 5.3, 表1, 表3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import FINE, Floats, divide_up
from huanzhi.standards import Edition, standard
from huanzhi.standards.air import ITEMS, AqiRule, Breakpoints, Item, aqi_rule
from huanzhi.standards.periods import Period

Small = npt.NDArray[np.int16]
Bits = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
Chosen = npt.NDArray[np.bool_] | slice

NONE = -1
"""No index: the concentration is missing, or the AQI may not be given."""

OVER_RANGE = -2
"""No individual index by this averaging time: the concentration is above the last breakpoint."""

_ROWS = 8192
_BITS = tuple(np.uint8(1 << place) for place in range(len(ITEMS)))


@dataclass(frozen=True, slots=True)
class Aqi:
    """The judged index of n rows.

    Attributes
    ----------
    aqi : ndarray of int16, shape (n,)
        `NONE` where it cannot be given.
    iaqi : ndarray of int16, shape (n, 6)
        `NONE` where missing, `OVER_RANGE` where there is none above the last breakpoint.
    primary : ndarray of uint8, shape (n,)
        Bit k is set where item k is a primary pollutant; 0 where there is none.
    level : ndarray of int8, shape (n,)
        1 to 6; 0 where there is no AQI.
    missing : ndarray of uint8, shape (n,)
        Bit k is set where item k has no concentration.
    replaced : ndarray of uint8, shape (n,)
        Bit k is set where the index of item k is by the other averaging time; see `instead` in `aqi`.
    """

    aqi: Small
    iaqi: Small
    primary: Bits
    level: npt.NDArray[np.int8]
    missing: Bits
    replaced: Bits

    @classmethod
    def empty(cls, n: int) -> Aqi:
        """Return n rows without an index."""
        return cls(
            aqi=np.full(n, NONE, dtype=np.int16),
            iaqi=np.full((n, len(ITEMS)), NONE, dtype=np.int16),
            primary=np.zeros(n, dtype=np.uint8),
            level=np.zeros(n, dtype=np.int8),
            missing=np.zeros(n, dtype=np.uint8),
            replaced=np.zeros(n, dtype=np.uint8),
        )

    def put(self, where: Chosen, part: Aqi) -> None:
        """Write the rows of `part` at `where`."""
        self.aqi[where], self.iaqi[where] = part.aqi, part.iaqi
        self.primary[where], self.level[where] = part.primary, part.level
        self.missing[where], self.replaced[where] = part.missing, part.replaced


def iaqi(concentration: npt.ArrayLike, item: Item, averaging: Period, edition: Edition) -> Small:
    """Individual air quality index 空气质量分指数.

    Parameters
    ----------
    concentration : array_like of float, shape (n,)
        [µg/m³; mg/m³ for CO]. NaN where missing; what rounds below zero counts as missing.
    item : Item
    averaging : Period
        `Period.HOUR` or `Period.DAY` (for ozone the daily maximum of the 8 h mean).
    edition : Edition
        Edition of HJ 633.

    Returns
    -------
    ndarray of int16, shape (n,)
        Rounded up to an integer; `NONE` where missing, `OVER_RANGE` where the edition gives none so high.

    Raises
    ------
    StandardError
        If the edition has no AQI for this averaging time.

    References
    ----------
    .. [1] HJ 633-2026, 4.2.4 式(1), 4.2.6, 表3; HJ 633-2012, 表1.
    """
    rule = aqi_rule(edition, averaging)
    values = np.full((np.size(concentration), len(ITEMS)), np.nan)
    values[:, ITEMS.index(item)] = concentration
    return aqi(values, averaging, edition).iaqi[:, rule.rows.index(rule.row(item))]


def aqi(
    concentrations: npt.ArrayLike,
    averaging: Period,
    edition: Edition,
    outside_plan: Collection[Item] = (),
    instead: npt.ArrayLike | None = None,
) -> Aqi:
    """Air quality index 空气质量指数 with primary pollutants and level.

    Parameters
    ----------
    concentrations : array_like of float, shape (n, 6)
        Columns SO2, NO2, CO, O3, PM10, PM2.5 [µg/m³; mg/m³ for CO]. NaN where missing; what rounds below
        zero counts as missing. For days O3 is the daily maximum of the 8 h mean.
    averaging : Period
        `Period.HOUR` or `Period.DAY`.
    edition : Edition
        Edition of HJ 633; see `aqi_by_day` for rows of several.
    outside_plan : collection of Item
        Items outside the monitoring plan that do not count as missing (HJ 633-2026, 5.3.2).
    instead : array_like of float, shape (n, 6), optional
        Concentrations that judge an item above its last breakpoint where HJ 633-2012 gives no index for it:
        for hours the 24 h mean of SO2, for days the daily maximum hour of O3. Other columns are not used.

    Returns
    -------
    Aqi
        By HJ 633-2012 a missing item is left out. By HJ 633-2026 the AQI of a row with a missing item is
        given only above 100. Where HJ 633-2012 has no index for a concentration above the last breakpoint,
        the AQI of the other items is given only where it is above the last index of that row.

    Raises
    ------
    StandardError
        If the edition has no AQI for this averaging time.
    """
    rule = aqi_rule(edition, averaging)
    values = np.asarray(concentrations, dtype=np.float64)
    others = None if instead is None else _instead(np.asarray(instead, dtype=np.float64), rule, edition)
    found = Aqi.empty(len(values))
    counted = _set_of(item for item in ITEMS if item not in outside_plan)
    judge = _Judge(rule, counted)
    for start in range(0, len(values), _ROWS):
        part = slice(start, start + _ROWS)
        found.put(part, judge(values[part], None if others is None else others[:, part]))
    return found


def _set_of(items: Iterable[Item]) -> np.uint8:
    return np.uint8(sum(int(_BITS[ITEMS.index(item)]) for item in items))


def _instead(values: Floats, rule: AqiRule, edition: Edition) -> Small:
    """Return the indices by the averaging time that each row names instead, shape (6, n)."""
    found = np.full((len(ITEMS), len(values)), NONE, dtype=np.int16)
    for place, row in enumerate(rule.rows):
        if row.instead is not None:
            found[place] = iaqi(values[:, place], row.item, row.instead, edition)
    return found


def aqi_by_day(
    concentrations: npt.ArrayLike,
    days: npt.ArrayLike,
    averaging: Period,
    *,
    early: bool = True,
    instead: npt.ArrayLike | None = None,
) -> tuple[Aqi, npt.NDArray[np.int8]]:
    """Judge every row by the edition of HJ 633 that was in force on its own day.

    Parameters
    ----------
    concentrations : array_like of float, shape (n, 6)
        See `aqi`.
    days : array_like of datetime64[D], shape (n,)
        China day of each row; NaT where unknown.
    early : bool
        Judge days of early implementation too.
    instead : array_like of float, shape (n, 6), optional
        See `aqi`.

    Returns
    -------
    Aqi
        Without an index where no edition was in force.
    ndarray of int8, shape (n,)
        Place in ``standard("HJ 633").editions``; -1 where none was in force.
    """
    values = np.asarray(concentrations, dtype=np.float64)
    places = editions_of(days, "HJ 633", early=early)
    others = None if instead is None else np.asarray(instead, dtype=np.float64)
    found = Aqi.empty(len(values))
    for place, edition in enumerate(standard("HJ 633").editions):
        where = places == place
        chosen: Chosen = slice(None) if where.all() else where
        if where.any():
            part = None if others is None else others[chosen]
            found.put(chosen, aqi(values[chosen], averaging, edition, instead=part))
    return found, places


def editions_of(days: npt.ArrayLike, identity: str, *, early: bool = True) -> npt.NDArray[np.int8]:
    """Return each day's place in ``standard(identity).editions``, -1 where none was in force."""
    dates = np.asarray(days, dtype="datetime64[D]")
    places = np.full(dates.shape, -1, dtype=np.int8)
    for place, edition in enumerate(standard(identity).editions):
        for stretch in (edition.interval, edition.early if early else None):
            if stretch is not None:
                inside = dates >= np.datetime64(stretch.start)
                if stretch.end is not None:
                    inside &= dates <= np.datetime64(stretch.end)
                places[inside] = place
    return places


def items_of(bits: int) -> tuple[Item, ...]:
    """Return the items of a bit set, in the order of `ITEMS`."""
    return tuple(item for item, bit in zip(ITEMS, _BITS, strict=True) if bits & bit)


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The tables of a rule, one after another: for each item `NONE`, the IAQI of 0, 1, …, over range.

    `low` and `top` are the concentrations one step below zero and one above the last breakpoint.
    """

    indices: Small
    offset: Floats
    low: Floats
    top: Floats
    divisor: Floats
    levels: npt.NDArray[np.int8]


@cache
def _lookup(rule: AqiRule) -> _Lookup:
    tables = [_table(row) for row in rule.rows]
    starts = np.cumsum([0, *(len(table) for table in tables[:-1])])
    levels = np.zeros(max(level.highest for level in rule.levels) + 1, dtype=np.int8)
    for level in rule.levels:
        levels[level.lowest : level.highest + 1] = level.number
    return _Lookup(
        np.concatenate(tables),
        (starts + 1.0)[:, None],
        np.array([-(10.0**-row.decimals) for row in rule.rows])[:, None],
        np.array([(row.concentrations[-1] + 1) / 10.0**row.decimals for row in rule.rows])[:, None],
        np.array([10.0 ** (FINE - row.decimals) for row in rule.rows])[:, None],
        levels,
    )


def _table(row: Breakpoints) -> Small:
    """Return the IAQI at every rounded concentration, in integers: rise × step / span, rounded up."""
    parts = [np.array([NONE, row.indices[0]])]
    for (low, high), (base, top) in zip(pairwise(row.concentrations), pairwise(row.indices), strict=True):
        parts.append(base + divide_up(np.arange(1, high - low + 1) * (top - base), high - low))
    parts.append(np.array([row.indices[-1] if row.capped else OVER_RANGE]))
    return np.concatenate(parts).astype(np.int16)


class _Judge:
    """Judges blocks of rows by one rule; its buffers are kept between blocks."""

    def __init__(self, rule: AqiRule, counted: np.uint8) -> None:
        self.rule, self.counted, self.table = rule, counted, _lookup(rule)
        self.work = np.empty((len(ITEMS), _ROWS))
        self.places = np.empty((len(ITEMS), _ROWS), dtype=np.intp)

    def __call__(self, values: Floats, others: Small | None) -> Aqi:
        """Judge up to `_ROWS` rows."""
        n = len(values)
        places = _places(values, self.table, self.work[:, :n], self.places[:, :n])
        each = self.table.indices.take(places)
        return _join(each, self.rule, self.table, self.counted, others)


def _join(each: Small, rule: AqiRule, table: _Lookup, counted: np.uint8, others: Small | None) -> Aqi:
    replaced = _replace_over_range(each, others)
    highest = np.maximum(each.max(axis=0), NONE)
    missing = _bits(each == NONE) & counted
    if rule.publish_above is not None:
        highest[(missing != 0) & (highest <= rule.publish_above)] = NONE
    _withhold_over_range(each, highest, rule)
    named = highest > rule.primary_above
    primary = _bits(each == highest) * named
    level = np.where(highest >= 0, table.levels[highest], 0).astype(np.int8)
    return Aqi(highest, each.T, primary, level, missing, replaced)


def _replace_over_range(each: Small, others: Small | None) -> Bits:
    """Put the index by the other averaging time where there is none, and tell where."""
    if others is None:
        return np.zeros(each.shape[1], dtype=np.uint8)
    known = (each == OVER_RANGE) & (others >= 0)
    each[known] = others[known]
    return _bits(known)


def _withhold_over_range(each: Small, highest: Small, rule: AqiRule) -> None:
    """Take back an AQI that an item without an index, but above its last breakpoint, may exceed."""
    over = each == OVER_RANGE
    if over.any():
        last = np.array([row.indices[-1] for row in rule.rows], dtype=np.int16)[:, None]
        highest[highest <= np.where(over, last, NONE).max(axis=0)] = NONE


def _places(values: Floats, table: _Lookup, work: Floats, places: Places) -> Places:
    """Return the place of every concentration in the table, shape (6, n), in the buffer `places`.

    A float is read as the decimal it stands for (nine decimals); that integer divided by a power of ten is a
    tie in floating point only where it is one in decimals, so that rounding half to even is exact.
    """
    np.copyto(work, values.T)
    infinite = np.isinf(work)
    if infinite.any():
        work[infinite] = np.nan
    np.fmax(work, table.low, out=work)
    np.minimum(work, table.top, out=work)
    np.multiply(work, 10.0**FINE, out=work)
    np.rint(work, out=work)
    np.divide(work, table.divisor, out=work)
    np.rint(work, out=work)
    return np.add(work, table.offset, out=places, casting="unsafe")


def _bits(flags: npt.NDArray[np.bool_]) -> Bits:
    found = np.zeros(flags.shape[1], dtype=np.uint8)
    for row, bit in zip(flags.view(np.uint8), _BITS, strict=True):
        found |= row * bit
    return found
