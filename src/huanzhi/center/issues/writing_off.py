"""Writing off 销号: one person proposes, another approves, and only what was verified can be written off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.issues.machine import Asked, advance
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.moving import by_hand, held_of, standing, taken
from huanzhi.center.issues.table import table
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.rights import Actor, require, thing_of

KIND = "write_off_issue"


def propose_write_off(
    actor: Actor, issue: Issue, conclusion: str, reason: str = "", *, now: datetime | None = None
) -> Proposal:
    """Propose that an issue is written off.

    Raises
    ------
    InputError
        If it is not verified by somebody else than who did the work, or the actor may not propose it.
    """
    by_hand(issue, "write_off")
    advance(standing(issue), Asked("write_off", actor.code, {"conclusion": conclusion}, approved=True))
    return propose(
        actor,
        KIND,
        Issue.KIND,
        issue.number,
        reason=reason or conclusion,
        now=now or datetime.now(UTC),
        payload={"conclusion": conclusion},
        region=issue.region,
        owner=issue.organisation.code if issue.organisation else "",
        simulated=issue.simulated,
    )


def write_off(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Write an issue off; `actor` is the second person."""
    issue = Issue.objects.filter(number=proposal.subject).select_related("region", "organisation").first()
    if issue is None or issue.region_id != proposal.region_id:
        raise InputError("issues.none", value=proposal.subject)
    require(actor, "read", thing_of(held_of(issue)))
    by_hand(issue, "write_off")
    outputs = {"conclusion": proposal.payload["conclusion"]}
    move = table().transition("write_off")
    reason = f"proposal {proposal.pk} by {proposal.proposer}"
    now = proposal.decided or datetime.now(UTC)
    done = taken(actor, issue, move, outputs, reason, (), now, None, approved=True)
    return {"issue": done.number, "state": done.state}


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload without a conclusion."""
    if not str(payload.get("conclusion", "")).strip():
        raise InputError("issues.output", column=table().transition("write_off").outputs[0].title)
