"""Tables of a document: marked by its format, drawn with signs, or fallen apart into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from huanzhi.plans.blocks import Block
from huanzhi.plans.columns import Column, columns, of_indicators, of_measures
from huanzhi.plans.folding import View, view
from huanzhi.plans.model import Source, Span, Table
from huanzhi.plans.quantities import quantities

_LINE = re.compile(r"[^\n\r]+")
_PARTINGS = (r"\s*\|\s*", r"\t+", r"\s{2,}|\u3000+")


@dataclass(frozen=True)
class Grid:
    """A table that is understood: its columns, its rows of cells, and the words before it."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[View, ...], ...]
    caption: str
    span: Span

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
    for found in _LINE.finditer(source.text):
        line = found.group()
        if not line.strip() or re.fullmatch(r"[\s|:+-]+", line):
            continue
        cells = _cells(line, found.start(), parting)
        if rows and len(cells) == len(rows[0]):
            rows.append(cells)
            continue
        if len(rows) > 1:
            yield Table(tuple(rows))
        rows = [cells] if len(cells) > 2 and _is_head(source, cells) else []
    if len(rows) > 1:
        yield Table(tuple(rows))


def _cells(line: str, offset: int, parting: str) -> tuple[Span, ...]:
    first = len(line) - len(line.lstrip(" \t|"))
    last = len(line.rstrip(" \t|"))
    spans, start = [], first
    for found in re.finditer(parting, line[:last]):
        if found.start() >= first and found.end() > found.start():
            spans.append(Span(offset + start, offset + found.start()))
            start = found.end()
    spans.append(Span(offset + start, offset + max(start, last)))
    return tuple(spans)


def _is_head(source: Source, cells: Sequence[Span]) -> bool:
    found = columns([view(source.text, cell.start, cell.end).text for cell in cells])
    return of_measures(found) or of_indicators(found)


def grids(source: Source, blocks: Sequence[Block]) -> list[Grid]:
    """Return the tables of a document that hold measures or indicators."""
    found = [grid for at, block in enumerate(blocks) if (grid := _grid(source, blocks, at)) is not None]
    return [grid for grid in found if of_measures(grid.columns) or of_indicators(grid.columns)]


def _grid(source: Source, blocks: Sequence[Block], at: int) -> Grid | None:
    table = blocks[at].table
    if table is None:
        return None
    rows = [tuple(view(source.text, cell.start, cell.end) for cell in row) for row in table.rows]
    caption = " ".join(
        block.words for block in blocks[max(0, at - 3) : at] if block.table is None and len(block.words) < 60
    )
    for first in range(min(3, len(rows))):
        found = columns([cell.text for cell in rows[first]])
        if of_measures(found) or of_indicators(found):
            if first + 1 < len(rows) and _goes_on(rows[first + 1]):
                both = [
                    a.text if a.text == b.text else a.text + b.text
                    for a, b in zip(rows[first], rows[first + 1], strict=False)
                ]
                found, first = columns(both), first + 1
            return Grid(found, tuple(rows[first + 1 :]), caption, table.span)
        if first + 1 < len(rows) and len(rows[first]) == len(rows[first + 1]) and _goes_on(rows[first + 1]):
            both = [
                a.text if a.text == b.text else a.text + b.text
                for a, b in zip(rows[first], rows[first + 1], strict=True)
            ]
            found = columns(both)
            if of_measures(found) or of_indicators(found):
                return Grid(found, tuple(rows[first + 2 :]), caption, table.span)
    return None


def _goes_on(row: Sequence[View]) -> bool:
    """Return whether a row is a second line of headings: years or goals, and no number, no sentence."""
    texts = [cell.text for cell in row if cell.text]
    if not texts or any(re.fullmatch(r"\d{1,3}", text) or "。" in text or len(text) > 16 for text in texts):
        return False
    return any(re.search("20\\d\\d年|目标|现状|单位|部门", text) for text in texts) and not any(
        quantities(text) for text in texts
    )


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
    caption = " ".join(block.words for block in blocks[max(0, at - 3) : at])
    return Grid(heads, tuple(rows), caption, Span(blocks[at].span.start, blocks[place - 1].span.end))
