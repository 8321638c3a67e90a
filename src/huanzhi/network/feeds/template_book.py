"""The template as a workbook 模板工作簿: an empty table, how to fill it in, and the list of parameters."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network.feeds.refused import write_whole
from huanzhi.network.feeds.template import HEADINGS, PERIODS
from huanzhi.standards.parameters import all_parameters

COLUMNS = ("station", "name", "kind", "region", "province", "basin", "lon", "lat")
VALUES = ("parameter", "period", "time", "value", "unit", "flag")
LONG = (*COLUMNS, *VALUES)
_WIDTH = 16


def write_template(target: Path) -> None:
    """Write the empty template, as XLSX or CSV by the name of `target`.

    Raises
    ------
    InputError
        If the name has another ending, or the file cannot be written.
    """
    makers = {".xlsx": workbook_bytes, ".csv": csv_bytes}
    maker = makers.get(target.suffix.lower())
    if maker is None:
        raise InputError("feeds.template_ending", file=target, expected=", ".join(makers))
    write_whole(target, maker())


def csv_bytes() -> bytes:
    """Return the heading of the long template as CSV."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow(LONG)
    return stream.getvalue().encode("utf-8-sig")


def workbook_bytes() -> bytes:
    """Return the workbook: data, guide, parameters."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _add_sheet(book, text("feeds.sheet_data"), [LONG])
    _add_sheet(book, text("feeds.sheet_guide"), guide())
    _add_sheet(book, text("feeds.sheet_parameters"), parameter_rows())
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def guide() -> list[Sequence[str]]:
    """Return the guide: heading, meaning, other headings that are read."""
    head = tuple(text(f"feeds.guide_{name}") for name in ("heading", "meaning", "also"))
    rows = [(name, text(f"feeds.field_{name}"), ", ".join(words[1:])) for name, words in HEADINGS.items()]
    periods = (text("feeds.guide_periods"), ", ".join(PERIODS), "")
    return [head, *rows, periods, (text("feeds.guide_wide"), text("feeds.guide_wide_text"), "")]


def parameter_rows() -> list[Sequence[str]]:
    """Return every parameter: code, name, symbol, unit, medium."""
    head = tuple(text(f"feeds.parameter_{name}") for name in ("code", "name", "symbol", "unit", "medium"))
    rows = [(p.code, p.name, p.symbol, p.unit, p.medium) for p in all_parameters().values()]
    return [head, *rows]


def _add_sheet(book: Workbook, title: str, rows: Iterable[Sequence[str]]) -> None:
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    for place, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDEBF7")
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
    sheet.freeze_panes = "A2"
