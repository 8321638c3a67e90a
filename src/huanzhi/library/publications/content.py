"""Content 内容: documents as JSON and back, where two of them differ, and their digest; pure.

A snapshot holds ``zh`` and ``en``, each a document, and ``data``, the same figures for programs. Numbers
stand as decimal texts, so that what was published is what is shown for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.documents.blocks import (
    Block,
    Chart,
    Column,
    Document,
    Heading,
    Paragraph,
    Series,
    Table,
)
from huanzhi.messages import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def plain(document: Document) -> dict[str, Any]:
    """Return a document as JSON holds it."""
    return {
        "title": document.title,
        "mark": document.mark,
        "signature": document.signature,
        "date": document.date,
        "number": document.number,
        "blocks": [_block(one) for one in document.blocks],
        "annexes": [
            {"title": title, "blocks": [_block(one) for one in blocks]} for title, blocks in document.annexes
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text}
    if isinstance(block, Table):
        rows = [[_cell(one) for one in row] for row in block.rows]
        columns = [asdict(one) for one in block.columns]
        told = {"key": block.key, "caption": block.caption, "note": block.note}
        return {"kind": "table", **told, "columns": columns, "rows": rows}
    series = [
        {**asdict(one), "values": [_cell(value) for value in one.values], "colours": list(one.colours)}
        for one in block.series
    ]
    told = {name: getattr(block, name) for name in _CHART}
    return {
        "kind": "chart",
        "shape": block.kind,
        "categories": list(block.categories),
        "series": series,
        **told,
    }


_CHART = ("key", "caption", "axis", "number_format", "labels", "label_step", "note")


def _cell(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def document_of(content: Mapping[str, Any], language: Language) -> Document:
    """Return the document of a snapshot in a language.

    Raises
    ------
    InputError
        ``publications.no_language``
    """
    told = content.get(language)
    if not told:
        raise InputError("publications.no_language", value=language)
    annexes = tuple(
        (one["title"], tuple(_made(each) for each in one["blocks"])) for one in told.get("annexes", ())
    )
    named = {name: str(told.get(name, "")) for name in ("title", "mark", "signature", "date", "number")}
    return Document(
        blocks=tuple(_made(one) for one in told["blocks"]), language=language, annexes=annexes, **named
    )


def _made(block: Mapping[str, Any]) -> Block:
    if block["kind"] == "heading":
        return Heading(block["level"], block["text"])
    if block["kind"] == "paragraph":
        return Paragraph(block["text"])
    if block["kind"] == "table":
        columns = tuple(Column(**one) for one in block["columns"])
        rows = [
            [_number(cell) if column.numeric else cell for cell, column in zip(row, columns, strict=True)]
            for row in block["rows"]
        ]
        return Table(block["key"], block["caption"], columns, rows, block.get("note", ""))
    series = tuple(
        Series(
            one["name"],
            [_number(value) for value in one["values"]],
            tuple(one.get("colours", ())),
            one.get("stroke", "solid"),
        )
        for one in block["series"]
    )
    told = {name: block[name] for name in _CHART}
    return Chart(kind=block["shape"], categories=block["categories"], series=series, **told)


def _number(value: Any) -> Any:
    """Return a decimal text as a number; other texts stay."""
    if not isinstance(value, str):
        return value
    try:
        return Decimal(value)
    except ArithmeticError:
        return value


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a snapshot."""
    told = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def texts(value: object) -> Iterator[str]:
    """Yield every text of a snapshot."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from texts(one)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return where two documents of one language differ: where, what was, what is.

    Tables are compared row by row under the name in their first text cell that is not a number, so that a row
    that moved is told as the cells that changed.
    """
    found: list[dict[str, Any]] = []
    if before.get("title") != after.get("title"):
        found.append({"where": "title", "was": before.get("title"), "is": after.get("title")})
    old, new = _tables(before), _tables(after)
    for key in [*new, *(key for key in old if key not in new)]:
        found += _table_changes(old.get(key), new.get(key))
    return found + _text_changes(before, after)


def _tables(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["key"]: one for one in document.get("blocks", ()) if one["kind"] == "table"}


def _table_changes(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    held = new or old
    if held is None:
        return []
    headings = [one["heading"] for one in held["columns"]]
    was, now = _rows(old), _rows(new)
    found = []
    for name in [*now, *(name for name in was if name not in now)]:
        before, after = was.get(name), now.get(name)
        where = f"{held['caption']} · {name}"
        if before is None or after is None:
            found.append({"where": where, "was": _line(before), "is": _line(after)})
            continue
        found += [
            {"where": f"{where} · {heading}", "was": a, "is": b}
            for heading, a, b in zip(headings, before, after, strict=False)
            if a != b
        ]
    return found


def _rows(table: Mapping[str, Any] | None) -> dict[str, list[Any]]:
    if table is None:
        return {}
    words = [n for n, column in enumerate(table["columns"]) if not column.get("numeric")]
    name = words[0] if words else 0
    return {f"{row[name]}": list(row) for row in table["rows"]}


def _line(row: Sequence[Any] | None) -> str | None:
    return None if row is None else " | ".join("—" if cell is None else str(cell) for cell in row)


def _text_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    old, new = _paragraphs(before), _paragraphs(after)
    gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
    pairs = max(len(gone), len(come))
    return [
        {"where": "text", "was": gone[n] if n < len(gone) else None, "is": come[n] if n < len(come) else None}
        for n in range(pairs)
    ]


def _paragraphs(document: Mapping[str, Any]) -> list[str]:
    return [one["text"] for one in document.get("blocks", ()) if one["kind"] in ("paragraph", "heading")]
