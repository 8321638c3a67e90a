"""Soil 土壤: contents against screening 筛选值 and control values 管制值 of GB 36600 and GB 15618.

Level 1 is a content at or below the screening value, 2 above it up to the control value, 3 above the
control value. A reading below detection, or farm soil whose pH is not known, may leave the level open.
Arsenic, cobalt and vanadium of development land above the screening value but not above the natural
background 土壤环境背景值 stay at level 1.

References
----------
.. [1] GB 36600-2018, 5.3, 表1, 表2.
.. [2] GB 15618-2018, 6, 表1, 表2, 表3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt

from huanzhi.assess.class_limits import bounds
from huanzhi.assess.exact import half_even
from huanzhi.assess.explanation import Explanation, Step
from huanzhi.assess.readings import Readings
from huanzhi.errors import StandardError
from huanzhi.standards.class_items import Accept
from huanzhi.standards.soil import SoilItem, SoilTable, Threshold, find_item

SURVEY = 2
"""Level above the screening, not above the control value."""

Levels = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SoilJudgement:
    """Levels of n samples by m items.

    Attributes
    ----------
    options : ndarray of int64, shape (n,)
        Option of the table that judged each sample; -1 where its pH is not known.
    best, worst : ndarray of int8, shape (n, m)
        Best and worst level each item can have, 1 to 3; 0 where there is no reading.
    excused : ndarray of bool, shape (n, m)
        Whether the background 背景值 excuses a content above the screening value.
    """

    table: SoilTable
    items: tuple[SoilItem, ...]
    readings: tuple[Readings, ...]
    options: Ints
    best: Levels
    worst: Levels
    excused: Bools

    @cached_property
    def overall_best(self) -> Levels:
        """Best level each sample can have: the worst of its items."""
        return np.asarray(self.best.max(axis=1, initial=0))

    @cached_property
    def overall_worst(self) -> Levels:
        """Worst level each sample can have."""
        return np.asarray(self.worst.max(axis=1, initial=0))

    @cached_property
    def levels(self) -> Levels:
        """Level of each sample, 0 where it has no reading or is left open."""
        return np.where(self.overall_best == self.overall_worst, self.overall_best, 0).astype(np.int8)

    def name(self, level: int) -> str:
        """Return the verdict of a level, empty for 0."""
        return self.table.verdicts[level - 1] if level else ""

    def limiting(self, row: int) -> tuple[SoilItem, ...]:
        """Return the items that put a sample above level 1."""
        level = int(self.levels[row])
        chosen = np.flatnonzero(self.best[row] == level) if level > 1 else ()
        return tuple(self.items[int(column)] for column in chosen)

    def undecided(self, row: int) -> tuple[SoilItem, ...]:
        """Return the items that leave the level of a sample open."""
        open_ = self.overall_best[row] < self.overall_worst[row]
        chosen = np.flatnonzero(self.worst[row] > self.overall_best[row]) if open_ else ()
        return tuple(self.items[int(column)] for column in chosen)

    def background_names(self, row: int) -> tuple[str, ...]:
        """Return the items of a sample that their background excuses."""
        return tuple(
            item.name for item, excused in zip(self.items, self.excused[row], strict=True) if excused
        )

    def background_wanted(self, row: int) -> tuple[str, ...]:
        """Return the items whose natural background could still excuse them: at level 2, not excused."""
        pairs = zip(self.items, self.best[row], strict=True)
        return tuple(item.name for item, level in pairs if item.background and level == SURVEY)

    def ratios(self, row: int) -> dict[str, Decimal]:
        """Return item → content ÷ screening value for measured contents above it, rounded by GB/T 8170."""
        option = int(self.options[row])
        found = {}
        for item, column in zip(self.items, self.readings, strict=True):
            if option >= 0 and column.measured[row]:
                ratio = _ratio(column, row, item.thresholds[option].screen, self.table.decimals)
                if ratio is not None:
                    found[item.name] = ratio
        return found


def judge(
    table: SoilTable,
    uses: npt.ArrayLike,
    samples: Mapping[str, Readings],
    ph: Readings | None = None,
    background: Mapping[str, Readings] | None = None,
) -> SoilJudgement:
    """Judge soil samples by every item given.

    Parameters
    ----------
    table : SoilTable
        Of development or of farm land, in force on the day of the samples.
    uses : array_like of int, shape (n,)
        Number of the use in `table.uses`.
    samples : mapping of str to Readings
        Item name → n contents [mg/kg].
    ph : Readings, optional
        pH of the soil; farm land only. Where missing, every pH group is thought possible.
    background : mapping of str to Readings, optional
        Item → natural background [mg/kg], for arsenic, cobalt and vanadium of development land.

    Raises
    ------
    StandardError
        If the table has no such item.
    """
    numbers = np.asarray(uses, dtype=np.int64)
    items = tuple(_need(table, name) for name in samples)
    columns = tuple(samples.values())
    groups = _groups(table, len(numbers), ph)
    pairs = [
        _levels(item, column, numbers, groups, table) for item, column in zip(items, columns, strict=True)
    ]
    excused = [
        _excused(item, column, pair[1], (background or {}).get(item.name))
        for item, column, pair in zip(items, columns, pairs, strict=True)
    ]
    shape = (len(numbers), len(items))
    mask = np.stack(excused, axis=1) if items else np.zeros(shape, np.bool_)
    best = np.stack([pair[0] for pair in pairs], axis=1) if items else np.zeros(shape, np.int8)
    worst = np.stack([pair[1] for pair in pairs], axis=1) if items else np.zeros(shape, np.int8)
    options = np.where(groups < 0, -1, numbers * (len(table.bins) + 1) + groups)
    return SoilJudgement(
        table, items, columns, options, np.where(mask, 1, best), np.where(mask, 1, worst), mask
    )


def ph_group(table: SoilTable, ph: Readings) -> Ints:
    """Return the pH group 分组 of each soil; an upper end belongs to its group; -1 where missing.

    References
    ----------
    .. [1] GB 15618-2018, 表1.
    """
    group = np.zeros(len(ph), np.int64)
    for end in table.bins:
        group += ph.high > bounds(Accept(high=end), ph.decimals)[1]
    return np.where(ph.measured, group, -1)


def threshold_levels(column: Readings, threshold: Threshold) -> tuple[Levels, Levels]:
    """Return the best and the worst level of each content under one threshold; 0 where missing."""
    ends = [threshold.screen] if threshold.control is None else [threshold.screen, threshold.control]
    best, worst = np.ones(len(column), np.int8), np.ones(len(column), np.int8)
    for end in ends:
        highest = bounds(Accept(high=end), column.decimals)[1]
        best += column.low > highest
        worst += column.high > highest
    return np.where(column.present, best, 0), np.where(column.present, worst, 0)


def explain_soil(
    table: SoilTable,
    use: int,
    sample: Mapping[str, Readings],
    ph: Readings | None = None,
    background: Mapping[str, Readings] | None = None,
) -> Explanation:
    """Explain the verdict of one sample, item by item; arguments as for `judge` with n = 1."""
    judged = judge(table, [use], sample, ph, background)
    option = int(judged.options[0])
    shown = table.option_name(option) if option >= 0 else table.uses[use]
    steps = [Step("soil.option", {"option": shown, "number": table.edition.number}, table.clauses[0])]
    steps += [
        _item_step(judged, column, option) for column in range(len(judged.items)) if judged.best[0, column]
    ]
    level = int(judged.levels[0])
    names = {
        "best": judged.name(int(judged.overall_best[0])),
        "worst": judged.name(int(judged.overall_worst[0])),
    }
    limiting = [item.name for item in judged.limiting(0)]
    if level:
        values = {"verdict": judged.name(level), "items": "、".join(limiting) or "—"}
        steps.append(Step("soil.overall", values, table.clauses[level - 1]))
    inputs = {
        item.name: f"{column.text(0)} {item.unit}"
        for item, column in zip(judged.items, judged.readings, strict=True)
    }
    return Explanation(
        inputs={**({"pH": ph.text(0)} if ph is not None else {}), **inputs},
        editions=(table.edition,),
        steps=tuple(steps),
        result={"verdict": judged.name(level), **names, "limiting": limiting, "ratio": judged.ratios(0)},
        tables=tuple({item.table.id: item.table for item in judged.items}.values()),
    )


def _ratio(column: Readings, row: int, screen: Decimal, decimals: int) -> Decimal | None:
    """Return content ÷ screening value; None where it is not above 1."""
    limit, parts = screen.as_integer_ratio()
    top = int(column.high[row]) * parts * 10 ** max(-column.decimals, 0)
    bottom = limit * 10 ** max(column.decimals, 0)
    if top <= bottom:
        return None
    return Decimal(half_even(top * 10**decimals, bottom)).scaleb(-decimals)


def _item_step(judged: SoilJudgement, column: int, option: int) -> Step:
    item = judged.items[column]
    value = f"{judged.readings[column].text(0)} {item.unit}"
    names = {
        "best": judged.name(int(judged.best[0, column])),
        "worst": judged.name(int(judged.worst[0, column])),
    }
    if judged.excused[0, column]:
        return Step("soil.item_background", {"item": item.name, "value": value}, item.table.clause)
    if option < 0:
        return Step("soil.item_no_ph", {"item": item.name, "value": value, **names}, item.table.clause)
    threshold = item.thresholds[option]
    control = "—" if threshold.control is None else threshold.control
    values = {"item": item.name, "value": value, "screen": threshold.screen, "control": control, **names}
    open_ = names["best"] != names["worst"]
    return Step("soil.item_open" if open_ else "soil.item", values, item.table.clause)


def _need(table: SoilTable, name: str) -> SoilItem:
    item = find_item(table.items, name)
    if item is None:
        raise StandardError("standards.no_row", name=name, table="items", clause=table.edition.number)
    return item


def _groups(table: SoilTable, number: int, ph: Readings | None) -> Ints:
    if not table.bins:
        return np.zeros(number, np.int64)
    return np.full(number, -1, np.int64) if ph is None else ph_group(table, ph)


def _levels(
    item: SoilItem, column: Readings, uses: Ints, groups: Ints, table: SoilTable
) -> tuple[Levels, Levels]:
    best = np.full(len(column), len(table.verdicts), np.int8)
    worst = np.zeros(len(column), np.int8)
    for option, threshold in enumerate(item.thresholds):
        use, group = divmod(option, len(table.bins) + 1)
        here = (uses == use) & ((groups == group) | (groups < 0))
        if here.any():
            low, high = threshold_levels(column, threshold)
            best = np.where(here, np.minimum(best, low), best).astype(np.int8)
            worst = np.where(here, np.maximum(worst, high), worst).astype(np.int8)
    return np.where(column.present, best, 0).astype(np.int8), worst


def _excused(item: SoilItem, column: Readings, worst: Levels, background: Readings | None) -> Bools:
    """Tell which contents between screening and control value their background excuses."""
    if not item.background or background is None:
        return np.zeros(len(column), np.bool_)
    decimals = max(column.decimals, background.decimals)
    contents = column.high.astype(object) * 10 ** (decimals - column.decimals)
    natural = background.high.astype(object) * 10 ** (decimals - background.decimals)
    below = np.asarray(contents <= natural, dtype=np.bool_)
    return np.asarray(column.measured & background.measured & (worst == SURVEY) & below)
