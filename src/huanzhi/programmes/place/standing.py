"""Standing 当前状况: AQI and level of air, class of a section or well, verdict of an outlet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from huanzhi.assess import groundwater, water
from huanzhi.assess.aqi import NONE, Aqi, aqi_by_day, items_of
from huanzhi.assess.exact import MISSING, to_floats
from huanzhi.assess.readings import Readings, readings
from huanzhi.assess.states import State
from huanzhi.atlas import legends
from huanzhi.errors import InputError, StandardError
from huanzhi.library.series import Store
from huanzhi.messages import language
from huanzhi.programmes.air_cities import CODES
from huanzhi.programmes.place.air_days import concentrations
from huanzhi.programmes.place.now import LastValue
from huanzhi.programmes.place.subject import Subject
from huanzhi.programmes.spans import Span
from huanzhi.programmes.water_sections import water_item
from huanzhi.standards import groundwater as groundwater_rules
from huanzhi.standards import standard
from huanzhi.standards.air import ITEMS, Level, aqi_rule
from huanzhi.standards.periods import DAY, HOUR, Period, china_date
from huanzhi.standards.water import rules

TOGETHER = DAY
"""How far apart the newest values of the items of a section may be. DEFAULT, NOT FROM THE DOCUMENTS."""

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a place stands.

    Attributes
    ----------
    kind : str
        ``aqi``, ``class``, ``verdict`` or ``none``.
    value : str
        AQI, class name, ``exceeds`` / ``complies`` / ``unknown``; empty where unknown.
    level : int
        Level of the AQI or number of the class, 0 where unknown.
    name : str
        Level, grade or verdict in words.
    colour : str
        Official colour as the standard names it, or empty.
    hex : str
        The same as RGB; ours (``atlas/data/palette.toml``) where the standard names it and prints no number.
    primary : tuple of str
        Primary pollutants, items that decide the class, or items beyond their limits.
    time : int
        What it stands on, seconds UTC; 0 where nothing is there.
    basis : str
        Number of the standard.
    averaging : str
    """

    kind: str
    value: str = ""
    level: int = 0
    name: str = ""
    colour: str = ""
    hex: str = ""
    primary: tuple[str, ...] = ()
    time: int = 0
    basis: str = ""
    averaging: str = ""


def standing(store: Store, subject: Subject, now: int, last: list[LastValue]) -> Standing:
    """Return how a place stands at `now`; a place of no law that is held stands nowhere.

    Parameters
    ----------
    last : list of LastValue
        See `now.last_values`.
    """
    if subject.family == "air":
        return _air(store, subject, last)
    if subject.family == "outlet":
        return _outlet(last)
    if subject.family in ("water", "groundwater"):
        return _classed(subject, last)
    return Standing("none")


def _air(store: Store, subject: Subject, last: list[LastValue]) -> Standing:
    hours = [one.time for one in last if one.period is Period.HOUR and one.parameter in CODES]
    if hours:
        newest = max(hours)
        window = store.window([subject.code], CODES, Period.HOUR, newest, newest + HOUR)
        columns = [to_floats(window.units[0, k], window.decimals[k]) for k in range(len(ITEMS))]
        return air_standing(np.stack(columns, axis=1), [china_date(newest)], Period.HOUR, [newest])[0]
    days = [one.time for one in last if one.period is Period.DAY and one.parameter in CODES]
    if not days:
        return Standing("aqi")
    day = china_date(max(days))
    values = concentrations(store, subject.feature, Span("days", day, day))
    return air_standing(values, [day], Period.DAY, [max(days)])[0]


def air_standing(values: np.ndarray, days: list[date], averaging: Period, times: list[int]) -> list[Standing]:
    """Return the standing of each row of concentrations, shape (n, 6), by the edition of its own day."""
    found, places = aqi_by_day(values, np.array(days, dtype="datetime64[D]"), averaging)
    return [_row(found, row, int(places[row]), averaging, time) for row, time in enumerate(times)]


def _row(found: Aqi, row: int, place: int, averaging: Period, time: int) -> Standing:
    if place < 0 or found.aqi[row] == NONE:
        return Standing("aqi", time=time, averaging=str(averaging))
    rule = aqi_rule(standard("HJ 633").editions[place], averaging)
    level = next(one for one in rule.levels if one.number == int(found.level[row]))
    return Standing(
        "aqi",
        str(int(found.aqi[row])),
        level.number,
        _level_name(level),
        level.colour,
        level.hex,
        tuple(str(item) for item in items_of(int(found.primary[row]))),
        time,
        rule.number,
        str(averaging),
    )


def _level_name(level: Level) -> str:
    return level.name_en if language() == "en" else level.name


def _classed(subject: Subject, last: list[LastValue]) -> Standing:
    """Return the class by the newest values of the items, those of one time."""
    main = [one for one in last if one.state in (State.VALUE, State.BELOW_DETECTION)]
    if not main:
        return Standing("class")
    newest = max(one.time for one in main)
    together = [one for one in main if one.time > newest - TOGETHER]
    columns: dict[str, Readings] = {}
    for one in sorted(together, key=lambda each: each.time):
        columns[one.parameter] = readings([one.units], one.decimals, [one.state])
    day = china_date(newest)
    try:
        if subject.family == "water":
            return water_standing(columns, subject.lake, day, newest)
        return _well_standing(columns, day, newest)
    except (InputError, StandardError):
        return Standing("class", time=newest)


def water_standing(columns: Mapping[str, Readings], lake: bool, day: date, time: int) -> Standing:
    """Return the class of one sample of surface water by its parameter codes."""
    judging = rules(day)
    named = {name: column for code, column in columns.items() if (name := judging.item(code))}
    judged = water.judge(named, [lake], judging)
    number = int(judged.overall[0])
    grade: Mapping[str, Any] = judging.grade(number) or {}
    items = tuple(water_item(name) for name in judged.named(judged.limiting, 0))
    word = grade.get("en" if language() == "en" else "name", "")
    return Standing(
        "class",
        judging.class_name(number),
        number,
        str(word),
        str(grade.get("colour", "")),
        legends.colour("surface_water", day, number) if number else "",
        items,
        time,
        judging.edition.number,
    )


def _well_standing(columns: Mapping[str, Readings], day: date, time: int) -> Standing:
    table = groundwater_rules.table_on(day)
    named: dict[str, Readings] = {}
    for code, column in columns.items():
        try:
            named[table.item(code).name] = column
        except StandardError:
            continue
    judged = groundwater.judge(named, day)
    number = int(judged.classes[0])
    items = tuple(item.name_en if language() == "en" else item.name for item in judged.limiting(0))
    shade = legends.colour("groundwater", day, number) if number else ""
    return Standing(
        "class", judged.name(number), number, hex=shade, primary=items, time=time, basis=table.edition.number
    )


def _outlet(last: list[LastValue]) -> Standing:
    """Return the verdict of an outlet: by its newest hours, all of them within an hour of each other."""
    judged = [one for one in last if one.limit is not None and one.limit.applies and one.units != MISSING]
    if not judged:
        return Standing("verdict", UNKNOWN)
    newest = max(one.time for one in judged)
    recent = [one for one in judged if one.time > newest - TOGETHER and one.judgeable]
    if not recent:
        return Standing("verdict", UNKNOWN, time=newest)
    beyond = tuple(one.symbol for one in recent if one.exceeds)
    limit = next(one.limit for one in recent if one.limit is not None)
    value = "exceeds" if beyond else "complies"
    return Standing("verdict", value, primary=beyond, time=newest, basis=limit.standard)
