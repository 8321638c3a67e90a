"""Comparing editions 版本对照: two editions of a standard table by table, row by row, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from huanzhi import standards
from huanzhi.programmes.law.looking import tables_of
from huanzhi.standards import Edition, Table
from huanzhi.standards.wording import grid, term

Line = dict[str, Any]


def difference(number: str, one: str, other: str) -> Line:
    """Return two editions side by side.

    Raises
    ------
    StandardError
        If the standard or an edition is unknown.
    """
    held = standards.standard(number)
    before, after = standards.edition(held.id, one), standards.edition(held.id, other)
    tables = [_table(first, second) for first, second in _pairs(before, after)]
    return {"standard": held.id, "one": before.number, "other": after.number, "tables": tables}


def _pairs(before: Edition, after: Edition) -> Iterator[tuple[Table | None, Table | None]]:
    """Yield the tables of both editions; a table with phases stands against the one without."""
    exact = {(table.id, table.phase): table for table in tables_of(before)}
    alike = {table.id: table for table in tables_of(before)}
    for table in tables_of(after):
        yield exact.get((table.id, table.phase)) or alike.get(table.id), table
    for table in tables_of(before):
        if table.id not in after.tables:
            yield table, None


def _table(before: Table | None, after: Table | None) -> Line:
    shown = after or before
    assert shown is not None
    first, second = _rows(before), _rows(after)
    columns = list(dict.fromkeys([*first[0], *second[0]]))
    names = list(dict.fromkeys([*first[1], *second[1]]))
    rows = [_row(name, columns, first[1].get(name), second[1].get(name)) for name in names]
    return {
        "id": shown.id,
        "title": shown.heading,
        "phase": term(shown.phase) if shown.phase else "",
        "clause_one": before.clause if before else "",
        "clause_other": after.clause if after else "",
        "state": "added" if before is None else "dropped" if after is None else "both",
        "columns": columns,
        "rows": rows,
        "changed": sum(row["state"] != "same" for row in rows),
    }


def _rows(table: Table | None) -> tuple[list[str], dict[str, dict[str, str]]]:
    """Return the headings, and the cells of every row by its name."""
    if table is None:
        return [], {}
    headings, cells = grid(table)
    named = _names(table)
    return headings, {
        name: dict(zip(headings, row, strict=False)) for name, row in zip(named, cells, strict=True)
    }


def _names(table: Table) -> Sequence[str]:
    """Return a name for every row, made different where two rows have the same."""
    return list(_unlike([str(row["name"]) for row in table.rows]))


def _unlike(names: Sequence[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} {seen[name]}"


def _row(
    name: str, columns: Sequence[str], before: dict[str, str] | None, after: dict[str, str] | None
) -> Line:
    cells = [
        {
            "one": (before or {}).get(column, ""),
            "other": (after or {}).get(column, ""),
        }
        for column in columns
    ]
    if before is None or after is None:
        state = "added" if before is None else "dropped"
    else:
        state = "same" if all(cell["one"] == cell["other"] for cell in cells) else "changed"
    return {"name": name, "state": state, "cells": cells}
