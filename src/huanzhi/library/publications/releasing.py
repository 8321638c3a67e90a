"""Releasing 发布: proposed by one person, published by another; the version before is then corrected.

What the second person publishes is the very content that was proposed: its digest stands in the proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.publications.content import changes
from huanzhi.library.publications.masking import refuse_personal
from huanzhi.library.publications.models import Publication
from huanzhi.library.publications.settings import settings
from huanzhi.library.publications.writing import in_state
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of

KIND = "publish_publication"


def propose_release(actor: Actor, held: Publication, reason: str, now: datetime) -> Proposal:
    """Propose a draft for publication; another person decides.

    Raises
    ------
    InputError
        ``publications.not_now``, ``publications.personal`` where something personal stands in it, or what
        rights refuse.
    """
    require(actor, "change", thing_of(held))
    in_state(held, ("draft",))
    refuse_personal(held.content)
    if held.corrects is not None and not told_changes(held.corrects, held):
        raise InputError("publications.same", value=held.corrects.number)
    proposal = propose(
        actor,
        str(settings()["sort"][held.sort]["proposal"]),
        Publication.KIND,
        held.number,
        reason=reason.strip() or held.title,
        now=now,
        payload={"publication": held.number, "digest": held.digest},
        region=held.region,
        simulated=held.simulated,
    )
    held.state, held.proposal = "proposed", proposal.pk
    save(SYSTEM, held, f"proposal {proposal.pk} by {actor.code}")
    return proposal


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload that names no publication or not its digest."""
    for name in ("publication", "digest"):
        if not payload.get(name):
            raise InputError("publications.none", column=name)


def publish(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Publish what was proposed; `actor` is the second person."""
    held = proposed(proposal)
    refuse_personal(held.content)
    return released(held, proposal.decider or actor.code, proposal.decided or datetime.now(UTC), proposal)


def released(held: Publication, decider: str, now: datetime, proposal: Proposal) -> Mapping[str, Any]:
    """Make a publication public, and the version before it a corrected one."""
    before = Publication.objects.select_for_update(of=("self",)).filter(
        subject=held.subject, state="published"
    )
    for one in before:
        held.corrects, held.changes = one, told_changes(one, held)
        one.state = "superseded"
        save(SYSTEM, one, f"corrected by {held.number}")
    held.state, held.sensitivity = "published", "public"
    held.published, held.published_by = now, decider
    save(SYSTEM, held, f"proposal {proposal.pk} by {proposal.proposer}")
    return {"publication": held.number, "version": held.version, "digest": held.digest}


def told_changes(before: Publication, after: Publication) -> list[dict[str, Any]]:
    """Return what was and what is, in Chinese, each with its language where only the English differs."""
    found = changes(before.content.get("zh", {}), after.content.get("zh", {}))
    return found or changes(before.content.get("en", {}), after.content.get("en", {}))


def proposed(proposal: Proposal) -> Publication:
    """Return the publication of a proposal, as it was proposed.

    Raises
    ------
    InputError
        ``publications.none``, ``publications.not_now``, or ``publications.changed_since`` where its content
        is another by now.
    """
    rows = Publication.objects.select_for_update(of=("self",))
    held: Publication | None = rows.filter(number=proposal.subject).first()
    if held is None or proposal.subject_kind != Publication.KIND:
        raise InputError("publications.none", value=proposal.subject)
    in_state(held, ("proposed",))
    if held.digest != proposal.payload["digest"]:
        raise InputError("publications.changed_since", value=held.number)
    return held


def put_back(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Make a refused publication a draft again."""
    held: Publication | None = Publication.objects.filter(number=proposal.subject).first()
    if held is not None and held.state == "proposed":
        held.state, held.proposal = "draft", None
        save(SYSTEM, held, f"proposal {proposal.pk}: {proposal.decision_reason}"[:500])
    return {"publication": proposal.subject, "state": "draft"}
