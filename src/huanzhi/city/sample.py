"""The shipped sample 模拟样例: a small simulated town, made by a documented generator.

Everything comes from ``data/sample.toml`` and one seed, so that the same seed gives the same bytes
anywhere: the random numbers are those of :class:`random.Random`, and only additions and multiplications
stand between them and the text. What is in it:

- hours of six pollutants at six stations in three cities, 60 days up to 31 March of two years, so that one
  period lies on both sides of 2026-03-01 and an improvement can be ranked; a fourth city has published
  city days only;
- twelve surface-water sections, rivers and lakes, month by month; wells, soil points and noise points;
- gaps, outages, values below detection, three episodes in the air and a spill in the water.

Every file says that it is simulated in its first line and in a column of each row. Hours are labelled by
their start in China time.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

POLLUTANTS = ("so2", "no2", "co", "o3", "pm10", "pm25")
DAY_COLUMNS = ("so2", "no2", "co", "o3_8h", "pm10", "pm25")
MISSING = "--"
Line = Sequence[object]


@cache
def description() -> Mapping[str, Any]:
    """Return the town as ``data/sample.toml`` describes it."""
    content = resources.files("huanzhi.city").joinpath("data/sample.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)


def make(folder: Path, seed: int | None = None) -> tuple[Path, ...]:
    """Write the sample into `folder`, made if need be, and return its files.

    Parameters
    ----------
    folder : Path
        Files of the same names are replaced.
    seed : int, optional
        Another seed gives another town with the same places; None takes the shipped one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_save(folder / name, content) for name, content in contents(seed).items())


def contents(seed: int | None = None) -> Mapping[str, bytes]:
    """Return the files of the sample: name → text as UTF-8, not yet packed."""
    return _contents(description()["seed"] if seed is None else seed)


@cache
def _contents(seed: int) -> Mapping[str, bytes]:
    makers = {
        "air_station_hours.csv.gz": _air_hours,
        "air_city_days.csv": _city_days,
        "water_sections.csv": _water,
        "groundwater_wells.csv": _groundwater,
        "soil_points.csv": _soil,
        "noise_points.csv": _noise,
    }
    return {name: _text(maker(seed)) for name, maker in makers.items()}


def _save(path: Path, content: bytes) -> Path:
    packed = gzip.compress(content, compresslevel=9, mtime=0) if path.suffix == ".gz" else content
    path.write_bytes(packed)
    return path


def _text(lines: Iterable[Line]) -> bytes:
    town = description()
    stream = io.StringIO()
    stream.write(f"# {town['remark']}\n")
    writer = csv.writer(stream, lineterminator="\n")
    for number, line in enumerate(lines):
        writer.writerow([*line, "simulated" if number == 0 else town["mark"]])
    return stream.getvalue().encode()


def _air_hours(seed: int) -> Iterator[Line]:
    air = description()["air"]
    yield ("station", "name", "city", "province", "longitude", "latitude", "time", *POLLUTANTS)
    for station in air["station"]:
        place = [station[key] for key in ("code", "name", "city")]
        place += [description()["province"], f"{station['lon']:.2f}", f"{station['lat']:.2f}"]
        for first, last in air["stretches"]:
            hours = _hours(first, last)
            columns = [_air_column(seed, station, pollutant, hours) for pollutant in POLLUTANTS]
            for moment, *values in zip(hours, *columns, strict=True):
                yield (*place, moment.isoformat(timespec="minutes"), *_below(values))


def _hours(first: date, last: date) -> list[datetime]:
    start = datetime(first.year, first.month, first.day)
    return [start + timedelta(hours=hour) for hour in range(24 * ((last - first).days + 1))]


def _air_column(
    seed: int, station: Mapping[str, Any], pollutant: str, hours: Sequence[datetime]
) -> list[str]:
    air, year = description()["air"], hours[0].year
    level = air["mean"][pollutant] * station["factor"][pollutant] * air["year_factor"][str(year)]
    spread = air["noise"][pollutant]
    town = _day_factors(seed, f"{pollutant} {year}", len(hours) // 24, 0.24)
    own = _wander(f"{seed} {station['code']} {pollutant} {year}", len(hours), 0.8)
    holes = random.Random(f"{seed} holes {station['code']} {pollutant} {year}")
    column = []
    for position, moment in enumerate(hours):
        factor = town[position // 24] * _episode(pollutant, moment.date()) * (1 + spread * own[position])
        value = max(level * factor * air["hours"][pollutant][moment.hour], 0.0)
        lost = holes.random() < air["missing_share"] or _out(station["code"], pollutant, moment)
        column.append(MISSING if lost else _number(pollutant, value))
    return column


def _number(pollutant: str, value: float) -> str:
    air = description()["air"]
    limit = air["detection"].get(pollutant, 0.0)
    return f"<{limit:.0f}" if value < limit else f"{value:.{air['decimals'][pollutant]}f}"


def _below(values: Sequence[str]) -> list[str]:
    """Keep PM2.5 within PM10: the finer part cannot be the heavier."""
    row = dict(zip(POLLUTANTS, values, strict=True))
    if MISSING not in (row["pm10"], row["pm25"]) and int(row["pm25"]) > int(row["pm10"]):
        row["pm25"] = row["pm10"]
    return list(row.values())


def _episode(pollutant: str, day: date) -> float:
    factor = 1.0
    for episode in description()["air"]["episode"]:
        if episode["from"] <= day <= episode["to"]:
            factor *= episode["factor"].get(pollutant, 1.0)
    return factor


def _out(station: str, pollutant: str, moment: datetime) -> bool:
    return any(
        outage["station"] == station
        and pollutant in outage.get("pollutants", POLLUTANTS)
        and timedelta(0) <= moment - datetime.fromisoformat(outage["from"]) < timedelta(hours=outage["hours"])
        for outage in description()["air"]["outage"]
    )


def _day_factors(seed: int, name: str, days: int, spread: float) -> list[float]:
    return [max(1 + spread * step, 0.3) for step in _wander(f"{seed} town {name}", days, 0.6)]


def _wander(seed: str, length: int, memory: float) -> list[float]:
    """Return a wandering series of mean 0 whose spread stays near 1 (sum of uniforms, first order)."""
    source, value, gain = random.Random(seed), 0.0, (1 - memory * memory) ** 0.5
    series = []
    for _ in range(length):
        step = (source.random() + source.random() + source.random() - 1.5) * 2
        value = memory * value + gain * step
        series.append(value)
    return series


def _city_days(seed: int) -> Iterator[Line]:
    town = description()
    air, city = town["air"], town["city_days"]
    yield ("station", "name", "kind", "city", "province", "period", "date", *DAY_COLUMNS)
    for first, last in air["stretches"]:
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        columns = [_day_column(seed, city, pollutant, days) for pollutant in POLLUTANTS]
        for day, *values in zip(days, *columns, strict=True):
            gone = day in city["missing"]
            place = (f"city:{city['city']}", city["city"], "city", city["city"], town["province"])
            yield (*place, "day", day, *([MISSING] * 6 if gone else _day_row(values)))


def _day_row(values: Sequence[float]) -> list[str]:
    row = dict(zip(POLLUTANTS, values, strict=True))
    row["pm25"] = min(row["pm25"], row["pm10"])
    return [f"{value:.{description()['city_days']['decimals'][name]}f}" for name, value in row.items()]


def _day_column(seed: int, city: Mapping[str, Any], pollutant: str, days: Sequence[date]) -> list[float]:
    air, year = description()["air"], str(days[0].year)
    level = air["mean"][pollutant] * city["factor"][pollutant] * air["year_factor"][year]
    peak = city["o3_peak"] if pollutant == "o3" else 1.0
    factors = _day_factors(seed, f"{pollutant} {year}", len(days), 0.24)
    return [
        level * peak * factor * _episode(pollutant, day) for day, factor in zip(days, factors, strict=True)
    ]


def _water(seed: int) -> Iterator[Line]:
    water = description()["water"]
    yield (
        "section",
        "name",
        "kind",
        "basin",
        "city",
        "province",
        "target",
        "period",
        "time",
        *water["items"],
    )
    for section in water["section"]:
        source = random.Random(f"{seed} {section['code']}")
        place = [section[key] for key in ("code", "name", "kind", "basin", "city")]
        for month in _months(water["first"], water["months"]):
            values = [_water_value(source, section, item, month) for item in water["items"]]
            yield (*place, description()["province"], section["target"], "month", month, *values)


def _months(first: str, number: int) -> list[str]:
    year, month = (int(part) for part in first.split("-"))
    steps = range(month - 1, month - 1 + number)
    return [f"{year + step // 12}-{step % 12 + 1:02d}" for step in steps]


def _water_value(source: random.Random, section: Mapping[str, Any], item: str, month: str) -> str:
    water = description()["water"]
    factor = section["factor"].get(item, 1.0)
    if int(month[-2:]) in water["warm_months"]:
        factor *= water["warm_factor"].get(item, 1.0)
    for incident in water["incident"]:
        if (incident["section"], incident["month"]) == (section["code"], month):
            factor *= incident["factor"].get(item, 1.0)
    lost = source.random() < water["missing_share"]
    value = _item(source, water, item, factor)
    return MISSING if lost else value


def _item(source: random.Random, table: Mapping[str, Any], item: str, factor: float) -> str:
    """Return one laboratory result: a number, or the detection limit with the letter L below it."""
    mean, decimals = table["items"][item]
    spread = 0.03 if item == "ph" else table["noise"]
    value = mean * factor * (1 + spread * (source.random() + source.random() - 1) * 2)
    limit = table.get("detection", {}).get(item, "0")
    return f"{limit}L" if value < float(limit) else f"{value:.{decimals}f}"


def _groundwater(seed: int) -> Iterator[Line]:
    table = description()["groundwater"]
    yield ("well", "name", "kind", "city", "province", "date", *table["items"])
    for point in table["point"]:
        source = random.Random(f"{seed} {point['code']}")
        for day in table["dates"]:
            values = [_item(source, table, item, point["factor"].get(item, 1.0)) for item in table["items"]]
            place = (point["code"], point["name"], "well", point["city"], description()["province"])
            yield (*place, day, *values)


def _soil(seed: int) -> Iterator[Line]:
    table = description()["soil"]
    yield ("point", "name", "kind", "city", "province", "land_use", "date", *table["items"])
    for point in table["point"]:
        source = random.Random(f"{seed} {point['code']}")
        values = [_item(source, table, item, point["factor"].get(item, 1.0)) for item in table["items"]]
        place = (point["code"], point["name"], "soil_point", point["city"], description()["province"])
        yield (*place, point["land_use"], table["date"], *values)


def _noise(seed: int) -> Iterator[Line]:
    table = description()["noise"]
    yield ("point", "name", "kind", "city", "province", "zone", "time", "leq")
    for point in table["point"]:
        source = random.Random(f"{seed} {point['code']}")
        place = (point["code"], point["name"], "noise_point", point["city"], description()["province"])
        for day in table["dates"]:
            for part, hour in table["hours"].items():
                level = point[part] + table["spread"] * (source.random() * 2 - 1)
                yield (*place, point["zone"], f"{day}T{hour}:00", f"{level:.1f}")
