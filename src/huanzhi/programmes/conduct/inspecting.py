"""Inspections 检查频次: colour and credit reach the pool of objects, so that an event changes the rate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from huanzhi import rules
from huanzhi.center.inspections.models import Subject
from huanzhi.center.inspections.pools import judge_again
from huanzhi.center.inspections.settings import settings as pool_settings
from huanzhi.ecocode.grades.models import Code
from huanzhi.ecocode.grades.schemes import level_row, scheme_of
from huanzhi.library.rulebooks import holding
from huanzhi.standards.periods import CHINA

BOOK = "grade_inspection"
BATCH = 500


def carry(enterprises: Iterable[int], now: datetime) -> int:
    """Carry colour and grade of enterprises into the pool; return how many objects changed."""
    keys = sorted(enterprises)
    changed = 0
    asked: Asked = {}
    for begin in range(0, len(keys), BATCH):
        part = keys[begin : begin + BATCH]
        rows = Code.objects.filter(enterprise__in=part)
        held = {(one.enterprise_id, one.sort): one for one in rows}
        subjects = Subject.objects.filter(enterprise__in=part).select_related("enterprise__region")
        wanted = [one for one in subjects if _differs(one, held, now.astimezone(CHINA).date(), asked)]
        changed += judge_again(wanted, now)
    return changed


Asked = dict[tuple[str, str], str]


def _differs(subject: Subject, held: dict[tuple[int, str], Code], day: date, asked: Asked) -> bool:
    colour, credit = colour_of(held.get((subject.enterprise_id, "code"))), ""
    graded = held.get((subject.enterprise_id, "credit"))
    if graded is not None:
        credit = grade_of(graded, day, asked)
    if (subject.colour, subject.credit) == (colour, credit):
        return False
    subject.colour, subject.credit = colour, credit
    return True


def colour_of(code: Code | None) -> str:
    """Return the colour as the pool knows it; blue is watched as green, black as red, unknown is none."""
    if code is None:
        return ""
    colour = level_row(scheme_of(code.scheme), code.level)["colour"]
    near = {"blue": "green", "black": "red"}.get(colour, colour)
    return near if near in pool_settings()["colour"] else ""


def grade_of(code: Code, day: date, asked: Asked) -> str:
    """Return the grade of draws for a level of credit, by the rulebook of the place; empty where unknown."""
    colour = level_row(scheme_of(code.scheme), code.level)["colour"]
    if colour == "unknown":
        return ""
    key = (colour, code.region_id)
    if key not in asked:
        book = holding.in_force(BOOK, day, code.region_id)
        asked[key] = str(rules.evaluate(book, {"colour": colour}).outputs["credit"])
    return asked[key]
