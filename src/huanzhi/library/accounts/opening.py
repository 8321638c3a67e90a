"""Opening 开户: an account is made when it is first needed, and found ever after."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from huanzhi.library.accounts.models import Account
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append


def account(
    actor: Actor,
    scheme: str,
    sort: str,
    commodity: str,
    region: Region,
    *,
    unit: str,
    decimals: int,
    enterprise: Enterprise | None = None,
    until: date | None = None,
    open_ended: bool = False,
    simulated: bool = False,
) -> Account:
    """Return the account of an enterprise, or of the government of a region, opened where there is none."""
    vintage = until.isoformat() if until else ""
    holder = enterprise.code if enterprise else region.code
    code = "/".join(filter(None, (scheme, sort, holder, commodity, vintage)))
    found = Account.objects.filter(code=code).first()
    if found is not None:
        return found
    made = Account(
        code=code,
        scheme=scheme,
        sort=sort,
        enterprise=enterprise,
        region=enterprise.region if enterprise else region,
        commodity=commodity,
        unit=unit,
        decimals=decimals,
        vintage=vintage,
        until=until,
        open_ended=open_ended,
        simulated=simulated,
    )
    return _opened(actor, made)


def _opened(actor: Actor, made: Account) -> Account:
    """Save an account with its entry of the trail; where somebody was quicker, return that one."""
    try:
        with transaction.atomic():
            made.full_clean()
            made.save()
            append(actor, "open", Account.KIND, made.code, after=made.as_row())
    except IntegrityError:
        return Account.objects.get(code=made.code)
    return made
