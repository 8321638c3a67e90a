"""Change by hand 人工调整 of a code or a grade: proposed by one person, decided by another, for some time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from huanzhi.ecocode.grades.events import record
from huanzhi.ecocode.grades.models import Code
from huanzhi.ecocode.grades.reckoning import reckon
from huanzhi.ecocode.grades.schemes import BY_HAND, SORTS, scheme_for
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards.periods import CHINA

if TYPE_CHECKING:
    from huanzhi.library.proposals.models import Proposal

KIND = "change_code_by_hand"


def ask(
    actor: Actor,
    enterprise: Enterprise,
    sort: str,
    level: str,
    until: date | None,
    reason: str,
    now: datetime,
) -> Proposal:
    """Propose that an enterprise stands at a level whatever its events say, until a day.

    Raises
    ------
    InputError
        If the actor may not, the scheme has no such level, or the day is over.
    """
    today = now.astimezone(CHINA).date()
    scheme = scheme_for(sort, today, enterprise.region_id)
    if level not in {one.code for one in scheme.levels}:
        raise InputError(
            "grades.no_level", value=level, expected=", ".join(one.code for one in scheme.levels)
        )
    if until is not None and until <= today:
        raise InputError("grades.day_over", column="until", value=until.isoformat())
    payload = {
        "enterprise": enterprise.code,
        "sort": sort,
        "scheme": scheme.id,
        "level": level,
        "until": until.isoformat() if until else None,
    }
    body = enterprise.organisation
    return propose(
        actor,
        KIND,
        Code.KIND,
        f"{enterprise.code}:{sort}",
        reason=reason,
        now=now,
        payload=payload,
        region=enterprise.region,
        owner=body.code if body else "",
        simulated=enterprise.simulated,
    )


def check(payload: Mapping[str, Any]) -> None:
    """Check a payload: enterprise, sort, scheme, level and day."""
    if payload.get("sort") not in SORTS:
        raise InputError("grades.no_sort", value=payload.get("sort"), expected=", ".join(SORTS))
    if not Enterprise.objects.filter(code=str(payload.get("enterprise"))).exists():
        raise InputError("grades.no_enterprise", value=payload.get("enterprise"))
    until = payload.get("until")
    if until is not None:
        try:
            date.fromisoformat(str(until))
        except ValueError:
            raise InputError("grades.day_over", column="until", value=until) from None


def change(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Do what was approved: an event of its own kind, which the schemes let decide."""
    now = datetime.now(UTC)
    told = proposal.payload
    today = now.astimezone(CHINA).date()
    firm = Enterprise.objects.get(code=told["enterprise"])
    occurrence = Occurrence(
        firm.code,
        BY_HAND,
        f"proposal:{proposal.pk}",
        today,
        date.fromisoformat(told["until"]) if told["until"] else None,
        {"sort": told["sort"], "scheme": told["scheme"], "level": told["level"]},
        (proposal.reason[:300], proposal.reason[:300]),
        "",
        firm.simulated,
    )
    done = record(SYSTEM, [occurrence], now)
    reckon(SYSTEM, done.touched, today)
    return {"enterprise": firm.code, "sort": told["sort"], "level": told["level"]}
