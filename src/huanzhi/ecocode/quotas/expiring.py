"""Expiring 到期: what is past its term no longer counts; what is pledged lapses when the bank lets go."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from huanzhi.ecocode.quotas.holding import of_government
from huanzhi.ecocode.quotas.settings import SCHEME, settings
from huanzhi.library.accounts.models import Account
from huanzhi.library.accounts.posting import Draft, Leg, post
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA


def lapse(now: datetime) -> dict[str, int]:
    """Post what is past its term to the account of what lapsed; it may be done again at any time."""
    day = now.astimezone(CHINA).date()
    done = 0
    for own in _past(day).filter(free__gt=0).select_related("region").order_by("pk"):
        target = of_government(SYSTEM, "expired", own.commodity, own.region, own.simulated)
        legs = [Leg(own, -own.free), Leg(target, own.free)]
        receipt = f"lapse/{own.code}/{own.revision}"
        post(SYSTEM, Draft(SCHEME, "lapse", day, legs, receipt, own.vintage, "", own.simulated), now)
        done += 1
    return {"lapsed": done, "pledged": _past(day).filter(frozen__gt=0).count()}


def ending(day: date) -> Any:
    """Return the accounts that hold something whose term ends within the days of the table."""
    last = day + timedelta(days=settings()["lapse"]["days"])
    rows = Account.objects.filter(scheme=SCHEME, sort="holding", until__gt=day, until__lte=last)
    return rows.filter(free__gt=0) | rows.filter(frozen__gt=0)


def _past(day: date) -> Any:
    return Account.objects.filter(scheme=SCHEME, sort="holding", until__lte=day)
