"""The wall 整改墙: tasks by batch and unit, write-offs planned and done, figures by region and unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from huanzhi.center.rectification import clocks
from huanzhi.center.rectification.models import Batch, Return, Talk, Task
from huanzhi.center.rectification.settings import settings, table

CLOSED = ("written_off", "looked_back")
NO_UNIT = ""
BACK, FORWARD = 10, 10
"""Years of the chart before and after the present at most. DEFAULT, NOT FROM THE DOCUMENTS."""


def wall(rows: Any, now: datetime) -> dict[str, Any]:
    """Return what the wall shows of the tasks that somebody may see."""
    tasks = list(rows.select_related("region", "organisation", "batch").order_by("batch", "pk"))
    day = clocks.today(now)
    return {
        "day": day.isoformat(),
        "figures": figures(tasks, day),
        "states": [_state(code, tasks) for code in table().states],
        "batches": [_batch(one, tasks, day) for one in _batches(tasks)],
        "months": months(tasks, day),
        "regions": _by(tasks, day, lambda one: (one.region_id, one.region.name)),
        "units": _by(
            tasks, day, lambda one: (one.organisation.code if one.organisation else "", one.lead_name)
        ),
        "unsettled": sum(one.is_open and one.term is None and not one.standing for one in tasks),
        "returns_late": _returns_late(tasks, now),
        "talks_open": Talk.objects.filter(task__in=tasks).exclude(state__in=("closed", "dropped")).count(),
        "simulated": bool(tasks) and all(one.simulated for one in tasks),
    }


def figures(tasks: Sequence[Task], day: date) -> dict[str, int]:
    """Count tasks: all, done, due, overdue, standing, reopened, without a settled term."""
    still = [one for one in tasks if one.is_open]
    soon = day + timedelta(days=settings()["late"]["soon_days"])
    return {
        "all": len(tasks),
        "done": sum(one.state in CLOSED for one in tasks),
        "open": len(still),
        "overdue": sum(one.late_days(day) > 0 for one in tasks),
        "soon": sum(one.term is not None and day <= one.term <= soon and _working(one) for one in tasks),
        "standing": sum(one.standing for one in still),
        "reopened": sum(one.reopened > 0 for one in tasks),
        "missing": sum(one.term_state == "missing" for one in still),
        "checking": sum(not _working(one) for one in still),
    }


def months(tasks: Iterable[Task], day: date) -> list[dict[str, Any]]:
    """Return how many write-offs were planned and done by month; unsettled terms are in neither.

    The span is from the first month that is known to the last, this month among them.
    """
    planned = Counter(f"{one.term:%Y-%m}" for one in tasks if one.term)
    done = Counter(f"{clocks.today(one.closed):%Y-%m}" for one in tasks if one.closed and one.state in CLOSED)
    known = sorted({*planned, *done, f"{day:%Y-%m}"})
    rows, plan_sum, done_sum = [], 0, 0
    last = min(known[-1], f"{day.year + FORWARD}-12")
    for month in _span(max(known[0], f"{day.year - BACK}-01"), last):
        plan_sum += planned[month]
        done_sum += done[month]
        late = month > f"{day:%Y-%m}"
        rows.append(
            {
                "month": month,
                "planned": planned[month],
                "done": None if late else done[month],
                "planned_sum": plan_sum,
                "done_sum": None if late else done_sum,
            }
        )
    return rows


def tile(one: Task, day: date) -> dict[str, Any]:
    """Return a task as the wall shows it."""
    return {
        "number": one.number,
        "serial": one.serial,
        "title": one.title,
        "state": one.state,
        "nature": one.nature,
        "term": one.term.isoformat() if one.term else None,
        "term_state": one.term_state,
        "term_words": one.term_words,
        "late_days": one.late_days(day),
        "days_left": (one.term - day).days if one.term and _working(one) else None,
        "lead": one.lead_name,
        "region": one.region.name,
        "reopened": one.reopened,
        "tone": tone(one, day),
    }


def tone(one: Task, day: date) -> str:
    """Return how a task stands in one word: done, late, relapsed, missing, soon, checking, working."""
    if one.state in CLOSED:
        return "done"
    if one.late_days(day) > 0:
        return "late"
    if one.state == "relapsed":
        return "relapsed"
    if one.term_state == "missing":
        return "missing"
    if not _working(one):
        return "checking"
    near = one.term is not None and one.term <= day + timedelta(days=settings()["late"]["soon_days"])
    return "soon" if near else "working"


def _working(one: Task) -> bool:
    return one.state in settings()["late"]["states"]


def _state(code: str, tasks: Sequence[Task]) -> dict[str, Any]:
    state = table().states[code]
    return {"state": code, "zh": state.zh, "en": state.en, "number": sum(one.state == code for one in tasks)}


def _batches(tasks: Iterable[Task]) -> list[Batch]:
    return list({one.batch_id: one.batch for one in tasks}.values())


def _batch(batch: Batch, tasks: Sequence[Task], day: date) -> dict[str, Any]:
    own = [one for one in tasks if one.batch_id == batch.pk]
    units: dict[str, list[Task]] = defaultdict(list)
    for one in own:
        units[one.lead_name or NO_UNIT].append(one)
    return {
        "code": batch.code,
        "name": batch.name,
        "origin": batch.origin,
        "expected": batch.expected,
        "figures": figures(own, day),
        "units": [
            {"unit": unit, "tasks": [tile(one, day) for one in rows]} for unit, rows in sorted(units.items())
        ],
    }


def _by(tasks: Sequence[Task], day: date, key: Any) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for one in tasks:
        groups[key(one)].append(one)
    rows = [{"code": code, "name": name, **figures(own, day)} for (code, name), own in groups.items()]
    return sorted(rows, key=lambda row: (-row["overdue"], -row["open"], row["name"]))


def _returns_late(tasks: Sequence[Task], now: datetime) -> int:
    rows = Return.objects.filter(task__in=[one.pk for one in tasks], due__lt=now)
    return rows.exclude(state="submitted").count()


def _span(first: str, last: str) -> list[str]:
    year, month = int(first[:4]), int(first[5:])
    found = []
    while (text := f"{year}-{month:02d}") <= last:
        found.append(text)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found
