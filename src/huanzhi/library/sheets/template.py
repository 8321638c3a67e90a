"""Templates and exports: a sheet to fill in, with a second sheet that says what may stand where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import Row, Table
from huanzhi.library.sheets.writing import columns_of, saved, text_of, workbook
from huanzhi.messages import text

LAST_ROW = 50_001
_LIST_LENGTH = 250
"""Characters that the list of a cell may have; longer ones are only explained."""


def template(table: Table) -> bytes:
    """Return an empty sheet of a table: required headings with a star, lists of choices, explanations."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = text("sheets.data")
    sheet.freeze_panes = "A2"
    for position, column in enumerate(columns_of(table), 1):
        _heading(sheet, position, column)
    _explain(book, table)
    return saved(book)


def export(table: Table, rows: Iterable[Row]) -> bytes:
    """Return rows in a sheet that can be taken in again."""
    return workbook(columns_of(table), rows)


def _heading(sheet: Any, position: int, column: Column) -> None:
    letter = get_column_letter(position)
    cell = sheet.cell(1, position, column.heading() + ("*" if column.required else ""))
    cell.font = Font(bold=True)
    sheet.column_dimensions[letter].width = max(12, min(40, 2 * len(column.heading()) + 4))
    if column.kind in (Kind.TEXT, Kind.CODE, Kind.DECIMAL, Kind.DATE):
        sheet.column_dimensions[letter].number_format = "@"
    words = _words(column)
    if words and len(",".join(words)) <= _LIST_LENGTH:
        rule = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
        rule.error = column.expectation()
        rule.showErrorMessage = True
        rule.add(f"{letter}2:{letter}{LAST_ROW}")
        sheet.add_data_validation(rule)


def _words(column: Column) -> list[str]:
    if column.kind is Kind.TRUTH:
        return [text("sheets.true"), text("sheets.false")]
    return [column.word(choice) for choice in column.choices]


def _explain(book: Workbook, table: Table) -> None:
    sheet: Any = book.create_sheet(text("sheets.explanation"))
    sheet.append([text(f"sheets.column_{name}") for name in ("heading", "name", "required", "expected")])
    for column in table.sheet_columns():
        needed = text("sheets.true" if column.required else "sheets.false")
        sheet.append(
            [text_of(each) for each in (column.heading(), column.name, needed, column.expectation())]
        )
    for letter, width in (("A", 24), ("B", 24), ("C", 10), ("D", 80)):
        sheet.column_dimensions[letter].width = width
