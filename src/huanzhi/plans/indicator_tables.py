"""Targets in tables of goals 目标表.

Rows are indicators, regions, sections or years; columns are years, regions or indicators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from huanzhi.plans.cells import Cell, cell
from huanzhi.plans.columns import Column, is_total, of_indicators
from huanzhi.plans.folding import View
from huanzhi.plans.model import Span, Target
from huanzhi.plans.naming import heads
from huanzhi.plans.quantities import number
from huanzhi.plans.tables import MERGED, Grid
from huanzhi.plans.words import NUMBER, group, unit, words
from huanzhi.plans.years import whens

_IN_NAME = re.compile(
    rf"\((?:(?P<kind>[^(),]*[一-龥][^(),]*),)?(?P<unit>{unit()}|[^()]*(?:/|%|‰|吨|公里|立方米|公顷|亩)[^()]*?)(?:,(?:累计|新增|年均)值?)?\)$"
)
_SAID_UNIT = re.compile(rf"\(?单位:(?P<unit>{unit()})\)?$")
_NAMES_NOTHING = re.compile(
    r"^(?:附[件表]|[表图]|专栏)[\d一二三四五六七八九十-]*[:.、]?|^\d{1,2}[.、]|\([^()]*\)|20\d\d年?(?:度|底)?|[-~—至]|"
    r"“?十[二三四五六]五”?(?:时期|期间)?|各[一-龥、()]*?(?:市|区|县|旗|镇|乡|街道|地区?)\)?|(?:年度)?(?:改善|提升|控制)?"
    r"(?:目标任务|目标值|目标|任务|指标|计划|考核|要求)*(?:分解|安排|下达|控制)?(?:目标|任务|情况)?(?:一览|汇总|明细)?(?:表|清单|方案)$"
)
_MARKS = "★☆*※▲△●#①②③④⑤⑥"


@dataclass(frozen=True)
class Scope:
    """What holds for a table where the table itself is silent.

    Parameters
    ----------
    region : str
        Whose document it is.
    starts : int or None
        Columns of years before this one are of the past.
    ahead : int or None
        The first year that the text looks forward to, for a document that does not say when it starts.
    annual : int or None
        The year of a plan for one year.
    """

    region: str
    starts: int | None = None
    ahead: int | None = None
    annual: int | None = None


@dataclass(frozen=True)
class _Place:
    """A cell of the table with what stands over it and beside it."""

    cell: View
    held: Cell
    column: Column
    region: str
    name: View | None
    indicator: str
    unit: str
    year: int | None
    nature: str
    baseline: tuple[int | None, Decimal | None]


def from_grid(grid: Grid, source_text: str, scope: Scope) -> Iterator[Target]:
    """Yield the targets of a table of goals; columns of what was are left out."""
    if not of_indicators(grid.columns) or (_tells_what_was(grid) and not _aims(grid)):
        return
    wanted = _wanted(grid, scope)
    for row in _rows(grid):
        if len({each.text for each in row}) == 1 or _is_part(grid, row):
            continue
        year = _year_of(grid, row)
        if (year is not None and year < (scope.starts or scope.ahead or year)) or _is_past(grid, row):
            continue
        for at, column in wanted:
            held = cell(row[at].text) if at < len(row) else None
            place = held and _place(grid, row, row[at], held, column, scope)
            if place and _counts(place):
                yield _target(place, source_text, grid.caption)


def _rows(grid: Grid) -> Iterator[tuple[View, ...]]:
    """Yield the rows; the empty cell of a merged name holds the one above."""
    before: tuple[View, ...] = ()
    for row in grid.rows:
        total = next((each for each in row if is_total(each.text)), None)
        before = tuple(
            (total or before[at])
            if not each.text and at < min(len(before), len(grid.columns)) and grid.columns[at].role in MERGED
            else each
            for at, each in enumerate(row)
        )
        yield before


def _is_part(grid: Grid, row: tuple[View, ...]) -> bool:
    names = [each for role in MERGED for each in grid.cells(row, role)]
    return any(each.text.startswith(tuple(words()["tables"]["part"])) for each in (*names, *row[:1]))


def _is_past(grid: Grid, row: tuple[View, ...]) -> bool:
    """Return whether a row of a year says that it tells what was: 2025年(现状)."""
    years = [each.text for each in grid.cells(row, "year")]
    return any(re.search(group("tables", "baseline"), each) for each in years)


def _tells_what_was(grid: Grid) -> bool:
    return re.search(group("tables", "was"), grid.caption) is not None


def _aims(grid: Grid) -> bool:
    said = (*grid.captions[-2:], *(column.heading for column in grid.columns))
    return any(re.search(group("tables", "aims"), each) for each in said)


def _wanted(grid: Grid, scope: Scope) -> list[tuple[int, Column]]:
    """Return the columns that hold targets; of plain years the first may be of the past."""
    listed = list(enumerate(grid.columns))
    aimed = [(at, column) for at, column in listed if column.role == "target"]
    dated = [(at, column) for at, column in listed if column.role in ("figure", "value") and column.year]
    plain = [(at, column) for at, column in listed if column.role == "value" and not column.year]
    dawns = scope.starts is not None and (_caption_year(grid) or 0) >= scope.starts
    if not (
        _aims(grid) or dawns or scope.annual or any(column.role == "indicator" for column in grid.columns)
    ):
        plain = []
    wanted = [*aimed, *plain, *_ahead(grid, dated, scope)]
    if scope.starts is not None:
        wanted = [(at, column) for at, column in wanted if (column.year or scope.starts) >= scope.starts]
    return sorted(wanted, key=lambda each: each[0])


def _ahead(grid: Grid, dated: list[tuple[int, Column]], scope: Scope) -> list[tuple[int, Column]]:
    """Return the columns of plain years that lie ahead."""
    if scope.starts is not None:
        return [(at, column) for at, column in dated if (column.year or 0) >= scope.starts]
    if any(column.role == "baseline" for column in grid.columns):
        return dated
    aimed = [column.year for column in grid.columns if column.role == "target" and column.year]
    if aimed:
        return [(at, column) for at, column in dated if (column.year or 0) > min(aimed)]
    years = {column.year for _, column in dated}
    if len(years) == 2 and not _said_as_goals(grid, dated, min(year for year in years if year)):
        first = min(year for year in years if year)
        return [(at, column) for at, column in dated if column.year != first]
    return [(at, column) for at, column in dated if scope.ahead is None or (column.year or 0) >= scope.ahead]


def _said_as_goals(grid: Grid, dated: list[tuple[int, Column]], year: int) -> bool:
    """Return whether figures of a year are written as goals are: ≥60, 20左右."""
    cells = [
        cell(row[at].text)
        for row in grid.rows
        for at, column in dated
        if column.year == year and at < len(row)
    ]
    return any(each is not None and (each.op != "=" or each.elsewhere) for each in cells)


def _place(
    grid: Grid, row: tuple[View, ...], here: View, held: Cell, column: Column, scope: Scope
) -> _Place | None:
    names = [each for each in grid.cells(row, "indicator") if each.text and cell(each.text) is None]
    features = _features(grid, row)
    regions = [each for each in grid.cells(row, "region") if each.text]
    own, own_unit = _parted(names[-1].text) if names else ("", "")
    indicator = _indicator(grid, own, features[0].text if features else "", held, column)
    if not indicator:
        return None
    region = column.region or (regions[-1].text if regions else "")
    row_unit = next((each.text for each in grid.cells(row, "unit") if each.text), "")
    return _Place(
        here,
        held,
        column,
        scope.region if not region or is_total(region) else region,
        next(iter((names or features or regions)[-1:]), None),
        indicator,
        row_unit or column.unit or own_unit or _unit_said(grid),
        column.year or _year_of(grid, row) or _caption_year(grid) or scope.annual,
        next((each.text for each in grid.cells(row, "kind") if each.text), ""),
        _baseline(grid, row, column),
    )


def _features(grid: Grid, row: tuple[View, ...]) -> list[View]:
    """Return the places of a row, a section before the river that it is on."""
    listed = [
        (re.search("断面|点位|水源", column.heading) is None, at)
        for at, column in enumerate(grid.columns)
        if column.role == "feature" and at < len(row) and row[at].text
    ]
    return [row[at] for _, at in sorted(listed)]


def _indicator(grid: Grid, own: str, thing: str, held: Cell, column: Column) -> str:
    """Return what a cell is about: by its row, its column, both together, or the words before the table."""
    tables, over = words()["tables"], column.indicator
    if over in tables["periods"]:
        return f"{own or of_caption(grid)}({over})"
    over = "" if over in (*tables["whole_year"], *tables["total"]) else over
    named = own + over if own not in over else over
    named = named if thing else _of_many(grid, named)
    return thing + (named or ("水质" if thing and held.grade else "")) or named or of_caption(grid)


def _of_many(grid: Grid, name: str) -> str:
    """Return 「氮氧化物」 with what the words before the table say of it and others: 「重点工程减排量」."""
    nouns = group("indicators", "nouns")
    said = of_caption(grid) if name and not re.search(nouns, name) else ""
    return next((each for each in heads(said) if each.startswith(name)), name)


def _counts(place: _Place) -> bool:
    """Return whether a cell is a goal: a grade only where one is aimed at, money never."""
    if place.held.grade:
        return place.column.aims or place.year is not None
    return "/" in place.unit or not place.unit.endswith("元")


def _target(place: _Place, source_text: str, section: str) -> Target:
    quantity, grade = place.held.quantity, place.held.grade
    views = [each for each in (place.name, place.cell) if each is not None]
    span = Span(min(each.whole.start for each in views), max(each.whole.end for each in views))
    said = (quantity.unit if quantity else "") or place.unit
    change = place.held.change if not place.indicator.endswith(place.held.change or "□") else ""
    return Target(
        region=place.region,
        indicator=place.indicator + change,
        op=place.held.op,
        value=quantity.low if quantity else grade or None,
        unit="" if grade or said in ("-", "—", "/") else said,
        year=place.year,
        stretch=place.held.stretch.low if place.held.stretch else None,
        quote=source_text[span.start : span.end],
        start=span.start,
        end=span.end,
        damaged=("value",) if place.held.elsewhere else (),
        upper=quantity.high if quantity else None,
        base_year=place.baseline[0],
        base_value=place.baseline[1],
        year_source="table" if place.year else "",
        kind="worded" if grade else "quantity",
        nature=place.nature,
        section=section,
    )


def _baseline(grid: Grid, row: tuple[View, ...], column: Column) -> tuple[int | None, Decimal | None]:
    """Return the year and value of what was, for the same region and indicator."""
    for at, other in enumerate(grid.columns):
        if other.role == "baseline" and at < len(row) and other.region == column.region:
            if other.indicator and column.indicator and other.indicator != column.indicator:
                continue
            found = re.fullmatch(rf"({NUMBER})%?", row[at].text)
            return other.year, number(found[1]) if found else None
    return None, None


def _year_of(grid: Grid, row: tuple[View, ...]) -> int | None:
    found = [re.match(r"20\d\d", each.text) for each in grid.cells(row, "year")]
    return next((int(each.group()) for each in found if each), None)


def _caption_year(grid: Grid) -> int | None:
    return next(
        (when.year for said in reversed(grid.captions) for when in reversed(whens(said)) if when.year), None
    )


def _unit_said(grid: Grid) -> str:
    found = [_SAID_UNIT.search(said) or _IN_NAME.search(said) for said in reversed(grid.captions)]
    return next((each["unit"].removeprefix("单位:") for each in found if each), "")


def of_caption(grid: Grid) -> str:
    """Return the indicator that the words before a table name: 各县区2027年PM2.5浓度目标表."""
    for said in reversed(grid.captions):
        if _SAID_UNIT.fullmatch(said) or "。" in said:
            continue
        left, before = said, ""
        while left != before:
            before, left = left, re.sub("(?<=..)(?:目标|任务)$", "", _NAMES_NOTHING.sub("", left))
        named = re.search(group("indicators", "nouns"), left) or re.search(r"[A-Za-z]", left)
        if named or (2 <= len(left) <= 12 and left != said and re.search(group("tables", "aims"), said)):
            return left
    return ""


def _parted(name: str) -> tuple[str, str]:
    """Return an indicator and the unit in brackets behind its name, where there is one."""
    name = re.sub(r"^(?:\d{1,2}|[一二三四五六七八九十]+)[.、]", "", name).strip(_MARKS)
    found = _IN_NAME.search(name)
    bare, said = (name[: found.start()].strip(_MARKS), found["unit"]) if found else (name, "")
    kind = f"({found['kind']})" if found and found["kind"] else ""  # 化肥施用量(折纯,吨)
    return re.sub("(?<=..)(?:目标任务|任务|目标)(?:量|数|值)?$", "", bare) + kind, said
