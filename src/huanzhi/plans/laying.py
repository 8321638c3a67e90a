"""Paragraphs and tables are laid out as one text, each cell knowing its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from huanzhi.plans.model import Span, Table


class Layout:
    """A text that grows: paragraphs end with a new line, cells of a table are parted by tabs."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.tables: list[Table] = []

    @property
    def text(self) -> str:
        """Return the text laid so far."""
        return "".join(self._parts)

    def paragraph(self, words: str) -> None:
        """Lay a paragraph, blanks at both ends taken off; an empty one leaves nothing."""
        words = words.strip()
        if words:
            self._add(words + "\n")

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """Lay a table; a row of nothing leaves nothing."""
        laid = [self._row(row) for row in rows if any(cell.strip() for cell in row)]
        if laid:
            self.tables.append(Table(tuple(laid)))

    def _row(self, cells: Sequence[str]) -> tuple[Span, ...]:
        spans = []
        for place, cell in enumerate(cells):
            if place:
                self._add("\t")
            start = self._length
            self._add(" ".join(cell.split()))
            spans.append(Span(start, self._length))
        self._add("\n")
        return tuple(spans)

    def _add(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)
