"""The national air platform 全国城市空气质量实时发布平台: its station hours as CSV, JSON or XML.

Labels name the end of the hour: "16:00" is the hour 15–16. Gases and particles are in µg/m³, CO in mg/m³. The
swapped ozone fields are put right (see `ozone`). The running 24-hour means and maxima follow from the hours
and are not imported; the published AQI is kept under the code of ours.
"""

from __future__ import annotations

from collections.abc import Mapping

from huanzhi.errors import InputError
from huanzhi.library.series import Feature
from huanzhi.network.feeds.checks import coordinate
from huanzhi.network.feeds.drafts import Draft, Places, first_lines
from huanzhi.network.feeds.headings import Heading
from huanzhi.network.feeds.ozone import Swap, swap_of
from huanzhi.network.feeds.reading import Options, Reading
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import Period

FIELDS = {
    "so2": ("SO2", Period.HOUR),
    "no2": ("NO2", Period.HOUR),
    "pm10": ("PM10", Period.HOUR),
    "pm25": ("PM2.5", Period.HOUR),
    "co": ("CO", Period.HOUR),
    "o3": ("O3", Period.HOUR),
    "o38h": ("O3", Period.EIGHT_HOURS),
    "aqi": ("AQI", Period.HOUR),
}
"""Field in plain form → parameter and period."""

PAIRS = {"o3": "o324h", "o38h": "o38h24h"}
"""Field of the current value → field of the maximum of 24 hours."""

DERIVED = ("so224h", "no224h", "pm1024h", "pm2524h", "co24h", "o324h", "o38h24h")
NEEDED = ("timepoint", "stationcode")


def plain_field(name: str) -> str:
    """Return a field name in plain form: ``PM2_5_24h`` and ``pm25_24h`` are ``pm2524h``."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def fields(sheet: Sheet) -> dict[str, str]:
    """Return plain field name → heading."""
    return {plain_field(column): column for column in sheet.columns}


def recognise(sheet: Sheet) -> int:
    """Return how surely a sheet holds station hours of the platform, 0 to 100."""
    names = fields(sheet)
    wanted = all(name in names for name in NEEDED)
    return 90 if wanted and ("pm25" in names or "so2" in names) else 0


def read(sheet: Sheet, options: Options, name: str = "cnemc_csv") -> Reading:
    """Read station hours of the platform.

    Raises
    ------
    InputError
        If fields are missing, or the two ozone fields contradict each other.
    """
    draft, names = Draft(sheet), fields(sheet)
    for field in NEEDED:
        if field not in names:
            raise InputError("feeds.no_column", file=sheet.file, column=field)
    draft.note("feeds.label_end_hour")
    draft.note("feeds.units_air")
    columns = current_columns(draft, names)
    places = draft.places(draft.cells(names["stationcode"]), names["stationcode"])
    for field, column in columns.items():
        add_field(draft, places, names, field, column)
    if any(field in names for field in DERIVED):
        draft.note("feeds.running_means")
    return draft.reading(name, stations(draft, places, names))


def add_field(draft: Draft, places: Places, names: Mapping[str, str], field: str, column: str) -> None:
    """Add the observations of one field."""
    symbol, period = FIELDS[field]
    parameter = find(symbol, "air")
    if parameter is None:
        return
    times = draft.times(names["timepoint"], "end", period)
    draft.add(places, parameter.code, period, times, draft.values(Heading(column, parameter)))


def current_columns(draft: Draft, names: Mapping[str, str]) -> dict[str, str]:
    """Return field → heading of its current value, the swapped pairs put right and stated."""
    found = {field: names[field] for field in FIELDS if field in names}
    for field, maximum in PAIRS.items():
        if field in names and maximum in names:
            found[field] = put_right(draft, names[field], names[maximum])
    return found


def put_right(draft: Draft, current: str, maximum: str) -> str:
    """Return the heading that really holds the current value, and say so."""
    swap = swap_of(draft.cells(current), draft.cells(maximum), draft.sheet.file, current)
    draft.note(f"feeds.ozone_{swap.value}", current=current, maximum=maximum)
    return current if swap is Swap.RIGHT else maximum


def stations(draft: Draft, places: Places, names: Mapping[str, str]) -> list[Feature]:
    """Return the stations, each as its first row has it."""
    return [
        station(code, {name: draft.cells(names[name])[row] for name in names if name in _PLACE})
        for code, row in first_lines(places, draft.kept()).items()
    ]


_PLACE = ("positionname", "area", "latitude", "longitude")


def station(code: str, line: Mapping[str, str]) -> Feature:
    """Return an air station 环境空气监测点位."""
    return Feature(
        code=code,
        name=line.get("positionname") or code,
        kind="air_station",
        region=line.get("area", ""),
        lon=coordinate(line.get("longitude", ""), 180),
        lat=coordinate(line.get("latitude", ""), 90),
    )
