"""``huanzhi assess sea``: class of sea points 海水点位, eutrophication; sediment and biota on request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import click

from huanzhi.assess.class_limits import Judgement
from huanzhi.assess.readings import Readings
from huanzhi.assess.sea import Eutrophication, eutrophication, inorganic_nitrogen, nearshore
from huanzhi.cli.assess.class_results import JudgedRows, class_columns, class_summary, judge_rows
from huanzhi.cli.assess.files import Delivery, Judged, Refusals, deliver, delivery_options, open_sheet
from huanzhi.cli.assess.item_columns import (
    days_of,
    editions_of,
    find_items,
    read_item,
    tell_unused,
    times_of,
    unused_columns,
)
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.standards import in_force, sea, standard
from huanzhi.standards.class_items import ClassItem, ClassTable, find_item, plain_items

MEDIA = {"water": sea.WATER, "sediment": sea.SEDIMENT, "biota": sea.BIOTA}
NITROGEN, COD, DIP = "无机氮", "化学需氧量", "活性磷酸盐"


@click.command(name="sea", help=text("ground_cli.sea_help"))
@click.option("--medium", type=click.Choice(list(MEDIA)), default="water", help=text("ground_cli.medium"))
@click.option("--shellfish-raw", is_flag=True, help=text("ground_cli.shellfish"))
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help=text("ground_cli.date"))
@delivery_options
@click.pass_context
def command(
    context: click.Context, /, medium: str, shellfish_raw: bool, day: datetime | None, **where: Any
) -> None:
    """Judge a file of samples of the sea."""
    sheet = open_sheet(where.pop("file"))
    refusals = Refusals(sheet)
    identity = MEDIA[medium]
    time, seconds = times_of(sheet, refusals)
    days = days_of(sheet, seconds, day.date() if day else None)
    table = sea.table_of(identity, standard(identity).editions[-1].id, shellfish=shellfish_raw)
    samples = read_samples(sheet, refusals, table, time)
    rows = judge_rows(
        identity,
        days,
        lambda on: in_force(identity, on),
        lambda found: sea.table_of(identity, found.id, shellfish=shellfish_raw),
        samples,
    )
    columns = class_columns(rows, refusals, _no_notes)
    unused = unused_columns(sheet, lambda heading: _known(table, heading), (time,))
    tell_unused(unused, as_json=where["as_json"])
    summary = {**class_summary(columns, samples), "unused": unused}
    if identity == sea.WATER:
        columns = _with_eutrophication(columns, rows, samples, refusals)
        summary["nearshore"] = _nearshore(columns["class"], table)
    context.exit(deliver(Judged(sheet, columns, refusals, summary), Delivery(**where)))


def _known(table: ClassTable, heading: str) -> ClassItem | None:
    """Return the item, or the part of inorganic nitrogen, that a heading means."""
    parts = table.edition.tables.get("inorganic_nitrogen", ())
    return find_item((*table.items, *(item for part in parts for item in plain_items(part))), heading)


def read_samples(
    sheet: Sheet, refusals: Refusals, table: ClassTable, time: str | None
) -> dict[str, Readings]:
    """Read every column that means an item; inorganic nitrogen from its three parts where it has no column.

    Raises
    ------
    InputError
        If the file has no item.
    """
    columns = find_items(sheet, lambda heading: find_item(table.items, heading), (time,))
    found = {name: read_item(sheet, column, refusals) for name, column in columns.items()}
    if "inorganic_nitrogen" in table.edition.tables and NITROGEN not in found:
        parts = plain_items(table.edition.table("inorganic_nitrogen"))
        named = find_items(sheet, lambda heading: find_item(parts, heading), (time,))
        if len(named) == len(parts):
            found[NITROGEN] = inorganic_nitrogen(*(read_item(sheet, named[p.name], refusals) for p in parts))
    if not found:
        raise InputError("ground_cli.no_items", file=sheet.file, row=1)
    return found


def _with_eutrophication(
    columns: dict[str, list[str]], rows: JudgedRows, samples: dict[str, Readings], refusals: Refusals
) -> dict[str, list[str]]:
    indexed = _indexed(rows.days, samples)
    cells = [
        ("", "", "") if row in refusals.found else _cell(indexed, rows.days[row], row)
        for row in range(len(rows.days))
    ]
    separator = text("assess_cli.sentence_separator")
    reason = [
        separator.join(part for part in (old, line[2]) if part)
        for old, line in zip(columns["reason"], cells, strict=True)
    ]
    return {
        **columns,
        "e_index": [line[0] for line in cells],
        "e_grade": [line[1] for line in cells],
        "reason": reason,
    }


def _indexed(days: Sequence[date], samples: dict[str, Readings]) -> dict[date, Eutrophication | None] | None:
    """Return the index by the edition of each day; None where the file lacks one of the three items."""
    if not {NITROGEN, COD, DIP} <= samples.keys():
        return None
    editions = editions_of(days, lambda on: in_force(sea.EVALUATION, on))
    inputs = (samples[COD], samples[NITROGEN], samples[DIP])
    done = {e.id: eutrophication(*inputs, e) for e in editions.values() if e is not None}
    return {day: None if edition is None else done[edition.id] for day, edition in editions.items()}


def _cell(indexed: dict[date, Eutrophication | None] | None, day: date, row: int) -> tuple[str, str, str]:
    if indexed is None:
        return "", "", ""
    found = indexed[day]
    if found is None:
        return "", "", text("standards.not_in_force", id=sea.EVALUATION, day=day.isoformat())
    if not found.best[row]:
        return "", "", text("ground_cli.e_missing")
    shown = found.shown(row)
    best, worst = (found.names[int(end[row]) - 1] for end in (found.best, found.worst))
    why = "" if found.grades[row] else text("ground_cli.e_open", best=best, worst=worst)
    return "" if shown is None else str(shown), found.name(row), why


def _nearshore(classes: Sequence[str], table: ClassTable) -> dict[str, object] | None:
    """Return the share of points [%] in each class and the grade they give; None where none is judged."""
    numbers = [table.names.index(name) + 1 if name else 0 for name in classes]
    found = nearshore(numbers, standard(sea.EVALUATION).editions[-1])
    if found is None:
        return None
    shares = {name: round(float(share), 1) for name, share in zip(table.names, found.shares, strict=True)}
    return {"grade": found.grade, "shares": shares, "caution": text("ground_cli.nearshore_caution")}


def _no_notes(judged: Judgement, row: int) -> list[str]:
    return []
