"""Intake 台账导入: lines of a ledger from a document or a sheet; a person confirms each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.center.issues.evidence import clean_name, keep
from huanzhi.center.rectification.models import Batch, Item, Task
from huanzhi.center.rectification.models.batches import next_code
from huanzhi.center.rectification.opening import Draft, open_task
from huanzhi.center.rectification.reading import Group, Plan, read_plan
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append

ENCODINGS = ("utf-8-sig", "gb18030")
LONGEST = 5_000_000
"""Bytes of a document at most. DEFAULT, NOT FROM THE DOCUMENTS."""


def decoded(raw: bytes) -> str:
    """Return a document as text.

    Raises
    ------
    InputError
        ``rectification.not_text`` if it is neither UTF-8 nor GB18030, or too long.
    """
    if len(raw) <= LONGEST:
        for encoding in ENCODINGS:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise InputError("rectification.not_text", expected="UTF-8, GB18030")


def read_document(actor: Actor, batch: Batch, raw: bytes, name: str) -> Plan:
    """Read a plan and keep what it says as lines to confirm; the same document is read once.

    Tasks that the text only counts become as many lines without a title, each with the words that count them.

    Raises
    ------
    InputError
        ``rectification.read_already``, or as `decoded`.
    """
    found, digest = read_plan(decoded(raw)), hashlib.sha256(raw).hexdigest()
    if Item.objects.filter(batch=batch).exists() and batch.digest == digest:
        raise InputError("rectification.read_already", value=batch.code)
    keep(raw, digest)
    with transaction.atomic():
        batch.source, batch.digest = clean_name(name), digest
        batch.clues, batch.expected = told(found), found.total or found.counted or None
        save(actor, batch, name)
        serial = 0
        for group in found.groups:
            for _ in range(group.number):
                serial += 1
                save(actor, _line(batch, group, serial), name)
    return found


def told(found: Plan) -> dict[str, Any]:
    """Return what was read as plain values."""
    return {**asdict(found), "counted": found.counted, "agrees": found.agrees}


def confirm(
    actor: Actor,
    item: Item,
    requirement: str = "",
    *,
    parent: Task | None = None,
    now: datetime | None = None,
) -> Task:
    """Make a task of a line; what the source does not say stays marked as missing.

    Raises
    ------
    InputError
        ``rectification.not_open``, ``rectification.no_title``, or as `opening.open_task`.
    """
    if item.state != "open":
        raise InputError("rectification.not_open", value=item.code)
    with transaction.atomic():
        task = open_task(actor, item.batch, draft_of(item), requirement, parent=parent, now=now)
        item.state, item.task = "confirmed", task.number
        _kept(actor, item, "confirm", task.number)
    return task


def drop(actor: Actor, item: Item, reason: str) -> Item:
    """Say that a line is not to become a task."""
    if item.state != "open":
        raise InputError("rectification.not_open", value=item.code)
    if not reason.strip():
        raise InputError("rectification.no_words")
    item.state, item.dropped = "dropped", reason.strip()[:500]
    save(actor, item, reason)
    return item


def correct(actor: Actor, item: Item, given: Mapping[str, Any], reason: str = "") -> Item:
    """Fill in what a person knows of a line; a title takes the mark from the title.

    Raises
    ------
    InputError
        ``rectification.not_open``, ``rectification.need_basis`` for a term that the source does not name.
    """
    if item.state != "open":
        raise InputError("rectification.not_open", value=item.code)
    if given.get("term") and item.missing and not reason.strip():
        raise InputError("rectification.need_basis", column="reason")
    for name, value in given.items():
        setattr(item, name, value)
    item.missing = [one for one in item.missing if one != "title" or not item.title.strip()]
    save(actor, item, reason)
    return item


def draft_of(item: Item) -> Draft:
    """Return the draft of a task that a line holds."""
    names = ("serial", "nature", "title", "problem", "target", "category", "enterprise", "lead_name")
    more = ("cooperating", "in_charge", "supervisor_name", "term_class", "term", "term_words", "standing")
    values = {name: getattr(item, name) for name in (*names, *more, "source", "quote", "offset", "simulated")}
    return Draft(
        **values,
        measures=item.measures.splitlines(),
        region=item.region_id,
        lead=item.organisation.code if item.organisation else "",
        supervisor=item.supervisor.code if item.supervisor else "",
        missing=[one for one in item.missing if one != "title"],
    )


def _line(batch: Batch, group: Group, serial: int) -> Item:
    return Item(
        code=next_code(batch),
        batch=batch,
        serial=str(serial),
        region=batch.region,
        term_words=group.term_words,
        term_class=group.term_class,
        standing=group.standing,
        source=batch.source,
        quote=group.quote,
        offset=group.offset,
        missing=["title", *(["year"] if group.lost_year else [])],
        simulated=batch.simulated,
    )


def _kept(actor: Actor, item: Item, action: str, reason: str) -> None:
    """Note what the right to open tasks has done to a line."""
    before = Item.objects.get(pk=item.pk).as_row()
    item.revision += 1
    item.save()
    append(actor, action, Item.KIND, item.code, before=before, after=item.as_row(), reason=reason)
