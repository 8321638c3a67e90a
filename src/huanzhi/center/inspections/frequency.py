"""Frequency 检查频次: expected against actual visits, whom to inspect first, and how often that was right."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count

from huanzhi.center.inspections.models import Subject, Task
from huanzhi.center.inspections.settings import settings
from huanzhi.standards.periods import CHINA

PPM = 1_000_000
QUARTERS = 4


def year_of(year: int) -> tuple[datetime, datetime]:
    """Return the begin of a year and of the next, in China time."""
    return datetime(year, 1, 1, tzinfo=CHINA), datetime(year + 1, 1, 1, tzinfo=CHINA)


def visits(year: int) -> dict[int, int]:
    """Return by enterprise how often it was visited in a year."""
    begin, end = year_of(year)
    rows = Task.objects.filter(visited__gte=begin, visited__lt=end, enterprise__isnull=False)
    return dict(
        rows.order_by().values_list("enterprise").annotate(n=Count("pk")).values_list("enterprise", "n")
    )


def expected_ppm(subject: Subject, quarters: int = QUARTERS) -> int:
    """Return how many visits are expected over some quarters, in millionths, at most those of a year."""
    return min(subject.share_ppm * quarters, subject.most_a_year * PPM)


def quarters_begun(year: int, day: date) -> int:
    """Return how many quarters of a year have begun by a day."""
    if day.year != year:
        return QUARTERS if day.year > year else 0
    return (day.month - 1) // 3 + 1


def rows(subjects: Iterable[Subject], year: int, day: date) -> list[dict[str, Any]]:
    """Return for each object the visits expected in the year and until now, and those that were made."""
    made, begun = visits(year), quarters_begun(year, day)
    return [
        {
            "code": one.code,
            "name": one.enterprise.name,
            "region": one.enterprise.region_id,
            "region_name": one.enterprise.region.name,
            "kind": one.sort,
            "credit": one.credit,
            "risk": one.risk,
            "score": one.score,
            "year": str(_decimal(expected_ppm(one))),
            "expected": str(_decimal(expected_ppm(one, begun))),
            "actual": made.get(one.enterprise_id, 0),
            "most": one.most_a_year,
            "over": made.get(one.enterprise_id, 0) > one.most_a_year,
            "simulated": one.simulated,
        }
        for one in subjects
    ]


def by_group(found: Iterable[dict[str, Any]], field: str) -> list[dict[str, Any]]:
    """Return the sums of `rows` by class or credit: objects, visits expected until now and made."""
    groups: dict[str, dict[str, Any]] = {}
    for row in found:
        group = groups.setdefault(
            row[field], {"code": row[field], "objects": 0, "expected": 0.0, "actual": 0}
        )
        group["objects"] += 1
        group["expected"] += float(row["expected"])
        group["actual"] += row["actual"]
    return [
        {**one, "expected": f"{one['expected']:.2f}", "rate": _rate(one)}
        for one in sorted(groups.values(), key=lambda one: one["code"])
    ]


def _rate(group: dict[str, Any]) -> float | None:
    return round(group["actual"] / group["expected"], 3) if group["expected"] else None


def _decimal(ppm: int) -> Any:
    from decimal import Decimal

    return (Decimal(ppm) / PPM).quantize(Decimal("0.001")).normalize() + 0


def first(subjects: Any) -> list[Subject]:
    """Return whom to inspect first: by score, then by the longer time since the last visit, then by code."""
    never = 10**6
    scored = [one for one in subjects if one.score is not None]
    return sorted(
        scored,
        key=lambda one: (-one.score, -(never if one.months_since is None else one.months_since), one.code),
    )


def list_length(number: int) -> int:
    """Return how many of the pool the list of whom to inspect first holds."""
    told = settings()["counting"]
    return min(number, max(told["list_least"], math.ceil(number * told["list_share"])))


def hits(path: str, since: datetime, until: datetime | None = None) -> dict[str, Any]:
    """Return how often visits found something, on the list and off it: the precision of the list.

    The rank that counts is the one that the object had when its task was made, so that what was found later
    does not make the list look better.
    """
    done = Task.objects.filter(
        region__path__startswith=path,
        filed__gte=since,
        filed__lt=until or datetime.now(UTC),
        risk_rank__isnull=False,
    ).values_list("risk_rank", "listed", "result", "sort")
    found = {"listed": [0, 0], "other": [0, 0]}
    sorts: dict[str, list[int]] = {}
    for rank, length, result, sort in done:
        hit = result in ("found", "relapsed", "refused")
        group = found["listed" if rank <= length else "other"]
        for each in (group, sorts.setdefault(sort, [0, 0])):
            each[0] += 1
            each[1] += hit
    return {
        **{name: _precision(*pair) for name, pair in found.items()},
        "sorts": [{"sort": name, **_precision(*pair)} for name, pair in sorted(sorts.items())],
    }


def _precision(visited: int, hit: int) -> dict[str, Any]:
    return {"visits": visited, "hits": hit, "precision": round(hit / visited, 3) if visited else None}
