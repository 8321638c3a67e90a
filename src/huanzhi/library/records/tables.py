"""Tables 表: the typed tables of the platform with their declared columns, found by kind or address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from huanzhi import messages
from huanzhi.errors import InputError
from huanzhi.library.records.columns import Column, Kind, kind_name
from huanzhi.library.records.model import Record
from huanzhi.messages import Language
from huanzhi.standards.periods import CHINA

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A typed table.

    Attributes
    ----------
    kind : str
        Kind of record, as in `Record.KIND`.
    address : str
        Word in addresses of the API: ``stations``.
    related : tuple of str
        Foreign keys that the row shows something of, read together with it.
    key : str
        Column that names a row.
    new : callable
        Makes an empty record; the model itself by default.
    within : mapping
        Fields that tell the rows of this table from those of others in the same model.
    """

    kind: str
    address: str
    model: type[Record]
    columns: tuple[Column, ...]
    related: tuple[str, ...] = ()
    key: str = "code"
    new: Callable[[], Record] | None = None
    titles: Mapping[str, str] | None = None
    within: Mapping[str, Any] = field(default_factory=dict)

    def rows(self) -> Any:
        """Return all rows of the table, to select from."""
        every = self.model._default_manager.all()
        return every.filter(**self.within) if self.within else every

    def empty(self) -> Record:
        """Return a new record."""
        return self.new() if self.new else self.model()

    def column(self, name: str) -> Column:
        """Return a column by name.

        Raises
        ------
        InputError
            If the table has none of that name.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise InputError("tables.no_column", value=name, expected=", ".join(c.name for c in self.columns))

    def name(self, language: Language | None = None) -> str:
        """Return what the table is called."""
        if self.titles:
            return self.titles[language or messages.language()]
        return kind_name(self.kind, language)

    def row(self, record: Record) -> Row:
        """Return a record as plain values by column."""
        return {column.name: shown(value_at(record, column.source)) for column in self.columns}

    def sheet_columns(self) -> tuple[Column, ...]:
        """Return the columns of templates and sheets."""
        return tuple(column for column in self.columns if column.sheet and column.editable)


DATED = (
    Column("valid_from", Kind.DATE, sort=True),
    Column("valid_to", Kind.DATE, sort=True),
    Column("simulated", Kind.TRUTH, filter=True, editable=False),
    Column("revision", Kind.INTEGER, editable=False),
)
"""Columns of every table, at its end."""
STANDING = (
    Column("sensitivity", Kind.CHOICE, choices=("public", "internal", "restricted", "own"), filter=True),
    *DATED,
)
"""Columns of tables whose rows have a sensitivity, at their end."""

_tables: dict[str, Table] = {}


def declare(*tables: Table) -> None:
    """Make tables known by their kinds."""
    for table in tables:
        _tables[table.kind] = table


def known() -> dict[str, Table]:
    """Return the tables by kind, those of every room of the library."""
    import huanzhi.library.duties.tables
    import huanzhi.library.enterprises.tables
    import huanzhi.library.places.tables
    import huanzhi.library.registers.tables  # noqa: F401

    return dict(_tables)


def table_of(kind: str) -> Table:
    """Return a table by its kind or address.

    Raises
    ------
    InputError
        If there is none.
    """
    if kind.startswith("register:"):
        from huanzhi.library.registers.tables import register_table

        return register_table(kind.removeprefix("register:"))
    tables = known()
    for table in tables.values():
        if kind in (table.kind, table.address):
            return table
    raise InputError("tables.no_table", value=kind, expected=", ".join(t.address for t in tables.values()))


_PLAIN = (str, int, float, bool, type(None), dict, list)


def value_at(record: Any, path: str) -> Any:
    """Return what lies at a path of a record; None where a step is empty."""
    if "__" not in path and not isinstance(record, dict):
        return getattr(record, path)
    for step in path.split("__"):
        if record is None:
            return None
        record = record.get(step) if isinstance(record, dict) else getattr(record, step)
    return record


def shown(value: Any) -> Any:
    """Return a stored value as JSON has it; moments in China time, decimals as text."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
