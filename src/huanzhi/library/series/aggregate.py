"""Whole-network aggregates: counts and integer sums, so that a mean is rounded once, by who knows the rule.

Days, months and years are those of China time. Rows of state VALUE make ``count``, ``sum``, ``min`` and
``max``; results below detection are kept apart with the sum of their limits, since what stands for them
(half the limit, the limit, nothing) is the rule of each standard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import duckdb
import pyarrow as pa

from huanzhi.assess.states import State
from huanzhi.errors import InputError, StoreError
from huanzhi.library.series.encoding import MAX_DECIMALS
from huanzhi.library.series.model import Feature
from huanzhi.library.series.reading import Reader
from huanzhi.standards.periods import CHINA_OFFSET, DAY

By = Literal["feature", "region", "province", "all"]
Step = Literal["day", "month", "year", "all"]

AGGREGATE_SCHEMA = pa.schema(
    [
        ("group", pa.string()),
        ("parameter", pa.string()),
        ("time", pa.int64()),
        ("decimals", pa.int8()),
        ("sum", pa.int64()),
        ("count", pa.int64()),
        ("min", pa.int64()),
        ("max", pa.int64()),
        ("below_count", pa.int64()),
        ("below_sum", pa.int64()),
        ("missing", pa.int64()),
    ]
)
"""`group` is the feature code, region or province, or empty; `time` the start of the step in seconds UTC,
null for the whole span; values are numbers of ``10**-decimals``, the most that the parameter has there."""

_POWERS = ", ".join(str(10**power) for power in range(MAX_DECIMALS + 1))


def check_choice(value: str, choices: object) -> None:
    """Refuse a word that is not one of a Literal's."""
    if value not in get_args(choices):
        raise InputError("series.choice", value=value, expected=", ".join(get_args(choices)))


def aggregate_table(
    reader: Reader,
    rows: str,
    names: tuple[Sequence[tuple[int, Feature]], Sequence[tuple[int, str]]],
    by: By,
    step: Step,
    excluded_flags: int,
) -> pa.Table:
    """Return the aggregates of `rows` (SQL); see :data:`AGGREGATE_SCHEMA`."""
    features, parameters = names
    reader.db.register("feature_group", _feature_groups(features, by))
    reader.db.register("parameter_code", _codes(parameters))
    query = _query(rows, by, step, f"(flag & {int(excluded_flags)}) = 0")
    try:
        return reader.fetch(query).cast(AGGREGATE_SCHEMA)
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        raise StoreError("series.too_large") from error


def _feature_groups(features: Sequence[tuple[int, Feature]], by: By) -> pa.Table:
    """Return the group of each feature; when all are one group, rows carry the number 0 instead."""
    attribute = {"feature": "code"}.get(by, by)
    pairs = [(0, "")] if by == "all" else [(number, getattr(found, attribute)) for number, found in features]
    numbers, labels = zip(*pairs, strict=True) if pairs else ((), ())
    return pa.table({"feature": pa.array(numbers, pa.int32()), "label": pa.array(labels, pa.string())})


def _codes(parameters: Sequence[tuple[int, str]]) -> pa.Table:
    numbers = pa.array([number for number, _ in parameters], pa.int32())
    return pa.table({"parameter": numbers, "code": pa.array([code for _, code in parameters], pa.string())})


def _query(rows: str, by: By, step: Step, condition: str) -> str:
    """Sum by China days and by the decimals that rows have, then by group, then at common decimals."""
    value, below, missing = int(State.VALUE), int(State.BELOW_DETECTION), int(State.MISSING)
    scale = f"([{_POWERS}])[greatest(common, decimals) - decimals + 1]::hugeint"
    return f"""
      with daily as (
        select {"0" if by == "all" else "feature"} as feature, parameter, decimals,
          {"0" if step == "all" else f"(time + {CHINA_OFFSET}) // {DAY}"} as day,
          sum(value) filter (state = {value}) as sum, count(*) filter (state = {value}) as count,
          min(value) filter (state = {value}) as min, max(value) filter (state = {value}) as max,
          count(*) filter (state = {below}) as below_count,
          sum(value) filter (state = {below}) as below_sum,
          count(*) filter (state = {missing}) as missing
        from ({rows}) where {condition} group by all),
      grouped as (
        select label, parameter, decimals, {_step_start(step)} as time, sum(sum) as sum,
          sum(count) as count, min(min) as min, max(max) as max, sum(below_count) as below_count,
          sum(below_sum) as below_sum, sum(missing) as missing
        from daily join feature_group using (feature) group by all),
      scaled as (
        select *, coalesce(max(decimals) filter (count + below_count > 0) over (partition by parameter), 0)
          as common from grouped)
      select label as "group", code as parameter, time, common::tinyint as decimals,
        coalesce(sum(sum * {scale}), 0)::bigint as sum, sum(count)::bigint as count,
        min(min * {scale})::bigint as min, max(max * {scale})::bigint as max,
        sum(below_count)::bigint as below_count,
        coalesce(sum(below_sum * {scale}), 0)::bigint as below_sum, sum(missing)::bigint as missing
      from scaled join parameter_code using (parameter)
      group by all order by "group", code, time"""


def _step_start(step: Step) -> str:
    """Return the SQL of a step's start in seconds, from the number of a China day."""
    if step == "all":
        return "null::bigint"
    start = "day" if step == "day" else f"date_trunc('{step}', date '1970-01-01' + day::integer)"
    days = start if step == "day" else f"datediff('day', date '1970-01-01', {start})"
    return f"{days} * {DAY} - {CHINA_OFFSET}"
