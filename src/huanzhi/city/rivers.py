"""Rivers 河流: flow, travel time, and what a section sees of every outlet upstream.

What an outlet lets go at t passes a section at t + distance / velocity, spread by dispersion, less by decay,
diluted by the flow there. Everything adds to the background of the river. Conductivity is mixed the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from huanzhi.city import geometry
from huanzhi.city.chance import Floats, key, smooth, white
from huanzhi.city.model import Outlet, Section, description
from huanzhi.city.simulation import Simulation, hour_times
from huanzhi.city.weather import rainfall
from huanzhi.city.world import MINUTE, City
from huanzhi.standards.periods import DAY, HOUR

_KM = 1000.0


@dataclass(frozen=True, slots=True)
class Way:
    """Way of the water from an outlet to a section.

    Attributes
    ----------
    seconds : float
        Travel time [s].
    first : int
        Shortest delay [minutes]; `weights` are those of the delays from there on, and add up to 1.
    """

    outlet: str
    seconds: float
    first: int
    weights: tuple[float, ...]


def upstream(city: City, section: Section) -> tuple[Way, ...]:
    """Return the ways of all water outlets whose water, or bypass, comes past a section."""
    return _upstream(_Key(city), section)


def discharge_at(simulation: Simulation, section: Section, hour: int) -> Floats:
    """Return the flow of the river at a section [m3/s], 60 minutes from `hour` on."""
    city, table, times = simulation.city, description()["water"], hour_times(hour)
    river = city.rivers[section.river]
    joined = sum(
        other.discharge
        for other in city.rivers.values()
        if other.joins == river.code and other.joins_at < section.chainage
    )
    wander = smooth(key(city.seed, river.code, "flow"), times, table["flow_hours"] * HOUR)
    rain = table["flow_of_rain"] * rainfall(city.seed, times)
    share = 1 + table["flow_wander"] * wander + rain
    return np.asarray(np.maximum((river.discharge + joined) * share, 0.3))


def truth(simulation: Simulation, section: Section, hour: int) -> dict[str, Floats]:
    """Return what the water at a section truly holds, 60 minutes from `hour` on, by parameter code."""
    name = ("section", section.code, hour)
    return simulation.blocks.get(name, lambda: _truth(simulation, section, hour))


def _truth(simulation: Simulation, section: Section, hour: int) -> dict[str, Floats]:
    city, table, times = simulation.city, description()["water"], hour_times(hour)
    flow = discharge_at(simulation, section, hour)
    added = _added(simulation, section, hour)
    found: dict[str, Floats] = {}
    for place, (code, level) in enumerate(table["background"].items()):
        wander = smooth(key(city.seed, section.river, code), times, 20 * HOUR)
        found[code] = level * (1 + 0.08 * wander) + added[place] / (flow * _KM)
    air = simulation.weather(hour)
    found["w01010"] = 18.0 + 0.3 * (air.temperature - 18.0)
    found["w01009"] = 8.6 - 0.09 * (found["w01010"] - 18.0) - 0.35 * (found["w01019"] - 2.2)
    found["w01009"] = np.maximum(found["w01009"], 0.2)
    found["w01001"] = 7.5 + 0.12 * smooth(key(city.seed, section.code, "ph"), times, 15 * HOUR)
    found["w01003"] = 14.0 * (1 + 0.15 * smooth(key(city.seed, section.code, "ntu"), times, 8 * HOUR))
    found["w01003"] = np.maximum(found["w01003"] + 6.0 * air.rain, 0.5)
    found["hzq001"] = flow
    return found


def _added(simulation: Simulation, section: Section, hour: int) -> Floats:
    """Return what comes from outlets [mg/s], items of the background x 60 minutes."""
    codes = tuple(description()["water"]["background"])
    decay = np.array([description()["water"]["decay"][code] for code in codes])
    total = np.zeros((len(codes), 60))
    for way in upstream(simulation.city, section):
        series = _series(simulation, way, hour)
        if series is not None:
            windows = np.lib.stride_tricks.sliding_window_view(series, len(way.weights), axis=1)
            arrived = windows @ np.array(way.weights[::-1])
            total += arrived * np.exp(-decay * way.seconds / DAY)[:, None]
    return total


def _series(simulation: Simulation, way: Way, hour: int) -> Floats | None:
    """Return the minutes that an outlet let go and that arrive within the hour."""
    outlet = simulation.city.outlets[way.outlet]
    last = hour - way.first * MINUTE
    first = last - (len(way.weights) - 1) * MINUTE
    hours = range(first // HOUR * HOUR, last + HOUR, HOUR)
    if not outlet.river and not _bypasses(simulation, outlet, hours[0], hours[-1] + HOUR):
        return None
    whole = np.concatenate([_let_go(simulation, outlet, each) for each in hours], axis=1)
    begin = (first - hours[0]) // MINUTE
    return whole[:, begin : begin + 59 + len(way.weights)]


def _bypasses(simulation: Simulation, outlet: Outlet, start: int, end: int) -> bool:
    times = np.arange(start, end, MINUTE, dtype=np.int64)
    return any(simulation.schedule.of(outlet.code, times, "bypass"))


def _let_go(simulation: Simulation, outlet: Outlet, hour: int) -> Floats:
    """Return what an outlet and its bypass let into the river [mg/s], items x 60 minutes."""
    found = simulation.blocks.get(("river", outlet.code, hour), lambda: _masses(simulation, outlet, hour))
    return found["mass"]


def _masses(simulation: Simulation, outlet: Outlet, hour: int) -> dict[str, Floats]:
    table = description()["water"]
    gone = simulation.discharge(outlet, hour)
    rows = []
    for code in table["background"]:
        source, factor = table["from_outlet"][code]
        item = outlet.item(source)
        through = gone.items[source] * gone.flow if item and outlet.river else np.zeros(60)
        past = gone.bypass * (item.raw if item else 0.0)
        rows.append(factor * (through + past))
    return {"mass": np.array(rows)}


class _Key:
    """A city by identity, so that its ways are found once."""

    def __init__(self, city: City) -> None:
        self.city = city

    def __hash__(self) -> int:
        return hash((self.city.seed, len(self.city.enterprises)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.city.outlets.keys() == self.city.outlets.keys()


@lru_cache(maxsize=256)
def _upstream(held: _Key, section: Section) -> tuple[Way, ...]:
    return tuple(_ways(held.city, section))


def _ways(city: City, section: Section) -> Iterator[Way]:
    parks = {park["code"]: park["river"] for park in description()["park"]}
    for outlet in city.outlets.values():
        if outlet.medium != "water":
            continue
        river = outlet.river or parks[outlet.park]
        at = outlet.chainage or geometry.nearest(city.rivers[river].points, outlet.place)[0]
        legs = _legs(city, section, river, at)
        if legs:
            yield _way(outlet.code, legs)


def _legs(city: City, section: Section, river: str, at: float) -> list[tuple[float, float]]:
    """Return (km, velocity) of each river on the way; nothing where the section lies upstream."""
    own = city.rivers[river]
    if river == section.river:
        return [(section.chainage - at, own.velocity)] if at < section.chainage else []
    if own.joins != section.river or own.joins_at >= section.chainage:
        return []
    length = sum(geometry.distance(*pair) for pair in zip(own.points, own.points[1:], strict=False))
    rest = section.chainage - own.joins_at
    return [(length - at, own.velocity), (rest, city.rivers[section.river].velocity)]


def _way(outlet: str, legs: list[tuple[float, float]]) -> Way:
    spread = description()["water"]["spread"]
    seconds = sum(km * _KM / velocity for km, velocity in legs)
    variance = sum(2 * spread * km * _KM / velocity**3 for km, velocity in legs)
    sigma = max(np.sqrt(variance), float(MINUTE))
    first = max(int((seconds - 3 * sigma) // MINUTE), 0)
    last = int((seconds + 3 * sigma) // MINUTE) + 1
    delays = np.arange(first, last + 1) * MINUTE
    weights = np.exp(-0.5 * ((delays - seconds) / sigma) ** 2)
    return Way(outlet, seconds, first, tuple((weights / weights.sum()).tolist()))


def shown(simulation: Simulation, section: Section, hour: int) -> dict[str, Floats]:
    """Return what the station at a section shows: the truth, its noise, and interference with it."""
    times = hour_times(hour)
    found = {
        code: value * (1 + 0.012 * white(key(simulation.city.seed, section.code, code), times // MINUTE))
        for code, value in truth(simulation, section, hour).items()
    }
    for violation, during in simulation.schedule.of(section.code, times, "station_interference"):
        bucket = _bucket(simulation, section, violation.start // HOUR * HOUR, violation.size)
        noise = description("violations")["effect"]["bucket_noise"]
        for code in description()["water"]["background"]:
            fine = white(key(simulation.city.seed, section.code, code, "bucket"), times // MINUTE)
            found[code] = np.where(during, bucket[code] * (1 + noise * fine), found[code])
    return found


def _bucket(simulation: Simulation, section: Section, hour: int, share: float) -> dict[str, float]:
    return {
        code: float(value[0]) * share
        for code, value in truth(simulation, section, hour).items()
        if code in description()["water"]["background"]
    }
