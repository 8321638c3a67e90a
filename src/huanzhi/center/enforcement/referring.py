"""Referring 移送: to police, procuratorate or another department; for named handlers only, with receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.enforcement import terms
from huanzhi.center.enforcement.models import Case, Referral, iso
from huanzhi.center.enforcement.settings import words
from huanzhi.errors import InputError
from huanzhi.library.people.models import Person
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, Thing, require, thing_of
from huanzhi.library.rights.matrix import RESTRICTED
from huanzhi.library.trail.chain import append

AFTER = {
    "drafted": ("sent",),
    "sent": ("received",),
    "received": ("accepted", "refused", "finished"),
    "refused": ("objected", "finished"),
    "objected": ("accepted", "refused", "finished"),
    "accepted": ("finished",),
    "finished": (),
}
"""Which receipt may follow on which."""

EVENTS = {
    ("criminal", "received"): "received_criminal",
    ("criminal", "refused"): "refused_criminal",
    ("detention", "accepted"): "decided_detention",
}
"""Receipts that begin a term."""

RESULTS = ("accepted", "refused", "finished")


def refer(
    actor: Actor,
    case: Case,
    sort: str,
    target: str,
    grounds: str,
    handlers: Sequence[str],
    *,
    now: datetime | None = None,
) -> Referral:
    """Draft a referral; who made it is one of its handlers.

    Raises
    ------
    InputError
        If the actor may not, a handler is unknown, or target or grounds are missing.
    """
    now = now or datetime.now(UTC)
    own = Thing(Referral.KIND, case.region.path, "", RESTRICTED, (actor.code,))
    require(actor, "create", own)
    require(actor, "read", thing_of(case))
    if sort not in words("referral"):
        raise InputError("issues.choice", column="sort", value=sort, expected=", ".join(words("referral")))
    if not target.strip() or not grounds.strip():
        raise InputError("issues.output", column="target" if not target.strip() else "grounds")
    people = [_person(code) for code in dict.fromkeys([actor.code, *handlers])]
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).select_related("region").get(pk=case.pk)
        made = Referral(
            code=f"{held.number}-Y{Referral.objects.filter(case=held).count() + 1:02d}",
            case=held,
            region=held.region,
            sort=sort,
            target=target.strip(),
            grounds=grounds.strip(),
            made=now,
            made_by=actor.code,
            simulated=held.simulated,
        )
        made.revision = 1
        made.clean()
        made.save()
        made.handlers.set(people)
        append(actor, "create", Referral.KIND, made.code, after=made.as_row(), reason=sort, restricted=True)
        event = words("referral")[sort]["send"]
        if event:
            _happen(held, str(event), now, made)
    return made


def receive(
    actor: Actor, referral: Referral, state: str, said: str, *, now: datetime | None = None
) -> Referral:
    """Keep a receipt 回执 or a result.

    Raises
    ------
    InputError
        If the actor is no handler, it cannot follow now, or says nothing.
    """
    now = now or datetime.now(UTC)
    require(actor, "change", thing_of(referral))
    if state not in AFTER.get(referral.state, ()):
        expected = ", ".join(AFTER.get(referral.state, ()))
        raise InputError("cases.referral_order", value=state, expected=expected)
    if not said.strip():
        raise InputError("issues.output", column="words")
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("region").get(pk=referral.case_id)
        before = referral.state
        referral.state = state
        row = {
            "at": iso(now),
            "by": actor.name or actor.code,
            "from": before,
            "state": state,
            "words": said.strip(),
        }
        referral.log = [*referral.log, row]
        save(actor, referral, said)
        for event in _events(referral.sort, state):
            _happen(case, event, now, referral)
    return referral


def _events(sort: str, state: str) -> list[str]:
    found = [state] if state in ("sent", "objected") else []
    found += ["result"] if state in RESULTS else []
    named = EVENTS.get((sort, state))
    return [*found, *([named] if named else [])]


def _happen(case: Case, event: str, now: datetime, referral: Referral) -> None:
    terms.happen(case, event, now, referral=referral)
    case.save(update_fields=["due", "due_rule", "due_note"])


def _person(code: str) -> Any:
    found = Person.objects.filter(code=code).first()
    if found is None:
        raise InputError("issues.no_person", value=code)
    return found
