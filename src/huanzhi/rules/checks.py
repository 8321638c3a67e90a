"""Checks of a rulebook 校验: names, conditions that nothing can reach, examples there, dates without gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise, product
from math import prod

from huanzhi.errors import InputError, StandardError
from huanzhi.rules.cells import Cell, Column, columns_of
from huanzhi.rules.model import Policy, Rulebook, Sort

MOST_CASES = 20_000
"""Up to how many cases a table is searched for unanswered ones. DEFAULT, NOT FROM THE DOCUMENTS."""


def check(rulebook: Rulebook) -> None:
    """Check what one version has to be.

    Raises
    ------
    InputError
        If names stand twice, rows or examples are missing, or a row can never be the answer.
    """
    _once("input", [field.name for field in rulebook.inputs])
    _once("output", [field.name for field in rulebook.outputs])
    for part, held in (("title", rulebook.title), ("basis", rulebook.basis), ("row", rulebook.rows)):
        if not held:
            raise InputError("rules.no_key", column=part)
    if not rulebook.examples:
        raise InputError("rules.no_examples", value=rulebook.id)
    end = rulebook.interval.end
    if end is not None and end < rulebook.interval.start:
        raise InputError("rules.dates_turned", value=end.isoformat())
    for row, earlier in unreachable(rulebook):
        raise InputError("rules.unreachable", row=row, earlier=earlier)


def _once(part: str, names: list[str]) -> None:
    if not names:
        raise InputError("rules.no_key", column=part)
    for name in names:
        if names.count(name) > 1:
            raise InputError("rules.twice", column=part, value=name)


def unreachable(rulebook: Rulebook) -> Iterator[tuple[int, int]]:
    """Yield the rows that an earlier row always takes the place of, each with that row; both from 1."""
    if rulebook.sort is Sort.TABLE and rulebook.policy is Policy.COLLECT:
        return
    columns = columns_of(rulebook.inputs, [row.when for row in rulebook.rows])
    for later, row in enumerate(rulebook.rows):
        for earlier, other in enumerate(rulebook.rows[:later]):
            same_group = rulebook.sort is Sort.TABLE or row.group == other.group
            if same_group and _covers(columns, other.when, row.when):
                yield later + 1, earlier + 1
                break


def _covers(columns: Iterable[Column], one: Mapping[str, Cell], other: Mapping[str, Cell]) -> bool:
    return all(_ranks(column, one) >= _ranks(column, other) for column in columns)


def _ranks(column: Column, when: Mapping[str, Cell]) -> frozenset[int]:
    return column.held(when.get(column.field.name, Cell("")))


def unanswered(rulebook: Rulebook) -> int | None:
    """Return how many of the cases that the conditions tell apart no row answers; None if too many."""
    columns = columns_of(rulebook.inputs, [row.when for row in rulebook.rows])
    if prod(len(column.ranks) for column in columns) * len(rulebook.rows) > MOST_CASES * 10:
        return None
    rows = [[_ranks(column, row.when) for column in columns] for row in rulebook.rows]
    cases = product(*(column.ranks for column in columns))
    return sum(not any(_fits(row, case) for row in rows) for case in cases)


def _fits(row: list[frozenset[int]], case: tuple[int, ...]) -> bool:
    return all(rank in held for rank, held in zip(case, row, strict=True))


def check_dates(versions: Iterable[Rulebook]) -> None:
    """Check that the versions of one rulebook for one place follow each other.

    Raises
    ------
    StandardError
        If two hold on one day, or none does between two.
    """
    ordered = sorted(versions, key=lambda each: each.interval.start)
    for one, other in pairwise(ordered):
        end = one.interval.end
        if end is None or end >= other.interval.start:
            raise StandardError("rules.overlap", value=one.id, day=other.interval.start.isoformat())
        if end + timedelta(days=1) != other.interval.start:
            raise StandardError("rules.gap", value=one.id, day=(end + timedelta(days=1)).isoformat())
