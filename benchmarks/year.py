"""A year of hours of the simulated city, written straight into a store and kept, so that it is built once.

The register of places, permits, enterprises and parameters is the test city's own, and so are the typed rows.
The values are not from its physics, which takes too long for a year: each series has a level of its own (at
an outlet a share of its permit), a wave over the day and noise from one hour to the next. All are marked as
simulated. The folder is ``var/bench/year-<enterprises>``; remove it to have the year built anew.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from benchmarks import platform
from huanzhi.library.devices import Outlet, open_register
from huanzhi.library.series import SCHEMA, Source, open_store
from huanzhi.standards.periods import DAY, HOUR, Period

FOLDER = Path("var/bench")
HOURLY = ("outlet", "air_station", "section", "well")
PART = 73 * DAY
PARTS = 5
DECIMALS = 1
FORM = 2
"""Rises with what is written, so that an older folder is not taken for it."""


class Year(NamedTuple):
    """A data folder with a year in it, which ends before `end` [s UTC], of `rows` rows."""

    home: Path
    end: int
    rows: int


def year(enterprises: int) -> Year:
    """Return the year of a city of so many enterprises; made where it is not there yet."""
    home = (FOLDER / f"year-{enterprises}-{FORM}").absolute()
    done = home / "year.json"
    if not done.exists():
        home.mkdir(parents=True)
        end = int(time.time()) // HOUR * HOUR
        done.write_text(json.dumps({"end": end, "rows": _made(home, enterprises, end)}))
    told = json.loads(done.read_text())
    return Year(home, told["end"], told["rows"])


def _made(home: Path, enterprises: int, end: int) -> int:
    platform.people(home)
    listed = home / "list.json"
    platform.command(
        home, "city", "register", "--enterprises", str(enterprises), "--from", "now", "-o", str(listed)
    )
    platform.command(home, "device", "import", str(listed), "--reason", "benchmark")
    platform.adopt(home, listed)
    with open_register(home) as register:
        outlets = {code: one for code, one in register.outlets().items() if one.kind in HOURLY}
        series = sorted(
            {
                (device.outlet, told["parameter"])
                for device in register.devices()
                if device.outlet in outlets
                for told in device.parameters.values()
            }
        )
    features, rows = [one.feature() for one in outlets.values()], 0
    with open_store("write", home) as store:
        for table in _tables(series, outlets, end):
            store.write(table, features, Source(f"part {rows}", "benchmark", "", simulated=True))
            rows += table.num_rows
        store.compact()
    return rows


def _tables(series: list[tuple[str, str]], outlets: dict[str, Outlet], end: int) -> Iterator[pa.Table]:
    chance = np.random.default_rng(7)
    levels = np.array([_level(outlets[code], parameter, chance) for code, parameter in series])
    for start in range(end - PARTS * PART, end, PART):
        yield _table(series, levels, np.arange(start, start + PART, HOUR, dtype=np.int64), chance)


def _level(outlet: Outlet, parameter: str, chance: np.random.Generator) -> float:
    """Return the level of a series: a share of the permit where there is one."""
    permit: Any = outlet.permits.get(parameter)
    limit = permit.get("value", permit.get("limit")) if isinstance(permit, dict) else permit
    share = chance.uniform(0.4, 0.85)
    return share * float(limit) if limit else float(chance.uniform(5, 60))


def _table(series: list[tuple[str, str]], levels: Any, times: Any, chance: np.random.Generator) -> pa.Table:
    names = pa.array([feature for feature, _ in series]), pa.array([code for _, code in series])
    which = pa.array(np.repeat(np.arange(len(series)), times.size))
    wave = 1 + 0.25 * np.sin((times % DAY) / DAY * 2 * np.pi)
    noise = chance.lognormal(0, 0.12, (len(series), times.size))
    values = np.rint(levels[:, None] * wave * noise * 10**DECIMALS).astype(np.int64)
    count = values.size
    zeros = np.zeros(count, np.int32)
    columns = {
        "feature": names[0].take(which),
        "parameter": names[1].take(which),
        "period": pa.array([str(Period.HOUR)]).take(pa.array(zeros)),
        "time": pa.array(np.tile(times, len(series))),
        "value": pa.array(values.ravel()),
        "decimals": pa.array(np.full(count, DECIMALS, np.int8)),
        "state": pa.array(zeros.astype(np.int8)),
        "flag": pa.array(zeros),
        "row": pa.array(zeros),
    }
    return pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)
