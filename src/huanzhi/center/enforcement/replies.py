"""Replies 当事人意见: statement and defence, a hearing asked for, a waiver, instalments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.enforcement import terms
from huanzhi.center.enforcement.models import Case, Paper, Reply
from huanzhi.center.enforcement.settings import checked
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor

TERM = {"statement": "statement", "hearing": "hearing_request", "instalment": "pay"}
"""Term within which a reply has to come."""

EVENTS = {"waive": "waive", "instalment": "instalment_asked"}
"""What a reply begins or ends."""

NEEDS = {
    "statement": ("notice",),
    "hearing": ("notice",),
    "waive": ("notice",),
    "instalment": ("decision",),
    "reconsideration": ("decision", "no_penalty", "order"),
    "lawsuit": ("decision", "no_penalty", "order"),
}
"""Documents of which one must have been served before."""


def file_reply(
    actor: Actor,
    case: Case,
    sort: str,
    words: str,
    *,
    now: datetime | None = None,
    filed: datetime | None = None,
) -> Reply:
    """File what the party answers.

    Parameters
    ----------
    filed : datetime, optional
        When it arrived, where an officer takes it in later.

    Raises
    ------
    InputError
        If the actor may not, nothing was served to answer to, it says nothing, or the case is closed.
    """
    now = now or datetime.now(UTC)
    filed = filed or now
    checked("reply", sort, "sort")
    if not words.strip() and sort != "waive":
        raise InputError("issues.output", column="words")
    if filed > now:
        raise InputError("cases.service_day", value=filed.isoformat())
    with transaction.atomic():
        held = (
            Case.objects.select_for_update(of=("self",))
            .select_related("region", "party_body")
            .get(pk=case.pk)
        )
        if not held.is_open:
            raise InputError("cases.closed", value=held.number)
        if not Paper.objects.filter(case=held, template__in=NEEDS[sort], state="served").exists():
            raise InputError("cases.nothing_served", value=held.number)
        made = _reply(actor, held, sort, words, filed)
        save(actor, made, sort)
        if sort in EVENTS:
            terms.happen(held, EVENTS[sort], now, at=filed)
            held.save(update_fields=["due", "due_rule", "due_note"])
    return made


def _reply(actor: Actor, case: Case, sort: str, words: str, filed: datetime) -> Reply:
    end: Any = terms.end_of(case, TERM[sort]) if sort in TERM else None
    return Reply(
        code=f"{case.number}-R{Reply.objects.filter(case=case).count() + 1:02d}",
        case=case,
        sort=sort,
        words=words.strip(),
        filed=filed,
        in_time=filed <= end if end is not None else None,
        owner=case.party_body.code if case.party_body else "",
        actor=actor.code,
        actor_name=actor.name,
        simulated=case.simulated,
    )
