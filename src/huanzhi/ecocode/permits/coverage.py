"""Coverage 固定污染源全覆盖: which class each enterprise should have, which has it, what expires."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from huanzhi import rules
from huanzhi.ecocode.permits.owing import management_of
from huanzhi.ecocode.permits.settings import settings
from huanzhi.library.enterprises.models import Enterprise, Permit
from huanzhi.library.rulebooks import holding
from huanzhi.rules.model import Result

BOOK = "permit_class"


def class_of(enterprise: Enterprise, day: date, book: rules.Rulebook | None = None) -> Result:
    """Return what the catalogue says of an enterprise; the class is ``unknown`` where it says nothing.

    Capacities are told in ``attributes.catalogue`` by the names of the rulebook.
    """
    found = book or holding.in_force(BOOK, day, enterprise.region_id)
    names = {field.name for field in found.inputs}
    told: Mapping[str, Any] = enterprise.attributes.get("catalogue", {})
    inputs = {name: value for name, value in told.items() if name in names}
    inputs |= {"industry_code": enterprise.industry_code or None, "key_unit": enterprise.key_unit}
    return rules.evaluate(found, inputs)


def state_of(permit: Permit, day: date) -> str:
    """Return ``valid``, ``expiring``, ``expired``, ``not_yet`` or the state that the permit itself says."""
    if permit.status != "valid":
        return str(permit.status)
    if permit.valid_to is not None and permit.valid_to <= day:
        return "expired"
    if permit.valid_from is not None and permit.valid_from > day:
        return "not_yet"
    soon = day + timedelta(days=settings()["ours"]["expiring_days"])
    return "expiring" if permit.valid_to is not None and permit.valid_to <= soon else "valid"


def coverage(enterprises: Any, day: date, permits: Any) -> dict[str, Any]:
    """Return how many enterprises hold a permit or registration, by class as held and as the catalogue says.

    Parameters
    ----------
    enterprises : queryset
        Those that count; closed ones are left out here.
    permits : queryset
        The permits that the reader may see, with their enterprises.
    """
    rows = list(enterprises.exclude(status="closed").select_related("region"))
    held: dict[int, Permit] = {}
    expiring = expired = 0
    for permit in permits.filter(enterprise__in=[one.pk for one in rows]):
        state = state_of(permit, day)
        if state in ("valid", "expiring"):
            held[permit.enterprise_id] = permit
        expiring += state == "expiring"
        expired += state == "expired"
    books = {code: holding.in_force(BOOK, day, code) for code in {one.region_id for one in rows}}
    classes = Counter(str(class_of(one, day, books[one.region_id]).outputs["class"]) for one in rows)
    have = Counter(management_of(permit) or "unknown" for permit in held.values())
    covered = len(held) + sum(one.pk not in held and one.management == "registered" for one in rows)
    return {
        "enterprises": len(rows),
        "covered": covered,
        "rate": f"{covered * 100 / len(rows):.1f}" if rows else None,
        "without": len(rows) - covered,
        "expiring": expiring,
        "expired": expired,
        "held": dict(have),
        "catalogue": dict(classes),
    }
