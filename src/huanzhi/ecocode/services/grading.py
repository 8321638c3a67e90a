"""Grading 评级: score, grade and advice from the credit file of the last months, by rulebook."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from huanzhi import rules
from huanzhi.ecocode.services.models import Check, Firm, Mark
from huanzhi.ecocode.services.settings import settings
from huanzhi.library.records.acting import act
from huanzhi.library.rights import SYSTEM
from huanzhi.library.rulebooks import holding

BOOK, ADVICE = "service_grade", "service_standing"
COUNTED = {"praise": "praise", "poor": "poor_work", "effect": "effect_failed", "penalty": "penalty"}
COUNTED |= {"serious": "serious", "falsified": "falsified"}
"""Inputs of the rulebook and the marks that they count."""


def grade(firm: Firm, day: date) -> Firm:
    """Grade a firm as of a day; the platform warns and takes a warning back, nothing more."""
    told = told_of(firm, day)
    found: dict[str, Any] = {"score": "", "grade": "unknown", "why": {}}
    if told is not None:
        answer = rules.evaluate(holding.in_force(BOOK, day, firm.region_id), told)
        score, word = str(answer.outputs["total"]), str(answer.outputs["grade"])
        found = {"score": score, "grade": word, "why": answer.as_dict()}
    advice = _advised(firm, str(found["grade"]), day)
    advised = str(advice["outputs"]["advised"])
    if advised != "none":
        found["why"] = {**found["why"], "advice": advice}
    standing = _warned(firm.standing, advised)
    held = {"score": firm.score, "grade": firm.grade, "advised": firm.advised, "standing": firm.standing}
    new = {"score": found["score"], "grade": found["grade"], "advised": advised, "standing": standing}
    same_row = _advising(firm.why) == _advising(found["why"])
    if held == new and same_row and firm.graded is not None:
        return firm
    if standing != firm.standing:
        firm.standing_since, firm.standing_words = day, ""
    for name, value in {**new, "why": found["why"], "graded": day}.items():
        setattr(firm, name, value)
    return act(SYSTEM, firm, "grade", "rulebook")  # type: ignore[no-any-return]


def grade_all(day: date) -> dict[str, int]:
    """Grade every firm; return how many were graded anew and how many stand warned."""
    done = {"graded": 0, "warned": 0}
    for firm in Firm.objects.select_related("region").order_by("pk"):
        before = firm.revision
        grade(firm, day)
        done["graded"] += firm.revision != before
        done["warned"] += firm.standing == "warned"
    return done


def told_of(firm: Firm, day: date) -> dict[str, Any] | None:
    """Return the inputs of the rulebook; None where no work was checked: not known is not good."""
    since = months_before(day, settings()["window"]["grade_months"])
    scores = Check.objects.filter(work__firm=firm, day__gt=since, day__lte=day).values_list(
        "score", flat=True
    )
    if not scores:
        return None
    mean = sum(Decimal(one) for one in scores) / len(scores)
    counts = marks_of(firm, day)
    told = {name: counts[sort] for name, sort in COUNTED.items()}
    return {"quality": str(mean.quantize(Decimal("0.1"))), **told}


def marks_of(firm: Firm, day: date) -> Counter[str]:
    """Return how many marks of each sort count on a day."""
    since = months_before(day, settings()["window"]["grade_months"])
    rows = Mark.objects.filter(firm=firm, day__gt=since, day__lte=day)
    return Counter(one.sort for one in rows if one.until is None or day < one.until)


def _advised(firm: Firm, word: str, day: date) -> dict[str, Any]:
    counts = marks_of(firm, day)
    expired = firm.qualified_until is not None and firm.qualified_until < day
    told = {"serious": counts["serious"], "falsified": counts["falsified"], "expired": expired}
    graded = {"grade": word} if word != "unknown" else {}
    book = holding.in_force(ADVICE, day, firm.region_id)
    return rules.evaluate(book, {**graded, **told}).as_dict()


def _advising(why: dict[str, Any]) -> int | None:
    row: int | None = why.get("advice", {}).get("row")
    return row


def _warned(standing: str, advised: str) -> str:
    if standing not in ("listed", "warned"):
        return standing
    return "listed" if advised == "none" else "warned"


def months_before(day: date, months: int) -> date:
    """Return the day so many months before; the last of the month where that has no such day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return day
