"""What disclosure tells of an enterprise: late, and false once it is confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from huanzhi.ecocode.disclosure.models import Finding
from huanzhi.ecocode.disclosure.settings import settings
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.messages import catalogue
from huanzhi.standards.periods import CHINA


def occurrences(day: date) -> Iterator[Occurrence]:
    """Yield what is known as of a day.

    ``disclosure_late`` holds from the day after the clock ended until the report came; a finding that was
    dismissed never happened. ``disclosure_false`` holds from the day on which it was confirmed.
    """
    rows = Finding.objects.select_related("enterprise", "item").exclude(state="dismissed").order_by("pk")
    for finding in rows:
        made = _late(finding) if settings()["finding"][finding.sort]["kind"] == "late" else _false(finding)
        if made is not None and made.day <= day:
            yield made


def _late(finding: Finding) -> Occurrence | None:
    """Return that an item was late; what is missing and what came late are one and the same occurrence."""
    if finding.sort.endswith("_late") and _missing(finding):
        return None
    item = finding.item
    until = item.disclosed.astimezone(CHINA).date() if item.disclosed else None
    begun = finding.since + timedelta(days=1)
    if until is not None and until <= begun:
        until = begun + timedelta(days=1)
    return _made(finding, "disclosure_late", f"disclosure_item:{item.code}", begun, until)


def _missing(finding: Finding) -> bool:
    other = finding.sort.replace("_late", "_missing")
    return Finding.objects.filter(item=finding.item_id, sort=other).exclude(state="dismissed").exists()


def _false(finding: Finding) -> Occurrence | None:
    if finding.state != "confirmed" or finding.ended is None:
        return None
    source = f"disclosure_finding:{finding.number}"
    return _made(finding, "disclosure_false", source, finding.ended.astimezone(CHINA).date(), None)


def _made(finding: Finding, kind: str, source: str, begun: date, until: date | None) -> Occurrence:
    words = catalogue()[f"disclosure.{kind}"]
    what = settings()["finding"][finding.sort]
    return Occurrence(
        finding.enterprise.code,
        kind,
        source,
        begun,
        until,
        {"sort": finding.sort, "item": finding.item.sort, "year": finding.item.year},
        (f"{words['zh']}：{what['zh']}", f"{words['en']}: {what['en']}"),
        f"/disclosure/findings/{finding.number}",
        finding.simulated,
    )
