"""The quotsoft layout: one line an hour and type, one column a station or city.

``date,hour,type`` are the labels of the national platform, so an hour label names the end of its hour and
hour 0 of a date is the last hour of the day before. Every cell is an observation of its own: a wrong cell is
refused alone, and empty cells (a station that did not report that hour) are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from huanzhi.library.series import Feature
from huanzhi.network.feeds.city_day import city_code, city_feature
from huanzhi.network.feeds.drafts import Draft, Ints, Places, need, wrong_cells
from huanzhi.network.feeds.headings import Heading
from huanzhi.network.feeds.ozone import Swap, swap_of
from huanzhi.network.feeds.reading import Options, Reading
from huanzhi.network.feeds.refused import ADDED
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.network.feeds.values import parse_column
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import Period

KEYS = ("date", "hour", "type")
TYPES = {
    "AQI": ("AQI", Period.HOUR),
    "PM2.5": ("PM2.5", Period.HOUR),
    "PM10": ("PM10", Period.HOUR),
    "SO2": ("SO2", Period.HOUR),
    "NO2": ("NO2", Period.HOUR),
    "CO": ("CO", Period.HOUR),
    "O3": ("O3", Period.HOUR),
    "O3_8h": ("O3", Period.EIGHT_HOURS),
}
"""Type → parameter and period."""

PAIRS = {"O3": "O3_24h", "O3_8h": "O3_8h_24h"}
RUNNING = ("PM2.5_24h", "PM10_24h", "SO2_24h", "NO2_24h", "CO_24h", "O3_24h", "O3_8h_24h")
STATION = re.compile(r"\d{4}[A-Z]")
_CANONICAL = {name.casefold(): name for name in (*TYPES, *RUNNING)}


def recognise(sheet: Sheet) -> int:
    """Return how surely a sheet has this layout, 0 to 100."""
    return 90 if tuple(name.casefold() for name in sheet.columns[:3]) == KEYS else 0


def read(sheet: Sheet, options: Options) -> Reading:
    """Read hours of stations or cities.

    Raises
    ------
    InputError
        If the key columns are missing, or the two ozone types contradict each other.
    """
    need(sheet, KEYS)
    draft = Draft(sheet)
    for key in ("feeds.label_end_hour", "feeds.units_air", "feeds.cells_alone"):
        draft.note(key)
    types = row_types(draft)
    labels = [f"{day} {hour}" for day, hour in zip(draft.cells("date"), draft.cells("hour"), strict=True)]
    sources = current_types(draft, types, labels)
    for wanted, source in sources.items():
        add_type(draft, np.flatnonzero(types == source), wanted, labels)
    if set(RUNNING) & set(types.tolist()):
        draft.note("feeds.running_means")
    return draft.reading("quotsoft", [place(column) for column in place_columns(sheet)])


def place_columns(sheet: Sheet) -> tuple[str, ...]:
    """Return the columns of stations and cities; those that a reject file adds are none."""
    return tuple(column for column in sheet.columns[3:] if column not in ADDED)


def row_types(draft: Draft) -> npt.NDArray[np.object_]:
    """Return the type of every row; unknown ones are refused."""
    types = [_CANONICAL.get(text.casefold(), "") for text in draft.cells("type")]
    for index, (known, text) in enumerate(zip(types, draft.cells("type"), strict=True)):
        if not known:
            draft.refuse(index, "type", text, "feeds.unknown_parameter")
    return np.array(types, dtype=object)


def current_types(draft: Draft, types: npt.NDArray[np.object_], labels: Sequence[str]) -> dict[str, str]:
    """Return type → type whose rows really hold it, the swapped pairs put right and stated."""
    there = set(types.tolist())
    found = {name: name for name in TYPES if name in there}
    for current, maximum in PAIRS.items():
        if current in there and maximum in there:
            swap = _swap(draft, types, labels, current, maximum)
            draft.note(f"feeds.ozone_{swap.value}", current=current, maximum=maximum)
            found[current] = maximum if swap is Swap.SWAPPED else current
    return found


def _swap(
    draft: Draft, types: npt.NDArray[np.object_], labels: Sequence[str], current: str, maximum: str
) -> Swap:
    """Compare the rows of the two types of the same hours."""
    rows = {(kind, label): index for index, (kind, label) in enumerate(zip(types, labels, strict=True))}
    pairs = [
        (index, rows[(maximum, label)])
        for (kind, label), index in rows.items()
        if kind == current and (maximum, label) in rows
    ]
    columns = [draft.cells(column) for column in place_columns(draft.sheet)]
    first = [cells[one] for cells in columns for one, _ in pairs]
    second = [cells[other] for cells in columns for _, other in pairs]
    return swap_of(first, second, draft.sheet.file, current)


def add_type(draft: Draft, rows: Ints, wanted: str, labels: Sequence[str]) -> None:
    """Add the observations of one type, all stations: cell after cell, column by column."""
    symbol, period = TYPES[wanted]
    parameter = find(symbol, "air")
    if parameter is None:
        return
    names = place_columns(draft.sheet)
    times = draft.times_of(labels, "hour", "end", period)
    texts = [cells[row] for cells in map(draft.cells, names) for row in rows.tolist()]
    column = parse_column(texts)
    good = np.array([text != "" for text in texts], dtype=bool)
    for index, key in wrong_cells(column, Heading(wanted, parameter)):
        good[index] = False
        name, row = names[index // len(rows)], int(rows[index % len(rows)])
        draft.refuse_cell(row, name, texts[index], key)
    places = Places(np.repeat(np.arange(len(names)), len(rows)), tuple(map(feature_code, names)))
    draft.add_cells(places, parameter.code, period, times, column, np.tile(rows, len(names)), good)


def feature_code(column: str) -> str:
    """Return the code of a station as it is, of a city with its prefix."""
    return column if STATION.fullmatch(column) else city_code(column)


def place(column: str) -> Feature:
    """Return the station or city of a column."""
    if STATION.fullmatch(column):
        return Feature(code=column, name=column, kind="air_station")
    return city_feature(city_code(column))
