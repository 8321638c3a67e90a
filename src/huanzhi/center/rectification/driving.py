"""Driving 联动: the task drives, its issue follows, so that the two cannot disagree.

A task opens one issue of the channel ``supervision`` whose source names it. Steps of the task take steps of
the issue with them, through the issue's own machine and in the same transaction; by hand such an issue cannot
be moved (``issues.driven``). Its term is that of the task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.moving import taken
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.issues.table import table as issue_table
from huanzhi.center.rectification import clocks
from huanzhi.center.rectification.models import Exhibit, Task
from huanzhi.center.rectification.settings import settings
from huanzhi.library.rights import Actor

CHANNEL = "supervision"
BY = "issues.by_rectification"
"""Condition of the issue's table that holds for a step which a task takes with it."""

FOLLOWS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "approve_plan": (("dispatch", ("accepted",)), ("adopt", ("dispatched",))),
    "rectify": (("rectify", ("decided",)),),
    "accept": (("verify", ("rectified",)),),
    "send_back": (("send_back", ("rectified", "verified")),),
    "refuse_write_off": (("send_back", ("rectified", "verified")),),
    "write_off": (("write_off", ("verified",)),),
    "look_back": (("look_back", ("written_off",)),),
    "reopen": (("reopen", ("written_off", "looked_back")),),
    "reassign": (("dispatch", ("accepted",)),),
}
"""Which steps of the issue, from which of its states, a step of the task takes with it."""


def source_of(task: Task) -> str:
    """Return what the issue of a task names as its source."""
    return f"rectification:{task.number}"


def open_issue_of(actor: Actor, task: Task, now: datetime) -> Issue:
    """Open the issue of a task; the task's right was asked before."""
    return open_issue(
        actor,
        Draft(
            task.title,
            task.category,
            CHANNEL,
            task.region_id,
            task.problem or task.quote,
            enterprise=task.enterprise,
            source_ref=source_of(task),
            lon=task.lon,
            lat=task.lat,
            simulated=task.simulated,
        ),
        now=now,
    )


def hand_over(actor: Actor, task: Task, requirement: str, now: datetime) -> None:
    """Accept the issue of a new task, and hand it to the lead if one is known."""
    _take(actor, task, "accept", {"category": task.category, "level": "general"}, (), now)
    if task.organisation is not None:
        _take(actor, task, "dispatch", _lead(task, requirement), (), now)


def follow(
    actor: Actor,
    task: Task,
    step: str,
    outputs: Mapping[str, Any],
    exhibits: Sequence[Exhibit],
    now: datetime,
) -> None:
    """Let the issue take the steps that go with a step of the task; its term becomes that of the task."""
    moved = False
    for name, origins in FOLLOWS.get(step, ()):
        if issue_of(task).state in origins and (name != "dispatch" or task.organisation is not None):
            pieces = [one.evidence_id for one in exhibits]
            _take(actor, task, name, _given(task, name, outputs), pieces, now, approved=step == "write_off")
            moved = True
    if not moved and task.is_open:
        finding = str(outputs.get("finding") or outputs.get("basis") or outputs.get("summary") or step)
        _take(actor, task, "report", {"finding": finding[:4000]}, (), now)


def issue_of(task: Task) -> Issue:
    """Return the issue of a task."""
    return Issue.objects.select_related("region", "organisation").get(number=task.issue)


def _take(
    actor: Actor,
    task: Task,
    name: str,
    outputs: Mapping[str, Any],
    pieces: Sequence[int],
    now: datetime,
    *,
    approved: bool = False,
) -> None:
    issue = issue_of(task)
    move = issue_table().transition(name)
    taken(
        actor,
        issue,
        move,
        outputs,
        task.number,
        pieces if move.evidence else None,
        now,
        None,
        approved=approved,
        met=(BY,),
        settle=lambda held: _settle(task, held),
    )


def _given(task: Task, name: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
    if name in ("dispatch", "adopt"):
        told = str(outputs.get("requirement") or task.title)
        return _lead(task, told) if name == "dispatch" else {"requirement": told}
    wanted = issue_table().transition(name)
    names = {one.name for one in (*wanted.outputs, *wanted.optional)}
    return {key: value for key, value in outputs.items() if key in names}


def _lead(task: Task, requirement: str) -> dict[str, Any]:
    assert task.organisation is not None
    told = {"lead": task.organisation.code, "requirement": requirement[:4000]}
    return {**told, **({"cooperating": task.cooperating} if task.cooperating else {})}


def _settle(task: Task, issue: Issue) -> None:
    """Give the issue the lead and the term of the task."""
    issue.organisation = task.organisation or issue.organisation
    issue.suspended = False
    working = task.state in settings()["late"]["states"]
    if working:
        issue.due = clocks.end_of(task.term) if task.term else None
        issue.due_note = "" if task.term else "rectification.term_not_settled"
        issue.clock = {"word": "整改", "basis": task.term_basis or task.source, "confidence": "DECIDED"}
    else:
        issue.due, issue.due_note, issue.clock = task.due, task.due_note, dict(task.clock)
