"""``huanzhi assess groundwater``: class of wells 地下水点位 by GB/T 14848."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from huanzhi.assess.class_limits import Judgement
from huanzhi.assess.groundwater import as_nitrogen
from huanzhi.assess.readings import Readings
from huanzhi.cli.assess.class_results import class_columns, class_summary, judge_rows
from huanzhi.cli.assess.files import Delivery, Judged, Refusals, deliver, delivery_options, open_sheet
from huanzhi.cli.assess.item_columns import (
    ItemColumn,
    days_of,
    find_items,
    read_item,
    read_word_item,
    tell_unused,
    times_of,
    unused_columns,
)
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.standards import edition, in_force, standard
from huanzhi.standards.class_items import ClassItem, ClassTable, find_item
from huanzhi.standards.groundwater import STANDARD, ion_of, table_of
from huanzhi.standards.units import split_heading


@click.command(name="groundwater", help=text("ground_cli.groundwater_help"))
@click.option("--nitrate", type=click.Choice(["N", "NO3"]), help=text("ground_cli.nitrate"))
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help=text("ground_cli.date"))
@click.option("--edition", "year", help=text("ground_cli.edition"))
@delivery_options
@click.pass_context
def command(
    context: click.Context, /, nitrate: str | None, day: datetime | None, year: str | None, **where: Any
) -> None:
    """Judge a file of groundwater samples."""
    sheet = open_sheet(where.pop("file"))
    refusals = Refusals(sheet)
    time, seconds = times_of(sheet, refusals)
    days = days_of(sheet, seconds, day.date() if day else None)
    table = table_of(year or standard(STANDARD).editions[-1].id)
    samples = read_samples(sheet, refusals, table, time, nitrate)
    rows = judge_rows(
        STANDARD,
        days,
        lambda on: edition(STANDARD, year) if year else in_force(STANDARD, on),
        lambda found: table_of(found.id),
        samples,
    )
    columns = class_columns(rows, refusals, _notes)
    unused = unused_columns(sheet, lambda heading: _find(table, heading), (time,))
    tell_unused(unused, as_json=where["as_json"])
    summary = {**class_summary(columns, samples), "unused": unused}
    context.exit(deliver(Judged(sheet, columns, refusals, summary), Delivery(**where)))


def read_samples(
    sheet: Sheet, refusals: Refusals, table: ClassTable, time: str | None, nitrate: str | None
) -> dict[str, Readings]:
    """Read every column that means an item, in the unit of its limits and nitrate and nitrite as nitrogen.

    Raises
    ------
    InputError
        If the file has no item, or does not say what its nitrate is expressed as.
    """
    columns = find_items(sheet, lambda heading: _find(table, heading), (time,))
    if not columns:
        raise InputError("ground_cli.no_items", file=sheet.file, row=1)
    return {name: _read(sheet, column, refusals, table, nitrate) for name, column in columns.items()}


def _find(table: ClassTable, heading: str) -> ClassItem | None:
    ion = ion_of(table, heading)
    return table.item(ion[0]) if ion else find_item(table.items, heading)


def _read(
    sheet: Sheet, column: ItemColumn, refusals: Refusals, table: ClassTable, nitrate: str | None
) -> Readings:
    if table.item(column.item.name).descriptive:
        return read_word_item(sheet, column, refusals)
    values = read_item(sheet, column, refusals)
    ion = ion_of(table, column.heading) or ion_of(table, split_heading(column.heading)[0])
    if ion is None:
        return values
    name, clear = ion
    if not clear and nitrate is None:
        raise InputError("ground_cli.nitrate_unclear", file=sheet.file, row=1, column=column.heading)
    return as_nitrogen(values, name, table) if clear or nitrate == "NO3" else values


def _notes(judged: Judgement, row: int) -> list[str]:
    """Ask for nuclide analysis where radioactivity lies beyond its guide value."""
    pairs = zip(judged.items, judged.best[row], strict=True)
    beyond = [
        item.name for item, best in pairs if item.group == "radioactivity" and best > judged.table.reference
    ]
    return [text("ground_cli.radioactivity", items="、".join(beyond))] if beyond else []
