"""How quickly lists, board and map answer over many issues: ``python -m benchmarks.issues [--issues N]``.

Prints p50 and p95 of each, by the clock and by the processor time of this process alone, as a busy machine
makes the two differ.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta

QUESTIONS = {
    "list": "?limit=50",
    "list, one state": "?state=dispatched&sort=due",
    "list, one county": "?region=990013&open=true&limit=50",
    "list, overdue": "?overdue=true&sort=due",
    "list, words": "?q=废水 77",
    "list, far page": "?offset=90000&limit=50",
    "board": "/board",
    "board, one county": "/board?region=990013",
    "map, whole city": "/map?box=121,28,122,29&open=true",
    "map, one street": "/map?box=121.5,28.5,121.52,28.52",
    "one issue": "/HZ-20260101-050000",
}


def main() -> None:
    """Fill a database and ask."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--issues", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HUANZHI_HOME": home, "DJANGO_SETTINGS_MODULE": "huanzhi.settings"}
        from huanzhi.library.database import migrate

        migrate()
        fill(given.issues)
        client = signed_in()
        print(f"{'question':24} {'p50':>8} {'p95':>8} {'cpu p95':>8}  ms")
        for name, question in QUESTIONS.items():
            print(f"{name:24} " + " ".join(f"{one:8.1f}" for one in asked(client, question, given.times)))


def fill(number: int) -> None:
    """Make issues of twelve counties over two years."""
    from django.db import connection

    from huanzhi.center.issues.models import Issue
    from huanzhi.center.issues.settings import names
    from huanzhi.center.issues.table import table
    from huanzhi.library.places.models import Region

    city = Region.objects.create(code="990001", name="模拟市", level="city", path="990001/")
    for place in range(12):
        code = f"9900{place + 10}"
        Region.objects.create(
            code=code, name=f"{place}区", level="county", parent=city, path=f"990001/{code}/"
        )
    chance, now = random.Random(7), datetime.now(UTC)
    states, weights = list(table().states), [4, 4, 8, 5, 8, 4, 3, 50, 10, 2, 2]
    made = (_issue(place, chance, now, states, weights, names) for place in range(number))
    Issue.objects.bulk_create(made, batch_size=2000)
    with connection.cursor() as cursor:  # as a database does by itself in time
        cursor.execute("ANALYZE")


def _issue(place, chance, now, states, weights, names):
    from huanzhi.center.issues.models import Issue

    opened = now - timedelta(minutes=chance.randrange(730 * 1440))
    return Issue(
        number=f"HZ-20260101-{place:06d}",
        title=f"废水 {place % 997} 号排口超标",
        category=chance.choice(names("category")),
        channel=chance.choice(names("channel")),
        state=chance.choices(states, weights)[0],
        region_id=f"9900{place % 12 + 10}",
        lon=121 + chance.random(),
        lat=28 + chance.random(),
        opened_by="system",
        opened=opened,
        entered=opened,
        due=opened + timedelta(days=chance.randrange(60)),
        simulated=True,
    )


def signed_in():
    """Return a client of a leader of the city."""
    from django.test import Client

    from huanzhi.library.people.models import Grant, Person
    from huanzhi.library.places.models import Region

    person = Person.objects.create(code="leader", name="leader")
    Grant.objects.create(person=person, role="leader", region=Region.objects.get(pk="990001"))
    client = Client()
    client.force_login(person)
    session = client.session
    session["begun"] = session["seen"] = int(time.time())
    session.save()
    return client


def asked(client, question: str, times: int) -> tuple[float, float, float]:
    """Return p50 and p95 by the clock, and p95 by processor time [ms]."""
    wall, cpu = [], []
    for _ in range(times):
        begun, spent = time.perf_counter(), time.process_time()
        answer = client.get(f"/api/v1/issues{question}")
        wall.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - spent) * 1000)
        assert answer.status_code == 200, answer.content
    last = max(0, round(times * 0.95) - 1)
    return sorted(wall)[times // 2], sorted(wall)[last], sorted(cpu)[last]


if __name__ == "__main__":
    main()
