"""The city 测试城市 as a whole: who stands where, for one seed.

>>> from datetime import date
>>> city = build(seed=7, enterprises=60)
>>> len(city.enterprises), city == build(seed=7, enterprises=60), city.enterprises[5].name[:2]
(60, True, '模拟')
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from huanzhi.city import geometry
from huanzhi.city.chance import between, pick
from huanzhi.city.enterprises import enterprises as make_enterprises
from huanzhi.city.model import (
    Enterprise,
    Manhole,
    Outlet,
    Place,
    River,
    Section,
    Station,
    Well,
    Workshop,
    description,
)
from huanzhi.standards.periods import DAY

MINUTE = 60


@dataclass(frozen=True)
class City:
    """One test city.

    Attributes
    ----------
    seed : int
    start : int
        First moment of the city's clock [s UTC].
    days : int
        How many days from `start` violations are spread over.
    """

    seed: int
    start: int
    days: int
    enterprises: tuple[Enterprise, ...]
    rivers: Mapping[str, River]
    sections: tuple[Section, ...]
    stations: tuple[Station, ...]
    wells: tuple[Well, ...]
    manholes: tuple[Manhole, ...]
    workshops: tuple[Workshop, ...]

    @cached_property
    def outlets(self) -> dict[str, Outlet]:
        """Outlets by code."""
        return {outlet.code: outlet for owner in self.enterprises for outlet in owner.outlets}

    @cached_property
    def owners(self) -> dict[str, Enterprise]:
        """Enterprises by code."""
        return {owner.code: owner for owner in self.enterprises}

    @property
    def end(self) -> int:
        """First moment after the days of the city [s UTC]."""
        return self.start + self.days * DAY


def build(
    seed: int | None = None,
    enterprises: int | None = None,
    start: datetime | None = None,
    days: int | None = None,
) -> City:
    """Return the city of a seed; what is not given is taken from ``city.toml``.

    Parameters
    ----------
    enterprises : int, optional
        How many, the sewage plant among them; at least 1.
    start : datetime, optional
        Aware; seconds are cut to the minute.
    """
    town = description()
    seed = town["seed"] if seed is None else seed
    count = town["enterprises"] if enterprises is None else enterprises
    moment = (town["start"] if start is None else start).astimezone(UTC)
    rivers = geometry.rivers(town["river"])
    return City(
        seed=seed,
        start=int(moment.timestamp()) // MINUTE * MINUTE,
        days=town["days"] if days is None else days,
        enterprises=make_enterprises(seed, count, moment.date(), rivers),
        rivers=rivers,
        sections=tuple(_sections(rivers)),
        stations=tuple(_stations()),
        wells=tuple(_wells()),
        manholes=tuple(_manholes()),
        workshops=tuple(_workshops(seed)),
    )


def _sections(rivers: Mapping[str, River]) -> Iterator[Section]:
    for row in description()["river"]:
        points = rivers[row["code"]].points
        for number, chainage in enumerate(row["sections"], 1):
            name = f"{row['name']}断面{number}"
            yield Section(
                f"SIM{row['code']}S{number}", name, row["code"], chainage, geometry.place_at(points, chainage)
            )


def _stations() -> Iterator[Station]:
    town = description()
    for row in town["air"]["station"]:
        yield Station(row["code"], row["name"], Place(*row["at"]), fence=False)
    for park in town["park"]:
        for number, (reach, angle) in enumerate(_rings(town["air"]["rings"]), 1):
            place = _around(park, reach, angle)
            yield Station(f"SIM{park['code']}F{number}", f"{park['name']}边界站{number}", place, fence=True)


def _wells() -> Iterator[Well]:
    table = description()["well"]
    parks = {park["code"]: park for park in description()["park"]}
    angle = math.radians(table["flow_towards"])
    for park in (parks[code] for code in table["around"]):
        for number, along in enumerate(table["distances"], 1):
            across = 0.02 * (number - 2)
            place = Place(
                park["at"][0] + along * math.sin(angle) + across * math.cos(angle),
                park["at"][1] + along * math.cos(angle) - across * math.sin(angle),
            )
            yield Well(f"SIM{park['code']}W{number}", f"{park['name']}地下水井{number}", place, along, across)


def _manholes() -> Iterator[Manhole]:
    for park in description()["park"]:
        place = Place(park["at"][0] + park["radius"], park["at"][1])
        yield Manhole(f"SIM{park['code']}M1", f"{park['name']}污水干管监测井", park["code"], place)


def _workshops(seed: int) -> Iterator[Workshop]:
    table: Mapping[str, Any] = description()["workshop"]
    for number in range(1, table["count"] + 1):
        park = pick(description()["park"], seed, "workshop", number)
        name = (seed, "workshop", number)
        place = _around(
            park, between(*table["reach"], *name, "reach"), between(0, 2 * math.pi, *name, "angle")
        )
        yield Workshop(f"SIMX{number:02d}", place, table["rate"], table["height"])


def _rings(rings: Sequence[tuple[int, float]]) -> Iterator[tuple[float, float]]:
    """Go through the places of rings: radii of the park, angle from the north."""
    for count, reach in rings:
        yield from ((reach, 2 * math.pi * number / count) for number in range(count))


def _around(park: Mapping[str, Any], reach: float, angle: float) -> Place:
    away = park["radius"] * reach
    return Place(park["at"][0] + away * math.sin(angle), park["at"][1] + away * math.cos(angle))
