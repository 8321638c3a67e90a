"""Posting 记账: the one door through which balances change, and its way back."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from huanzhi.errors import InputError
from huanzhi.library.accounts.models import FREE, FROZEN, Account, Counter, Posting, Transaction
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA

MOST_UNITS = 10**17
"""Most units of one leg, so that no balance leaves 64 bits."""


@dataclass(frozen=True, slots=True)
class Leg:
    """So many units into a part of an account; out of it where negative."""

    account: Account
    units: int
    part: str = FREE


@dataclass(frozen=True, slots=True)
class Draft:
    """A transaction to enter.

    Attributes
    ----------
    receipt : str
        Key of the sender's making: a second sending returns the first transaction.
    day : date
        China day from which it counts: not ahead, and not before the newest of its accounts.
    """

    scheme: str
    sort: str
    day: date
    legs: Sequence[Leg]
    receipt: str
    reason: str = ""
    reference: str = ""
    simulated: bool = False


def post(actor: Actor, draft: Draft, now: datetime, *, reverses: Transaction | None = None) -> Transaction:
    """Enter a transaction, or return the one that was entered under its receipt.

    Raises
    ------
    InputError
        ``accounts.other`` if something else was sent under the receipt; ``accounts.unbalanced``,
        ``accounts.empty``, ``accounts.scheme`` if the legs cannot be; ``accounts.short`` if an account holds
        less than is taken; ``accounts.back_dated``, ``accounts.future`` for a day that cannot be.
    """
    digest = _digest(draft)
    known = _known(draft.receipt, digest)
    if known is not None:
        return known
    _check(draft, now)
    try:
        with transaction.atomic():
            return _entered(actor, draft, digest, now, reverses)
    except IntegrityError:
        known = _known(draft.receipt, digest)
        if known is None:
            raise
        return known


def reverse(
    actor: Actor, wrong: Transaction, reason: str, now: datetime, day: date | None = None
) -> Transaction:
    """Turn a transaction back by a new one; once.

    Raises
    ------
    InputError
        ``accounts.reversed`` if it is turned back already or is itself a reversal; ``accounts.short`` if what
        was given has gone on by now.
    """
    if wrong.reverses_id or Transaction.objects.filter(reverses=wrong).exists():
        raise InputError("accounts.reversed", value=wrong.number)
    legs = [Leg(one.account, -one.units, one.part) for one in wrong.postings.select_related("account")]
    draft = Draft(
        wrong.scheme,
        "reversal",
        day or now.astimezone(CHINA).date(),
        legs,
        f"reverse/{wrong.number}",
        reason,
        f"{Transaction.KIND}:{wrong.number}",
        wrong.simulated,
    )
    return post(actor, draft, now, reverses=wrong)


def _entered(
    actor: Actor, draft: Draft, digest: str, now: datetime, reverses: Transaction | None
) -> Transaction:
    held = _locked(draft.legs)
    for code, parts in _changes(draft.legs).items():
        _apply(held[code], parts, draft.day)
    made = Transaction(
        number=next_number("JY", now),
        scheme=draft.scheme,
        sort=draft.sort,
        day=draft.day,
        at=now,
        actor=actor.code,
        actor_name=actor.name,
        reason=draft.reason[:2000],
        reference=draft.reference,
        receipt=draft.receipt,
        digest=digest,
        reverses=reverses,
        simulated=draft.simulated,
    )
    made.save()
    for leg in draft.legs:
        own = held[leg.account.code]
        Posting(
            transaction=made,
            account=own,
            part=leg.part,
            units=leg.units,
            free_after=own.free,
            frozen_after=own.frozen,
        ).save()
    told = {"number": made.number, "day": draft.day, "reference": draft.reference, "legs": _legs(draft.legs)}
    append(actor, draft.sort, Transaction.KIND, made.number, after=told, reason=draft.reason)
    return made


def _locked(legs: Iterable[Leg]) -> dict[str, Account]:
    """Return the accounts by code, locked in one order so that two postings never wait for each other."""
    keys = {leg.account.pk for leg in legs}
    rows = Account.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {one.code: one for one in rows}


def _changes(legs: Iterable[Leg]) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(lambda: {FREE: 0, FROZEN: 0})
    for leg in legs:
        found[leg.account.code][leg.part] += leg.units
    return found


def _apply(own: Account, parts: Mapping[str, int], day: date) -> None:
    """Change a locked account; the revision tells whether it was the one that was read."""
    if own.last_day is not None and day < own.last_day and not own.open_ended:
        raise InputError("accounts.back_dated", value=day.isoformat(), expected=own.last_day.isoformat())
    for part, change in parts.items():
        after = getattr(own, part) + change
        if after < 0 and change < 0 and not own.open_ended:
            raise InputError(
                "accounts.short",
                column=own.code,
                value=f"{own.amount(-change):f}",
                held=f"{own.amount(getattr(own, part)):f}",
                unit=own.unit,
            )
        setattr(own, part, after)
    own.last_day = max(day, own.last_day or day)
    values = {"free": own.free, "frozen": own.frozen, "last_day": own.last_day}
    rows = Account.objects.filter(pk=own.pk, revision=own.revision)
    if not rows.update(revision=own.revision + 1, **values):
        raise InputError("records.stale", value=own.code)
    own.revision += 1


def _check(draft: Draft, now: datetime) -> None:
    legs = draft.legs
    if not legs or any(leg.units == 0 or abs(leg.units) > MOST_UNITS for leg in legs):
        raise InputError("accounts.empty")
    if {leg.account.scheme for leg in legs} != {draft.scheme} or {leg.part for leg in legs} - {FREE, FROZEN}:
        raise InputError("accounts.scheme", value=draft.scheme)
    sums: dict[tuple[str, str, int], int] = defaultdict(int)
    for leg in legs:
        sums[leg.account.commodity, leg.account.unit, leg.account.decimals] += leg.units
    if any(sums.values()):
        raise InputError("accounts.unbalanced", value=next(name for name, total in sums.items() if total)[0])
    if draft.day > now.astimezone(CHINA).date():
        raise InputError("accounts.future", value=draft.day.isoformat())


def _known(receipt: str, digest: str) -> Transaction | None:
    if not 1 <= len(receipt) <= 200:
        raise InputError("accounts.receipt", value=receipt[:80])
    found = Transaction.objects.filter(receipt=receipt).first()
    if found is not None and found.digest != digest:
        raise InputError("accounts.other", value=receipt)
    return found


def _legs(legs: Iterable[Leg]) -> list[list[str | int]]:
    return [[leg.account.code, leg.part, leg.units] for leg in legs]


def _digest(draft: Draft) -> str:
    legs = sorted(_legs(draft.legs), key=str)
    told = [draft.scheme, draft.sort, draft.day.isoformat(), legs, draft.reference]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def next_number(prefix: str, now: datetime) -> str:
    """Return the next number of a year, as ``JY-2026-00001``; call it in a transaction."""
    name = f"{prefix}-{now.astimezone(CHINA):%Y}"
    Counter.objects.get_or_create(name=name)
    counter = Counter.objects.select_for_update().get(name=name)
    counter.last += 1
    counter.save()
    return f"{name}-{counter.last:05d}"
