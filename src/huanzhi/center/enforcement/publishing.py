"""Publishing 公开: a decision as the public sees it, with the names of persons masked."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import transaction

from huanzhi.center.enforcement import terms
from huanzhi.center.enforcement.conditions import DECISIONS
from huanzhi.center.enforcement.matters import matter_of
from huanzhi.center.enforcement.models import Announcement, Case, Paper
from huanzhi.center.enforcement.wording import masked_name
from huanzhi.center.enforcement.writing import changed, held_of
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.standards.periods import CHINA


def publish(
    actor: Actor, case: Case, ends: date | None = None, reason: str = "", *, now: datetime | None = None
) -> Announcement:
    """Publish the decision of a case; personal names and identity numbers are left out.

    Parameters
    ----------
    ends : date, optional
        Day from which it is no longer shown.

    Raises
    ------
    InputError
        If the actor may not, no decision was served, or it is published already.
    """
    now = now or datetime.now(UTC)
    require(actor, "command", thing_of(case))
    rows = Paper.objects.filter(case=case, template__in=DECISIONS, state="served")
    paper = rows.order_by("-pk").first()
    if paper is None or not case.decision or case.decided_on is None:
        raise InputError("cases.decision_served", value=case.number)
    if Announcement.objects.filter(case=case).exists():
        raise InputError("cases.published", value=case.number)
    with transaction.atomic():
        held = held_of(case)
        before = held.as_row()
        made = _announcement(held, paper, now.astimezone(CHINA).date(), ends)
        save(actor, made, reason)
        terms.happen(held, "publish", now)
        changed(actor, held, before, "publish", reason)
    return made


def _announcement(case: Case, paper: Paper, day: date, ends: date | None) -> Announcement:
    matter = matter_of(case.matter) if case.matter else None
    person = case.party_kind == "citizen"
    return Announcement(
        code=f"{case.number}-G",
        case=case,
        region=case.region,
        document=paper.document,
        party=masked_name(case.party_name) if person else case.party_name,
        party_code="" if person or case.party_kind == "trader" else case.party_code,
        person=masked_name(case.party_person),
        cause=matter.name if matter else "",
        basis=matter.cited if matter else "",
        decision=case.decision,
        fine=case.fine,
        authority=case.organisation.name if case.organisation else "",
        decided=case.decided_on,
        published=day,
        ends=ends,
        simulated=case.simulated,
    )
