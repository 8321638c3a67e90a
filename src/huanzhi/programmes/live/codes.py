"""Codes of the test city 模拟码: a commitment, a penalty that is published, an appeal, all simulated.

What outlets, permits and cases tell comes by itself with the regular work; here is what people do.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from huanzhi.ecocode.grades.appeals import appeal
from huanzhi.ecocode.grades.events import record
from huanzhi.ecocode.grades.models import Appeal, Event
from huanzhi.ecocode.grades.publishing import publish
from huanzhi.ecocode.grades.reckoning import due, reckon
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Person
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

ENTERED = "entered:demo"


def furnish(now: datetime, city: str = "990001") -> dict[str, int]:
    """Make what happened to some enterprises of the test city where nothing is there yet."""
    today = now.astimezone(CHINA).date()
    person = Person.objects.filter(code="enterprise").select_related("organisation").first()
    firms = list(
        Enterprise.objects.filter(simulated=True, region__path__contains=f"{city}/").order_by("code")[:6]
    )
    mine = next((one for one in _own(person) if one.simulated), None)
    if firms and not Event.objects.filter(source__startswith=ENTERED).exists():
        done = record(SYSTEM, _told(firms, mine, today), now)
        publish(SYSTEM, {f"{ENTERED}:{one.code}": today - timedelta(days=150) for one in firms[:2]})
        reckon(SYSTEM, {**due(today), **done.touched}, today)
        _appeal(person, mine, now)
    return {"events": Event.objects.filter(source__startswith=ENTERED).count()}


def _own(person: Person | None) -> list[Enterprise]:
    if person is None or person.organisation is None:
        return []
    return list(Enterprise.objects.filter(organisation=person.organisation).order_by("code"))


def _told(firms: list[Enterprise], mine: Enterprise | None, today: Any) -> list[Occurrence]:
    def one(
        firm: Enterprise, kind: str, back: int, until: int | None, facts: dict[str, Any], zh: str, en: str
    ) -> Occurrence:
        end = today - timedelta(days=until) if until is not None else None
        source = f"{ENTERED}:{firm.code}"
        day = today - timedelta(days=back)
        return Occurrence(
            firm.code, kind, source, day, end, facts, (f"{zh}（模拟）", f"{en} (simulated)"), "", True
        )

    fined = {"severity": "ordinary", "sanction": "fine", "medium": "air", "exceedance": True}
    told = [
        one(firms[0], "penalty", 160, 100, fined, "行政处罚 废气超标", "penalty for air over the limit"),
        one(
            firms[-1],
            "credit_commitment",
            300,
            None,
            {"years": 2},
            "信用承诺且两年无违法",
            "commitment, two years without a breach",
        ),
    ]
    if len(firms) > 1:
        told.append(
            one(
                firms[1],
                "penalty",
                155,
                None,
                {"severity": "serious"},
                "行政处罚 情节严重",
                "serious penalty",
            )
        )
    if mine is not None:
        told.append(one(mine, "report_late", 12, None, {}, "季度执行报告逾期", "quarterly report late"))
    return told


def _appeal(person: Person | None, mine: Enterprise | None, now: datetime) -> None:
    event = Event.objects.filter(enterprise=mine, kind="report_late", source__startswith=ENTERED).first()
    if person is not None and event is not None and not Appeal.objects.filter(event=event).exists():
        appeal(actor_of(person), event, "报告已按期提交，平台未同步（模拟）", "提交回执截图（模拟）", now)
