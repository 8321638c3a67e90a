"""How quickly the enterprise file answers: ``python -m benchmarks.enterprise_file [--enterprises N]``.

Each enterprise has a permit, two outlets, six limits, kept verdicts of eight quarters with exceedances,
statements, an issue and an officer. Each part of the page is asked again and again for another enterprise
each time; then what a whole page asks, one after the other, as officer and as the enterprise itself. The rows
``bare SQL`` are the physical reference of the same run. Aim: p95 of the file page below 300 ms.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import print_machine, print_table

AIM = 300
CITY = "990001"
PARTS = ("", "/grid", "/exceedances?limit=20", "/timeline", "/register", "/nearby")
LISTS = (
    "outlets",
    "permits",
    "permit-limits",
    "issues",
    "statements",
    "enterprise-officers",
    "quarter-verdicts",
)
BARE = {
    "/grid": "SELECT * FROM enterprise_files_quarterverdict WHERE enterprise_id = 1000",
    "permit-limits": "SELECT * FROM enterprises_permitlimit WHERE enterprise_id = 1000 LIMIT 50",
}
PARAMETERS = ("w01018", "w21003", "w21011")


def seed(number: int) -> list[str]:
    """Make a city of so many enterprises; return their codes."""
    from huanzhi.ecocode.files.models import Officer, QuarterVerdict
    from huanzhi.ecocode.statements.models import Statement
    from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
    from huanzhi.library.people.models import Organisation
    from huanzhi.library.places.models import Region
    from huanzhi.library.records.changing import save
    from huanzhi.library.rights import SYSTEM

    save(SYSTEM, Region(code=CITY, name="模拟市", level="city", simulated=True))
    chance, now = random.Random(7), datetime.now(UTC)
    same = {"region_id": CITY, "simulated": True, "revision": 1}
    codes = [f"B{at:06}" for at in range(number)]
    bodies = [Organisation(code=code, name=code, kind="enterprise", **same) for code in codes]
    put(bodies)
    owners = [
        Enterprise(
            code=code,
            name=f"企业{code}",
            organisation=body,
            lon=121 + chance.random(),
            lat=28.5 + chance.random(),
            **same,
        )
        for code, body in zip(codes, bodies, strict=True)
    ]
    put(owners)
    whose = [{"enterprise": one, "organisation": one.organisation, **same} for one in owners]
    permits = [Permit(code=f"P{one['enterprise'].code}", **one) for one in whose]
    put(permits)
    outlets = [
        Outlet(code=f"{one['enterprise'].code}W{at}", name=f"排口{at}", medium="water", **one)
        for one in whose
        for at in (1, 2)
    ]
    put(outlets)
    put(
        PermitLimit(
            code=f"{outlet.code}{parameter}",
            permit=permits[at // 2],
            outlet=outlet,
            parameter=parameter,
            averaging="day",
            value="50",
            unit="mg/L",
            **whose[at // 2],
        )
        for at, outlet in enumerate(outlets)
        for parameter in PARAMETERS
    )
    put(_verdicts(QuarterVerdict, outlets, chance, now))
    put(Officer(code=f"O{one['enterprise'].code}", name="张工", sensitivity="own", **one) for one in whose)
    put(
        Statement(
            number=f"S{at}",
            sort="exceedance",
            outlet=outlet,
            words="说明" * 40,
            filed=now,
            day=now.date(),
            **whose[at // 2],
        )
        for at, outlet in enumerate(outlets)
    )
    _issues(owners, now)
    return codes


def _verdicts(model: Any, outlets: list[Any], chance: random.Random, now: datetime) -> Any:
    limits = [
        {
            "first": "2026-01-01",
            "until": "2026-04-01",
            "value": "50",
            "unit": "mg/L",
            "standard": "GB 8978-1996",
            "clause": "表4",
        }
    ]
    for outlet in outlets:
        for parameter in PARAMETERS:
            for at in range(8):
                over = chance.choice((0, 0, 0, 2))
                day = {
                    "period": "day",
                    "value": "60",
                    "limit": "50",
                    "unit": "mg/L",
                    "times": "0.20",
                    "bound": "upper",
                }
                days = [
                    day | {"day": str(date(2025, 1, 1) + timedelta(days=91 * at + n))} for n in range(over)
                ]
                yield model(
                    enterprise_id=outlet.enterprise_id,
                    outlet=outlet,
                    region_id=CITY,
                    organisation_id=outlet.organisation_id,
                    parameter=parameter,
                    year=2025 + at // 4,
                    quarter=at % 4 + 1,
                    state="exceeding" if over else "compliant",
                    due=91,
                    valid=90,
                    over=over,
                    needed=69,
                    days=days,
                    limits=limits,
                    digest="0" * 64,
                    reckoned=now,
                )


def _issues(owners: list[Any], now: datetime) -> None:
    from huanzhi.center.issues.models import Issue

    told = {"title": "废水超标", "category": "water", "channel": "monitoring", "level": "general"}
    told |= {"opened": now, "entered": now, "since": now, "state": "decided", "region_id": CITY}
    put(
        Issue(
            number=f"HZ-{at:08}",
            enterprise=one.code,
            enterprise_name=one.name,
            concerned=one.organisation,
            simulated=True,
            revision=1,
            **told,
        )
        for at, one in enumerate(owners)
    )


def put(rows: Any) -> None:
    """Write rows in batches."""
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == 2000:
            type(row).objects.bulk_create(batch)
            batch = []
    if batch:
        type(batch[0]).objects.bulk_create(batch)


def people() -> dict[str, Any]:
    """Return a client signed in as an officer, and one as the enterprise in the middle."""
    from django.test import Client

    from huanzhi.library.enterprises.models import Enterprise
    from huanzhi.library.people.models import Grant, Person
    from huanzhi.library.places.models import Region

    found = {}
    middle = Enterprise.objects.order_by("code")[Enterprise.objects.count() // 2]
    for name, role, body in (
        ("officer", "inspector", None),
        ("enterprise", "enterprise", middle.organisation),
    ):
        person = Person(code=name, name=name, organisation=body)
        person.set_unusable_password()
        person.save()
        Grant.objects.create(person=person, role=role, region=Region.objects.get(pk=CITY))
        client = Client()
        client.force_login(person)
        session = client.session
        session["begun"] = session["seen"] = int(time.time())
        session.save()
        found[name] = (client, middle.code)
    return found


def milliseconds(client: Any, addresses: list[str]) -> list[float]:
    """Return how long each address took."""
    taken = []
    for address in addresses:
        begun = time.perf_counter()
        answer = client.get(f"/api/v1{address}")
        taken.append(1000 * (time.perf_counter() - begun))
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code} {address} {answer.content[:300]!r}")
    return sorted(taken)


def row(name: str, taken: list[float]) -> list[str]:
    """Return a line of the table."""
    ninth = taken[min(len(taken) - 1, int(0.95 * len(taken)))]
    return [name, f"{taken[len(taken) // 2]:.1f}", f"{ninth:.1f}", f"{taken[-1]:.1f}"]


def pages(clients: dict[str, Any], codes: list[str], times: int) -> list[list[str]]:
    """Measure each part, each list, and all that a page asks for."""
    chance, lines = random.Random(1), []
    client, _ = clients["officer"]
    milliseconds(client, [f"/enterprise-files/{codes[0]}{part}" for part in PARTS])  # loads the API
    for part in PARTS:
        lines.append(
            row(
                f"file{part.partition('?')[0]}",
                milliseconds(
                    client, [f"/enterprise-files/{chance.choice(codes)}{part}" for _ in range(times)]
                ),
            )
        )
    for name in LISTS:
        lines.append(
            row(
                f"{name}?enterprise=",
                milliseconds(
                    client, [f"/{name}?limit=20&enterprise={chance.choice(codes)}" for _ in range(times)]
                ),
            )
        )
    for who, (client, own) in clients.items():
        asked = []
        for _ in range(times):
            code = own if who == "enterprise" else chance.choice(codes)
            asked.append(
                [
                    *(f"/enterprise-files/{code}{part}" for part in PARTS),
                    *(f"/{name}?limit=20&enterprise={code}" for name in LISTS),
                ]
            )
        lines.append(row(f"file page (head), {who}", milliseconds(client, [each[0] for each in asked])))
        lines.append(
            row(
                f"all 13 parts one after the other, {who}",
                sorted(sum(milliseconds(client, each)) for each in asked),
            )
        )
    return lines


def bare(database: Path, times: int) -> list[list[str]]:
    """Measure the least that the database has to do."""
    lines = []
    with sqlite3.connect(database) as connection:
        for name, question in BARE.items():
            taken = []
            for _ in range(times):
                begun = time.perf_counter()
                connection.execute(question).fetchall()
                taken.append(1000 * (time.perf_counter() - begun))
            lines.append(row(f"bare SQL, {name}", sorted(taken)))
    return lines


def main() -> None:
    """Run."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--enterprises", type=int, default=20_000)
    asked.add_argument("--times", type=int, default=40)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUANZHI_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "huanzhi.settings"
        import django

        django.setup()
        from huanzhi.library.database import migrate
        from huanzhi.library.work.upkeep import look_after_database

        migrate()
        begun = time.perf_counter()
        codes = seed(told.enterprises)
        look_after_database()
        print_machine()
        made = time.perf_counter() - begun
        clients = people()
        lines = [*pages(clients, codes, told.times), *bare(Path(home) / "business.sqlite", told.times)]
        title = f"{told.enterprises} enterprises, made in {made:.0f} s; aim: p95 < {AIM} ms"
        print_table(title, ("view", "median ms", "p95 ms", "max ms"), lines)


if __name__ == "__main__":
    main()
