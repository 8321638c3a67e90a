"""Conditions 查询条件: questions about observations in a neutral form, and their SQL.

A question names fields, literals and operations of the tables below; it never brings SQL of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb
import pyarrow as pa

from huanzhi.errors import InputError, StoreError
from huanzhi.library.series.manifest import Codes
from huanzhi.library.series.reading import Reader
from huanzhi.library.series.schema import MONTHS, PERIOD_IDS, STEPS
from huanzhi.standards.periods import CHINA_OFFSET, HOUR, Period


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, truth value, moment (seconds UTC as a number) or null."""

    value: int | float | Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an observation: one of :data:`FIELDS`."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operation of :data:`OPERATIONS` on expressions."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class SeriesIn:
    """True for the observations of these series: (feature, parameter, period) by code."""

    series: tuple[tuple[str, str, str], ...]


Expression = Literal | Field | Call | SeriesIn


@dataclass(frozen=True, slots=True)
class Question:
    """A question about observations, and which page of the answer is wanted.

    Attributes
    ----------
    where : Expression, optional
        Condition that must be true.
    order : sequence of (Expression, bool)
        What to sort by, and whether from the top down. Ties are broken by time, feature, parameter and
        period, so that pages fit together.
    limit, skip : int
        Rows of the page, and rows before it.
    features, parameters, period, start, end, as_of
        As in ``Store.range``; they are what makes an answer quick.
    """

    where: Expression | None = None
    order: Sequence[tuple[Expression, bool]] = ()
    limit: int = 100
    skip: int = 0
    features: Sequence[str] | None = None
    parameters: Sequence[str] | None = None
    period: Period | str | None = None
    start: int | datetime | None = None
    end: int | datetime | None = None
    as_of: int | datetime | None = None

    def condition_sql(self, codes: Codes) -> str:
        """Return the condition as SQL."""
        return "true" if self.where is None else sql_of(self.where, codes)

    def page_sql(self, rows: str, codes: Codes) -> str:
        """Return the SQL of the page out of the SQL of all rows."""
        wanted = [f"{sql_of(one, codes)} {'desc' if down else 'asc'} nulls last" for one, down in self.order]
        ranked = ", ".join([*wanted, "time", "feature", "parameter", "period"])
        return f"select * from ({rows}) order by {ranked} limit {int(self.limit)} offset {int(self.skip)}"


def _end_sql() -> str:
    """Return the SQL of the end of an observation's period, seconds UTC."""
    lengths = {**STEPS, Period.EIGHT_HOURS: 8 * HOUR, Period.INSTANT: 0}
    cases = [f"when {PERIOD_IDS[period]} then time + {seconds}" for period, seconds in lengths.items()]
    local = f"make_timestamp((time + {CHINA_OFFSET}) * 1000000)"
    cases += [
        f"when {PERIOD_IDS[period]} then epoch({local} + interval {months} month)::bigint - {CHINA_OFFSET}"
        for period, months in MONTHS.items()
    ]
    return f"(case period {' '.join(cases)} end)"


FIELDS: Mapping[str, str] = {
    "time": "time",
    "end": _end_sql(),
    "value": "(case when state = 0 then value / pow(10.0, decimals) end)",
    "state": "state",
    "flag": "flag",
    "decimals": "decimals",
    "revision": "rev",
    "feature": "feature",
    "parameter": "parameter",
    "period": "period",
}
"""Fields; ``value`` is null unless the observation is a measured value."""

_MISFITS = (duckdb.BinderException, duckdb.ConversionException, duckdb.OutOfRangeException)
_LOCAL = "make_timestamp(({0})::bigint * 1000000)"

OPERATIONS: Mapping[str, str] = {
    "and": "(({0}) and ({1}))",
    "or": "(({0}) or ({1}))",
    "not": "(not coalesce(({0}), false))",
    "eq": "(({0}) = ({1}))",
    "ne": "(({0}) <> ({1}))",
    "gt": "(({0}) > ({1}))",
    "ge": "(({0}) >= ({1}))",
    "lt": "(({0}) < ({1}))",
    "le": "(({0}) <= ({1}))",
    "add": "(({0}) + ({1}))",
    "sub": "(({0}) - ({1}))",
    "mul": "(({0}) * ({1}))",
    "div": "(({0})::double / nullif(({1}), 0))",
    "mod": "(({0}) % nullif(({1}), 0))",
    "is_null": "(({0}) is null)",
    "not_null": "(({0}) is not null)",
    "round": "round({0})",
    "floor": "floor({0})",
    "ceiling": "ceil({0})",
    "year": f"year({_LOCAL})",
    "month": f"month({_LOCAL})",
    "day": f"day({_LOCAL})",
    "hour": f"hour({_LOCAL})",
    "minute": f"minute({_LOCAL})",
    "second": f"second({_LOCAL})",
}
"""Operations; the parts of a date are those of UTC."""


def sql_of(expression: Expression, codes: Codes) -> str:
    """Return an expression as SQL.

    Raises
    ------
    InputError
        If it names an operation that there is not.
    """
    if isinstance(expression, Literal):
        return _literal(expression.value)
    if isinstance(expression, Field):
        return FIELDS[expression.name]
    if isinstance(expression, SeriesIn):
        return _series_in(expression.series, codes)
    if expression.name not in OPERATIONS:
        raise InputError("series.operation", value=expression.name, expected=", ".join(OPERATIONS))
    return OPERATIONS[expression.name].format(*(sql_of(one, codes) for one in expression.arguments))


def ask(reader: Reader, query: str) -> pa.Table:
    """Run the SQL of a question.

    Raises
    ------
    InputError
        If an operation does not fit what it is applied to, as a text compared with a number.
    StoreError
        If the question was interrupted.
    """
    try:
        return reader.fetch(query)
    except _MISFITS as error:
        raise InputError("series.misfit", reason=str(error).splitlines()[0]) from None
    except duckdb.InterruptException:
        raise StoreError("series.interrupted") from None


def _literal(value: int | float | Decimal | str | bool | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"({value!s})" if isinstance(value, int) else f"({float(value)!r}::double)"


def _series_in(series: Sequence[tuple[str, str, str]], codes: Codes) -> str:
    periods = {str(period): number for period, number in PERIOD_IDS.items()}
    by_kind: dict[tuple[int, int], list[int]] = {}
    for feature, parameter, period in series:
        numbers = (codes.features.get(feature, 0), codes.parameters.get(parameter, 0), periods[period])
        by_kind.setdefault(numbers[1:], []).append(numbers[0])
    tests = [
        f"(parameter = {parameter} and period = {period} and feature in ({', '.join(map(str, features))}))"
        for (parameter, period), features in by_kind.items()
    ]
    return f"({' or '.join(tests)})" if tests else "false"
