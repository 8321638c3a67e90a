"""The city's own rules 自建规则: written, tried before they are saved, published, turned off.

A rule that opens issues by itself is published by two people; any other by who may write rules. Only a
declaration that was tried can be published, and what holds is what was published, not the draft.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.center.issues.settings import checked
from huanzhi.center.warnings.models import OwnRule
from huanzhi.center.warnings.settings import levels
from huanzhi.center.watching.declared import declared
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.library.work.jobs import ask_for
from huanzhi.standards.periods import CHINA

KIND = "publish_warning_rule"
FIELDS = ("name", "name_en", "basis", "level", "opens_issue", "asks_reply", "category", "spec")


def write(actor: Actor, row: OwnRule, given: Mapping[str, Any], reason: str = "") -> OwnRule:
    """Write a draft; what is published holds on until the draft is published.

    Raises
    ------
    InputError
        ``warnings.spec`` for a wrong declaration, level or category, or what rights and revision refuse.
    """
    for name in FIELDS:
        if name in given:
            setattr(row, name, given[name])
    if row.level not in levels():
        raise InputError("warnings.spec", column="level", value=row.level, expected=", ".join(levels()))
    checked("category", row.category, "category")
    row.spec = declared(row.spec).as_dict()
    row.author = actor.code
    if row.state == "off":
        row.state = "draft"
    return save(actor, row, reason)


def new_code(region: Region) -> str:
    """Return the code of a rule that is written anew."""
    number = OwnRule.objects.count() + 1
    while OwnRule.objects.filter(code=f"R{number:04d}").exists():
        number += 1
    return f"R{number:04d}"


def tried(row: OwnRule, spells: int, hours: int, now: datetime) -> None:
    """Note that the declaration of a draft was tried, and how often it would have raised a warning."""
    moment = now.astimezone(CHINA).isoformat(timespec="seconds")
    row.tested = {"digest": digest(row), "at": moment, "raised": spells, "hours": hours}
    OwnRule.objects.filter(pk=row.pk).update(tested=row.tested)


def digest(row: OwnRule) -> str:
    """Return the digest of what would be published."""
    held = {name: getattr(row, name) for name in FIELDS}
    return hashlib.sha256(json.dumps(held, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def publish(actor: Actor, row: OwnRule, reason: str, now: datetime) -> Proposal | None:
    """Publish a draft, or propose it to a second person where it opens issues by itself.

    Raises
    ------
    InputError
        ``warnings.untried`` where the draft was not tried as it stands, ``warnings.needs_reason``.
    """
    require(actor, "change", thing_of(row))
    if row.tested.get("digest") != digest(row):
        raise InputError("warnings.untried", value=row.code)
    if not reason.strip():
        raise InputError("warnings.needs_reason", column="reason")
    if row.opens_issue:
        return propose(
            actor,
            KIND,
            OwnRule.KIND,
            row.code,
            reason=reason,
            now=now,
            payload={"digest": digest(row)},
            region=row.region,
            simulated=row.simulated,
        )
    _put_on(actor, row, reason)
    return None


def _put_on(actor: Actor, row: OwnRule, reason: str) -> None:
    row.version += 1
    row.published = {name: getattr(row, name) for name in FIELDS}
    row.state, row.publisher = "on", actor.code
    save(SYSTEM if row.opens_issue else actor, row, reason)
    ask_for("warn", who=actor.code)


def approve(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Publish what was proposed; `actor` is the second person."""
    with transaction.atomic():
        row = OwnRule.objects.select_for_update(of=("self",)).filter(code=proposal.subject).first()
        if row is None or row.region_id != proposal.region_id:
            raise InputError("warnings.no_rule", value=proposal.subject)
        if digest(row) != proposal.payload["digest"]:
            raise InputError("warnings.rule_changed", value=row.code)
        _put_on(actor, row, f"proposal {proposal.pk} by {proposal.proposer}")
    return {"rule": row.code, "version": row.version}


def check_payload(payload: Mapping[str, Any]) -> None:
    """Refuse a payload without a digest."""
    if not isinstance(payload.get("digest"), str):
        raise InputError("warnings.spec", column="digest")


def turn_off(actor: Actor, row: OwnRule, reason: str) -> OwnRule:
    """Turn a rule off; its warnings end with the next round.

    Raises
    ------
    InputError
        ``warnings.needs_reason``, or what rights refuse.
    """
    if not reason.strip():
        raise InputError("warnings.needs_reason", column="reason")
    row.state = "off"
    return save(actor, row, reason)
