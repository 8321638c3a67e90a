"""Sheets 数据表: any table file as columns of texts.

CSV, TSV (also gzipped), XLSX, XLS and Parquet are told apart by their first bytes, not by their name.
Headings and cells are folded to half width and trimmed; a line with too many or too few cells stops the
reading with its row. Lines before the heading that begin with ``#`` are comments.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, load_workbook

from huanzhi.errors import InputError, system_reason
from huanzhi.network.feeds.encodings import decode
from huanzhi.network.feeds.fold import fold, fold_all

DELIMITERS = ",\t;|"
_HEAD = 100_000
"""Letters in which the heading is looked for."""

_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
csv.field_size_limit(1 << 20)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of texts.

    Attributes
    ----------
    file : Path
    columns : tuple of str
        Headings in order, folded.
    cells : mapping of str to list of str
        Heading → the texts below it, folded; all of one length.
    first_row : int
        Row of the first line of data as a spreadsheet numbers it.
    encoding : str
        ``utf-8``, ``utf-8-sig``, ``utf-16``, ``gb18030``, ``xlsx`` or ``parquet``.
    comments : tuple of str
        Lines before the heading that begin with ``#``, without it.
    numbers : sequence of int
        Row number of every line of data; empty lines are left out, so they may jump.
    other_sheets : tuple of str
        Names of the sheets of a workbook that are not read: all but the first.
    """

    file: Path
    columns: tuple[str, ...]
    cells: Mapping[str, list[str]]
    first_row: int
    encoding: str
    comments: tuple[str, ...] = ()
    numbers: Sequence[int] = field(default=())
    other_sheets: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)

    def row(self, index: int) -> int:
        """Return the spreadsheet row of the line of data `index`."""
        return self.numbers[index]

    def line(self, index: int) -> dict[str, str]:
        """Return one line of data as heading → text."""
        return {name: self.cells[name][index] for name in self.columns}


Line = tuple[int, list[str]]


def read_sheet(path: Path) -> Sheet:
    """Read a table file.

    Raises
    ------
    InputError
        If the file is absent, empty, no table, in no known encoding, or has a broken line; the row is named.
    """
    return parse_sheet(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; InputError if it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError("feeds.cannot_read", file=path, reason=system_reason(error)) from None


def parse_sheet(data: bytes, file: Path) -> Sheet:
    """Read a table from the bytes of `file`; see `read_sheet`."""
    data = unpack(data, file)
    if not data.strip():
        raise InputError("feeds.empty_file", file=file)
    if data.startswith(_PARQUET):
        return _parquet(data, file)
    if data.startswith(_WORKBOOKS):
        names, lines = _workbook(data, file)
        return replace(_assemble(lines, file, "xlsx"), other_sheets=names[1:])
    text, encoding = decode(data, file)
    return _assemble(_text_lines(text, file), file, encoding)


def unpack(data: bytes, file: Path) -> bytes:
    """Return the content of gzipped bytes, other bytes as they are."""
    if not data.startswith(_GZIP):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise InputError("feeds.broken_gzip", file=file) from None


def _text_lines(text: str, file: Path) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    row = 1
    try:
        for cells in reader:
            yield row, cells
            row = reader.line_num + 1
    except csv.Error as error:
        raise InputError("feeds.broken_line", file=file, row=row, reason=str(error)) from None


def delimiter(text: str) -> str:
    """Return the sign that separates the cells of the heading: the most frequent of comma, tab, ; and |."""
    lines = (_outside_quotes(line) for line in text[:_HEAD].splitlines() if not line.startswith("#"))
    heading = next((line for line in lines if any(sign in line for sign in DELIMITERS)), "")
    return max(DELIMITERS, key=heading.count)


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _workbook(data: bytes, file: Path) -> tuple[tuple[str, ...], Iterator[Line]]:
    """Return the names of the sheets and the lines of the first one."""
    try:
        book = load_workbook(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError, OSError) as error:
        raise InputError("feeds.broken_workbook", file=file, reason=str(error)) from None
    lines = ((number, [cell_text(cell) for cell in row]) for number, row in enumerate(rows, start=1))
    return tuple(book.sheet_names), lines


def cell_text(cell: object) -> str:
    """Return a spreadsheet cell as text: a number with its 15 digits, a date in ISO form."""
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell).upper()
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return _moment_text(cell)
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _number_text(number: float) -> str:
    shortest = Decimal(format(number, ".15g"))
    return format(shortest, "f") if shortest.is_finite() else str(number)


def _moment_text(moment: datetime) -> str:
    """Return a moment to the second; the binary fraction of a day is off by less than that."""
    rounded = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    at_midnight = rounded.time() == time()
    return rounded.date().isoformat() if at_midnight else rounded.isoformat(sep=" ")


def _assemble(source: Iterator[Line], file: Path, encoding: str) -> Sheet:
    lines = _Ahead(source)
    comments, heading, heading_row = _heading(lines, file)
    columns = _columns(heading, heading_row, file)
    numbers: list[int] = []
    rows: list[list[str]] = []
    for number, cells in lines:
        if len(cells) != len(columns):
            if not any(cells):
                continue
            cells = _fitted(cells, columns, number, file)
        elif not any(cells):
            continue
        numbers.append(number)
        rows.append(cells)
    columns_of_cells = zip(*rows, strict=True) if rows else ((),) * len(columns)
    cells_by_name = {
        name: fold_all(list(cells)) for name, cells in zip(columns, columns_of_cells, strict=True)
    }
    first = numbers[0] if numbers else heading_row + 1
    return Sheet(file, columns, cells_by_name, first, encoding, comments, numbers)


class _Ahead:
    """Lines of which the next one that is not empty can be looked at before it is taken."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._seen: list[Line] = []

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        return self._seen.pop(0) if self._seen else next(self._lines)

    def next_width(self) -> int:
        """Return how many cells of the next line are not empty; lines without any are passed over."""
        for number, cells in self._lines:
            self._seen.append((number, cells))
            if width := sum(bool(fold(cell)) for cell in cells):
                return width
        return 0


def _heading(lines: _Ahead, file: Path) -> tuple[tuple[str, ...], list[str], int]:
    """Return comments, heading and its row; a title alone on its line above a wider one is a comment."""
    comments: list[str] = []
    for number, cells in lines:
        folded = fold_all(cells)
        title = sum(map(bool, folded)) == 1 and lines.next_width() > 1
        if title or (folded and folded[0].startswith("#")):
            comments.append(",".join(cell for cell in folded if cell).lstrip("# "))
        elif any(folded):
            return tuple(comments), folded, number
    raise InputError("feeds.no_heading", file=file)


def _columns(heading: list[str], row: int, file: Path) -> tuple[str, ...]:
    while heading and not heading[-1]:
        heading.pop()
    seen: set[str] = set()
    for place, name in enumerate(heading, start=1):
        if not name:
            raise InputError("feeds.nameless_column", file=file, row=row, place=place)
        if name in seen:
            raise InputError("feeds.duplicate_column", file=file, row=row, column=name)
        seen.add(name)
    return tuple(heading)


def _fitted(cells: list[str], columns: tuple[str, ...], row: int, file: Path) -> list[str]:
    """Drop empty cells to the right of the last column; any other difference is a broken line."""
    if len(cells) > len(columns) and not any(fold(cell) for cell in cells[len(columns) :]):
        return cells[: len(columns)]
    raise InputError("feeds.ragged_line", file=file, row=row, found=len(cells), wanted=len(columns))


class _ArrowCells(Mapping[str, list[str]]):
    """Columns of a Parquet table, turned into texts when they are asked for."""

    def __init__(self, table: pa.Table, names: tuple[str, ...]) -> None:
        self._table = table
        self._place = {name: place for place, name in enumerate(names)}
        self._texts: dict[str, list[str]] = {}

    def __getitem__(self, name: str) -> list[str]:
        if name not in self._texts:
            self._texts[name] = column_texts(self._table.column(self._place[name]))
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._place)

    def __len__(self) -> int:
        return len(self._place)


def column_texts(column: pa.ChunkedArray) -> list[str]:
    """Return a Parquet column as texts: the shortest decimal of a binary float, empty where null."""
    encoded = column.combine_chunks().dictionary_encode() if not _encoded(column) else column.combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = pa.concat_arrays(encoded.chunks)
    words = [fold(cell_text_of(value)) for value in encoded.dictionary.to_pylist()]
    if pa.types.is_float32(encoded.dictionary.type):
        words = [fold(text) for text in encoded.dictionary.cast(pa.string()).to_pylist()]
    words.append("")
    places = encoded.indices.fill_null(len(words) - 1) if encoded.indices.type == pa.int32() else None
    if places is None:
        places = encoded.indices.cast(pa.int32()).fill_null(len(words) - 1)
    return [words[place] for place in places.to_pylist()]


def cell_text_of(value: object) -> str:
    """Return a Parquet value as text; a binary double as the shortest decimal that reads back as it."""
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").removesuffix(".0") if value == value else ""
    return cell_text(value)


def _encoded(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def _parquet(data: bytes, file: Path) -> Sheet:
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError("feeds.broken_parquet", file=file, reason=str(error)) from None
    columns = _columns([fold(name) for name in table.column_names], 1, file)
    cells = _ArrowCells(table, columns)
    return Sheet(file, columns, cells, 2, "parquet", (), range(2, table.num_rows + 2))
