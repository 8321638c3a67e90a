"""Drafts 草稿: written from what is in force, changed by whoever may, never in force themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from huanzhi import rules
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, Thing, require
from huanzhi.library.rulebooks.holding import in_force, next_number
from huanzhi.library.rulebooks.models import RulebookVersion, State


def begin(
    actor: Actor, identity: str, day: date, *, region: Region | None = None, reason: str = ""
) -> RulebookVersion:
    """Begin a draft for a region, or for everywhere, from what is in force there.

    Raises
    ------
    StandardError
        If nothing is in force to begin from.
    """
    source = in_force(identity, day, region.code if region else "")
    return _made(actor, identity, rules.as_document(source), day, region, reason)


def write(
    actor: Actor,
    identity: str,
    document: Mapping[str, Any],
    day: date,
    *,
    region: Region | None = None,
    reason: str = "",
) -> RulebookVersion:
    """Begin a draft of a rulebook that there is none of yet, or from a document."""
    return _made(actor, identity, document, day, region, reason)


def _made(
    actor: Actor, identity: str, document: Mapping[str, Any], day: date, region: Region | None, reason: str
) -> RulebookVersion:
    require(actor, "create", Thing(RulebookVersion.KIND, region.path if region else ""))
    with transaction.atomic():
        number = next_number(identity)
        draft = RulebookVersion(rulebook=identity, number=number, region=region, author=actor.code)
        draft.document = _own(document, draft) | {"from": day.isoformat(), "to": None}
        save(actor, draft, reason)
    return draft


def change(
    actor: Actor, draft: RulebookVersion, document: Mapping[str, Any], reason: str = ""
) -> RulebookVersion:
    """Change a draft.

    Raises
    ------
    InputError
        ``rulebooks.no_draft`` if it is published or dropped; as `rules.of_document` if it is not a rulebook.
    """
    only_draft(draft)
    rules.of_document(_own(document, draft))
    draft.document = _own(document, draft)
    save(actor, draft, reason)
    return draft


def drop(actor: Actor, draft: RulebookVersion, reason: str = "") -> RulebookVersion:
    """Drop a draft; it stays in the trail and in the list of versions."""
    only_draft(draft)
    draft.state = State.DROPPED
    save(actor, draft, reason)
    return draft


def only_draft(draft: RulebookVersion) -> None:
    """Refuse what is no draft any more."""
    if draft.state != State.DRAFT:
        raise InputError("rulebooks.no_draft", value=draft.code)


def _own(document: Mapping[str, Any], draft: RulebookVersion) -> dict[str, Any]:
    """Return a document with the id, the place and the version of a draft."""
    return {**document, "id": draft.rulebook, "place": draft.place, "version": str(draft.number)}
