"""Truth log 真值记录: what was truly committed, by whom, where, when, and how much more was let out by it.

It is for scoring alone: no rule of the platform may read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from huanzhi.city.model import Item, Outlet
from huanzhi.city.processes import discharge
from huanzhi.city.register import china_time
from huanzhi.city.simulation import Simulation, lawful
from huanzhi.city.violations import Violation
from huanzhi.city.world import MINUTE
from huanzhi.messages import text

_SEEN_BY = {
    "short_exceedance": ["outlet"],
    "daily_exceedance": ["outlet"],
    "night_discharge": ["outlet", "river"],
    "bypass": ["river", "outlet"],
    "treatment_off": ["meter", "outlet"],
    "constant_data": ["outlet", "river"],
    "clipped_data": ["outlet", "river"],
    "copied_data": ["outlet", "river"],
    "instrument_drift": ["outlet"],
    "offline": ["device", "meter"],
    "over_permit": ["outlet", "register"],
    "unpermitted_workshop": ["air"],
    "station_interference": ["station"],
    "waste_imbalance": ["ledger", "meter"],
}


def truth(simulation: Simulation) -> Iterator[dict[str, Any]]:
    """Go through the violations in the order of their beginnings, one plain record each."""
    return (_record(simulation, violation) for violation in simulation.schedule.violations)


def _record(simulation: Simulation, violation: Violation) -> dict[str, Any]:
    outlet = simulation.city.outlets.get(violation.place)
    return {
        "number": violation.number,
        "kind": violation.kind,
        "kind_name": text(f"city.{violation.kind}"),
        "culprit": violation.culprit,
        "place": violation.place,
        "medium": outlet.medium if outlet else "",
        "start": china_time(violation.start),
        "end": china_time(violation.end),
        "size": violation.size,
        "seen_by": _seen_by(violation, outlet),
        "parameters": [item.code for item in outlet.items if item.limit] if outlet else [],
        "excess_kg": _excess(simulation, violation, outlet) if outlet else {},
        "simulated": True,
    }


def _seen_by(violation: Violation, outlet: Outlet | None) -> list[str]:
    """Return where signs of it can be seen; what does not go to the river is seen in the sewer."""
    ways = _SEEN_BY[violation.kind]
    if outlet is None or "river" not in ways or violation.kind == "bypass":
        return ways
    beyond = "air" if outlet.medium == "gas" else "river" if outlet.river else "sewer"
    return [beyond if way == "river" else way for way in ways]


def _excess(simulation: Simulation, violation: Violation, outlet: Outlet) -> dict[str, float]:
    """Return how much more was let out than by the same outlet keeping the law [kg]."""
    times = np.arange(violation.start, violation.end, MINUTE, dtype=np.int64)
    found = {}
    for item in outlet.items:
        if item.limit:
            more = _mass(simulation, outlet, item, times) - _mass(
                lawful(simulation.city), outlet, item, times
            )
            found[item.code] = round(max(more, 0.0), 3)
    return found


def _mass(
    simulation: Simulation, outlet: Outlet, item: Item, times: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> float:
    gone = discharge(simulation.city, simulation.schedule, outlet, times)
    return float((gone.flow * gone.items[item.code] + gone.bypass * item.raw).sum()) * MINUTE / 1e6
