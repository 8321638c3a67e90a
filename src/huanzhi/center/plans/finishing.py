"""Writing measures off 销号: one proposes, another person decides; a refusal sends the measure back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.plans.ledger import step
from huanzhi.center.plans.models import Measure
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor, require, thing_of

KIND = "finish_measure"


def propose_finish(actor: Actor, measure: Measure, conclusion: str, now: datetime) -> Proposal:
    """Propose that a measure that is reported done is written off.

    Raises
    ------
    InputError
        If it is not reported done, or the actor may not.
    """
    if measure.state != "reported":
        raise InputError("center_plans.not_now", value=measure.number)
    return propose(
        actor,
        KIND,
        Measure.KIND,
        measure.number,
        reason=conclusion,
        now=now,
        payload={"conclusion": conclusion},
        region=measure.region,
        owner=measure.lead.code if measure.lead else "",
        simulated=measure.simulated,
    )


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload without a conclusion."""
    if not str(payload.get("conclusion", "")).strip():
        raise InputError("center_plans.missing", column="conclusion")


def finish(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Write the measure off; `actor` is the second person."""
    measure, now = _measure(actor, proposal), proposal.decided or datetime.now(UTC)
    if measure.state != "reported":
        raise InputError("center_plans.not_now", value=measure.number)
    measure.state, measure.finished = "finished", now
    step(measure, actor, "finish", str(proposal.payload["conclusion"])[:2000], now)
    act(actor, measure, "finish", f"proposal {proposal.pk} by {proposal.proposer}")
    return {"measure": measure.number, "state": measure.state}


def put_back(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Send the measure back to the work, with the reasons of the second person."""
    measure, now = _measure(actor, proposal), proposal.decided or datetime.now(UTC)
    if measure.state == "reported":
        measure.state, measure.percent = "under_way", min(measure.percent, 99)
        step(measure, actor, "refused", proposal.decision_reason[:2000], now)
        act(actor, measure, "refused", f"proposal {proposal.pk}")
    return {"measure": measure.number, "state": measure.state}


def _measure(actor: Actor, proposal: Proposal) -> Measure:
    rows = Measure.objects.select_related("region", "lead", "document")
    found: Measure | None = rows.filter(number=proposal.subject).first()
    if found is None or proposal.subject_kind != Measure.KIND:
        raise InputError("center_plans.none", value=proposal.subject)
    require(actor, "read", thing_of(found))
    return found
