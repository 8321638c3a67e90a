"""Workbooks 电子表格: the tables of a document, one sheet each, with number formats and frozen headers."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from huanzhi.library.documents.blocks import Cell, Column, Document, Heading, Paragraph, Table

LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\'（）()]")
_WIDTH_UNIT, _LEAST, _MOST = 12, 8, 60
_THIN = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="E7F1F0")


def write_xlsx(document: Document, path: Path) -> Path:
    """Write the tables of `document` as a workbook, replacing `path` in one step, and return the path.

    Each sheet has the caption, the mark of the document where it has one, the headings with units (frozen and
    filtered), the rows as numbers with their decimals, and the note. A document without tables becomes one
    sheet of its words, a heading or paragraph in each row: a workbook has at least one sheet.
    """
    book = Workbook()
    book.remove(book.active)
    book.properties.title = document.title
    for table in document.tables():
        _sheet(book, table, document.mark)
    if not book.sheetnames:
        _words(book, document)
    part = path.with_name(f".{path.name}.part")
    book.save(part)
    return part.replace(path)


def sheet_name(caption: str, taken: list[str]) -> str:
    """Return a name that a sheet may have: no forbidden sign, at most 31 characters, not yet taken."""
    base = _FORBIDDEN.sub(" ", caption).strip()[:LONGEST_NAME] or "1"
    name, number = base, 2
    while name.casefold() in (other.casefold() for other in taken):
        ending = f" {number}"
        name, number = base[: LONGEST_NAME - len(ending)] + ending, number + 1
    return name


def _words(book: Any, document: Document) -> None:
    sheet = book.create_sheet(sheet_name(document.title, []))
    sheet.column_dimensions["A"].width = _MOST
    sheet.cell(1, 1, document.title).font = Font(bold=True, size=14)
    sheet.cell(2, 1, document.mark or None).font = Font(bold=True, color="B45309")
    told = (block for block in document.blocks if isinstance(block, Heading | Paragraph))
    for number, block in enumerate(told, 3):
        cell = sheet.cell(number, 1)
        cell.value, cell.data_type = block.text, "s"
        cell.font = Font(bold=isinstance(block, Heading))
        cell.alignment = Alignment(vertical="top", wrap_text=True)


def _sheet(book: Any, table: Table, mark: str) -> None:
    sheet = book.create_sheet(sheet_name(table.caption, book.sheetnames))
    sheet.cell(1, 1, table.caption).font = Font(bold=True, size=14)
    sheet.cell(2, 1, mark or None).font = Font(bold=True, color="B45309")
    head = 3
    for position, column in enumerate(table.columns, 1):
        _heading(sheet.cell(head, position), column)
    for number, row in enumerate(table.rows, head + 1):
        for position, (cell, column) in enumerate(zip(row, table.columns, strict=True), 1):
            _value(sheet.cell(number, position), cell, column)
    last = head + len(table.rows)
    if table.note:
        sheet.cell(last + 2, 1, table.note)
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(table.columns))}{last}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape"
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    _column_widths(sheet, table)


def _heading(cell: Any, column: Column) -> None:
    cell.value = f"{column.heading} ({column.unit})" if column.unit else column.heading
    cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _value(cell: Any, value: Cell, column: Column) -> None:
    """Write one value; text stays text even where it begins like a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    cell.border = _BORDER
    if isinstance(value, int | Decimal):
        shown = column.decimals
        if shown is None:
            shown = max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0
        cell.number_format = "0" + (f".{'0' * shown}" if shown else "")


def _column_widths(sheet: Any, table: Table) -> None:
    for position, column in enumerate(table.columns, 1):
        longest = max((_printed_width(str(row[position - 1] or "")) for row in table.rows), default=0)
        width = max(_LEAST, min(_MOST, longest + 2), min(_WIDTH_UNIT, _printed_width(column.heading) + 2))
        sheet.column_dimensions[get_column_letter(position)].width = width


def _printed_width(words: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in words)
