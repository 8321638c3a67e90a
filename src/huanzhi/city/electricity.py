"""Electricity meters 用电监控 of production lines and treatments: power [kW]."""

from __future__ import annotations

import numpy as np

from huanzhi.city.chance import Floats, key, white
from huanzhi.city.model import Enterprise, description
from huanzhi.city.processes import production
from huanzhi.city.simulation import Simulation, hour_times
from huanzhi.city.world import MINUTE


def shown(simulation: Simulation, owner: Enterprise, hour: int) -> dict[str, Floats]:
    """Return the power of every meter of an enterprise, 60 minutes from `hour` on, by wire code."""
    city, times = simulation.city, hour_times(hour)
    level = production(city, simulation.schedule, owner, times)
    found = {code: rated * (0.05 + 0.95 * level) for code, rated in owner.lines.items()}
    for outlet in owner.outlets:
        needed = 0.04 + (level > 0) * (0.3 + 0.6 * np.clip(level, 0.0, 1.0))
        for _, during in simulation.schedule.of(outlet.code, times, "treatment_off"):
            needed = np.where(during, description("violations")["effect"]["off_power"], needed)
        found[outlet.treatment] = outlet.treatment_kw * needed
    return {
        code: np.maximum(power * (1 + 0.015 * white(key(city.seed, owner.code, code), times // MINUTE)), 0.0)
        for code, power in found.items()
    }
