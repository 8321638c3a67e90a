"""Importing sheets: what would change is shown first; then all of it is taken, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isclose
from typing import Any

from django.db import transaction

from huanzhi.errors import InputError
from huanzhi.library.records.bulk import check, save_all
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.giving import Finder, blank, give, read
from huanzhi.library.records.model import Record
from huanzhi.library.records.tables import Row, Table, shown
from huanzhi.library.rights import Actor, mask, visible
from huanzhi.library.sheets.reading import Filled, read_filled

SHEET_DIGITS = 1e-14
"""What a spreadsheet, which keeps 15 or 16 digits, may change of a number without meaning to."""

SHOWN = 200
"""Errors, and changed rows, that a preview shows at most. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(slots=True)
class Preview:
    """What taking a sheet in would do.

    Attributes
    ----------
    new, changed, unchanged, wrong : int
        Rows of each kind.
    errors : list of dict
        Each with ``row``, ``column``, ``value``, ``expected`` and ``message``, as far as they are known.
    changes : list of dict
        The first new and changed rows: ``row``, ``key``, ``action`` and columns with before and after.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    _planned: list[tuple[int, Record]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        names = ("new", "changed", "unchanged", "wrong", "errors", "changes")
        return {name: getattr(self, name) for name in names}

    def refuse(self, error: InputError) -> None:
        """Count a row that is wrong."""
        self.wrong += 1
        if len(self.errors) < SHOWN:
            self.errors.append(error.as_dict())


def preview(actor: Actor, table: Table, raw: bytes, name: str = "") -> Preview:
    """Return what a sheet would change; nothing is kept.

    Raises
    ------
    InputError
        If the bytes are no sheet of this table; wrong rows are no error but in the answer.
    """
    found = _planned(actor, table, read_filled(table, raw, name))
    if not found.wrong:
        try:
            with transaction.atomic():
                _taken(actor, found, "")
                transaction.set_rollback(True)
        except InputError as error:
            found.refuse(error)
    return found


def accept(actor: Actor, table: Table, raw: bytes, name: str = "", reason: str = "") -> Preview:
    """Take a sheet in, all of it or nothing.

    Raises
    ------
    InputError
        ``sheets.wrong`` with the first wrong row; otherwise as `preview`.
    """
    with transaction.atomic():
        found = _planned(actor, table, read_filled(table, raw, name))
        if found.wrong:
            first = found.errors[0]
            place = {part: first.get(part) for part in ("row", "column", "value", "expected")}
            raise InputError("sheets.wrong", number=found.wrong, first=first["message"], **place)
        _taken(actor, found, reason or name)
    return found


def _taken(actor: Actor, found: Preview, reason: str) -> None:
    rows = [row for row, _ in found._planned]
    save_all(actor, [record for _, record in found._planned], reason, rows.__getitem__)


def _planned(actor: Actor, table: Table, filled: Filled) -> Preview:
    plan = _Plan(actor, table, filled)
    for row, cells in filled.rows:
        try:
            plan.take(row, filled.values(cells))
        except InputError as error:
            if error.place["row"] is None:
                error.place["row"] = row
            plan.found.refuse(error)
    return plan.found


class _Plan:
    """Compares a sheet with what is stored."""

    def __init__(self, actor: Actor, table: Table, filled: Filled) -> None:
        self.actor, self.table = actor, table
        self.found = Preview()
        self._finder = Finder()
        self._key = table.column(table.key)
        keys = _keys(table, filled)
        self._stored = _stored(table, keys)
        self._readable = _readable(actor, table, keys)
        self._seen: set[str] = set()
        empty = table.empty()
        self._blanks = {column.name: shown(blank(empty, column)) for column in table.columns}

    def take(self, row: int, values: Row) -> None:
        """Plan one row."""
        key = str(read(self._key, values.get(self.table.key)) or "")
        if key and key in self._seen:
            raise InputError("sheets.key_twice", column=self._key.heading(), value=key)
        self._seen.add(key)
        old = self._stored.get(key) if key else None
        if old is None:
            self._new(row, values)
        elif key not in self._readable:
            raise InputError("rights.refused", column=self._key.heading(), value=key)
        else:
            self._old(row, old, values)

    def _new(self, row: int, values: Row) -> None:
        given = {name: value for name, value in values.items() if value not in (None, "")}
        for column in self.table.sheet_columns():
            if column.required and column.name not in given:
                raise InputError("tables.required", column=column.heading(), expected=column.expectation())
        record = give(self.table.empty(), self.table, given, self._finder)
        self._plan(row, record, "create", given, {})
        self.found.new += 1

    def _old(self, row: int, old: Record, values: Row) -> None:
        before = mask(self.actor, old, self.table.row(old))
        given = {name: value for name, value in values.items() if self._differs(name, value, before)}
        if not given:
            self.found.unchanged += 1
            return
        give(old, self.table, given, self._finder)
        self._plan(row, old, "change", given, before)
        self.found.changed += 1

    def _differs(self, name: str, value: Any, before: Row) -> bool:
        column = self.table.column(name)
        given, held = shown(read(column, value)), before.get(name)
        if column.kind is Kind.CODE and given is not None and given != held:
            given = self._code(column, given)
        if isinstance(given, float) and isinstance(held, int | float):
            return not isclose(given, held, rel_tol=SHEET_DIGITS, abs_tol=SHEET_DIGITS)
        return (self._blank(column) if given is None else given) != (
            self._blank(column) if held is None else held
        )

    def _code(self, column: Column, named: str) -> str:
        """Return the code of what a cell names by code or name; the name where there is none."""
        field = self.table.model._meta.get_field(column.source.partition("__")[0].removesuffix("_id"))
        found = self._finder.find(field.related_model, named)  # type: ignore[arg-type]
        return found.code if found is not None else named

    def _blank(self, column: Column) -> Any:
        """Return what a column holds where nothing is given."""
        return self._blanks[column.name]

    def _plan(self, row: int, record: Record, action: str, given: Row, before: Row) -> None:
        if not _points_to_new(record):
            revision = record.revision
            check(record, None)
            record.revision = revision
        self._finder.add(record)
        self.found._planned.append((row, record))
        if len(self.found.changes) < SHOWN:
            after = self.table.row(record) if not _points_to_new(record) else given
            changes = [
                {"column": name, "before": before.get(name), "after": shown(after.get(name))}
                for name in given
            ]
            self.found.changes.append({"row": row, "key": record.key, "action": action, "changes": changes})


def _points_to_new(record: Record) -> bool:
    """Return whether a record names another of the same sheet, which has no number yet."""
    relations = (field for field in record._meta.concrete_fields if field.is_relation)
    cached = (field.get_cached_value(record) for field in relations if field.is_cached(record))
    return any(named is not None and named._state.adding for named in cached)


def _keys(table: Table, filled: Filled) -> list[str]:
    at = [position for position, column in filled.columns if column.name == table.key]
    cells = (cells[at[0]] for _, cells in filled.rows if at and at[0] < len(cells))
    return [
        str(int(cell)) if isinstance(cell, float) else str(cell).strip()
        for cell in cells
        if cell not in ("", None)
    ]


def _in_parts(keys: list[str]) -> Iterator[list[str]]:
    for begin in range(0, len(keys), 500):
        yield keys[begin : begin + 500]


def _stored(table: Table, keys: list[str]) -> dict[str, Record]:
    rows = table.rows().select_related(*table.related)
    found = (row for part in _in_parts(keys) for row in rows.filter(**{f"{table.key}__in": part}))
    return {str(getattr(row, table.key)): row for row in found}


def _readable(actor: Actor, table: Table, keys: list[str]) -> set[str]:
    rows = visible(actor, table.kind, table.rows())
    parts = (rows.filter(**{f"{table.key}__in": part}) for part in _in_parts(keys))
    return {str(key) for part in parts for key in part.values_list(table.key, flat=True)}
