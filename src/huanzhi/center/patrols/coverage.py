"""Coverage 巡查覆盖: what is done against what is owed, by area, keeper, region, role or plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from huanzhi.center.patrols.models import Area, Patrol, Plan
from huanzhi.center.patrols.owing import Terms, counted, span_of
from huanzhi.standards.periods import CHINA

GROUPS: Mapping[str, tuple[str, str]] = {
    "area": ("area__code", "area__name"),
    "keeper": ("keeper__code", "keeper__name"),
    "region": ("area__region_id", "area__region__name"),
    "category": ("area__category", "area__category"),
    "role": ("keeper__role", "keeper__role"),
    "plan": ("code", "area__name"),
}
"""By what coverage is told: code and name in a plan."""


def terms_of(plan: Plan) -> Terms:
    """Return what a plan says of time."""
    return Terms(plan.per, plan.times, plan.months, plan.valid_from, plan.valid_to)


def coverage(plans: Iterable[Plan], by: str, first: date, last: date) -> list[dict[str, Any]]:
    """Return rows of what is owed and done in periods that ended between two days.

    Each row: ``code``, ``name``, ``plans``, ``owed``, ``done``, ``missing``, ``beyond``, ``owed_now`` and
    ``done_now`` (in the period of the last day, which may not be over), ``invalid``,
    ``findings``, ``metres``, ``minutes`` and ``rate`` (done of owed; None where nothing is owed).
    """
    chosen = list(plans)
    done = _done([one.pk for one in chosen], first, last)
    rows: dict[str, dict[str, Any]] = {}
    for plan in chosen:
        code, name = (_at(plan, path) for path in GROUPS[by])
        row = rows.setdefault(code, _empty(code, name))
        patrols = done.get(plan.pk, [])
        days = [one["started"].astimezone(CHINA).date() for one in patrols if one["verdict"] == "valid"]
        owed, met, beyond = counted(terms_of(plan), first, last, days)
        within = [one for one in patrols if first <= one["started"].astimezone(CHINA).date() <= last]
        _add(row, plans=1, owed=owed, done=met, missing=owed - met, beyond=beyond)
        _add(row, **_running(terms_of(plan), last, days))
        _add(row, invalid=sum(one["verdict"] == "invalid" for one in within))
        _add(row, findings=sum(one["found"] for one in within))
        _add(row, metres=sum(one["metres"] for one in within), minutes=sum(one["minutes"] for one in within))
    for row in rows.values():
        row["rate"] = round(row["done"] / row["owed"], 4) if row["owed"] else None
        row["metres"], row["minutes"] = round(row["metres"]), round(row["minutes"])
    return sorted(rows.values(), key=lambda row: (row["rate"] is None, row["rate"] or 0, row["code"]))


_FIGURES = (
    "plans",
    "owed",
    "done",
    "missing",
    "beyond",
    "owed_now",
    "done_now",
    "invalid",
    "findings",
    "metres",
    "minutes",
)


def _running(terms: Terms, day: date, done: list[date]) -> dict[str, int]:
    """Return what is owed and done in the period in which a day lies, which may not be over."""
    span = span_of(terms.per, day)
    ends = span.end - timedelta(days=1)
    owed, met, _ = counted(terms, ends, ends, done)
    return {"owed_now": owed, "done_now": met}


def _empty(code: str, name: str) -> dict[str, Any]:
    return {"code": code, "name": name, **dict.fromkeys(_FIGURES, 0), "rate": None}


def _add(row: dict[str, Any], **figures: float) -> None:
    for name, value in figures.items():
        row[name] += value


def _at(plan: Plan, path: str) -> str:
    found: Any = plan
    for step in path.split("__"):
        found = getattr(found, step) if found is not None else None
    return str(found or "")


def _done(plans: list[int], first: date, last: date) -> dict[int, list[dict[str, Any]]]:
    """Return the patrols of plans, from a quarter before the first day on: a period may begin before it."""
    begin = datetime.combine(first - timedelta(days=93), datetime.min.time(), CHINA)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), CHINA)
    from django.db.models import Count

    rows = (
        Patrol.objects.filter(plan__in=plans, started__gte=begin, started__lt=end)
        .annotate(found=Count("findings"))
        .values("plan", "started", "verdict", "metres", "minutes", "found")
    )
    held = defaultdict(list)
    for row in rows:
        held[row["plan"]].append(row)
    return dict(held)


def vacant(areas: Iterable[Area], day: date) -> list[Area]:
    """Return the areas for which nobody holds office on a day 空缺."""
    return [one for one in areas if not any(keeper.holds(day) for keeper in one.keepers.all())]
