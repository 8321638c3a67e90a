"""The board 看板: issues by state, late ones, ages, categories and channels; counted by the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q

from huanzhi.center.issues.settings import settings
from huanzhi.center.issues.table import table

AGES = (3, 7, 15, 30, 60)
"""Bounds of the ages [days]. DEFAULT, NOT FROM THE DOCUMENTS."""

SOON = timedelta(days=1)


def board(rows: Any, now: datetime) -> dict[str, Any]:
    """Return the counts of the issues in `rows`, a query that is filtered by rights already."""
    rows = rows.order_by()
    open_rows = rows.filter(state__in=table().open_states())
    return {
        "states": _states(rows, now),
        "open": open_rows.count(),
        "overdue": open_rows.filter(due__lt=now).count(),
        "soon": open_rows.filter(due__gte=now, due__lt=now + SOON).count(),
        "suspended": open_rows.filter(suspended=True).count(),
        "supervised": open_rows.filter(supervised=True).count(),
        "reopened": open_rows.filter(reopened__gt=0).count(),
        "ages": _ages(open_rows, now),
        "categories": _counted(open_rows, "category"),
        "channels": _counted(rows, "channel"),
        "defences": _defences(rows),
    }


def _states(rows: Any, now: datetime) -> list[dict[str, Any]]:
    counts = rows.values("state").annotate(n=Count("pk"), late=Count("pk", filter=Q(due__lt=now)))
    found = {row["state"]: row for row in counts}
    return [
        {
            "state": code,
            "zh": state.zh,
            "en": state.en,
            "open": state.open,
            "number": found.get(code, {}).get("n", 0),
            "overdue": found.get(code, {}).get("late", 0) if state.open else 0,
        }
        for code, state in table().states.items()
    ]


def _ages(rows: Any, now: datetime) -> list[dict[str, Any]]:
    bounds = [0, *AGES, None]
    asked = {}
    for place, (least, most) in enumerate(pairwise(bounds)):
        wanted = Q(opened__lte=now - timedelta(days=least or 0))
        if most is not None:
            wanted &= Q(opened__gt=now - timedelta(days=most))
        asked[f"a{place}"] = Count("pk", filter=wanted)
    counts = rows.aggregate(**asked)
    return [
        {"from": bounds[place], "to": bounds[place + 1], "number": counts[f"a{place}"]}
        for place in range(len(AGES) + 1)
    ]


def _counted(rows: Any, name: str) -> list[dict[str, Any]]:
    counts = rows.values(name).annotate(n=Count("pk")).order_by("-n")
    words = settings()[name]
    return [
        {
            "code": row[name],
            "zh": words.get(row[name], {}).get("zh", row[name]),
            "en": words.get(row[name], {}).get("en", row[name]),
            "number": row["n"],
        }
        for row in counts
    ]


def _defences(rows: Any) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for row in _counted(rows, "channel"):
        name = settings()["channel"].get(row["code"], {}).get("defence", "people")
        counts[name] = counts.get(name, 0) + row["number"]
    return [
        {"code": code, "zh": words["zh"], "en": words["en"], "number": counts.get(code, 0)}
        for code, words in settings()["defence"].items()
    ]
