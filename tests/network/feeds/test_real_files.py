"""The shared real files are read completely, with the row counts that their notes state."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from huanzhi.assess.states import State
from huanzhi.network.feeds.reading import Reading
from huanzhi.network.feeds.registry import read_file

DATA = Path(__file__).parents[4] / "shared" / "data"


def read(name: str) -> Reading:
    if not (DATA / name).exists():
        pytest.skip(f"no shared data: {name}")
    return read_file(DATA / name)


def count(reading: Reading, parameter: str, state: State) -> int:
    table = reading.table
    mask = pc.and_(pc.equal(table["parameter"], parameter), pc.equal(table["state"], int(state)))
    return int(pc.sum(mask).as_py())


def test_the_hours_of_the_national_platform() -> None:
    reading = read("cnemc_station_hours/open/station_hours.csv.gz")
    assert (reading.format, reading.rows, reading.rejects) == ("cnemc_csv", 3994, ())
    assert len(reading.table) == 3994 * 8
    assert [note.key for note in reading.notes].count("feeds.ozone_swapped") == 2


def test_the_city_days() -> None:
    reading = read("city_daily_aqi/open/city_daily.csv.gz")
    assert (reading.format, reading.rows, reading.rejects) == ("city_day", 37890, ())
    assert len(reading.features) == 12
    keys = reading.table.select(["feature", "parameter", "time"])
    assert keys.group_by(keys.column_names).aggregate([]).num_rows == keys.num_rows


def test_the_surface_water_table() -> None:
    reading = read("surface_water_cnemc_20260204/open/sections.csv")
    assert (reading.format, reading.rows, reading.rejects) == ("surface_water", 320, ())
    assert len(reading.features) == 320
    assert len(reading.table) == 320 * 11


def test_the_uci_file() -> None:
    reading = read("uci_beijing_multisite/prsa_12stations_20130301_20170228.parquet")
    assert (reading.format, reading.rows, reading.rejects) == ("uci_beijing", 420768, ())
    assert len(reading.table) == 420768 * 6
    missing = {
        "a34004": 8739,
        "a34002": 6449,
        "a21026": 9021,
        "a21004": 12116,
        "a21005": 20701,
        "a05024": 13277,
    }
    assert {code: count(reading, code, State.MISSING) for code in missing} == missing
    times = reading.table["time"].to_numpy()
    assert (times.max() - times.min()) // 3600 + 1 == 420768 / 12
    co = reading.table.filter(pc.equal(reading.table["parameter"], "a21005"))
    assert np.nanmax(co["value"].to_numpy(zero_copy_only=False)) == 10000
    assert set(co["decimals"].unique().to_pylist()) == {0, 3}
