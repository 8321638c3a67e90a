"""Enterprises 企业 of the city: where they stand, what they discharge, their permits.

Limits of the permits are those of the standard that the table names, on the first day of the city; permitted
quantities are design flow x limit x hours of the year (DEFAULT, NOT FROM THE DOCUMENTS).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from huanzhi.city import geometry
from huanzhi.city.chance import between, draw, pick, weighted
from huanzhi.city.model import Enterprise, Item, Limit, Outlet, Place, River, description
from huanzhi.standards import emission

_SIZES = ("星", "河", "山", "林", "云", "石", "海", "田", "原", "川", "泉", "岭", "湾", "洲", "峰", "溪")
_MEDIA = {"water": ("废水排放口", "DW"), "gas": ("废气排放口", "DA")}
PLANT = "WWTP"


def enterprises(seed: int, count: int, day: date, rivers: Mapping[str, River]) -> tuple[Enterprise, ...]:
    """Return the sewage plant and `count` - 1 other enterprises."""
    shrink = min(1.0, description()["enterprise"]["size_for"] / count)
    others = tuple(_enterprise(seed, number, shrink, day, rivers) for number in range(1, count))
    return (_plant(others, day, rivers), *others)


def _enterprise(seed: int, number: int, shrink: float, day: date, rivers: Mapping[str, River]) -> Enterprise:
    town, name = description(), (seed, "enterprise", number)
    park = town["park"][(number - 1) % len(town["park"])]
    industry = weighted(park["industries"], *name, "industry")
    table = town["industry"][industry]
    place = _near(park, name)
    size = shrink * (1 + town["enterprise"]["spread"] * (2 * draw(*name, "size") - 1))
    code = _code(number)
    called = pick(_SIZES, *name, "first") + pick(_SIZES, *name, "second")
    outlets = tuple(_outlets(name, code, f"{number:04d}", table, size, place, park, day, rivers))
    return Enterprise(
        code=code,
        name=f"{town['mark']}{called}{table['name']}有限公司{number:04d}",
        industry=industry,
        shift=table["shift"],
        park=park["code"],
        place=place,
        permit=f"{code}001P",
        lines={f"hzd1{line:02d}": round(kw * size, 1) for line, kw in enumerate(table["power"], 1)},
        outlets=outlets,
        waste=table.get("waste", 0.0),
    )


def _code(number: int) -> str:
    return f"91{description()['region_code']}SIM{number:07d}"


def _near(park: Mapping[str, Any], name: tuple[object, ...]) -> Place:
    dx, dy = (between(-park["radius"], park["radius"], *name, axis) for axis in "xy")
    return Place(round(park["at"][0] + dx, 4), round(park["at"][1] + dy, 4))


def _outlets(
    name: tuple[object, ...],
    code: str,
    number: str,
    table: Mapping[str, Any],
    size: float,
    place: Place,
    park: Mapping[str, Any],
    day: date,
    rivers: Mapping[str, River],
) -> Iterator[Outlet]:
    for place_of_meter, (medium, (title, prefix)) in enumerate(_MEDIA.items(), 1):
        if medium not in table:
            continue
        direct = medium == "water" and draw(*name, "direct") < description()["sewer"]["direct_share"]
        river = park["river"] if direct else ""
        own = table[medium]
        yield Outlet(
            code=f"SIM{number}{prefix}001",
            name=title,
            enterprise=code,
            medium=medium,
            place=place,
            flow=round(own["flow"] * size, 3),
            items=tuple(_item(row, medium, own["flow"] * size, day) for row in own["items"]),
            treatment=f"hzd2{place_of_meter:02d}",
            treatment_kw=round(own["treatment"] * size, 1),
            park=park["code"],
            river=river,
            chainage=round(geometry.nearest(rivers[river].points, place)[0], 3) if river else 0.0,
            stack=own.get("stack", 0.0),
            temperature=own.get("temperature", 0.0),
        )


def _item(row: Mapping[str, Any], medium: str, flow: float, day: date) -> Item:
    limit = _limit(row["limit"], day) if "limit" in row else None
    clean = float(limit.value) * row["clean"] if limit else row["level"]
    idle = row.get("idle", row["raw"] if medium == "water" else 0.0)
    yearly = round(_tonnes(medium, flow, float(limit.value)), 3) if limit else None
    return Item(row["code"], row["raw"], clean, clean if medium == "water" else idle, limit, yearly)


def _tonnes(medium: str, flow: float, concentration: float) -> float:
    """Return tonnes a year: L/s x mg/L and m3/s x mg/m3 are both mg/s."""
    return flow * concentration * 1e-9 * 3600 * float(description()["enterprise"]["yearly_hours"])


def _limit(asked: Mapping[str, str], day: date) -> Limit:
    named = {key: value for key, value in asked.items() if key not in ("standard", "item")}
    found = emission.limit(asked["standard"], day, asked["item"], **named)  # type: ignore[arg-type]
    assert found.maximum is not None
    return Limit(found.maximum, found.unit, found.number, found.clause, found.averaging)


def _plant(others: Sequence[Enterprise], day: date, rivers: Mapping[str, River]) -> Enterprise:
    town = description()
    table, sewer = town["plant"], town["sewer"]
    place, own = Place(*sewer["plant_at"]), table["water"]
    river = rivers[sewer["plant_river"]]
    brought = sum(outlet.flow for owner in others for outlet in owner.outlets if _to_sewer(outlet))
    flow = round(own["reserve"] * (brought + sewer["households"] * len(description()["park"])), 1)
    outlet = Outlet(
        code="SIM0000DW001",
        name=_MEDIA["water"][0],
        enterprise=_code(0),
        medium="water",
        place=place,
        flow=flow,
        items=tuple(_item(row, "water", flow, day) for row in own["items"]),
        treatment="hzd201",
        treatment_kw=round(own["treatment_by_flow"] * flow, 1),
        river=river.code,
        chainage=round(geometry.nearest(river.points, place)[0], 3),
    )
    lines = {"hzd101": round(table["power_by_flow"] * flow, 1)}
    name = f"{town['mark']}{table['name']}"
    return Enterprise(
        _code(0), name, PLANT, table["shift"], "", place, f"{_code(0)}001P", lines, (outlet,), 0.0
    )


def _to_sewer(outlet: Outlet) -> bool:
    return outlet.medium == "water" and not outlet.river
