"""Indicators and targets of the test city 模拟指标: earlier years, bound targets, an assessment.

Everything goes through the functions that people use: items are accepted, bound, paths frozen by two people,
a reported value confirmed by another, targets judged from the store. The published days are simulated, marked
so, and stand beside the stations, whose own days go before them where they are as many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import cos, pi, sin
from typing import Any

import pyarrow as pa
from django.db import transaction

from huanzhi.assess.states import State
from huanzhi.center.plans import reviewing
from huanzhi.center.plans.models import Document, Item
from huanzhi.errors import HuanzhiError
from huanzhi.library.indicators import reporting, targets
from huanzhi.library.indicators.models import Target
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.demo import REGION
from huanzhi.library.people.models import Person
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.rights import Actor
from huanzhi.library.series import SCHEMA, Feature, Source, Store, open_store
from huanzhi.programmes.indicators import binding, keeping
from huanzhi.programmes.live.plans import NAME
from huanzhi.programmes.scoring import assessing
from huanzhi.standards.air import ITEMS
from huanzhi.standards.periods import CHINA, Period, start_of_day

YEARS = 3
"""Years of published days."""

BEFORE = 0
"""Days before yesterday at which the published days end."""

JUDGED = ("pm25_mean", "good_day_rate", "measure_done_rate")
"""Judged at once; the others by the regular work of the night."""

PATIENCE = 5.0
"""Seconds to wait for another writer of the store."""

LEVELS = {"so2": 7, "no2": 28, "pm10": 54, "pm25": 36, "co": 8, "o3": 105}
"""Usual values; CO in tenths of mg/m³."""


def furnish(now: datetime) -> int:
    """Furnish the test city, once; return how many targets there are."""
    region = Region.objects.filter(pk=REGION, simulated=True).first()
    people = {code: Person.objects.filter(code=code).first() for code in ("duty", "leader")}
    duty, leader = people["duty"], people["leader"]
    if region is None or duty is None or leader is None or Target.objects.exists():
        return 0
    history(now)
    who, other = actor_of(duty), actor_of(leader)
    with transaction.atomic():
        _bound(who, other, now)
        _by_hand(who, now)
        _reported(who, other, now)
    day = now.astimezone(CHINA).date() - timedelta(days=1)
    for target in Target.objects.filter(indicator__in=JUDGED).select_related("region", "organisation"):
        keeping.keep_judgement(who, target, day, _read, now)
    assessing.draft(who, f"region:{REGION}", day.year, day, now)
    return Target.objects.count()


def _read(work: Any) -> Any:
    return keeping.directly(work)


def history(now: datetime) -> None:
    """Write the published days of earlier years into the store, where nobody holds it for long."""
    last = now.astimezone(CHINA).date() - timedelta(days=BEFORE + 1)
    first = date(last.year - YEARS + 1, 1, 1)
    place = Feature(f"city:{REGION}", "模拟市", "city", region="模拟市", region_code=REGION, simulated=True)
    rows = list(_days(place.code, first, last))
    raw = "\n".join(f"{row['time']},{row['parameter']},{row['value']}" for row in rows).encode()
    digest = hashlib.sha256(raw).hexdigest()
    source = Source("模拟市历年日均值.csv", "published city days", digest, simulated=True, raw=raw)
    try:
        with open_store("write", wait=PATIENCE) as store:
            _write(store, rows, place, source)
    except HuanzhiError:
        return


def _write(store: Store, rows: list[dict[str, object]], place: Feature, source: Source) -> None:
    store.write(pa.Table.from_pylist(rows, schema=SCHEMA), [place], source)


def _days(code: str, first: date, last: date) -> Iterator[dict[str, object]]:
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for item in ITEMS:
            period = Period.DAY_MAX_EIGHT_HOURS if item.column == "o3" else Period.DAY
            yield {
                "feature": code,
                "parameter": item.parameter.code,
                "period": str(period),
                "time": start_of_day(day),
                "value": _value(item.column, day, first.year),
                "decimals": 1 if item.column == "co" else 0,
                "state": int(State.VALUE),
                "flag": 0,
                "row": number + 2,
            }


def _value(column: str, day: date, first: int) -> int:
    """Return a day's value: a winter and a summer, weather of some days, a little better every year."""
    usual = LEVELS.get(column, 30)
    year = cos(2 * pi * (day.timetuple().tm_yday - 15) / 365)
    wave = -0.35 * year if column == "o3" else 0.45 * year
    weather = 0.3 * sin(day.toordinal() * 0.9) + 0.25 * sin(day.toordinal() * 0.37 + len(column))
    return max(1, round(usual * (1 + wave + weather) * (1 - 0.02 * (day.year - first))))


def _bound(who: Actor, other: Actor, now: datetime) -> None:
    """Accept and bind the targets of the city's plan, and freeze their paths by two people."""
    document = Document.objects.filter(name=NAME).order_by("pk").first()
    year = now.astimezone(CHINA).year
    bases = {"pm25_mean": "34", "good_day_rate": "89.0"}
    for item in Item.objects.select_related("document__region").filter(document=document, sort="target"):
        if item.damaged:
            continue
        done = reviewing.decide(who, item, "accepted", now) if item.review == "open" else item
        offered = binding.offered(done)
        if offered and offered[0]["same"]:
            code = offered[0]["code"]
            base = {"base_year": year - 1, "base_value": bases[code]} if code in bases else {}
            made = binding.bind(who, done, binding.Choice(code, **base), now)
            targets.propose_freeze(who, made, "按行动计划冻结（模拟）", now)
            _approve(other, made.number, now)


def _by_hand(who: Actor, now: datetime) -> None:
    year = now.astimezone(CHINA).year
    rows = (
        ("pm25_mean", "≤", "32", "30"),
        ("good_day_rate", "≥", "90", ""),
        ("heavy_days", "≤", "2", ""),
        ("water_good_share", "≥", "90", ""),
        ("measure_done_rate", "≥", "90", ""),
        ("rectification_write_off_rate", "=", "100", ""),
    )
    for code, op, value, stretch in rows:
        basis = {"title": f"{year}年度工作要点（模拟）"}
        wanted = targets.Wanted(code, REGION, year, op, value, stretch=stretch, basis=basis)
        targets.make(who, wanted, now, simulated=True)


def _reported(who: Actor, other: Actor, now: datetime) -> None:
    year = now.astimezone(CHINA).year
    told = reporting.Reported(
        "farmland_safe_use", REGION, date(year, 1, 1), date(year, 6, 30), "93.6", "%", "半年填报（模拟）"
    )
    files = [("佐证（模拟）.txt", "受污染耕地安全利用情况（模拟）".encode())]
    made = reporting.report(who, told, files, now, simulated=True)
    _approve(other, made.code, now)


def _approve(other: Actor, subject: str, now: datetime) -> None:
    found = Proposal.objects.filter(subject=subject, state="open").order_by("-pk").first()
    if found is not None:
        approve(other, found.pk, reason="同意（模拟）", now=now)
