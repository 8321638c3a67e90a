"""Publication 公示 of events, and events that officers enter by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.grades.events import ENTERED, change, event_code, record
from huanzhi.ecocode.grades.models import Event
from huanzhi.ecocode.grades.reckoning import reckon
from huanzhi.ecocode.grades.settings import checked
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, Thing, require, thing_of
from huanzhi.standards.periods import CHINA


def publish(actor: Actor, sources: Mapping[str, date]) -> int:
    """Note from when events are shown to the public, by source; what is shown no longer is taken back."""
    changed = 0
    rows = Event.objects.filter(kind="penalty", source__in=list(sources)).select_related("region")
    shown = {event.pk: event for event in rows if event.published != sources[event.source]}
    gone = Event.objects.filter(kind="penalty", published__isnull=False, source__startswith="case:")
    for event in gone.exclude(source__in=list(sources)).select_related("region"):
        shown[event.pk] = event
    for event in shown.values():
        event.published = sources.get(event.source)
        save(actor, event, "publication")
        changed += 1
    return changed


def enter(actor: Actor, enterprise: Enterprise, given: Mapping[str, Any], now: datetime) -> Event:
    """Enter an event that no room tells, with what proves it.

    Raises
    ------
    InputError
        If the actor may not, the kind is none, or the day lies ahead.
    """
    today = now.astimezone(CHINA).date()
    body = enterprise.organisation
    require(actor, "create", Thing(Event.KIND, enterprise.region.path, body.code if body else "", "own"))
    kind = checked("kind", given["kind"], "kind")
    if given["day"] > today:
        raise InputError("grades.ahead", column="day", value=given["day"].isoformat())
    source = f"{ENTERED[0]}{now.astimezone(CHINA):%Y%m%d%H%M%S%f}"
    words = given["words"].strip()
    if not words:
        raise InputError("grades.no_words")
    told = Occurrence(
        enterprise.code,
        kind,
        source,
        given["day"],
        given.get("until"),
        given.get("facts") or {},
        (words[:300], words[:300]),
        "",
        enterprise.simulated,
    )
    with transaction.atomic():
        done = record(actor, [told], now)
        reckon(SYSTEM, done.touched, today)
    made: Event = Event.objects.get(code=event_code(enterprise.pk, kind, source))
    return made


def release(actor: Actor, event: Event, day: date, words: str, now: datetime) -> Event:
    """Accept the mending 整改验收 of an event: it weighs no longer from a day on.

    Raises
    ------
    InputError
        If the actor may not, gives no words, or the day lies ahead or before the event.
    """
    today = now.astimezone(CHINA).date()
    require(actor, "change", thing_of(event))
    if not words.strip():
        raise InputError("grades.no_words")
    if day > today:
        raise InputError("grades.ahead", column="day", value=day.isoformat())
    if day <= event.day:
        raise InputError("grades.released_before", day=event.day.isoformat())
    with transaction.atomic():
        first = change(actor, event, words.strip(), today, released=day)
        reckon(SYSTEM, {event.enterprise_id: first}, today)
    return event
