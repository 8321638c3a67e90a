"""The observation store beside a plain DuckDB file and SQLite: import, questions, size, peak memory.

    python -m benchmarks.store                        1, 10 and 100 million values
    python -m benchmarks.store --millions 1 10        fewer
    python -m benchmarks.store --engines huanzhi duckdb

Each engine runs in a process of its own with the same batches of about a million made-up hourly values, and
the answers are compared. The store takes keys as codes, compares each batch with what is there, keeps
revisions, and is durable batch by batch. The peers get keys as numbers: DuckDB inserts without a key, one
commit a batch; SQLite upserts by primary key (WAL, synchronous=FULL). A question's time is the median of its
repeats; the memory is the greatest of the process, with the batch that it was handed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.measure import peak_memory_mb, print_table
from huanzhi.library.series import SCHEMA, Feature, Source, open_store

Ints = npt.NDArray[np.int64]

MILLION = 1_000_000
HOURS, PARAMETERS, WINDOW_STATIONS = 8760, 10, 10
MONTH = HOURS // 12
START = 1_483_200_000
END = START + 3600 * HOURS
QUESTIONS = ("last", "last_from_history", "series", "daily", "window")
SQLITE_LIMIT = 10


def batches(stations: int) -> Iterator[dict[str, Ints]]:
    """Give the columns of a year, month by month, about a million rows at a time."""
    whole_year = stations * HOURS * PARAMETERS <= 2 * MILLION
    hours = HOURS if whole_year else MONTH
    group = max(1, MILLION // (hours * PARAMETERS)) if not whole_year else stations
    for first in range(0, HOURS, hours):
        for station in range(0, stations, group):
            yield batch(range(station, min(station + group, stations)), range(first, first + hours))


def batch(stations: range, hours: range) -> dict[str, Ints]:
    """Return the columns of some stations and hours; three values in a hundred are missing (-1)."""
    axes = np.meshgrid(np.array(stations), np.arange(PARAMETERS), np.array(hours), indexing="ij")
    station, parameter, hour = (axis.ravel() for axis in axes)
    value = (station * 7 + parameter * 131 + hour * 17 + (hour * station) % 97) % 1500
    value[(station + 3 * hour + parameter) % 33 == 0] = -1
    return {"station": station, "parameter": parameter, "time": START + 3600 * hour, "value": value}


def observations(columns: dict[str, Ints]) -> pa.Table:
    """Return a batch as the store's observation table."""
    size, missing = columns["value"].size, columns["value"] < 0
    zeros = np.zeros(size, np.int32)
    arrays = [
        _words(columns["station"], "S"),
        _words(columns["parameter"], "p"),
        pa.array(["hour"]).take(pa.array(zeros)),
        pa.array(columns["time"]),
        pa.array(columns["value"], mask=missing),
        pa.array(zeros.astype(np.int8)),
        pa.array(missing.astype(np.int8)),
        pa.array(zeros),
        pa.array(np.arange(size, dtype=np.int32)),
    ]
    return pa.table(arrays, schema=SCHEMA)


def _words(numbers: Ints, letter: str) -> pa.Array:
    words = pa.array([f"{letter}{number}" for number in range(int(numbers.max()) + 1)])
    return words.take(pa.array(numbers))


class Huanzhi:
    """The store."""

    def __init__(self, folder: Path, stations: int) -> None:
        self.store, self.stations = open_store("write", folder), stations

    def prepare(self, columns: dict[str, Ints]) -> pa.Table:
        """Make the batch ready; not timed."""
        return observations(columns)

    def write(self, ready: pa.Table, number: int) -> None:
        """Import one batch."""
        features = [Feature(f"S{n}", f"S{n}", "air_station", region="city") for n in range(self.stations)]
        receipt = self.store.write(ready, () if number else features, Source("made", "made", f"{number}"))
        assert receipt.new == ready.num_rows

    def settle(self) -> None:
        """Compact."""
        self.store.compact()

    def last(self) -> int:
        """Sum the newest values, from the hot table."""
        return _total(self.store.last().column("value"))

    def last_from_history(self) -> int:
        """Sum the newest values, from the parts."""
        return _total(self.store.last(as_of=self.store.revision()).column("value"))

    def series(self) -> int:
        """Sum one series."""
        return _total(self.store.range([f"S{self.stations - 1}"], ["p3"], "hour").column("value"))

    def daily(self) -> int:
        """Sum the daily sums of the city."""
        return _total(self.store.aggregate(["p3"], "hour", by="region", step="day").column("sum"))

    def window(self) -> int:
        """Sum a dense window of ten stations, all parameters, a year."""
        names = [f"S{number}" for number in range(min(self.stations, WINDOW_STATIONS))]
        codes = [f"p{number}" for number in range(PARAMETERS)]
        units = self.store.window(names, codes, "hour", START, END).units
        return int(units[units >= 0].sum())


TABLE = "o (station integer, parameter integer, time bigint, value bigint, decimals tinyint, state tinyint"
LAST = (
    "select sum(value) from o join (select station, parameter, max(time) as time from o group by 1, 2) using"
    " (station, parameter, time)"
)
DAILY = (
    "select sum(n) from (select sum(value) as n from o where parameter = 3 group by (time + 28800) / 86400)"
)
SERIES = "select value from o where station = {station} and parameter = 3 order by time"
WINDOW = f"select station, parameter, time, value from o where station < {WINDOW_STATIONS}"


class DuckDB:
    """A DuckDB file with one table without a key."""

    def __init__(self, folder: Path, stations: int) -> None:
        self.stations = stations
        self.db = duckdb.connect(str(folder / "o.duckdb"), config={"threads": "2", "memory_limit": "2GB"})
        self.db.execute(f"create table {TABLE}, flag integer, row integer)")

    def prepare(self, columns: dict[str, Ints]) -> pa.Table:
        """Make the batch ready; not timed."""
        value = pa.array(columns["value"], mask=columns["value"] < 0)
        return pa.table({**columns, "value": value})

    def write(self, ready: pa.Table, number: int) -> None:
        """Import one batch."""
        self.db.register("ready", ready)
        values = "station, parameter, time, value, 0, (value is null)::tinyint, 0, 0"
        self.db.execute(f"insert into o select {values} from ready")
        self.db.unregister("ready")

    def settle(self) -> None:
        """Write the log into the file."""
        self.db.execute("checkpoint")

    def last(self) -> int:
        """Sum the newest values."""
        return int(self.db.execute(LAST).fetchall()[0][0])

    last_from_history = last

    def series(self) -> int:
        """Sum one series."""
        return _total(self.db.execute(SERIES.format(station=self.stations - 1)).to_arrow_table().column(0))

    def daily(self) -> int:
        """Sum the daily sums of the city."""
        return int(self.db.execute(DAILY.replace(" / ", " // ")).fetchall()[0][0])

    def window(self) -> int:
        """Sum a dense window of ten stations, all parameters, a year."""
        rows = self.db.execute(WINDOW.replace("value from", "coalesce(value, -1) as value from")).fetchnumpy()
        return _pivot(*(rows[name] for name in ("station", "parameter", "time", "value")))


class SQLite:
    """An SQLite file keyed by station, parameter and time."""

    def __init__(self, folder: Path, stations: int) -> None:
        self.stations = stations
        self.db = sqlite3.connect(folder / "o.sqlite", isolation_level=None)
        self.db.execute("pragma journal_mode=wal")
        self.db.execute("pragma synchronous=full")
        self.db.execute(
            f"create table {TABLE}, flag integer, row integer, primary key (station, parameter, time))"
            " without rowid"
        )

    def prepare(self, columns: dict[str, Ints]) -> list[tuple[int, ...]]:
        """Make the batch ready; not timed."""
        values = [None if value < 0 else value for value in columns["value"].tolist()]
        keys = (columns[name].tolist() for name in ("station", "parameter", "time"))
        return list(zip(*keys, values, strict=True))

    def write(self, ready: list[tuple[int, ...]], number: int) -> None:
        """Import one batch."""
        self.db.execute("begin immediate")
        self.db.executemany(
            "insert into o values (?, ?, ?, ?, 0, 0, 0, 0) on conflict do update set value = excluded.value",
            ready,
        )
        self.db.execute("commit")

    def settle(self) -> None:
        """Write the log into the file."""
        self.db.execute("pragma wal_checkpoint(truncate)")

    def last(self) -> int:
        """Sum the newest values."""
        return int(self.db.execute(LAST).fetchone()[0])

    last_from_history = last

    def series(self) -> int:
        """Sum one series."""
        rows = self.db.execute(SERIES.format(station=self.stations - 1)).fetchall()
        return sum(value or 0 for (value,) in rows)

    def daily(self) -> int:
        """Sum the daily sums of the city."""
        return int(self.db.execute(DAILY).fetchone()[0])

    def window(self) -> int:
        """Sum a dense window of ten stations, all parameters, a year."""
        query = WINDOW.replace("value from", "coalesce(value, -1) from")
        return _pivot(*np.array(self.db.execute(query).fetchall(), np.int64).T)


ENGINES: dict[str, Callable[[Path, int], Any]] = {"huanzhi": Huanzhi, "duckdb": DuckDB, "sqlite": SQLite}


def _total(values: pa.ChunkedArray) -> int:
    return int(pc.sum(values).as_py() or 0)


def _pivot(station: Ints, parameter: Ints, moment: Ints, value: Ints) -> int:
    units = np.full((WINDOW_STATIONS, PARAMETERS, HOURS), -1, np.int64)
    units[station, parameter, (moment - START) // 3600] = value
    return int(units[units >= 0].sum())


def measure(name: str, millions: int, folder: Path) -> dict[str, Any]:
    """Import and ask in this process; return the figures and answers."""
    stations = max(1, round(millions * MILLION / (HOURS * PARAMETERS)))
    engine = ENGINES[name](folder, stations)
    spent, rows = 0.0, 0
    for number, columns in enumerate(batches(stations)):
        ready = engine.prepare(columns)
        began = time.perf_counter()
        engine.write(ready, number)
        spent, rows = spent + time.perf_counter() - began, rows + columns["value"].size
    memory = peak_memory_mb()
    began = time.perf_counter()
    engine.settle()
    settled = time.perf_counter() - began
    asked = {question: _ask(getattr(engine, question)) for question in QUESTIONS}
    return {
        "rows": rows,
        "import": spent,
        "settle": settled,
        "memory_import": memory,
        "memory": peak_memory_mb(),
        "times": {question: taken for question, (taken, _) in asked.items()},
        "answers": {question: answer for question, (_, answer) in asked.items()},
    }


def _ask(question: Callable[[], int]) -> tuple[float, int]:
    taken, answer, began = [], 0, time.perf_counter()
    while len(taken) < 3 or (time.perf_counter() - began < 1 and len(taken) < 20):
        start = time.perf_counter()
        answer = question()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), answer


def in_process(name: str, millions: int) -> dict[str, Any]:
    """Measure an engine in a process of its own, and the size of its files."""
    folder = Path(tempfile.mkdtemp(prefix="huanzhi-bench-"))
    command = [sys.executable, "-m", "benchmarks.store", "--measure", name, str(millions), str(folder)]
    try:
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        live = json.loads(done.stdout)
        return {**live, "disk": _size(folder, name)}
    finally:
        shutil.rmtree(folder)


def _size(folder: Path, name: str) -> float:
    """Return the bytes of the files [MB]; for the store, without the replaced parts that await sweeping."""
    if name == "huanzhi":
        with open_store("read", folder) as store:
            return store.summary().bytes / 1e6
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def report(millions: int, engines: Sequence[str]) -> None:
    """Measure the engines at one size and print the table."""
    chosen = [name for name in engines if name != "sqlite" or millions <= SQLITE_LIMIT]
    figures = {name: in_process(name, millions) for name in chosen}
    same = len({json.dumps(found["answers"], sort_keys=True) for found in figures.values()}) == 1
    rows = [_row(name, found) for name, found in figures.items()]
    count = next(iter(figures.values()))["rows"]
    headings = (
        *("", "import s", "rows/s", "settle s", "disk MB", "peak MB import", "peak MB all"),
        *("last ms", "last, history ms", "one series ms", "city days ms", "window ms"),
    )
    print_table(f"Observation store, {count:,} values", headings, rows)
    print(f"answers are the same: {'yes' if same else 'NO'}\n")


def _row(name: str, found: dict[str, Any]) -> tuple[object, ...]:
    rate = f"{found['rows'] / found['import']:,.0f}"
    sizes = (found["disk"], found["memory_import"], found["memory"])
    times = (found["times"][question] for question in QUESTIONS)
    return (name, found["import"], rate, found["settle"], *(f"{size:,.0f}" for size in sizes), *times)


def main(arguments: Sequence[str] = ()) -> None:
    """Run and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.measure:
        name, millions, folder = chosen.measure
        print(json.dumps(measure(name, int(millions), Path(folder))))
        return
    for millions in chosen.millions:
        report(millions, chosen.engines)


if __name__ == "__main__":
    main(sys.argv[1:])
