"""Occurrences: what of waste a code or credit may weigh; findings and the results of check lists.

A check is told from the day on which it was scored until all that fell short is rectified and accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.ecocode.waste.models import Check, Finding
from huanzhi.ecocode.waste.settings import settings
from huanzhi.standards.periods import CHINA


def occurrences(day: date) -> Iterator[Occurrence]:
    """Go through what is known of waste as of a day; what was over by then says so."""
    for row in Finding.objects.filter(day__lte=day).select_related("enterprise").order_by("pk"):
        yield _of_finding(row, day)
    rows = Check.objects.filter(scored__isnull=False).select_related("enterprise").order_by("pk")
    for check in rows:
        begun = _day(check.scored)
        if begun <= day:
            yield _of_check(check, begun, day)


def _of_finding(row: Finding, day: date) -> Occurrence:
    words = settings()["finding"][row.sort]
    until = row.until if row.until is not None and row.until <= day else None
    return Occurrence(
        enterprise=row.enterprise.code,
        kind=words["occurrence"],
        source=f"{Finding.KIND}:{row.code}",
        day=row.day,
        until=until,
        facts=_facts(row, until or day),
        title=(f"{words['zh']} {row.waste}".strip(), f"{words['en']} {row.waste}".strip()),
        address=f"/waste?part=findings&enterprise={row.enterprise.code}",
        simulated=row.simulated,
    )


def _facts(row: Finding, day: date) -> Mapping[str, Any]:
    facts: dict[str, Any] = {"sort": row.sort, "waste": row.waste, "confidence": row.confidence}
    if "oldest" in row.facts:
        facts["days"] = (day - date.fromisoformat(row.facts["oldest"])).days
        facts |= {"limit_days": row.facts["limit_days"], "side": row.facts["side"]}
        facts["over"] = row.sort == "storage_long"
    facts |= {name: row.facts[name] for name in ("gap_kg", "tolerance_kg", "share") if name in row.facts}
    return facts


def _of_check(check: Check, begun: date, day: date) -> Occurrence:
    grade = settings()["grade"][check.grade]
    closed = _day(check.closed) if check.closed and check.state == "closed" else None
    return Occurrence(
        enterprise=check.enterprise.code,
        kind="waste_check",
        source=f"{Check.KIND}:{check.number}",
        day=begun,
        until=closed if closed is not None and closed <= day else None,
        facts={
            "grade": check.grade,
            "score": check.score,
            "object": check.object,
            "rectified": closed is not None and closed <= day,
            "confidence": settings()["assessment"]["thresholds_confidence"],
        },
        title=(f"危废规范化评估{grade['zh']}", f"hazardous-waste assessment: {grade['en']}"),
        address=f"/waste/checks/{check.number}",
        simulated=check.simulated,
    )


def _day(moment: Any) -> date:
    found: date = moment.astimezone(CHINA).date()
    return found
