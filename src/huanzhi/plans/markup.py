"""A page of HTML becomes text and tables; scripts, styles and navigation are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from huanzhi.plans.laying import Layout
from huanzhi.plans.model import Table

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """p div h1 h2 h3 h4 h5 h6 li ul ol
         br hr section article header main dl dt dd blockquote pre form""",
    )
)
_SILENT = frozenset(
    ["script", "style", "noscript", "template", "svg", "nav", "select", "button", "iframe", "footer"]
)


@dataclass
class _Grid:
    rows: list[list[str]] = field(default_factory=list)
    waiting: dict[int, tuple[int, str]] = field(default_factory=dict)
    cell: list[str] | None = None
    shape: tuple[int, int] = (1, 1)

    def start_row(self) -> None:
        self.end_row()
        self.rows.append([])

    def end_row(self) -> None:
        self.end_cell()
        if self.rows:
            self._fill()

    def start_cell(self, across: int, down: int) -> None:
        self.end_cell()
        if not self.rows:
            self.rows.append([])
        self._fill()
        self.cell, self.shape = [], (across, down)

    def end_cell(self) -> None:
        if self.cell is None:
            return
        across, down = self.shape
        words = "".join(self.cell)
        for _ in range(across):
            if down > 1:
                self.waiting[len(self.rows[-1])] = (down - 1, words)
            self.rows[-1].append(words)
        self.cell = None

    def _fill(self) -> None:
        """Repeat what spans down from the rows above."""
        row = self.rows[-1]
        while len(row) in self.waiting:
            left, words = self.waiting.pop(len(row))
            if left > 1:
                self.waiting[len(row)] = (left - 1, words)
            row.append(words)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.layout, self.title = Layout(), ""
        self._words: list[str] = []
        self._silent = 0
        self._grids: list[_Grid] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "title":
            self._in_title = True
        elif tag == "table":
            self._break()
            self._grids.append(_Grid())
        elif tag == "tr" and self._grids:
            self._grids[-1].start_row()
        elif tag in ("td", "th") and self._grids:
            known = dict(attrs)
            self._grids[-1].start_cell(_count(known.get("colspan")), _count(known.get("rowspan")))
        elif tag in _BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "title":
            self._in_title = False
        elif tag == "table" and self._grids:
            self._end_table()
        elif tag in ("td", "th", "tr") and self._grids:
            self._grids[-1].end_cell()
        elif tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data.strip()
        elif not self._silent:
            self._current().append(data)

    def close(self) -> None:
        """End what the page left open."""
        super().close()
        while self._grids:
            self._end_table()
        self._break()

    def _current(self) -> list[str]:
        cell = self._grids[-1].cell if self._grids else None
        return self._words if cell is None else cell

    def _break(self) -> None:
        if self._grids and self._grids[-1].cell is not None:
            return
        self.layout.paragraph(" ".join("".join(self._words).split()))
        self._words = []

    def _end_table(self) -> None:
        grid = self._grids.pop()
        grid.end_row()
        if self._grids:  # a table inside a table is words of its cell
            self._current().append(" ".join(cell for row in grid.rows for cell in row))
        elif _lays_out(grid.rows):
            for cell in dict.fromkeys(cell for row in grid.rows for cell in row):
                self.layout.paragraph(" ".join(cell.split()))
        else:
            self.layout.table(grid.rows)


def _lays_out(rows: list[list[str]]) -> bool:
    """Return whether a table only places things on the page: one column, or cells as long as pages."""
    return max((len(row) for row in rows), default=0) < 2 or any(
        len(cell) > 2000 for row in rows for cell in row
    )


def _count(given: str | None) -> int:
    return int(given) if given and given.isdigit() and 0 < int(given) < 200 else 1


def read(page: str) -> tuple[str, tuple[Table, ...], str]:
    """Return the text of a page, its tables and its title.

    A cell that spans rows or columns is repeated in each of them.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.layout.text, tuple(reader.layout.tables), reader.title
