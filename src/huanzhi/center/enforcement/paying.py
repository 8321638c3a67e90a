"""Payment 缴纳: what is owed by when, parts of it, and the additional fine of each day with its cap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction

from huanzhi.center.enforcement import terms
from huanzhi.center.enforcement.models import Case, Payment, Reply
from huanzhi.center.enforcement.settings import settings
from huanzhi.center.enforcement.writing import changed, held_of
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.standards.periods import CHINA

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a fine [yuan], and until when it is to be paid."""

    amount: Decimal
    due: date


def late_fee(amount: Decimal, due: date | None, day: date) -> Decimal:
    """Return the additional fine 加处罚款 on an amount that is due, as of a day [yuan].

    The days after the last day of payment up to `day` count, each with the percentage of the table; never
    more than the amount itself. Nothing is added where it is not known when it was due.
    """
    days = (day - due).days if due is not None else 0
    if days <= 0:
        return Decimal("0.00")
    percent = Decimal(settings()["late_fee"]["percent_per_day"])
    added = min(amount * percent * days / 100, amount)
    return added.quantize(CENT, ROUND_HALF_UP)


def owe(case: Case) -> None:
    """Note the fine as owed once the decision is served."""
    if case.decision != "penalty" or case.fine is None:
        return
    end = terms.end_of(case, "pay")
    Payment.objects.filter(case=case, paid=None).delete()
    day = end.astimezone(CHINA).date() if end else None
    Payment(case=case, sort="fine", amount=case.fine, due=day).save()


def in_parts(actor: Actor, case: Case, parts: Iterable[Part], *, now: datetime | None = None) -> Case:
    """Let a fine be paid later or in parts 延期、分期缴纳, as the party asked.

    Raises
    ------
    InputError
        If the actor may not, nobody asked, something was paid already, or the parts do not add up.
    """
    now = now or datetime.now(UTC)
    require(actor, "command", thing_of(case))
    wanted = list(parts)
    if not Reply.objects.filter(case=case, sort="instalment").exists():
        raise InputError("cases.no_instalment", value=case.number)
    if case.fine is None or sum((one.amount for one in wanted), Decimal(0)) != case.fine:
        raise InputError("cases.parts", value=str(sum((one.amount for one in wanted), Decimal(0))))
    if (
        any(one.amount <= 0 for one in wanted)
        or Payment.objects.filter(case=case).exclude(paid=None).exists()
    ):
        raise InputError("cases.parts", value=case.number)
    with transaction.atomic():
        held = held_of(case)
        before = held.as_row()
        Payment.objects.filter(case=held).delete()
        for one in sorted(wanted, key=lambda part: part.due):
            Payment(case=held, sort="fine", amount=one.amount, due=one.due).save()
        terms.happen(held, "instalment_answered", now)
        changed(actor, held, before, "instalments")
    return held


def pay(
    actor: Actor, case: Case, number: int, day: date, receipt: str, *, now: datetime | None = None
) -> Case:
    """Note that a part was paid; what was added to it by then becomes owed too.

    Raises
    ------
    InputError
        If the actor may not, there is no such open part, the day lies ahead, or the receipt is missing.
    """
    now = now or datetime.now(UTC)
    require(actor, "change", thing_of(case))
    if not receipt.strip():
        raise InputError("cases.no_receipt", value=number)
    if day > now.astimezone(CHINA).date():
        raise InputError("cases.service_day", value=day.isoformat())
    with transaction.atomic():
        held = held_of(case)
        before = held.as_row()
        part = Payment.objects.select_for_update().filter(case=held, pk=number, paid=None).first()
        if part is None:
            raise InputError("cases.no_part", value=number)
        part.paid, part.receipt = day, receipt.strip()
        part.save()
        added = late_fee(part.amount, part.due, day) if part.sort == "fine" else Decimal(0)
        if added:
            Payment(case=held, sort="late", amount=added).save()
        if not Payment.objects.filter(case=held, paid=None).exists():
            terms.happen(held, "paid", now)
        changed(actor, held, before, "pay", receipt)
    return held


def account(case: Case, day: date) -> list[dict[str, Any]]:
    """Return what is owed and paid, with what is added by a day."""
    return [
        {
            "id": one.pk,
            "sort": one.sort,
            "amount": str(one.amount),
            "due": one.due.isoformat() if one.due else None,
            "paid": one.paid.isoformat() if one.paid else None,
            "receipt": one.receipt,
            "added": str(late_fee(one.amount, one.due, day))
            if one.sort == "fine" and not one.paid
            else "0.00",
            "days": max((day - one.due).days, 0) if one.due and not one.paid else 0,
        }
        for one in Payment.objects.filter(case=case).order_by("pk")
    ]
