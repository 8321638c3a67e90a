"""Rates 适用税额 of a place on a day: those that the city entered, else those that ship."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from huanzhi.assess.tax import Rate, Rates, rates_of
from huanzhi.assess.tax.tables import checked, short
from huanzhi.ecocode.tax.models import TaxRate
from huanzhi.ecocode.tax.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.records.selecting import valid_on
from huanzhi.library.rights import Actor
from huanzhi.standards.model import Confidence


def province_of(region: Region) -> str:
    """Return the short name of the province of a region; that of the test city by the table.

    Raises
    ------
    InputError
        ``tax.no_province`` if the region lies in none that is known.
    """
    digits = region.code[:2]
    if digits in settings()["province"]:
        return str(settings()["province"][digits]["province"])
    found = Region.objects.filter(code=f"{digits}0000").first()
    if found is None:
        raise InputError("tax.no_province", value=region.code)
    return short(found.name)


def rates_for(province: str, day: date) -> Rates:
    """Return the rates of a province for a day.

    Raises
    ------
    StandardError
        ``tax.no_rates`` if neither the city entered any nor any ship.
    """
    name = short(province)
    rows = list(TaxRate.objects.filter(valid_on(day), province=name).order_by("code"))
    if not rows:
        return rates_of(name, day)
    made = tuple(Rate(one.medium, Decimal(one.yuan), _items(one)) for one in rows)
    weakest = max((Confidence(one.confidence) for one in rows), key=list(Confidence).index)
    return checked(Rates(name, made, rows[0].basis, weakest), day)


def enter(actor: Actor, given: TaxRate) -> TaxRate:
    """Enter or change a rate; it has to lie within the range of the law on its first day."""
    given.province = short(given.province)
    given.code = given.code or _code(given)
    with transaction.atomic():
        made = save(actor, given, given.basis)
        assert isinstance(made, TaxRate)
        _in_range(made)
    return made


def _in_range(one: TaxRate) -> None:
    day = one.valid_from or date.max
    other = "water" if one.medium == "air" else "air"
    filler = {"air": Decimal("1.2"), "water": Decimal("1.4")}
    own = Rate(one.medium, Decimal(one.yuan), ())
    rates = Rates(one.province, (own, Rate(other, filler[other])), one.basis, Confidence.ONE_SOURCE)
    checked(rates, day)


def _items(one: TaxRate) -> tuple[str, ...]:
    return tuple(part.strip() for part in one.items.replace("，", ",").split(",") if part.strip())


def _code(given: TaxRate) -> str:
    part = "items" if given.items else "all"
    return f"{given.province}/{given.medium}/{part}/{given.valid_from}"[:80]
