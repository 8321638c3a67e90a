"""Transfer across provinces 跨省转移: applications, their clocks, how long an approval holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.waste.codes import grams_of, parse
from huanzhi.ecocode.waste.models import Approval, Licence, Manifest
from huanzhi.ecocode.waste.settings import checked, manifests
from huanzhi.ecocode.waste.writing import enterprise_of, number, own_enterprise, require_party, step, term
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.records.selecting import valid_on
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]
PROVINCE = 2


def across(generator: Enterprise, receiver: Enterprise) -> bool:
    """Return whether two enterprises lie in different provinces."""
    return generator.region_id[:PROVINCE] != receiver.region_id[:PROVINCE]


def apply(actor: Actor, given: Given, now: datetime) -> Approval:
    """Apply for a transfer across provinces; the first clock begins."""
    generator = own_enterprise(actor, given.get("enterprise", ""))
    require_party(actor, generator, manifests()["party"]["generator"]["zh"])
    grams = grams_of(given["kg"])
    if grams <= 0:
        raise InputError("waste.amount", column="kg", value=given["kg"])
    with transaction.atomic():
        made = Approval(
            number=number("KS", now),
            enterprise=generator,
            receiver=enterprise_of(given["receiver"], "receiver"),
            waste=str(parse(given["waste"])),
            grams=grams,
            way=checked("way", given.get("way") or "transfer", "way"),
            applied=now,
            wanted_to=given["wanted_to"],
            words=given.get("words", ""),
            steps=[step(actor, "apply", now)],
            simulated=generator.simulated,
        )
        _begin_clocks(made, "applied", now)
        save(actor, made, "apply")
    return made


def _begin_clocks(approval: Approval, state: str, now: datetime) -> None:
    for row in manifests()["approval"]["clock"]:
        if row["from"] == state:
            due, note = term(row, now)
            approval.dues = {**approval.dues, row["id"]: due.isoformat() if due else None}
            if note:
                approval.dues = {**approval.dues, f"{row['id']}_note": note}


def decide(actor: Actor, approval: Approval, name: str, words: str, now: datetime) -> Approval:
    """Take a step of the office: accept, ask, enter the reply, grant or deny."""
    row = manifests()["approval"]["move"].get(name)
    if row is None:
        raise InputError("waste.choice", column="move", value=name)
    with transaction.atomic():
        held = Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
        if held.revision != approval.revision:
            raise InputError("records.stale", value=held.number)
        require(actor, "approve", thing_of(held))
        if held.state not in row["from"]:
            raise InputError("waste.not_now", value=held.number)
        if name == "deny" and not words.strip():
            raise InputError("waste.missing", column="words")
        held.state = row["to"]
        _begin_clocks(held, held.state, now)
        if held.state in ("granted", "denied"):
            held.decided = now
        if held.state == "granted":
            held.valid_from = now.astimezone(CHINA).date()
            held.valid_to = _ends(held)
        held.steps = [*held.steps, step(actor, name, now, words)]
        save(actor, held, name)
    return held


def _ends(approval: Approval) -> date:
    """Return the first day after an approval: 12 months, the time asked for, the licence; what ends first."""
    begun = approval.valid_from
    assert begun is not None
    year, month = divmod(begun.month - 1 + manifests()["approval"]["valid_months"], 12)
    months = begun.replace(year=begun.year + year, month=month + 1, day=min(begun.day, 28))
    licences = Licence.objects.filter(valid_on(begun), enterprise=approval.receiver)
    category = parse(approval.waste).category
    ends = [row.valid_to for row in licences if category in row.classes]
    if not ends:
        raise InputError(
            "waste.not_licensed", column="receiver", value=approval.receiver.name, waste=approval.waste
        )
    longest = None if None in ends else max(end for end in ends if end is not None)
    return min(filter(None, (months, approval.wanted_to, longest)))


def left(approval: Approval) -> int:
    """Return what an approval still allows to move [g]."""
    rows = Manifest.objects.filter(approval=approval).exclude(state__in=("void", "refused"))
    moved = sum(line["loaded"] or line["told"] for row in rows for line in row.lines)
    return approval.grams - moved


def needed(
    generator: Enterprise, receiver: Enterprise, lines: Sequence[Given], way: str, day: date
) -> Approval | None:
    """Return the approval that a transfer goes by; None within a province.

    Raises
    ------
    InputError
        ``waste.reapply`` with why: another kind, way, receiver, more than granted, outside the time, none.
    """
    if not across(generator, receiver):
        return None
    granted = list(Approval.objects.filter(enterprise=generator, state="granted").order_by("-pk"))
    reasons = []
    for one in granted:
        reason = _why_not(one, receiver, lines, way, day)
        if reason is None:
            return one
        reasons.append(reason)
    reason = reasons[0] if reasons else "none"
    told = manifests()["approval"]["reapply"][reason]
    why = {"why": told["zh"], "why_en": told["en"]}
    raise InputError("waste.reapply", column="receiver", value=receiver.name, **why)


def _why_not(one: Approval, receiver: Enterprise, lines: Sequence[Given], way: str, day: date) -> str | None:
    if one.receiver_id != receiver.pk:
        return "receiver"
    if any(line["waste"] != one.waste for line in lines):
        return "kind"
    if one.way != way:
        return "way"
    if not one.holds(day):
        return "time"
    return "amount" if sum(line["told"] for line in lines) > left(one) else None
