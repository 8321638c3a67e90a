"""How quickly lists filter and order by what is reckoned: ``python -m benchmarks.kept_states [--permits N]``.

Each enterprise has a permit, an outlet with four yearly quantities and their months since January, and a year
of a waste ledger of two wastes. ``reckoned`` is what the list did before: every row for every question. The
first question after everything has changed reckons what is kept; regular work does that before anybody asks.
Aim: below 1 s at 2,000 permits.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from benchmarks.enterprise_file import CITY, milliseconds, put, row
from benchmarks.measure import print_machine, print_table

PARAMETERS = ("w01018", "w21003", "w21011", "w21001")
WASTES = ("900-249-08", "336-064-17")
QUESTIONS = (
    "/permit-allowances?state=over&limit=50",
    "/permit-allowances?sort=-percent&limit=50",
    "/permit-allowances?state=likely_over,over&sort=left&limit=50",
    "/waste/balance?mismatch=true&limit=50",
    "/waste/balance?mismatch=true&sort=-closing_kg&limit=50",
)


def seed(number: int, day: date) -> None:
    """Make a city of so many permits."""
    from huanzhi.ecocode.permits.models import MonthAmount
    from huanzhi.ecocode.waste.models import Entry
    from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
    from huanzhi.library.places.models import Region
    from huanzhi.library.records.changing import save
    from huanzhi.library.rights import SYSTEM

    save(SYSTEM, Region(code=CITY, name="模拟市", level="city", simulated=True))
    same = {"region_id": CITY, "simulated": True, "revision": 1}
    owners = [Enterprise(code=f"B{at:06}", name=f"企业{at}", **same) for at in range(number)]
    put(owners)
    permits = [Permit(code=f"P{one.code}", enterprise=one, **same) for one in owners]
    put(permits)
    outlets = [
        Outlet(code=f"{one.code}W", name="排口", medium="water", enterprise=one, **same) for one in owners
    ]
    put(outlets)
    limited = {"measure": "amount", "averaging": "year", "unit": "t"}
    put(
        PermitLimit(
            code=f"{outlet.code}{parameter}", permit=permit, outlet=outlet, enterprise=outlet.enterprise,
            parameter=parameter, value=str(10 + at % 9), **limited, **same,
        )
        for at, (outlet, permit) in enumerate(zip(outlets, permits, strict=True))
        for parameter in PARAMETERS
    )  # fmt: skip
    put(
        MonthAmount(
            outlet=outlet, parameter=parameter, year=day.year, month=month, measured_hours=720,
            measured=(1 + at % 5) * 300_000_000, days=[(1 + at % 5) * 10_000_000] * 30,
        )
        for at, outlet in enumerate(outlets)
        for parameter in PARAMETERS
        for month in range(1, day.month + 1)
    )  # fmt: skip
    put(
        Entry(
            code=f"{one.code}{waste}{back}", enterprise=one, waste=waste, day=day - timedelta(days=back),
            kind="generated" if back % 7 else "disposed", simulated=True, revision=1,
            grams=1000 * (100 if back % 7 else 590 + 30 * (at % 3)),
        )
        for at, one in enumerate(owners)
        for waste in WASTES
        for back in range(180)
    )  # fmt: skip


def officer() -> Any:
    """Return a client signed in as an officer."""
    from django.test import Client

    from huanzhi.library.people.models import Grant, Person
    from huanzhi.library.places.models import Region

    person = Person(code="officer", name="officer")
    person.set_unusable_password()
    person.save()
    Grant.objects.create(person=person, role="permits", region=Region.objects.get(pk=CITY))
    client = Client()
    client.force_login(person)
    session = client.session
    session["begun"] = session["seen"] = int(time.time())
    session.save()
    return client


def once(work: Callable[[], Any]) -> list[float]:
    """Return how long a piece of work took [ms]."""
    begun = time.perf_counter()
    work()
    return [1000 * (time.perf_counter() - begun)]


def measured(client: Any, day: date, times: int) -> list[list[str]]:
    """Measure what was reckoned for every question, the renewal, and the questions as they are now."""
    from huanzhi.ecocode.permits import allowing, standings
    from huanzhi.ecocode.waste import kept
    from huanzhi.ecocode.waste.balance import balances
    from huanzhi.library.enterprises.models import Enterprise
    from huanzhi.library.rights import SYSTEM

    first = date(day.year, 1, 1)
    lines = [
        row(
            "reckoned: every allowance",
            once(lambda: allowing.reckoned(SYSTEM, allowing.limits_of(SYSTEM, day), day)),
        ),
        row(
            "reckoned: every balance",
            once(lambda: [one.mismatches() for one in balances(None, first, day)]),
        ),
        row("renewal of all standings", once(lambda: standings.renew(day))),
        row("renewal of all balances", once(lambda: kept.renew(day))),
    ]
    milliseconds(client, [QUESTIONS[0]])  # loads the API
    one = Enterprise.objects.order_by("pk")[0]

    def touched(question: str) -> list[float]:
        standings.forget([one.pk])
        kept.forget([one.pk])
        return milliseconds(client, [question])

    for question in QUESTIONS:
        lines.append(row(question.partition("&limit")[0], milliseconds(client, [question] * times)))
    lines.append(row("the first, one permit changed", touched(QUESTIONS[0])))
    lines.append(row("the fourth, one ledger changed", touched(QUESTIONS[3])))
    return lines


def main() -> None:
    """Run."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--permits", type=int, default=2000)
    asked.add_argument("--times", type=int, default=10)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUANZHI_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "huanzhi.settings"
        import django

        django.setup()
        from huanzhi.library.database import migrate
        from huanzhi.standards.periods import CHINA

        migrate()
        day = datetime.now(CHINA).date()
        seed(told.permits, day)
        print_machine()
        title = f"{told.permits} permits; aim: below 1,000 ms"
        print_table(title, ("what", "median ms", "p95 ms", "max ms"), measured(officer(), day, told.times))


if __name__ == "__main__":
    main()
