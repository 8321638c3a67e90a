"""Ledgers 台账: rows of a day are entered, never changed; what was wrong is mended by a further row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum

from huanzhi.ecocode.waste.codes import grams_of, parse
from huanzhi.ecocode.waste.models import Entry, Manifest
from huanzhi.ecocode.waste.writing import own_enterprise
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]


def enter(actor: Actor, given: Given, now: datetime, source: str = "screen") -> Entry:
    """Enter a row.

    Parameters
    ----------
    given : mapping
        ``waste``, ``day``, ``kind``, ``kg``; ``enterprise`` (one's own by default), ``reference``, ``words``.

    Raises
    ------
    InputError
        If the actor may not, the day lies ahead, something is no code or amount, or the row is there.
    """
    enterprise = own_enterprise(actor, given.get("enterprise", ""))
    if given["day"] > now.astimezone(CHINA).date():
        raise InputError("waste.future", column="day", value=given["day"].isoformat())
    made = Entry(
        enterprise=enterprise,
        waste=str(parse(given["waste"])),
        day=given["day"],
        kind=given["kind"],
        grams=grams_of(given["kg"]),
        reference=given.get("reference", ""),
        source=source,
        words=given.get("words", ""),
        made_by=actor.code,
        made=now,
        simulated=enterprise.simulated,
    )
    return _kept(actor, made)


def _kept(actor: Actor, made: Entry) -> Entry:
    made.code = made.made_code()
    if Entry.objects.filter(code=made.code).exists():
        raise InputError("waste.entered", value=made.code)
    save(actor, made, made.words)
    return made


def correct(actor: Actor, entry: Entry, kg: float, words: str, now: datetime) -> Entry:
    """Mend a row: enter what lacks to the right amount, on the day of the row; the row itself stays.

    Raises
    ------
    InputError
        ``waste.missing`` without words; ``waste.same`` if nothing would change; ``waste.mended`` for a
        correction.
    """
    if not words.strip():
        raise InputError("waste.missing", column="words")
    if entry.corrects_id is not None:
        raise InputError("waste.mended", value=entry.code)
    lacks = grams_of(kg) - standing(entry)
    if not lacks:
        raise InputError("waste.same", column="kg", value=kg)
    if grams_of(kg) < 0:
        raise InputError("waste.amount", column="kg", value=kg)
    return _corrected(actor, entry, lacks, words, now)


def _corrected(actor: Actor, entry: Entry, lacks: int, words: str, now: datetime) -> Entry:
    made = Entry(
        enterprise=entry.enterprise,
        waste=entry.waste,
        day=entry.day,
        kind=entry.kind,
        grams=lacks,
        reference=f"{entry.reference[:24]}#{Entry.objects.filter(corrects=entry).count() + 1}@{entry.pk}",
        manifest=entry.manifest,
        corrects=entry,
        source="manifest" if actor == SYSTEM else "correction",
        words=words[:500],
        made_by=actor.code,
        made=now,
        simulated=entry.simulated,
    )
    return _kept(actor, made)


def standing(entry: Entry) -> int:
    """Return the amount of a row with all its corrections [g]."""
    more = Entry.objects.filter(corrects=entry).aggregate(all=Sum("grams"))["all"] or 0
    return entry.grams + int(more)


def by_manifest(
    manifest: Manifest, enterprise: Enterprise, kind: str, day: date, line: Given, grams: int, now: datetime
) -> Entry | None:
    """Enter what a manifest says, in the name of the platform; once for each line and side.

    What is said again, of a day of a continuous transfer, is entered as a correction.
    """
    reference = f"{manifest.number}-{line['line']}"
    made = Entry(
        enterprise=enterprise,
        waste=line["waste"],
        day=day,
        kind=kind,
        grams=grams,
        reference=reference,
        manifest=manifest.number,
        source="manifest",
        made_by=SYSTEM.code,
        made=now,
        simulated=manifest.simulated,
    )
    held = Entry.objects.filter(code=made.made_code()).first()
    if held is None:
        return _kept(SYSTEM, made)
    lacks = grams - standing(held)
    return _corrected(SYSTEM, held, lacks, manifest.number, now) if lacks else None


def take_back(manifest: Manifest, line: Given, grams: int, now: datetime) -> None:
    """Take back into the generator's stock what the receiver did not take."""
    held = Entry.objects.filter(
        enterprise=manifest.generator,
        manifest=manifest.number,
        kind="transferred",
        waste=line["waste"],
        corrects__isnull=True,
        reference=f"{manifest.number}-{line['line']}",
    ).first()
    if held is not None and grams:
        _corrected(SYSTEM, held, -grams, manifest.number, now)


def enter_all(actor: Actor, rows: list[Given], now: datetime) -> list[Entry]:
    """Enter rows that a program sends, all of them or none; the number of a wrong row is named."""
    made = []
    with transaction.atomic():
        for number, row in enumerate(rows, 1):
            try:
                made.append(enter(actor, row, now, "api"))
            except InputError as error:
                if error.place["row"] is None:
                    error.place["row"] = number
                raise
    return made
