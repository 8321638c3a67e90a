"""Field work of the test city 模拟现场工作: areas with keepers and plans, some patrols, some spots to verify.

All of it is made up, marked as simulated, and made through the services that people use; made again it stays.
"""

from __future__ import annotations

import csv
import io
import uuid
from datetime import date, datetime, timedelta
from typing import Any

from huanzhi.center.patrols.models import Area, Keeper, Patrol, Plan
from huanzhi.center.patrols.planning import plan_for
from huanzhi.center.patrols.recording import FoundIn, PatrolIn, record
from huanzhi.center.patrols.settings import checklists
from huanzhi.center.sightings.importing import Told, accept
from huanzhi.center.sightings.models import Batch, Sighting
from huanzhi.center.sightings.verifying import Visit, assign, verify
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Person
from huanzhi.library.places.models import Section
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

KEEPERS = ("grid", "inspector")
HALF = 0.012
"""Half of the side of a made-up area [degrees]."""

METRE = 1 / 111_320
WEEK = timedelta(days=7)
SEEN = (
    ("岸边疑似堆放", "solid_waste"),
    ("疑似裸土未覆盖", "dust"),
    ("疑似排污口水色异常", "outlet_water"),
    ("疑似焚烧痕迹", "burning"),
)


def furnish(now: datetime, city: str = "990001") -> dict[str, int]:
    """Make field work for the test city where there is none yet; return how many of each there are.

    Parameters
    ----------
    city : str
        Region of the city; its places and accounts must be there.
    """
    spots = _spots(city)
    if spots and not Area.objects.filter(simulated=True).exists():
        areas = [_area(number, spot, now.date()) for number, spot in enumerate(spots, 1)]
        for back, plan in enumerate(Plan.objects.filter(area__in=areas).select_related("keeper__person")):
            _patrol(plan, now - WEEK * (1 + back % 2) - timedelta(hours=back), back)
    if spots and not Batch.objects.filter(simulated=True).exists():
        _sightings(city, spots, now)
    return {
        "areas": Area.objects.filter(simulated=True).count(),
        "patrols": Patrol.objects.filter(simulated=True).count(),
        "sightings": Sighting.objects.filter(simulated=True).count(),
    }


def _spots(city: str) -> list[Any]:
    """Return places of the city to go to: one river section or enterprise of each county."""
    found: dict[str, Any] = {}
    for model in (Section, Enterprise):
        rows: Any = model._default_manager.filter(simulated=True, lon__isnull=False).select_related("region")
        for row in rows.order_by("code"):
            if f"{city}/" in row.region.path:
                found.setdefault(row.region_id, row)
    return [found[code] for code in sorted(found)][:4]


def _area(number: int, spot: Any, day: date) -> Area:
    west, east, south, north = spot.lon - HALF, spot.lon + HALF, spot.lat - HALF, spot.lat + HALF
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    river = isinstance(spot, Section)
    made = Area(
        code=f"MN-WG-{number:02d}",
        name=f"{spot.name}{'河段' if river else '网格'}（模拟）",
        category="river" if river else "grid",
        level="village",
        region=spot.region,
        geometry={"type": "Polygon", "coordinates": [ring]},
        simulated=True,
    )
    save(SYSTEM, made, "demo")
    person = Person.objects.filter(code=KEEPERS[(number - 1) % len(KEEPERS)]).first()
    keeper = Keeper(
        code=f"MN-ZR-{number:02d}",
        area=made,
        name=person.name if person else "待定",
        role="chief" if river else "grid",
        person=person,
        valid_from=day - timedelta(days=60),
        simulated=True,
    )
    save(SYSTEM, keeper, "demo")
    plan = plan_for(SYSTEM, keeper, day, "demo")
    plan.valid_from = keeper.valid_from
    save(SYSTEM, plan, "demo")
    return made


def _patrol(plan: Plan, start: datetime, number: int) -> None:
    person = plan.keeper.person if plan.keeper else None
    if person is None:
        return
    who = actor_of(person)
    end = start + timedelta(minutes=18)
    lon, lat = plan.area.lon, plan.area.lat
    begin = int(start.timestamp() * 1000)
    track = [[begin + 30_000 * n, lon + n * 20 * METRE, lat + (n % 3) * 4 * METRE, 9.0] for n in range(36)]
    items = checklists()["water" if plan.area.category == "river" else "grid"]["item"]
    found = FoundIn(
        str(uuid.uuid4()), "solid_waste", "岸边堆放杂物", start + timedelta(minutes=7), lon=lon, lat=lat
    )
    given = PatrolIn(
        str(uuid.uuid4()),
        plan.area.code,
        start,
        end,
        end + timedelta(minutes=1),
        plan.code,
        track,
        "water" if plan.area.category == "river" else "grid",
        {item["code"]: "no" for item in items},
        signed={"way": "typed", "name": person.name, "statement": "本人声明以上情况属实"},
        findings=[found] if number == 0 else [],
        simulated=True,
    )
    record(who, given, end + timedelta(minutes=1))


def _sightings(city: str, spots: list[Any], now: datetime) -> None:
    lines = io.StringIO()
    sheet = csv.writer(lines)
    sheet.writerow(["编号", "名称", "类型", "时间", "经度", "纬度", "区划代码"])
    for number, spot in enumerate(spots * 2, 1):
        name, category = SEEN[(number - 1) % len(SEEN)]
        seen = (now - timedelta(days=number)).astimezone(CHINA).isoformat(timespec="minutes")
        place = [round(spot.lon + number * 30 * METRE, 6), round(spot.lat + number * 20 * METRE, 6)]
        sheet.writerow([f"T{number:03d}", name, category, seen, *place, spot.region_id])
    told = Told("模拟图斑.csv", "remote_sensing", "模拟卫星遥感", "cgcs2000", city, simulated=True)
    accept(SYSTEM, told, lines.getvalue().encode(), list, now)
    rows = list(Sighting.objects.filter(simulated=True).select_related("region").order_by("code"))
    day = now.date() + timedelta(days=3)
    for spot, person in zip(rows, ("grid", "inspector"), strict=False):
        if Person.objects.filter(code=person).exists():
            assign(SYSTEM, spot, person, day, "demo")
    for spot in rows[-1:]:
        words = "现场为施工围挡内合法堆料，已覆盖"
        at = now - timedelta(minutes=5)
        verify(SYSTEM, spot, Visit(str(uuid.uuid4()), False, at, now, ground="lawful", words=words), now)
