"""What two people decide about people: who becomes system administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.people.managing import ADMIN, give, organisation_of, person_of, region_of
from huanzhi.library.people.models import Person
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.rights import SYSTEM, Actor

GRANT_ADMIN = "grant_admin"


def propose_admin(
    actor: Actor,
    person: Person,
    region: str,
    *,
    organisation: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str,
    now: datetime,
) -> Proposal:
    """Propose that a person becomes system administrator of a region."""
    payload = {
        "region": region,
        "organisation": organisation,
        "valid_from": valid_from.isoformat() if valid_from else None,
        "valid_to": valid_to.isoformat() if valid_to else None,
    }
    place = region_of(region)
    return propose(
        actor,
        GRANT_ADMIN,
        "person",
        person.code,
        reason=reason,
        now=now,
        payload=payload,
        region=place,
        simulated=person.simulated,
    )


def grant_admin(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Grant what was proposed; by the platform, for two people decided it."""
    told = proposal.payload
    if actor.code == proposal.subject:
        raise InputError("people.not_oneself", value=proposal.subject)
    first, last = (
        date.fromisoformat(told[name]) if told[name] else None for name in ("valid_from", "valid_to")
    )
    reason = f"proposal {proposal.pk}"
    made = give(
        SYSTEM, person_of(proposal.subject), ADMIN, told["region"], told["organisation"], first, last, reason
    )
    return {"grant": made.pk}


def check_grant_admin(payload: Mapping[str, Any]) -> None:
    """Refuse a payload whose region or organisation is unknown."""
    region_of(str(payload.get("region", "")))
    if payload.get("organisation"):
        organisation_of(str(payload["organisation"]))
    for name in ("valid_from", "valid_to"):
        try:
            date.fromisoformat(payload.get(name) or "2000-01-01")
        except (TypeError, ValueError):
            raise InputError("people.no_date", column=name, value=payload[name]) from None
