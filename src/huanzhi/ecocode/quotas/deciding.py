"""What the second person's decision does: a deal is carried out or refused, a transaction turned back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.ecocode.quotas.dealing import noted
from huanzhi.ecocode.quotas.holding import legs_of
from huanzhi.ecocode.quotas.models import QuotaDeal
from huanzhi.ecocode.quotas.settings import SCHEME
from huanzhi.errors import InputError
from huanzhi.library.accounts.models import Transaction
from huanzhi.library.accounts.posting import Draft, post, reverse
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor
from huanzhi.standards.periods import CHINA


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload that names no deal."""
    if not str(payload.get("deal", "")).strip():
        raise InputError("quotas.none")


def carry_out(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Post what a deal says; `actor` is the second person. Too little by now refuses the approval itself."""
    deal = _deal(proposal)
    now = proposal.decided or datetime.now(UTC)
    day = now.astimezone(CHINA).date()
    made = post(
        actor,
        Draft(
            SCHEME,
            deal.sort,
            day,
            legs_of(actor, deal, day),
            f"{QuotaDeal.KIND}/{deal.number}",
            proposal.reason,
            f"{QuotaDeal.KIND}:{deal.number}",
            deal.simulated,
        ),
        now,
    )
    deal.state, deal.transaction, deal.done = "done", made.number, now
    noted(deal, actor, "approve", proposal.decision_reason, now)
    act(actor, deal, "approve", f"proposal {proposal.pk} by {proposal.proposer}")
    return {"deal": deal.number, "transaction": made.number}


def put_back(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Mark a deal as refused."""
    deal, now = _deal(proposal), proposal.decided or datetime.now(UTC)
    deal.state = "refused"
    noted(deal, actor, "refuse", proposal.decision_reason, now)
    act(actor, deal, "refuse", f"proposal {proposal.pk}")
    return {"deal": deal.number, "state": deal.state}


def propose_reversal(actor: Actor, wrong: Transaction, reason: str, now: datetime) -> Proposal:
    """Propose that a transaction is turned back.

    Raises
    ------
    InputError
        ``accounts.reversed`` if it was already; ``quotas.not_reversible`` for freezes and releases, which go
        with their pledge.
    """
    if wrong.reverses_id or Transaction.objects.filter(reverses=wrong).exists():
        raise InputError("accounts.reversed", value=wrong.number)
    if wrong.sort in ("freeze", "release") or wrong.scheme != SCHEME:
        raise InputError("quotas.not_reversible", value=wrong.number)
    return propose(
        actor,
        "quota_reverse",
        Transaction.KIND,
        wrong.number,
        reason=reason,
        now=now,
        payload={"transaction": wrong.number},
        region=_region(wrong),
        simulated=wrong.simulated,
    )


def turn_back(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Turn a transaction back by a new one."""
    wrong = Transaction.objects.filter(number=proposal.subject).first()
    if wrong is None:
        raise InputError("accounts.none", value=proposal.subject)
    made = reverse(actor, wrong, proposal.reason, proposal.decided or datetime.now(UTC))
    return {"transaction": made.number}


def _region(wrong: Transaction) -> Region:
    """Return the region of an account of a transaction, an enterprise's before the government's."""
    rows = wrong.postings.select_related("account__region").order_by("pk")
    accounts = [one.account for one in rows]
    found: Region = next((one.region for one in accounts if one.enterprise_id), accounts[0].region)
    return found


def _deal(proposal: Proposal) -> QuotaDeal:
    rows = QuotaDeal.objects.select_for_update(of=("self",)).select_related("seller", "buyer", "region")
    found: QuotaDeal | None = rows.filter(number=proposal.subject, state="proposed").first()
    if found is None or proposal.subject_kind != QuotaDeal.KIND:
        raise InputError("quotas.none", value=proposal.subject)
    return found
