"""Ledgers of the test city 模拟台账: what its firms declare for each day comes in as a program would send it.

The ledger tells what the firms declare, never what they hide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Max

from huanzhi.city import world
from huanzhi.city.ledgers import made_on, waste_owners
from huanzhi.city.simulation import Simulation, lawful, simulate
from huanzhi.ecocode.waste.models import Entry
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.home import home_folder
from huanzhi.library.records.bulk import save_all
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

REFERENCE = "city"
CODES = ("900-249-08", "336-064-17", "900-041-49", "900-039-49", "900-252-12")
EPOCH = date(1970, 1, 1)
DAYS = 14
"""Days before the present whose ledgers are taken in at once. Ours."""


def living(home: Path | None = None) -> Simulation | None:
    """Return the city that lives in a data folder; None where there is none."""
    path = home_folder(home) / "city.json"
    if not path.exists():
        return None
    words: list[str] = json.loads(path.read_text(encoding="utf-8"))
    told = dict(zip(words[::2], words[1::2], strict=False)) if "--lawful" not in words else _told(words)
    begun = datetime.fromisoformat(told["--from"])
    city = world.build(int(told["--seed"]), int(told["--enterprises"]), begun, int(told["--days"]))
    return lawful(city) if "--lawful" in words else simulate(city)


def _told(words: list[str]) -> dict[str, str]:
    rest = [word for word in words if word != "--lawful"]
    return dict(zip(rest[::2], rest[1::2], strict=True))


def waste_of(place: int) -> str:
    """Return the code of the waste of the firm in a place of the list."""
    return CODES[place % len(CODES)]


def keep_up(now: datetime, simulation: Simulation | None) -> int:
    """Take in the days that are over and not there yet; return the rows."""
    if simulation is None:
        return 0
    last = now.astimezone(CHINA).date() - timedelta(days=1)
    rows = Entry.objects.filter(reference=REFERENCE, source="api")
    held: date | None = rows.aggregate(last=Max("day"))["last"]
    first = max(held + timedelta(days=1) if held else date.min, last - timedelta(days=DAYS - 1))
    made = list(_rows(simulation, first, last, now)) if first <= last else []
    return save_all(SYSTEM, made, "demo")


def _rows(simulation: Simulation, first: date, last: date, now: datetime) -> Iterator[Entry]:
    owners = list(waste_owners(simulation))
    known = Enterprise.objects.select_related("region", "organisation").in_bulk(
        [one.code for one in owners], field_name="code"
    )
    for place, owner in enumerate(owners):
        if owner.code not in known:
            continue
        for day in range((first - EPOCH).days, (last - EPOCH).days + 1):
            _, made, hidden = made_on(simulation, owner, day)
            declared = round(made - hidden, 1)
            yield _entry(known[owner.code], waste_of(place), EPOCH + timedelta(days=day), declared, now)


def _entry(owner: Enterprise, waste: str, day: date, kg: float, now: datetime) -> Entry:
    told: dict[str, Any] = {"kind": "generated", "reference": REFERENCE, "source": "api", "made_by": "city"}
    made = now.astimezone(UTC)
    return Entry(
        enterprise=owner, waste=waste, day=day, grams=round(kg * 1000), made=made, simulated=True, **told
    )


def coefficients(simulation: Simulation | None) -> dict[str, tuple[str, float]]:
    """Return the waste and the coefficient [kg/kWh] that each firm has registered."""
    owners = list(waste_owners(simulation)) if simulation else []
    return {one.code: (waste_of(place), one.waste) for place, one in enumerate(owners)}
