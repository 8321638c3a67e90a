"""Targets in tables of indicators 指标表: a row an indicator, a column a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from huanzhi.plans.columns import Column, of_indicators
from huanzhi.plans.folding import View
from huanzhi.plans.goals import sign
from huanzhi.plans.model import Span, Target
from huanzhi.plans.quantities import Quantity, number
from huanzhi.plans.tables import Grid
from huanzhi.plans.words import NUMBER, one_of, unit, words
from huanzhi.plans.years import whens

_OPERATORS = words()["operators"]
_OPS = {
    word: name
    for name in ("at_least", "more_than", "at_most", "less_than", "equal")
    for word in _OPERATORS[name]
}
_TAILS = [word for name in ("tail_at_least", "tail_at_most", "tail_about") for word in _OPERATORS[name]]
_UP_DOWN = {
    word: ("up" if word in _OPERATORS["up"] else "down") for word in _OPERATORS["up"] + _OPERATORS["down"]
}
_CELL = re.compile(
    rf"[\[(]?(?P<op>{one_of([*_OPS, *_UP_DOWN])})?\(?(?P<low>-?(?:{NUMBER}))(?P<u1>{unit()})?"
    rf"(?:[-~—至]{{1,2}}(?P<high>{NUMBER}))?"
    rf"(?P<unit>{unit()})?\)?(?P<tail>{one_of(_TAILS)})?[\])]?"
)
_IN_NAME = re.compile(rf"\((?P<unit>{unit()}|[^()]*(?:/|%|吨|公里|立方米|公顷|亩)[^()]*)\)$")


def from_grid(grid: Grid, source_text: str, region: str, starts: int | None) -> Iterator[Target]:
    """Yield the targets of a table of indicators; columns of what was are left out.

    Parameters
    ----------
    grid : Grid
        The table.
    source_text : str
        The whole text.
    region : str
        Whose indicators they are.
    starts : int or None
        Columns of years before this one are of the past.
    """
    if not of_indicators(grid.columns):
        return
    wanted = _wanted(grid, starts)
    caption_year = next((when for when in reversed(whens(grid.caption)) if when.year), None)
    for row in grid.rows:
        names = [cell for cell in grid.cells(row, "indicator") if cell.text]
        if not names or len({cell.text for cell in row}) == 1:
            continue
        for at, column in wanted:
            target = (
                _of_cell(grid, row, row[at], column, names[-1], region, source_text)
                if at < len(row)
                else None
            )
            if target is not None:
                yield _dated(target, column, caption_year.year if caption_year else None)


def _wanted(grid: Grid, starts: int | None) -> list[tuple[int, Column]]:
    """Return the columns that hold targets; of plain years the first may be of the past."""
    listed = list(enumerate(grid.columns))
    wanted = [(at, column) for at, column in listed if column.role == "target"]
    figures = [(at, column) for at, column in listed if column.role == "figure" and column.year is not None]
    has_base = any(column.role == "baseline" for column in grid.columns)
    if starts is not None:
        figures = [(at, column) for at, column in figures if (column.year or 0) >= starts]
    elif not has_base and not wanted and len(figures) == 2:
        figures = figures[1:]
    elif wanted and not has_base:
        first = min((column.year for _, column in wanted if column.year), default=None)
        figures = [(at, column) for at, column in figures if first is not None and (column.year or 0) > first]
    return sorted([*wanted, *figures], key=lambda each: each[0])


def _of_cell(
    grid: Grid, row: tuple[View, ...], cell: View, column: Column, name: View, region: str, source_text: str
) -> Target | None:
    if cell.text in words()["tables"]["none"]:
        return None
    found = _CELL.fullmatch(cell.text)
    stated_unit = next((each.text for each in grid.cells(row, "unit") if each.text), "")
    indicator, own_unit = _parted(name.text)
    if found is None:
        return None
    quantity = Quantity(
        0,
        0,
        number(found["low"]),
        number(found["high"]) if found["high"] else None,
        found["unit"] or found["u1"] or stated_unit or own_unit,
        found["tail"] or "",
    )
    kind = _OPS.get(found["op"] or "", _UP_DOWN.get(found["op"] or "", ""))
    nature = next((each.text for each in grid.cells(row, "kind") if each.text), "")
    span = Span(min(name.whole.start, cell.whole.start), max(name.whole.end, cell.whole.end))
    baseline = _baseline(grid, row)
    return Target(
        region=region,
        indicator=indicator + (found["op"] if found["op"] in _UP_DOWN else ""),
        op=sign(kind, quantity),
        value=quantity.low,
        unit="" if quantity.unit in ("-", "—", "/") else quantity.unit,
        year=column.year,
        stretch=None,
        quote=source_text[span.start : span.end],
        start=span.start,
        end=span.end,
        upper=quantity.high,
        base_year=baseline[0],
        base_value=baseline[1],
        year_source="table",
        nature=nature,
        section=grid.caption,
    )


def _baseline(grid: Grid, row: tuple[View, ...]) -> tuple[int | None, Decimal | None]:
    for at, column in enumerate(grid.columns):
        if column.role == "baseline" and at < len(row):
            found = re.fullmatch(rf"({NUMBER})%?", row[at].text)
            return column.year, number(found[1]) if found else None
    return None, None


def _parted(name: str) -> tuple[str, str]:
    """Return an indicator and the unit in brackets behind its name, where there is one."""
    name = re.sub(r"^(?:\d{1,2}|[一二三四五六七八九十]+)[.、]", "", name)
    found = _IN_NAME.search(name)
    return (name[: found.start()], found["unit"]) if found else (name, "")


def _dated(target: Target, column: Column, caption_year: int | None) -> Target:
    from dataclasses import replace

    return target if column.year is not None or caption_year is None else replace(target, year=caption_year)
