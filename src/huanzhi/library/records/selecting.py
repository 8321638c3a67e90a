"""Selecting rows 查询: filters by declared columns, words to look for, and order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Q

from huanzhi.errors import InputError
from huanzhi.library.records.columns import NUMBERS, Column, Kind
from huanzhi.library.records.giving import read
from huanzhi.library.records.tables import Row, Table, shown

WHOLE = "000000"
"""Code of the region above all, in which every row lies."""

_DAY = Column("day", Kind.DATE)
_BOUNDS = {"_from": "gte", "_to": "lte"}


def selected(
    table: Table,
    queryset: Any,
    wanted: Mapping[str, Any],
    q: str = "",
    sort: str = "",
    day: date | None = None,
) -> Any:
    """Return the rows of a queryset that fit, in order.

    Parameters
    ----------
    wanted : mapping
        Value by declared filter; texts hold several between commas; a region means its subtree; an empty
        bound is none. ``on`` is a day on which rows must be valid, ``box`` is ``west,south,east,north``.

    Raises
    ------
    InputError
        If a filter or a column to sort by is not declared, or a value cannot stand there.
    """
    wanted = dict(wanted)
    day = wanted.pop("on", day)
    day = read(_DAY, day)
    if day is not None:
        queryset = queryset.filter(valid_on(day))
    if "box" in wanted:
        queryset = queryset.filter(_in_box(str(wanted.pop("box"))))
    for name, value in wanted.items():
        queryset = queryset.filter(_condition(table.columns, name, value))
    words = q.replace("\x00", "").strip()
    if words:
        queryset = queryset.filter(_found(table.columns, words))
    order = [f"{sign}{column.source}" for sign, column in _order(table.columns, sort)]
    return queryset.select_related(*table.related).order_by(*order, "pk")


def valid_on(day: date) -> Q:
    """Return the condition that a row is valid on a day."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def _condition(columns: Sequence[Column], name: str, value: Any) -> Q:
    column, bound = _filter(columns, name)
    if bound:
        typed = _typed(column, value)
        return Q() if typed is None else Q(**{f"{column.source}__{bound}": typed})
    values = (
        [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else [value]
    )
    _fitting(column, values)
    if column.name == "region":
        return _below(column, values)
    return Q(**{f"{column.source}__in": [_typed(column, part) for part in values]})


def _typed(column: Column, value: Any) -> Any:
    """Return a value as the database compares it; what lies in JSON is compared as JSON has it.

    Raises
    ------
    InputError
        If it cannot stand in the column.
    """
    typed = read(column, value) if column.kind not in _WORDS else str(value)
    return shown(typed) if column.source.startswith("values__") else typed


_WORDS = (Kind.TEXT, Kind.CODE, Kind.CHOICE)


def _filter(columns: Sequence[Column], name: str) -> tuple[Column, str]:
    declared = {column.name: column for column in columns if column.filter}
    if name in declared:
        return declared[name], ""
    for end, lookup in _BOUNDS.items():
        column = declared.get(name.removesuffix(end))
        if name.endswith(end) and column and column.kind in (*NUMBERS, Kind.DATE, Kind.MOMENT):
            return column, lookup
    raise InputError("lists.no_filter", value=name, expected=", ".join(declared))


def _fitting(column: Column, values: Iterable[Any]) -> None:
    for value in values:
        if (column.choices and value not in column.choices) or "\x00" in str(value):
            written = str(value).replace("\x00", "␀")
            expected = ", ".join(column.choices) or None
            raise InputError("lists.filter_value", column=column.name, value=written, expected=expected)


def _below(column: Column, codes: Sequence[str]) -> Q:
    """Return the condition that a row lies in the subtree of one of the regions.

    The path of a region holds its code between slashes; the few regions are found first, then the rows by
    their index.
    """
    if WHOLE in codes:
        return Q()
    regions: Any = apps.get_model("places", "Region")
    near = [Q(path__startswith=f"{code}/") for code in codes]
    far = [Q(path__contains=f"/{code}/") for code in codes]
    inside = regions.objects.filter(reduce(or_, [*near, *far], Q(pk__in=[])))
    return Q(**{f"{column.source}__in": inside.values("pk")})


def _in_box(written: str) -> Q:
    try:
        west, south, east, north = (float(part) for part in written.split(","))
    except ValueError:
        raise InputError("lists.box", value=written, expected="west,south,east,north") from None
    return Q(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)


def _found(columns: Sequence[Column], words: str) -> Q:
    searched = [Q(**{f"{column.source}__icontains": words}) for column in columns if column.search]
    return reduce(or_, searched, Q())


def _order(columns: Sequence[Column], sort: str) -> list[tuple[str, Column]]:
    declared = {column.name: column for column in columns if column.sort}
    order = []
    for part in filter(None, (each.strip() for each in sort.split(","))):
        name = part.removeprefix("-")
        if name not in declared:
            raise InputError("lists.no_sort", value=name, expected=", ".join(declared))
        order.append(("-" if part != name else "", declared[name]))
    return order


def of_rows(
    columns: Sequence[Column], rows: Sequence[Row], wanted: Mapping[str, Any], q: str = "", sort: str = ""
) -> list[Row]:
    """Return the plain rows that fit, in order; the rules are those of `selected`."""
    found = list(rows)
    for name, value in wanted.items():
        column, bound = _filter(columns, name)
        found = [row for row in found if _fits(row.get(column.name), bound, value)]
    if q.strip():
        found = [row for row in found if _mentions(columns, row, q.strip().casefold())]
    for sign, column in reversed(_order(columns, sort)):
        found.sort(key=lambda row, name=column.name: _sortable(row.get(name)), reverse=sign == "-")  # type: ignore[misc]
    return found


def _fits(held: Any, bound: str, value: Any) -> bool:
    if bound:
        if held is None:
            return False
        other: Any = value if isinstance(value, int | float) else str(value)
        return bool(held >= other if bound == "gte" else held <= other)
    if isinstance(value, str):
        return str(held) in [part.strip() for part in value.split(",")]
    return bool(held == value)


def _mentions(columns: Sequence[Column], row: Row, words: str) -> bool:
    return any(words in str(row.get(column.name) or "").casefold() for column in columns if column.search)


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is not None, value if isinstance(value, int | float) else str(value or "")
