"""Pledging 质押: what is pledged to a bank is frozen until the bank lets go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.quotas.holding import holdings, taken
from huanzhi.ecocode.quotas.models import QuotaPledge
from huanzhi.ecocode.quotas.settings import SCHEME, checked, units_of
from huanzhi.errors import InputError
from huanzhi.library.accounts.models import FREE, FROZEN, Account
from huanzhi.library.accounts.posting import Draft, Leg, next_number, post
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor, may, require, thing_of
from huanzhi.standards.periods import CHINA

STANDING = ("held", "defaulted")


def pledge(actor: Actor, given: Mapping[str, Any], now: datetime) -> QuotaPledge:
    """Register a pledge and freeze what is pledged, of the terms that end last.

    Raises
    ------
    InputError
        If the actor may not, enterprise or bank is unknown, no contract is named, or too little is free.
    """
    day = now.astimezone(CHINA).date()
    enterprise = _enterprise(given.get("enterprise", ""))
    commodity = checked("pollutant", given["commodity"], "commodity")
    if not given.get("contract", "").strip():
        raise InputError("quotas.no_contract", column="contract")
    units = units_of(given["amount"])
    with transaction.atomic():
        parts = taken(holdings(enterprise, commodity, day)[::-1], units)
        made = QuotaPledge(
            number=next_number("PZ", now),
            enterprise=enterprise,
            region=enterprise.region,
            bank=_bank(given.get("bank", "")),
            commodity=commodity,
            units=units,
            contract=given["contract"].strip(),
            loan=given.get("loan", ""),
            begun=day,
            ends=given.get("ends"),
            parts=[{"account": one.code, "units": part} for one, part in parts],
            made=now,
            made_by=actor.code,
            simulated=enterprise.simulated,
        )
        _step(made, actor, "pledge", given.get("words", ""), now)
        act(actor, made, "create", made.contract, right="create")
        _post(actor, made, "freeze", now)
    return made


def release(actor: Actor, held: QuotaPledge, words: str, now: datetime) -> QuotaPledge:
    """Release a pledge: the bank itself, or an officer who has its consent in writing.

    Raises
    ------
    InputError
        ``quotas.not_now`` if it is released already, ``quotas.no_words`` without the bank's consent in words.
    """
    if held.state not in STANDING:
        raise InputError("quotas.not_now", value=held.number)
    if not is_bank(actor, held):
        require(actor, "approve", thing_of(held))
    if not words.strip():
        raise InputError("quotas.no_words", column="words")
    with transaction.atomic():
        held.state, held.released = "released", now
        _step(held, actor, "release", words, now)
        act(actor, held, "release", words[:500], right="change")
        _post(actor, held, "release", now)
    return held


def mark_default(actor: Actor, held: QuotaPledge, words: str, now: datetime) -> QuotaPledge:
    """Note that the loan is in default; what is pledged stays frozen until the bank lets go."""
    if held.state != "held":
        raise InputError("quotas.not_now", value=held.number)
    if not is_bank(actor, held):
        require(actor, "approve", thing_of(held))
    if not words.strip():
        raise InputError("quotas.no_words", column="words")
    held.state = "defaulted"
    _step(held, actor, "default", words, now)
    done: QuotaPledge = act(actor, held, "default", words[:500], right="change")
    return done


def allowed(actor: Actor, held: QuotaPledge) -> list[str]:
    """Return the steps that somebody may take now."""
    thing = thing_of(held)
    able = may(actor, "change", thing).allowed
    speaks = is_bank(actor, held) or may(actor, "approve", thing).allowed
    if held.state not in STANDING or not (able and speaks):
        return []
    return ["release", "default"] if held.state == "held" else ["release"]


def is_bank(actor: Actor, held: QuotaPledge) -> bool:
    """Return whether somebody is of the bank of a pledge."""
    return bool(actor.organisation) and actor.organisation == held.bank.code


def _post(actor: Actor, held: QuotaPledge, sort: str, now: datetime) -> None:
    sign = 1 if sort == "freeze" else -1
    accounts = {one.code: one for one in Account.objects.filter(code__in=[p["account"] for p in held.parts])}
    legs = []
    for part in held.parts:
        own, units = accounts[part["account"]], sign * part["units"]
        legs += [Leg(own, -units, FREE), Leg(own, units, FROZEN)]
    reference = f"{QuotaPledge.KIND}:{held.number}"
    day = now.astimezone(CHINA).date()
    told = Draft(SCHEME, sort, day, legs, f"{sort}/{held.number}", held.contract, reference, held.simulated)
    post(actor, told, now)


def _enterprise(code: str) -> Enterprise:
    rows = Enterprise.objects.select_related("region", "organisation")
    found: Enterprise | None = rows.filter(code=code).first() if code and "\x00" not in code else None
    if found is None:
        raise InputError("quotas.side", column="enterprise", value=code.replace("\x00", "") or None)
    return found


def _bank(code: str) -> Organisation:
    rows = Organisation.objects.filter(code=code)
    found: Organisation | None = rows.first() if code and "\x00" not in code else None
    if found is None:
        raise InputError("quotas.bank", column="bank", value=code.replace("\x00", "") or None)
    return found


def _step(held: QuotaPledge, actor: Actor, name: str, words: str, now: datetime) -> None:
    at = now.astimezone(CHINA).isoformat(timespec="seconds")
    told = {"at": at, "actor": actor.code, "name": actor.name, "step": name, "words": words[:2000]}
    held.steps = [*held.steps, told]
