"""Working 审计与整改: audits begun with what the archive knows, failed items put right under issues."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.ecocode.audits import keeping
from huanzhi.ecocode.audits.form import items, settings
from huanzhi.ecocode.audits.models import Audit, AuditItem
from huanzhi.ecocode.services.grading import months_before
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.messages import catalogue
from huanzhi.programmes.audits.filling import archive
from huanzhi.standards.periods import CHINA

CHANNEL = "audit"


def begin(actor: Actor, enterprise: Enterprise, now: datetime, first: date | None = None) -> Audit:
    """Begin the audit of an enterprise up to today, filled from the archive."""
    last = now.astimezone(CHINA).date()
    first = first or months_before(last, settings()["terms"]["months"])
    return keeping.begin(actor, enterprise, first, last, archive(enterprise, first, last), now)


def refill(actor: Actor, audit: Audit, now: datetime) -> Audit:
    """Fill an audit at work anew from what the archive knows by now."""
    return keeping.refill(actor, audit, archive(audit.enterprise, audit.first, audit.last), now)


def finish(actor: Actor, audit: Audit, words: str, now: datetime) -> Audit:
    """Finish an audit; every failed item becomes an issue with the day until which it is to be put right."""
    with transaction.atomic():
        done = keeping.finish(actor, audit, words, now)
        rows = done.items.filter(finding="failed").select_related("audit__enterprise", "audit__region")
        for row in rows.order_by("place"):
            issue = open_issue(SYSTEM, _draft(row), f"audit {done.number} by {actor.code}", now=now)
            keeping.follow(row, issue.number, issue.state, now.astimezone(CHINA).date())
    return done


def _draft(row: AuditItem) -> Draft:
    """Return the draft of the issue; the platform opens it, and says by which audit."""
    item, one = items()[row.item], row.audit.enterprise
    title = catalogue()["audits.issue_title"]["zh"].format(name=one.name, item=item.zh)
    facts = {
        "audit": row.audit.number,
        "item": row.item,
        "requirement": row.demand,
        "due": row.due.isoformat() if row.due else "",
        "why": row.reason or "；".join(str(told["zh"]) for told in row.told),
    }
    return Draft(
        title[:200],
        item.category,
        CHANNEL,
        row.audit.region_id,
        row.demand,
        settings()["level"]["key" if item.key else "other"],
        enterprise=one.code,
        source_ref=f"{row.audit.number}@{row.item}",
        facts=facts,
        simulated=row.simulated,
    )


def follow(now: datetime) -> dict[str, int]:
    """Let every open item follow its issue; may be done again at any time."""
    rows = AuditItem.objects.filter(standing="open").select_related("audit").order_by("pk")
    found = list(rows)
    states = dict(
        Issue.objects.filter(number__in=[one.issue for one in found]).values_list("number", "state")
    )
    day = now.astimezone(CHINA).date()
    moved = sum(
        keeping.follow(one, one.issue, states[one.issue], day) for one in found if one.issue in states
    )
    return {"open": len(found) - moved, "moved": moved}


def states_of(rows: Any) -> dict[str, str]:
    """Return the state of each issue that items are put right under, by its number."""
    numbers = [one.issue for one in rows if one.issue]
    return dict(Issue.objects.filter(number__in=numbers).values_list("number", "state"))
