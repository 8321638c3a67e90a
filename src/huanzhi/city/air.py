"""Air 环境空气: background, and a steady Gaussian plume from every stack and workshop to every station.

The wind is the same everywhere and a plume is at once where the wind takes it: right within the few
kilometres of the district, where the air needs minutes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from huanzhi.city.chance import Floats, key, smooth, white
from huanzhi.city.model import Outlet, Place, Station, description
from huanzhi.city.simulation import Simulation, hour_times
from huanzhi.city.weather import Weather, sun
from huanzhi.city.world import MINUTE
from huanzhi.standards.periods import HOUR

METEOROLOGY = ("a01001", "a01002", "a01006", "a01007", "a01008")
_CITY_ITEMS = ("a34004", "a34002", "a21026", "a21004", "a05024", "a21005")
_FENCE_ITEMS = ("a24088",)


def shown(simulation: Simulation, station: Station, hour: int) -> dict[str, Floats]:
    """Return what a station shows, 60 minutes from `hour` on, by parameter code."""
    name = ("station", station.code, hour)
    return simulation.blocks.get(name, lambda: _shown(simulation, station, hour))


def items(station: Station) -> tuple[str, ...]:
    """Return the parameter codes that a station measures."""
    return (*(_FENCE_ITEMS if station.fence else _CITY_ITEMS), *METEOROLOGY)


def _shown(simulation: Simulation, station: Station, hour: int) -> dict[str, Floats]:
    seed, times, air = simulation.city.seed, hour_times(hour), simulation.weather(hour)
    found: dict[str, Floats] = {}
    for code in _FENCE_ITEMS if station.fence else _CITY_ITEMS:
        value = background(seed, code, hour, air) + plumes(simulation, station.place, code, hour)
        fine = white(key(seed, station.code, code), times // MINUTE)
        found[code] = np.maximum(value * (1 + 0.02 * fine), 0.0)
    if not station.fence:
        found["a34004"] = np.minimum(found["a34004"], 0.95 * found["a34002"])
    found |= dict(
        zip(METEOROLOGY, (air.temperature, air.humidity, air.pressure, air.wind, air.wind_from), strict=True)
    )
    return _interfered(simulation, station, hour, found)


def _interfered(
    simulation: Simulation, station: Station, hour: int, found: dict[str, Floats]
) -> dict[str, Floats]:
    """Spray the station: dust falls, the air is damp."""
    damp = description("violations")["effect"]["spray_humidity"]
    for violation, during in simulation.schedule.of(station.code, hour_times(hour), "station_interference"):
        for code in ("a34004", "a34002"):
            found[code] = np.where(during, found[code] * violation.size, found[code])
        found["a01002"] = np.where(during, np.minimum(found["a01002"] + damp, 99.0), found["a01002"])
    return found


def background(seed: int, code: str, hour: int, air: Weather) -> Floats:
    """Return the background of an item: it wanders, follows the day, and is washed out by rain."""
    table, times = description()["air"], hour_times(hour)
    wander = smooth(key(seed, "air", code), times, table["wander_hours"] * HOUR)
    day = sun(times) * (0.35 if code == "a05024" else -0.10)
    level = table["background"][code] * np.maximum(1 + table["wander"] * wander + day, 0.15)
    return np.asarray(np.where(air.rain > 0, level * 0.75, level))


def plumes(simulation: Simulation, place: Place, code: str, hour: int) -> Floats:
    """Return what all stacks and workshops add at a place, in the unit of the background."""
    source = description()["air"]["from_stack"].get(code)
    if source is None:
        return np.zeros(60)
    stacks = _stacks(simulation, source[0])
    air = simulation.weather(hour)
    total = np.zeros(60)
    if stacks:
        rates = _rates(simulation, source[0], hour)["rate"]
        heights = np.array([1.5 * outlet.stack for outlet in stacks])
        spread = dilution(np.array([(s.place.x, s.place.y) for s in stacks]), heights, place, air)
        total = (rates * spread).sum(axis=0)
    if code == "a24088":
        total = total + _workshops(simulation, place, hour, air)
    return np.asarray(total * 1000.0 * source[1])


def _stacks(simulation: Simulation, item: str) -> Sequence[Outlet]:
    return [o for o in simulation.city.outlets.values() if o.medium == "gas" and o.item(item)]


def _rates(simulation: Simulation, item: str, hour: int) -> dict[str, Floats]:
    """Return the emission of every stack [mg/s], stacks x 60 minutes."""

    def make() -> dict[str, Floats]:
        gone = [simulation.discharge(outlet, hour) for outlet in _stacks(simulation, item)]
        return {"rate": np.array([each.flow * each.items[item] for each in gone])}

    return simulation.blocks.get(("rates", item, hour), make)


def _workshops(simulation: Simulation, place: Place, hour: int, air: Weather) -> Floats:
    times, total = hour_times(hour), np.zeros(60)
    for shop in simulation.city.workshops:
        for violation, during in simulation.schedule.of(shop.code, times, "unpermitted_workshop"):
            spread = dilution(np.array([(shop.place.x, shop.place.y)]), np.array([shop.height]), place, air)
            total = total + shop.rate * violation.size * during * spread[0]
    return total


def dilution(sources: Floats, heights: Floats, place: Place, air: Weather) -> Floats:
    """Return concentration at the ground over emission [s/m3], n sources x 60 minutes.

    Parameters
    ----------
    sources : array, shape (n, 2)
        Places [km].
    heights : array, shape (n,)
        Heights of the plumes [m].

    References
    ----------
    .. [1] Gaussian plume; the form of the widths is that of Briggs for open country.
    """
    table = description()["air"]
    towards = np.radians(air.wind_from + 180.0)
    east, north = np.sin(towards), np.cos(towards)
    dx = (place.x - sources[:, :1]) * 1000.0
    dy = (place.y - sources[:, 1:]) * 1000.0
    along = dx * east + dy * north
    across = dx * north - dy * east
    reach = np.maximum(along, table["nearest"] * 1000.0)
    wide = table["sigma_y"] * reach / np.sqrt(1 + 0.0001 * reach)
    high = table["sigma_z"] * reach
    shape = np.exp(-0.5 * (across / wide) ** 2) * np.exp(-0.5 * (heights[:, None] / high) ** 2)
    return np.where(along > 0, shape / (np.pi * air.wind * wide * high), 0.0)
