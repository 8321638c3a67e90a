"""The named checks 质控检查: each lays one kernel of `huanzhi.assess` over a scene, by its table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from huanzhi import standards
from huanzhi.assess import quality_cross as cross
from huanzhi.assess import quality_series as single
from huanzhi.assess.exact import MISSING, Ints, rescale
from huanzhi.assess.quality_flags import DeviceFlag, Effect, Finding
from huanzhi.assess.states import State
from huanzhi.network.quality.places import Meter, Place, near
from huanzhi.network.quality.scene import FLOWS, Hit, Scene, chance, row_for
from huanzhi.standards.model import Row, Table
from huanzhi.standards.periods import china_date

Check = Callable[[Scene, Table], Iterator[Hit]]


def check_range(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield values outside of the measuring range of the place, or of the table."""
    for place, parameter in scene.each():
        row = row_for(table, parameter, place.scope(parameter))
        if row is None:
            continue
        low, high = place.ranges.get(parameter, (row.get("low"), row.get("high")))
        mask = single.out_of_range(
            scene.clean(place.code, parameter),
            None if low is None else scene.scaled(parameter, low, up=True),
            None if high is None else scene.scaled(parameter, high),
        )
        yield Hit(place.code, parameter, mask, Finding.RANGE, Effect(row["effect"]))


def check_rate(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield jumps."""
    for place, parameter in scene.each():
        row = row_for(table, parameter, place.scope(parameter))
        if row is None:
            continue
        values = scene.flowing(place.code, parameter)
        step = _step(scene, parameter, row, values)
        yield Hit(place.code, parameter, single.rate_of_change(values, step, row["factor"]), Finding.RATE)


def check_flat(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield flat lines; a flow that stands still is none."""
    for place, parameter in scene.each():
        row = row_for(table, parameter, place.scope(parameter))
        if row is None:
            continue
        values = scene.flowing(place.code, parameter)
        mask = single.flat_line(values, *_lengths(scene, row), chance(row))
        yield Hit(place.code, parameter, mask, Finding.FLAT)


def check_repeated(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield repeated patterns."""
    for place, parameter in scene.each():
        row = row_for(table, parameter, place.scope(parameter))
        if row is None:
            continue
        values = scene.flowing(place.code, parameter)
        mask = single.repeated_pattern(values, *_lengths(scene, row), row["distinct"], chance(row))
        yield Hit(place.code, parameter, mask, Finding.REPEATED)


def check_clipped(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield values that crowd just under a permitted limit."""
    for place, parameter in scene.each():
        if parameter not in place.limits:
            continue
        limit = scene.scaled(parameter, place.limits[parameter])
        values = scene.flowing(place.code, parameter)
        crowd, plateau = table.row("crowd"), table.row("plateau")
        least = scene.steps(crowd["least"])
        mask = single.clipped_under(values, limit, _band(limit, crowd), least, crowd["factor"])
        least = scene.steps(plateau["least"])
        mask |= single.plateau_under(values, limit, _band(limit, plateau), least, chance(plateau))
        yield Hit(place.code, parameter, mask, Finding.CLIPPED)


def check_contradiction(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield steps where a part is above its whole."""
    for row in table.rows:
        for code in scene.targets:
            part, whole = row["part"], row["whole"]
            if not (scene.holds(code, part) and scene.holds(code, whole)):
                continue
            decimals = max(scene.decimals(part), scene.decimals(whole))
            one, other = (_raised(scene, code, name, decimals) for name in (part, whole))
            absolute = int(Fraction(row["absolute"]) * 10**decimals)
            mask = cross.part_above_whole(one, other, absolute, int(row["percent"]))
            yield Hit(code, part, mask, Finding.CONTRADICTION)
            yield Hit(code, whole, mask, Finding.CONTRADICTION)


def check_ratio(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield stretches where the ratio of two parameters is not the usual one."""
    for row, code in _pairs(scene, table, "one", "other"):
        one, other = scene.flowing(code, row["one"]), scene.flowing(code, row["other"])
        mask = cross.ratio_break(one, other, float(row["factor"]), scene.steps(row["least"]))
        yield Hit(code, row["one"], mask, Finding.RATIO)
        yield Hit(code, row["other"], mask, Finding.RATIO)


def check_diluted(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield stretches of much flow and little content."""
    for row, code in _pairs(scene, table, "flow", "content"):
        flow, content = scene.clean(code, row["flow"]), scene.clean(code, row["content"])
        mask = cross.diluted(flow, content, row["more"], row["less"], scene.steps(row["least"]))
        yield Hit(code, row["content"], mask, Finding.DILUTED)


def check_power(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield stretches where the outlet is silent or the treatment stands while production works."""
    for code in scene.targets:
        place = scene.places[code]
        if not place.production:
            continue
        for row in table.rows:
            works = _any_works(scene, place.production, int(row["on_percent"]))
            other = _other_side(scene, place, row)
            if other is not None:
                mask = cross.silent_while_working(works, other, scene.steps(row["least"]))
                yield Hit(code, "", mask, Finding[row["finding"]])


def check_out_of_step(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield stretches in which less leaves the outlet than production asks for."""
    row = table.row("default")
    for code in scene.targets:
        place = scene.places[code]
        flow = next((name for name in FLOWS.values() if scene.holds(code, name)), "")
        if not place.production or not flow:
            continue
        works = _any_works(scene, place.production, int(row["on_percent"]))
        load, least = _load(scene, place.production), scene.steps(row["least"])
        values = scene.clean(code, flow)
        mask = cross.less_than_load(values, load, works, row["percent"], float(row["factor"]), least)
        yield Hit(code, flow, mask, Finding.OUT_OF_STEP)


def check_neighbours(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield stretches apart from the neighbours."""
    for place, parameter in scene.each():
        row = row_for(table, parameter, place.scope(parameter))
        if row is None:
            continue
        others = near(scene.places.values(), place, float(row["reach"]))
        if others:
            own = scene.clean(place.code, parameter)
            cube = np.stack([scene.clean(other, parameter) for other in others])
            mask = cross.neighbours_apart(
                own,
                cube,
                step=scene.scaled(parameter, row["step"]),
                percent=int(row["percent"]),
                factor=float(row["factor"]),
                least=scene.steps(row["least"]),
                enough=int(row["enough"]),
            )
            yield Hit(place.code, parameter, mask, Finding.NEIGHBOURS)


def check_drift(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield the time before a check with a standard that failed, back to the last that passed."""
    percent = int(table.row("default")["percent"])
    for place, parameter in scene.each():
        if parameter not in place.check_standard or (place.code, parameter) not in scene.readings:
            continue
        readings, decimals = scene.readings[place.code, parameter]
        standard = int(place.check_standard[parameter] * 10**decimals)
        mask = cross.drifted(readings, standard, percent)
        yield Hit(place.code, parameter, mask, Finding.DRIFT)


def check_lost(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield gaps of series that the store holds."""
    for place, parameter in scene.each():
        row = row_for(table, parameter, place.scope(parameter))
        if row is None:
            continue
        missing = scene.states(place.code, parameter) == State.MISSING
        stopped = (scene.flags(place.code, parameter) & int(DeviceFlag.STOPPED)) != 0
        if (place.code, parameter) not in scene.begun:
            missing &= np.logical_or.accumulate(~missing)
        mask = single.gaps(missing & ~stopped, scene.steps(row["least"]))
        yield Hit(place.code, parameter, mask, Finding.LOST, Effect.MISSING)


def check_device(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield what the device says itself: calibration, maintenance, fault, stop."""
    for place, parameter in scene.each():
        flags = scene.flags(place.code, parameter)
        for row in table.rows:
            mask = (flags & int(DeviceFlag[row["name"]])) != 0
            yield Hit(place.code, parameter, mask, Finding[row["finding"]], Effect(row["effect"]))


def check_working_state(scene: Scene, table: Table) -> Iterator[Hit]:
    """Yield the hours of start-up and of stop of plants with a facility."""
    for code in scene.targets:
        place = scene.places[code]
        hours = _start_stop(scene, place.facility)
        if hours is None or not place.production:
            continue
        works = _any_works(scene, place.production, int(table.row("START_UP")["on_percent"]))
        for row in table.rows:
            kernel = cross.start_up if row["column"] == "start" else cross.stopping
            yield Hit(
                code,
                "",
                kernel(works, _whole_steps(scene, hours[row["column"]])),
                Finding[row["name"]],
                Effect(row["effect"]),
            )


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "range": check_range,
        "rate": check_rate,
        "flat": check_flat,
        "repeated": check_repeated,
        "clipped": check_clipped,
        "contradiction": check_contradiction,
        "ratio": check_ratio,
        "diluted": check_diluted,
        "power": check_power,
        "out_of_step": check_out_of_step,
        "neighbours": check_neighbours,
        "drift": check_drift,
        "lost": check_lost,
        "device": check_device,
        "working_state": check_working_state,
    }
)
"""Every check by its name; the table of the same name in QUALITY CHECKS holds its thresholds."""


def _lengths(scene: Scene, row: Row) -> tuple[int, int]:
    return scene.steps(row["least"]), scene.steps(row["most"])


def _whole_steps(scene: Scene, hours: int) -> int:
    return scene.steps(hours) if hours else 0


def _band(limit: int, row: Row) -> int:
    return max(limit * int(row["percent"]) // 100, 1)


def _step(scene: Scene, parameter: str, row: Row, values: Ints) -> int:
    """Return the smallest jump: a number of the table, or a share of the series' 95th percentile."""
    if "step" in row:
        return scene.scaled(parameter, row["step"])
    there = np.sort(values[values != MISSING])
    top = int(there[int(0.95 * (there.size - 1))]) if there.size else 0
    return abs(top) * int(row["percent"]) // 100


def _raised(scene: Scene, code: str, parameter: str, decimals: int) -> Ints:
    values = scene.clean(code, parameter)
    factor = 10 ** (decimals - scene.decimals(parameter))
    return np.where(values == MISSING, MISSING, values * factor)


def _pairs(scene: Scene, table: Table, one: str, other: str) -> Iterator[tuple[Row, str]]:
    for row in table.rows:
        for code in scene.targets:
            held = scene.holds(code, row[one]) and scene.holds(code, row[other])
            if held and scene.places[code].scope(row[one]) in row["scope"]:
                yield row, code


def _any_works(scene: Scene, meters: tuple[Meter, ...], percent: int) -> Ints:
    """Return 1 where any meter works, 0 where all stand, MISSING where that is not known."""
    states = np.stack([_works(scene, meter, percent) for meter in meters])
    unknown = (states == MISSING).any(axis=0)
    any_works = (states == 1).any(axis=0)
    return np.where(any_works, 1, np.where(unknown, MISSING, 0)).astype(np.int64)


def _works(scene: Scene, meter: Meter, percent: int) -> Ints:
    load, decimals = scene.meter(meter.feature, meter.parameter)
    rated = None if meter.rated is None else int(meter.rated * 10**decimals)
    return cross.working(load, percent, rated)


def _load(scene: Scene, meters: tuple[Meter, ...]) -> Ints:
    """Return the power of all meters together, MISSING where one of them is; at the most decimals of any."""
    found = [scene.meter(meter.feature, meter.parameter) for meter in meters]
    most = max(decimals for _, decimals in found)
    whole = np.stack([rescale(values, decimals, most) for values, decimals in found])
    return np.where((whole == MISSING).any(axis=0), MISSING, np.where(whole == MISSING, 0, whole).sum(axis=0))


def _other_side(scene: Scene, place: Place, row: Row) -> Ints | None:
    """Return what must work while production does: the treatment, or the outlet's own flow."""
    if row["finding"] == "TREATMENT_OFF":
        return _any_works(scene, place.treatment, int(row["off_percent"])) if place.treatment else None
    for flow in FLOWS.values():
        if scene.holds(place.code, flow):
            values = scene.clean(place.code, flow)
            silent = (scene.flags(place.code, flow) & int(DeviceFlag.STOPPED)) != 0
            silent |= scene.states(place.code, flow) == State.MISSING
            return np.where(silent, 0, cross.working(values, int(row["flow_percent"])))
    return None


def _start_stop(scene: Scene, facility: str) -> Row | None:
    if not facility or not scene.window.times.size:
        return None
    day = china_date(int(scene.window.times[0]))
    table = standards.in_force("MARKING RULES", day).table("start_stop_hours")
    return table.row(facility)
