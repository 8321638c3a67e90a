"""What the loader refuses: gaps and overlaps of dates, tables that are not monotone, bands that leak.

Editions follow each other day by day, and so do the phases of an edition, which cover its whole time. A table
name stands once an edition, or once a phase. Each table kind has one check:

``breakpoints``
    rows ``{name, values}``: strictly increasing, no longer than the axis, which increases strictly.
``classes``
    rows ``{name, direction, values}`` over the class names of the axis: ``le`` never decreases, ``ge``
    never increases. ``"-"`` stands for no limit, ``"ND"`` for 不得检出, which is stricter than any number; a
    row may have fewer values than classes.
``columns``
    rows ``{name, direction, values}`` over columns without an order (fuels): one value a column.
``bands``
    rows ``{name, min, max}``: contiguous in the order given, without gap or overlap; an absent end is open.
``ladder``
    rows ``{name, values = [[x, y, …], …]}``: x strictly increasing.
``ranges``
    rows ``{name, values = [[low, high], …]}`` over the class names: each holds the one before it.
``thresholds``
    rows with lists of values per column: no list decreases (screening value ≤ control value).
``values``
    rows ``{name, …}``: names are unique (checked for every kind), nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from huanzhi.errors import StandardError
from huanzhi.standards.model import Edition, Interval, Standard, Table


def check(standard: Standard, file: str) -> None:
    """Check one standard.

    Raises
    ------
    StandardError
        Naming the file, the standard and the first thing that is wrong.
    """
    _contiguous([(edition.number, edition.interval) for edition in standard.editions], file)
    _once([edition.id for edition in standard.editions], standard.id, file)
    for edition in standard.editions:
        _check_phases(edition, file)
        _check_early(edition, file)
        for tables in edition.tables.values():
            _check_tables(edition, tables, file)


def _check_phases(edition: Edition, file: str) -> None:
    if not edition.phases:
        return
    _contiguous([(f"{edition.number} {phase.id}", phase.interval) for phase in edition.phases], file)
    whole = Interval(edition.phases[0].interval.start, edition.phases[-1].interval.end)
    if whole != edition.interval:
        raise StandardError("standards.phases", file=file, number=edition.number)


def _check_early(edition: Edition, file: str) -> None:
    """Early implementation ends before the edition binds everyone."""
    if edition.early is not None:
        _ordered(edition.number, edition.early, file)
        if edition.early.end is None or edition.early.end >= edition.interval.start:
            raise StandardError("standards.early", file=file, number=edition.number)


def _check_tables(edition: Edition, tables: Sequence[Table], file: str) -> None:
    """Check the tables of one name: one for all phases, or at most one each phase."""
    place = f"{edition.number} {tables[0].id}"
    phases = [table.phase for table in tables]
    if len(tables) > 1 and "" in phases:
        raise StandardError("standards.table_twice", file=file, table=place)
    _once(phases, place, file)
    for phase in set(phases) - {"", *(phase.id for phase in edition.phases)}:
        raise StandardError("standards.no_phase", file=file, table=place, phase=phase)
    for table in tables:
        _check_table(table, place, file)


def _once(names: Sequence[str], place: str, file: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise StandardError("standards.repeated", file=file, place=place, name=name)


def _contiguous(stretches: Sequence[tuple[str, Interval]], file: str) -> None:
    for name, stretch in stretches:
        _ordered(name, stretch, file)
    for (name, before), (next_name, after) in pairwise(stretches):
        if before.end is None or before.end >= after.start:
            raise StandardError("standards.overlap", file=file, first=name, second=next_name)
        if before.end + timedelta(days=1) != after.start:
            raise StandardError("standards.gap", file=file, first=name, second=next_name)


def _ordered(name: str, stretch: Interval, file: str) -> None:
    if stretch.end is not None and stretch.end < stretch.start:
        raise StandardError("standards.backwards", file=file, name=name)


def _check_table(table: Table, place: str, file: str) -> None:
    if table.kind not in _KINDS:
        raise StandardError("standards.kind", file=file, table=place, kind=table.kind)
    if not table.rows:
        raise StandardError("standards.empty", file=file, table=place)
    _check_rows(table, place, file)
    _KINDS[table.kind](table, place, file)


def _check_rows(table: Table, place: str, file: str) -> None:
    """Check that every row has a name of its own and the keys of its kind, and that limits are numbers."""
    names = [row.get("name") for row in table.rows]
    if None in names or len(set(names)) != len(names):
        raise StandardError("standards.row_names", file=file, table=place)
    for row in table.rows:
        where = f"{place} {row['name']}"
        for key in _ROW_KEYS.get(table.kind, ()):
            if key not in row:
                raise StandardError("standards.row_key", file=file, table=where, key=key)
        for limit in _flat(row.get("values", ())) if table.kind in _ROW_KEYS else ():
            if not _is_limit(limit):
                raise StandardError("standards.not_number", file=file, table=where, value=limit)


def _is_limit(value: object) -> bool:
    return value in _WORDS or (isinstance(value, int | Decimal) and not isinstance(value, bool))


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        else:
            yield value


def _breakpoints(table: Table, place: str, file: str) -> None:
    _increasing(table.axis, place, file)
    for row in table.rows:
        _increasing(row["values"], f"{place} {row['name']}", file)
        if len(row["values"]) > len(table.axis):
            raise StandardError("standards.too_long", file=file, table=f"{place} {row['name']}")


def _classes(table: Table, place: str, file: str) -> None:
    for row in table.rows:
        where = f"{place} {row['name']}"
        limits = [_NOT_DETECTED if limit == "ND" else limit for limit in row["values"] if limit != "-"]
        if len(row["values"]) > len(table.axis):
            raise StandardError("standards.too_long", file=file, table=where)
        ordered = sorted(limits, reverse=row["direction"] == "ge")
        if row["direction"] not in ("le", "ge") or limits != ordered:
            raise StandardError("standards.not_monotone", file=file, table=where)


def _columns(table: Table, place: str, file: str) -> None:
    for row in table.rows:
        if len(row["values"]) != len(table.axis) or row["direction"] not in ("le", "ge"):
            raise StandardError("standards.columns", file=file, table=f"{place} {row['name']}")


def _bands(table: Table, place: str, file: str) -> None:
    for before, after in pairwise(table.rows):
        if before.get("max") is None or after.get("min") is None or before["max"] != after["min"]:
            raise StandardError(
                "standards.bands", file=file, table=place, first=before["name"], second=after["name"]
            )
    for row in table.rows:
        if row.get("min") is not None and row.get("max") is not None and row["min"] >= row["max"]:
            raise StandardError("standards.not_monotone", file=file, table=f"{place} {row['name']}")


def _ladder(table: Table, place: str, file: str) -> None:
    for row in table.rows:
        _increasing([step[0] for step in row["values"]], f"{place} {row['name']}", file)


def _ranges(table: Table, place: str, file: str) -> None:
    for row in table.rows:
        for (low, high), (next_low, next_high) in pairwise(row["values"]):
            if next_low > low or next_high < high or low > high:
                raise StandardError("standards.not_monotone", file=file, table=f"{place} {row['name']}")


def _thresholds(table: Table, place: str, file: str) -> None:
    for row in table.rows:
        for values in row.values():
            if isinstance(values, list) and not isinstance(values[0], str) and values != sorted(values):
                raise StandardError("standards.not_monotone", file=file, table=f"{place} {row['name']}")


def _values(table: Table, place: str, file: str) -> None:
    """Nothing beyond the names."""


def _increasing(values: Sequence[Any], place: str, file: str) -> None:
    if any(after <= before for before, after in pairwise(values)):
        raise StandardError("standards.not_monotone", file=file, table=place)


_NOT_DETECTED = -1
"""Where 不得检出 stands among limits: below all of them."""

_WORDS = ("-", "ND")
"""What may stand in place of a limit: none, and not to be found."""

_ROW_KEYS = {
    "breakpoints": ("values",),
    "classes": ("direction", "values"),
    "columns": ("direction", "values"),
    "ladder": ("values",),
    "ranges": ("values",),
}
"""Keys that every row of a kind has."""

_KINDS: dict[str, Callable[[Table, str, str], None]] = {
    "breakpoints": _breakpoints,
    "classes": _classes,
    "columns": _columns,
    "bands": _bands,
    "ladder": _ladder,
    "ranges": _ranges,
    "thresholds": _thresholds,
    "values": _values,
}
