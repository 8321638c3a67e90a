"""The simulated town in a store, imported once, and small cities made of constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from huanzhi.assess.states import State
from huanzhi.city import sample
from huanzhi.library.series import SCHEMA, Feature, Source, Store, open_store
from huanzhi.messages import using
from huanzhi.network.feeds.importing import Plan, import_file
from huanzhi.standards.air import ITEMS
from huanzhi.standards.periods import HOUR, Period, start_of_day

Values = Mapping[str, tuple[int, int]]


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Speak Chinese unless a test says otherwise."""
    with using("zh"):
        yield


@pytest.fixture(scope="session")
def town_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder that holds the simulated town."""
    files = sample.make(tmp_path_factory.mktemp("sample"))
    home = tmp_path_factory.mktemp("town")
    with open_store("write", home) as store:
        for file in files:
            import_file(file, Plan(), store)
    return home


@pytest.fixture
def town(town_home: Path) -> Iterator[Store]:
    """Return the store of the simulated town, open for reading."""
    with open_store("read", town_home) as store:
        yield store


def day_rows(code: str, first: date, days: int, values: Values) -> list[dict[str, object]]:
    """Return published city days of constant values; item → (units, decimals)."""
    rows = []
    for item in ITEMS:
        if item.column not in values:
            continue
        period = Period.DAY_MAX_EIGHT_HOURS if item.value == "O3" else Period.DAY
        for number in range(days):
            time = start_of_day(first + timedelta(days=number))
            rows.append(row(code, item.parameter.code, period, time, *values[item.column]))
    return rows


def hour_rows(code: str, first: date, hours: int, values: Values) -> list[dict[str, object]]:
    """Return station hours of constant values."""
    start = start_of_day(first)
    return [
        row(code, item.parameter.code, Period.HOUR, start + HOUR * number, *values[item.column])
        for item in ITEMS
        if item.column in values
        for number in range(hours)
    ]


def row(code: str, parameter: str, period: Period, time: int, units: int, decimals: int) -> dict[str, object]:
    """Return one observation."""
    return {
        "feature": code,
        "parameter": parameter,
        "period": period.value,
        "time": time,
        "value": units,
        "decimals": decimals,
        "state": int(State.VALUE),
        "flag": 0,
        "row": 2,
    }


Put = Callable[[list[Feature], list[dict[str, object]]], Store]


@pytest.fixture
def put(tmp_path: Path) -> Iterator[Put]:
    """Return a function that makes a store of places and rows."""
    opened: list[Store] = []

    def make(features: list[Feature], rows: list[dict[str, object]]) -> Store:
        store = open_store("write", tmp_path / "store")
        opened.append(store)
        store.write(pa.Table.from_pylist(rows, SCHEMA), features, Source("made.csv", "template", ""))
        return store

    yield make
    for store in opened:
        store.close()


class Rows:
    """Makers of rows, for tests that cannot import this file."""

    days = staticmethod(day_rows)
    hours = staticmethod(hour_rows)
    one = staticmethod(row)


@pytest.fixture
def rows() -> type[Rows]:
    """Return the makers of rows."""
    return Rows
