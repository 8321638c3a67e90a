"""Awarding 奖励: applied for, approved by another, fetched by a code without a name, paid by a third."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.center.petitions.intake import ALPHABET
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.sealing import fingerprint
from huanzhi.center.petitions.writing import hide
from huanzhi.center.rewards.amounts import quote
from huanzhi.center.rewards.models import Entry, Reward
from huanzhi.center.rewards.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA

KIND = "approve_reward"
SECRET_LENGTH = 16
"""Signs of a payout code: about 79 bits."""

FOUNDED = ("true", "partly")
DONE = ("handled", "replied", "closed", "reviewed")


def eligible(petition: Petition) -> str:
    """Return why a petition earns no reward, as a message key; empty where it may."""
    if petition.verdict not in FOUNDED or petition.state not in DONE:
        return "rewards.not_founded"
    if petition.joined_to is not None:
        return "rewards.not_first"
    if Reward.objects.filter(petition=petition).exclude(state="refused").exists():
        return "rewards.already"
    return ""


def apply(
    actor: Actor,
    petition: Petition,
    fine: int,
    reason: str,
    *,
    case: str = "",
    amount: int | None = None,
    now: datetime | None = None,
) -> Reward:
    """Apply for a reward; another person approves it.

    Parameters
    ----------
    fine : int
        Fine of the decision, or of the judgment [yuan].
    amount : int, optional
        More than the rule gives, in an exceptional case, up to what the rulebook allows.

    Raises
    ------
    InputError
        If the petition earns none, the amount is beyond the rule, or the actor may not.
    """
    now = now or datetime.now(UTC)
    if why := eligible(petition):
        raise InputError(why, value=petition.number)
    found = quote(fine, now.astimezone(CHINA).date(), petition.region_id)
    wanted = found.amount if amount is None else amount
    exceptional = wanted > found.amount
    if wanted < 1 or (exceptional and (found.most is None or wanted > found.most)):
        raise InputError(
            "rewards.beyond", column="amount", value=wanted, expected=f"≤ {found.most or found.amount}"
        )
    if not reason.strip():
        raise InputError("rewards.needs_reason", column="reason")
    with transaction.atomic():
        made = Reward.objects.filter(petition=petition).first() or Reward(code=_code(now), petition=petition)
        made.region, made.simulated = petition.region, petition.simulated
        made.fine, made.case, made.amount, made.exceptional = fine, case.strip()[:80], wanted, exceptional
        made.rule, made.state = dict(found.rule), "applied"
        made.reason = str(hide(petition, {"reason": reason.strip()})["reason"])
        made.applied, made.applied_by = now, actor.code
        save(actor, made, made.reason)
        propose(
            actor,
            KIND,
            Reward.KIND,
            made.code,
            reason=made.reason,
            now=now,
            payload={"amount": wanted, "fine": fine, "exceptional": exceptional, "petition": petition.number},
            region=petition.region,
            simulated=petition.simulated,
        )
    return made


def approved(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Approve a reward; `actor` is the second person."""
    held = Reward.objects.select_for_update(of=("self",)).filter(code=proposal.subject).first()
    if held is None or held.state != "applied" or held.amount != proposal.payload["amount"]:
        raise InputError("rewards.none", value=proposal.subject)
    now = proposal.decided or datetime.now(UTC)
    held.state, held.approved, held.approved_by = "approved", now, actor.code
    held.fetch_until = now + timedelta(days=settings()["payout"]["days"])
    save(SYSTEM, held, f"proposal {proposal.pk} by {proposal.proposer}")
    _enter(held, "approve", held.amount, actor, now)
    return {"reward": held.code, "amount": held.amount}


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload without an amount."""
    if not int(payload.get("amount") or 0) > 0:
        raise InputError("rewards.none")


def settle() -> None:
    """Mark the rewards whose proposal was refused, withdrawn or expired."""
    over = (State.REFUSED, State.WITHDRAWN, State.EXPIRED)
    for reward in Reward.objects.filter(state="applied"):
        last = Proposal.objects.filter(sort=KIND, subject=reward.code).order_by("-pk").first()
        if last is not None and last.state in over:
            reward.state = "refused"
            save(SYSTEM, reward, last.decision_reason)


def tell_code(petition: Petition, *, now: datetime | None = None) -> tuple[Reward, str]:
    """Return a payout code to the informant, once; only its digest is kept.

    Raises
    ------
    InputError
        ``rewards.no_code`` where none is approved, or the code was told before.
    """
    now = now or datetime.now(UTC)
    with transaction.atomic():
        held = Reward.objects.select_for_update(of=("self",)).filter(petition=petition).first()
        if held is None or held.state != "approved" or _late(held, now):
            raise InputError("rewards.no_code", value=petition.number)
        code = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
        held.secret, held.coded, held.state = _digest(code), now, "coded"
        save(SYSTEM, held, "code told")
    return held, code


def renew(actor: Actor, reward: Reward, reason: str) -> Reward:
    """Void a code that was lost, so that the informant can ask for another; the reason is kept."""
    if reward.state != "coded":
        raise InputError("rewards.no_code", value=reward.code)
    if not reason.strip():
        raise InputError("rewards.needs_reason", column="reason")
    reward.state, reward.secret, reward.coded = "approved", "", None
    save(actor, reward, str(hide(reward.petition, {"reason": reason})["reason"]))
    return reward


def redeem(actor: Actor, code: str, *, now: datetime | None = None) -> Reward:
    """Pay a reward out against its code, once; the payer is neither who applied nor who approved.

    Raises
    ------
    InputError
        ``rewards.wrong_code``, ``rewards.same_person``, ``rewards.too_late``, or what rights refuse.
    """
    now = now or datetime.now(UTC)
    with transaction.atomic():
        held = (
            Reward.objects.select_for_update(of=("self",))
            .select_related("region")
            .filter(secret=_digest(code), state="coded")
            .first()
        )
        if held is None:
            raise InputError("rewards.wrong_code")
        require(actor, "run", thing_of(held))
        if actor.code in (held.applied_by, held.approved_by) or not actor.code:
            raise InputError("rewards.same_person", value=held.code)
        if _late(held, now):
            raise InputError("rewards.too_late", value=held.code)
        before = held.as_row()
        held.state, held.paid, held.paid_by, held.secret = "paid", now, actor.code, ""
        held.revision += 1
        held.save()
        append(actor, "pay", Reward.KIND, held.code, before=before, after=held.as_row())
        _enter(held, "pay", -held.amount, actor, now)
    return held


def lapse(now: datetime) -> int:
    """Close the rewards that nobody fetched in time; return how many."""
    late = Reward.objects.filter(state__in=("approved", "coded"), fetch_until__lt=now)
    for held in late:
        held.state, held.secret = "lapsed", ""
        save(SYSTEM, held, "lapsed")
        _enter(held, "lapse", -held.amount, SYSTEM, now)
    return len(late)


def balance(rows: Any) -> dict[str, int]:
    """Return what was approved, paid and lapsed of the rewards of `rows`, and what is still owed [yuan]."""
    kinds = {"approve": 0, "pay": 0, "lapse": 0}
    for kind, amount in Entry.objects.filter(reward__in=rows.order_by().values("pk")).values_list(
        "kind", "amount"
    ):
        kinds[kind] += abs(amount)
    owed = kinds["approve"] - kinds["pay"] - kinds["lapse"]
    return {"approved": kinds["approve"], "paid": kinds["pay"], "lapsed": kinds["lapse"], "owed": owed}


def _enter(reward: Reward, kind: str, amount: int, actor: Actor, now: datetime) -> None:
    Entry.objects.create(reward=reward, kind=kind, amount=amount, at=now, actor=actor.code)


def _late(reward: Reward, now: datetime) -> bool:
    return reward.fetch_until is not None and now > reward.fetch_until


def _digest(code: str) -> str:
    return fingerprint("".join(sign for sign in code.upper() if sign.isalnum()), "payout")


def _code(now: datetime) -> str:
    return next_code(Reward, "JL", now)


def next_code(model: Any, letters: str, now: datetime) -> str:
    """Return the next code of a day: letters, day in China time, a count."""
    begin = f"{letters}-{now.astimezone(CHINA):%Y%m%d}-"
    last = (
        model.objects.filter(code__startswith=begin).order_by("-code").values_list("code", flat=True).first()
    )
    return f"{begin}{int(last.rpartition('-')[2]) + 1 if last else 1:03d}"
