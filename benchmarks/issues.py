"""How quickly lists, board and map answer over many issues: ``python -m benchmarks.issues [--issues N]``.

The issues are like real ones: reasons, facts and terms of 1 to 2 kB each, two years, twelve counties. Each
view is asked alone, first with nothing kept in memory by the platform (``first``) and then again and again;
then clients ask all views at once in a mix, each as soon as its last answer came. The rows that begin with
``bare SQL`` are the physical reference of the same run: the least that the database has to do for the view
before, with no rights, no joins and no words. Nothing is written meanwhile. Aim: p95 below 200 ms.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measure import print_machine, print_table

AIM = 200
VIEWS = {
    "list": "?limit=50",
    "list, one state": "?state=dispatched&sort=due",
    "list, four filters": "?state=decided,rectified&category=dust,odour&level=general&region=990013",
    "list, one county": "?region=990013&open=true&limit=50",
    "list, of a month": "?opened_from=2026-01-01&opened_to=2026-02-01&sort=due",
    "list, overdue": "?overdue=true&sort=due",
    "list, words": "?q=废水 77",
    "list, words found nowhere": "?q=没有这样的字",
    "list, words in a county": "?q=排口&region=990013&open=true",
    "list, deep page": "?offset=50000&limit=50",
    "list, last page": "?offset=99900&limit=50",
    "list, deep, by term": "?offset=50000&limit=50&sort=due",
    "csv of a page": "?limit=200&format=csv",
    "csv of a deep page": "?limit=200&offset=50000&format=csv",
    "board": "/board",
    "board, one county": "/board?region=990013",
    "map, whole city": "/map?box=121,28,122,29&open=true",
    "map, a district": "/map?box=121.4,28.4,121.6,28.6",
    "map, one street": "/map?box=121.5,28.5,121.52,28.52",
    "words and forms": "/words",
    "statistics, a month": "/../statistics/issues?first=2026-10-01&last=2026-10-31",
    "statistics, a year": "/../statistics/issues?first=2025-11-01&last=2026-10-31",
    "one issue": "/HZ-20260101-050000",
}
BARE = {
    "list": "SELECT * FROM issues_issue ORDER BY opened DESC LIMIT 50",
    "list, words": "SELECT count(*) FROM issues_issue WHERE title LIKE '%废水%' AND title LIKE '%77%'",
    "list, deep page": "SELECT id FROM issues_issue ORDER BY opened DESC LIMIT 50 OFFSET 50000",
    "csv of a page": "SELECT * FROM issues_issue ORDER BY opened DESC LIMIT 200",
    "board": "SELECT state, category, channel, count(*) FROM issues_issue GROUP BY 1, 2, 3",
    "map, whole city": "SELECT round(lon, 2), round(lat, 2), count(*) FROM issues_issue"
    " WHERE lon BETWEEN 121 AND 122 AND lat BETWEEN 28 AND 29 GROUP BY 1, 2",
    "one issue": "SELECT * FROM issues_issue WHERE number = 'HZ-20260101-050000'",
}


def main() -> None:
    """Fill a database and ask."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--issues", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--home", type=Path, help="keep the database there, and use it again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        home = str(given.home or fresh)
        os.environ |= {"HUANZHI_HOME": home, "DJANGO_SETTINGS_MODULE": "huanzhi.settings"}
        from huanzhi.library.database import migrate

        migrate()
        filled(given.issues)
        client = signed_in()
        client.get("/api/v1/issues?limit=1")
        print_machine()
        rows = list(alone(client, given.times))
        title = f"{given.issues:,} issues, one client, {given.times} times each [ms], aim p95 < {AIM}"
        print_table(title, ("view", "first", "p50", "p95", "cpu p95", ""), rows)
        rows = mixed(given.clients, given.times)
        title = f"{given.clients} clients at once, the same views in a mix [ms]"
        print_table(title, ("view", "p50", "p95", ""), rows)


def alone(client, times: int):
    """Yield a row for each view, and after it the bare SQL beside it."""
    from huanzhi.center.issues.counting import forget

    for name, question in VIEWS.items():
        forget()
        first = asked(client, question)[0]
        told = [asked(client, question) for _ in range(times)]
        wall, cpu = ([one[part] for one in told] for part in (0, 1))
        late = "" if max(first, at(wall, 0.95)) < AIM else "above"
        yield name, first, at(wall, 0.5), at(wall, 0.95), at(cpu, 0.95), late
        if name in BARE and bare_path():
            spent = [bare(BARE[name]) for _ in range(times)]
            yield "  bare SQL", spent[0], at(spent, 0.5), at(spent, 0.95), "", ""


def mixed(clients: int, times: int) -> list[tuple[object, ...]]:
    """Let several clients ask all views in random order; return a row for each view and one for all."""
    spent: dict[str, list[float]] = {name: [] for name in VIEWS}

    def work(seed: int) -> None:
        from django.db import connection

        client, chance = signed_in(), random.Random(seed)
        order = [name for name in VIEWS for _ in range(max(1, times // clients))]
        chance.shuffle(order)
        for name in order:
            spent[name].append(asked(client, VIEWS[name])[0])
        connection.close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    every = [one for each in spent.values() for one in each]
    rows = [(name, at(each, 0.5), at(each, 0.95), "") for name, each in spent.items()]
    load = f"{len(every) / seconds:.0f} requests a second"
    return [*rows, ("all", at(every, 0.5), at(every, 0.95), load)]


def asked(client, question: str) -> tuple[float, float]:
    """Ask once; return the time by the clock and by the processor [ms]."""
    begun, spent = time.perf_counter(), time.thread_time()
    answer = client.get(f"/api/v1/issues{question}".replace("issues/../", ""))
    took = (time.perf_counter() - begun) * 1000, (time.thread_time() - spent) * 1000
    assert answer.status_code == 200, answer.content
    return took


def at(spent, share: float) -> float:
    """Return a percentile [ms]."""
    return sorted(spent)[min(len(spent) - 1, int(len(spent) * share))]


def bare_path() -> Path | None:
    """Return the file of the database; None where it is not SQLite."""
    from django.conf import settings

    path = settings.DATABASES["default"]["NAME"]
    return Path(path) if Path(str(path)).exists() else None


def bare(sql: str) -> float:
    """Ask the database itself [ms]."""
    with sqlite3.connect(f"file:{bare_path()}?mode=ro", uri=True) as database:
        begun = time.perf_counter()
        database.execute(sql).fetchall()
        return (time.perf_counter() - begun) * 1000


def filled(number: int) -> None:
    """Make issues of twelve counties over two years, unless they are there."""
    from huanzhi.center.issues.models import Issue
    from huanzhi.center.issues.searching import note_all
    from huanzhi.center.issues.settings import names
    from huanzhi.center.issues.table import table
    from huanzhi.library.places.models import Region
    from huanzhi.library.work.upkeep import look_after_database

    if Issue.objects.count() >= number:
        return
    city = Region.objects.create(code="990001", name="模拟市", level="city", path="990001/")
    for place in range(12):
        code = f"9900{place + 10}"
        Region.objects.create(
            code=code, name=f"{place}区", level="county", parent=city, path=f"990001/{code}/"
        )
    chance, now = random.Random(7), datetime.now(UTC)
    words = (names("category"), names("channel"), list(table().states))
    weights = [4, 4, 8, 5, 8, 4, 3, 50, 10, 2, 2]
    made = (_issue(place, chance, now, words, weights) for place in range(number))
    Issue.objects.bulk_create(made, batch_size=2000)
    note_all(Issue.objects.all().iterator(chunk_size=2000))
    look_after_database()


def _issue(place, chance, now, words, weights):
    from huanzhi.center.issues.models import Issue
    from huanzhi.center.issues.table import table

    categories, channels, states = words
    opened = now - timedelta(minutes=chance.randrange(730 * 1440))
    state = chance.choices(states, weights)[0]
    accepted = int(chance.expovariate(1 / 72_000))
    dispatched = accepted + int(chance.expovariate(1 / 108_000))
    closed = dispatched + int(chance.expovariate(1 / 2_000_000))
    is_open = table().states[state].open
    why = f"化学需氧量 {chance.randrange(51, 400)} mg/L，超过 50（GB 18918-2002 4.1.3.1 表1）。" * 4
    return Issue(
        number=f"HZ-20260101-{place:06d}",
        title=f"废水 {place % 997} 号排口超标",
        words=why,
        category=chance.choice(categories),
        channel=chance.choice(channels),
        source_ref=f"YJ-{place:09d}",
        state=state,
        region_id=f"9900{place % 12 + 10}",
        lon=121 + chance.random(),
        lat=28 + chance.random(),
        place=f"SIM{place % 3000:04d}DW001",
        place_name=f"模拟企业{place % 3000}废水排放口",
        parameter="w01018",
        enterprise=f"91990001SIM{place % 3000:07d}",
        enterprise_name=f"模拟企业{place % 3000}",
        sensor=True,
        facts={"value": "81.3", "unit": "mg/L", "limit": {"value": "50"}, "period": "hour", "why": why},
        clock={"number": 7, "unit": "working", "word": "查实", "basis": "", "confidence": "PROPOSAL"},
        opened_by="system",
        opened=opened,
        entered=opened,
        noticed_before=chance.randrange(7200),
        accepted_after=None if state == "clue" else accepted,
        dispatched_after=None if state in ("clue", "accepted", "rejected") else dispatched,
        closed_after=None if is_open else closed,
        closed=None if is_open else opened + timedelta(seconds=closed),
        late_steps=chance.random() < 0.2,
        due=opened + timedelta(days=chance.randrange(60)) if is_open else None,
        simulated=True,
    )


def signed_in():
    """Return a client of a leader of the city."""
    from django.test import Client

    from huanzhi.library.people.models import Grant, Person
    from huanzhi.library.places.models import Region

    person, made = Person.objects.get_or_create(code="leader", defaults={"name": "leader"})
    if made:
        Grant.objects.create(person=person, role="leader", region=Region.objects.get(pk="990001"))
    client = Client()
    client.force_login(person)
    session = client.session
    session["begun"] = session["seen"] = int(time.time())
    session.save()
    return client


if __name__ == "__main__":
    main()
