"""Assessments 考核结果: a draft that was reckoned, published as it stands once a second person agrees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.errors import InputError
from huanzhi.library.indicators.models import Score
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.acting import act, stored_of
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.standards.periods import CHINA

KIND = "publish_score"


def propose_publication(actor: Actor, score: Score, reason: str, now: datetime) -> Proposal:
    """Propose that an assessment is published, named by the digest of what was reckoned."""
    with transaction.atomic():
        held: Score = stored_of(score)
        if held.revision != score.revision:
            raise InputError("records.stale", value=score.number)
        if held.state != "draft":
            raise InputError("indicators.score_state", value=held.number)
        require(actor, "change", thing_of(held))
        held.state = "proposed"
        _step(held, actor, "propose", reason, now)
        act(actor, held, "propose", reason[:500])
        return propose(
            actor,
            KIND,
            Score.KIND,
            held.number,
            reason=reason,
            now=now,
            payload={"sha256": held.sha256, "total": held.total, "grade": held.grade},
            region=held.region,
            owner=held.organisation.code if held.organisation else "",
            simulated=held.simulated,
        )


def publish(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Publish it, if it is still the one that was proposed; everybody may read it from now on."""
    score = _score(proposal)
    if score.sha256 != proposal.payload["sha256"]:
        raise InputError("indicators.score_changed", value=score.number)
    score.state, score.sensitivity = "published", "public"
    _step(score, actor, "publish", proposal.decision_reason, proposal.decided or proposal.proposed)
    act(actor, score, "publish", f"proposal {proposal.pk} by {proposal.proposer}")
    return {"score": score.number, "total": score.total}


def put_back(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Make it a draft again, with the reason of the second person."""
    score = _score(proposal)
    score.state = "draft"
    _step(score, actor, "refuse", proposal.decision_reason, proposal.decided or proposal.proposed)
    act(actor, score, "refuse", proposal.decision_reason[:500])
    return {"score": score.number}


def _score(proposal: Proposal) -> Score:
    found = Score.objects.select_related("region", "organisation").filter(number=proposal.subject).first()
    if found is None or found.state != "proposed":
        raise InputError("indicators.no_score", value=proposal.subject)
    return found


def _step(score: Score, actor: Actor, name: str, words: str, at: datetime) -> None:
    row = {"at": at.astimezone(CHINA).isoformat(timespec="seconds"), "actor": actor.code, "name": actor.name}
    score.steps = [*score.steps, {**row, "move": name, "words": words[:500]}]
