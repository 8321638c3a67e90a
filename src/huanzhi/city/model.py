"""What stands in the test city 测试城市: enterprises, outlets, rivers, sections, stations, wells.

Places are in kilometres east and north of a corner that lies in the sea; see `Place.lon` and `Place.lat`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@cache
def description(name: str = "city") -> Mapping[str, Any]:
    """Return a table of the city: ``city``, ``devices`` or ``violations``."""
    content = resources.files("huanzhi.city").joinpath(f"data/{name}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(content))


@dataclass(frozen=True, slots=True)
class Place:
    """A point, kilometres east and north of the corner."""

    x: float
    y: float

    @property
    def lon(self) -> float:
        """Longitude [degrees]."""
        table = description()["map"]
        return round(float(table["lon"] + self.x * table["east_degrees_per_km"]), 6)

    @property
    def lat(self) -> float:
        """Latitude [degrees]."""
        table = description()["map"]
        return round(float(table["lat"] + self.y * table["north_degrees_per_km"]), 6)


@dataclass(frozen=True, slots=True)
class Limit:
    """Limit of the permit 许可排放限值, taken from the table of a standard."""

    value: Decimal
    unit: str
    standard: str
    clause: str
    averaging: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item that an outlet discharges.

    Attributes
    ----------
    code : str
        Parameter code.
    raw, clean : float
        Concentration before treatment and after good treatment.
    idle : float
        Concentration while nothing flows.
    limit : Limit or None
    yearly : float or None
        Permitted quantity 许可排放量 [t a year].
    """

    code: str
    raw: float
    clean: float
    idle: float
    limit: Limit | None
    yearly: float | None


@dataclass(frozen=True, slots=True)
class Outlet:
    """Outlet 排放口 of waste water or of waste gas, with the treatment 治污设施 before it.

    Attributes
    ----------
    medium : str
        ``water`` or ``gas``.
    flow : float
        Design flow [L/s of water, m3/s of gas].
    river, chainage : str, float
        Where the water goes: river and kilometres from its source; the trunk sewer where river is empty.
    treatment : str, kW
        Wire code of the meter of the treatment, and its rated power.
    """

    code: str
    name: str
    enterprise: str
    medium: str
    place: Place
    flow: float
    items: tuple[Item, ...]
    treatment: str
    treatment_kw: float
    park: str = ""
    river: str = ""
    chainage: float = 0.0
    stack: float = 0.0
    temperature: float = 0.0

    def item(self, code: str) -> Item | None:
        """Return the item of a code."""
        return next((item for item in self.items if item.code == code), None)


@dataclass(frozen=True, slots=True)
class Enterprise:
    """Enterprise 企业, simulated, with its permit 排污许可证.

    Attributes
    ----------
    code : str
        In the shape of a unified social credit code 统一社会信用代码; its region does not exist.
    lines : mapping
        Wire code of the meter → rated power [kW] of the production line 生产线.
    waste : float
        Dangerous waste 危险废物 [kg by kWh of production]; 0 where there is none.
    """

    code: str
    name: str
    industry: str
    shift: str
    park: str
    place: Place
    permit: str
    lines: Mapping[str, float]
    outlets: tuple[Outlet, ...]
    waste: float


@dataclass(frozen=True, slots=True)
class River:
    """River with its course, flow [m3/s] and velocity [m/s]; `joins` another at its kilometre `joins_at`."""

    code: str
    name: str
    points: tuple[Place, ...]
    discharge: float
    velocity: float
    joins: str
    joins_at: float


@dataclass(frozen=True, slots=True)
class Section:
    """Water station at a section 断面 of a river."""

    code: str
    name: str
    river: str
    chainage: float
    place: Place


@dataclass(frozen=True, slots=True)
class Station:
    """Air station 空气站 or, at a park, a station at the fence 园区边界站 with NMHC."""

    code: str
    name: str
    place: Place
    fence: bool


@dataclass(frozen=True, slots=True)
class Well:
    """Groundwater well 地下水井; `along` and `across` [km] from the old source of its park."""

    code: str
    name: str
    place: Place
    along: float
    across: float


@dataclass(frozen=True, slots=True)
class Manhole:
    """Monitor in the trunk sewer 污水干管 of a park."""

    code: str
    name: str
    park: str
    place: Place


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workshop without permit 无证作坊: known to the truth alone."""

    code: str
    place: Place
    rate: float
    height: float
