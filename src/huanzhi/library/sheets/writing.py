"""Writing workbooks: rows with headings in the reader's language; texts are never taken for formulas."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from huanzhi.errors import InputError
from huanzhi.library.records.columns import NUMBERS, Column, Kind
from huanzhi.library.records.tables import Row, Table
from huanzhi.messages import text

LONGEST = 32767
"""Characters that a cell of a workbook holds."""


def columns_of(table: Table) -> tuple[Column, ...]:
    """Return the columns of the sheets of a table.

    Raises
    ------
    InputError
        ``sheets.none_of_table`` if the table is kept by its acts alone, so that no sheet can fill it.
    """
    found = table.sheet_columns()
    if not found:
        raise InputError("sheets.none_of_table", value=table.kind)
    return found


def workbook(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    """Return an xlsx file with one sheet: a line of headings, then the rows; choices are in words."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(text("sheets.data"))
    prepare(sheet, columns)
    for row in rows:
        sheet.append([cell(sheet, column, row.get(column.name)) for column in columns])
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return a workbook as bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def prepare(sheet: Any, columns: Sequence[Column]) -> None:
    """Write the line of headings, bold, and keep it in sight."""
    sheet.freeze_panes = "A2"
    for position, column in enumerate(columns, 1):
        width = max(10, min(40, 2 * len(column.heading()) + 4))
        sheet.column_dimensions[get_column_letter(position)].width = width
    headings = []
    for column in columns:
        heading = WriteOnlyCell(sheet, text_of(column.heading()))
        heading.font = Font(bold=True)
        headings.append(heading)
    sheet.append(headings)


def cell(sheet: Any, column: Column, value: Any) -> Any:
    """Return a cell: a number as a number, everything else as text."""
    if value is None or value == "":
        return None
    if column.kind in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        return value
    made = WriteOnlyCell(sheet, text_of(_words(column, value)))
    made.data_type = "s"
    return made


def _words(column: Column, value: Any) -> str:
    if isinstance(value, bool):
        return text("sheets.true" if value else "sheets.false")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return column.word(str(value)) if column.kind is Kind.CHOICE else str(value)


def text_of(value: str) -> str:
    """Return a text that a cell can hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
