"""What is planted in the rooms of the code: waste of every kind, audits at work and finished.

Each function gives the word of each marker, its thing, the key by which its record is asked for, the field.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.web.leaks_centre import Told

from huanzhi.ecocode.audits.form import items
from huanzhi.ecocode.audits.models import Audit, AuditItem
from huanzhi.ecocode.waste import models as waste
from huanzhi.library.rights import thing_of

AT = datetime(2026, 9, 1, tzinfo=UTC)
DAY = AT.date()
FIELDS = (
    "words",
    "source",
    "reference",
    "document",
    "reply_document",
    "authority",
    "permit",
    "explanation",
    "settlement",
    "opened_name",
    "reason",
    "demand",
)
Word = Callable[[], str]


def waste_of(firm: Any, number: int, word: Word) -> list[Told]:
    """Plant ledger, plan, manifest, pick-up, route, check and finding of a firm, and its licences."""
    oil, made = {"waste": "900-249-08", "grams": 1000}, {"made": AT, "made_by": "zq"}
    told = {"enterprise": firm, "simulated": True}
    place = {"lon": 121.5, "lat": 29.9, "begins": AT, "ends": AT}
    parties = {"generator": firm, "carrier": firm, "receiver": firm}
    check = {"object": "producer", "version": "1", "made_by": "zq"}
    wrong = {"sort": "storage_long", "explanation": word(), "settlement": word()}
    records = [
        waste.Entry.objects.create(
            code=word(), kind="generated", words=word(), reference=word(), day=DAY, **oil, **told, **made
        ),
        waste.Plan.objects.create(number=word(), year=2026, words=word(), **told, **made),
        waste.Manifest.objects.create(
            number=f"{number:014d}", category="HW08", happened=AT, made=AT, words=word(), **parties
        ),
        waste.Booking.objects.create(
            number=word(), collector=firm, made=AT, words=word(), **oil, **told, **place
        ),
        waste.Route.objects.create(number=word(), seed=7, day=DAY, **told, **made),
        waste.Check.objects.create(number=word(), day=DAY, **told, **check),
        waste.Finding.objects.create(code=word(), source=word(), day=DAY, **wrong, **told),
        *_licensed(firm, word),
    ]
    return _told(records)


def _licensed(firm: Any, word: Word) -> list[Any]:
    """Plant licences that hold and one that ended, a vehicle, and a transfer across provinces."""
    told = {"enterprise": firm, "simulated": True, "valid_from": DAY}
    wanted = {"way": "transfer", "applied": AT, "wanted_to": DAY, "receiver": firm, "state": "granted"}
    papers = {"document": word(), "reply_document": word(), "words": word()}
    made = [
        waste.Licence.objects.create(
            code=word(), sort=sort, authority=word(), words=word(), classes=["HW08"], valid_to=end, **told
        )
        for sort, end in (("integrated", None), ("transport", AT.date().replace(month=10)))
    ]
    vehicle = waste.Vehicle.objects.create(code=word(), permit=word(), grams=1000, **told)
    moved = waste.Approval.objects.create(
        number=word(), waste="900-249-08", grams=1000, **wanted, **papers, **told
    )
    return [*made, vehicle, moved]


def audits_of(firm: Any, word: Word) -> list[Told]:
    """Plant an audit at work, which the firm does not see yet, and a finished one, with items that failed."""
    records: list[Any] = []
    for state, level in (("working", "internal"), ("finished", "own")):
        done = {"finished": AT, "grade": "poor"} if state == "finished" else {}
        audit = Audit.objects.create(
            number=word(), enterprise=firm, region=firm.region, year=2026, first=DAY, last=DAY, form="1",
            state=state, sensitivity=level, opened=AT, opened_by="zq", opened_name=word(), words=word(),
            steps=[{"at": AT.isoformat(), "actor": "zq", "words": word()}], **done,
        )  # fmt: skip
        item = next(iter(items().values()))
        about = {"audit": audit, "place": 1, "section": item.section, "item": item.code}
        found = {"suggested": "failed", "finding": "failed", "standing": "open", "due": DAY}
        says = {"reason": word(), "demand": word(), "told": [{"zh": word(), "en": "zq", "address": ""}]}
        row = AuditItem.objects.create(code=word(), **about, **found, **says)
        records += [audit, row]
    inner = [(audit.steps[0]["words"], audit) for audit in records[::2]]
    inner += [(row.told[0]["zh"], row) for row in records[1::2]]
    return [*_told(records), *((word, thing_of(one), one.key, "") for word, one in inner)]


def _told(records: list[Any]) -> list[Told]:
    """Return each word of a record that is a marker, its key among them."""
    return [
        (word, thing_of(one), one.key, "")
        for one in records
        for word in (one.key, *(getattr(one, name, "") for name in FIELDS))
        if str(word).startswith("zq")
    ]
