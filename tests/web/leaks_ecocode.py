"""What is planted in the rooms of the code: waste of every kind, audits, events, disclosure, services.

An outlet that is restricted is named by much that is less so.
Each function gives the word of each marker, its thing, the key by which its record is asked for, the field.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.web.leaks_centre import Told

from huanzhi.ecocode.audits.form import items
from huanzhi.ecocode.audits.models import Audit, AuditItem
from huanzhi.ecocode.disclosure import models as disclosure
from huanzhi.ecocode.grades.models import Appeal, Event, Repair
from huanzhi.ecocode.permits.models import MonthAmount, Report, Requirement
from huanzhi.ecocode.services import models as services
from huanzhi.ecocode.waste import models as waste
from huanzhi.library.devices import Device, open_register
from huanzhi.library.devices import Outlet as Measured
from huanzhi.library.enterprises.models import Outlet, Permit
from huanzhi.library.rights import thing_of
from huanzhi.programmes.audits.evidence import at_outlet

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
    "reply",
    "answer",
    "proof",
    "contract",
    "title_zh",
    "rules",
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


def kept_of(firm: Any, number: int, word: Word) -> list[Told]:
    """Plant events with appeal and repair, what is disclosed, work of a service firm."""
    by, days = {"filed": AT, "filed_by": "zq"}, {"day": DAY, "recorded": DAY}
    placed = {"enterprise": firm, "region": firm.region, "simulated": True}
    event = Event.objects.create(
        code=word(), kind="report_late", source=f"zq{number}", title_zh=word(), **days, **placed
    )
    records = [
        event,
        Appeal.objects.create(number=word(), event=event, words=word(), proof=word(), **by, **placed),
        Repair.objects.create(number=word(), event=event, grade="minor", proof=word(), **by, **placed),
        *_disclosing(firm, number, word),
        *_served(firm, number, word),
    ]
    return _told(records)


def _disclosing(firm: Any, number: int, word: Word) -> list[Any]:
    placed = {"enterprise": firm, "region": firm.region, "simulated": True}
    drawn = {"drawn_up": AT, "drawn_up_by": "zq", "publish_by": DAY}
    drawn |= {"code": f"L{number}", "year": 3000 + number, "region": firm.region}
    kept = disclosure.DutyList.objects.create(**drawn)
    entry = disclosure.Entry.objects.create(code=word(), list=kept, until_year=2027, words=word(), **placed)
    item = disclosure.Item.objects.create(
        code=word(), sort="event", year=2026, title="zq", document=word(), due=AT, **placed
    )
    wrong = {"sort": "late", "source": f"zq{number}", "found": AT, "since": DAY}
    return [
        entry,
        disclosure.Objection.objects.create(
            number=word(), entry=entry, words=word(), answer=word(), made=AT, made_by="zq", **placed
        ),
        item,
        disclosure.Draft.objects.create(code=word(), item=item, saved=AT, saved_by="zq"),
        disclosure.Finding.objects.create(number=word(), item=item, reply=word(), **wrong, **placed),
    ]


def _served(firm: Any, number: int, word: Word) -> list[Any]:
    placed = {"region": firm.region, "simulated": True}
    served = services.Firm.objects.create(
        code=f"F{number}", name="zq", organisation=firm.organisation, sort="other", **placed
    )
    done = {"firm": served, "enterprise": firm, "sort": "other", "title": "zq", "begun": DAY}
    work = services.Work.objects.create(number=word(), contract=word(), **done, **placed)
    check = services.Check.objects.create(
        number=word(), work=work, day=DAY, score="90", verdict="good", why={}, words=word(), made_by="zq"
    )
    return [work, check]


def named_of(firm: Any, number: int, word: Word) -> list[Told]:
    """Plant a restricted outlet of a firm, and what names it to who may read that but not the outlet.

    A device, a month, a line of monitoring, a report of a permit and an audit name it; its code is no marker.
    """
    name, inside = word(), word()
    outlet = Outlet.objects.create(
        code=f"HIDDEN{number}", name=name, enterprise=firm, region=firm.region, medium="water",
        organisation=firm.organisation, sensitivity="restricted", simulated=True,
    )  # fmt: skip
    body = firm.organisation.code
    device = Device(f"MN{number}", outlet=outlet.code, enterprise=body, parameters={inside: {}})
    place = Measured(outlet.code, name, region_code=firm.region_id, enterprise=body, simulated=True)
    with open_register() as register:
        register.save([device], [place], who="zq")
    _on_outlet(outlet, number)
    return [(one, thing_of(outlet), outlet.code, "") for one in (name, inside)]


def _on_outlet(outlet: Outlet, number: int) -> None:
    firm, told = outlet.enterprise, {"enterprise": outlet.enterprise, "simulated": True}
    permit = Permit.objects.create(code=f"PERMIT{number}", enterprise=firm, region=firm.region)
    row = {"outlet": outlet.code, "outlet_name": outlet.name, "parameter": "w01018"}
    told_of = {"permit": permit, "sort": "report_quarter", "rows": [row | {"tonnes": "", "words": ""}]}
    for state, period in (("draft", "2026Q1"), ("submitted", "2026Q2")):
        code = f"R{number}{state}"
        Report.objects.create(code=code, period=period, due=DAY, state=state, **told_of, **told)
    Requirement.objects.create(
        code=f"LINE{number}", outlet=outlet, parameter="w01018", frequency="year", **told
    )
    MonthAmount.objects.create(outlet=outlet, parameter="w01018", year=2026, month=1, rules="")
    audit = Audit.objects.create(
        number=f"AUDIT{number}", enterprise=firm, region=firm.region, year=2026, first=DAY, last=DAY,
        form="1", state="finished", sensitivity="own", opened=AT, opened_by="zq", opened_name="zq",
        grade="poor",
    )  # fmt: skip
    item = next(iter(items().values()))
    against = at_outlet("fact_outlet", (outlet.code, outlet.name), None, "")
    AuditItem.objects.create(
        code=f"{audit.number}.1",
        audit=audit,
        place=1,
        section=item.section,
        item=item.code,
        told=[against],
        suggested="failed",
    )


def _told(records: list[Any]) -> list[Told]:
    """Return each word of a record that is a marker, its key among them."""
    return [
        (word, thing_of(one), one.key, "")
        for one in records
        for word in (one.key, *(getattr(one, name, "") for name in FIELDS))
        if str(word).startswith("zq")
    ]
