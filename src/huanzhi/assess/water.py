"""Surface-water class 地表水水质类别: single-factor evaluation 单因子评价 of sections 断面.

The worst item decides the class. A value at a limit is in the better class; pH outside its range makes 劣Ⅴ;
an item that was not measured is skipped and named; a section of which nothing was measured has no class.
Below detection an item is classed at its detection limit, and is doubtful where a value under it could be in
a better class. Classes are numbers in the order of `WaterRules.classes`: 1 is Ⅰ, 6 is 劣Ⅴ, 0 is no class.

References
----------
.. [1] GB 3838-2002, 表1.
.. [2] 环办[2011]22号 地表水环境质量评价办法（试行）, 一, 三, 四.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from huanzhi.assess import class_limits
from huanzhi.assess.exact import MISSING, Ints, divide_half_even, rescale
from huanzhi.assess.readings import UNBOUNDED, Readings
from huanzhi.errors import InputError
from huanzhi.standards.class_items import ClassItem
from huanzhi.standards.water import WaterRules

Classes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]
Rounding = Literal["as_reported", "evaluation"]

PH = "pH"
HIGHEST_PH = 14


@dataclass(frozen=True, slots=True)
class Judgement:
    """Judged sections; `items` are those evaluated and present among the readings, in the order of GB 3838.

    Attributes
    ----------
    rules : WaterRules
    items : tuple of str, length i
    lake : ndarray of bool, shape (n,)
        Whether lake and reservoir limits were applied.
    classes : ndarray of int8, shape (i, n)
        Class of each item, by its detection limit where below detection; 0 where it has none.
    best : ndarray of int8, shape (i, n)
        Best class each item can be in: another than `classes` only below detection.
    overall : ndarray of int8, shape (n,)
        Class of the section; 0 where nothing was measured.
    multiples : ndarray of int64, shape (i, n)
        Exceedance multiples 超标倍数 in units of 10**-`rules.multiple_decimals`; `exact.MISSING` where the
        item meets the reference class, has no multiple by rule, or was below detection.
    columns : tuple of Readings, length i, each of shape (n,)
        Values judged, rounded where that was asked for.
    """

    rules: WaterRules
    items: tuple[str, ...]
    lake: Mask
    classes: Classes
    best: Classes
    overall: Classes
    multiples: Ints
    columns: tuple[Readings, ...]

    @property
    def overall_best(self) -> Classes:
        """Best class the section can be in, shape (n,)."""
        return np.asarray(self.best.max(axis=0, initial=0))

    @property
    def doubtful(self) -> Mask:
        """Items below a detection limit that does not prove the best class they can be in, shape (i, n)."""
        return np.asarray(self.best != self.classes)

    @property
    def skipped(self) -> Mask:
        """Items not measured, or below a detection limit that is not stated, shape (i, n)."""
        return np.asarray(self.classes == 0)

    @property
    def limiting(self) -> Mask:
        """Items that set the class 定类指标, shape (i, n); none in the best class or without one."""
        return np.asarray((self.classes == self.overall) & (self.overall > 1))

    @property
    def exceeding(self) -> Mask:
        """Items proven worse than the reference class Ⅲ 超标指标, shape (i, n)."""
        return np.asarray(self.best > self.rules.reference)

    def named(self, mask: Mask, index: int) -> tuple[str, ...]:
        """Return the names of the items for which `mask` holds in one section."""
        return tuple(item for item, held in zip(self.items, mask[:, index], strict=True) if held)

    def multiple(self, item: str, index: int) -> Decimal | None:
        """Return the exceedance multiple of an item in one section, None where it has none."""
        units = int(self.multiples[self.items.index(item), index])
        return None if units == MISSING else Decimal(units).scaleb(-self.rules.multiple_decimals)


def judge(
    readings: Mapping[str, Readings],
    lake: npt.ArrayLike,
    rules: WaterRules,
    *,
    rounding: Rounding = "as_reported",
) -> Judgement:
    """Judge sections by the worst of their items.

    Parameters
    ----------
    readings : mapping of str to Readings, each of shape (n,)
        Item name of GB 3838 → values [mg/L; pH none]. Items that do not take part are passed over.
    lake : array_like of bool, shape (n,)
        Whether lake and reservoir limits apply.
    rules : WaterRules
        See `standards.water.rules`.
    rounding : {"as_reported", "evaluation"}
        ``as_reported`` compares the values as given, as the national platform does. ``evaluation`` rounds
        first to the decimals of 环办监测函[2020]82号, as means for reports are.

    Returns
    -------
    Judgement

    Raises
    ------
    InputError
        If a value is negative, or a pH above 14.
    """
    lakes = np.asarray(lake, dtype=np.bool_)
    items = tuple(name for name in rules.lake if name in readings and name in rules.evaluated)
    shape = (len(items), lakes.size)
    classes, multiples = np.zeros(shape, np.int8), np.full(shape, MISSING, np.int64)
    best = np.zeros(shape, np.int8)
    columns = tuple(prepare(readings[name], name, rules, rounding) for name in items)
    for place, (name, column) in enumerate(zip(items, columns, strict=True)):
        best[place], classes[place] = item_classes(column, name, lakes, rules)
        multiples[place] = exceedance_multiples(column, name, lakes, rules)
    overall = classes.max(axis=0, initial=0)
    return Judgement(rules, items, lakes, classes, best, overall, multiples, columns)


def judge_separately(
    readings: Mapping[str, Readings], lake: npt.ArrayLike, rules: WaterRules
) -> dict[str, Classes]:
    """Class the items judged apart 单独评价: total nitrogen (lakes and reservoirs only), faecal coliforms.

    Returns
    -------
    dict of str to ndarray of int8, shape (n,)
        0 where the item was not measured or has no limits for that kind of water body.
    """
    lakes = np.asarray(lake, dtype=np.bool_)
    ready = {name: readings[name] for name in rules.separate if name in readings}
    return {
        name: item_classes(prepare(column, name, rules), name, lakes, rules)[1]
        for name, column in ready.items()
    }


def prepare(column: Readings, name: str, rules: WaterRules, rounding: Rounding = "as_reported") -> Readings:
    """Refuse impossible values of an item, leave out what has no stated limit, round where asked.

    Raises
    ------
    InputError
        If a value is negative, or a pH above 14.
    """
    _refuse_impossible(column, name)
    unknown = column.below & ((column.high == UNBOUNDED) | (name == PH))
    low, high = np.where(unknown, MISSING, column.low), np.where(unknown, MISSING, column.high)
    decimals = rules.decimals.get(name, column.decimals)
    if rounding == "evaluation" and decimals < column.decimals:
        high = _rounded(high, column.decimals, decimals)
        low = np.where(column.measured, high, low)
    return Readings(low, high, column.decimals, column.below)


def _refuse_impossible(column: Readings, name: str) -> None:
    wrong = impossible(column, name)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise InputError("water.impossible", column=name, value=column.text(place), index=place)


def impossible(column: Readings, name: str) -> Mask:
    """Say which values no water can have: negative, or a pH above 14; shape (n,)."""
    highest = HIGHEST_PH * 10**column.decimals if name == PH else UNBOUNDED
    return np.asarray(column.present & ((column.low < 0) | (column.high > highest)))


def _rounded(units: Ints, decimals: int, wanted: int) -> Ints:
    """Round to `wanted` decimals, a result of 0 to its first significant digit; `decimals` stay."""
    kept = rescale(rescale(units, decimals, wanted), wanted, decimals)
    for finer in range(wanted + 1, decimals + 1):
        again = rescale(rescale(units, decimals, finer), finer, decimals)
        kept = np.where((kept == 0) & (units > 0), again, kept)
    return kept


def item_classes(column: Readings, name: str, lake: Mask, rules: WaterRules) -> tuple[Classes, Classes]:
    """Return the best and the worst class one item can be in.

    Parameters
    ----------
    column : Readings, shape (n,)
        In the unit of GB 3838.
    name : str
        Item name.
    lake : ndarray of bool, shape (n,)

    Returns
    -------
    best, worst : ndarray of int8, shape (n,)
        Alike but for values below detection; 0 without value or without limits.
    """
    river_best, river_worst = _classes_by(rules.limits(name, lake=False), column)
    lake_best, lake_worst = _classes_by(rules.limits(name, lake=True), column)
    best, worst = np.where(lake, lake_best, river_best), np.where(lake, lake_worst, river_worst)
    return best.astype(np.int8), worst.astype(np.int8)


def _classes_by(limits: ClassItem | None, column: Readings) -> tuple[Classes, Classes]:
    if limits is None:
        return np.zeros(len(column), np.int8), np.zeros(len(column), np.int8)
    return class_limits.item_classes(limits, column)


def exceedance_multiples(column: Readings, name: str, lake: Mask, rules: WaterRules) -> Ints:
    """Return (C - S) / S against the reference class, rounded by GB/T 8170.

    Returns
    -------
    ndarray of int64, shape (n,)
        Units of 10**-`rules.multiple_decimals`; missing where C meets S, C is not a measured value, or the
        item has no multiple by rule (pH, dissolved oxygen, water temperature).

    References
    ----------
    .. [1] 环办[2011]22号, 四.
    """
    if name in rules.no_multiple:
        return np.full(lake.shape, MISSING, dtype=np.int64)
    river, lakes = (_multiples_over(rules.limits(name, lake=kind), column, rules) for kind in (False, True))
    return np.where(lake, lakes, river)


def _multiples_over(limits: ClassItem | None, column: Readings, rules: WaterRules) -> Ints:
    limit = limits.limit(rules.reference) if limits else None
    if limit is None:
        return np.full(len(column), MISSING, dtype=np.int64)
    top, bottom = Decimal(limit).as_integer_ratio()
    value = np.where(column.measured, column.high, 0) * bottom
    allowed = top * 10**column.decimals
    over = value > allowed
    excess = np.where(over, value - allowed, 0) * 10**rules.multiple_decimals
    return np.where(over, divide_half_even(excess, np.int64(allowed)), MISSING)


def meets_target(judged: Judgement, target: str | Sequence[str]) -> Classes:
    """Say whether sections meet their target class 水质目标.

    Parameters
    ----------
    target : str or sequence of str, shape (n,)
        One class for all, or one for each section; empty where a section has none.

    Returns
    -------
    ndarray of int8, shape (n,)
        1 met, 0 not met, -1 unknown: no class, no target, or a detection limit that leaves it open.
        Unknown is never met.
    """
    rules, number = judged.rules, len(judged.overall)
    targets = [target] * number if isinstance(target, str) else target
    numbers = np.array([rules.class_number(name) if name else 0 for name in targets], dtype=np.int8)
    known = (judged.overall > 0) & (numbers > 0)
    decided = np.where(judged.overall <= numbers, 1, np.where(judged.overall_best > numbers, 0, -1))
    return np.where(known, decided, -1).astype(np.int8)


def meets_limit(column: Readings, limits: ClassItem) -> Classes:
    """Say whether an item of GB 3838 tables 2 and 3 meets its limit: 1 yes, 0 no, -1 unknown, shape (n,)."""
    best, worst = class_limits.item_classes(limits, column)
    return np.where((worst == 0) | (best != worst), -1, worst == 1).astype(np.int8)


def main_pollutants(judged: Judgement, index: int) -> tuple[str, ...]:
    """Return the main pollutants 主要污染指标 of one section, at most three; none at Ⅲ or better.

    Cyanide and heavy metals that exceed come first, then the worse class, then the larger multiple.

    References
    ----------
    .. [1] 环办[2011]22号, 四（一）.
    """
    rules = judged.rules
    over = np.flatnonzero(judged.best[:, index] > rules.reference)

    def order(place: int) -> tuple[bool, int, Fraction]:
        item = judged.items[place]
        return (
            item not in rules.first,
            -int(judged.classes[place, index]),
            -_exact_multiple(judged, place, index),
        )

    return tuple(judged.items[place] for place in sorted(map(int, over), key=order)[: rules.main_number])


def _exact_multiple(judged: Judgement, place: int, index: int) -> Fraction:
    """Return the multiple before rounding, 0 for an item without one."""
    limits = judged.rules.limits(judged.items[place], lake=bool(judged.lake[index]))
    limit = limits.limit(judged.rules.reference) if limits else None
    if limit is None or judged.multiples[place, index] == MISSING:
        return Fraction(0)
    return judged.columns[place].exact(index) / Fraction(limit) - 1
