"""``huanzhi assess water``: class, limiting items and multiples of every row of surface-water data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from huanzhi.assess.readings import Readings
from huanzhi.assess.water import PH, Rounding, impossible
from huanzhi.assess.water_kind import Kind, decide, is_known_word
from huanzhi.cli.assess import files
from huanzhi.cli.assess.item_columns import ItemColumn, find_items, read_item
from huanzhi.cli.assess.water_results import WaterRows, results, summary
from huanzhi.errors import InputError, StandardError
from huanzhi.messages import text
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.network.feeds.times import parse_times
from huanzhi.network.feeds.values import parse_column
from huanzhi.standards import water_bodies
from huanzhi.standards.class_items import find_item
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import CHINA, Period, china_date
from huanzhi.standards.units import split_heading
from huanzhi.standards.water import WaterRules, rules

SECTION = ("section", "断面名称", "断面", "点位名称", "点位", "站点名称", "测站名称", "站名", "name")
TIME = ("time", "监测时间", "采样时间", "时间", "日期", "date", "month", "月份")
KIND = ("kind", "水体类型", "水体类别", "湖库或河流")
PROVINCE = ("province", "省份", "省")
TARGET = ("target", "水质目标", "目标类别", "考核目标")


@dataclass(frozen=True, slots=True)
class Layout:
    """Headings by what they mean; None where the file has no such column."""

    section: str
    time: str
    kind: str | None
    province: str | None
    target: str | None

    def taken(self) -> tuple[str | None, ...]:
        """Return the headings that are no item."""
        return self.section, self.time, self.kind, self.province, self.target


@click.command(name="water", help=text("water.help"))
@files.delivery_options
@click.option("--target", help=text("water.target"))
@click.option("--year", type=int, help=text("water.year"))
@click.option(
    "--rounding",
    type=click.Choice(["as_reported", "evaluation"]),
    default="as_reported",
    show_default=True,
    help=text("water.rounding"),
)
@click.pass_context
def command(
    context: click.Context,
    file: Path,
    output: Path | None,
    rejects: Path | None,
    bom: bool,
    as_json: bool,
    target: str | None,
    year: int | None,
    rounding: Rounding,
) -> None:
    """Judge a file of surface-water data."""
    sheet = files.open_sheet(file)
    rows = read_rows(sheet, year or datetime.now(CHINA).year, target)
    columns = results(rows, rounding)
    judged = files.Judged(sheet, columns, rows.refusals, summary(columns))
    context.exit(files.deliver(judged, files.Delivery(output, rejects, as_json, bom)))


def read_rows(sheet: Sheet, year: int, target: str | None = None) -> WaterRows:
    """Read the columns of a sheet by their meaning; what cannot be read refuses its row.

    Parameters
    ----------
    year : int
        Year of times that have only month and day, as the national platform prints them.
    target : str, optional
        Target class of all sections; without it the column ``target`` where there is one.

    Raises
    ------
    InputError
        If the column of the section or of the time is missing, or no column is an item of GB 3838.
    """
    layout = find_layout(sheet)
    refusals = files.Refusals(sheet)
    days = _days(sheet, layout.time, refusals, year)
    by_day = {day: rules(day) for day in set(days) if day is not None}
    newest = by_day[max(by_day)] if by_day else rules(date(year, 1, 1))
    return WaterRows(
        sheet=sheet,
        refusals=refusals,
        rules=[None if day is None else by_day[day] for day in days],
        kinds=_kinds(sheet, layout, refusals),
        columns=_columns(sheet, layout, refusals, newest),
        targets=_targets(sheet, layout, refusals, newest, target),
    )


def find_layout(sheet: Sheet) -> Layout:
    """Find the columns that are no items."""
    return Layout(
        files.need_column(sheet, SECTION),
        files.need_column(sheet, TIME),
        *(files.find_column(sheet, spellings) for spellings in (KIND, PROVINCE, TARGET)),
    )


def _days(sheet: Sheet, heading: str, refusals: files.Refusals, year: int) -> list[date | None]:
    times = parse_times(sheet.cells[heading], "start", Period.INSTANT, year=year)
    for index, cell in times.bad.items():
        refusals.add(index, "assess_cli.not_time", heading, cell)
    days: list[date | None] = [china_date(second) for second in times.seconds.tolist()]
    outside = {day for day in set(days) if day and not _judged_then(day)}
    for index, day in enumerate(days):
        if index not in times.bad and day in outside:
            refusals.add(index, "water.not_in_force", heading, sheet.cells[heading][index])
        if index in times.bad or day in outside:
            days[index] = None
    return days


def _judged_then(day: date) -> bool:
    try:
        rules(day)
    except StandardError:
        return False
    return True


def _columns(
    sheet: Sheet, layout: Layout, refusals: files.Refusals, judging: WaterRules
) -> dict[str, Readings]:
    judged = {*judging.evaluated, *judging.separate}
    items = [item for name, item in judging.lake.items() if name in judged]
    columns = find_items(sheet, lambda heading: find_item(items, heading), layout.taken())
    if not columns:
        raise InputError("water.no_items", file=sheet.file, row=1, expected="ph,do,codmn,nh3n,tp")
    return {name: _readings(sheet, column, refusals) for name, column in columns.items()}


def _readings(sheet: Sheet, column: ItemColumn, refusals: files.Refusals) -> Readings:
    """Read an item; a value that no water can have refuses its row and is left out."""
    values = read_item(sheet, column, refusals)
    if column.item.name == PH:
        for index in np.flatnonzero(impossible(values, PH)).tolist():
            refusals.add(index, "water.impossible_ph", column.heading, values.text(index))
        return values.without(impossible(values, PH))
    return values


def _kinds(sheet: Sheet, layout: Layout, refusals: files.Refusals) -> list[Kind]:
    tables = water_bodies.tables()
    given = sheet.cells[layout.kind] if layout.kind else [""] * len(sheet)
    for index, word in enumerate(given):
        if not is_known_word(word, tables):
            refusals.add(index, "water.unknown_kind", layout.kind or "", word)
    return decide(
        sheet.cells[layout.section],
        tables,
        given=given,
        measured=_probes(sheet, tables.evidence_items),
        provinces=sheet.cells[layout.province] if layout.province else None,
    )


def _probes(sheet: Sheet, items: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Say in which rows an item is measured that only lake stations measure as a rule."""
    codes = {parameter.code for item in items if (parameter := find(item, "water"))}
    found = np.zeros(len(sheet), np.bool_)
    for heading in sheet.columns:
        meant = find(heading, "water") or find(split_heading(heading)[0], "water")
        if meant is not None and meant.code in codes:
            values = parse_column(sheet.cells[heading])
            found |= values.states != 1
    return found


def _targets(
    sheet: Sheet, layout: Layout, refusals: files.Refusals, judging: WaterRules, target: str | None
) -> list[str] | None:
    if target is not None:
        judging.class_number(target)
        return [target] * len(sheet)
    if layout.target is None:
        return None
    cells = list(sheet.cells[layout.target])
    for index, cell in enumerate(cells):
        if cell and not judging.has_class(cell):
            refusals.add(index, "water.unknown_target", layout.target, cell)
            cells[index] = ""
    return cells
