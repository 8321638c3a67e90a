"""Exempting 不予处罚: one person proposes with the tested reasons, another approves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.enforcement import judging
from huanzhi.center.enforcement.conditions import met
from huanzhi.center.enforcement.models import Case, Finding
from huanzhi.center.enforcement.moving import standing, taken
from huanzhi.center.enforcement.settings import table
from huanzhi.center.issues.machine import Asked, advance
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.rights import Actor, require, thing_of

KIND = "exempt_penalty"


def propose_exemption(
    actor: Actor,
    case: Case,
    finding: str,
    requirement: str = "",
    reason: str = "",
    *,
    now: datetime | None = None,
) -> Proposal:
    """Propose that a breach is not punished.

    Raises
    ------
    InputError
        If a condition of the step does not hold, or no list was tested with the answer that a penalty
        may be waived.
    """
    now = now or datetime.now(UTC)
    require(actor, "read", thing_of(case))
    move = table().transition("exempt")
    outputs = {"finding": finding, **({"requirement": requirement} if requirement else {})}
    mine = [key for key in move.conditions if key != "cases.not_officer"]
    holds = {*met(actor, case, mine, outputs, now), "cases.not_officer"}
    advance(
        standing(case), Asked("exempt", f"second of {actor.code}", outputs, approved=True, met=holds), table()
    )
    tested = judging.last(case, ("exemption", "exemption_list"))
    return propose(
        actor,
        KIND,
        Case.KIND,
        case.number,
        reason=reason or finding,
        now=now,
        payload={**outputs, "case": case.number, "tested": tested.pk if tested else None},
        region=case.region,
        owner=case.organisation.code if case.organisation else "",
        simulated=case.simulated,
    )


def exempt(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Decide that there is no penalty; `actor` is the second person."""
    case = Case.objects.filter(number=proposal.subject).select_related("region", "organisation").first()
    if case is None or case.region_id != proposal.region_id:
        raise InputError("cases.none", value=proposal.subject)
    require(actor, "read", thing_of(case))
    tested = Finding.objects.filter(case=case, pk=proposal.payload.get("tested")).first()
    if tested is None or tested.result not in judging.EXEMPT:
        raise InputError("cases.exemption_tested", value=case.number)
    outputs = {
        name: proposal.payload[name] for name in ("finding", "requirement") if proposal.payload.get(name)
    }
    reason = f"proposal {proposal.pk} by {proposal.proposer}"
    now = proposal.decided or datetime.now(UTC)
    done = taken(actor, case, table().transition("exempt"), outputs, reason, now, approved=True)
    return {"case": done.number, "state": done.state, "tested": tested.pk}


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload without findings."""
    if not str(payload.get("finding", "")).strip():
        raise InputError("issues.output", column=table().transition("exempt").outputs[0].title)
