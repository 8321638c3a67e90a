"""The ladder 五步法: 排查, 交办, 核查, 约谈, 专项督察; one opens when the step before failed or fell due."""

from __future__ import annotations

from datetime import datetime

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.table import table


def rung(issue: Issue) -> str:
    """Return the step of the ladder on which an issue stands, by its state or by escalation."""
    known = table().ladder
    by_state = known.reached.get(issue.state, known.steps[0])
    return max(by_state, issue.ladder or by_state, key=known.steps.index)


def next_rung(issue: Issue, now: datetime) -> str:
    """Return the step that is open now; empty where none is, or there is none above."""
    known = table().ladder
    place = known.steps.index(rung(issue)) + 1
    if place >= len(known.steps):
        return ""
    wanted = known.steps[place]
    return wanted if overdue_days(issue, now) >= known.overdue_days[wanted] else ""


def check_step(issue: Issue, wanted: str, now: datetime) -> bool:
    """Return whether a step of the ladder may be taken; any where none is named."""
    found = next_rung(issue, now)
    return bool(found) and wanted in ("", found)


def overdue_days(issue: Issue, now: datetime) -> int:
    """Return by how many whole days an issue is overdue, and one more; 0 where it is not.

    An issue that came back is one day overdue from the start.
    """
    if issue.due is None or issue.due >= now:
        return 1 if issue.reopened else 0
    late: int = (now - issue.due).days + 1
    return late
