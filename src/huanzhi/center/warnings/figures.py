"""Figures of warnings 预警统计: what stands, what is owed, and the minutes from alarm to disposal."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Q

from huanzhi.center.warnings.settings import levels

DAYS = 30
"""Days over which the time from alarm to disposal is taken. Ours."""


def figures(rows: Any, now: datetime) -> dict[str, Any]:
    """Return the figures of the warnings that a reader may see.

    Returns
    -------
    dict
        ``median_minutes`` is None where nothing was disposed of in the last days.
    """
    standing = rows.filter(state="open", storm=None)
    by_level = Counter(standing.order_by().values_list("level", flat=True))
    owed = rows.filter(reply_state__in=("owed", "refused"))
    taken = _taken(rows, now)
    minutes = [one for each in taken.values() for one in each]
    open_by_rule = Counter(standing.order_by().values_list("rule", flat=True))
    return {
        "open": standing.count(),
        "levels": {level: by_level.get(level, 0) for level in levels()},
        "rules": [
            {
                "rule": rule,
                "open": open_by_rule.get(rule, 0),
                "handled": len(taken.get(rule, [])),
                "median_minutes": median(taken[rule]) if rule in taken else None,
            }
            for rule in sorted({*open_by_rule, *taken})
        ],
        "owed": owed.filter(Q(reply_due__gte=now) | Q(reply_due=None)).count(),
        "overdue": owed.filter(reply_due__lt=now).count(),
        "given": rows.filter(reply_state="given").count(),
        "without_issue": standing.filter(issue="").count(),
        "handled": len(minutes),
        "median_minutes": median(minutes) if minutes else None,
        "days": DAYS,
    }


def _taken(rows: Any, now: datetime) -> dict[str, list[float]]:
    done = rows.filter(handled__gt=now - timedelta(days=DAYS)).order_by()
    found: dict[str, list[float]] = {}
    for rule, since, handled in done.values_list("rule", "since", "handled"):
        found.setdefault(rule, []).append(round((handled - since).total_seconds() / 60, 1))
    return found
