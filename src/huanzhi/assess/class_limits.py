"""Classification by single item 单因子评价: the class of every item, and the worst of them for the sample.

A value at a limit belongs to the better class, and where classes share a limit the better one is taken.
A reading below detection is judged by both ends of its interval: where they fall into different classes
the item is "at best … at worst …", and so is the sample unless another item decides it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, half_even
from huanzhi.assess.explanation import Explanation, Step
from huanzhi.assess.readings import UNBOUNDED, Readings
from huanzhi.messages import text
from huanzhi.standards.class_items import Accept, ClassItem, ClassTable

WITHOUT_UNIT = "无量纲"
Classes = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Judgement:
    """Classes of n samples by m items.

    Attributes
    ----------
    table : ClassTable
        What they were judged by.
    items : tuple of ClassItem, length m
    readings : tuple of Readings, length m
    best, worst : ndarray of int8, shape (n, m)
        Best and worst class each item can have, from 1; 0 where there is no reading.
    overall_best, overall_worst : ndarray of int8, shape (n,)
        The same for the sample: the worst of its items.
    """

    table: ClassTable
    items: tuple[ClassItem, ...]
    readings: tuple[Readings, ...]
    best: Classes
    worst: Classes
    overall_best: Classes
    overall_worst: Classes

    @cached_property
    def classes(self) -> Classes:
        """Class of each sample, 0 where it has no reading or detection limits leave it open, shape (n,)."""
        return np.where(self.overall_best == self.overall_worst, self.overall_best, 0).astype(np.int8)

    def name(self, number: int) -> str:
        """Return the name of class `number`, empty for 0."""
        return self.table.names[number - 1] if number else ""

    def limiting(self, row: int) -> tuple[ClassItem, ...]:
        """Return the items that put a sample into its class 定类指标; none in the best class."""
        number = int(self.classes[row])
        chosen = np.flatnonzero(self.best[row] == number) if number > 1 else ()
        return tuple(self.items[int(column)] for column in chosen)

    def undecided(self, row: int) -> tuple[ClassItem, ...]:
        """Return the items whose detection limits leave the class of a sample open."""
        open_ = self.overall_best[row] < self.overall_worst[row]
        chosen = np.flatnonzero(self.worst[row] > self.overall_best[row]) if open_ else ()
        return tuple(self.items[int(column)] for column in chosen)

    def multiples(self, row: int) -> dict[str, Decimal]:
        """Return item → exceedance multiple 超标倍数 over the reference class, for those that exceed it."""
        found = {}
        for column in np.flatnonzero(self.best[row] > self.table.reference):
            units = int(self.multiple_units[int(column)][row])
            if units != MISSING:
                found[self.items[int(column)].name] = Decimal(units).scaleb(-self.table.decimals)
        return found

    @cached_property
    def multiple_units(self) -> tuple[Ints, ...]:
        """Exceedance multiples of every item in units of 10**-`table.decimals`; `exact.MISSING` if none."""
        pairs = zip(self.items, self.readings, strict=True)
        return tuple(exceedance_multiples(item, column, self.table) for item, column in pairs)


def judge(table: ClassTable, samples: Mapping[str, Readings]) -> Judgement:
    """Judge samples by every item given.

    Parameters
    ----------
    table : ClassTable
    samples : mapping of str to Readings
        Item name (or alias, or code) → n readings in the unit of the item's limits.

    Returns
    -------
    Judgement

    Raises
    ------
    StandardError
        If the standard has no such item.
    """
    items = tuple(table.item(name) for name in samples)
    columns = tuple(samples.values())
    number = len(columns[0]) if columns else 0
    pairs = [item_classes(item, column) for item, column in zip(items, columns, strict=True)]
    best = _stack([pair[0] for pair in pairs], number)
    worst = _stack([pair[1] for pair in pairs], number)
    return Judgement(
        table, items, columns, best, worst, best.max(axis=1, initial=0), worst.max(axis=1, initial=0)
    )


def item_classes(item: ClassItem, column: Readings) -> tuple[Classes, Classes]:
    """Return the best and the worst class of each reading of one item.

    Parameters
    ----------
    item : ClassItem
    column : Readings, shape (n,)
        In the unit of the item.

    Returns
    -------
    best, worst : ndarray of int8, shape (n,)
        From 1; one more than the item has limits where none accepts the value; 0 where missing.
    """
    high = _not_detected(item, column)
    best = np.ones(len(column), np.int8)
    worst = np.ones(len(column), np.int8)
    for accept in item.accepts:
        lowest, highest = bounds(accept, column.decimals)
        best += (column.low > highest) | (high < lowest)
        worst += (column.low < lowest) | (high > highest)
    return np.where(column.present, best, 0), np.where(column.present, worst, 0)


def bounds(accept: Accept, decimals: int) -> tuple[int, int]:
    """Return the least and the greatest scaled integer that a class accepts."""
    low, high = -UNBOUNDED, UNBOUNDED
    if accept.low is not None:
        exact = Fraction(accept.low) * Fraction(10) ** decimals
        low = floor(exact) + 1 if accept.strict else ceil(exact)
    if accept.high is not None:
        exact = Fraction(accept.high) * Fraction(10) ** decimals
        high = ceil(exact) - 1 if accept.strict else floor(exact)
    return max(low, -UNBOUNDED), min(high, UNBOUNDED - 1 if accept.high is not None else UNBOUNDED)


def exceedance_multiples(item: ClassItem, column: Readings, table: ClassTable) -> Ints:
    """Return value ÷ limit - 1 over the reference class, rounded by GB/T 8170.

    Returns
    -------
    ndarray of int64, shape (n,)
        Numbers of 10**-`table.decimals`; `exact.MISSING` where the limit is met, for a reading that is no
        number, and for items whose limit is a range, a lower limit or a word.
    """
    found = np.full(len(column), MISSING, np.int64)
    limit = item.limit(table.reference)
    if limit is None or limit == 0:
        return found
    scaled = Fraction(limit) * Fraction(10) ** column.decimals
    over = np.flatnonzero(column.measured & (column.high > floor(scaled)))
    top, bottom = scaled.denominator * 10**table.decimals, scaled.numerator
    whole = bottom * 10**table.decimals
    found[over] = [half_even(int(units) * top - whole, bottom) for units in column.high[over]]
    return found


def explain(table: ClassTable, sample: Mapping[str, Readings]) -> Explanation:
    """Explain the class of one sample, item by item.

    Parameters
    ----------
    sample : mapping of str to Readings, shape (1,)
    """
    judged = judge(table, sample)
    steps = [_item_step(judged, column) for column in range(len(judged.items)) if judged.best[0, column]]
    worst = judged.name(int(judged.overall_worst[0]))
    names = {"best": judged.name(int(judged.overall_best[0])), "worst": worst}
    limiting = [item.name for item in judged.limiting(0)]
    if judged.classes[0]:
        deciding = "、".join(limiting) or "—"
        steps.append(Step("class_limits.overall", {"name": worst, "items": deciding}))
    elif worst:
        steps.append(Step("class_limits.open", {**names, "items": _joined(judged.undecided(0))}))
    pairs = zip(judged.items, judged.readings, strict=True)
    return Explanation(
        inputs={item.name: shown(item, column, 0) for item, column in pairs},
        editions=(table.edition,),
        steps=tuple(steps),
        result={
            "class": judged.name(int(judged.classes[0])),
            **names,
            "limiting": limiting,
            "multiples": judged.multiples(0),
        },
        tables=tuple({item.table.id: item.table for item in judged.items}.values()),
    )


def shown(item: ClassItem, column: Readings, row: int) -> str:
    """Return a reading as people write it: number and unit, 有 or 无 for a descriptive item."""
    if item.descriptive and column.present[row]:
        return text("class_limits.present" if column.high[row] else "class_limits.absent")
    unit = "" if item.unit == WITHOUT_UNIT else item.unit
    return f"{column.text(row)} {unit}".strip() if column.present[row] else ""


def _joined(items: Sequence[ClassItem]) -> str:
    return "、".join(item.name for item in items)


def _item_step(judged: Judgement, column: int) -> Step:
    item, best, worst = judged.items[column], int(judged.best[0, column]), int(judged.worst[0, column])
    accepts = item.accepts[worst - 1] if worst <= len(item.accepts) else item.accepts[-1]
    values: dict[str, object] = {
        "item": item.name,
        "value": shown(item, judged.readings[column], 0),
        "best": judged.name(best),
        "worst": judged.name(worst),
        "limit": accepts.text(),
    }
    outside = worst > len(item.accepts)
    key = "item_open" if best != worst else "item_outside" if outside else "item_within"
    return Step(f"class_limits.{key}", values, item.table.clause)


def _not_detected(item: ClassItem, column: Readings) -> Ints:
    """Return the upper ends, with a proper "not detected" read as zero where the best class asks for it.

    A detection limit above the next class's limit is no proper one: the method could not have seen enough.
    """
    if not item.not_detected:
        return column.high
    _, next_limit = bounds(item.accepts[item.not_detected], column.decimals)
    proper = column.below & ((column.high <= next_limit) | (column.high == UNBOUNDED))
    return np.where(proper, 0, column.high)


def _stack(columns: Sequence[Classes], number: int) -> Classes:
    return np.stack(columns, axis=1) if columns else np.zeros((number, 0), np.int8)


__all__ = [
    "MISSING",
    "Judgement",
    "bounds",
    "exceedance_multiples",
    "explain",
    "item_classes",
    "judge",
    "shown",
]
