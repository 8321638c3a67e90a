"""Matching 目标与指标的对应: which indicator a target of a document means, what hinders, what it asks.

A name that is an indicator's own matches; everything else is said by a person. What is damaged, lacks its
year or is no number cannot be bound. The unit must be one that turns into that of the indicator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.indicators import names, registry
from huanzhi.library.indicators.paths import finite
from huanzhi.library.indicators.registry import Definition
from huanzhi.library.indicators.units import converted
from huanzhi.messages import catalogue, text
from huanzhi.programmes.indicators.citing import Written
from huanzhi.programmes.indicators.judging import Goal

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bound:
    """A target of a document with the indicator that it means."""

    told: Told
    definition: Definition
    goal: Goal
    written: Written


def obstacle(told: Told, review: str = "accepted") -> str:
    """Return why an item cannot be bound, in the reader's words; empty where it can."""
    lost = [field_name(name) for name in told.get("damaged") or () if name]
    if lost:
        return text("indicators.bind_damaged", fields="、".join(lost))
    if review not in ("accepted", "edited"):
        return text("indicators.bind_open")
    if _number(told.get("value")) is None:
        return text("indicators.bind_worded")
    if not year_of(told):
        return text("indicators.bind_no_year")
    return ""


def field_name(name: str) -> str:
    """Return a damaged part of an item in the reader's words; its own name where it has none."""
    key = f"indicators.field_{name}"
    return text(key) if key in catalogue() else name


def _number(value: object) -> Decimal | None:
    try:
        return finite(value)
    except (ValueError, InvalidOperation):
        return None


def year_of(told: Told) -> int | None:
    """Return the year that an item tells, None where it tells none."""
    year = str(told.get("year") or "")
    return int(year) if year.isdigit() else None


def goal_of(told: Told, definition: Definition) -> Goal:
    """Return what an item asks, in the unit of the indicator.

    Raises
    ------
    InputError
        If it cannot be bound, or its unit is another quantity's.
    """
    why, year = obstacle(told), year_of(told)
    if why or year is None:
        raise InputError("indicators.bind_worded", value=str(told.get("indicator", ""))[:60])
    unit = str(told.get("unit") or definition.unit)
    numbers = {
        name: converted(number, unit, definition.unit)
        for name in ("value", "upper", "stretch")
        if (number := _number(told.get(name))) is not None
    }
    return Goal(str(told["op"]), numbers["value"], year, numbers.get("upper"), numbers.get("stretch"))


def bind_by_name(
    items: Iterable[Told], written: Written, chosen: Mapping[str, str] | None = None
) -> tuple[list[Bound], list[Told]]:
    """Bind the targets of a document whose name is an indicator's own, and those that the user chose.

    Parameters
    ----------
    items : iterable of mapping
        Targets as `huanzhi.plans` gives them.
    written : Written
        The document; quote and place are those of each item.
    chosen : mapping
        Name of a target → code of the indicator.

    Returns
    -------
    tuple
        What was bound, and the targets that were not.
    """
    known, wanted = registry.shipped(), dict(chosen or {})
    bound: list[Bound] = []
    left: list[Told] = []
    for told in items:
        code = wanted.get(str(told["indicator"])) or _same(str(told["indicator"]), known) or ""
        try:
            goal = goal_of(told, known[code]) if code in known else None
        except InputError:
            goal = None
        if goal is None:
            left.append(told)
        else:
            place = replace(written, quote=told["quote"], start=told["start"], end=told["end"])
            bound.append(Bound(told, known[str(code)], goal, place))
    return bound, left


def _same(name: str, known: Mapping[str, Definition]) -> str | None:
    found = names.candidates(name, known.values())
    return found[0].definition.code if found and found[0].same else None
