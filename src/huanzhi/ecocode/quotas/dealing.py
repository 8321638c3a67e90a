"""Dealing 排污权交易: drafted, consented to by the sides, proposed by an officer, decided by a second."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from huanzhi.ecocode.quotas.holding import holdings, of_government, taken
from huanzhi.ecocode.quotas.models import QuotaDeal
from huanzhi.ecocode.quotas.settings import checked, settings, units_of
from huanzhi.errors import InputError
from huanzhi.library.accounts.posting import next_number
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.enterprises.naming import nameable
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor, may, require, thing_of
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]
SIDES = ("seller", "buyer")


def draft(actor: Actor, given: Given, now: datetime) -> QuotaDeal:
    """Draft a deal.

    Raises
    ------
    InputError
        If the actor may not, a side is missing or one too many, or an amount or price is no number.
    """
    row = settings()["sort"][checked("sort", given["kind"], "kind")]
    sides = {side: _side(actor, side, given.get(side, ""), row) for side in SIDES}
    if sides["seller"] is not None and sides["seller"] == sides["buyer"]:
        raise InputError("quotas.same_side", column="buyer", value=given["buyer"])
    with transaction.atomic():
        made = QuotaDeal(
            number=next_number("PQ", now),
            sort=given["kind"],
            region=_region(given.get("region", ""), sides),
            **sides,
            commodity=checked("pollutant", given["commodity"], "commodity"),
            units=units_of(given["amount"]),
            price=_price(given.get("price", "")),
            contract=given.get("contract", ""),
            words=given.get("words", ""),
            until=_term(given.get("until"), row["term"], now),
            made=now,
            made_by=actor.code,
        )
        made.simulated = made.region.simulated or any(
            side is not None and side.simulated for side in sides.values()
        )
        _consented_by_who_drafts(actor, made, now)
        _settle(made)
        _step(made, actor, "draft", made.words, now)
        act(actor, made, "create", made.words[:500], right="create")
    return made


def consent(actor: Actor, deal: QuotaDeal, side: str, words: str, now: datetime) -> QuotaDeal:
    """Consent for a side: its own people, or an officer who has the contract before him.

    Raises
    ------
    InputError
        ``quotas.not_now``, ``quotas.not_your_side``, ``quotas.no_contract``.
    """
    if deal.state != "drafted" or side not in _needed(deal) or getattr(deal, f"{side}_by"):
        raise InputError("quotas.not_now", value=deal.number)
    if not _speaks_for(actor, deal, side):
        require(actor, "approve", thing_of(deal))
        if not deal.contract:
            raise InputError("quotas.no_contract", column="contract")
    setattr(deal, f"{side}_by", actor.code)
    setattr(deal, f"{side}_at", now)
    _settle(deal)
    _step(deal, actor, f"consent_{side}", words, now)
    done: QuotaDeal = act(actor, deal, "consent", words[:500], right="change")
    return done


def propose_deal(actor: Actor, deal: QuotaDeal, reason: str, now: datetime) -> Proposal:
    """Propose an agreed deal; what it takes has to be free by now.

    Raises
    ------
    InputError
        ``quotas.not_now`` before the sides agreed, ``quotas.short`` where too little is free.
    """
    if deal.state != "agreed":
        raise InputError("quotas.not_now", value=deal.number)
    suffices(actor, deal, now.astimezone(CHINA).date())
    with transaction.atomic():
        made = propose(
            actor,
            settings()["sort"][deal.sort]["proposal"],
            QuotaDeal.KIND,
            deal.number,
            reason=reason or deal.words or deal.number,
            now=now,
            payload={"deal": deal.number, "units": deal.units, "commodity": deal.commodity},
            region=deal.region,
            owner=_owner(deal),
            simulated=deal.simulated,
        )
        deal.state, deal.proposal = "proposed", made.pk
        _step(deal, actor, "propose", reason, now)
        act(actor, deal, "propose", reason[:500], right="change")
    return made


def withdraw_deal(actor: Actor, deal: QuotaDeal, words: str, now: datetime) -> QuotaDeal:
    """Withdraw a deal that was not proposed yet."""
    if deal.state not in ("drafted", "agreed"):
        raise InputError("quotas.not_now", value=deal.number)
    if not words.strip():
        raise InputError("quotas.no_words", column="words")
    deal.state = "withdrawn"
    _step(deal, actor, "withdraw", words, now)
    done: QuotaDeal = act(actor, deal, "withdraw", words[:500], right="change")
    return done


def suffices(actor: Actor, deal: QuotaDeal, day: date) -> None:
    """Refuse a deal that takes more than is free."""
    side = settings()["sort"][deal.sort]["from"]
    if side == "seller":
        taken(holdings(deal.seller, deal.commodity, day), deal.units)
    elif side == "reserve":
        taken([of_government(actor, side, deal.commodity, deal.region, deal.simulated)], deal.units)


def allowed(actor: Actor, deal: QuotaDeal) -> list[str]:
    """Return the steps that somebody may take now: ``consent_seller``, ``propose``, ``withdraw``."""
    if deal.state not in ("drafted", "agreed"):
        return []
    thing = thing_of(deal)
    change, officer = (may(actor, action, thing).allowed for action in ("change", "approve"))
    open_sides = [side for side in _needed(deal) if not getattr(deal, f"{side}_by")]
    by_paper = officer and bool(deal.contract)
    mine = [side for side in open_sides if by_paper or _speaks_for(actor, deal, side)]
    found = [f"consent_{side}" for side in mine if change]
    if deal.state == "agreed" and officer:
        found.append("propose")
    return [*found, "withdraw"] if change else found


def noted(deal: QuotaDeal, actor: Actor, step: str, words: str, now: datetime) -> None:
    """Write a step into a deal."""
    _step(deal, actor, step, words, now)


def _needed(deal: QuotaDeal) -> list[str]:
    return list(settings()["sort"][deal.sort]["consent"])


def _speaks_for(actor: Actor, deal: QuotaDeal, side: str) -> bool:
    enterprise = getattr(deal, side)
    body = enterprise.organisation if enterprise else None
    return body is not None and body.code == actor.organisation


def _consented_by_who_drafts(actor: Actor, deal: QuotaDeal, now: datetime) -> None:
    """Who drafts a deal of his own side consents to it."""
    for side in _needed(deal):
        if _speaks_for(actor, deal, side):
            setattr(deal, f"{side}_by", actor.code)
            setattr(deal, f"{side}_at", now)


def _settle(deal: QuotaDeal) -> None:
    if all(getattr(deal, f"{side}_by") for side in _needed(deal)):
        deal.state = "agreed"


def _side(actor: Actor, side: str, code: str, row: Given) -> Enterprise | None:
    if side not in (row["from"], row["to"]):
        if code:
            raise InputError("quotas.no_such_side", column=side, value=code)
        return None
    found = nameable(actor, code)
    if found is None:
        raise InputError("quotas.side", column=side, value=code.replace("\x00", "") or None)
    return found


def _region(code: str, sides: Mapping[str, Enterprise | None]) -> Region:
    """Return the region of a deal: that of the seller, else of the buyer, else the one named."""
    own = next((side.region for side in sides.values() if side is not None), None)
    found: Region | None = Region.objects.filter(code=code).first() if code and "\x00" not in code else own
    if found is None:
        raise InputError("quotas.region", column="region", value=code.replace("\x00", "") or None)
    return found


def _price(written: str) -> str:
    if not written:
        return ""
    try:
        value = Decimal(written)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value < 10**12:
        raise InputError("quotas.price", column="price", value=written[:40])
    return f"{value:f}"


def _term(until: date | None, wanted: bool, now: datetime) -> date | None:
    """Return the end of a new term: as given, or the years of the table from today."""
    if not wanted:
        return None
    day = now.astimezone(CHINA).date()
    end = until or _years_on(day, settings()["term"]["years"])
    if end <= day:
        raise InputError("quotas.term", column="until", value=end.isoformat())
    return end


def _years_on(day: date, years: int) -> date:
    """Return the same day some years on; the first of March for a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _owner(deal: QuotaDeal) -> str:
    side = deal.seller or deal.buyer
    return side.organisation.code if side and side.organisation else ""


def _step(deal: QuotaDeal, actor: Actor, name: str, words: str, now: datetime) -> None:
    at = now.astimezone(CHINA).isoformat(timespec="seconds")
    told = {"at": at, "actor": actor.code, "name": actor.name, "step": name, "words": words[:2000]}
    deal.steps = [*deal.steps, told]
