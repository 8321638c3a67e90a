"""The catalogue of rules 预警规则目录: every ready-made rule with what it stands on and how it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from huanzhi.center.warnings.models import OwnRule, Switch, Warning
from huanzhi.center.warnings.settings import own_rule, settings
from huanzhi.center.warnings.words import title
from huanzhi.center.watching.rules import tables
from huanzhi.errors import StandardError
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.messages import catalogue as messages
from huanzhi.rules import versions

DEFAULT = "DEFAULT, NOT FROM THE DOCUMENTS"
_KEPT = ("level", "escalate", "issue", "reply", "told", "release", "lost_hours", "known_hours", "marks")


def ready_made() -> tuple[str, ...]:
    """Return the codes of the ready-made rules."""
    return tuple(settings()["rule"])


def short_rows() -> list[dict[str, Any]]:
    """Return all rules by code and name, those of the city too."""
    made = [
        {
            "code": rule,
            "zh": title(rule, "zh"),
            "en": title(rule, "en"),
            "theme": settings()["rule"][rule]["theme"],
        }
        for rule in ready_made()
    ]
    own = [
        {"code": row.rule, "zh": row.name, "en": row.name_en or row.name, "theme": "own"}
        for row in OwnRule.objects.all()
    ]
    return made + own


def rows(day: date, place: str) -> list[dict[str, Any]]:
    """Return the ready-made rules with basis, confidence, thresholds, and where each is off."""
    off: dict[str, list[dict[str, Any]]] = {}
    for one in Switch.objects.select_related("region"):
        told = {"region": one.region_id, "name": one.region.name, "on": one.on, "reason": one.reason}
        off.setdefault(one.rule, []).append({**told, "by": one.by, "revision": one.revision})
    return [{**_row(rule, day, place), "switches": off.get(rule, [])} for rule in ready_made()]


def _row(rule: str, day: date, place: str) -> dict[str, Any]:
    table = settings()["rule"][rule]
    kept = {name: table[name] for name in _KEPT if name in table}
    book = _book(str(table.get("rulebook", "")), day, place)
    confidence = book["confidence"] if book else DEFAULT
    basis = book["basis"] if book else dict(messages()["warnings.basis_own"])
    return {
        "code": rule,
        "zh": title(rule, "zh"),
        "en": title(rule, "en"),
        "theme": table["theme"],
        "work": table.get("work", "watch"),
        "thresholds": {**tables().get(rule, {}), **kept},
        "rulebook": book,
        "basis": {"zh": basis["zh"], "en": basis["en"]},
        "confidence": confidence,
    }


def _book(identity: str, day: date, place: str) -> dict[str, Any] | None:
    if not identity:
        return None
    try:
        book = in_force(identity, day, place)
    except StandardError:  # it holds elsewhere: told all the same, with its place
        shipped = versions(identity)
        if not shipped:
            return None
        book = shipped[-1]
    return {
        "id": book.id,
        "version": book.version,
        "place": book.place,
        "confidence": book.provenance.confidence.value,
        "basis": {"zh": book.basis.zh, "en": book.basis.en},
    }


def thresholds_of(row: Warning) -> tuple[Mapping[str, Any], str]:
    """Return the thresholds that a warning rose by, and how far they are confirmed."""
    if row.rule in tables():
        return tables()[row.rule], str(tables()["confidence"])
    if row.judged.get("confidence"):
        return dict(row.judged.get("outputs", {})), str(row.judged["confidence"])
    own = own_rule(row.rule)
    if own is not None:
        return dict((own.published or {}).get("spec", own.spec)), own.basis or DEFAULT
    return dict(settings()["rule"].get(row.rule, {})), DEFAULT
