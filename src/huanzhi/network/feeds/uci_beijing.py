"""The UCI Beijing multi-site layout: year, month, day, hour, six pollutants and weather, as CSV or Parquet.

The hour label names the end of the hour, as on the national platform: only days counted as hours 01–24 of
these labels agree with the published city days. CO is in µg/m³ there and becomes mg/m³, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable

from huanzhi.library.series import Feature
from huanzhi.network.feeds.drafts import Draft, first_lines, need
from huanzhi.network.feeds.headings import Heading, convert
from huanzhi.network.feeds.reading import Options, Reading
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import Period

CLOCK = ("year", "month", "day", "hour")
POLLUTANTS = ("PM2.5", "PM10", "SO2", "NO2", "CO", "O3")
UNIT = "µg/m³"
CITY = "北京"
CONTROL = ("Dingling",)
"""The clean control point 清洁对照点, which does not count in the city's mean."""

WEATHER = ("TEMP", "PRES", "DEWP", "RAIN", "wd", "WSPM")


def recognise(sheet: Sheet) -> int:
    """Return how surely a sheet has this layout, 0 to 100."""
    return 95 if {*CLOCK, "station", "PM2.5"} <= set(sheet.columns) else 0


def read(sheet: Sheet, options: Options) -> Reading:
    """Read station hours of the UCI layout; the weather columns are left out and named."""
    need(sheet, (*CLOCK, "station"))
    draft = Draft(sheet)
    for key in ("feeds.label_end_hour_uci", "feeds.units_uci"):
        draft.note(key)
    times = draft.times_of(labels(sheet), "hour", "end", Period.HOUR)
    names = draft.cells("station")
    places = draft.places([f"uci:{name}" if name else "" for name in names], "station")
    for column in POLLUTANTS:
        parameter = find(column, "air")
        if parameter is not None and column in sheet.columns:
            heading = Heading(column, parameter, convert(UNIT, parameter, column))
            draft.add(places, parameter.code, Period.HOUR, times, draft.values(heading))
    left_out = [column for column in WEATHER if column in sheet.columns]
    if left_out:
        draft.note("feeds.left_out", columns=", ".join(left_out))
    return draft.reading("uci_beijing", stations(first_lines(places, draft.kept())))


def labels(sheet: Sheet) -> list[str]:
    """Return the time labels that the four columns make."""
    parts = (sheet.cells[name] for name in CLOCK)
    return [f"{year}-{month}-{day} {hour}" for year, month, day, hour in zip(*parts, strict=True)]


def stations(codes: Iterable[str]) -> list[Feature]:
    """Return the stations, all of them in Beijing."""
    return [station(code.removeprefix("uci:")) for code in codes]


def station(name: str) -> Feature:
    """Return one station."""
    control = {"control": True} if name in CONTROL else {}
    return Feature(f"uci:{name}", name, "air_station", region=CITY, province=CITY, attributes=control)
