"""Legend 图例: the levels or classes that a calendar is coloured by, as the standards name them."""

from __future__ import annotations

from datetime import date
from typing import Any

from huanzhi import standards
from huanzhi.atlas import legends
from huanzhi.messages import language, text
from huanzhi.programmes.place.subject import Family
from huanzhi.standards.air import aqi_rule
from huanzhi.standards.periods import Period
from huanzhi.standards.water import EVALUATION

VERDICTS = ("complies", "exceeds", "unknown")


def legend(family: Family, day: date) -> list[dict[str, Any]]:
    """Return the entries of a legend: level, value, name, colour, hex; verdicts have no official colour."""
    if family == "air":
        return _levels(day)
    if family == "water":
        return _grades(day)
    if family == "outlet":
        return [
            {"level": 0, "value": word, "name": text(f"series_api.verdict_{word}"), "colour": "", "hex": ""}
            for word in VERDICTS
        ]
    return []


def _levels(day: date) -> list[dict[str, Any]]:
    edition = standards.in_force("HJ 633", day, early=True)
    return [
        {
            "level": one.number,
            "value": f"{one.lowest}–{one.highest}",
            "name": one.name_en if language() == "en" else one.name,
            "colour": one.colour,
            "hex": one.hex,
        }
        for one in aqi_rule(edition, Period.DAY).levels
    ]


def _grades(day: date) -> list[dict[str, Any]]:
    rows = standards.in_force(EVALUATION, day).table("section_grades").rows
    known = {grade.short: grade.colour for grade in legends.grades("surface_water", day)}
    return [
        {
            "level": number,
            "value": "、".join(row["classes"]),
            "name": row["en"] if language() == "en" else row["name"],
            "colour": row["colour"],
            "hex": known.get(str(row["classes"][0]), ""),
        }
        for number, row in enumerate(rows, start=1)
    ]
