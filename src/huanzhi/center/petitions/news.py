"""News of petitions 信访动态: the steps that are new, read from the table that every process writes.

An event names the petition and its state: no word of what was told, of who told it, or of who is told of.
"""

from __future__ import annotations

from typing import Any

from huanzhi.center.petitions.models import Step
from huanzhi.standards.periods import CHINA

MOST = 500


def last_step() -> int:
    """Return the key of the newest step; 0 where there is none."""
    return Step.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def steps_after(last: int) -> tuple[int, list[dict[str, Any]]]:
    """Return the key of the newest step, and the steps after `last` as events of the topic ``petitions``."""
    rows = Step.objects.filter(pk__gt=last).select_related("petition__region").order_by("pk")
    found = list(rows[:MOST])
    return (found[-1].pk if found else last), [_event(step) for step in found]


def _event(step: Step) -> dict[str, Any]:
    petition = step.petition
    return {
        "topic": "petitions",
        "number": petition.number,
        "state": step.after,
        "transition": step.transition,
        "region": petition.region_id,
        "path": petition.region.path,
        "time": step.at.astimezone(CHINA).isoformat(timespec="seconds"),
        "simulated": petition.simulated,
    }
