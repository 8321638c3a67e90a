"""The board 看板: issues by state, late ones, ages, categories and channels; counted by the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q

from huanzhi.center.issues.counting import kept
from huanzhi.center.issues.settings import settings
from huanzhi.center.issues.table import table

AGES = (3, 7, 15, 30, 60)
"""Bounds of the ages [days]. DEFAULT, NOT FROM THE DOCUMENTS."""

_BOUNDS = (0, *AGES, None)
SOON = timedelta(days=1)


def board(rows: Any, now: datetime) -> dict[str, Any]:
    """Return the counts of the issues in `rows`, a query that is filtered by rights already.

    What was counted is kept until a step is taken or a minute is over.
    """
    return kept("board", rows, now.timestamp(), lambda: _counted(rows, now))


def _counted(rows: Any, now: datetime) -> dict[str, Any]:
    """Count by state, category and channel; what is closed needs no more than its number."""
    states = table().open_states()
    groups = [
        *_groups(rows.exclude(state__in=states)),
        *_groups(rows.filter(state__in=states), **_asked(now)),
    ]
    still = [row for row in groups if table().states[row["state"]].open]
    return {
        "states": _states(groups),
        "open": _sum(still, "n"),
        "overdue": _sum(still, "late"),
        "soon": _sum(still, "soon"),
        "suspended": _sum(still, "stopped"),
        "supervised": _sum(still, "watched"),
        "reopened": _sum(still, "again"),
        "ages": [
            {"from": least, "to": most, "number": _sum(still, f"a{place}")}
            for place, (least, most) in enumerate(pairwise(_BOUNDS))
        ],
        "categories": _named(still, "category"),
        "channels": _named(groups, "channel"),
        "defences": _defences(groups),
    }


def _groups(rows: Any, **asked: Count) -> list[dict[str, Any]]:
    return list(rows.order_by().values("state", "category", "channel").annotate(n=Count("pk"), **asked))


def _asked(now: datetime) -> dict[str, Count]:
    """Return what is counted of what is open."""
    return {
        "late": Count("pk", filter=Q(due__lt=now)),
        "soon": Count("pk", filter=Q(due__gte=now, due__lt=now + SOON)),
        "stopped": Count("pk", filter=Q(suspended=True)),
        "watched": Count("pk", filter=Q(supervised=True)),
        "again": Count("pk", filter=Q(reopened__gt=0)),
        **_ages_asked(now),
    }


def _ages_asked(now: datetime) -> dict[str, Count]:
    asked = {}
    for place, (least, most) in enumerate(pairwise(_BOUNDS)):
        wanted = Q(opened__lte=now - timedelta(days=least or 0))
        if most is not None:
            wanted &= Q(opened__gt=now - timedelta(days=most))
        asked[f"a{place}"] = Count("pk", filter=wanted)
    return asked


def _sum(groups: Iterable[Mapping[str, Any]], name: str) -> int:
    return sum(row.get(name, 0) for row in groups)


def _states(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    made = []
    for code, state in table().states.items():
        own = [row for row in groups if row["state"] == code]
        told = {"state": code, "zh": state.zh, "en": state.en, "open": state.open}
        made.append({**told, "number": _sum(own, "n"), "overdue": _sum(own, "late")})
    return made


def _named(groups: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    words = settings()[name]
    counts: dict[str, int] = {}
    for row in groups:
        counts[row[name]] = counts.get(row[name], 0) + row["n"]
    return [
        {
            "code": code,
            "zh": words.get(code, {}).get("zh", code),
            "en": words.get(code, {}).get("en", code),
            "number": number,
        }
        for code, number in sorted(counts.items(), key=lambda one: -one[1])
    ]


def _defences(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for row in groups:
        name = settings()["channel"].get(row["channel"], {}).get("defence", "people")
        counts[name] = counts.get(name, 0) + row["n"]
    return [
        {"code": code, "zh": words["zh"], "en": words["en"], "number": counts.get(code, 0)}
        for code, words in settings()["defence"].items()
    ]
