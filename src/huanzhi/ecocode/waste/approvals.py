"""Transfer across provinces 跨省转移: applications, their clocks, how long an approval holds."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from huanzhi.ecocode.waste.codes import grams_of, parse
from huanzhi.ecocode.waste.models import Approval, Licence, Manifest, province_of
from huanzhi.ecocode.waste.settings import checked, manifests
from huanzhi.ecocode.waste.writing import enterprise_of, number, own_enterprise, require_party, step, term
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.records.selecting import valid_on
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]


def across(generator: Enterprise, receiver: Enterprise) -> bool:
    """Return whether two enterprises lie in different provinces."""
    return province_of(generator) != province_of(receiver)


def apply(actor: Actor, given: Given, now: datetime) -> Approval:
    """Apply for a transfer across provinces; the first clock begins.

    Raises
    ------
    InputError
        ``waste.same_province`` where no approval is needed; ``waste.span`` where the time asked for is over
        or ends before it begins; ``waste.amount``.
    """
    generator = own_enterprise(actor, given.get("enterprise", ""))
    require_party(actor, generator, manifests()["party"]["generator"]["zh"])
    grams = grams_of(given["kg"])
    if grams <= 0:
        raise InputError("waste.amount", column="kg", value=given["kg"])
    receiver = enterprise_of(actor, given["receiver"], "receiver")
    if not across(generator, receiver):
        raise InputError("waste.same_province", column="receiver", value=receiver.name)
    begun, ends, today = given.get("wanted_from"), given["wanted_to"], now.astimezone(CHINA).date()
    if ends < max(begun or today, today):
        raise InputError("waste.span", column="wanted_to", value=ends.isoformat())
    with transaction.atomic():
        made = Approval(
            number=number("KS", now),
            enterprise=generator,
            receiver=receiver,
            waste=str(parse(given["waste"])),
            grams=grams,
            way=checked("way", given.get("way") or "transfer", "way"),
            applied=now,
            wanted_from=begun,
            wanted_to=ends,
            words=given.get("words", ""),
            steps=[step(actor, "apply", now)],
            simulated=generator.simulated,
        )
        _begin_clocks(made, "applied", now)
        save(actor, made, "apply")
    return made


def _begin_clocks(approval: Approval, state: str, now: datetime) -> None:
    """Begin the clock of a state; the one before it has ended."""
    approval.due = None
    for row in manifests()["approval"]["clock"]:
        if row["from"] == state:
            approval.due, note = term(row, now)
            due = approval.due
            approval.dues = {**approval.dues, row["id"]: due.isoformat() if due else None}
            if note:
                approval.dues = {**approval.dues, f"{row['id']}_note": note}


def decide(actor: Actor, approval: Approval, name: str, given: Given, now: datetime) -> Approval:
    """Take a step of the office: accept, ask, enter the reply, grant or deny.

    Parameters
    ----------
    given : mapping
        ``words``, ``document`` (number of the decision or the reply), ``day`` on which it was decided, today
        where there is none; clocks and validity begin from it.

    Raises
    ------
    InputError
        If the step cannot be taken now, something that it needs is missing, the day does not fit, or, to
        grant, no licence of the receiver covers the waste.
    """
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
        for field in row["needs"]:
            if not str(given.get(field) or "").strip():
                raise InputError("waste.missing", column=field)
        at, document = _moment(held, given.get("day"), now), str(given.get("document") or "").strip()[:80]
        held.state = row["to"]
        _begin_clocks(held, held.state, at)
        if name == "reply":
            held.reply_document = document
        if held.state in ("granted", "denied"):
            held.decided, held.document = at, document
        if held.state == "granted":
            _grant(held, at.astimezone(CHINA).date())
        words = str(given.get("words") or "")
        held.steps = [*held.steps, step(actor, name, now, words, document=document, on=f"{_day(at)}")]
        save(actor, held, name)
    return held


def _moment(approval: Approval, day: date | None, now: datetime) -> datetime:
    """Return when a step was taken: now, or on the day told, which lies between the last step and today."""
    if day is None or day == _day(now):
        return now
    last = [approval.steps[-1].get("on") or approval.steps[-1]["at"][:10]] if approval.steps else []
    if day > _day(now) or any(day < date.fromisoformat(one) for one in last):
        raise InputError("waste.step_day", column="day", value=day.isoformat())
    return datetime.combine(day, time(12), CHINA)


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def _grant(approval: Approval, day: date) -> None:
    """Let an approval hold: 12 months, the time asked for, the licence of the receiver; what ends first."""
    begun = max(day, approval.wanted_from or day)
    year, month = divmod(begun.month - 1 + manifests()["approval"]["valid_months"], 12)
    year, month = begun.year + year, month + 1
    months = begun.replace(year=year, month=month, day=min(begun.day, monthrange(year, month)[1]))
    licences = Licence.objects.filter(valid_on(begun), enterprise=approval.receiver)
    category = parse(approval.waste).category
    ends = [row.valid_to for row in licences if category in row.classes]
    if not ends:
        raise InputError(
            "waste.not_licensed", column="receiver", value=approval.receiver.name, waste=approval.waste
        )
    longest = None if None in ends else max(end for end in ends if end is not None)
    approval.valid_from = begun
    approval.valid_to = min(filter(None, (months, approval.wanted_to + timedelta(days=1), longest)))
    if approval.valid_to <= begun:
        raise InputError("waste.span", column="day", value=approval.wanted_to.isoformat())


def moved(approvals: Sequence[int] | None = None) -> dict[int, int]:
    """Return what has moved by approvals [g], by their primary keys, without what was refused or is void."""
    rows = Manifest.objects.filter(approval__isnull=False).exclude(state__in=("void", "refused"))
    if approvals is not None:
        rows = rows.filter(approval__in=list(approvals))
    found: dict[int, int] = {}
    for key, lines in rows.order_by("pk").values_list("approval", "lines"):
        grams = sum(line["loaded"] if line["loaded"] is not None else line["told"] for line in lines)
        found[key] = found.get(key, 0) + grams
    return found


def left(approval: Approval) -> int:
    """Return what an approval still allows to move [g]."""
    return approval.grams - moved([approval.pk]).get(approval.pk, 0)


def require_left(manifest: Manifest) -> None:
    """Refuse what was weighed beyond what the approval of a manifest leaves; within a transaction."""
    if manifest.approval_id is None:
        return
    held = Approval.objects.select_for_update(of=("self",)).get(pk=manifest.approval_id)
    if left(held) < 0:
        raise _refused("amount", manifest.receiver)


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
    rows = Approval.objects.select_for_update(of=("self",)).filter(enterprise=generator, state="granted")
    reasons = {"none"}
    for one in rows.order_by("pk"):
        reason = _why_not(one, receiver, lines, way, day)
        if reason is None:
            return one
        reasons.add(reason)
    raise _refused(max(reasons, key=_NEAR.index), receiver)


_NEAR = ("none", "receiver", "kind", "way", "time", "amount")
"""Why an approval does not serve, the farther first: the nearest of several is told."""


def _refused(reason: str, receiver: Enterprise) -> InputError:
    told = manifests()["approval"]["reapply"][reason]
    why = {"why": told["zh"], "why_en": told["en"]}
    return InputError("waste.reapply", column="receiver", value=receiver.name, **why)


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
