"""Grading 分级: what the score card says of something published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huanzhi import rules
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.standards.periods import CHINA

BOOK = "opinion_grade"


@dataclass(frozen=True, slots=True)
class Graded:
    """Grade with its points and why."""

    grade: str
    score: int
    version: str
    confidence: str
    reasons: tuple[dict[str, Any], ...]


def grade(opinion: Any) -> Graded:
    """Return the grade of something published, by the card in force on its day at its place."""
    moment: datetime = opinion.published
    book = in_force(BOOK, moment.astimezone(CHINA).date(), opinion.region_id or "")
    names = ("media", "tone", "reads", "spread", "incident")
    result = rules.evaluate(book, {name: getattr(opinion, name) for name in names})
    points = sum((hit.points or 0 for hit in result.hits), start=book.base)
    reasons = tuple(
        {"points": int(hit.points or 0), "words": "；".join(one.text() for one in hit.reasons)}
        for hit in result.hits
    )
    return Graded(
        str(result.outputs["grade"]), int(points), book.version, book.provenance.confidence.value, reasons
    )
