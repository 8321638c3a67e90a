"""Tables of a document: marked by its format, drawn with signs, or fallen apart into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from huanzhi.plans.blocks import Block
from huanzhi.plans.cells import is_figure
from huanzhi.plans.columns import Column, columns, columns_under, of_indicators, of_measures, with_cells
from huanzhi.plans.folding import View, view
from huanzhi.plans.model import Source, Span, Table
from huanzhi.plans.quantities import quantities

_LINE = re.compile(r"[^\n\r]+")
MERGED = ("region", "feature", "indicator", "year")
"""Roles of columns whose empty cells are parts of a merged cell above."""

_PARTINGS = (r"\s*\|\s*", r" *\t *", r"\t+", r"\s{2,}|\u3000+")


@dataclass(frozen=True)
class Grid:
    """A table that is understood: columns, rows of cells, and the words before it, the nearest last."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[View, ...], ...]
    captions: tuple[str, ...]
    span: Span

    @property
    def caption(self) -> str:
        """Return the words before the table as one."""
        return " ".join(self.captions)

    def cells(self, row: Sequence[View], role: str) -> list[View]:
        """Return the cells of a row under columns of one role."""
        return [row[at] for at, column in enumerate(self.columns) if column.role == role and at < len(row)]


def with_text_tables(source: Source) -> Source:
    """Return a plain text with the tables that are drawn in it by pipes, tabs or blanks."""
    if source.format != "txt":
        return source
    found = [table for parting in _PARTINGS for table in _drawn(source, parting)]
    kept: list[Table] = []
    for table in found:
        if all(table.span.start >= other.span.end or table.span.end <= other.span.start for other in kept):
            kept.append(table)
    return replace(source, tables=tuple(sorted(kept, key=lambda table: table.span.start)))


def _drawn(source: Source, parting: str) -> Iterator[Table]:
    rows: list[tuple[Span, ...]] = []
    wholes: list[tuple[Span, ...]] = []  # the same lines with empty cells at their ends
    for found in _LINE.finditer(source.text):
        line = found.group()
        if not line.strip() or re.fullmatch(r"[\s|:+-]+", line):
            continue
        ways = [_cells(line, found.start(), parting, whole=whole) for whole in (False, True)]
        lengths = {len(way) for way in ways}
        if 0 < len(rows) < 3 and len(rows[0]) not in lengths and {len(row) for row in wholes} <= lengths:
            rows = list(wholes)  # headings, whose merged cells stand empty at the ends
        fitting = next((way for way in ways if rows and len(way) == len(rows[0])), None)
        if fitting is None:
            yield from _run(source, rows)
            rows, wholes = ([ways[0]], [ways[1]]) if len(ways[0]) > 2 else ([], [])
        else:
            rows.append(fitting)
            wholes.append(ways[1])
    yield from _run(source, rows)


def _run(source: Source, rows: Sequence[tuple[Span, ...]]) -> Iterator[Table]:
    """Yield a run of lines with as many cells as a table, from its headings on, if it is understood."""
    texts = [[view(source.text, cell.start, cell.end).text for cell in row] for row in rows]
    found = _understood(texts)
    if found is not None:
        yield Table(tuple(rows[found.first :]))


def _cells(line: str, offset: int, parting: str, *, whole: bool = False) -> tuple[Span, ...]:
    """Return the cells of a line; `whole` keeps an empty one at either end."""
    first = 0 if whole else len(line) - len(line.lstrip(" \t|"))
    last = len(line) if whole else len(line.rstrip(" \t|"))
    spans, start = [], first
    for found in re.finditer(parting, line[:last]):
        if found.start() >= first and found.end() > found.start():
            spans.append(Span(offset + start, offset + found.start()))
            start = found.end()
    spans.append(Span(offset + start, offset + max(start, last)))
    return tuple(spans)


def grids(source: Source, blocks: Sequence[Block]) -> list[Grid]:
    """Return the tables of a document that hold measures or goals."""
    found = [_grid(source, blocks, at) for at in range(len(blocks))]
    return [grid for grid in found if grid is not None]


def _grid(source: Source, blocks: Sequence[Block], at: int) -> Grid | None:
    table = blocks[at].table
    if table is None:
        return None
    rows = [tuple(view(source.text, cell.start, cell.end) for cell in row) for row in table.rows]
    texts = [[cell.text for cell in row] for row in rows]
    found = _understood(texts)
    if found is None:
        return None
    before: list[str] = []
    for block in blocks[max(0, at - 3) : at]:
        before = [] if block.table is not None else [*before, block.words]
    above = [row[0] for row in texts[: found.first] if len(set(row)) == 1]
    captions = tuple(words_before for words_before in (*before, *above) if len(words_before) < 60)
    return Grid(found.columns, tuple(rows[found.body :]), captions, table.span)


@dataclass(frozen=True)
class _Understood:
    columns: tuple[Column, ...]
    first: int
    body: int


def _understood(texts: Sequence[Sequence[str]]) -> _Understood | None:
    """Return the columns of a table, the row of its headings and that of its first figures; None if unknown.

    Headings may take three rows; a merged one stands in each of its cells or only in the first.
    """
    for first in range(min(3, len(texts) - 1)):
        if len(set(texts[first])) == 1 or sum(is_figure(text) for text in texts[first]) * 2 > len(
            texts[first]
        ):
            continue
        held: _Understood | None = None
        for body in range(first + 1, min(first + 4, len(texts))):
            if body > first + 1 and not _goes_on(texts[body - 2], texts[body - 1]):
                break
            found = columns_under(_paths(texts[first:body]))
            found = with_cells(found, filled(found, texts[body:]))
            if of_measures(found) or of_indicators(found):
                held = _Understood(found, first, body)
        if held is not None:
            return held
    return None


def _paths(heads: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the headings over each column, the topmost first; one that is merged counts once."""
    width = max(len(row) for row in heads)
    paths: list[list[str]] = [[] for _ in range(width)]
    for level, row in enumerate(heads):
        for at in range(width):
            words_here = row[at] if at < len(row) else ""
            below = any(at < len(other) and other[at] for other in heads[level + 1 :])
            if not words_here and at and below and row[at - 1 : at]:
                words_here = next((row[left] for left in range(at - 1, -1, -1) if row[left]), "")
            if words_here and words_here not in paths[at]:
                paths[at].append(words_here)
    return paths


def filled(found: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the cells of rows, those of names that are empty because they are merged taken from above."""
    kept: list[list[str]] = []
    for row in rows:
        before = kept[-1] if kept else []
        kept.append(
            [
                before[at]
                if not text and at < min(len(before), len(found)) and found[at].role in MERGED
                else text
                for at, text in enumerate(row)
            ]
        )
    return kept


def _goes_on(above: Sequence[str], row: Sequence[str]) -> bool:
    """Return whether a row is a further line of headings: years, goals, or parts of a merged heading."""
    texts = [text for text in row if text]
    if len(above) != len(row) or not texts or any(_is_sentence(text) for text in texts):
        return False
    if any(quantities(text) for text in texts):
        return False
    told = any(re.search(r"20\d\d年|目标|现状|单位|部门|^(?:牵头|配合|主责|协办)$", text) for text in texts)
    return told or _parts(above, row)


def _is_sentence(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}", text) is not None or "。" in text or len(text) > 16


def _parts(above: Sequence[str], row: Sequence[str]) -> bool:
    """Return whether a row divides a heading that is merged across, and goes on with one merged down."""
    split = any(
        above[at] in ("", above[at - 1]) and row[at] and row[at] != row[at - 1] for at in range(1, len(row))
    )
    down = any(row[at] in ("", above[at]) for at in range(len(row)))
    return split and down and not any(is_figure(text) for text in row if text)


def fallen_apart(blocks: Sequence[Block]) -> tuple[int, int, str] | None:
    """Return where a table begins whose cells became lines: the line 序号, the first row, all headings.

    The heading ends where a line says 1.
    """
    for at, block in enumerate(blocks):
        if block.table is not None or block.words not in ("序号", "编号"):
            continue
        for first in range(at + 2, min(at + 14, len(blocks))):
            words = blocks[first].words
            if words == "1":
                return at, first, "|".join(each.words for each in blocks[at:first])
            if len(words) > 16 or blocks[first].table is not None:
                break
    return None


def regular(blocks: Sequence[Block], at: int, first: int) -> Grid | None:
    """Return a table fallen apart whose rows have one line a column and begin with their number."""
    width = first - at
    heads = columns([block.words for block in blocks[at:first]])
    if not (of_measures(heads) or of_indicators(heads)):
        return None
    rows: list[tuple[View, ...]] = []
    place = first
    while place + width <= len(blocks) and blocks[place].words == str(len(rows) + 1):
        rows.append(tuple(block.view for block in blocks[place : place + width]))
        place += width
    left = blocks[place : place + width]
    stray = any(re.fullmatch(r"\d{1,3}", block.words) for block in left)
    plain = [
        at
        for at, column in enumerate(heads)
        if at and column.role not in ("target", "figure", "baseline", "deadline")
    ]
    if not rows or stray or any(re.fullmatch(r"\d{1,3}", row[at].text) for row in rows for at in plain):
        return None
    captions = tuple(block.words for block in blocks[max(0, at - 3) : at])
    return Grid(heads, tuple(rows), captions, Span(blocks[at].span.start, blocks[place - 1].span.end))
