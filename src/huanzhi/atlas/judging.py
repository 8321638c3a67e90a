"""Judging marks 分级: what a layer's rule makes of the newest rows of each place.

A rule takes the rows of n places and gives each a :class:`Verdict`. A place without the needed rows has no
verdict. Values are judged under the edition in force on their own date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from huanzhi import standards
from huanzhi.assess import class_limits
from huanzhi.assess import water as water_rules
from huanzhi.assess.aqi import aqi
from huanzhi.assess.exact import MISSING
from huanzhi.assess.readings import Readings, readings
from huanzhi.atlas.layers import palette
from huanzhi.atlas.legends import grades
from huanzhi.atlas.seen import Seen
from huanzhi.standards import groundwater, sea, water
from huanzhi.standards.air import ITEMS
from huanzhi.standards.class_items import ClassItem, ClassTable, find_item
from huanzhi.standards.periods import Period, china_date
from huanzhi.standards.units import factor

Place = Mapping[str, Seen]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one place.

    Attributes
    ----------
    level : int
        Class from 1, best first; 0 where the value has no class.
    number : str
        What stands in the mark.
    time : int
        Time of the rows judged [s UTC].
    by : tuple of str
        Codes of the parameters that decide.
    under_review : bool
        True where a deciding row is under review.
    index : float
        What the level was read from: an index, a share; NaN where it was not read from a number.
    """

    level: int
    number: str
    time: int
    by: tuple[str, ...] = ()
    under_review: bool = False
    index: float = float("nan")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a rule.

    Attributes
    ----------
    parameter : str
        Parameter code, or the joint figure of the rule (``aqi``, ``class``, ``ratio``, ``age``).
    now : int
        Moment that ages count from [s UTC].
    limits : mapping
        Place → parameter → limit of the permit with ``value`` and ``unit``.
    """

    parameter: str
    now: int
    limits: Mapping[str, Mapping[str, Any]]


Verdicts = Mapping[str, Verdict]


def needed(judge: str, parameter: str, offered: Sequence[str]) -> tuple[str, ...] | None:
    """Return the parameter codes that a rule needs; None for all there are."""
    if judge == "aqi":
        return tuple(item.parameter.code for item in ITEMS)
    if judge == "heard":
        return None
    joint = parameter in ("class", "ratio")
    return tuple(code for code in offered if code not in ("class", "ratio")) if joint else (parameter,)


def judged(judge: str, rows: Mapping[str, Place], asked: Asked) -> dict[str, Verdict]:
    """Return the verdicts of places by code.

    Parameters
    ----------
    rows : mapping
        Place → parameter → newest row.
    """
    return dict(_RULES[judge](rows, asked)) if rows else {}


def _air(rows: Mapping[str, Place], asked: Asked) -> Iterator[tuple[str, Verdict]]:
    for day, places in _by_day(rows):
        edition = standards.in_force("HJ 633", day, early=True)
        codes = [item.parameter.code for item in ITEMS]
        newest = [max(seen.time for seen in rows[place].values()) for place in places]
        values = [
            [_float(rows[place].get(code), time) for code in codes]
            for place, time in zip(places, newest, strict=True)
        ]
        found = aqi(values, Period.HOUR, edition)
        for n, place in enumerate(places):
            if asked.parameter in codes:
                yield from _one_item(place, rows[place], asked.parameter, found.iaqi[n], day)
            elif found.level[n]:
                by = tuple(code for k, code in enumerate(codes) if found.primary[n] >> k & 1)
                verdict = _verdict(rows[place], int(found.level[n]), str(found.aqi[n]), newest[n], by)
                yield place, replace(verdict, index=float(found.aqi[n]))


def _one_item(place: str, row: Place, code: str, indices: Any, day: date) -> Iterator[tuple[str, Verdict]]:
    if code in row and row[code].measured:
        index = int(indices[[item.parameter.code for item in ITEMS].index(code)])
        verdict = _verdict(row, air_level(index, day), row[code].text, row[code].time, (code,))
        yield place, replace(verdict, index=float(index) if index >= 0 else float("nan"))


def air_level(index: int, day: date) -> int:
    """Return the level of an index of air quality; 0 where there is none."""
    found = (grade.level for grade in grades("aqi", day) if index >= (grade.low or 0))
    return max(found, default=0) if index >= 0 else 0


def _float(seen: Seen | None, time: int) -> float:
    """Return a value as the index wants it; rows of another hour are missing."""
    if seen is None or seen.time != time or not seen.measured or seen.value is None:
        return float("nan")
    return float(seen.value)


def _surface_water(rows: Mapping[str, Place], asked: Asked) -> Iterator[tuple[str, Verdict]]:
    for day, places in _by_day(rows):
        rules = water.rules(day)
        wanted = {code: name for code in _codes(rows, asked) if (name := rules.item(code))}
        columns = {name: _column(rows, places, code) for code, name in wanted.items()}
        columns = {
            name: column.without(water_rules.impossible(column, name)) for name, column in columns.items()
        }
        found = water_rules.judge(columns, [False] * len(places), rules)
        items = [code for name in found.items for code, known in wanted.items() if known == name]
        for n, place in enumerate(places):
            worst = tuple(c for c, k in zip(items, found.classes[:, n], strict=True) if k == found.overall[n])
            yield from _classed(
                place, rows[place], int(found.overall[n]), rules.class_name(found.overall[n]), worst, asked
            )


def _by_table(table_on: Callable[[date], ClassTable]) -> Any:
    def rule(rows: Mapping[str, Place], asked: Asked) -> Iterator[tuple[str, Verdict]]:
        for day, places in _by_day(rows):
            table = table_on(day)
            known = _items(table.items, _codes(rows, asked))
            if not known:
                continue
            columns = {item.name: _column(rows, places, code) for code, item in known.items()}
            found = class_limits.judge(table, columns)
            names = {grade.level: grade.short for grade in grades(_JUDGE_OF[table_on], day)}
            for n, place in enumerate(places):
                level = int(found.overall_worst[n])
                worst = tuple(c for c, k in zip(known, found.worst[n], strict=True) if k == level)
                yield from _classed(place, rows[place], level, names.get(level, ""), worst, asked)

    return rule


def _items(items: Iterable[ClassItem], codes: Iterable[str]) -> dict[str, ClassItem]:
    listed = tuple(items)
    return {code: item for code in codes if (item := find_item(listed, code))}


def _classed(
    place: str, row: Place, level: int, name: str, worst: tuple[str, ...], asked: Asked
) -> Iterator[tuple[str, Verdict]]:
    if not level:
        return
    single = asked.parameter != "class"
    number = row[asked.parameter].text if single and asked.parameter in row else name
    yield place, _verdict(row, level, number, max(row[code].time for code in worst), worst)


def _permit(rows: Mapping[str, Place], asked: Asked) -> Iterator[tuple[str, Verdict]]:
    for place, row in rows.items():
        shares = dict(_shares(row, asked.limits.get(place, {})))
        if asked.parameter != "ratio":
            shares = {code: share for code, share in shares.items() if code == asked.parameter}
        if shares:
            worst = max(shares, key=lambda code: shares[code])
            number = f"{shares[worst]:.2f}" if asked.parameter == "ratio" else row[worst].text
            yield place, _verdict(row, permit_level(shares[worst]), number, row[worst].time, (worst,))
        elif asked.parameter in row and row[asked.parameter].measured:
            seen = row[asked.parameter]
            yield place, _verdict(row, 0, seen.text, seen.time, (asked.parameter,))


def _shares(row: Place, limits: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    for code, limit in limits.items():
        seen = row.get(code)
        if seen is None or not seen.measured or seen.value is None:
            continue
        bound = limit_of(code, limit)
        if bound:
            yield code, seen.value / bound


def limit_of(code: str, limit: Mapping[str, Any]) -> Decimal:
    """Return a limit in the unit in which the parameter is kept."""
    kept = standards.parameters.parameter(code).unit
    given = str(limit.get("unit") or kept)
    times = factor(given, kept) if given != kept else 1
    return Decimal(str(limit["value"])) * Decimal(times.numerator) / Decimal(times.denominator)


def permit_level(share: Decimal) -> int:
    """Return the level of a share of the permit's limit."""
    for number, row in enumerate(palette()["permit"], 1):
        below = row.get("below")
        if below is None or share < Decimal(str(below)):
            return number
        if row.get("included") and share == Decimal(str(below)):
            return number
    return 0


def permit_levels(shares: npt.NDArray[np.float64]) -> npt.NDArray[np.int8]:
    """Return the levels of many shares; 0 for NaN."""
    levels = np.zeros(shares.shape, np.int8)
    for number, row in reversed(list(enumerate(palette()["permit"], 1))):
        bound = float(row.get("below", np.inf))
        fits = shares <= bound if row.get("included") else shares < bound
        levels[fits] = number
    return levels


def _heard(rows: Mapping[str, Place], asked: Asked) -> Iterator[tuple[str, Verdict]]:
    for place, row in rows.items():
        last = max(seen.time for seen in row.values())
        age = max(0, asked.now - last)
        levels = palette()["heard"]
        level = next(n for n, each in enumerate(levels, 1) if age <= each.get("within", age))
        yield place, Verdict(level, "", last)


def _number(rows: Mapping[str, Place], asked: Asked) -> Iterator[tuple[str, Verdict]]:
    for place, row in rows.items():
        seen = row.get(asked.parameter)
        if seen is not None and seen.measured:
            yield place, _verdict(row, 1, seen.text, seen.time, (asked.parameter,))


def _verdict(row: Place, level: int, number: str, time: int, by: tuple[str, ...]) -> Verdict:
    return Verdict(level, number, time, by, any(row[code].under_review for code in by if code in row))


def _codes(rows: Mapping[str, Place], asked: Asked) -> tuple[str, ...]:
    if asked.parameter != "class":
        return (asked.parameter,)
    return tuple(sorted({code for row in rows.values() for code in row}))


def _by_day(rows: Mapping[str, Place]) -> Iterator[tuple[date, list[str]]]:
    """Go through China dates and the places whose newest row is of that date."""
    days: dict[date, list[str]] = defaultdict(list)
    for place, row in rows.items():
        if row:
            days[china_date(max(seen.time for seen in row.values()))].append(place)
    yield from days.items()


def _column(rows: Mapping[str, Place], places: Sequence[str], code: str) -> Readings:
    """Return the readings of one parameter at places, at the most decimals of any."""
    seen = [rows[place].get(code) for place in places]
    most = max((one.decimals for one in seen if one), default=0)
    units = [
        MISSING if one is None or one.units is None else one.units * 10 ** (most - one.decimals)
        for one in seen
    ]
    states = np.array([1 if one is None else one.state for one in seen], dtype=np.int8)
    return readings(units, most, states)


_JUDGE_OF: Mapping[Any, str] = {groundwater.table_on: "groundwater", sea.table_on: "sea"}
_RULES: Mapping[str, Callable[[Mapping[str, Place], Asked], Iterator[tuple[str, Verdict]]]] = {
    "aqi": _air,
    "surface_water": _surface_water,
    "groundwater": _by_table(groundwater.table_on),
    "sea": _by_table(sea.table_on),
    "permit": _permit,
    "heard": _heard,
    "number": _number,
}
