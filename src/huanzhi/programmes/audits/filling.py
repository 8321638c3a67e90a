"""Filling 预填: what the archive says of every item of the form, by evidence and events of the code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from huanzhi.ecocode.audits.archive import Told
from huanzhi.ecocode.audits.form import Item, items
from huanzhi.ecocode.grades.models import Event
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.programmes.audits.evidence import EVIDENCE, Span


def archive(enterprise: Enterprise, first: date, last: date) -> Mapping[str, Told]:
    """Return what is known of each item over a span of days."""
    span = Span(enterprise, first, last)
    events = list(_events(span))
    asked: dict[str, Told] = {}
    found = {}
    for code, item in items().items():
        if item.looks_at not in asked:
            asked[item.looks_at] = EVIDENCE[item.looks_at](span)
        found[code] = _of(item, asked[item.looks_at], events, last)
    return found


def _events(span: Span) -> Iterable[Event]:
    """Return the events that held on any day of the span and count, the newest first."""
    kinds = {kind for item in items().values() for kind in item.against}
    rows = Event.objects.filter(enterprise=span.enterprise, state="standing", kind__in=kinds)
    within = rows.filter(day__lte=span.last).filter(Q(until__isnull=True) | Q(until__gt=span.first))
    found: Iterable[Event] = within.order_by("-day", "pk")
    return found


def _of(item: Item, told: Told, events: Sequence[Event], last: date) -> Told:
    """Return what an item's records and the events against it tell together."""
    against = [_fact(one) for one in events if _speaks(item, one, last)]
    # An event tells by itself that the item concerns the enterprise.
    return Told(told.looked + len(against), (*told.against, *against), told.applies or bool(against))


def _speaks(item: Item, event: Event, last: date) -> bool:
    if event.kind not in item.against:
        return False
    if item.at_end and event.until is not None and event.until <= last:
        return False
    return all(str(event.facts.get(name)) in values for name, values in item.where.items())


def _fact(event: Event) -> dict[str, Any]:
    return {
        "zh": event.title_zh,
        "en": event.title_en,
        "day": event.day.isoformat(),
        "until": event.until.isoformat() if event.until else None,
        "address": event.address,
    }
