"""A small store with every fault that the checks look for, and places that are clean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from huanzhi.assess.exact import MISSING
from huanzhi.assess.states import State
from huanzhi.library import series
from huanzhi.library.series import Feature, Source, Store, open_store
from huanzhi.library.series.schema import STEPS
from huanzhi.standards.periods import Period, start_of_day

START = start_of_day(date(2026, 9, 1))
"""The first hour of the store; the month under test is October, which begins at hour 720."""

OCTOBER = 720
HOURS = OCTOBER + 31 * 24
HOUR = 3600


def wave(seed: int, mean: float, swing: float, noise: float) -> np.ndarray:
    """Return a clean hourly series, rounded."""
    rng = np.random.default_rng(seed)
    cycle = swing * np.sin(2 * np.pi * np.arange(HOURS) / 24)
    return np.rint(np.maximum(mean + cycle + rng.normal(0, noise, HOURS), 1)).astype(np.int64)


def table(
    feature: str,
    parameter: str,
    values: Sequence[int],
    decimals: int,
    flags: Mapping[int, int] | None = None,
    period: Period = Period.HOUR,
) -> pa.Table:
    """Return the observations of one series from START on; MISSING gives no row."""
    given, name, step = flags or {}, str(period), STEPS[Period(period)]
    rows = [
        (
            feature,
            parameter,
            name,
            START + step * at,
            int(value),
            decimals,
            int(State.VALUE),
            given.get(at, 0),
            0,
        )
        for at, value in enumerate(values)
        if value != MISSING
    ]
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, series.SCHEMA.types, strict=True)]
    return pa.table(arrays, schema=series.SCHEMA)


def momentary(
    feature: str, parameter: str, values: Sequence[int], decimals: int, flags: Mapping[int, int]
) -> pa.Table:
    """Return momentary values at the hours."""
    hourly = table(feature, parameter, values, decimals, flags)
    names = pa.array([str(Period.INSTANT)] * hourly.num_rows)
    return hourly.set_column(2, series.SCHEMA.field("period"), names)


def write(store: Store, tables: Sequence[pa.Table], features: Sequence[Feature], name: str) -> None:
    """Write one batch."""
    store.write(pa.concat_tables(tables), features, Source(name, "test", name))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store("write", home) as opened:
        yield opened
