"""City days 城市日报: city, date, AQI and the six daily figures, as the public history tables have them.

Ozone is the highest eight-hour mean of the day. A zero AQI or particle figure means that there is none. Where
a city-day stands there several times (several scrapes of the same page), the row marked ``era=exact`` counts,
and among equals the last.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from huanzhi.assess.exact import MISSING
from huanzhi.assess.states import State
from huanzhi.library.series import Feature
from huanzhi.network.feeds.drafts import Draft, Ints, Mask, Places, first_lines
from huanzhi.network.feeds.headings import Heading, read_heading
from huanzhi.network.feeds.reading import Options, Reading
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.network.feeds.values import Column
from huanzhi.standards.parameters import plain
from huanzhi.standards.periods import Period

CITY = ("city", "城市", "城市名称")
DATE = ("date", "日期", "time_point")
ZERO_IS_NONE = ("AQI", "PM2.5", "PM10")


def recognise(sheet: Sheet) -> int:
    """Return how surely a sheet holds city days, 0 to 100."""
    named = heading_of(sheet, CITY) and heading_of(sheet, DATE)
    plain_names = {plain(column) for column in sheet.columns}
    return 80 if named and {"aqi", "pm10"} <= plain_names and "hour" not in plain_names else 0


def heading_of(sheet: Sheet, names: Sequence[str]) -> str:
    """Return the heading that is one of `names`, empty if there is none."""
    return next((column for column in sheet.columns if column.casefold() in names), "")


def read(sheet: Sheet, options: Options) -> Reading:
    """Read city days."""
    draft = Draft(sheet)
    city, date = heading_of(sheet, CITY), heading_of(sheet, DATE)
    for key in ("feeds.label_day", "feeds.units_air", "feeds.zero_is_none"):
        draft.note(key)
    times = draft.times(date, "start", Period.DAY)
    places = draft.places([city_code(name) for name in draft.cells(city)], city)
    columns = [(heading, draft.values(heading)) for heading in headings(sheet, (city, date))]
    chosen = best_rows(draft, places, times)
    for heading, column in columns:
        period = Period.DAY_MAX_EIGHT_HOURS if heading.parameter.symbol == "O3" else Period.DAY
        values = without_zeros(column) if heading.parameter.symbol in ZERO_IS_NONE else column
        draft.add(places, heading.parameter.code, period, times, values, chosen)
    left_out = [c for c in sheet.columns if c not in (city, date) and c not in {h.column for h, _ in columns}]
    if left_out:
        draft.note("feeds.left_out", columns=", ".join(left_out))
    cities = [city_feature(code) for code in first_lines(places, draft.kept())]
    return draft.reading("city_day", cities)


def headings(sheet: Sheet, skip: Sequence[str]) -> list[Heading]:
    """Return the columns of values."""
    found = (read_heading(column, "air") for column in sheet.columns if column not in skip)
    return [heading for heading in found if heading is not None]


def without_zeros(column: Column) -> Column:
    """Take a zero for a missing value."""
    zero = column.units == 0
    states = np.where(zero, State.MISSING, column.states).astype(np.int8)
    reported = np.where(zero, 0, column.reported).astype(np.int8)
    return Column(np.where(zero, MISSING, column.units), column.decimals, states, reported, column.bad)


def best_rows(draft: Draft, places: Places, times: Ints) -> Mask:
    """Choose one row a city-day, ``era=exact`` before others, then the last; say how many are passed over."""
    kept = draft.kept()
    exact = np.array(
        [era == "exact" for era in draft.cells(heading_of(draft.sheet, ("era",)) or None)], dtype=bool
    )
    rows = np.flatnonzero(kept)
    order = rows[np.lexsort((rows, exact[rows], times[rows], places.index[rows]))]
    same = (places.index[order][:-1] == places.index[order][1:]) & (times[order][:-1] == times[order][1:])
    chosen = np.zeros(len(kept), dtype=bool)
    chosen[order[np.append(~same, True)] if len(order) else order] = True
    if same.any():
        draft.note("feeds.several_sources", number=int(same.sum()))
    return chosen


def city_code(name: str) -> str:
    """Return the code of a city: its name without a final 市; empty where there is no name."""
    return f"city:{name.removesuffix('市') if len(name) > 2 else name}" if name else ""


def city_feature(code: str) -> Feature:
    """Return a city as a place of its own."""
    name = code.removeprefix("city:")
    return Feature(code=code, name=name, kind="city", region=name)
