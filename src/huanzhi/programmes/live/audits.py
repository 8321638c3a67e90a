"""Responsibility audits of the test city 模拟责任审计: one finished, one at work, by the steps of people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huanzhi.ecocode.audits import keeping
from huanzhi.ecocode.audits.models import Audit
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Person
from huanzhi.library.rights import Actor
from huanzhi.programmes.audits import working

AUDITED = 2
JUDGED = 8
"""How many enterprises are audited, and how many items of the second are judged. Ours."""


def furnish(now: datetime) -> int:
    """Make the audits of the test city once; return how many."""
    people = {code: Person.objects.filter(code=code).first() for code in ("inspector", "leader")}
    rows = Enterprise.objects.filter(simulated=True, key_unit=True, organisation__isnull=False)
    firms = list(rows.select_related("region", "organisation").order_by("code")[:AUDITED])
    if not firms or None in people.values() or Audit.objects.exists():
        return 0
    auditor, leader = (actor_of(one) for one in people.values())
    with transaction.atomic():
        for firm in firms:
            audit = working.begin(auditor, firm, now)
            _judge(auditor, audit, None if firm is firms[0] else JUDGED, now)
            if firm is firms[0]:
                audit.refresh_from_db()
                working.finish(leader, audit, "按审计表逐项核对档案，结论如表（模拟）。", now)
    return len(firms)


def _judge(auditor: Actor, audit: Audit, most: int | None, now: datetime) -> None:
    """Confirm what the archive says of the first items; a failed one gets its demand."""
    for row in audit.items.order_by("place")[:most]:
        more = {"demand": "限期整改并提交证明材料（模拟）"} if row.suggested == "failed" else {}
        keeping.judge(auditor, row, {"finding": row.suggested, **more}, now)
