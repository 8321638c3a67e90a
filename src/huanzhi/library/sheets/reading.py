"""Reading filled sheets: xlsx or CSV, headings in either language or by the names of columns."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from huanzhi.errors import InputError
from huanzhi.library.records.columns import Column
from huanzhi.library.records.tables import Table
from huanzhi.library.sheets.writing import columns_of

ROWS = 50_000
"""Most rows of a sheet. DEFAULT, NOT FROM THE DOCUMENTS."""

_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled sheet.

    Attributes
    ----------
    columns : tuple of Column
        What each used column of the sheet is, with its position.
    rows : list of (int, list)
        Row number as the spreadsheet shows it, and its cells; empty rows are left out.
    """

    columns: tuple[tuple[int, Column], ...]
    rows: list[tuple[int, list[Any]]]

    def values(self, cells: Sequence[Any]) -> dict[str, Any]:
        """Return the cells of a row by column."""
        return {column.name: cells[at] if at < len(cells) else None for at, column in self.columns}


def read_filled(table: Table, raw: bytes, name: str = "") -> Filled:
    """Read a sheet for a table.

    Raises
    ------
    InputError
        If the table has no sheet, the bytes are none, it is too long, a heading is unknown or twice, or a
        required column lacks.
    """
    columns_of(table)
    lines = _workbook(raw, name) if raw[:4] == _ZIP else _csv(raw, name)
    numbered = [
        (number, cells) for number, cells in enumerate(lines, 1) if any(c not in ("", None) for c in cells)
    ]
    if not numbered:
        raise InputError("sheets.empty", file=name or None)
    if len(numbered) - 1 > ROWS:
        raise InputError("sheets.too_long", file=name or None, value=len(numbered) - 1, expected=f"≤ {ROWS}")
    (row, headings), *rows = numbered
    return Filled(tuple(_columns(table, row, headings, name)), rows)


def _workbook(raw: bytes, name: str) -> Iterator[list[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        rows: list[list[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise InputError("sheets.no_sheet", file=name or None, reason=error) from None
    return iter(rows)


def _csv(raw: bytes, name: str) -> Iterator[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in words:
            break
        try:
            return iter([list(row) for row in csv.reader(io.StringIO(words, newline=""))])
        except csv.Error:
            break
    raise InputError("sheets.no_sheet", file=name or None, reason="xlsx, csv")


def _columns(table: Table, row: int, headings: Sequence[Any], name: str) -> Iterator[tuple[int, Column]]:
    known = {word: column for column in table.sheet_columns() for word in _words(column)}
    seen: set[str] = set()
    for position, heading in enumerate(headings):
        word = fold(str(heading or ""))
        if not word:
            continue
        column = known.get(word)
        if column is None or column.name in seen:
            key = "sheets.twice" if column else "sheets.unknown_heading"
            expected = "、".join(each.heading() for each in table.sheet_columns() if each.name not in seen)
            raise InputError(key, file=name or None, row=row, value=str(heading), expected=expected)
        seen.add(column.name)
        yield position, column
    for column in table.sheet_columns():
        if column.required and column.name not in seen:
            raise InputError("sheets.no_column", file=name or None, row=row, column=column.heading())


def _words(column: Column) -> set[str]:
    return {fold(word) for word in (column.name, column.heading("zh"), column.heading("en"))}


def fold(word: str) -> str:
    """Return a heading without what does not tell: width, spaces, case, a star for required."""
    return unicodedata.normalize("NFKC", word).replace(" ", "").rstrip("*").casefold()
