"""What audits tell the code 赋码事件: items that were found not to comply, until they are verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from huanzhi.ecocode.audits.form import items
from huanzhi.ecocode.audits.models import AuditItem
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.standards.periods import CHINA


def occurrences(day: date) -> Iterator[Occurrence]:
    """Yield ``audit_finding`` for every failed item of the audits that were finished by a day."""
    rows = AuditItem.objects.filter(audit__state="finished", finding="failed").exclude(standing="dropped")
    for one in rows.select_related("audit__enterprise").order_by("pk"):
        assert one.audit.finished is not None
        begun = one.audit.finished.astimezone(CHINA).date()
        if begun <= day:
            yield _of(one, begun, day)


def _of(one: AuditItem, begun: date, day: date) -> Occurrence:
    known = items().get(one.item)
    zh, en = (known.zh, known.en) if known else (one.item, one.item)
    until = max(one.verified, begun + timedelta(days=1)) if one.verified else None
    return Occurrence(
        one.audit.enterprise.code,
        "audit_finding",
        f"{AuditItem.KIND}:{one.code}",
        begun,
        until if until is not None and until <= day else None,
        {"section": one.section, "key": bool(known and known.key)},
        (f"责任审计不符合：{zh}", f"audit, does not comply: {en}"),
        f"/audits/{one.audit.number}",
        one.simulated,
    )
