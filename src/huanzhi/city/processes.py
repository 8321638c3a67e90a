"""Production and treatment 生产与治理: how much each enterprise makes, and what truly leaves its outlets.

Production follows the shift, stands still on some days, ramps up and down, and wanders. Waste water and gas
flow with production; treatment brings each item from its raw to its clean concentration. Violations change
this truth; what the instrument shows of it is another matter (`instruments`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from huanzhi.city.chance import Floats, Times, key, smooth, uniform, white
from huanzhi.city.model import Enterprise, Item, Outlet, description
from huanzhi.city.violations import Mask, Schedule
from huanzhi.city.weather import china_hour
from huanzhi.city.world import City
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR

OVER_LIMIT = (
    "short_exceedance",
    "daily_exceedance",
    "constant_data",
    "clipped_data",
    "copied_data",
    "offline",
)


@dataclass(frozen=True, slots=True)
class Discharge:
    """What leaves an outlet at n moments.

    Attributes
    ----------
    flow : array, shape (n,)
        [L/s of water, m3/s of gas].
    items : mapping
        Parameter code → concentration, shape (n,) [mg/L or mg/m3; conductivity µS/cm; oxygen %].
    bypass : array, shape (n,)
        Untreated water that goes past the outlet into the river [L/s].
    """

    flow: Floats
    items: Mapping[str, Floats]
    bypass: Floats


def production(city: City, schedule: Schedule, owner: Enterprise, times: Times) -> Floats:
    """Return the load of the production lines, 1 at design, 0 standing still, shape of `times`."""
    table = description()["enterprise"]
    first, last, least = description()["shift"][owner.shift]
    hour = china_hour(times)
    ramp = table["ramp_minutes"] / 60.0
    rise = np.clip((hour - first) / ramp, 0.0, 1.0) * np.clip((last - hour) / ramp, 0.0, 1.0)
    open_share = np.ones(len(times)) if last - first == 24 else least + (1 - least) * rise
    wander = smooth(key(city.seed, owner.code, "load"), times, table["load_hours"] * HOUR)
    level = open_share * np.clip(0.88 + table["load_wander"] * wander, 0.5, 1.1)
    level = level * ~_standing_still(city, schedule, owner, times)
    for violation, during in schedule.of(owner.code, times, "over_permit"):
        level = np.where(during, level * violation.size, level)
    return np.asarray(level)


def _standing_still(city: City, schedule: Schedule, owner: Enterprise, times: Times) -> Mask:
    """Return when the enterprise stands still: whole China days, not one on which it commits something,
    nor the day before, which it may copy.
    """
    day = (times + CHINA_OFFSET) // DAY
    share = description()["enterprise"]["stop_share"] * (owner.industry != "WWTP")
    still = uniform(key(city.seed, owner.code, "stop"), day) < share
    for violation in schedule.at(owner.code):
        first = (violation.start + CHINA_OFFSET) // DAY - 1
        still &= (day < first) | (day > (violation.end + CHINA_OFFSET) // DAY)
    return np.asarray(still)


def discharge(city: City, schedule: Schedule, outlet: Outlet, times: Times) -> Discharge:
    """Return what truly leaves an outlet at `times` [s UTC]."""
    level = production(city, schedule, city.owners[outlet.enterprise], times)
    flow = outlet.flow * np.clip(level, 0.0, None) * _flow_noise(city, outlet, times)
    if outlet.medium == "water":
        flow = np.maximum(flow, 0.01 * outlet.flow)
    bypass = np.zeros(len(times))
    effect = description("violations")["effect"]
    for violation, during in schedule.of(outlet.code, times, "night_discharge", "bypass"):
        if violation.kind == "bypass":
            bypass = np.where(during, outlet.flow * violation.size, bypass)
            flow = np.where(during, flow * effect["bypass_outlet_flow"], flow)
        else:
            flow = np.where(during, outlet.flow * effect["night_flow"], flow)
    items = {item.code: _concentration(city, schedule, outlet, item, level, times) for item in outlet.items}
    return Discharge(flow, items, bypass)


def _flow_noise(city: City, outlet: Outlet, times: Times) -> Floats:
    wander = smooth(key(city.seed, outlet.code, "flow"), times, 0.6 * HOUR)
    return 1.0 + 0.04 * np.asarray(wander)


def _concentration(
    city: City, schedule: Schedule, outlet: Outlet, item: Item, level: Floats, times: Times
) -> Floats:
    table, name = description()["enterprise"], key(city.seed, outlet.code, item.code)
    wander = smooth(name, times, table["concentration_hours"] * HOUR)
    fine = white(name ^ 1, times // 60)
    factor = np.clip(1 + table["concentration_wander"] * wander + 0.02 * fine, 0.4, 1.6)
    found = item.clean * factor
    if item.limit:
        found = np.minimum(found, table["highest_share"] * float(item.limit.value) * (1 + 0.01 * fine))
    if outlet.medium == "gas":
        found = item.idle + (found - item.idle) * np.clip(level / 0.3, 0.0, 1.0)
    return _violated(schedule, outlet, item, found, level, fine, times)


def _violated(
    schedule: Schedule,
    outlet: Outlet,
    item: Item,
    found: Floats,
    level: Floats,
    fine: Floats,
    times: Times,
) -> Floats:
    for violation, during in schedule.of(outlet.code, times):
        if not item.limit:
            continue
        if violation.kind == "treatment_off":
            lost = found + (item.raw - found) * violation.size
            found = np.where(during & (level > 0), lost, found)
        elif violation.kind in OVER_LIMIT or violation.kind == "night_discharge":
            noise = 1 + description("violations")["effect"]["true_noise"] * fine
            over = float(item.limit.value) * violation.size * np.clip(noise, 0.8, 1.2)
            works = (level > 0.02) | (violation.kind == "night_discharge")
            found = np.where(during & works, over, found)
    return found
