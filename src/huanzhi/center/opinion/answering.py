"""Answering 处置回应: who answers until when, the issue behind it, and a response that two people publish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q

from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.opinion.models import Opinion
from huanzhi.center.opinion.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.standards.periods import CHINA

KIND = "publish_response"
OPEN = ("entered", "assigned")


def enter(actor: Actor, opinion: Opinion, *, now: datetime | None = None) -> Opinion:
    """Keep something published; the number is given where there is none."""
    now = now or datetime.now(UTC)
    begin = f"YQ-{now.astimezone(CHINA):%Y%m%d}-"
    if not opinion.code:
        last = Opinion.objects.filter(code__startswith=begin).order_by("-code").first()
        opinion.code = f"{begin}{int(last.code.rpartition('-')[2]) + 1 if last else 1:03d}"
    save(actor, opinion)
    return opinion


def assign(
    actor: Actor, opinion: Opinion, unit: str, reason: str = "", *, now: datetime | None = None
) -> Opinion:
    """Say who answers; until when follows from the grade.

    Raises
    ------
    InputError
        ``opinion.not_now``, ``petitions.no_organisation``.
    """
    require(actor, "command", thing_of(opinion))
    _in(opinion, OPEN)
    lead = Organisation.objects.filter(code=unit).first()
    if lead is None:
        raise InputError("petitions.no_organisation", column="organisation", value=unit)
    hours = settings()["grade"][opinion.grade]["hours"]
    opinion.organisation, opinion.state = lead, "assigned"
    opinion.due = (now or datetime.now(UTC)) + timedelta(hours=hours) if hours else None
    save(actor, opinion, reason)
    return opinion


def make_issue(actor: Actor, opinion: Opinion, *, now: datetime | None = None) -> str:
    """Open the issue behind it, once; return its number."""
    require(actor, "change", thing_of(opinion))
    if opinion.issue:
        return opinion.issue
    draft = Draft(
        title=opinion.title,
        category=opinion.topic,
        channel="media",
        region=opinion.region_id,
        words="\n".join(filter(None, (opinion.words, opinion.source, opinion.url))),
        level="serious" if opinion.grade in ("major", "large") else "general",
        source_ref=opinion.code,
        since=opinion.published,
        simulated=opinion.simulated,
    )
    opinion.issue = open_issue(actor, draft, now=now).number
    save(actor, opinion, opinion.issue)
    return opinion.issue


def propose_response(
    actor: Actor, opinion: Opinion, response: str, outcome: str = "", *, now: datetime | None = None
) -> Proposal:
    """Propose a response; another person publishes it.

    Raises
    ------
    InputError
        ``opinion.no_response``, ``opinion.not_now``, or what rights refuse.
    """
    require(actor, "change", thing_of(opinion))
    _in(opinion, OPEN)
    check({"response": response})
    return propose(
        actor,
        KIND,
        Opinion.KIND,
        opinion.code,
        reason=opinion.title,
        now=now or datetime.now(UTC),
        payload={"response": response.strip(), "outcome": outcome.strip()},
        region=opinion.region,
        owner=opinion.organisation.code if opinion.organisation else "",
        simulated=opinion.simulated,
    )


def approved(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Publish a response; `actor` is the second person."""
    held = Opinion.objects.select_for_update(of=("self",)).filter(code=proposal.subject).first()
    if held is None:
        raise InputError("opinion.none", value=proposal.subject)
    _in(held, OPEN)
    held.response, held.outcome = proposal.payload["response"], proposal.payload.get("outcome", "")
    held.responded, held.state = proposal.decided or datetime.now(UTC), "responded"
    save(SYSTEM, held, f"proposal {proposal.pk} by {proposal.proposer}")
    return {"opinion": held.code}


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a payload without words."""
    if not str(payload.get("response", "")).strip():
        raise InputError("opinion.no_response", column="response")


def end(actor: Actor, opinion: Opinion, state: str, reason: str) -> Opinion:
    """Close what was answered, or say that nothing is to be done; the reason is kept."""
    require(actor, "command", thing_of(opinion))
    _in(opinion, ("responded",) if state == "closed" else OPEN)
    if state not in ("closed", "ignored"):
        raise InputError("opinion.choice", column="state", value=state, expected="closed, ignored")
    if not reason.strip():
        raise InputError("rewards.needs_reason", column="reason")
    opinion.state, opinion.due = state, opinion.due if state == "closed" else None
    save(actor, opinion, reason)
    return opinion


def figures(rows: Any, now: datetime) -> dict[str, Any]:
    """Return figures of public opinion: open, late, answered on time, by grade, topic and day."""
    answered = rows.filter(responded__isnull=False, due__isnull=False)
    on_time = answered.filter(responded__lte=F("due")).count()
    late = rows.filter(state__in=OPEN, due__lt=now).count()
    ended = answered.count() + late
    return {
        "total": rows.count(),
        "open": rows.filter(state__in=OPEN).count(),
        "overdue": late,
        "negative": rows.filter(tone="negative").count(),
        "on_time": round(on_time / ended, 4) if ended else None,
        "score": rows.aggregate(mean=Avg("score"))["mean"],
        "grades": _counted(rows, "grade"),
        "topics": _counted(rows, "topic"),
        "states": _counted(rows, "state"),
        "regions": list(
            rows.order_by()
            .values("region_id", "region__name")
            .annotate(number=Count("pk"), negative=Count("pk", filter=Q(tone="negative")))
            .order_by("-number", "region_id")[:30]
        ),
    }


def _counted(rows: Any, name: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(name).annotate(number=Count("pk")))


def _in(opinion: Opinion, states: tuple[str, ...]) -> None:
    if opinion.state not in states:
        raise InputError("opinion.not_now", value=opinion.state, expected=", ".join(states))
