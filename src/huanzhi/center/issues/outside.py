"""What the enterprise concerned sees 企业视角: the issue from the decision on, never what was told before.

The words of who reported it, the way it was traced and the evidence taken against it stay with the bureau;
the enterprise sees what it has to do, until when, and the steps and evidence from the decision on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huanzhi.center.issues.models import Issue
from huanzhi.library.rights import Actor, Thing, may
from huanzhi.library.rights.placing import thing_of

HIDDEN = ("words", "source_ref", "opened_by")
KEPT_FACTS = ("value", "unit", "limit", "period", "side")
TOLD = (
    "requirement",
    "days",
    "decision",
    "measures",
    "done_on",
    "finding",
    "method",
    "conclusion",
    "proof",
)
"""What of the outputs of a step is told outside."""
INSIDE = "trace"
"""Kind of evidence that the bureau keeps for itself whenever it was made: who else was suspected."""


def is_outside(who: Actor, issue: Issue) -> bool:
    """Return whether somebody reads an issue only because it is about his enterprise."""
    thing = thing_of(issue)
    inside = Thing(thing.kind, thing.path, thing.owner, thing.sensitivity, thing.handlers)
    return not may(who, "read", inside).allowed


def outside(row: Mapping[str, Any], who: Actor) -> dict[str, Any]:
    """Return the document of an issue as the enterprise concerned sees it."""
    decided = [step["number"] for step in row["steps"] if step["transition"] == "decide"]
    first = decided[0] if decided else len(row["steps"]) + 1
    steps = [_step(step) for step in row["steps"] if step["number"] >= first]
    told = [one for one in row["evidence"] if one["kind"] != INSIDE]
    pieces = [one for one in told if one["actor"] == who.code or one["step"] > first]
    facts = {name: value for name, value in row["facts"].items() if name in KEPT_FACTS}
    hidden = {**dict.fromkeys(HIDDEN, ""), "source_link": None, "alike": []}
    return {**row, **hidden, "facts": facts, "steps": steps, "evidence": pieces, "outside": True}


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in step["outputs"].items() if name in TOLD}
    return {**step, "outputs": told, "reason": ""}
