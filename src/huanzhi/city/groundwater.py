"""Groundwater wells 地下水井: a background, and the old plume of a park that has become steady downstream."""

from __future__ import annotations

import math

import numpy as np

from huanzhi.city.chance import Floats, key, smooth
from huanzhi.city.model import Well, description
from huanzhi.city.simulation import Simulation, hour_times
from huanzhi.standards.periods import DAY

ITEMS = ("w01001", "w01014", "w21003", "hzg001")


def shown(simulation: Simulation, well: Well, hour: int) -> dict[str, Floats]:
    """Return what a well shows, 60 minutes from `hour` on; `hzg001` is the depth to water [m]."""
    table, times = description()["well"], hour_times(hour)
    share = plume_share(well)
    found = {}
    for code, level in table["background"].items():
        wander = smooth(key(simulation.city.seed, well.code, code), times, 6 * DAY)
        spread = 0.004 if code == "w01001" else 0.03
        found[code] = (level + share * table["plume"].get(code, 0.0)) * (1 + spread * wander)
    wander = smooth(key(simulation.city.seed, "water table"), times, 12 * DAY)
    found["hzg001"] = table["depth"] + table["depth_wander"] * wander
    return {code: np.asarray(found[code]) for code in ITEMS}


def plume_share(well: Well) -> float:
    """Return how much of the source's concentration reaches a well: none upstream, little aside."""
    table = description()["well"]
    reached = table["speed"] * 365 * table["years"] / 1000.0
    if not 0 < well.along <= reached:
        return 0.0
    wide = table["spread"] * math.sqrt(well.along * 1000 / 100) / 1000
    return math.exp(-0.5 * (well.across / wide) ** 2) / (1 + well.along)
