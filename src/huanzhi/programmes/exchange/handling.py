"""Handling 承接: what outside systems send becomes our records, through the doors of the rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Actor
from huanzhi.network.exchange.models import Target
from huanzhi.network.exchange.receiving import Handler

CHANNEL = "city_brain"


def take_tasks(
    actor: Actor, target: Target, rows: Sequence[Mapping[str, Any]], now: datetime
) -> dict[str, Any]:
    """Open a clue for each task that the city platform raises; the same task twice is one.

    Raises
    ------
    InputError
        With the row, where its region or enterprise is not known: then none is taken.
    """
    numbers = []
    for number, row in enumerate(rows, 1):
        region = Region.objects.filter(pk=row["region"], path__startswith=target.region.path).first()
        if region is None:
            told = {"value": row["region"], "expected": target.region.pk}
            raise InputError("exchange.not_known", row=number, column="region_code", **told)
        code = row["enterprise"] or ""
        if code and not Enterprise.objects.filter(code=code).exists():
            raise InputError("exchange.not_known", row=number, column="credit_code", value=code)
        numbers.append(open_issue(actor, _draft(target, row, code), target.code, now=now).number)
    return {"issues": list(dict.fromkeys(numbers))}


def _draft(target: Target, row: Mapping[str, Any], enterprise: str) -> Draft:
    return Draft(
        row["title"],
        row["category"],
        CHANNEL,
        row["region"],
        row["words"] or "",
        row["level"] or "general",
        enterprise=enterprise,
        source_ref=f"{target.code}:{row['reference']}",
        since=row["since"],
        simulated=target.simulated,
    )


HANDLERS: Mapping[str, Handler] = {"city_brain_tasks": take_tasks}
"""What takes each payload in that comes."""
