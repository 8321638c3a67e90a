"""Automatic reminders 自动催报 of status reports that are not handed in, before their day and after it.

Only for periods of which a region of the same city has begun its report: where nobody reports, none are sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.library.places.models import Region
from huanzhi.library.publications import reporting
from huanzhi.library.publications.models import RegionReport
from huanzhi.library.publications.settings import settings
from huanzhi.library.rights import SYSTEM
from huanzhi.messages import text, using
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.periods import CHINA


def remind_all(now: datetime) -> dict[str, int]:
    """Remind every region whose report is nearly due or late; doing it twice on a day changes nothing.

    Returns
    -------
    dict of str to int
        ``reminded``: how many reminders were written.
    """
    today, rules = now.astimezone(CHINA).date(), settings()["reminder"]
    written = 0
    with transaction.atomic():
        for root, period in _begun(today, rules):
            seen = RegionReport.objects.filter(period=period.code, region__path__startswith=root.path)
            for row in reporting.coverage(root, period, today, seen):
                if _wanted(row, today, rules):
                    region = Region.objects.get(code=row["region"])
                    reporting.remind(SYSTEM, region, period, _words(row, period.code), now)
                    written += 1
    return {"reminded": written}


def _begun(today: date, rules: Mapping[str, Any]) -> Iterator[tuple[Region, reporting.Period]]:
    """Yield cities with the periods that one of theirs has begun to report on and that are not long over."""
    found = RegionReport.objects.select_related("region").order_by("period", "region__path")
    done: set[tuple[str, str]] = set()
    for held in found:
        root = _city(held.region)
        if (root.pk, held.period) in done:
            continue
        done.add((root.pk, held.period))
        span = parse_span(held.period)
        latest = max(held.due, span.last) + timedelta(days=rules["until"])
        if span.last < today <= latest:
            yield root, reporting.Period(span.code(), span.kind, span.last)


def _city(region: Region) -> Region:
    """Return the city above a region that reports, or the region itself where none does."""
    codes = region.path.strip("/").split("/")
    above = Region.objects.filter(code__in=codes).order_by("path")
    return next((each for each in above if reporting.level_of(each)), region)


def _wanted(row: Mapping[str, Any], today: date, rules: Mapping[str, Any]) -> bool:
    """Return whether a region of the coverage is to be reminded today."""
    if row["standing"] == "submitted" or row["reminders"] >= rules["most"]:
        return False
    if today < row["due"] - timedelta(days=rules["before"]):
        return False
    last = row["reminded"]
    return last is None or last.astimezone(CHINA).date() + timedelta(days=rules["every"]) <= today


def _words(row: Mapping[str, Any], period: str) -> str:
    with using("zh"):
        return text(
            "publications.reminder_late" if row["overdue"] else "publications.reminder_soon",
            period=period,
            due=row["due"].isoformat(),
        )
