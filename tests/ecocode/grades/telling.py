"""What happens to enterprises in the tests, and who acts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Actor, Held

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def actor(code: str, role: str, organisation: str = "", region: str = "990001") -> Actor:
    """Return somebody with one role."""
    path = Region.objects.get(pk=region).path
    return Actor(code, code, (Held(role, path),), organisation)


def over(firm: Enterprise, day: date, row: int = 1, outlet: str = "O1") -> Occurrence:
    """Return a day over the limit."""
    facts = {"parameter": "w01018", "outlet": outlet, "days_in_row": row}
    return Occurrence(firm.code, "exceedance_day", f"exceedance:{outlet}:{day}", day, None, facts)


def run(firm: Enterprise, day: date, until: date | None = None, outlet: str = "O1") -> Occurrence:
    """Return a run of compliant days."""
    return Occurrence(firm.code, "compliant_run", f"run:{outlet}:{day}", day, until, {"outlet": outlet})


def penalty(firm: Enterprise, day: date, until: date | None = None, **facts: Any) -> Occurrence:
    """Return a penalty."""
    told = {"severity": "ordinary", **facts}
    return Occurrence(firm.code, "penalty", f"case:{day}", day, until, told, ("行政处罚", "penalty"))
