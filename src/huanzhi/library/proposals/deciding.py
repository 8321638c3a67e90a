"""Proposing and deciding: never the same person, and the effect in the same transaction as the approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.kinds import check_payload, effect_of, kind_of, kinds, refusal_of
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.rights import SYSTEM, Actor, require, visible
from huanzhi.library.trail.chain import append


def propose(
    actor: Actor,
    kind: str,
    subject_kind: str,
    subject: str,
    *,
    reason: str,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
    region: Region | None = None,
    owner: str = "",
    simulated: bool = False,
) -> Proposal:
    """Propose something that another person has to decide.

    Parameters
    ----------
    region, owner
        Where the subject lies, and the code of the organisation that it belongs to.

    Raises
    ------
    InputError
        If the actor may not propose this, gives no reason, or the same is open already.
    """
    _person(actor)
    proposal = Proposal(
        sort=kind,
        subject_kind=subject_kind,
        subject=subject,
        payload=dict(payload or {}),
        reason=reason.strip(),
        region=region,
        owner=owner,
        proposer=actor.code,
        proposer_organisation=actor.organisation,
        proposed=now,
        expires=now + timedelta(days=kind_of(kind).days),
        simulated=simulated,
    )
    check_payload(kind, proposal.payload)
    with transaction.atomic():
        require(actor, "propose", proposal.thing())
        if _open(now).filter(sort=kind, subject_kind=subject_kind, subject=subject).exists():
            raise InputError("proposals.open_already", value=subject)
        _write(actor, "propose", proposal, proposal.reason)
    return proposal


def approve(actor: Actor, number: int, *, reason: str = "", now: datetime) -> Proposal:
    """Approve a proposal and do what it says, both or neither."""
    with transaction.atomic():
        proposal = _decidable(actor, number, now)
        _decide(proposal, State.APPROVED, actor, reason, now)
        outcome = effect_of(proposal.sort)(actor, proposal)
        proposal.outcome = dict(outcome) if outcome else None
        _write(actor, "approve", proposal, reason)
    return proposal


def refuse(actor: Actor, number: int, *, reason: str, now: datetime) -> Proposal:
    """Refuse a proposal, with a reason; what a refusal of its kind does is done with it."""
    with transaction.atomic():
        proposal = _decidable(actor, number, now)
        _decide(proposal, State.REFUSED, actor, _told(reason), now)
        undo = refusal_of(proposal.sort)
        outcome = undo(actor, proposal) if undo else None
        proposal.outcome = dict(outcome) if outcome else None
        _write(actor, "refuse", proposal, reason)
    return proposal


def withdraw(actor: Actor, number: int, *, reason: str = "", now: datetime) -> Proposal:
    """Take one's own proposal back."""
    with transaction.atomic():
        proposal = _still_open(number, now)
        if actor.code != proposal.proposer:
            raise InputError("proposals.not_yours", value=number)
        _decide(proposal, State.WITHDRAWN, actor, reason, now)
        _write(actor, "withdraw", proposal, reason)
    return proposal


def expire(now: datetime) -> int:
    """Close the proposals whose time is over; return how many."""
    with transaction.atomic():
        over = list(Proposal.objects.select_for_update().filter(state=State.OPEN, expires__lte=now))
        for proposal in over:
            _decide(proposal, State.EXPIRED, SYSTEM, "", now)
            _write(SYSTEM, "expire", proposal, "")
    return len(over)


def proposals_for(actor: Actor) -> QuerySet[Proposal]:
    """Return the proposals that somebody may read, and one's own."""
    wanted = Q(proposer=actor.code)
    for code in kinds():
        of_kind = visible(actor, f"proposal:{code}", Proposal.objects.filter(sort=code))
        wanted |= Q(pk__in=of_kind.order_by().values("pk"))
    return Proposal.objects.filter(wanted).select_related("region")


def _open(now: datetime) -> QuerySet[Proposal]:
    return Proposal.objects.filter(state=State.OPEN, expires__gt=now)


def _still_open(number: int, now: datetime) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=number).first()
    if proposal is None:
        raise InputError("proposals.none", value=number)
    if proposal.state != State.OPEN or proposal.expires <= now:
        raise InputError("proposals.closed", value=number)
    return proposal


def _decidable(actor: Actor, number: int, now: datetime) -> Proposal:
    """Return an open proposal that this person may decide."""
    _person(actor)
    proposal = _still_open(number, now)
    if actor.code == proposal.proposer:
        raise InputError("proposals.same_person", value=number)
    require(actor, "approve", proposal.thing())
    ours = (proposal.proposer_organisation, "")
    if kind_of(proposal.sort).other_organisation and actor.organisation in ours:
        raise InputError("proposals.same_organisation", value=number)
    return proposal


def _decide(proposal: Proposal, state: State, actor: Actor, reason: str, now: datetime) -> None:
    proposal.state, proposal.decider = state, actor.code
    proposal.decided, proposal.decision_reason = now, reason.strip()


def _person(actor: Actor) -> None:
    """Refuse programs and the platform: both sides are people."""
    if actor == SYSTEM or actor.scopes or not actor.code:
        raise InputError("proposals.person_only", value=actor.code)


def _told(reason: str) -> str:
    if not reason.strip():
        raise InputError("proposals.no_reason")
    return reason


def _write(actor: Actor, action: str, proposal: Proposal, reason: str) -> None:
    stored = proposal.pk and Proposal.objects.filter(pk=proposal.pk).first()
    proposal.revision += 1
    try:
        proposal.full_clean()
    except ValidationError as error:
        field, faults = next(iter(error.message_dict.items()))
        value = getattr(proposal, field, None)
        raise InputError("records.field", column=field, value=value, reason=faults[0]) from None
    proposal.save()
    before = stored.as_row() if stored else None
    append(actor, action, proposal.KIND, proposal.key, before=before, after=proposal.as_row(), reason=reason)
