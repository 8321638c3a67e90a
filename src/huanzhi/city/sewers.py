"""Sewers 污水管网: the monitor in the trunk of a park sees outlets without a river, and households."""

from __future__ import annotations

import numpy as np

from huanzhi.city.chance import Floats, key, smooth
from huanzhi.city.model import Manhole, description
from huanzhi.city.simulation import Simulation, hour_times
from huanzhi.city.weather import china_hour
from huanzhi.standards.periods import HOUR

ITEMS = ("w00000", "w01018", "w21003", "w01014")


def shown(simulation: Simulation, manhole: Manhole, hour: int) -> dict[str, Floats]:
    """Return what the monitor in a trunk shows, 60 minutes from `hour` on."""
    table, times, city = description()["sewer"], hour_times(hour), simulation.city
    phase = 2 * np.pi * (china_hour(times) - 9) / 24
    flow = table["households"] * (1 + 0.35 * np.cos(phase) + 0.25 * np.cos(2 * phase))
    flow = flow * (1 + 0.05 * smooth(key(city.seed, manhole.code), times, 3 * HOUR))
    masses = {code: flow * level for code, level in table["household"].items() if code in ITEMS}
    for outlet in city.outlets.values():
        if outlet.medium == "water" and outlet.park == manhole.park and not outlet.river:
            gone = simulation.discharge(outlet, hour)
            flow = flow + gone.flow
            masses = {c: m + gone.flow * gone.items.get(c, np.zeros(60)) for c, m in masses.items()}
    return {"w00000": flow, **{code: mass / flow for code, mass in masses.items()}}
