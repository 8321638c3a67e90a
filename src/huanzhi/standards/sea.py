"""Sea water 海水, marine sediment 海洋沉积物 and biota 海洋生物 quality standards, typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from huanzhi.standards import edition, in_force
from huanzhi.standards.class_items import Accept, ClassItem, ClassTable, class_table, limit_items, range_items

WATER, SEDIMENT, BIOTA, EVALUATION = "GB 3097", "GB 18668", "GB 18421", "HJ 442.10"
TABLES = ("limits", "changes", "radioactivity")


def table_on(day: date, identity: str = WATER, *, shellfish: bool = False) -> ClassTable:
    """Return the class table of a standard that judges a China day.

    Parameters
    ----------
    identity : str
        `WATER`, `SEDIMENT` or `BIOTA`.
    shellfish : bool
        Apply the limits for water in which shellfish for eating raw is bred 供人生食的贝类养殖水质.

    Raises
    ------
    StandardError
        If no edition that Huanzhi holds was in force.
    """
    return table_of(identity, in_force(identity, day).id, shellfish=shellfish)


@cache
def table_of(identity: str, year: str, *, shellfish: bool = False) -> ClassTable:
    """Return the class table of the edition called `year`."""
    chosen = edition(identity, year)
    items = [item for name in TABLES if name in chosen.tables for item in limit_items(chosen.table(name))]
    if "ranges" in chosen.tables:
        items += range_items(chosen.table("ranges"))
    return class_table(chosen, [_shellfish(item) for item in items] if shellfish else items)


def _shellfish(item: ClassItem) -> ClassItem:
    limit = item.table.row(item.name).get("shellfish_raw")
    if limit is None:
        return item
    accepts = (*(Accept(high=Decimal(limit)),) * (len(item.accepts) - 1), item.accepts[-1])
    return replace(item, accepts=accepts)
