"""Paths of targets 目标路径: milestones on the way, linear unless they are given.

A linear path is ours: no document asks for it. It goes from a value of a year to that of the target in equal
yearly steps, rounded at the reported decimals by GB/T 8170, and ends on the target itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from huanzhi.assess.exact import round_fraction
from huanzhi.errors import InputError

LINEAR, GIVEN = "linear", "given"


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is to be reached by the end of a day."""

    day: date
    value: Decimal

    def as_dict(self) -> dict[str, str]:
        """Return it as plain values."""
        return {"day": self.day.isoformat(), "value": f"{self.value:f}"}


def linear(base_year: int, base: Decimal, year: int, target: Decimal, decimals: int) -> tuple[Milestone, ...]:
    """Return the yearly milestones after `base_year`, the last of them the target.

    Raises
    ------
    InputError
        ``indicators.base_year`` if the base is not before the target.
    """
    if base_year >= year:
        raise InputError("indicators.base_year", value=base_year, expected=f"< {year}")
    step = (Fraction(target) - Fraction(base)) / (year - base_year)
    found = [
        Milestone(date(one, 12, 31), _rounded(Fraction(base) + step * (one - base_year), decimals))
        for one in range(base_year + 1, year)
    ]
    return (*found, Milestone(date(year, 12, 31), target))


def _rounded(value: Fraction, decimals: int) -> Decimal:
    return Decimal(round_fraction(value, decimals)).scaleb(-decimals)


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Milestone, ...]:
    """Read milestones, in the order of their days.

    Raises
    ------
    InputError
        If a day or value is none, or two milestones are on one day.
    """
    found = []
    for number, row in enumerate(rows, 1):
        try:
            found.append(Milestone(date.fromisoformat(str(row["day"])), finite(row["value"])))
        except (KeyError, ValueError, InvalidOperation):
            raise InputError("indicators.milestone", row=number, value=str(dict(row))[:80]) from None
    ordered = tuple(sorted(found, key=lambda one: one.day))
    if len({one.day for one in ordered}) != len(ordered):
        raise InputError("indicators.milestone_twice")
    return ordered


def finite(value: object) -> Decimal:
    """Return a number that is one; ValueError otherwise."""
    found = Decimal(str(value).strip())
    if not found.is_finite():
        raise ValueError(value)
    return found


def goal(path: Sequence[Milestone], day: date) -> Milestone | None:
    """Return the milestone that is aimed at on a day: the next one on or after it."""
    coming = [one for one in path if one.day >= day]
    return min(coming, key=lambda one: one.day) if coming else None
