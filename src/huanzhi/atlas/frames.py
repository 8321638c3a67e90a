"""Frames 时间帧: a layer at every step of a span, as dense arrays that play smoothly.

Each step shows the values of that step only: a gap stays a gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from huanzhi import standards
from huanzhi.assess import class_limits
from huanzhi.assess import water as water_rules
from huanzhi.assess.aqi import aqi
from huanzhi.assess.exact import MISSING
from huanzhi.assess.readings import Readings, readings
from huanzhi.assess.states import State
from huanzhi.atlas.judging import air_level, limit_of, needed, permit_levels
from huanzhi.atlas.layers import Layer
from huanzhi.errors import InputError
from huanzhi.library.series import Store, Window
from huanzhi.library.series.schema import STEPS
from huanzhi.standards import groundwater, sea, water
from huanzhi.standards.air import ITEMS
from huanzhi.standards.class_items import ClassTable, find_item
from huanzhi.standards.periods import Period, china_date

MOST_CELLS = 1_000_000
"""Cells of one block. DEFAULT, NOT FROM THE DOCUMENTS."""

Levels = npt.NDArray[np.int8]
Numbers = npt.NDArray[np.float64]
Grid = tuple[Levels, Numbers]
Steps = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Frames:
    """A layer through time.

    Attributes
    ----------
    codes : tuple of str, length f
        Places.
    times : ndarray of int64, shape (t,)
        Starts of the steps [s UTC].
    levels : ndarray of int8, shape (f, t)
        Class from 1, best first; 0 where there is none.
    numbers : ndarray of float, shape (f, t)
        The number of each mark; NaN where there is none.
    """

    codes: tuple[str, ...]
    times: npt.NDArray[np.int64]
    levels: Levels
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when [s UTC], the end excluded, every how many seconds."""

    start: int
    end: int
    step: int


def frames(
    store: Store,
    layer: Layer,
    parameter: str,
    codes: Sequence[str],
    span: Span,
    limits: Mapping[str, Mapping[str, Any]],
) -> Frames:
    """Return a layer at every step of a span.

    Raises
    ------
    InputError
        If the layer has no values through time, or the block would be too large.
    """
    if layer.judge not in _GRIDS or layer.period == "*":
        raise InputError("atlas.no_frames", value=layer.code)
    wanted = needed(layer.judge, parameter, layer.parameters) or ()
    own = _step(layer)
    if span.end - span.start > MOST_CELLS // max(1, len(codes) * max(1, len(wanted))) * own:
        raise InputError("atlas.too_many_frames", value=len(codes), number=MOST_CELLS)
    window = store.window(codes, wanted, layer.period, span.start, span.end)
    every = np.arange(0, window.times.size, max(1, span.step // own))
    levels, numbers = np.zeros((2, len(codes), window.times.size))
    numbers[:] = np.nan
    _GRIDS[layer.judge](window, parameter, limits, levels, numbers)
    return Frames(tuple(codes), window.times[every], levels[:, every].astype(np.int8), numbers[:, every])


def _step(layer: Layer) -> int:
    return STEPS.get(Period(layer.period), 3600)


def _values(window: Window, place: int) -> Numbers:
    """Return the numbers of one parameter, NaN where there is none, shape (f, t)."""
    units, states = window.units[:, place], window.states[:, place]
    there = (units != MISSING) & ((states == State.VALUE) | (states == State.BELOW_DETECTION))
    return np.where(there, units / 10.0 ** window.decimals[place], np.nan)


def _air(window: Window, parameter: str, _: Any, levels: Numbers, numbers: Numbers) -> None:
    columns = [_values(window, window.parameters.index(item.parameter.code)) for item in ITEMS]
    cube = np.stack(columns, axis=-1)
    codes = [item.parameter.code for item in ITEMS]
    for day, steps in _by(window, lambda day: standards.in_force("HJ 633", day, early=True).id):
        edition = standards.in_force("HJ 633", day, early=True)
        shape = (len(window.features), steps.size)
        found = aqi(cube[:, steps].reshape(-1, len(codes)), Period.HOUR, edition)
        if parameter in codes:
            place = codes.index(parameter)
            known = np.array([air_level(index, day) for index in range(600)])
            index = found.iaqi[:, place].reshape(shape)
            levels[:, steps] = np.where(index >= 0, known[np.clip(index, 0, 599)], 0)
            numbers[:, steps] = columns[place][:, steps]
        else:
            index = found.aqi.reshape(shape)
            levels[:, steps] = found.level.reshape(shape)
            numbers[:, steps] = np.where(index >= 0, index, np.nan)


def _surface_water(window: Window, parameter: str, _: Any, levels: Numbers, numbers: Numbers) -> None:
    for day, steps in _by(window, lambda day: water.rules(day).edition.id):
        rules = water.rules(day)
        named = {rules.item(code): place for place, code in enumerate(window.parameters)}
        columns = {name: _flat(window, place, steps) for name, place in named.items() if name}
        columns = {
            name: column.without(water_rules.impossible(column, name)) for name, column in columns.items()
        }
        count = len(window.features) * steps.size
        found = water_rules.judge(columns, np.zeros(count, bool), rules)
        levels[:, steps] = found.overall.reshape(-1, steps.size)
    _numbered(window, parameter, levels, numbers)


def _classes(table_on: Callable[[date], ClassTable]) -> Callable[..., None]:
    def grid(window: Window, parameter: str, _: Any, levels: Numbers, numbers: Numbers) -> None:
        for day, steps in _by(window, lambda day: table_on(day).edition.id):
            table = table_on(day)
            known = [(n, find_item(table.items, code)) for n, code in enumerate(window.parameters)]
            columns = {item.name: _flat(window, place, steps) for place, item in known if item}
            if columns:
                levels[:, steps] = class_limits.judge(table, columns).overall_worst.reshape(-1, steps.size)
        _numbered(window, parameter, levels, numbers)

    return grid


def _permit(
    window: Window,
    parameter: str,
    limits: Mapping[str, Mapping[str, Any]],
    levels: Numbers,
    numbers: Numbers,
) -> None:
    for place, feature in enumerate(window.features):
        for number, code in enumerate(window.parameters):
            limit = limits.get(feature, {}).get(code)
            bound = float(limit_of(code, limit)) if limit else 0.0
            if bound and parameter in ("ratio", code):
                share = _values(window, number)[place] / bound
                numbers[place] = np.fmax(numbers[place], share)
    levels[:] = permit_levels(numbers)
    if parameter != "ratio":
        numbers[:] = _values(window, window.parameters.index(parameter))


def _number(window: Window, parameter: str, _: Any, levels: Numbers, numbers: Numbers) -> None:
    numbers[:] = _values(window, window.parameters.index(parameter))
    levels[:] = np.isfinite(numbers)


def _numbered(window: Window, parameter: str, levels: Numbers, numbers: Numbers) -> None:
    """Fill in the numbers: the values of the parameter, or the class itself."""
    if parameter in window.parameters:
        numbers[:] = _values(window, window.parameters.index(parameter))
    else:
        numbers[:] = np.where(levels > 0, levels, np.nan)


def _flat(window: Window, place: int, steps: Steps) -> Readings:
    units = window.units[:, place][:, steps].reshape(-1)
    return readings(units, window.decimals[place], window.states[:, place][:, steps].reshape(-1))


def _by(window: Window, edition: Callable[[date], str]) -> Iterator[tuple[date, Steps]]:
    """Go through the steps of one edition each, with a day on which it was in force."""
    days: dict[str, tuple[date, list[int]]] = {}
    at: defaultdict[date, list[int]] = defaultdict(list)
    for place, moment in enumerate(window.times.tolist()):
        at[china_date(moment)].append(place)
    for day, places in at.items():
        days.setdefault(edition(day), (day, []))[1].extend(places)
    yield from ((day, np.array(places, dtype=np.intp)) for day, places in days.values())


_GRIDS: Mapping[str, Callable[..., None]] = {
    "aqi": _air,
    "surface_water": _surface_water,
    "groundwater": _classes(groundwater.table_on),
    "sea": _classes(sea.table_on),
    "permit": _permit,
    "number": _number,
}
