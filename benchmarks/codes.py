"""Codes: reckoning every enterprise anew, and a year lived day by day held against one replay.

Run ``python -m benchmarks.codes [--enterprises 20000] [--city 300]``. A year of events is made up for each
enterprise (days over a limit, runs of days within, penalties, late reports) and all is reckoned. Then a city
of 300 lives a year: each day what is known that day is recorded and reckoned; in the end its history is held
against one replay from all events.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

FIRST = date(2025, 11, 22)
TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def told_of(code: str, seed: int, over: float = 0.02) -> list[tuple[date, Any]]:
    """Return the day on which each thing is known, and the thing, over a year of one enterprise."""
    from huanzhi.ecocode.occurrence import Occurrence

    chance = random.Random(seed)
    found: list[tuple[date, Any]] = []
    begun, day = FIRST, FIRST
    facts = {"outlet": f"{code}-1"}

    def run(first: date, until: date | None, known: date) -> None:
        found.append(
            (known, Occurrence(code, "compliant_run", f"{first:%Y%m%d}", first, until, facts, simulated=True))
        )

    run(begun, None, begun + DAY)
    while day < TODAY:
        if chance.random() < over:
            run(begun, day, day + DAY)
            for row in range(1, chance.choice((1, 1, 2, 4)) + 1):
                until = day + 20 * DAY if row > 2 else None
                for known, end in ((day + DAY, None), (day + 20 * DAY, until)):
                    if known == day + DAY or until is not None:
                        more = {**facts, "days_in_row": row}
                        what = Occurrence(
                            code, "exceedance_day", f"{day:%Y%m%d}", day, end, more, simulated=True
                        )
                        found.append((known, what))
                day += DAY
            begun = day
            run(begun, None, begun + DAY)
        if chance.random() < 0.002:
            severity = chance.choice(("minor", "ordinary", "serious"))
            more = {"severity": severity, "sanction": "fine", "medium": "air", "exceedance": True}
            for known, end in ((day + DAY, None), (day + 45 * DAY, day + 45 * DAY)):
                found.append(
                    (known, Occurrence(code, "penalty", f"{day:%Y%m%d}", day, end, more, simulated=True))
                )
        if chance.random() < 0.003:
            for known, end in ((day + DAY, None), (day + 9 * DAY, day + 9 * DAY)):
                found.append(
                    (known, Occurrence(code, "report_late", f"{day:%Y%m%d}", day, end, {}, simulated=True))
                )
        day += DAY
    return sorted((one for one in found if one[0] <= TODAY), key=lambda one: one[0])


def people(number: int) -> list[Any]:
    """Make the enterprises of a city."""
    from huanzhi.library.enterprises.models import Enterprise
    from huanzhi.library.places.models import Region

    region, _ = Region.objects.get_or_create(
        code="990001", defaults={"name": "测试市", "level": "city", "path": "990001/", "simulated": True}
    )
    begin = Enterprise.objects.count()
    rows = [
        Enterprise(code=f"SIM{begin + n:08d}", name=f"模拟企业{begin + n}", region=region, simulated=True)
        for n in range(number)
    ]
    Enterprise.objects.bulk_create(rows, batch_size=500)
    return rows


def store_events(firms: list[Any]) -> int:
    """Store the last state of a year of events without the trail, to reckon from."""
    from huanzhi.ecocode.grades.events import event_code, plain_facts
    from huanzhi.ecocode.grades.models import Event

    rows: list[Any] = []
    for number, firm in enumerate(firms):
        last = {(one.kind, one.source): one for _, one in told_of(firm.code, number)}
        rows += [
            Event(
                code=event_code(firm.pk, one.kind, one.source),
                enterprise=firm,
                region_id=firm.region_id,
                kind=one.kind,
                source=one.source,
                day=one.day,
                until=one.until,
                facts=plain_facts(one.facts),
                recorded=TODAY,
                simulated=True,
            )
            for one in last.values()
        ]
        if len(rows) > 20_000:
            Event.objects.bulk_create(rows, batch_size=500)
            rows = []
    Event.objects.bulk_create(rows, batch_size=500)
    return int(Event.objects.count())


def whole(number: int) -> None:
    """Reckon every enterprise anew, twice: from nothing, and where all is stored already."""
    from huanzhi.ecocode.grades.models import Code, Interval
    from huanzhi.ecocode.grades.reckoning import reckon, reckon_all
    from huanzhi.library.rights import SYSTEM

    firms = people(number)
    events = store_events(firms)
    began, busy = time.perf_counter(), time.process_time()
    first = reckon_all(SYSTEM, TODAY)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    began = time.perf_counter()
    second = reckon_all(SYSTEM, TODAY)
    again = time.perf_counter() - began
    began = time.perf_counter()
    one = reckon(SYSTEM, {firms[0].pk: TODAY - 30 * DAY}, TODAY)
    single = time.perf_counter() - began
    print(f"enterprises {number:,}  events {events:,}  intervals {Interval.objects.count():,}")
    print(f"all from nothing        {took:8.1f} s   (target 60 s)   processor {busy:.1f} s")
    print(f"rows written            {first.written:,}")
    print(f"all, nothing changed    {again:8.1f} s   written {second.written:,}  kept {second.kept:,}")
    print(f"one changed event       {single * 1000:8.1f} ms  enterprises {one.enterprises}")
    print(f"rows of codes {Code.objects.count():,}")


def year(number: int) -> None:
    """Live a year day by day, and hold its history against one replay."""
    from huanzhi.ecocode.grades.events import record
    from huanzhi.ecocode.grades.models import Code
    from huanzhi.ecocode.grades.reckoning import due, reckon, stand
    from huanzhi.ecocode.grades.replaying import differences
    from huanzhi.ecocode.grades.schemes import Shelf
    from huanzhi.library.rights import SYSTEM

    firms = people(number)
    keys = {firm.pk for firm in firms}
    by_day: dict[date, list[Any]] = defaultdict(list)
    for place, firm in enumerate(firms):
        for known, one in told_of(firm.code, 10_000 + place):
            by_day[known].append(one)
    shelf, shown = Shelf(), {}
    began = time.perf_counter()
    for step in range((TODAY - FIRST).days + 1):
        day = FIRST + step * DAY
        done = record(SYSTEM, by_day[day], datetime(day.year, day.month, day.day, 4, tzinfo=UTC), known=day)
        touched = {pk: first for pk, first in due(day).items() if pk in keys}
        for pk, first in done.touched.items():
            touched[pk] = min(first, touched.get(pk, first))
        reckon(SYSTEM, touched, day, shelf)
        if step % 30 == 0:
            rows = Code.objects.filter(enterprise__in=keys, sort="code")
            shown[day] = dict(rows.values_list("enterprise", "level"))
    lived = time.perf_counter() - began
    began = time.perf_counter()
    different = differences(firms, TODAY, shelf)
    again = time.perf_counter() - began
    looked = len(firms[:50]) * len(shown)
    wrong = sum(
        stand(firm, "code", day, day, shelf)[1].level != levels[firm.pk]
        for day, levels in shown.items()
        for firm in firms[:50]
    )
    print(f"city of {number}: a year day by day {lived:.1f} s, replay of all histories {again:.2f} s")
    print(f"histories that differ from the replay: {len(different)} of {number}")
    print(f"of levels shown on {len(shown)} days, not what was known then: {wrong} of {looked}")


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=20_000)
    parser.add_argument("--city", type=int, default=300)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUANZHI_HOME"] = home
        from huanzhi.library.database import migrate

        migrate()
        if asked.city:
            year(asked.city)
        if asked.enterprises:
            whole(asked.enterprises)


if __name__ == "__main__":
    main()
