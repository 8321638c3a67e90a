"""Hourly AQI of a country for a year: 1,800 stations × 8,760 hours × 6 items, beside aqi-hub and python-aqi.

The peers take one row a call; they judge a sample and their time is scaled to all rows. We and aqi-hub give
AQI, individual indices, primary pollutants and level; python-aqi gives only the AQI, has no edition of 2026
and leaves integer gaps between breakpoints, so it is timed, not compared.
"""

from __future__ import annotations

import warnings
from datetime import date

import numpy as np
import numpy.typing as npt

from benchmarks.measure import cost, peak_memory_mb, print_table
from huanzhi import standards
from huanzhi.assess.aqi import NONE, aqi
from huanzhi.standards.air import ITEMS
from huanzhi.standards.periods import Period

STATIONS, HOURS, SAMPLE = 1800, 8760, 20_000
TYPICAL = {"SO2": 12, "NO2": 35, "CO": 0.9, "O3": 80, "PM10": 90, "PM2.5": 50}


def concentrations(rows: int, seed: int = 2026) -> npt.NDArray[np.float64]:
    """Return made-up hourly values with 3 % missing [µg/m³; mg/m³ for CO], shape (rows, 6)."""
    random = np.random.default_rng(seed)
    values = np.empty((rows, len(ITEMS)))
    for place, item in enumerate(ITEMS):
        column = random.gamma(2.0, TYPICAL[item.value] / 2, rows)
        values[:, place] = np.round(column, 1 if item.value == "CO" else 0)
    values[random.random(values.shape) < 0.03] = np.nan
    return values


def main() -> None:
    """Run and print the table."""
    rows = STATIONS * HOURS
    values = concentrations(rows)
    edition = standards.in_force("HJ 633", date(2026, 6, 1))
    before = peak_memory_mb()
    ours, judged = cost(lambda: aqi(values, Period.HOUR, edition))
    table = [_row("huanzhi.assess.aqi", ours.wall, ours.cpu, rows, rows, ours.wall)]
    sample = [[None if np.isnan(v) else float(v) for v in row] for row in values[:SAMPLE]]
    hub, by_hub = cost(lambda: _aqi_hub(sample), repeats=1)
    mep, _ = cost(lambda: _python_aqi(sample), repeats=1)
    table.append(_row("aqi-hub", hub.wall, hub.cpu, SAMPLE, rows, ours.wall))
    table.append(_row("python-aqi (2012, MEP)", mep.wall, mep.cpu, SAMPLE, rows, ours.wall))
    print_table(
        f"Hourly AQI, {STATIONS:,} stations × {HOURS:,} hours × 6 items, one core",
        ("", "rows timed", "wall s", "CPU s", "all rows, s", "times ours"),
        table,
    )
    print(f"memory above the input: {peak_memory_mb() - before:,.0f} MB; input {values.nbytes / 1e6:,.0f} MB")
    print(f"same AQI as aqi-hub: {_agreement(judged.aqi[:SAMPLE], by_hub)}\n")


def _row(name: str, wall: float, cpu: float, timed: int, rows: int, ours: float) -> tuple[object, ...]:
    whole = wall * rows / timed
    return name, f"{timed:,}", wall, cpu, whole, whole / ours


def _agreement(ours: npt.NDArray[np.int16], theirs: list[int | None]) -> str:
    """Compare the rows in which both give an AQI; HJ 633-2026 5.3 withholds some with a missing item."""
    both = [(a, b) for a, b in zip(ours.tolist(), theirs, strict=True) if a != NONE and b is not None]
    same = sum(a == b for a, b in both)
    return f"{same:,} of {len(both):,} rows in which both give one"


def _aqi_hub(rows: list[list[float | None]]) -> list[int | None]:
    from aqi_hub.aqi_cn.aqi import cal_aqi_cn, cal_primary_pollutant, get_aqi_level

    found: list[int | None] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for so2, no2, co, o3, pm10, pm25 in rows:
            index, parts = cal_aqi_cn(
                pm25=pm25, pm10=pm10, so2=so2, no2=no2, co=co, o3=o3, data_type="hourly"
            )
            cal_primary_pollutant(parts)
            get_aqi_level(index)
            found.append(index)
    return found


def _python_aqi(rows: list[list[float | None]]) -> list[object]:
    import aqi as python_aqi

    names = (
        python_aqi.constants.POLLUTANT_SO2_1H,
        python_aqi.constants.POLLUTANT_NO2_1H,
        python_aqi.constants.POLLUTANT_CO_1H,
        python_aqi.POLLUTANT_O3_1H,
        python_aqi.POLLUTANT_PM10,
        python_aqi.POLLUTANT_PM25,
    )
    pairs = ([(n, str(v)) for n, v in zip(names, row, strict=True) if v is not None] for row in rows)
    return [python_aqi.to_aqi(row, algo=python_aqi.ALGO_MEP) for row in pairs if row]


if __name__ == "__main__":
    main()
