"""Dispatching 立案并交办: a warning becomes a dispatched issue; who leads is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from huanzhi.center.issues.dispatching import Lead, leads
from huanzhi.center.issues.evidence import attached
from huanzhi.center.issues.models import Evidence, Issue
from huanzhi.center.issues.moving import move
from huanzhi.center.warnings.answering import settle
from huanzhi.center.warnings.entering import draft_of, note, open_for
from huanzhi.center.warnings.models import Change, Warning
from huanzhi.center.warnings.settings import levels
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.messages import text

OPEN_TO = ("clue", "accepted")
"""States of an issue from which it can be dispatched."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer decides.

    Attributes
    ----------
    shown : bytes
        What was shown of the warning and its suspects when it was decided; kept with the issue as it stands.
    """

    lead: str
    requirement: str
    level: str = ""
    handler: str = ""
    reason: str = ""
    shown: bytes = b""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for the issue of a warning: filled in, to be changed or taken as it is."""

    issue: str
    state: str
    leads: tuple[Lead, ...]
    requirement: str
    level: str
    category: str
    open: bool


def proposal(row: Warning, day: date) -> Proposal:
    """Return what is proposed."""
    standing = issue_of(row)
    draft = draft_of(row)
    issue = standing or Issue(category=draft.category, region=row.region)
    return Proposal(
        standing.number if standing else "",
        standing.state if standing else "",
        tuple(leads(issue, day)) if row.region is not None else (),
        text("warnings.requirement", place=row.place_name or row.place),
        standing.level if standing else level_of_issue(row.level),
        issue.category,
        standing is None or standing.state in OPEN_TO,
    )


def issue_of(row: Warning) -> Issue | None:
    """Return the issue that a warning opened or joined."""
    return Issue.objects.filter(number=row.issue).select_related("region").first() if row.issue else None


def level_of_issue(level: str) -> str:
    """Return the level of the issue of a warning: the highest warnings make serious issues. Ours."""
    return "serious" if level == levels()[-1] else "general"


def dispatch(actor: Actor, row: Warning, order: Order, now: datetime) -> Issue:
    """Open the issue where none is, accept it and hand it over, all or nothing.

    Raises
    ------
    InputError
        ``warnings.dispatched`` where it went on already, ``warnings.no_region``, or what the steps refuse.
    """
    with transaction.atomic():
        if row.region is None:
            raise InputError("warnings.no_region", value=row.code)
        if not row.issue:
            open_for(actor, row, now)
        issue = issue_of(row)
        if issue is None or issue.state not in OPEN_TO:
            raise InputError("warnings.dispatched", value=row.issue)
        if issue.state == "clue":
            accepted = {"category": issue.category, "level": order.level or issue.level}
            issue = move(actor, issue, "accept", accepted, order.reason, now=now)
        kept = _kept(actor, issue, row, order.shown, now)
        asked = {"lead": order.lead, "requirement": order.requirement, "handler": order.handler}
        issue = move(actor, issue, "dispatch", asked, order.reason, now=now)
        settle(row, "dispatch", now)
        save(SYSTEM, row, f"dispatched by {actor.code}")
        told = {"issue": issue.number, "lead": order.lead, "shown": kept}
        note(row, "dispatched", actor, now, told, order.reason)
    return issue


def _kept(actor: Actor, issue: Issue, row: Warning, shown: bytes, now: datetime) -> str:
    """Keep what was shown as evidence that goes with the step; return its digest."""
    if not shown:
        return ""
    name = text("warnings.shown_file", code=row.code)
    return attached(actor, issue, shown, name, "trace", now, issue.lon, issue.lat, now=now).sha256


def shown_of(issue: Issue) -> Evidence | None:
    """Return what was shown to the officer who made a warning this issue; None where nothing was kept.

    It is found by what the history of the warning says, never by its name or kind: nobody can put another in
    its place.
    """
    dispatched = Change.objects.filter(kind="dispatched", warning__issue=issue.number)
    told = [one.facts for one in dispatched.order_by("-pk") if one.facts.get("issue") == issue.number]
    digest = next((one["shown"] for one in told if one.get("shown")), "")
    return Evidence.objects.filter(issue=issue, sha256=digest).first() if digest else None
