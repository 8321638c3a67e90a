"""Rules of surface water 地表水: the limits of GB 3838 and the measures that judge by them.

Items 指标 are called by the Chinese name that GB 3838 prints. A value at a limit is in the better class.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from huanzhi import standards
from huanzhi.errors import StandardError
from huanzhi.standards.class_items import Accept, ClassItem, find_item, limit_items
from huanzhi.standards.model import Edition, Row, Table

GB3838 = "GB 3838"
EVALUATION = "环办22号"
ROUNDING = "地表水数据修约"

Items = Mapping[str, ClassItem]


@dataclass(frozen=True, slots=True)
class WaterRules:
    """Everything that judges surface water on one day.

    Attributes
    ----------
    river, lake : mapping
        Item name → what each class accepts, in the order of GB 3838; total nitrogen has
        limits for lakes only.
    evaluated, separate : tuple of str
        Items that decide the class; items judged apart 单独评价 (total nitrogen, faecal coliforms).
    classes : tuple of str
        Names of the classes, best first; the last is the one beyond all limits, 劣Ⅴ.
    reference : int
        Place in `classes`, from 1, of the class that multiples are reckoned against.
    multiple_decimals : int
        Decimals of exceedance multiples 超标倍数.
    no_multiple, first : frozenset of str
        Items without multiples; items that come first among the main pollutants.
    main_number : int
        How many main pollutants 主要污染指标 are named.
    decimals : mapping
        Item name → decimals for evaluation; empty before the rule for them.
    edition, evaluation : Edition
        Editions of GB 3838 and of the evaluation measures.
    """

    river: Items
    lake: Items
    evaluated: tuple[str, ...]
    separate: tuple[str, ...]
    classes: tuple[str, ...]
    reference: int
    multiple_decimals: int
    no_multiple: frozenset[str]
    first: frozenset[str]
    main_number: int
    decimals: Mapping[str, int]
    edition: Edition
    evaluation: Edition

    def limits(self, item: str, *, lake: bool) -> ClassItem | None:
        """Return what the classes accept of an item, None where that kind of water body has no limits."""
        return (self.lake if lake else self.river).get(item)

    def item(self, name: str) -> str | None:
        """Return the item that a name, symbol, alias or parameter code means; None if there is none."""
        found = find_item(self.lake.values(), name)
        return found.name if found else None

    def class_name(self, number: int) -> str:
        """Return the name of a class number, empty for 0."""
        return self.classes[number - 1] if number else ""

    @property
    def worst(self) -> int:
        """Number of the class beyond all limits, 劣Ⅴ."""
        return len(self.classes)

    def has_class(self, name: str) -> bool:
        """Say whether `class_number` knows a name."""
        numbers = map(str, range(1, len(self.classes) + 1))
        return _plain_class(name) in {*map(_plain_class, self.classes), *numbers}

    def class_number(self, name: str) -> int:
        """Return the place of a class from 1; Ⅲ, III, 3 and Ⅲ类 are the same.

        Raises
        ------
        StandardError
            If there is no such class.
        """
        wanted = _plain_class(name)
        for place, known in enumerate(self.classes, start=1):
            if wanted in (_plain_class(known), str(place)):
                return place
        raise StandardError("water.no_class", name=name, known=" ".join(self.classes))

    def grade(self, number: int) -> Row | None:
        """Return the qualitative grade 定性评价 of a class with name and colour; None for 0.

        References
        ----------
        .. [1] 环办[2011]22号, 三（一）.
        """
        rows = self.evaluation.table("section_grades").rows
        return next((row for row in rows if self.class_name(number) in row["classes"]), None)


@cache
def rules(day: date) -> WaterRules:
    """Return the rules that judge surface water on a China date.

    Raises
    ------
    StandardError
        If GB 3838 or the evaluation measures were not in force on `day`.
    """
    edition = standards.in_force(GB3838, day)
    evaluation = standards.in_force(EVALUATION, day)
    main, exceedance = evaluation.table("main_pollutants"), evaluation.table("exceedance")
    table = edition.table("table1")
    classes = (*table.axis, str(evaluation.table("section_grades").rows[-1]["classes"][-1]))
    return WaterRules(
        river=_items(edition, table),
        lake=_items(edition, table, edition.table("table1_lake")),
        evaluated=evaluation.table("evaluated_items").names(),
        separate=evaluation.table("separate_items").names(),
        classes=classes,
        reference=classes.index(exceedance.row("reference")["class"]) + 1,
        multiple_decimals=exceedance.row("decimals")["value"],
        no_multiple=frozenset(exceedance.row("none_for")["items"]),
        first=frozenset(main.row("first")["items"]),
        main_number=main.row("number")["value"],
        decimals=MappingProxyType(_decimals(day)),
        edition=edition,
        evaluation=evaluation,
    )


@cache
def supplementary(day: date) -> Items:
    """Return the items of tables 2 and 3 for drinking-water sources 饮用水源地, one limit each."""
    edition = standards.in_force(GB3838, day)
    tables = (edition.table("table2"), edition.table("table3"))
    return MappingProxyType({item.name: item for table in tables for item in limit_items(table)})


def _items(edition: Edition, *tables: Table) -> Items:
    """Return the items of the tables in their order, later tables in place of earlier ones."""
    ranges = edition.table("table1_range")
    found = {row["name"]: _range_item(row, ranges, len(tables[0].axis)) for row in ranges.rows}
    for table in tables:
        found.update({item.name: item for item in limit_items(table)})
    order = {row["name"]: row["no"] for table in (ranges, *tables) for row in table.rows}
    return MappingProxyType(dict(sorted(found.items(), key=lambda pair: order[pair[0]])))


def _range_item(row: Row, table: Table, classes: int) -> ClassItem:
    accepts = (Accept(row["min"], row["max"]),) * classes
    return ClassItem(row["name"], row["name"], table.unit, accepts, table)


def _decimals(day: date) -> dict[str, int]:
    for edition in standards.standard(ROUNDING).editions:
        if day in edition.interval:
            return {row["name"]: row["decimals"] for row in edition.table("decimals").rows}
    return {}


def _plain_class(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().upper().removesuffix("类")
