"""Statistics 统计: by channel, region, category; how much was on time, and how satisfied people are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.petitions.models import Term
from huanzhi.center.petitions.settings import settings, table

SOON = timedelta(hours=48)
STEPS = ("accept", "forward", "assign", "dispatch", "handle", "review_decide", "recheck_decide")


def board(rows: Any, now: datetime) -> dict[str, Any]:
    """Return how many petitions stand in each state, how many are late or due within two days."""
    counts = {one["state"]: one for one in rows.order_by().values("state").annotate(**_counts(now))}
    empty = {"number": 0, "overdue": 0}
    states = [
        {"state": code, "zh": state.zh, "en": state.en, "open": state.open, **_of(counts.get(code, empty))}
        for code, state in table().states.items()
    ]
    open_ = [one for one in states if one["open"]]
    due = rows.filter(state__in=table().open_states(), due__gte=now, due__lt=now + SOON)
    return {
        "open": sum(one["number"] for one in open_),
        "overdue": sum(one["overdue"] for one in open_),
        "soon": due.count(),
        "supervised": rows.filter(supervised=True, state__in=table().open_states()).count(),
        "states": states,
    }


def _counts(now: datetime) -> dict[str, Any]:
    return {"number": Count("pk"), "overdue": Count("pk", filter=Q(due__lt=now))}


def _of(row: Any) -> dict[str, int]:
    return {name: row[name] for name in ("number", "overdue")}


def statistics(rows: Any, now: datetime) -> dict[str, Any]:
    """Return figures of the petitions of `rows`: counts, shares on time by term, satisfaction, repeats."""
    total = rows.count()
    rated = rows.filter(score__isnull=False)
    return {
        "total": total,
        "named": rows.filter(identity="named").count(),
        "again": rows.filter(again__gt=1).count(),
        "joined": rows.filter(joined_to__isnull=False).count(),
        "answered": rows.filter(replied__isnull=False).count(),
        "called_back": rows.filter(called="yes").count(),
        "call_back_share": settings()["call_back"]["share"],
        "rated": rated.count(),
        "satisfied": rated.filter(score__gte=4).count(),
        "score": _rounded(rated.aggregate(mean=Avg("score"))["mean"]),
        "terms": [_term(rows, step, now) for step in STEPS],
        "channels": _by(rows, "channel", settings()["channel"]),
        "categories": _by(rows, "category", issue_settings()["category"]),
        "verdicts": _by(rows.exclude(verdict=""), "verdict", table().choices["verdict"]),
        "regions": _regions(rows),
        "scores": [{"score": n, "number": rated.filter(score=n).count()} for n in range(1, 6)],
    }


def _rounded(value: Any) -> float | None:
    return None if value is None else round(float(value), 2)


def _term(rows: Any, step: str, now: datetime) -> dict[str, Any]:
    """Return of one term: how many ended, how many on time; what still runs counts only once it is late."""
    terms = Term.objects.filter(
        petition__in=rows.order_by().values("pk"), step=step, void=False, due__isnull=False
    )
    on_time = terms.filter(met__isnull=False, met__lte=F("due")).count()
    late = terms.filter(Q(met__gt=F("due")) | Q(met=None, due__lt=now)).count()
    ended = on_time + late
    return {
        "step": step,
        "ended": ended,
        "on_time": on_time,
        "rate": round(on_time / ended, 4) if ended else None,
    }


def _by(rows: Any, name: str, words: Any) -> list[dict[str, Any]]:
    found = dict(rows.order_by().values_list(name).annotate(number=Count("pk")))
    known = [code for code in words if code in found]
    told = [
        {"code": code, "zh": words[code]["zh"], "en": words[code]["en"], "number": found[code]}
        for code in known
    ]
    return sorted(told, key=lambda one: -one["number"])


def _regions(rows: Any) -> list[dict[str, Any]]:
    found: Iterable[Any] = (
        rows.order_by()
        .values("region_id", "region__name")
        .annotate(number=Count("pk"), mean=Avg("score"), again=Count("pk", filter=Q(again__gt=1)))
    )
    told = [
        {
            "code": one["region_id"],
            "zh": one["region__name"],
            "en": one["region__name"],
            "number": one["number"],
            "again": one["again"],
            "score": _rounded(one["mean"]),
        }
        for one in found
    ]
    return sorted(told, key=lambda one: (-one["number"], one["code"]))
