"""What is owed 应尽义务: which duties follow from a permit, and on which day each is due.

Pure: permits and settings in, drafts out. The permit itself decides what it owes (``attributes.reports``);
where it does not say, its class does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from huanzhi.ecocode.permits.periods import Span, spans
from huanzhi.ecocode.permits.settings import clock, settings
from huanzhi.library.enterprises.models import Permit

MONTHS = {"report_year": 12, "report_quarter": 3, "report_month": 1, "ledger": 1}


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty that follows; `waived` names the rule by which it need not be done."""

    kind: str
    period: str
    opens: date
    due: date
    confidence: str
    subject: str = ""
    waived: str = ""


def owed(permit: Permit, year: int) -> Iterator[Owed]:
    """Go through what a permit owes for the periods of a year, reports and ledger.

    A period in which the permit did not hold on any day owes nothing.
    """
    rule = settings()["owes"].get(management_of(permit), {"reports": [], "ledger": False})
    wanted = list(permit.attributes.get("reports", rule["reports"])) + (["ledger"] if rule["ledger"] else [])
    for kind in wanted:
        if kind in MONTHS:
            yield from _of_kind(permit, kind, year)


def management_of(permit: Permit) -> str:
    """Return the class of a permit: its own, else that of the enterprise."""
    return str(permit.management or permit.enterprise.management)


def held_from(permit: Permit) -> date | None:
    """Return the first day on which a permit is held; None where nobody told."""
    begun: date | None = permit.valid_from or permit.issued
    return begun


def _of_kind(permit: Permit, kind: str, year: int) -> Iterator[Owed]:
    replaced = settings()["replaced"].get(kind)
    for span in spans(year, MONTHS[kind]):
        if span.place == replaced or not overlaps(permit, span):
            continue
        due, confidence = due_of(kind, span, permit.enterprise.industry_code)
        yield Owed(
            kind,
            span.written,
            span.after,
            due,
            confidence,
            waived="held_less" if brief(permit, kind, span) else "",
        )


def overlaps(permit: Permit, span: Span) -> bool:
    """Return whether a permit holds on any day of a period."""
    begun = held_from(permit)
    if begun is not None and begun > span.last:
        return False
    return bool(permit.valid_to is None or permit.valid_to > span.begins)


def brief(permit: Permit, kind: str, span: Span) -> bool:
    """Return whether a permit was held for so short a time in a period that no report is owed."""
    rule = settings()["held_less"].get(kind)
    if rule is None:
        return False
    first = max(held_from(permit) or span.begins, span.begins)
    after = min(permit.valid_to or span.after, span.after)
    if rule["unit"] == "days":
        return bool((after - first).days < rule["number"])
    return later(first, rule["number"]) > after


def later(day: date, months: int) -> date:
    """Return the same day some months later, the last of the month where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("no day")


def due_of(kind: str, span: Span, industry: str) -> tuple[date, str]:
    """Return the last day of a duty of a period, and how sure it is; an extension of the year goes first."""
    for row in settings()["extension"]:
        if row["duty"] == kind and row["year"] == span.year and _fits(row, industry):
            return row["due"], row["confidence"]
    row = next(row for row in settings()["due"] if row["duty"] == kind and _fits(row, industry))
    if "after_days" in row:
        return span.last + timedelta(days=row["after_days"]), row["confidence"]
    return date(span.year + 1, row["month"], row["day"]), row["confidence"]


def _fits(row: Mapping[str, Any], industry: str) -> bool:
    return "industries" not in row or any(industry.startswith(code) for code in row["industries"])


def renewal(permit: Permit) -> Owed | None:
    """Return the application for renewal that a permit with an end owes.

    `Permit.valid_to` is the first day on which it no longer holds.
    """
    if permit.valid_to is None:
        return None
    row = clock("renew_apply_before_expiry")
    last = permit.valid_to - timedelta(days=1)
    due = last - timedelta(days=row["number"])
    return Owed("renewal", f"{last.year}", later(due, -12), due, row["confidence"], subject=permit.code)
