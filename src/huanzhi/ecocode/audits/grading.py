"""Grade 审计等级 of an audit from the findings of its items, by rulebook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from huanzhi import rules
from huanzhi.ecocode.audits.form import items
from huanzhi.ecocode.audits.models import AuditItem
from huanzhi.library.rulebooks import holding

BOOK = "responsibility_audit"


def told_of(rows: Iterable[AuditItem]) -> dict[str, Any]:
    """Return the inputs of the rulebook: failed key items, other failed ones, percent that is unknown."""
    applicable = [one for one in rows if one.finding != "not_applicable"]
    failed = [one for one in applicable if one.finding == "failed"]
    keys = sum(items()[one.item].key for one in failed if one.item in items())
    unknown = sum(one.finding in ("unknown", "") for one in applicable)
    share = 100 * unknown // len(applicable) if applicable else 100
    return {"key_failed": keys, "failed": len(failed) - keys, "unknown_percent": share}


def grade(rows: Iterable[AuditItem], day: date, place: str) -> tuple[str, dict[str, Any]]:
    """Return the grade and the answer of the rulebook that holds at a place on a day."""
    answer = rules.evaluate(holding.in_force(BOOK, day, place), told_of(rows))
    return str(answer.outputs["grade"]), answer.as_dict()
