"""A document of paragraphs and tables, laid out as txt, html, docx and pdf; merged cells are merged."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape

from . import papers

Rows = Sequence[Sequence[str]]
Item = str | Rows
Cell = tuple[int, int, int, int, str]


def cells(rows: Rows) -> list[Cell]:
    """Return the cells of a table: row, column, rows and columns that they span, words."""
    found = []
    for down, row in enumerate(rows):
        for across, words in enumerate(row):
            if words not in ("<", "^"):
                wide = _run(list(row[across + 1 :]), "<")
                tall = _run([each[across] for each in rows[down + 1 :]], "^")
                found.append((down, across, tall, wide, words))
    return found


def _run(following: Sequence[str], sign: str) -> int:
    count = 1
    for each in following:
        if each != sign:
            break
        count += 1
    return count


def plain(items: Sequence[Item], parting: str = " | ") -> bytes:
    """Return a text; merged cells stand empty."""
    lines = []
    for item in items:
        if isinstance(item, str):
            lines.append(item)
        else:
            lines += [parting.join("" if c in ("<", "^") else c for c in row) for row in item]
    return "\n".join(lines).encode()


def html(items: Sequence[Item]) -> bytes:
    """Return a web page."""
    drawn = "".join(f"<p>{escape(item)}</p>\n" if isinstance(item, str) else _table(item) for item in items)
    head = "<!DOCTYPE html><html><head><meta charset='utf-8'></head>"
    return f"{head}<body><div>{drawn}</div></body></html>".encode()


def _table(rows: Rows) -> str:
    drawn = []
    for down in range(len(rows)):
        here = [cell for cell in cells(rows) if cell[0] == down]
        drawn.append(
            "<tr>"
            + "".join(f"<td rowspan={t} colspan={w}>{escape(s)}</td>" for _, _, t, w, s in here)
            + "</tr>"
        )
    return f"<table>{''.join(drawn)}</table>\n"


def docx(items: Sequence[Item]) -> bytes:
    """Return a Word document."""
    from docx import Document

    document = Document()
    for item in items:
        if isinstance(item, str):
            document.add_paragraph(item)
            continue
        table = document.add_table(rows=len(item), cols=len(item[0]))
        for down, across, tall, wide, words in cells(item):
            first = table.cell(down, across)
            first.merge(table.cell(down + tall - 1, across + wide - 1))
            first.text = words
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def pdf(items: Sequence[Item]) -> bytes:
    """Return a PDF with broken lines and ruled tables."""
    pages: list[list[str]] = [[]]
    items = [
        _drawable(item) if isinstance(item, str) else [[_drawable(c) for c in row] for row in item]
        for item in items
    ]
    y = papers.TOP
    for item in items:
        lines = (
            [item[at : at + papers.WIDE] for at in range(0, len(item), papers.WIDE)]
            if isinstance(item, str)
            else []
        )
        height = papers.LINE if lines else papers.LINE * (3 * len(item) + 1)
        for line in lines or [item]:
            if y - height < 60:
                pages.append([])
                y = papers.TOP
            if isinstance(line, str):
                pages[-1].append(papers._say(line, papers.LEFT, y))
            else:
                pages[-1] += _ruled(line, y)
            y -= height
    numbered = [[*page, papers._say(f"- {n} -", 290, 40)] for n, page in enumerate(pages, 1)]
    return papers._file(["\n".join(page).encode("ascii") for page in numbered])


def _ruled(rows: Rows, top: float) -> list[str]:
    width, height = (papers.RIGHT - papers.LEFT) / len(rows[0]), papers.LINE * 3
    drawn = []
    for down, across, tall, wide, words in cells(rows):
        x, y = papers.LEFT + across * width, top - (down + tall) * height
        drawn.append(f"{x} {y} {width * wide} {height * tall} re S")
        room = int(width * wide // papers.SIZE)
        pieces = [words[at : at + room] for at in range(0, len(words), room)]
        drawn += [
            papers._say(piece, x + 1, y + height * tall - 15 * (n + 1)) for n, piece in enumerate(pieces)
        ]
    return drawn


def _drawable(words: str) -> str:
    """Return words in the signs that the font of the test file has."""
    return words.replace("³", "3")
