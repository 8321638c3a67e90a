"""Numbers, steps and parties: what the acts of this room have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huanzhi.ecocode.waste.models import Counter
from huanzhi.errors import InputError
from huanzhi.library.calendar import Duration, known_end
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.enterprises.naming import nameable
from huanzhi.library.rights import SYSTEM, Actor, may, thing_of
from huanzhi.standards.periods import CHINA

LONGEST = 1000


def serial(name: str) -> int:
    """Return the next number of a series; within a transaction."""
    Counter.objects.get_or_create(name=name)
    counter = Counter.objects.select_for_update().get(name=name)
    counter.last += 1
    counter.save()
    return counter.last


def number(prefix: str, now: datetime) -> str:
    """Return the next number of a day, as ``YY-20261122-0001``."""
    begun = f"{prefix}-{now.astimezone(CHINA):%Y%m%d}"
    return f"{begun}-{serial(begun):04d}"


def step(actor: Actor, move: str, now: datetime, words: str = "", **more: Any) -> dict[str, Any]:
    """Return a step of a timeline; the trail holds the same and more."""
    at = now.astimezone(CHINA).isoformat(timespec="seconds")
    told = {"at": at, "actor": actor.code, "name": actor.name, "organisation": actor.organisation}
    return {**told, "move": move, "words": words[:LONGEST], **more}


def term(row: Mapping[str, Any], start: datetime) -> tuple[datetime | None, str]:
    """Return the end of a term, or none and why: holidays that are not known are not guessed."""
    end, gap = known_end(start, Duration(row["number"], row["unit"]))
    return end, f"issues.due_{gap}" if gap else ""


def enterprise_of(actor: Actor, code: str, column: str = "enterprise") -> Enterprise:
    """Return an enterprise by code; InputError ``waste.no_enterprise`` if there is none that may be named."""
    found = nameable(actor, code)
    if found is None:
        raise InputError("waste.no_enterprise", column=column, value=code)
    return found


def own_enterprise(actor: Actor, code: str = "") -> Enterprise:
    """Return an enterprise by code; one's own where no code is given.

    Another's is answered as one that does not exist, unless the reader may read it.
    """
    if code:
        named = enterprise_of(actor, code)
        if not acts_for(actor, named) and not may(actor, "read", thing_of(named)).allowed:
            raise InputError("waste.no_enterprise", column="enterprise", value=code)
        return named
    rows = Enterprise.objects.select_related("region", "organisation").order_by("code")
    own = rows.filter(organisation__code=actor.organisation).first() if actor.organisation else None
    if own is None:
        raise InputError("waste.no_enterprise", column="enterprise", value=None)
    return own


def acts_for(actor: Actor, enterprise: Enterprise) -> bool:
    """Return whether somebody acts for an enterprise: its own people, and the platform."""
    body = enterprise.organisation
    return actor == SYSTEM or (
        body is not None and bool(actor.organisation) and body.code == actor.organisation
    )


def require_party(actor: Actor, enterprise: Enterprise, party: str) -> None:
    """Refuse who is not of the enterprise whose step it is; nobody acts for another."""
    if not acts_for(actor, enterprise):
        raise InputError("waste.not_your_step", owner=enterprise.name, party=party)
