"""Agreement with official answers 与官方结果比对: published AQI, primary pollutant, level and water class.

Each file that carries answers is judged anew from its concentrations and compared row by row. Rows without
an answer are not counted. Of tables that say how sure a published row is (column ``era``), only ``exact``
counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from huanzhi.assess.aqi import Aqi, aqi_by_day, items_of
from huanzhi.assess.exact import MISSING
from huanzhi.assess.readings import Readings, readings
from huanzhi.assess.states import State
from huanzhi.assess.water import judge
from huanzhi.assess.water_kind import decide
from huanzhi.network.feeds.reading import Reading
from huanzhi.network.feeds.registry import open_data
from huanzhi.network.feeds.sheets import Sheet, read_bytes
from huanzhi.standards import standard, water_bodies
from huanzhi.standards.air import ITEMS, aqi_rule, item_of
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import CHINA_OFFSET, Period, china_date
from huanzhi.standards.water import rules

Ints = npt.NDArray[np.int64]
PRIMARY = ("primarypollutant", "primary_pollutant", "首要污染物")
LEVEL = ("quality", "level", "空气质量指数级别", "级别")
CLASS = ("水质类别", "class")
ERA, EXACT = "era", "exact"
NO_WORDS = ("", "-", "--", "—", "无")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many answers of a file agree with ours.

    Attributes
    ----------
    what : str
        aqi, primary, level or class.
    left_out : int
        Days that have an answer but lack one of the six values, so that it cannot be checked.
    """

    file: str
    what: str
    compared: int
    agreed: int
    left_out: int = 0

    @property
    def percent(self) -> float:
        """Share that agrees [%]."""
        return 100 * self.agreed / self.compared if self.compared else 0.0


def agreements(reading: Reading) -> tuple[Agreement, ...]:
    """Compare the answers that a file carries with ours; none where it carries none."""
    compare = _COMPARED.get(reading.format)
    if compare is None or not reading.table.num_rows:
        return ()
    _, sheet = open_data(read_bytes(reading.file), reading.file)
    found = compare(reading, sheet)
    return tuple(one for one in found if one.compared)


@dataclass(frozen=True, slots=True)
class _Pivot:
    """Observations of a file by row: `rows` (n,) and values of parameters, NaN where missing."""

    rows: Ints
    days: npt.NDArray[np.datetime64]
    table: pa.Table

    def floats(self, code: str, *periods: Period) -> npt.NDArray[np.float64]:
        """Return the values of a parameter of one of the periods, shape (n,)."""
        values = np.full(len(self.rows), np.nan)
        place, units, decimals, _ = self.column(code, *periods)
        there = units != MISSING
        values[place[there]] = units[there] / 10.0 ** decimals[there]
        return values

    def column(self, code: str, *periods: Period) -> tuple[Ints, Ints, Ints, Ints]:
        """Return place in `rows`, units, decimals and state of each observation of a parameter."""
        chosen = pc.equal(self.table["parameter"], code)
        wanted = pc.is_in(self.table["period"], pa.array([str(period) for period in periods]))
        part = self.table.filter(pc.and_(chosen, wanted))
        place = np.searchsorted(self.rows, part["row"].to_numpy().astype(np.int64))
        units = np.where(
            part["value"].is_valid().to_numpy(), part["value"].fill_null(0).to_numpy(), MISSING
        ).astype(np.int64)
        return place, units, part["decimals"].to_numpy().astype(np.int64), part["state"].to_numpy()


def _pivot(table: pa.Table) -> _Pivot:
    rows, first = np.unique(table["row"].to_numpy().astype(np.int64), return_index=True)
    local = (table["time"].to_numpy()[first] + CHINA_OFFSET).astype("datetime64[s]").astype("datetime64[D]")
    return _Pivot(rows, local, table)


def _texts(sheet: Sheet, names: Sequence[str], rows: Ints) -> list[str] | None:
    """Return the texts of the first of the headings that there is, for the rows; None without any."""
    heading = next((column for column in sheet.columns if column.casefold() in names), None)
    if heading is None:
        return None
    index = {number: place for place, number in enumerate(sheet.numbers)}
    cells = sheet.cells[heading]
    return [cells[index[row]] if row in index else "" for row in rows.tolist()]


def _air(reading: Reading, sheet: Sheet, averaging: Period) -> list[Agreement]:
    periods = (averaging, Period.DAY_MAX_EIGHT_HOURS) if averaging is Period.DAY else (averaging,)
    pivot = _pivot(reading.table)
    values = np.stack([pivot.floats(item.parameter.code, *periods) for item in ITEMS], axis=1)
    published = find("AQI", "air")
    assert published is not None
    official = pivot.floats(published.code, averaging)
    judged, editions = aqi_by_day(values, pivot.days, averaging)
    era = _texts(sheet, (ERA,), pivot.rows)
    asked = np.isfinite(official)
    if era is not None:
        asked &= np.array([word == EXACT for word in era])
    whole = np.isfinite(values).all(axis=1) | (averaging is Period.HOUR)
    left_out, asked = int((asked & ~whole).sum()), asked & whole
    places = np.flatnonzero(asked)
    name = reading.file.name
    found = [
        Agreement(name, "aqi", len(places), int((judged.aqi[places] == official[places]).sum()), left_out)
    ]
    primary, level = (_texts(sheet, names, pivot.rows) for names in (PRIMARY, LEVEL))
    if primary is not None:
        agreed = sum(_same_primary(primary[place], judged, place) for place in places.tolist())
        found.append(Agreement(name, "primary", len(places), agreed))
    if level is not None:
        names = _level_names(averaging)
        told = [place for place in places.tolist() if level[place] in names[int(editions[place])].values()]
        agreed = sum(
            level[place] == names[int(editions[place])].get(int(judged.level[place])) for place in told
        )
        found.append(Agreement(name, "level", len(told), agreed))
    return found


def _same_primary(official: str, judged: Aqi, place: int) -> bool:
    words = [] if official.strip() in NO_WORDS else official.replace("，", ",").split(",")
    told = {item_of(_plain_item(word)) for word in words if word.strip()}
    return told == set(items_of(int(judged.primary[place])))


def _plain_item(word: str) -> str:
    """Return the item of a published primary pollutant: ``臭氧1小时`` is ozone, ``颗粒物(PM10)`` PM10."""
    inside = word[word.find("(") + 1 : word.find(")")] if "(" in word else word
    return inside.replace("1小时", "").replace("8小时", "").strip()


def _level_names(averaging: Period) -> Mapping[int, Mapping[int, str]]:
    return {
        place: {level.number: level.name for level in aqi_rule(edition, averaging).levels}
        for place, edition in enumerate(standard("HJ 633").editions)
    }


def _hours(reading: Reading, sheet: Sheet) -> list[Agreement]:
    return _air(reading, sheet, Period.HOUR)


def _days(reading: Reading, sheet: Sheet) -> list[Agreement]:
    return _air(reading, sheet, Period.DAY)


def _sections(reading: Reading, sheet: Sheet) -> list[Agreement]:
    pivot = _pivot(reading.table)
    official = _texts(sheet, CLASS, pivot.rows)
    if official is None:
        return []
    judging = rules(_last_day(reading.table))
    columns = {}
    for name in judging.lake:
        parameter = find(name, "water")
        if parameter is not None:
            columns[name] = _readings(pivot, parameter.code)
    ours = judge(columns, _lakes(pivot, sheet), judging).overall
    known = [place for place, word in enumerate(official) if word.strip() not in NO_WORDS]
    agreed = sum(judging.class_number(official[place]) == int(ours[place]) for place in known)
    return [Agreement(reading.file.name, "class", len(known), agreed)]


def _readings(pivot: _Pivot, code: str) -> Readings:
    place, units, decimals, state = pivot.column(code, *Period)
    finest = int(decimals.max(initial=0))
    values = np.full(len(pivot.rows), MISSING, np.int64)
    states = np.full(len(pivot.rows), State.MISSING, np.int8)
    values[place] = np.where(
        units == MISSING, MISSING, np.where(units == MISSING, 0, units) * 10 ** (finest - decimals)
    )
    states[place] = state
    return readings(values, finest, states)


def _lakes(pivot: _Pivot, sheet: Sheet) -> npt.NDArray[np.bool_]:
    tables = water_bodies.tables()
    names = _texts(sheet, ("断面名称", "section", "name"), pivot.rows) or [""] * len(pivot.rows)
    probes = np.zeros(len(pivot.rows), np.bool_)
    for item in tables.evidence_items:
        parameter = find(item, "water")
        if parameter is not None:
            probes |= np.isfinite(pivot.floats(parameter.code, *Period))
    kinds = decide(
        names,
        tables,
        given=_texts(sheet, ("kind", "类型"), pivot.rows),
        measured=probes,
        provinces=_texts(sheet, ("省份", "province"), pivot.rows),
    )
    return np.array([kind.lake for kind in kinds], np.bool_)


def _last_day(table: pa.Table) -> date:
    return china_date(int(pc.max(table["time"]).as_py()))


_COMPARED: dict[str, Callable[[Reading, Sheet], list[Agreement]]] = {
    "cnemc_csv": _hours,
    "cnemc_json": _hours,
    "cnemc_xml": _hours,
    "city_day": _days,
    "surface_water": _sections,
}
"""Importer → how the answers in its files are compared."""
