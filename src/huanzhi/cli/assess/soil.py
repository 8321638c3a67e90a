"""``huanzhi assess soil``: verdict on soil points 土壤点位 by GB 36600 or GB 15618, as their use says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click
import numpy as np

from huanzhi.assess import soil as assess
from huanzhi.assess.readings import Readings
from huanzhi.assess.soil import SoilJudgement
from huanzhi.cli.assess.files import (
    Delivery,
    Judged,
    Refusals,
    deliver,
    delivery_options,
    find_column,
    open_sheet,
)
from huanzhi.cli.assess.item_columns import (
    SEPARATOR,
    days_of,
    editions_of,
    find_items,
    joined,
    not_in_force,
    read_item,
    tell_unused,
    times_of,
    unused_columns,
    words,
)
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.standards import Edition, in_force, soil, standard
from huanzhi.standards.soil import SoilItem, SoilTable

USE = ("use", "land_use", "用地类型", "土地利用类型", "用途", "用地")
PH = ("ph", "pH值", "土壤pH", "土壤pH值")
BACKGROUND = ("背景值", "background", "_background", " background")
NAMES = ("verdict", "limiting", "ratio", "verdict_best", "verdict_worst", "option", "edition", "reason")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a file gives for one standard: contents and backgrounds by item, pH."""

    samples: dict[str, Readings]
    background: dict[str, Readings]
    ph: Readings | None


@click.command(name="soil", help=text("ground_cli.soil_help"))
@click.option("--use", "default_use", help=text("ground_cli.use"))
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help=text("ground_cli.date"))
@delivery_options
@click.pass_context
def command(context: click.Context, /, default_use: str | None, day: datetime | None, **where: Any) -> None:
    """Judge a file of soil samples."""
    sheet = open_sheet(where.pop("file"))
    refusals = Refusals(sheet)
    time, seconds = times_of(sheet, refusals)
    days = days_of(sheet, seconds, day.date() if day else None)
    uses = read_uses(sheet, refusals, default_use)
    inputs = {identity: read_inputs(sheet, refusals, identity, time) for identity in _wanted(uses)}
    if uses and not any(found.samples for found in inputs.values()):
        raise InputError("ground_cli.no_items", file=sheet.file, row=1)
    judged = {identity: _judge(identity, uses, days, found) for identity, found in inputs.items()}
    lines = [_line(row, uses[row], days[row], judged, refusals) for row in range(len(sheet))]
    columns = {name: [line[place] for line in lines] for place, name in enumerate(NAMES)}
    counts = Counter(columns["verdict"])
    items = sorted({name for found in inputs.values() for name in found.samples})
    tables = [_newest(identity) for identity in inputs]
    known = (time, find_column(sheet, USE), find_column(sheet, PH))
    unused = unused_columns(sheet, lambda heading: _known(tables, heading), known)
    tell_unused(unused, as_json=where["as_json"])
    summary = {
        "items": items,
        "unused": unused,
        "not_judged": counts.pop("", 0),
        "verdicts": dict(sorted(counts.items())),
    }
    context.exit(deliver(Judged(sheet, columns, refusals, summary), Delivery(**where)))


def read_uses(sheet: Sheet, refusals: Refusals, default: str | None) -> list[tuple[str, int] | None]:
    """Return standard and use of every row; a row whose use is not known is refused.

    Raises
    ------
    InputError
        If the file has no column for it and none is given, or the given one is not known.
    """
    known = "、".join(soil.use_names())
    given = soil.use_of(default) if default else None
    if default and given is None:
        raise InputError("ground_cli.no_use", value=default, expected=known)
    heading = find_column(sheet, USE)
    if heading is None and given is None:
        raise InputError("ground_cli.no_use_column", file=sheet.file, row=1, expected="use")
    if heading is None:
        return [given] * len(sheet)
    found = [soil.use_of(cell) if cell else given for cell in sheet.cells[heading]]
    for index, use in enumerate(found):
        if use is None:
            refusals.add(index, "ground_cli.no_use", heading, sheet.cells[heading][index])
    return found


def read_inputs(sheet: Sheet, refusals: Refusals, identity: str, time: str | None) -> Inputs:
    """Read the columns that mean items of a standard, their backgrounds and the pH."""
    table = _newest(identity)
    ph, use = find_column(sheet, PH), find_column(sheet, USE)
    columns = find_items(sheet, lambda heading: soil.find_item(table.items, heading), (time, ph, use))
    taken = {column.heading for column in columns.values()}
    behind = find_items(sheet, lambda heading: _background_item(table, heading), (time, ph, use, *taken))
    return Inputs(
        samples={name: read_item(sheet, column, refusals) for name, column in columns.items()},
        background={name: read_item(sheet, column, refusals) for name, column in behind.items()},
        ph=_ph(sheet, ph, refusals) if ph and table.bins else None,
    )


def _known(tables: Sequence[SoilTable], heading: str) -> SoilItem | None:
    """Return the item that a heading means in any of the tables, as a content or as a background."""
    found = (soil.find_item(table.items, heading) or _background_item(table, heading) for table in tables)
    return next((item for item in found if item is not None), None)


def _background_item(table: SoilTable, heading: str) -> SoilItem | None:
    for ending in BACKGROUND:
        if heading.endswith(ending):
            return soil.find_item(table.items, heading.removesuffix(ending))
    return None


def _ph(sheet: Sheet, heading: str, refusals: Refusals) -> Readings:
    item = next(iter(find_items(sheet, lambda name: _PhItem() if name == heading else None).values()))
    return read_item(sheet, item, refusals)


@dataclass(frozen=True, slots=True)
class _PhItem:
    name: str = "pH"
    unit: str = "无量纲"


def _wanted(uses: Sequence[tuple[str, int] | None]) -> set[str]:
    return {use[0] for use in uses if use is not None}


def _newest(identity: str) -> SoilTable:
    return soil.table_of(identity, standard(identity).editions[-1].id)


def _judge(
    identity: str, uses: Sequence[tuple[str, int] | None], days: Sequence[date], inputs: Inputs
) -> dict[date, SoilJudgement | None]:
    """Judge all rows by every edition needed; rows of another standard are judged too, and never read."""
    numbers = np.array([use[1] if use and use[0] == identity else 0 for use in uses], dtype=np.int64)
    editions = editions_of(days, lambda on: in_force(identity, on))

    def judged(found: Edition) -> SoilJudgement:
        table = soil.table_of(identity, found.id)
        return assess.judge(table, numbers, inputs.samples, inputs.ph, inputs.background)

    done = {found.id: judged(found) for found in editions.values() if found is not None}
    return {day: None if found is None else done[found.id] for day, found in editions.items()}


def _line(
    row: int,
    use: tuple[str, int] | None,
    day: date,
    judged: dict[str, dict[date, SoilJudgement | None]],
    refusals: Refusals,
) -> tuple[str, ...]:
    nothing = ("",) * (len(NAMES) - 1)
    if row in refusals.found or use is None:
        return (*nothing, str(refusals.found[row]))
    found = judged[use[0]][day]
    if found is None:
        return (*nothing, not_in_force(use[0], day))
    option = int(found.options[row])
    return (
        found.name(int(found.levels[row])),
        joined(found.limiting(row)),
        words(found.ratios(row)),
        found.name(int(found.overall_best[row])),
        found.name(int(found.overall_worst[row])),
        found.table.option_name(option) if option >= 0 else found.table.uses[use[1]],
        found.table.edition.number,
        text("assess_cli.sentence_separator").join(_why(found, row)),
    )


def _why(found: SoilJudgement, row: int) -> list[str]:
    if not found.overall_worst[row]:
        return [text("soil.no_items")]
    reasons = []
    if not found.levels[row]:
        best, worst = (found.name(int(end[row])) for end in (found.overall_best, found.overall_worst))
        items = joined(found.undecided(row))
        reasons.append(text("soil.open", best=best, worst=worst, items=items))
    if excused := found.background_names(row):
        reasons.append(text("ground_cli.background", items=SEPARATOR.join(excused)))
    if asking := found.background_wanted(row):
        reasons.append(text("ground_cli.background_unknown", items=SEPARATOR.join(asking)))
    return reasons
