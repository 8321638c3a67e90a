"""Holding 持有: which accounts the two sides of a deal are, and from which terms an amount is taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from huanzhi.ecocode.quotas.models import QuotaDeal
from huanzhi.ecocode.quotas.settings import SCHEME, amount_of, settings
from huanzhi.errors import InputError
from huanzhi.library.accounts.models import Account
from huanzhi.library.accounts.opening import account
from huanzhi.library.accounts.posting import Leg
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Actor

ENDLESS = ("issued", "expired")
"""Accounts that may be negative: what was issued is owed by the one that issued it."""


def holdings(enterprise: Enterprise, commodity: str, day: date) -> list[Account]:
    """Return the accounts of an enterprise that count on a day, the term that ends first in front."""
    rows = Account.objects.filter(
        Q(until__isnull=True) | Q(until__gt=day),
        scheme=SCHEME,
        sort="holding",
        enterprise=enterprise,
        commodity=commodity,
    )
    return sorted(rows, key=lambda one: (one.until or date.max, one.code))


def seat(region: Region) -> Region:
    """Return the region whose government keeps the reserve: the city, else the county, of a region."""
    above: dict[str, Region] = {}
    here: Region | None = region
    while here is not None:
        above.setdefault(here.level, here)
        here = here.parent
    levels = settings()["government"]["levels"]
    return next((above[level] for level in levels if level in above), region)


def of_government(actor: Actor, sort: str, commodity: str, region: Region, simulated: bool) -> Account:
    """Return an account of the government that a region belongs to, opened where there is none."""
    told = settings()["unit"]
    return account(
        actor,
        SCHEME,
        sort,
        commodity,
        seat(region),
        unit=told["unit"],
        decimals=told["decimals"],
        open_ended=sort in ENDLESS,
        simulated=simulated,
    )


def of_enterprise(
    actor: Actor, enterprise: Enterprise, commodity: str, until: date | None, simulated: bool
) -> Account:
    """Return the account of an enterprise for one term, opened where there is none."""
    told = settings()["unit"]
    return account(
        actor,
        SCHEME,
        "holding",
        commodity,
        enterprise.region,
        unit=told["unit"],
        decimals=told["decimals"],
        enterprise=enterprise,
        until=until,
        simulated=simulated,
    )


def taken(accounts: Sequence[Account], units: int) -> list[tuple[Account, int]]:
    """Return from which accounts an amount is taken, the first first.

    Raises
    ------
    InputError
        ``quotas.short`` if what is free does not suffice: what is frozen is not touched.
    """
    left, found = units, []
    for one in accounts:
        part = min(one.free, left)
        if part > 0:
            found.append((one, part))
            left -= part
    if left:
        free, frozen = (sum(getattr(one, part) for one in accounts) for part in ("free", "frozen"))
        told = {"free": amount_of(free), "frozen": amount_of(frozen)}
        raise InputError("quotas.short", column="amount", value=amount_of(units), **told)  # type: ignore[arg-type]
    return found


def legs_of(actor: Actor, deal: QuotaDeal, day: date) -> list[Leg]:
    """Return the legs that carry a deal out on a day; the terms go over with what is transferred."""
    row = settings()["sort"][deal.sort]
    source = _source(actor, deal, row["from"], day)
    legs = []
    for own, units in source:
        target = _target(actor, deal, row["to"], deal.until if row["term"] else own.until)
        legs += [Leg(own, -units), Leg(target, units)]
    return legs


def _source(actor: Actor, deal: QuotaDeal, side: str, day: date) -> list[tuple[Account, int]]:
    if side == "seller":
        assert deal.seller is not None
        return taken(holdings(deal.seller, deal.commodity, day), deal.units)
    own = of_government(actor, side, deal.commodity, deal.region, deal.simulated)
    return [(own, deal.units)] if side in ENDLESS else taken([own], deal.units)


def _target(actor: Actor, deal: QuotaDeal, side: str, until: date | None) -> Account:
    if side == "buyer":
        assert deal.buyer is not None
        return of_enterprise(actor, deal.buyer, deal.commodity, until, deal.simulated)
    return of_government(actor, side, deal.commodity, deal.region, deal.simulated)
