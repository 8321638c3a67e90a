"""Subjects 披露主体: what is known of an enterprise, put before the rulebook; the longest period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from huanzhi import rules
from huanzhi.ecocode.disclosure.known import Known, Penalty
from huanzhi.ecocode.disclosure.models import Trait
from huanzhi.ecocode.disclosure.settings import settings
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.rulebooks import holding

BOOK = "disclosure_subject"
AFTER_ACCEPTANCE = "third_year"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rulebook says of an enterprise for a year; no reasons where it has not to disclose."""

    reasons: tuple[str, ...]
    until_year: int
    told: dict[str, Any]
    why: dict[str, Any]


def judge(enterprise: Enterprise, trait: Trait | None, known: Known, year: int) -> Judged:
    """Ask the rulebook about an enterprise for the list of a year, by the events of the year before."""
    told = told_of(enterprise, trait, known, year)
    book = holding.in_force(BOOK, date(year, 1, 1), enterprise.region_id)
    answer = rules.evaluate(book, told)
    hits = [dict(hit.outputs) for hit in answer.hits]
    reasons = tuple(dict.fromkeys(str(one["reason"]) for one in hits))
    until = max((_until(one, trait, year) for one in hits), default=year)
    return Judged(reasons, until, told, answer.as_dict())


def told_of(enterprise: Enterprise, trait: Trait | None, known: Known, year: int) -> dict[str, Any]:
    """Return the inputs of the rulebook."""
    events = [*known.of(enterprise.code, year - 1), *_entered(trait, year - 1)]
    sorts = {one.sort for one in events}
    fines = [one.amount for one in events if one.amount is not None]
    return {
        "key_unit": enterprise.key_unit,
        "clean_production": audited(trait, year),
        "listed": bool(trait and trait.listed),
        "bond": bool(trait and trait.bond),
        "other": bool(trait and trait.other),
        "fine": str(max(fines, default=Decimal(0))),
        **{
            name: name in sorts for name in ("crime", "daily_penalty", "halted", "permit_revoked", "detained")
        },
    }


def audited(trait: Trait | None, year: int) -> bool:
    """Return whether a compulsory audit counts in a year: until the third year after acceptance."""
    if trait is None or trait.audit_from is None or trait.audit_from > year:
        return False
    years = int(settings()["keep"][AFTER_ACCEPTANCE]["years"])
    return trait.audit_accepted is None or year <= trait.audit_accepted + years


def _until(hit: dict[str, Any], trait: Trait | None, year: int) -> int:
    years = int(hit["keep_years"])
    if hit["reason"] == "clean_production" and trait is not None and trait.audit_accepted is not None:
        return max(year, int(trait.audit_accepted) + years)
    return year + years - 1


def _entered(trait: Trait | None, year: int) -> list[Penalty]:
    rows = trait.events if trait else []
    made = [
        Penalty(
            trait.code if trait else "",
            date.fromisoformat(row["day"]),
            str(row["sort"]),
            str(row.get("document", "")),
            f"disclosure_trait:{trait.code if trait else ''}",
            Decimal(str(row["amount"])) if row.get("amount") not in (None, "") else None,
        )
        for row in rows
    ]
    return [one for one in made if one.received.year == year]
