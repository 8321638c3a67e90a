"""Groundwater quality standard 地下水质量标准 GB/T 14848, typed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache

from huanzhi.standards import edition, in_force
from huanzhi.standards.class_items import ClassTable, class_table, descriptive_items, limit_items, range_items
from huanzhi.standards.parameters import plain

STANDARD = "GB/T 14848"


def table_on(day: date) -> ClassTable:
    """Return the class table that judges a China day.

    Raises
    ------
    StandardError
        If no edition that Huanzhi holds was in force.
    """
    return table_of(in_force(STANDARD, day).id)


@cache
def table_of(year: str) -> ClassTable:
    """Return the class table of the edition called `year`: 39 regular and 54 other items."""
    chosen = edition(STANDARD, year)
    classes = len(chosen.table("class_names").rows)
    return class_table(
        chosen,
        (
            *limit_items(chosen.table("regular")),
            *range_items(chosen.table("ranges")),
            *descriptive_items(chosen.table("descriptive"), classes),
            *limit_items(chosen.table("other")),
        ),
    )


def as_nitrogen(table: ClassTable, item: str) -> Fraction:
    """Return the factor from a concentration as the ion (NO3, NO2) to one as nitrogen."""
    row = table.edition.table("conversions").row(item)
    return Fraction(row["to_mass"]) / Fraction(row["from_mass"])


def ion_of(table: ClassTable, heading: str) -> tuple[str, bool] | None:
    """Return the item that a heading for nitrate or nitrite as the ion means, and whether it says so clearly.

    ``硝酸根`` is clear; ``NO3`` may be as the ion or as nitrogen. None for every other heading.
    """
    wanted = plain(heading)
    for row in table.edition.table("conversions").rows:
        for clear, spellings in ((True, row["ion"]), (False, row["unclear"])):
            if wanted in {plain(spelling) for spelling in spellings}:
                return str(row["name"]), clear
    return None
