"""Extending 延期: proposed with a reason, approved by the head, told to the informant with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.issues.machine import Asked, advance
from huanzhi.center.petitions import terms
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.moving import standing, taken
from huanzhi.center.petitions.settings import table
from huanzhi.center.petitions.writing import hide
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.rights import Actor, require, thing_of

KIND = "extend_petition"


def propose_extension(
    actor: Actor, petition: Petition, days: int, finding: str, *, now: datetime | None = None
) -> Proposal:
    """Propose to lengthen the term of finishing.

    Raises
    ------
    InputError
        ``petitions.extension`` if it is more than the rulebook allows, or was lengthened before.
    """
    now = now or datetime.now(UTC)
    require(actor, "change", thing_of(petition))
    most = terms.most_days(petition, now)
    if petition.extended or not 1 <= days <= most:
        raise InputError("petitions.extension", column="days", value=days, expected=f"1–{most}")
    words = str(hide(petition, {"finding": finding})["finding"])
    outputs = {"days": days, "finding": words}
    advance(standing(petition), Asked("extend", actor.code, outputs, approved=True), table())
    return propose(
        actor,
        KIND,
        Petition.KIND,
        petition.number,
        reason=words,
        now=now,
        payload=outputs,
        region=petition.region,
        owner=petition.organisation.code if petition.organisation else "",
        simulated=petition.simulated,
    )


def approved(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Lengthen the term; `actor` is the head."""
    petition = Petition.objects.filter(number=proposal.subject).select_related("region").first()
    if petition is None:
        raise InputError("petitions.none", value=proposal.subject)
    reason = f"proposal {proposal.pk} by {proposal.proposer}"
    now = proposal.decided or datetime.now(UTC)
    move_ = table().transition("extend")
    done = taken(actor, petition, move_, dict(proposal.payload), reason, now, approved=True)
    return {"petition": done.number, "due": done.due.isoformat() if done.due else None}


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload without days and reason."""
    if not str(payload.get("finding", "")).strip() or not payload.get("days"):
        raise InputError("issues.output", column=table().transition("extend").outputs[1].title)
