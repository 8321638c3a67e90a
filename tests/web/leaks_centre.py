"""What is planted in the rooms of the centre: issues about enterprises, plans and their measures.

Each function gives the word of each marker, its thing, the key by which its record is asked for, the field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.issues.models import Issue, Step
from huanzhi.center.issues.searching import note_words
from huanzhi.center.plans.models import BodyName, Document, Item, Measure
from huanzhi.library.rights import Thing, thing_of

AT = datetime(2026, 9, 1, tzinfo=UTC)
Told = tuple[str, Thing, str, str]


def issue(region: Any, owner: str, words: Sequence[str]) -> list[Told]:
    """Plant an issue that is about an enterprise, with what only the bureau may read of it."""
    number, title, secret, found, reason, source = words
    about = {"state": "decided" if owner else "clue", "concerned": owner, "source_ref": source}
    place = {"region": region, "lon": 121.5, "lat": 29.9, "opened_by": "zq"}
    kept = {"category": "odour", "channel": "patrol", "opened": AT, "entered": AT}
    row = Issue.objects.create(number=number, title=title, words=secret, **about, **place, **kept)
    note_words(row)
    told = {"issue": row, "at": AT, "actor": "zq", "digest": "0" * 64}
    before = {"transition": "accept", "after": "accepted", "outputs": {"traced": found}, "reason": reason}
    Step.objects.create(number=1, **before, **told)
    Step.objects.create(number=2, transition="decide", after="decided", **told)
    inside = replace(thing_of(row), also=())
    seen = [(word, thing_of(row), number, "") for word in (number, title)]
    return seen + [(word, inside, number, "words") for word in (secret, found, reason, source)]


def plan(region: Any, body: Any, count: int, words: Sequence[str]) -> list[Told]:
    """Plant a document under review, an item, a name of a body, and a measure that `body` leads.

    Who leads a measure sees the number of the document that it comes from.
    """
    number, title, text, quote, name, measure, task, code, named = words
    kept = {"name": "x.docx", "format": "docx", "taken_in": AT, "taken_in_by": "zq", "text": text}
    document = Document.objects.create(
        number=number, title=title, region=region, sha256=f"{count:064d}", **kept
    )
    within = {"document": document, "start": 0, "end": 1, "place": 1}
    item = Item.objects.create(code=code, sort="measure", words=quote, quote=quote, **within)
    meant = BodyName.objects.create(code=named, document=document, name=name)
    led = Measure.objects.create(
        number=measure, item=item, document=document, region=region, title=task, task=task, lead=body
    )
    known = replace(thing_of(document), also=(body.code,) if body is not None else ())
    records = [(title, document), (text, document), (code, item), (quote, item), (name, meant)]
    records += [(measure, led), (task, led)]
    return [(number, known, number, "")] + [(word, thing_of(one), one.key, "") for word, one in records]
