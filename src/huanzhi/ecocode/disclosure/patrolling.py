"""Patrol of the platform 平台巡检: what is missing, late, or differs from what is known; may run again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from huanzhi import rules
from huanzhi.ecocode.disclosure import items
from huanzhi.ecocode.disclosure.known import Known
from huanzhi.ecocode.disclosure.models import Finding, Item, Report
from huanzhi.ecocode.disclosure.reports import sound
from huanzhi.ecocode.disclosure.settings import settings
from huanzhi.library.records.acting import act
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.rulebooks import holding
from huanzhi.standards.periods import CHINA, stamp

BOOK = "disclosure_emission"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: its sort, what it is about besides the item, since when, and what was compared."""

    item: Item
    sort: str
    since: date
    told: Mapping[str, Any]
    about: str = ""

    @property
    def source(self) -> str:
        """Return what names it for ever."""
        return f"{self.sort}:{self.item.code}:{self.about}"[:200]


def patrol(known: Known, now: datetime) -> dict[str, int]:
    """Look through everything that is owed and disclosed; what is cured is closed, what is new is kept."""
    done = {"owed": items.owed(known), "found": 0, "cured": 0}
    seen = set()
    rows = Item.objects.exclude(state="void").select_related("enterprise__region", "region")
    for item in rows.order_by("pk"):
        for one in found_of(item, known, now):
            seen.add(one.source)
            done["found"] += _keep(one, now)
    done["cured"] = _cure(seen, now)
    return done


def found_of(item: Item, known: Known, now: datetime) -> Iterator[Found]:
    """Yield what is wrong with an item now."""
    yield from _clock(item, now)
    last = item.reports.order_by("-number").first()
    if last is None:
        return
    yield from _bound(item)
    if item.sort == "annual":
        yield from _permit(item, last, known)
        yield from _penalties(item, last, known)
        yield from _emissions(item, last, known)


def _clock(item: Item, now: datetime) -> Iterator[Found]:
    """Yield that nothing was disclosed in time: missing while it stands, late once it came."""
    sort = "annual" if item.sort == "annual" else "temporary"
    since = item.due.astimezone(CHINA).date()
    told = {"due": stamp(item.due)}
    if item.disclosed is None and now > item.due:
        yield Found(item, f"{sort}_missing", since, told)
    elif item.disclosed is not None and item.disclosed > item.due:
        when = stamp(item.disclosed)
        yield Found(item, f"{sort}_late", since, {**told, "disclosed": when})


def _bound(item: Item) -> Iterator[Found]:
    for report in item.reports.all():
        if not sound(report):
            day = report.disclosed.astimezone(CHINA).date()
            yield Found(item, "commitment_broken", day, {"version": report.number}, str(report.number))


def _permit(item: Item, last: Report, known: Known) -> Iterator[Found]:
    numbers = known.permits.get(item.enterprise.code)
    given = str(last.content.get("management", {}).get("permit", "")).strip()
    if numbers and given not in numbers:
        told = {"disclosed": given, "known": "、".join(sorted(numbers)), "version": last.number}
        yield Found(item, "permit_wrong", last.disclosed.astimezone(CHINA).date(), told)


def _penalties(item: Item, last: Report, known: Known) -> Iterator[Found]:
    """Yield the penalties of the year whose documents the report does not name."""
    said = str(last.content.get("breaches", {}).get("documents", ""))
    for one in known.of(item.enterprise.code, item.year):
        if one.document and one.document not in said:
            told = {"disclosed": said, "known": one.document, "source": one.source, "version": last.number}
            yield Found(item, "penalty_absent", last.disclosed.astimezone(CHINA).date(), told, one.source)


def _emissions(item: Item, last: Report, known: Known) -> Iterator[Found]:
    part = last.content.get("pollution", {})
    for name, parameter in settings()["emission"].items():
        other = known.emissions.get((item.enterprise.code, item.year, parameter))
        said = _number(part.get(name))
        if other is None or said is None or other.amount <= 0:
            continue
        difference = (other.amount - said) / other.amount * 100
        told = {"difference_percent": str(difference.quantize(Decimal("0.1")))}
        book = holding.in_force(BOOK, last.disclosed.astimezone(CHINA).date(), item.region_id)
        answer = rules.evaluate(book, told)
        if answer.outputs["finding"]:
            more = {"disclosed": str(said), "known": str(other.amount), "source": other.source, "unit": "t"}
            told_all = {**told, **more, "field": name, "version": last.number, "why": answer.as_dict()}
            yield Found(item, "emission_differs", last.disclosed.astimezone(CHINA).date(), told_all, name)


def _number(words: Any) -> Decimal | None:
    try:
        return Decimal(str(words)) if words not in (None, "") else None
    except InvalidOperation:
        return None


def _keep(one: Found, now: datetime) -> int:
    """Keep what is found; what was cured and is back is open again. Return 1 where it is new."""
    held = Finding.objects.filter(source=one.source).first()
    if held is None:
        save(SYSTEM, _made(one, now), "patrol")
        return 1
    if held.state == "cured":
        held.state, held.ended, held.told = "open", None, dict(one.told)
        note(held, "system", "", "again", "", now)
        act(SYSTEM, held, "again", "patrol")
        return 1
    return 0


def _made(one: Found, now: datetime) -> Finding:
    day = now.astimezone(CHINA).date()
    number = Finding.objects.filter(number__startswith=f"XJ-{day:%Y%m%d}-").count() + 1
    made = Finding(
        number=f"XJ-{day:%Y%m%d}-{number:04d}",
        item=one.item,
        enterprise=one.item.enterprise,
        region=one.item.region,
        sort=one.sort,
        source=one.source,
        told=dict(one.told),
        found=now,
        since=one.since,
        simulated=one.item.simulated,
    )
    note(made, "system", "", "found", "", now)
    return made


def _cure(seen: set[str], now: datetime) -> int:
    """Close what no longer holds and nobody has judged."""
    open_ = [name for name, row in settings()["finding_state"].items() if row["open"]]
    gone = [one for one in Finding.objects.filter(state__in=open_) if one.source not in seen]
    with transaction.atomic():
        for held in gone:
            held.state, held.ended = "cured", now
            note(held, "system", "", "cured", "", now)
            act(SYSTEM, held, "cure", "patrol")
    return len(gone)


def note(finding: Finding, code: str, name: str, move: str, words: str, now: datetime) -> None:
    """Write a step into the course of a finding."""
    at = stamp(now)
    step = {"at": at, "actor": code, "name": name, "move": move, "words": words[:2000]}
    finding.steps = [*finding.steps, step]
