"""A document becomes paragraphs: split where headings were glued in, joined where lines were broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from huanzhi.plans.folding import View, view
from huanzhi.plans.marks import RANKS, Mark, mark
from huanzhi.plans.model import Source, Span, Table

LONG_LINE = 1000
"""A line of more characters than this holds many paragraphs, parted by blanks."""

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c]+")
_GLUED = re.compile(
    r"(?<=[。;!])(?=\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、](?!\d)|[一二三四五六七八九十]{1,3}、)"
)
_ENDS = tuple("。!?;:”)")
_IN_SENTENCE = re.compile(
    r"(?<=[到至在为年较比于“])\s+(?=[\d“])|(?<=[一-龥])\s+(?=[“《])|(?<=”)\s+(?=[一-龥])"
)


@dataclass(frozen=True)
class Block:
    """A paragraph, or a table in its place."""

    source: Source
    span: Span
    table: Table | None = None

    @cached_property
    def view(self) -> View:
        """Return the paragraph without blanks."""
        return view(self.source.text, self.span.start, self.span.end)

    @property
    def words(self) -> str:
        """Return the words of the paragraph, folded, without blanks."""
        return self.view.text

    @cached_property
    def mark(self) -> Mark | None:
        """Return the mark before the paragraph."""
        return None if self.table is not None else mark(self.words)

    @property
    def body(self) -> str:
        """Return the words after the mark."""
        return self.words[len(self.mark.text) :] if self.mark else self.words


def blocks(source: Source) -> list[Block]:
    """Return the paragraphs and tables of a document in their order."""
    pieces = [piece for line in _lines(source) for piece in _pieces(source, line)]
    plain = _joined(source, pieces) if source.format == "txt" else pieces
    found = [block for piece in plain for block in [Block(source, piece)] if block.words]
    found = list(_unglued(found))
    found += [Block(source, table.span, table) for table in source.tables]
    return sorted(found, key=lambda block: block.span.start)


def _lines(source: Source) -> Iterator[Span]:
    """Yield the lines outside tables."""
    tables = [table.span for table in source.tables]
    for found in _LINE.finditer(source.text):
        if not any(table.start <= found.start() < table.end for table in tables):
            yield Span(*found.span())


def _pieces(source: Source, line: Span) -> Iterator[Span]:
    """Yield the parts of a line between pipes; of a long line, those between blanks."""
    words = source.text[line.start : line.end]
    kept = {found.span() for found in _IN_SENTENCE.finditer(words)} if len(words) > LONG_LINE else set()
    parting = r"\s*\|[\s|]*|\s+" if len(words) > LONG_LINE else r"\s*\|[\s|]*"
    start = 0
    for found in re.finditer(parting, words):
        if found.span() in kept:
            continue
        if found.start() > start:
            yield Span(line.start + start, line.start + found.start())
        start = found.end()
    if start < len(words):
        yield Span(line.start + start, line.end)


def _joined(source: Source, pieces: list[Span]) -> list[Span]:
    """Join lines that were broken at one width, as copied from a printed page."""
    lengths = sorted(len(source.text[piece.start : piece.end].strip()) for piece in pieces)
    long = [length for length in lengths if length >= 20]
    width = long[len(long) * 9 // 10] if long else 0
    open_ends = [
        piece
        for piece in pieces
        if piece.end - piece.start >= width - 3 and not Block(source, piece).words.endswith(_ENDS)
    ]
    if not 20 <= width <= 80 or len(open_ends) * 3 < len(long) or len(open_ends) < 5:
        return pieces
    joined: list[Span] = []
    for piece in pieces:
        block = Block(source, piece)
        before = joined[-1] if joined else None
        full = before is not None and _last_line(source, before) >= width - 3
        if before is not None and full and block.words and not block.mark and not _ended(source, before):
            joined[-1] = Span(before.start, piece.end)
        else:
            joined.append(piece)
    return joined


def _last_line(source: Source, span: Span) -> int:
    lines = source.text[span.start : span.end].rstrip().splitlines()
    return len(lines[-1].strip()) if lines else 0


def _ended(source: Source, span: Span) -> bool:
    return source.text[span.start : span.end].rstrip().endswith(("。", "！", "？"))


def _unglued(found: list[Block]) -> Iterator[Block]:
    """Yield the paragraphs, split before a number that goes on counting in the middle of a line."""
    last: dict[str, int] = {}
    for block in found:
        start = 0
        _count(last, block.mark)
        for cut in [each.start() for each in _GLUED.finditer(block.words)]:
            glued = mark(block.words[cut:])
            if glued and last.get(glued.kind) and glued.number == last[glued.kind] + 1:
                yield Block(block.source, block.view.span(start, cut))
                _count(last, glued)
                start = cut
        yield block if start == 0 else Block(block.source, block.view.span(start, len(block.words)))


def _count(last: dict[str, int], found: Mark | None) -> None:
    if found is None:
        return
    last[found.kind] = found.number
    for kind in [kind for kind in last if RANKS[kind] > RANKS[found.kind]]:
        del last[kind]
