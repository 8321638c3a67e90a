"""Standing 惩戒与退出: out for a time, banned for ever, and back again; each by two people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from huanzhi.ecocode.services.grading import grade, months_before
from huanzhi.ecocode.services.models import Firm, Professional
from huanzhi.ecocode.services.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.standards.periods import CHINA

KIND = "service_standing"
WAYS = {"exited": ("listed", "warned"), "banned": ("listed", "warned", "exited"), "listed": ("exited",)}
"""Where each standing may be reached from; nobody comes back from a ban."""

_MODELS: dict[str, type[Firm] | type[Professional]] = {
    Firm.KIND: Firm,
    Professional.KIND: Professional,
}


def propose_standing(
    actor: Actor, subject: Firm | Professional, to: str, reason: str, now: datetime
) -> Proposal:
    """Propose that a firm or a person goes out, is banned, or comes back.

    Raises
    ------
    InputError
        If it cannot go there, or comes back before its time.
    """
    _way(subject, to, now.astimezone(CHINA).date())
    return propose(
        actor,
        KIND,
        subject.KIND,
        subject.code,
        reason=reason,
        now=now,
        payload={"to": to, "kind": subject.KIND, "code": subject.code},
        region=subject.region,
        simulated=subject.simulated,
    )


def _way(subject: Firm | Professional, to: str, day: date) -> None:
    if subject.standing not in WAYS.get(to, ()):
        raise InputError("services.no_way", value=subject.name, expected=to)
    least = settings()["window"]["recovery_months"]
    since = subject.standing_since
    if to == "listed" and (since is None or since > months_before(day, least)):
        raise InputError("services.too_soon", value=subject.name, months=least)


def back_from(subject: Firm | Professional) -> date | None:
    """Return the first day on which somebody who is out may be proposed to come back; None if not out."""
    if subject.standing != "exited" or subject.standing_since is None:
        return None
    least = settings()["window"]["recovery_months"]
    day = months_before(subject.standing_since, -least)
    while months_before(day, least) < subject.standing_since:
        day += timedelta(days=1)
    return day


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload that leads nowhere."""
    if payload.get("to") not in WAYS or payload.get("kind") not in _MODELS:
        raise InputError("services.choice", column="to", value=payload.get("to"), expected=", ".join(WAYS))


def settle(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Do what two people decided."""
    now = proposal.decided or datetime.now(UTC)
    day = now.astimezone(CHINA).date()
    found = _MODELS[proposal.payload["kind"]].objects.filter(code=proposal.subject).first()
    if found is None:
        raise InputError("services.none", value=proposal.subject)
    require(actor, "read", thing_of(found))
    _way(found, proposal.payload["to"], day)
    found.standing, found.standing_since = proposal.payload["to"], day
    found.standing_words = proposal.reason[:500]
    act(actor, found, f"standing_{found.standing}", f"proposal {proposal.pk} by {proposal.proposer}")
    if isinstance(found, Firm) and found.standing == "listed":
        grade(found, day)
    return {"code": found.code, "standing": found.standing}
