"""Collecting 归集: what every room tells becomes events, events become codes, codes reach the inspections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from huanzhi.ecocode.grades.events import Recorded, record
from huanzhi.ecocode.grades.models import Event
from huanzhi.ecocode.grades.publishing import publish
from huanzhi.ecocode.grades.reckoning import due, reckon
from huanzhi.ecocode.grades.schemes import Shelf
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import Store
from huanzhi.programmes.conduct import centre, outlets
from huanzhi.programmes.conduct.days import EXCEEDANCE, RUN
from huanzhi.programmes.conduct.inspecting import carry
from huanzhi.programmes.conduct.settings import settings
from huanzhi.standards.periods import CHINA


@dataclass(slots=True)
class Collected:
    """What was told, and of which kinds all was."""

    occurrences: list[Occurrence] = field(default_factory=list)
    whole: dict[str, date] = field(default_factory=dict)


def collect(store: Store | None, today: date) -> Collected:
    """Ask every room what is known as of a day; outlets only where there is a store."""
    found = Collected()
    if store is not None:
        told = outlets.told(store, today)
        explained = _explained(today)
        found.occurrences += [one for one in told.occurrences if not _is_explained(one, explained)]
        found.whole |= dict.fromkeys((EXCEEDANCE, RUN), told.since)
    found.occurrences += centre.occurrences(today)
    found.whole |= dict.fromkeys(centre.KINDS, date.min)
    for source in settings()["source"]:
        room = _room(source["module"])
        if room is not None:
            found.occurrences += [made for one in room.occurrences(today) for made in settled(one, today)]
            found.whole |= dict.fromkeys(source["kinds"], date.min)
    return found


def _room(module: str) -> Any:
    """Return the module of a room, None where the room is not there."""
    package = module.rpartition(".")[0]
    if not apps.is_installed(package) or find_spec(module) is None:
        return None
    return import_module(module)


def _explained(today: date) -> set[tuple[str, str, date]]:
    """Return outlet, parameter and day of the exceedances whose explanation the bureau accepted."""
    room = _room("huanzhi.ecocode.statements.occurrences")
    if room is None:
        return set()
    told = (one for one in room.occurrences(today) if one.kind == "exceedance_explained")
    return {(str(one.facts["outlet"]), str(one.facts["parameter"]), one.day) for one in told}


def _is_explained(one: Occurrence, explained: set[tuple[str, str, date]]) -> bool:
    named = (str(one.facts.get("outlet")), str(one.facts.get("parameter")), one.day)
    return one.kind == EXCEEDANCE and named in explained


def settled(one: Occurrence, today: date) -> Iterator[Occurrence]:
    """Yield an occurrence with facts that do not change from day to day; rising ones are cut into stages."""
    if one.kind in settings()["stages"]:
        yield from _stages(one, settings()["stages"][one.kind], today)
        return
    facts = {name: v for name, v in one.facts.items() if name not in settings()["drop"].get(one.kind, ())}
    if one.kind == "permit_expiring" and isinstance(facts.get("ends"), date):
        yield from _soon(one, facts, today)
        return
    yield replace(one, facts=facts)


def _soon(one: Occurrence, facts: dict[str, Any], today: date) -> Iterator[Occurrence]:
    """Yield a permit that ends soon once the day has come from which the code asks for it."""
    begun = max(one.day, facts["ends"] - timedelta(days=SOON))
    if begun <= today and (one.until is None or begun < one.until):
        yield replace(one, day=begun, facts={**facts, "days_left": (facts["ends"] - begun).days})


SOON = 60
"""Days before its end from which a permit is told; the rulebook decides what follows. Ours."""


def _stages(one: Occurrence, table: Mapping[str, Any], today: date) -> Iterator[Occurrence]:
    name = table["fact"]
    if name not in one.facts:
        yield one
        return
    begun = (one.until or today) - timedelta(days=int(one.facts[name]))
    steps = [(begun + timedelta(days=number), number) for number in table["from"]]
    for place, (day, number) in enumerate(steps):
        after = steps[place + 1][0] if place + 1 < len(steps) else None
        until = min((end for end in (after, one.until) if end is not None), default=None)
        if day <= today and (until is None or day < until):
            ends = until if until is not None and until <= today else None
            facts = {**one.facts, name: number}
            yield replace(one, source=f"{one.source}#{number}", day=day, until=ends, facts=facts)


def refresh(store: Store | None, now: datetime, shelf: Shelf | None = None) -> dict[str, Any]:
    """Collect, record, reckon what was touched and what is due, and tell the inspections."""
    today = now.astimezone(CHINA).date()
    shelf = shelf or Shelf()
    done = keep(collect(store, today), now, today)
    touched = dict(due(today))
    for enterprise, day in done.touched.items():
        touched[enterprise] = min(day, touched.get(enterprise, day))
    reckoned = reckon(SYSTEM, touched, today, shelf)
    return {
        "events": done.as_dict(),
        "codes": reckoned.as_dict(),
        "published": publish(SYSTEM, centre.published(today)),
        "inspections": carry(touched, now),
    }


def keep(found: Collected, now: datetime, today: date) -> Recorded:
    """Record what was collected; what an officer entered by hand is nobody's to withdraw."""
    told = [*found.occurrences, *over(found, today)]
    return record(SYSTEM, told, now, whole=found.whole, known=today)


def over(found: Collected, today: date) -> Iterator[Occurrence]:
    """Yield events that are told no longer because they are over, of the kinds of ``[ending]``.

    What has not begun by today is not over: nobody tells it, so it is withdrawn until its day comes.
    """
    kinds = [kind for kind in settings()["ending"]["kinds"] if kind in found.whole]
    told = {(one.enterprise, one.kind, one.source) for one in found.occurrences}
    rows = Event.objects.filter(kind__in=kinds, state="standing", day__lte=today)
    for event in rows.select_related("enterprise").order_by("pk"):
        if (event.enterprise.code, event.kind, event.source) not in told:
            yield outlets.again(event, event.until or max(today, event.day + timedelta(days=1)))
