"""Kept balances 平衡状态: who has a mismatch in the year so far, reckoned before it is asked for.

What is kept of an enterprise is taken away when its ledger, a manifest that it is a party of, or its plan
changes; what is not kept is reckoned before anybody lists mismatches.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from huanzhi.ecocode.waste.balance import Key, balances
from huanzhi.ecocode.waste.kept_models import BalanceKept
from huanzhi.ecocode.waste.models import Entry, Manifest, Plan
from huanzhi.ecocode.waste.settings import settings
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.written import on_written

OWNERS = 200
"""Enterprises that are reckoned together."""


def basis() -> str:
    """Return the digest of the settings by which mismatches are found."""
    told = {name: settings()[name] for name in ("balance", "plan", "kind")}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def renew(day: date, whose: Any = None, now: datetime | None = None) -> int:
    """Reckon the balances of the year of enterprises of which nothing fresh is kept; return how many."""
    rows = Enterprise.objects.filter(Exists(Entry.objects.filter(enterprise=OuterRef("pk"))))
    fresh = BalanceKept.objects.filter(enterprise=OuterRef("pk"), year=day.year, basis=basis())
    stale = (rows if whose is None else whose).filter(~Exists(fresh)).order_by("pk")
    owners = list(stale.values_list("pk", flat=True))
    for begin in range(0, len(owners), OWNERS):
        _renew(owners[begin : begin + OWNERS], day, now or datetime.now(UTC))
    return len(owners)


def _renew(owners: list[int], day: date, now: datetime) -> None:
    found: dict[int, list[str]] = defaultdict(list)
    for one in balances(owners, date(day.year, 1, 1), day):
        if one.mismatches():
            found[one.enterprise].append(one.waste)
    told = {"year": day.year, "basis": basis(), "reckoned": now}
    BalanceKept.objects.bulk_create(
        [BalanceKept(enterprise_id=owner, wastes=found[owner], **told) for owner in owners],
        update_conflicts=True,
        unique_fields=["enterprise"],
        update_fields=["year", "basis", "reckoned", "wastes"],
    )


def mismatched(day: date, whose: Any) -> dict[Key, datetime]:
    """Return enterprise and waste of the balances of the year that do not fit, and when each was reckoned."""
    renew(day, whose)
    rows = BalanceKept.objects.filter(enterprise__in=whose.order_by().values("pk"), year=day.year)
    told = rows.order_by("pk").values_list("enterprise", "wastes", "reckoned")
    return {(owner, waste): at for owner, wastes, at in told for waste in wastes}


def forget(enterprises: Iterable[int]) -> None:
    """Take away what is kept of enterprises, because something that it follows from has changed."""
    BalanceKept.objects.filter(enterprise__in=list(enterprises)).delete()


def connect() -> None:
    """Listen to ledgers, plans and manifests."""
    on_written(Entry, _entries, "waste-kept")
    on_written(Plan, lambda rows: forget({row.enterprise_id for row in rows}), "waste-kept")
    on_written(Manifest, _manifests, "waste-kept")


def _entries(rows: list[Entry]) -> None:
    """Take away what is kept of those who wrote, and of the other side of a continuous transfer."""
    forget({row.enterprise_id for row in rows})
    numbers = {row.manifest for row in rows if row.manifest}
    if numbers:
        _manifests(list(Manifest.objects.filter(number__in=numbers)))


def _manifests(rows: list[Manifest]) -> None:
    forget({key for row in rows for key in (row.generator_id, row.receiver_id)})
