"""A Word document (docx) becomes text and tables in their order; automatic numbers are written out."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from huanzhi.errors import InputError
from huanzhi.plans.laying import Layout
from huanzhi.plans.model import Table

_DIGITS = "零一二三四五六七八九"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read(content: bytes, name: str) -> tuple[str, tuple[Table, ...], str]:
    """Return the text, the tables and the title of a docx.

    Raises
    ------
    InputError
        The file is damaged.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table as WordTable

    try:
        document = docx.Document(io.BytesIO(content))
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        SyntaxError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise InputError("plans.damaged_file", file=name, reason=error) from error
    layout, numbers = Layout(), _Numbers(document)
    for item in document.iter_inner_content():
        if isinstance(item, WordTable):
            _table(layout, item)
        else:
            layout.paragraph(numbers.mark(item) + item.text.replace("\n", " "))
    return layout.text, tuple(layout.tables), str(document.core_properties.title or "")


def _table(layout: Layout, table: Any) -> None:
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    if max((len(row) for row in rows), default=0) < 2:
        for row in rows:
            for cell in row:
                layout.paragraph(cell)
    else:
        layout.table(rows)


class _Numbers:
    """The automatic numbers of paragraphs, counted as Word counts them."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        part = _numbering(document)
        if part is not None:
            self._read(part)

    def mark(self, paragraph: Any) -> str:
        """Return the number that Word shows before a paragraph, or nothing."""
        found = _reference(paragraph)
        if found is None or found[0] not in self._levels:
            return ""
        identity, level = found
        style, pattern, first = self._levels[identity].get(level, ("none", "", 1))
        if style in ("none", "bullet"):
            return ""
        self._counts[found] = self._counts.get(found, first - 1) + 1
        for deeper in range(level + 1, 9):
            self._counts.pop((identity, deeper), None)
        return pattern.replace(f"%{level + 1}", _in_style(self._counts[found], style))

    def _read(self, numbering: Any) -> None:
        abstract = {each.get(f"{_W}abstractNumId"): each for each in numbering.iter(f"{_W}abstractNum")}
        for number in numbering.iter(f"{_W}num"):
            reference = number.find(f"{_W}abstractNumId")
            held = abstract.get(reference.get(f"{_W}val")) if reference is not None else None
            if held is not None:
                self._levels[number.get(f"{_W}numId")] = dict(_level(each) for each in held.iter(f"{_W}lvl"))


def _level(element: Any) -> tuple[int, tuple[str, str, int]]:
    def value(tag: str, default: str) -> str:
        found = element.find(f"{_W}{tag}")
        return default if found is None else str(found.get(f"{_W}val") or default)

    first = value("start", "1")
    held = (value("numFmt", "none"), value("lvlText", ""), int(first) if first.isdigit() else 1)
    return int(element.get(f"{_W}ilvl") or 0), held


def _numbering(document: Any) -> Any:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering"):
            return relation.target_part.element
    return None


def _reference(paragraph: Any) -> tuple[str, int] | None:
    own, style = paragraph._p.pPr, paragraph.style.element.pPr if paragraph.style is not None else None
    numbered = next(
        (held.numPr for held in (own, style) if held is not None and held.numPr is not None), None
    )
    if numbered is None or numbered.numId is None:
        return None
    return str(numbered.numId.val), 0 if numbered.ilvl is None else int(numbered.ilvl.val)


def _in_style(number: int, style: str) -> str:
    if style.startswith(("chinese", "japanese", "taiwanese", "ideograph")):
        return chinese(number)
    return str(number)


def chinese(number: int) -> str:
    """Return a number below 100 in Chinese."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
