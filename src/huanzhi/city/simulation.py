"""A city with what happens in it: the one thing that the parts of the physics ask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from huanzhi.city.blocks import Kept, minutes
from huanzhi.city.chance import Floats, Times
from huanzhi.city.model import Outlet
from huanzhi.city.processes import Discharge, discharge
from huanzhi.city.violations import Schedule, schedule
from huanzhi.city.weather import Weather, weather
from huanzhi.city.world import City
from huanzhi.standards.periods import HOUR

if TYPE_CHECKING:
    from huanzhi.city.summaries import Summary

_KEPT_HOURS = 8
_KEPT_LEAST = 4096
_KEPT_SUMMARIES = 27


@dataclass(frozen=True)
class Simulation:
    """A city and its violations.

    Parameters
    ----------
    city : City
    schedule : Schedule
        Empty for a city in which everybody keeps the law.
    """

    city: City
    schedule: Schedule

    @cached_property
    def _discharges(self) -> Kept[Discharge]:
        return Kept(max(_KEPT_LEAST, _KEPT_HOURS * len(self.city.outlets)))

    @cached_property
    def _weathers(self) -> Kept[Weather]:
        return Kept(_KEPT_HOURS)

    @cached_property
    def blocks(self) -> Kept[dict[str, Floats]]:
        """Hours of anything else, by name and hour."""
        return Kept(max(_KEPT_LEAST, _KEPT_HOURS * len(self.city.outlets)))

    @cached_property
    def marks(self) -> Kept[npt.NDArray[np.str_]]:
        """Hours of marks, by device and hour."""
        return Kept(max(_KEPT_LEAST, _KEPT_HOURS * len(self.city.outlets)))

    @cached_property
    def summaries(self) -> Kept[Summary]:
        """Hours of devices summed up, enough of them for a day and more."""
        devices = len(self.city.outlets) + len(self.city.enterprises) + 100
        return Kept(_KEPT_SUMMARIES * devices)

    def discharge(self, outlet: Outlet, hour: int) -> Discharge:
        """Return the 60 minutes of what truly leaves an outlet from `hour` [s UTC, a whole hour] on."""
        return self._discharges.get(
            (outlet.code, hour),
            lambda: discharge(self.city, self.schedule, outlet, minutes(hour, hour + HOUR)),
        )

    def weather(self, hour: int) -> Weather:
        """Return the 60 minutes of weather from `hour` on."""
        return self._weathers.get(hour, lambda: weather(self.city.seed, minutes(hour, hour + HOUR)))


def simulate(city: City) -> Simulation:
    """Return a city with the violations of its seed."""
    return Simulation(city, schedule(city))


def lawful(city: City) -> Simulation:
    """Return a city without any violation."""
    return Simulation(city, Schedule(()))


def hour_times(hour: int) -> Times:
    """Return the 60 minutes from `hour` on [s UTC]."""
    return hour + 60 * np.arange(60, dtype=np.int64)
