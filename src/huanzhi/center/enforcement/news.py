"""News of cases 案件动态: the steps that are new, read from the table that every process writes.

An event names the case and its state, nothing of the party.
"""

from __future__ import annotations

from typing import Any

from huanzhi.center.enforcement.models import CaseStep
from huanzhi.standards.periods import CHINA

MOST = 500


def last_step() -> int:
    """Return the key of the newest step; 0 where there is none."""
    return CaseStep.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def steps_after(last: int) -> tuple[int, list[dict[str, Any]]]:
    """Return the key of the newest step, and the steps after `last` as events of the topic ``cases``."""
    rows = CaseStep.objects.filter(pk__gt=last).select_related("case__region").order_by("pk")
    found = list(rows[:MOST])
    return (found[-1].pk if found else last), [_event(step) for step in found]


def _event(step: CaseStep) -> dict[str, Any]:
    case = step.case
    return {
        "topic": "cases",
        "number": case.number,
        "state": step.after,
        "transition": step.transition,
        "region": case.region_id,
        "path": case.region.path,
        "time": step.at.astimezone(CHINA).isoformat(timespec="seconds"),
        "simulated": case.simulated,
    }
