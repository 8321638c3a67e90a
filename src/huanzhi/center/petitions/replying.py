"""Replying 答复.

Drafted from how the issue ended, proposed by one, approved by another; all who told are answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.issues.machine import Asked, advance
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.models import Step as IssueStep
from huanzhi.center.petitions import terms
from huanzhi.center.petitions.models import Petition, Step
from huanzhi.center.petitions.moving import held_of, standing, taken
from huanzhi.center.petitions.settings import table
from huanzhi.center.petitions.writing import hide, write
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.messages import text, using
from huanzhi.standards.periods import CHINA

KIND = "reply_petition"
UNTOUCHED = ("clue", "accepted", "rejected")
"""States of an issue of which a reply has nothing to tell."""

TOLD = ("finding", "decision", "measures", "conclusion")
"""What of the steps of an issue a reply may tell."""


def draft(petition: Petition) -> str:
    """Return a draft of the reply: what was found and what was done, from the petition and its issue."""
    with using("zh"):
        day = petition.received.astimezone(CHINA)
        lines = [
            text("petitions.draft_begin", year=day.year, month=day.month, day=day.day, title=petition.title)
        ]
        handled = Step.objects.filter(petition=petition, transition="handle").order_by("-number").first()
        if handled is not None:
            verdict = table().choices["verdict"].get(str(handled.outputs.get("verdict")), {}).get("zh", "")
            lines.append(
                text("petitions.draft_verdict", verdict=verdict, finding=handled.outputs.get("finding", ""))
            )
            lines.append(text("petitions.draft_measures", measures=handled.outputs.get("measures", "")))
        lines += _of_issue(petition)
        lines.append(text("petitions.draft_end"))
    return str(hide(petition, {"words": "\n".join(lines)})["words"])


def _of_issue(petition: Petition) -> list[str]:
    issue = Issue.objects.filter(number=petition.issue).first() if petition.issue else None
    if issue is None or issue.state in UNTOUCHED:
        return []
    from huanzhi.center.issues.table import table as issue_table

    steps = IssueStep.objects.filter(issue=issue, transition__in=("rectify", "verify", "write_off"))
    told = [
        str(step.outputs[name])
        for step in steps.order_by("number")
        for name in TOLD
        if step.outputs.get(name)
    ]
    state = issue_table().states[issue.state].zh
    lines = [text("petitions.draft_issue", state=state)]
    return [*lines, text("petitions.draft_outcome", outcome="；".join(told))] if told else lines


def propose_reply(
    actor: Actor, petition: Petition, reply: str, reason: str = "", *, now: datetime | None = None
) -> Proposal:
    """Propose a reply; another person approves it, and then it is delivered.

    Raises
    ------
    InputError
        If it is not handled yet, the words are empty, or the actor may not propose it.
    """
    require(actor, "change", thing_of(petition))
    words = str(hide(petition, {"reply": reply.strip()})["reply"])
    advance(standing(petition), Asked("reply", actor.code, {"reply": words}, approved=True), table())
    return propose(
        actor,
        KIND,
        Petition.KIND,
        petition.number,
        reason=str(hide(petition, {"reason": reason})["reason"]) or petition.title,
        now=now or datetime.now(UTC),
        payload={"reply": words},
        region=petition.region,
        owner=petition.organisation.code if petition.organisation else "",
        simulated=petition.simulated,
    )


def approved(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Deliver a reply: to the informant, and to all whose petitions were joined to it."""
    petition = Petition.objects.filter(number=proposal.subject).select_related("region").first()
    if petition is None:
        raise InputError("petitions.none", value=proposal.subject)
    now = proposal.decided or datetime.now(UTC)
    reply = str(proposal.payload["reply"])
    reason = f"proposal {proposal.pk} by {proposal.proposer}"
    move_ = table().transition("reply")
    done = taken(actor, petition, move_, {"reply": reply}, reason, now, approved=True)
    others = [
        _answer(actor, one, done, now, reason)
        for one in Petition.objects.filter(joined_to=done, state="joined")
    ]
    return {"petition": done.number, "state": done.state, "also": others}


def _answer(actor: Actor, petition: Petition, by: Petition, now: datetime, reason: str) -> str:
    """Answer a petition that was joined to another, with the same words."""
    held = held_of(petition)
    before = held.state
    held.state, held.replied, held.closed = "replied", now, now
    held.verdict, held.reply = by.verdict, str(hide(held, {"reply": by.reply})["reply"])
    terms.stepped(held, "reply", now)
    write(actor, held, before, "reply", {"reply": held.reply, "with": by.number}, reason, now)
    return str(held.number)


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload without words."""
    if not str(payload.get("reply", "")).strip():
        raise InputError("issues.output", column=table().transition("reply").outputs[0].title)
