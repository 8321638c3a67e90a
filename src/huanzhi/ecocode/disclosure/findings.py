"""Findings 巡检问题: notice to the enterprise, reply, confirmed or dismissed; by the table ``[move]``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.disclosure.models import Finding
from huanzhi.ecocode.disclosure.patrolling import note
from huanzhi.ecocode.disclosure.settings import due_after, settings
from huanzhi.errors import InputError
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor, may, require, thing_of


def move(actor: Actor, finding: Finding, name: str, given: Mapping[str, Any], now: datetime) -> Finding:
    """Take a step with a finding.

    Raises
    ------
    InputError
        If the actor may not, it is not the time for it, or something is missing.
    """
    row = settings()["move"].get(name)
    if row is None:
        raise InputError(
            "disclosure.choice", column="move", value=name, expected=", ".join(settings()["move"])
        )
    with transaction.atomic():
        held = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        if held.revision != finding.revision:
            raise InputError("records.stale", value=held.number)
        require(actor, row["right"], thing_of(held))
        if held.state not in row["from"] or not _mine(actor, held, row):
            raise InputError("disclosure.not_now", value=held.number)
        for field in row["needs"]:
            if not str(given.get(field) or "").strip():
                raise InputError("disclosure.missing", column=field)
        _effect(held, name, str(given.get("words") or ""), now)
        held.state = row["to"]
        note(held, actor.code, actor.name, name, str(given.get("words") or ""), now)
        act(actor, held, name, str(given.get("words") or "")[:200])
    return held


def _effect(held: Finding, name: str, words: str, now: datetime) -> None:
    if name == "notice":
        held.reply_by, held.reply_note = due_after("reply", now)
    elif name == "reply":
        held.reply = words.strip()
    else:
        held.conclusion, held.ended = words.strip(), now


def _mine(actor: Actor, held: Finding, row: Mapping[str, Any]) -> bool:
    """Return whether a step of the enterprise is taken by its own people."""
    owner = held.enterprise.organisation
    own = owner is not None and actor.organisation == owner.code
    return own or not row.get("own")


def allowed(actor: Actor, finding: Finding) -> list[str]:
    """Return the steps that somebody may take now."""
    thing = thing_of(finding)
    return [
        name
        for name, row in settings()["move"].items()
        if finding.state in row["from"]
        and may(actor, row["right"], thing).allowed
        and _mine(actor, finding, row)
    ]
