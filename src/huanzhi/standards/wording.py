"""Standards in words 标准的文字: headings, cells, units and days of tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huanzhi.messages import catalogue, text
from huanzhi.standards.model import Confidence, Interval, Row, Table

_AS_WRITTEN = (
    "aliases", "bodies", "cas", "code", "en", "flag", "hex", "name_en", "old", "pattern", "spellings",
    "stations", "symbol", "unit", "wire_type", "wire_unit", "word", "words", "zh",
)  # fmt: skip
"""Columns whose cells are shown as the data hold them."""

_UNITS = {
    "无量纲": "in_no_dimension",
    "百分点": "in_percentage_points",
    "时": "in_hours_of_the_day",
    "条": "in_articles",
    "年-月-日": "in_dates",
    "月-日": "in_days_of_the_year",
}
"""Units that are words, and the word of each."""

_SIGNS = {"le": "≤", "ge": "≥", "-": "—", True: "✓", False: "—"}


def grid(table: Table) -> tuple[list[str], list[list[str]]]:
    """Return the headings and cells of a table, `values` spread over the axis."""
    keys = list(dict.fromkeys(key for row in table.rows for key in row if key != "values"))
    if all(_named_by_item(row) for row in table.rows):
        keys.remove("name")
    spread = table.kind != "ladder" and any("values" in row for row in table.rows) and bool(table.axis)
    values = [str(name) for name in table.axis] if spread else []
    single = not spread and any("values" in row for row in table.rows)
    headings = [heading(key, table.id) for key in keys] + values + ([heading("values")] if single else [])
    body = [
        [cell(row.get(key, ""), key) for key in keys] + _value_cells(row, len(values), single)
        for row in table.rows
    ]
    return headings, body


def _named_by_item(row: Row) -> bool:
    """Return whether the name of a row says no more than its item with scope or averaging time."""
    said = (f"{row.get('item')} {row.get(key, '')}".strip() for key in ("scope", "averaging"))
    return "item" in row and row["name"] in said


def _value_cells(row: Row, width: int, single: bool) -> list[str]:
    if single:
        return [cell(row.get("values", ""))]
    cells = [cell(value) for value in row.get("values", ())]
    return cells + [""] * (width - len(cells))


def cell(value: Any, key: str = "") -> str:
    """Return a cell of a row in the reader's language; `key` is the name of its column."""
    if key == "confidence" and value:
        return Confidence(value).text()
    if isinstance(value, list | tuple):
        steps = all(isinstance(part, list | tuple) and len(part) > 1 for part in value)
        return "; ".join(map(_step, value)) if steps else ", ".join(cell(part, key) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {cell(part)}" for name, part in value.items())
    if key == "unit" and isinstance(value, str):
        return unit_words(value)
    if isinstance(value, str) and value not in _SIGNS and key not in _AS_WRITTEN:
        return known_word(f"{key}_{value}") or term(value)
    return _SIGNS.get(value, str(value)) if isinstance(value, str | bool) else str(value)


def term(value: str) -> str:
    """Return a word of the data in the reader's language; a compound word by word."""
    return known_word(value) or " ".join(known_word(part) or part for part in value.split(" "))


def unit_words(unit: str) -> str:
    """Return a unit, one that is a word in the reader's language."""
    return known_word(_UNITS[unit]) if unit in _UNITS else unit


def known_word(value: str) -> str:
    """Return a word of the data in the reader's language, empty where none is known."""
    key = f"standards_terms.word_{value.replace(' ', '_')}"
    return text(key) if key in catalogue() else ""


def _step(step: Sequence[Any]) -> str:
    """Return one step of a ladder: ``15: 0.77 / 1.2``."""
    return f"{cell(step[0])}: {' / '.join(cell(part) for part in step[1:])}"


def heading(key: str, table: str = "") -> str:
    """Return the heading of a column in words where there are any, else its key."""
    held = (
        f"standards_terms.column_{table}_{key}",
        f"standards_cli.column_{key}",
        f"standards_terms.column_{key}",
    )
    return next((text(each) for each in held if each in catalogue()), key)


def days_words(interval: Interval) -> str:
    """Return the days of an interval in words."""
    if interval.end is None:
        return text("standards_cli.days_open", start=interval.start.isoformat())
    return text("standards_cli.days", start=interval.start.isoformat(), end=interval.end.isoformat())
