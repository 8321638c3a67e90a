"""Kept standings 余量状态: renewed by regular work, taken away by what changes them, never older than that.

A standing is fresh while neither limits nor months of its enterprise changed, on the day and by the settings
by which it was reckoned. What is not fresh is reckoned before anybody filters or orders by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Exists, F, OuterRef

from huanzhi.assess.exact import round_fraction
from huanzhi.ecocode.permits.allowing import reckoned, whole
from huanzhi.ecocode.permits.models import AllowanceStanding
from huanzhi.ecocode.permits.online import Allowed
from huanzhi.ecocode.permits.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.rights import SYSTEM

FIGURES = ("permitted", "used", "left", "percent", "forecast", "low", "high")
ORDERS = (*FIGURES, "state")
"""What the list may be ordered by."""
OWNERS = 200
"""Enterprises that are reckoned together."""


def basis() -> str:
    """Return the digest of the settings by which standings are reckoned."""
    told = {name: settings()[name] for name in ("ours", "mass")}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def stale(day: date, limits: Any = None) -> Any:
    """Return the quantities in force of which no fresh standing is kept."""
    rows = whole(day) if limits is None else limits
    fresh = AllowanceStanding.objects.filter(limit=OuterRef("pk"), day=day, basis=basis())
    return rows.filter(~Exists(fresh))


def renew(day: date, now: datetime | None = None) -> int:
    """Reckon every standing that is not fresh; return how many."""
    owners = stale(day).order_by("enterprise").values_list("enterprise", flat=True).distinct()
    return sum(_renew(part, day, now or datetime.now(UTC)) for part in _parts(list(owners)))


def _parts(keys: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(keys), OWNERS):
        yield keys[begin : begin + OWNERS]


def _renew(owners: list[int], day: date, now: datetime) -> int:
    limits = whole(day).filter(enterprise__in=owners).select_related("outlet", "permit", "enterprise")
    digest = basis()
    rows = [
        AllowanceStanding(limit=one.limit, day=day, basis=digest, reckoned=now, **figures(one))
        for one in reckoned(SYSTEM, limits.order_by("pk"), day)
    ]
    AllowanceStanding.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["limit"],
        update_fields=["day", "basis", "reckoned", *ORDERS],
    )
    return len(rows)


def figures(one: Allowed) -> dict[str, Any]:
    """Return state and figures of a standing as they are kept."""
    stands = one.standing
    ahead = stands.forecast if stands else None
    return {
        "state": stands.state if stands else "unknown",
        "permitted": round_fraction(one.tonnes, 4),
        "used": round_fraction(stands.used, 4) if stands else None,
        "left": round_fraction(stands.left, 4) if stands else None,
        "percent": _percent(stands.share) if stands else None,
        "forecast": round_fraction(ahead.likely, 4) if ahead else None,
        "low": round_fraction(ahead.low, 4) if ahead else None,
        "high": round_fraction(ahead.high, 4) if ahead else None,
    }


def _percent(share: Fraction | None) -> int | None:
    return None if share is None else round_fraction(share * 100, 1)


def forget(enterprises: Iterable[int]) -> None:
    """Take away the standings of enterprises, because something that they follow from has changed."""
    AllowanceStanding.objects.filter(limit__enterprise__in=list(enterprises)).delete()


def ordered(limits: Any, sort: str, states: str = "") -> Any:
    """Return quantities of certain states, in the order that is asked for; what is unknown is least.

    Raises
    ------
    InputError
        ``lists.no_sort`` for a column by which the list is not ordered.
    """
    wanted = [part.strip() for part in states.split(",") if part.strip()]
    rows = limits.filter(standing__state__in=wanted) if wanted else limits
    order = []
    for part in filter(None, (each.strip() for each in sort.split(","))):
        name = part.removeprefix("-")
        if name not in ORDERS:
            raise InputError("lists.no_sort", value=name, expected=", ".join(ORDERS))
        by = F(f"standing__{name}")
        order.append(by.desc(nulls_last=True) if part != name else by.asc(nulls_first=True))
    return rows.order_by(*order, "enterprise__code", "of", "parameter", "averaging", "pk")
