"""Dispatching 立案并交办: a warning becomes a dispatched issue; who leads is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from huanzhi.center.issues.dispatching import Lead, leads
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.moving import move
from huanzhi.center.warnings.answering import settle
from huanzhi.center.warnings.entering import draft_of, note, open_for
from huanzhi.center.warnings.models import Warning
from huanzhi.center.warnings.settings import levels
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.messages import text

OPEN_TO = ("clue", "accepted")
"""States of an issue from which it can be dispatched."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer decides."""

    lead: str
    requirement: str
    level: str = ""
    handler: str = ""
    reason: str = ""


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
        asked = {"lead": order.lead, "requirement": order.requirement, "handler": order.handler}
        issue = move(actor, issue, "dispatch", asked, order.reason, now=now)
        settle(row, "dispatch", now)
        save(SYSTEM, row, f"dispatched by {actor.code}")
        note(row, "dispatched", actor, now, {"issue": issue.number, "lead": order.lead}, order.reason)
    return issue
