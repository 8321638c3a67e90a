"""The shapes of observations 监测数据: what callers give and get, and what stands in the files.

A value is an exact decimal: ``value`` units of ``10**-decimals``, with the decimals it was reported with.
Outside, features, parameters and periods are codes; inside the files they are the numbers of the manifest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR, Period

Ints = npt.NDArray[np.int64]

SCHEMA = pa.schema(
    [
        pa.field("feature", pa.string(), nullable=False),
        pa.field("parameter", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("time", pa.int64(), nullable=False),
        pa.field("value", pa.int64()),
        pa.field("decimals", pa.int8(), nullable=False),
        pa.field("state", pa.int8(), nullable=False),
        pa.field("flag", pa.int32(), nullable=False),
        pa.field("row", pa.int32(), nullable=False),
    ]
)
"""An observation table as it is written."""

READ_SCHEMA = SCHEMA.append(pa.field("revision", pa.int64(), nullable=False))
"""An observation table as it is read: with the revision that brought each row."""

KEYS = ("feature", "parameter", "period", "time")
"""What makes an observation one and the same."""

KEY_SCHEMA = pa.schema([SCHEMA.field(name) for name in KEYS])

STORED = pa.schema(
    [
        ("feature", pa.int32()),
        ("parameter", pa.int32()),
        ("period", pa.int8()),
        ("time", pa.int64()),
        ("value", pa.int64()),
        ("decimals", pa.int8()),
        ("state", pa.int8()),
        ("flag", pa.int32()),
        ("row", pa.int32()),
        ("rev", pa.int64()),
    ]
)
"""A row of a part file."""

HISTORY = STORED.append(pa.field("until", pa.int64()))
"""A row of a history part: ``until`` is the revision that superseded it; null on a final withdrawal."""

PERIOD_IDS = {
    Period.INSTANT: 0,
    Period.MINUTE: 1,
    Period.TEN_MINUTES: 2,
    Period.HOUR: 3,
    Period.EIGHT_HOURS: 4,
    Period.DAY: 5,
    Period.DAY_MAX_HOUR: 6,
    Period.DAY_MAX_EIGHT_HOURS: 7,
    Period.MONTH: 8,
    Period.QUARTER: 9,
    Period.YEAR: 10,
}
"""Numbers of the periods in the files; never renumber them."""

PERIODS = {number: period for period, number in PERIOD_IDS.items()}

STEPS = {
    Period.MINUTE: 60,
    Period.TEN_MINUTES: 600,
    Period.HOUR: HOUR,
    Period.EIGHT_HOURS: HOUR,
    Period.DAY: DAY,
    Period.DAY_MAX_HOUR: DAY,
    Period.DAY_MAX_EIGHT_HOURS: DAY,
}
"""Seconds from one value to the next on a dense axis; a moving eight-hour mean is given every hour."""

MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
"""Months from one value to the next for the periods of the calendar."""

BUCKETS = {
    Period.MINUTE: "h",
    Period.INSTANT: "M",
    Period.TEN_MINUTES: "M",
    Period.HOUR: "M",
    Period.EIGHT_HOURS: "M",
}
"""Partition of the parts by period, as numpy date units; by year where not named."""


def buckets(times: Ints, period: Period) -> Ints:
    """Return the start of the partition (hour, month or year of China time) that holds each time.

    Parameters
    ----------
    times : ndarray of int64, shape (n,)
        Seconds UTC.

    Returns
    -------
    ndarray of int64, shape (n,)
        Seconds UTC of the partition's start.
    """
    local = (times + CHINA_OFFSET).astype("datetime64[s]")
    start = local.astype(f"datetime64[{BUCKETS.get(period, 'Y')}]").astype("datetime64[s]")
    seconds: Ints = start.astype(np.int64) - CHINA_OFFSET
    return seconds


def dense_times(period: Period, start: int, end: int) -> Ints:
    """Return every period start in [`start`, `end`), seconds UTC, on China-time boundaries.

    ``INSTANT`` has no axis of its own and gives an empty array.
    """
    if period in MONTHS:
        return _calendar_times(MONTHS[period], start, end)
    if period not in STEPS:
        return np.empty(0, np.int64)
    step = STEPS[period]
    first = start + (-(start + CHINA_OFFSET)) % step
    return np.arange(first, end, step, dtype=np.int64)


def _calendar_times(months: int, start: int, end: int) -> Ints:
    local = np.array([start, end], np.int64) + CHINA_OFFSET
    first, last = local.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    axis = np.arange(first - first % months, last + months + 1, months)
    seconds = axis.astype("datetime64[M]").astype("datetime64[s]").astype(np.int64) - CHINA_OFFSET
    inside: Ints = seconds[(seconds >= start) & (seconds < end)]
    return inside


def empty(schema: pa.Schema) -> pa.Table:
    """Return a table of `schema` without rows."""
    table: pa.Table = schema.empty_table()
    return table


def numpy_column(table: pa.Table, name: str) -> npt.NDArray[Any]:
    """Return a column without nulls as a numpy array."""
    array: npt.NDArray[Any] = table.column(name).to_numpy()
    return array
