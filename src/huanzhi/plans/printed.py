"""A PDF with text becomes paragraphs and tables: page numbers and heads go, broken lines are joined."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections import Counter
from typing import Any

from huanzhi.errors import InputError
from huanzhi.plans.columns import columns, of_indicators, of_measures
from huanzhi.plans.folding import fold
from huanzhi.plans.laying import Layout
from huanzhi.plans.model import Table

_BROKEN = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    struct.error,
    zlib.error,
)
"""What reading a file that breaks off may raise."""

_PAGE_NUMBER = re.compile(r"[-—–\s]*(第?\s*\d{1,3}\s*页?)(\s*[/共]\s*\d+\s*页?)?[-—–\s]*")
_MARK = re.compile(
    r"\s*(第[一二三四五六七八九十百]+[章节条篇]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}[.、．](?!\d)|——|附件|专栏)"
)
_ENDS = tuple("。！？；：!?;:")


def read(content: bytes, name: str) -> tuple[str, tuple[Table, ...]]:
    """Return the text and the tables of a PDF.

    Raises
    ------
    InputError
        The file is damaged or locked, or it has pictures of pages only.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            pages = [_page(page) for page in document.pages]
    except (PSException, PdfminerException, *_BROKEN) as error:
        cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(cause, PDFEncryptionError):
            raise InputError("plans.locked", file=name) from error
        raise InputError("plans.damaged_file", file=name, reason=type(cause).__name__) from error
    if not any(isinstance(item, list) or item[0] for page in pages for item in page):
        raise InputError("plans.pictures_only", file=name)
    return _laid(_without_furniture(pages))


Line = tuple[str, float]
Item = Line | list[list[str]]
"""A line with its right end (share of the width of the page), or a table."""


def _page(page: Any) -> list[Item]:
    tables = [table for table in page.find_tables() if len(table.rows) > 1]
    boxes = [table.bbox for table in tables]
    outside = page.filter(lambda each: not any(_inside(each, box) for box in boxes))
    placed: list[tuple[float, Item]] = []
    for line in outside.extract_text_lines(return_chars=False, x_tolerance=2, y_tolerance=3):
        placed.append((line["top"], (line["text"].strip(), line["x1"] / float(page.width))))
    for table in tables:
        rows = [[(cell or "").replace("\n", "") for cell in row] for row in table.extract()]
        placed.append((table.bbox[1], rows))
    return [item for _, item in sorted(placed, key=lambda each: each[0])]


def _inside(each: Any, box: tuple[float, float, float, float]) -> bool:
    if each.get("object_type") != "char":
        return False
    x, y = (each["x0"] + each["x1"]) / 2, (each["top"] + each["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _without_furniture(pages: list[list[Item]]) -> list[Item]:
    """Leave out page numbers, and lines that stand first or last on most pages."""
    edges: Counter[str] = Counter()
    for page in pages:
        edges.update({item[0] for item in (page[0], page[-1]) if not isinstance(item, list)} if page else ())
    repeated = {words for words, times in edges.items() if times > 2 and times * 2 > len(pages)}
    kept: list[Item] = []
    for page in pages:
        last = len(page) - 1
        for place, item in enumerate(page):
            at_edge = place in (0, last)
            if isinstance(item, list) or not (
                at_edge and (item[0] in repeated or _PAGE_NUMBER.fullmatch(item[0]))
            ):
                kept.append(item)
    return kept


def _laid(items: list[Item]) -> tuple[str, tuple[Table, ...]]:
    layout, waiting = Layout(), ""
    right = max((item[1] for item in items if not isinstance(item, list)), default=1.0)
    for item in _joined_tables(items):
        if isinstance(item, list):
            layout.paragraph(waiting)
            waiting = ""
            layout.table(item)
            continue
        words, end = item
        if waiting and _MARK.match(words):
            layout.paragraph(waiting)
            waiting = ""
        waiting += words
        if end < right - 0.06 or (waiting.endswith(_ENDS[:3]) and end < right - 0.03):
            layout.paragraph(waiting)
            waiting = ""
    layout.paragraph(waiting)
    return layout.text, tuple(layout.tables)


def _continues(before: list[list[str]], table: list[list[str]]) -> bool:
    """Return whether a table goes on with one before it: as many columns, and no other heading."""
    if len(before[0]) != len(table[0]):
        return False
    heads = columns([fold("".join(cell.split())) for cell in table[0]])
    return table[0] == before[0] or not (of_measures(heads) or of_indicators(heads))


def _joined_tables(items: list[Item]) -> list[Item]:
    """Join a table with its continuation on the next page; a repeated heading row is left out."""
    kept: list[Item] = []
    for item in items:
        before = kept[-1] if kept else None
        if isinstance(item, list) and isinstance(before, list) and _continues(before, item):
            before.extend(row for row in item if row != before[0])
        else:
            kept.append([list(row) for row in item] if isinstance(item, list) else item)
    return kept
