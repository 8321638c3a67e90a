"""Writing off 销号: one proposes, a second of another organisation decides; a refusal puts it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.issues.machine import Asked, advance
from huanzhi.center.rectification.checking import BY_PROPOSAL, OTHER_ORGANISATION, met, unmet, verdict
from huanzhi.center.rectification.models import Task
from huanzhi.center.rectification.moving import standing, taken
from huanzhi.center.rectification.settings import table
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.rights import Actor, require, thing_of

KIND = "write_off"


def propose_write_off(
    actor: Actor, task: Task, conclusion: str, reason: str = "", *, now: datetime | None = None
) -> Proposal:
    """Propose that a task is written off.

    Raises
    ------
    InputError
        What the machine or the rulebook finds missing, or that the actor may not propose it.
    """
    now = now or datetime.now(UTC)
    holds = met(task, now, table().transition(KIND).conditions) | {OTHER_ORGANISATION}
    asked = Asked("write_off", "", {"conclusion": conclusion}, approved=True, met=holds)
    _ready(task, asked, actor)
    found = verdict(task, now)
    return propose(
        actor,
        KIND,
        Task.KIND,
        task.number,
        reason=reason or conclusion,
        now=now,
        payload={"conclusion": conclusion, "rulebook": found.rulebook, "version": found.version},
        region=task.region,
        owner=task.organisation.code if task.organisation else "",
        simulated=task.simulated,
    )


def write_off(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Write a task off, and its issue with it; `actor` is the second person."""
    task = _task(actor, proposal)
    done = taken(
        actor,
        task,
        table().transition("write_off"),
        {"conclusion": proposal.payload["conclusion"]},
        f"proposal {proposal.pk} by {proposal.proposer}",
        (),
        proposal.decided or datetime.now(UTC),
        approved=True,
        also=_second(actor, proposal, task),
    )
    return {"task": done.number, "state": done.state, "issue": done.issue}


def put_back(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Put a task back to the work with the reasons of the second person, who refused to write it off."""
    task = _task(actor, proposal)
    step, finding = table().transition("refuse_write_off"), {"finding": proposal.decision_reason}
    now = proposal.decided or datetime.now(UTC)
    if task.state not in step.origins:
        return {"task": task.number, "state": task.state}
    done = taken(actor, task, step, finding, f"proposal {proposal.pk}", (), now, also={BY_PROPOSAL})
    return {"task": done.number, "state": done.state}


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload without a conclusion."""
    if not str(payload.get("conclusion", "")).strip():
        raise InputError("issues.output", column=table().transition("write_off").outputs[0].title)


def _ready(task: Task, asked: Asked, actor: Actor) -> None:
    """Ask the machine as if a second person had approved; only who he is stays open."""
    second = Asked(asked.transition, f"second of {actor.code}", asked.outputs, (), False, True, asked.met)
    advance(standing(task), second, table())


def _second(actor: Actor, proposal: Proposal, task: Task) -> set[str]:
    """Return the condition that the second person is of another organisation than proposer and lead."""
    lead = task.organisation.code if task.organisation else ""
    others = actor.organisation not in ("", proposal.proposer_organisation, lead)
    return {OTHER_ORGANISATION} if others and actor.code != proposal.proposer else set()


def _task(actor: Actor, proposal: Proposal) -> Task:
    rows = Task.objects.select_related("region", "organisation", "batch")
    task = rows.filter(number=proposal.subject).first()
    if task is None or proposal.subject_kind != Task.KIND or task.region_id != proposal.region_id:
        raise InputError("rectification.none", value=proposal.subject)
    require(actor, "read", thing_of(task))
    return task


def words_of_verdict(task: Task, now: datetime) -> list[str]:
    """Return what the rulebook finds missing."""
    return unmet(verdict(task, now))
