"""Accounts of the test city 模拟账户: quotas granted, transferred, pledged; tax declared for a quarter.

Everything is made by the steps that people take, in their names, and is simulated.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from huanzhi import standards
from huanzhi.assess.tax.quarters import months_of, quarter_at
from huanzhi.assess.tax.tables import LAW
from huanzhi.ecocode.quotas import dealing, pledging
from huanzhi.ecocode.quotas.models import QuotaDeal
from huanzhi.ecocode.quotas.settings import settings
from huanzhi.ecocode.tax import declaring
from huanzhi.ecocode.tax.models import TaxDeclaration
from huanzhi.library.enterprises.models import Enterprise, PermitLimit
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.demo import REGION
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA

SHARES = (Decimal("1.1"), Decimal("0.9"), Decimal("1"))
"""What enterprises were granted of what their permits allow, in turn. Made up."""
MOST = 5
"""Enterprises with quotas. Made up."""
LOADS = (Decimal("0.55"), Decimal("0.6"), Decimal("0.5"))
"""Share of the permitted amount that left in each month of the quarter. Made up."""


def furnish(now: datetime) -> int:
    """Make what the screens of accounts show, once; return how many deals and declarations."""
    people = {one.code: one for one in Person.objects.filter(code__in=("permits", "leader", "enterprise"))}
    city = Region.objects.filter(pk=REGION, simulated=True).first()
    if city is None or len(people) < 3 or QuotaDeal.objects.exists():
        return 0
    officer, leader, own = (actor_of(people[code]) for code in ("permits", "leader", "enterprise"))
    chosen = _enterprises(own)
    with transaction.atomic():
        _quotas(officer, leader, city, chosen, now)
        _taxes(officer, own, chosen, now)
    return QuotaDeal.objects.count() + TaxDeclaration.objects.count()


def _enterprises(own: Actor) -> list[Enterprise]:
    """Return the enterprises whose permits allow amounts of what is traded, that of the account in front."""
    traded = [row["parameter"] for row in settings()["pollutant"].values()]
    limits = PermitLimit.objects.filter(simulated=True, measure="amount", parameter__in=traded)
    rows = Enterprise.objects.filter(simulated=True, pk__in=limits.values("enterprise"))
    found = rows.select_related("region", "organisation").order_by("code")
    mine = [one for one in found.filter(organisation__code=own.organisation) if own.organisation]
    return [*mine, *(one for one in found[:MOST] if one not in mine)][:MOST]


def _allowed(enterprise: Enterprise) -> dict[str, Decimal]:
    """Return what the permit allows [t/a] by pollutant of the accounts."""
    found: dict[str, Decimal] = {}
    for code, row in settings()["pollutant"].items():
        limits = PermitLimit.objects.filter(
            enterprise=enterprise, measure="amount", parameter=row["parameter"]
        )
        total = sum((Decimal(one.value) for one in limits), Decimal(0))
        if total:
            found[code] = total
    return found


def _quotas(officer: Actor, leader: Actor, city: Region, chosen: list[Enterprise], now: datetime) -> None:
    begun = now - timedelta(days=300)
    for code in settings()["pollutant"]:
        _deal(officer, leader, begun, kind="reserve", commodity=code, amount="200", region=city.pk)
    for place, enterprise in enumerate(chosen):
        for code, allowed in _allowed(enterprise).items():
            amount = (allowed * SHARES[place % len(SHARES)]).quantize(Decimal("0.01"))
            until = _term(begun.astimezone(CHINA).date(), place)
            granted = {"commodity": code, "amount": str(amount), "until": until}
            _deal(officer, leader, begun, kind="grant", buyer=enterprise.code, **granted)
    _moved(officer, leader, chosen, now)


def _term(begun: date, place: int) -> date:
    """Return the end of a term: five years, but for one in four that ends soon."""
    return begun + timedelta(days=360) if place % 4 == 3 else begun.replace(year=begun.year + 5)


def _moved(officer: Actor, leader: Actor, chosen: list[Enterprise], now: datetime) -> None:
    """Transfer a little between two, leave another transfer waiting, and pledge some."""
    sides = [(one, code) for one in chosen for code in _allowed(one)]
    pairs = [(a, b, code) for a, code in sides for b, other in sides if code == other and a.code < b.code]
    for place, (seller, buyer, code) in enumerate(pairs[:2]):
        told = {
            "seller": seller.code,
            "buyer": buyer.code,
            "commodity": code,
            "amount": "0.8",
            "price": "36826",
        }
        when = now - timedelta(days=40 - 20 * place)
        _deal(officer, leader if place == 0 else None, when, kind="transfer", contract="HT-2026-01", **told)
    if sides:
        owner, code = sides[0]
        amount = str((_allowed(owner)[code] * Decimal("0.2")).quantize(Decimal("0.01")))
        bank = {"bank": _bank(owner.region).code, "contract": "ZY-2026-01", "loan": "500000"}
        given = {"enterprise": owner.code, "commodity": code, "amount": amount, **bank}
        pledging.pledge(officer, given, now - timedelta(days=15))


def _deal(officer: Actor, leader: Actor | None, when: datetime, **given: Any) -> None:
    """Take a deal all its way; without who decides it stays proposed."""
    deal = dealing.draft(officer, given, when)
    for side in settings()["sort"][deal.sort]["consent"]:
        deal = dealing.consent(officer, deal, side, text("people.demo"), when)
    made = dealing.propose_deal(officer, deal, text("people.demo"), when)
    if leader is not None:
        approve(leader, made.pk, reason=text("people.demo"), now=when)


def _bank(region: Region) -> Organisation:
    found = Organisation.objects.filter(kind="bank").order_by("code").first()
    made = Organisation(code=f"{REGION}-bank", name="模拟银行", kind="bank", region=region, simulated=True)
    bank = found or save(SYSTEM, made, text("people.demo"))
    assert isinstance(bank, Organisation)
    return bank


def _taxes(officer: Actor, own: Actor, chosen: list[Enterprise], now: datetime) -> None:
    """Draft the quarters before; the account's own enterprise amended and confirmed the older one."""
    first = now.astimezone(CHINA).date().replace(day=1)
    last = quarter_at(first - timedelta(days=31 * ((first.month - 1) % 3 + 1)))
    older = quarter_at(date(int(last[:4]), int(last[5]) * 3 - 2, 1) - timedelta(days=1))
    for quarter, enterprises in ((older, chosen[:1]), (last, chosen[:5])):
        for enterprise in enterprises:
            rows = _rows(enterprise, quarter)
            if rows:
                declaring.draft(officer, enterprise, quarter, rows, now - timedelta(days=10), online=rows)
    held = (
        TaxDeclaration.objects.filter(quarter=older)
        .select_related("enterprise__organisation", "region")
        .first()
    )
    if held is not None:
        _reviewed(officer, own, held, now - timedelta(days=5))


def _reviewed(officer: Actor, own: Actor, held: TaxDeclaration, when: datetime) -> None:
    """Amend and confirm a declaration as the taxpayer, and doubt it as the bureau."""
    body = held.enterprise.organisation
    if body is None or body.code != own.organisation:
        return
    lower = {"quantity": str(Decimal(held.rows[0]["quantity"]) * Decimal("0.8"))}
    held = declaring.amend(own, held, 0, lower, "在线设备比对不合格，按手工监测计算（模拟）", when)
    held = declaring.take(own, held, "confirm", "", when)
    declaring.take(officer, held, "doubt", "申报量明显低于在线监测，请说明（模拟）", when)


def _rows(enterprise: Enterprise, quarter: str) -> list[dict[str, Any]]:
    """Return rows of a quarter from what the permit allows, with made-up loads and concentrations."""
    items = {
        row["parameter"]: row for row in standards.in_force(LAW, date(2026, 1, 1)).table("measured").rows
    }
    limits = PermitLimit.objects.filter(enterprise=enterprise, measure="amount", parameter__in=list(items))
    rows = []
    for limit in limits.select_related("outlet").order_by("pk"):
        allowed = PermitLimit.objects.filter(
            outlet=limit.outlet, parameter=limit.parameter, measure="concentration"
        )
        own = allowed.first()
        for place, month in enumerate(months_of(quarter)):
            rows.append(_row(limit, own, items[limit.parameter], month, LOADS[place]))
    return rows


def _row(limit: PermitLimit, own: PermitLimit | None, item: Any, month: str, load: Decimal) -> dict[str, Any]:
    kilograms = (Decimal(limit.value) * 1000 / 12 * load).quantize(Decimal("0.1"))
    place = limit.outlet.code if limit.outlet else limit.enterprise.code
    row = {
        "kind": item["medium"],
        "place": place,
        "month": month,
        "item": item["item"],
        "quantity": str(kilograms),
    }
    if own is not None:
        mean = (Decimal(own.value) * load).quantize(Decimal("0.1"))
        row |= {"concentration": str(mean), "limit": own.value, "within": load != LOADS[1]}
    return row | {"source": "online"}
