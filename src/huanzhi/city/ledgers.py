"""Ledgers 台账 of the enterprises: dangerous waste by day, and what was emitted since the first of January.

Waste is made in proportion to the electricity of production; what is made goes into the store and, now and
then, to a licensed firm. Where waste does not add up, part of what is made is in neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from huanzhi.city.chance import draw
from huanzhi.city.model import Enterprise, Item, Outlet, description
from huanzhi.city.processes import discharge, production
from huanzhi.city.simulation import Simulation
from huanzhi.standards.periods import CHINA_OFFSET, DAY

_STEP = 600
_PICKED_UP_EVERY = 10
_USUAL_SHARE = (0.55, 0.75)


@dataclass(frozen=True, slots=True)
class WasteDay:
    """Ledger of dangerous waste 危险废物台账 of one enterprise and China day [kg].

    Attributes
    ----------
    day : str
        Date in China.
    made, moved : float
        Declared as made; handed to a licensed firm by manifest 转移联单.
    stored : float
        Declared as in the store at the end of the day.
    power_kwh : float
        Electricity of production on that day.
    """

    enterprise: str
    day: str
    power_kwh: float
    made: float
    moved: float
    stored: float


def waste_days(simulation: Simulation, owner: Enterprise) -> Iterator[WasteDay]:
    """Go through the ledger of an enterprise, day by day from the start of the city."""
    stored, city = 0.0, simulation.city
    first = (city.start + CHINA_OFFSET) // DAY
    for day in range(first, first + city.days):
        start = day * DAY - CHINA_OFFSET
        energy, made, hidden = made_on(simulation, owner, day)
        moved = stored if (day + int(owner.code[-3:])) % _PICKED_UP_EVERY == 0 else 0.0
        stored += made - hidden - moved
        date = datetime.fromtimestamp(start + CHINA_OFFSET, UTC).date().isoformat()
        declared = (round(energy, 1), round(made - hidden, 1), round(moved, 1), round(stored, 1))
        yield WasteDay(owner.code, date, *declared)


def made_on(simulation: Simulation, owner: Enterprise, day: int) -> tuple[float, float, float]:
    """Return electricity [kWh], waste [kg] and what of it is hidden on a day of China [days since 1970]."""
    start = day * DAY - CHINA_OFFSET
    times = np.arange(start, start + DAY, _STEP, dtype=np.int64)
    level = production(simulation.city, simulation.schedule, owner, times)
    energy = sum(owner.lines.values()) * float((0.05 + 0.95 * level).sum()) * _STEP / 3600
    chance = draw(simulation.city.seed, owner.code, "waste", day)
    made = owner.waste * energy * (1 + 0.03 * (2 * chance - 1))
    return energy, made, _hidden(simulation, owner, times) * made


def _hidden(
    simulation: Simulation, owner: Enterprise, times: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> float:
    found = simulation.schedule.of(owner.code, times, "waste_imbalance")
    return max((violation.size for violation, _ in found), default=0.0)


def emitted_before(simulation: Simulation, outlet: Outlet, item: Item) -> float:
    """Return what an outlet has emitted from the first of January to the start of the city [t].

    A usual share of what the year allows so far; of an outlet that will go over its permit, as much as lets
    the permitted quantity be used up when that violation begins.
    """
    if item.yearly is None:
        return 0.0
    for violation in simulation.schedule.of_kind("over_permit"):
        if violation.place == outlet.code:
            left = emitted(simulation, outlet, item, simulation.city.start, violation.start)
            return round(max(item.yearly - left, 0.0), 6)
    name = (simulation.city.seed, outlet.code, item.code, "emitted")
    low, high = _USUAL_SHARE
    return round(item.yearly * (low + (high - low) * draw(*name)) * _year_share(simulation.city.start), 6)


def emitted(simulation: Simulation, outlet: Outlet, item: Item, start: int, end: int) -> float:
    """Return what an outlet truly emits in [`start`, `end`) [t]."""
    times = np.arange(start, end, _STEP, dtype=np.int64)
    if not len(times):
        return 0.0
    gone = discharge(simulation.city, simulation.schedule, outlet, times)
    return float((gone.flow * gone.items[item.code]).sum()) * _STEP * 1e-9


def _year_share(moment: int) -> float:
    local = datetime.fromtimestamp(moment + CHINA_OFFSET, UTC)
    return (local.timetuple().tm_yday - 1) / 365


def waste_owners(simulation: Simulation) -> Iterator[Enterprise]:
    """Go through the enterprises that make dangerous waste."""
    return (owner for owner in simulation.city.enterprises if owner.waste)


def remark() -> str:
    """Return the sentence that says that all of this is simulated."""
    return str(description()["remark"])
