"""Instruments at outlets 自动监测设备: what they show of the truth, honest noise and dishonest tricks.

Tricks: constant, clipped and copied data; an instrument that drifts shows more or less every hour.
"""

from __future__ import annotations

import numpy as np

from huanzhi.city.chance import Floats, Times, key, smooth, white
from huanzhi.city.model import Item, Outlet, description
from huanzhi.city.processes import Discharge, discharge
from huanzhi.city.simulation import Simulation, hour_times
from huanzhi.city.violations import Violation
from huanzhi.city.world import MINUTE
from huanzhi.standards.periods import DAY, HOUR

_FLOW = {"water": "w00000", "gas": "a00000"}


def shown(simulation: Simulation, outlet: Outlet, hour: int) -> dict[str, Floats]:
    """Return what the instruments of an outlet show, 60 minutes from `hour` on, by parameter code."""
    name = ("outlet", outlet.code, hour)
    return simulation.blocks.get(name, lambda: _shown(simulation, outlet, hour))


def codes(outlet: Outlet) -> tuple[str, ...]:
    """Return the parameter codes that the instruments of an outlet show, flow first."""
    aside = ("w01001", "w01010") if outlet.medium == "water" else ("a01011", "a01012", "a01013", "a01014")
    return (_FLOW[outlet.medium], *aside, *(item.code for item in outlet.items))


def _shown(simulation: Simulation, outlet: Outlet, hour: int) -> dict[str, Floats]:
    times = hour_times(hour)
    found = _honest(simulation, outlet, simulation.discharge(outlet, hour), times)
    for violation, during in simulation.schedule.of(outlet.code, times):
        for code, faked in _faked(simulation, outlet, violation, found, times).items():
            found[code] = np.where(during, faked, found[code])
    return found


def _honest(simulation: Simulation, outlet: Outlet, gone: Discharge, times: Times) -> dict[str, Floats]:
    seed = simulation.city.seed
    found = {_FLOW[outlet.medium]: gone.flow, **_aside(simulation, outlet, gone, times), **gone.items}
    return {
        code: value * (1 + 0.012 * white(key(seed, outlet.code, code, "shown"), times // MINUTE))
        for code, value in found.items()
    }


def _aside(simulation: Simulation, outlet: Outlet, gone: Discharge, times: Times) -> dict[str, Floats]:
    """Return what is measured beside: temperature and pH, or state of the flue gas."""
    wander = smooth(key(simulation.city.seed, outlet.code, "aside"), times, 5 * HOUR)
    if outlet.medium == "water":
        return {"w01001": 7.4 + 0.2 * wander, "w01010": 24.0 + 1.5 * wander}
    running = np.clip(gone.flow / (0.3 * outlet.flow), 0.0, 1.0)
    return {
        "a01011": 12.0 * gone.flow / outlet.flow,
        "a01012": 25.0 + (outlet.temperature - 25.0 + 1.5 * wander) * running,
        "a01013": -0.12 - 0.02 * wander,
        "a01014": 3.0 + 4.0 * running + 0.3 * wander,
    }


def _faked(
    simulation: Simulation, outlet: Outlet, violation: Violation, found: dict[str, Floats], times: Times
) -> dict[str, Floats]:
    if violation.kind == "constant_data":
        return _values_at(simulation, outlet, np.full(1, violation.start - MINUTE, dtype=np.int64))
    if violation.kind == "copied_data":
        return _values_at(simulation, outlet, times - DAY)
    limited = [item for item in outlet.items if item.limit]
    if violation.kind == "clipped_data":
        return {item.code: _clipped(simulation, outlet, item, found[item.code], times) for item in limited}
    if violation.kind == "instrument_drift":
        hours = (times - violation.start) / HOUR
        return {item.code: np.maximum(found[item.code] * (1 + violation.size * hours), 0) for item in limited}
    return {}


def responses(simulation: Simulation, outlet: Outlet, times: Times) -> dict[str, Floats]:
    """Return what each instrument would show of a sample that holds just the limit."""
    found = {}
    for item in outlet.items:
        if item.limit:
            fine = white(key(simulation.city.seed, outlet.code, item.code, "check"), times // MINUTE)
            found[item.code] = float(item.limit.value) * (1 + 0.006 * fine)
    for violation, during in simulation.schedule.of(outlet.code, times, "instrument_drift"):
        drift = 1 + violation.size * (times - violation.start) / HOUR
        found = {code: np.where(during, value * drift, value) for code, value in found.items()}
    return found


def _values_at(simulation: Simulation, outlet: Outlet, times: Times) -> dict[str, Floats]:
    gone = discharge(simulation.city, simulation.schedule, outlet, times)
    return _honest(simulation, outlet, gone, times)


def _clipped(simulation: Simulation, outlet: Outlet, item: Item, value: Floats, times: Times) -> Floats:
    effect = description("violations")["effect"]
    assert item.limit is not None
    fine = white(key(simulation.city.seed, outlet.code, item.code, "clip"), times // MINUTE)
    ceiling = float(item.limit.value) * effect["clip_share"] * (1 + effect["clip_noise"] * fine)
    return np.asarray(np.minimum(value, ceiling))
