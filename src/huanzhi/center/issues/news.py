"""News of issues 问题动态: the steps that are new, read from the table that every process writes."""

from __future__ import annotations

from typing import Any

from huanzhi.center.issues.models import Step
from huanzhi.standards.periods import CHINA

MOST = 500


def last_step() -> int:
    """Return the key of the newest step; 0 where there is none."""
    return Step.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def steps_after(last: int) -> tuple[int, list[dict[str, Any]]]:
    """Return the key of the newest step, and the steps after `last` as events of the topic ``issues``."""
    rows = Step.objects.filter(pk__gt=last).select_related("issue", "issue__region").order_by("pk")[:MOST]
    found = list(rows)
    return (found[-1].pk if found else last), [_event(step) for step in found]


def _event(step: Step) -> dict[str, Any]:
    issue = step.issue
    return {
        "topic": "issues",
        "number": issue.number,
        "state": step.after,
        "transition": step.transition,
        "title": issue.title,
        "region": issue.region_id,
        "path": issue.region.path,
        "time": step.at.astimezone(CHINA).isoformat(timespec="seconds"),
        "simulated": issue.simulated,
    }
