"""Official figures: published AQI, primary pollutants and levels, and a year of hours beside DuckDB."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from huanzhi import standards
from huanzhi.assess import averaging, exact
from huanzhi.assess.aqi import aqi_by_day, items_of
from huanzhi.assess.exact import MISSING
from huanzhi.standards import air
from huanzhi.standards.air import Item
from huanzhi.standards.periods import Period

DATA = Path(__file__).parents[3] / "shared" / "data"
LEVELS = ("", "优", "良", "轻度污染", "中度污染", "重度污染", "严重污染")
NAMES = {
    "细颗粒物(PM2.5)": Item.PM25,
    "颗粒物(PM10)": Item.PM10,
    "臭氧1小时": Item.O3,
    "二氧化硫": Item.SO2,
    "二氧化氮": Item.NO2,
    "一氧化碳": Item.CO,
}


def rows_of(*parts: str) -> list[dict[str, str]]:
    """Return the rows of a gzipped table beside the checkout."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real data are not beside the checkout: {'/'.join(parts)}")
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def numbers(rows: list[dict[str, str]], *columns: str) -> np.ndarray:
    """Return columns as floats, NaN where empty."""
    return np.array(
        [[float(row[c]) if row[c] not in ("", "-", "—") else np.nan for c in columns] for row in rows]
    )


def days(rows: list[dict[str, str]], column: str) -> np.ndarray:
    """Return the China day of each row."""
    return np.array([row[column][:10] for row in rows], dtype="datetime64[D]")


def test_every_official_hour_has_our_aqi_primary_and_level() -> None:
    """Hourly ozone is in the field o3_24h: the platform swaps its fields in pairs."""
    rows = [row for row in rows_of("cnemc_station_hours", "open", "station_hours.csv.gz") if row["aqi"]]
    values = numbers(rows, "so2", "no2", "co", "o3_24h", "pm10", "pm2_5")
    found, _ = aqi_by_day(values, days(rows, "timepoint"), Period.HOUR)
    assert len(rows) > 3000
    assert found.aqi.tolist() == [int(float(row["aqi"])) for row in rows]
    assert [LEVELS[level] for level in found.level] == [row["quality"] for row in rows]
    official = [{NAMES[name] for name in row["primarypollutant"].split(",") if name} for row in rows]
    assert [set(items_of(int(bits))) for bits in found.primary] == official


def test_official_days_agree_but_for_carbon_monoxide_published_with_one_decimal() -> None:
    """Published days of the sources that are exact: every other AQI is one apart and decided by CO."""
    rows = [r for r in rows_of("city_daily_aqi", "open", "city_daily.csv.gz") if r["era"] == "exact"]
    values = numbers(rows, "so2", "no2", "co", "o3_8h", "pm10", "pm2_5")
    official = numbers(rows, "aqi")[:, 0]
    given = (official > 0) & (values[:, 4:] > 0).all(axis=1)
    found, _ = aqi_by_day(values[given], days(rows, "date")[given], Period.DAY)
    wrong = np.flatnonzero(found.aqi != official[given])
    assert given.sum() > 13000
    assert len(wrong) <= given.sum() // 1000
    assert (np.abs(found.aqi[wrong] - official[given][wrong]) == 1).all()
    assert (found.iaqi[wrong, 2] == found.aqi[wrong]).all()
    agree = found.aqi == official[given]
    levels = [row["level"] for row, kept in zip(rows, given, strict=True) if kept]
    assert all(LEVELS[found.level[i]] == levels[i] for i in np.flatnonzero(agree))


@pytest.fixture(scope="module")
def beijing() -> tuple[np.ndarray, list[str]]:
    """Return PM2.5 of the UCI stations in tenths, shape (stations, hours from 2013-02-28T00 by start).

    UCI labels hours 0 to 23. Days counted as the labels 01 to 24 agree with published days, so a label is
    the end of its hour: label 0 is the last hour of the day before.
    """
    path = DATA / "uci_beijing_multisite" / "prsa_12stations_20130301_20170228.parquet"
    if not path.exists():
        pytest.skip("real data are not beside the checkout: uci_beijing_multisite")
    table = pq.read_table(path, columns=["year", "month", "day", "hour", "PM2.5", "station"])
    year, month, day, hour = (table[c].to_numpy().astype(np.int64) for c in ("year", "month", "day", "hour"))
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]")
    start = (first + (day - 1)).astype("datetime64[h]").astype(np.int64) + hour - 1
    start -= np.datetime64("2013-02-28", "h").astype(np.int64)
    names, place = np.unique(table["station"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    hours = np.full((len(names), (int(start.max()) // 24 + 1) * 24), MISSING)
    hours[place, start] = exact.to_scaled(table["PM2.5"].to_numpy(zero_copy_only=False), 1)
    return hours, names.tolist()


def test_days_of_beijing_agree_with_duckdb_to_the_digit(beijing: tuple[np.ndarray, list[str]]) -> None:
    """The same daily means from integer sums of an SQL engine, over twelve stations and four years."""
    hours, names = beijing
    edition = standards.edition("HJ 663", "2013")
    statistic = air.statistics(edition)[Item.PM25]
    found = averaging.daily(hours, 1, statistic, air.validity(edition), Decimal(160))
    station, hour = np.nonzero(hours != MISSING)
    observed = pa.table({"station": station, "day": hour // 24, "units": hours[station, hour]})
    sums = (
        duckdb.connect()
        .register("observed", observed)
        .execute(
            "select station, day, sum(units)::bigint, count(*) from observed"
            " group by all having count(*) >= 20"
        )
    )
    expected = np.full(found.shape, MISSING)
    for place, day, total, number in sums.fetchall():
        expected[place, day] = exact.round_fraction(Fraction(total, number * 10), 0)
    assert len(names) == 12
    assert np.array_equal(found, expected)


def test_a_year_of_the_city_of_beijing_is_complete_enough(beijing: tuple[np.ndarray, list[str]]) -> None:
    """Eleven stations without the control point Dingling: four years of annual means can be judged."""
    hours, names = beijing
    edition = standards.edition("HJ 663", "2013")
    rule = air.validity(edition)
    points = hours[[place for place, name in enumerate(names) if name != "Dingling"]]
    daily = averaging.daily(points, 1, air.statistics(edition)[Item.PM25], rule, Decimal(160))
    city = averaging.city_mean(daily, 0, 0, edition)
    years = averaging.year_means(city, date(2013, 2, 28), 0, 0, rule)
    assert years.starts == tuple(date(year, 1, 1) for year in range(2013, 2018))
    assert (years.units[1:4] != MISSING).all()
    assert years.units[0] == MISSING
    assert years.units[4] == MISSING
