"""Figures of hidden dangers: how they stand, how soon they are mended, and who has not checked in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max

from huanzhi.center.hazards.models import Check
from huanzhi.center.hazards.settings import settings


def figures(hazards: Any, checks: Any, enterprises: Any, now: datetime, day: date) -> dict[str, Any]:
    """Return the figures of what a reader may see."""
    rows = list(
        hazards.order_by().values("grade", "state", "kind", "source", "due", "reported", "closed", "issue")
    )
    return {
        "total": len(rows),
        "open": sum(_open(row) for row in rows),
        "overdue": sum(_late(row, now) for row in rows),
        "major_open": sum(_open(row) and row["grade"] == "major" for row in rows),
        "issues": sum(bool(row["issue"]) for row in rows),
        "in_time": _in_time(rows),
        "median_days": _median(rows),
        **{name: _counted(name, rows) for name in ("grade", "state", "kind", "source")},
        "checks": _checks(checks, day),
        "late_checks": late_checks(enterprises, day),
        "guide": dict(settings()["guide"]),
    }


def _open(row: dict[str, Any]) -> bool:
    return bool(settings()["state"][row["state"]]["open"])


def _late(row: dict[str, Any], now: datetime) -> bool:
    return _open(row) and row["state"] != "rectified" and row["due"] is not None and row["due"] < now


def _counted(field: str, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    counts = Counter(row[field] for row in rows)
    words = settings()[field]
    return [
        {"code": code, "zh": word["zh"], "en": word["en"], "number": counts[code]}
        for code, word in words.items()
    ]


def _in_time(rows: Iterable[dict[str, Any]]) -> float | None:
    """Return the share of closed dangers that were closed within their term; None where none is closed."""
    closed = [row for row in rows if row["state"] == "closed" and row["due"] is not None]
    return round(sum(row["closed"] <= row["due"] for row in closed) / len(closed), 3) if closed else None


def _median(rows: Iterable[dict[str, Any]]) -> int | None:
    days = sorted((row["closed"] - row["reported"]).days for row in rows if row["state"] == "closed")
    return days[len(days) // 2] if days else None


def _checks(checks: Any, day: date) -> list[dict[str, Any]]:
    """Return how many checks were made in each of the last twelve months."""
    since = (day - timedelta(days=365)).replace(day=1)
    counts = Counter(
        one.strftime("%Y-%m") for one in checks.filter(day__gte=since).values_list("day", flat=True)
    )
    return [{"month": month, "number": counts[month]} for month in sorted(counts)]


def late_checks(enterprises: Any, day: date) -> list[dict[str, Any]]:
    """Return the enterprises whose checks are not in time, by kind of check; never counts too.

    Only enterprises that discharge under a permit's key management or are key units are asked for.
    """
    wanted = {one.pk: one for one in enterprises if one.key_unit or one.management == "key"}
    found = []
    for sort, row in settings()["check"].items():
        if "every_days" not in row:
            continue
        last = dict(
            Check.objects.filter(sort=sort, enterprise__in=wanted)
            .order_by()
            .values_list("enterprise")
            .annotate(last=Max("day"))
            .values_list("enterprise", "last")
        )
        for key, one in wanted.items():
            made = last.get(key)
            if made is None or (day - made).days > row["every_days"]:
                found.append(
                    {
                        "code": one.code,
                        "name": one.name,
                        "check": sort,
                        "last": made.isoformat() if made else None,
                        "simulated": one.simulated,
                    }
                )
    return sorted(found, key=lambda one: (one["check"], one["last"] or "", one["code"]))
