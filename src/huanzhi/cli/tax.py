"""``huanzhi tax``: the environmental tax of a sheet, every row with its arithmetic; the rates held."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from huanzhi.assess.explanation import cautions
from huanzhi.assess.tax import Computation, Line, Rate, Rates, compute, rates_of
from huanzhi.assess.tax.model import shown
from huanzhi.assess.tax.quarters import last_day, months_of, quarter_of
from huanzhi.assess.tax.reading import HEADINGS, Given, month_of, read
from huanzhi.assess.tax.tables import RATES, checked, held_provinces
from huanzhi.cli.assess.files import (
    Delivery,
    Judged,
    Refusals,
    deliver,
    delivery_options,
    find_column,
    need_column,
    open_sheet,
)
from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.standards import Confidence, standard

NAMES = ("equivalents", "rank", "rate", "share", "tax", "result", "reason")
_NEEDED = ("kind", "place", "month")


@click.group(name="tax", help=text("tax_cli.help"))
def command() -> None:
    """Hold the commands of the environmental tax."""


@command.command("compute", help=text("tax_cli.help_compute"))
@click.option("--province", required=True, metavar="NAME", help=text("tax_cli.province"))
@click.option("--quarter", required=True, metavar="YYYYQn", help=text("tax_cli.quarter"))
@click.option(
    "--rates", "rates_file", type=click.Path(path_type=Path, dir_okay=False), help=text("tax_cli.rates")
)
@delivery_options
@click.pass_context
def compute_file(
    context: click.Context, province: str, quarter: str, rates_file: Path | None, **where: Any
) -> None:
    """Compute the tax of a sheet."""
    quarter = quarter_of(quarter)
    rates = _rates(rates_file, province, quarter) if rates_file else rates_of(province, last_day(quarter))
    sheet = open_sheet(where.pop("file"))
    refusals = Refusals(sheet)
    given = read_rows(sheet, refusals, quarter)
    found = _computed(given, refusals, rates, quarter)
    lines = {list(given)[line.row]: line for line in found.lines}
    table = [_cells(lines.get(row), refusals.found.get(row)) for row in range(len(sheet))]
    columns = {name: [row[place] for row in table] for place, name in enumerate(NAMES)}
    context.exit(
        deliver(Judged(sheet, columns, refusals, _summary(found, rates, quarter)), Delivery(**where))
    )


def read_rows(sheet: Sheet, refusals: Refusals, quarter: str) -> dict[int, Given]:
    """Return the rows of a sheet that can be read, by their place; the others are refused.

    Raises
    ------
    InputError
        If a column that every row needs is missing.
    """
    for name in _NEEDED:
        need_column(sheet, HEADINGS[name])
    found = {}
    for index in range(len(sheet)):
        row = {name: sheet.cells[heading][index] for name, heading in _columns(sheet).items()}
        try:
            if month_of(row) not in months_of(quarter):
                raise InputError("tax.month", column="month", value=row["month"], expected=quarter)
            found[index] = read(row)
        except InputError as error:
            _refuse(refusals, index, error)
    return found


def _columns(sheet: Sheet) -> dict[str, str]:
    """Return the heading of each field that the sheet has."""
    found = {name: find_column(sheet, spellings) for name, spellings in HEADINGS.items()}
    return {name: heading for name, heading in found.items() if heading}


def _refuse(refusals: Refusals, index: int, error: InputError) -> None:
    """Refuse a row, naming the column as the sheet has it."""
    told = str(error.place["column"] or "item")
    column = _columns(refusals.sheet).get(told, told)
    row = refusals.sheet.row(index)
    error.place |= {"row": row, "column": column, "value": error.place["value"] or ""}
    refusals.found.setdefault(index, error)


def _computed(given: dict[int, Given], refusals: Refusals, rates: Rates, quarter: str) -> Computation:
    """Compute the rows; one that cannot be is refused, and the others are computed without it."""
    day = last_day(quarter)
    for index, row in list(given.items()):
        try:
            compute([row], rates, day)
        except InputError as error:
            _refuse(refusals, index, error)
            del given[index]
    while True:
        try:
            return compute(list(given.values()), rates, day)
        except InputError as error:
            index = _culprit(given, rates, quarter)
            _refuse(refusals, index, error)
            del given[index]


def _culprit(given: dict[int, Given], rates: Rates, quarter: str) -> int:
    """Return the first row that cannot stand with those before it: one that stands twice."""
    rows: list[Given] = []
    for index, row in given.items():
        rows.append(row)
        try:
            compute(rows, rates, last_day(quarter))
        except InputError:
            return index
    raise AssertionError(quarter)


def _cells(line: Line | None, error: InputError | None) -> tuple[str, ...]:
    if line is None:
        return ("", "", "", "", "", "", str(error or ""))
    why = text("tax_cli.between").join(step.sentence() for step in line.steps)
    share = f"{float(line.share):g}"
    rank = str(line.rank) if line.rank else ""
    return (shown(line.number), rank, str(line.rate), share, str(line.tax), text(line.reason), why)


def _summary(found: Computation, rates: Rates, quarter: str) -> dict[str, object]:
    return {
        "quarter": quarter,
        "province": rates.place,
        "rates": rates.number,
        "confidence": rates.confidence.value,
        "total": str(found.total),
        "months": {month: str(tax) for month, tax in found.months.items()},
        "editions": [edition.number for edition in found.editions],
        "cautions": list(cautions(found.tables)),
    }


def _rates(file: Path, province: str, quarter: str) -> Rates:
    """Read a table of rates: medium, yuan, items (between commas), basis.

    Raises
    ------
    InputError
        If a rate is no number or lies outside the range of the law.
    """
    sheet = open_sheet(file)
    media, yuan = need_column(sheet, ("medium", "介质")), need_column(sheet, ("yuan", "税额"))
    items, basis = (find_column(sheet, names) for names in (("items", "污染物"), ("basis", "依据")))
    rows = [_rate(sheet, place, (media, yuan, items)) for place in range(len(sheet))]
    number = sheet.cells[basis][0] if basis else file.name
    return checked(Rates(province, tuple(rows), number, Confidence.NOT_CONFIRMED), last_day(quarter))


def _rate(sheet: Sheet, place: int, columns: Sequence[str | None]) -> Rate:
    media, yuan, items = (sheet.cells[name][place] if name else "" for name in columns)
    words = {"air": "air", "大气": "air", "water": "water", "水": "water"}
    row = sheet.row(place)
    if media not in words:
        raise InputError(
            "tax.cell", file=sheet.file, row=row, column="medium", value=media, expected="大气, 水"
        )
    try:
        value = Decimal(yuan)
    except ArithmeticError:
        raise InputError(
            "tax.cell", file=sheet.file, row=row, column="yuan", value=yuan, expected="1.2"
        ) from None
    parts = items.replace("，", ",").replace("、", ",").split(",")
    return Rate(words[media], value, tuple(part.strip() for part in parts if part.strip()))


@command.command("rates", help=text("tax_cli.help_rates"))
@json_option
def list_rates(as_json: bool) -> None:
    """Print the rates that ship, with their confidence."""
    rows = [
        (name, edition, rates_of(name, edition.interval.start))
        for name in held_provinces()
        for edition in standard(f"{RATES} {name}").editions
    ]
    if as_json:
        emit_json(
            [
                {
                    "province": name,
                    "from": edition.interval.start,
                    "to": edition.interval.end,
                    "number": rates.number,
                    "confidence": rates.confidence.value,
                    "rows": [[one.medium, str(one.yuan), list(one.items)] for one in rates.rows],
                }
                for name, edition, rates in rows
            ]
        )
        return
    headings = [text(f"tax_cli.column_{name}") for name in ("province", "from", "rates", "confidence")]
    body = [
        [name, str(edition.interval.start), _in_words(rates), rates.confidence.text()]
        for name, edition, rates in rows
    ]
    emit_table(headings, body)
    say("tax_cli.no_others")


def _in_words(rates: Rates) -> str:
    words = {medium: text(f"tax_cli.{medium}") for medium in ("air", "water")}
    return "; ".join(f"{', '.join(one.items) or words[one.medium]} {one.yuan}" for one in rates.rows)
