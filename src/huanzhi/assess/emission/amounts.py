"""Quantities of periods 排放量: hours added up by day, month, quarter or year, exactly, with their counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from huanzhi.assess.emission.hours import Hours, Origin
from huanzhi.assess.exact import MISSING, round_fraction
from huanzhi.assess.explanation import Explanation, Step
from huanzhi.standards.model import Table

MILLIGRAMS = 1_000_000
"""Milligrams in a kilogram."""
TONNE = 10**9
"""Milligrams in a tonne."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What left an outlet in a period.

    Attributes
    ----------
    measured, substituted : int
        [mg], each rounded once by GB/T 8170.
    measured_hours, substituted_hours, missing_hours, stopped_hours : int
        Hours by origin; together the hours of the period that are over.
    """

    measured: int = 0
    substituted: int = 0
    measured_hours: int = 0
    substituted_hours: int = 0
    missing_hours: int = 0
    stopped_hours: int = 0

    @property
    def total(self) -> int:
        """Return all that is known to have left [mg]; more may have where hours are missing."""
        return self.measured + self.substituted

    @property
    def due_hours(self) -> int:
        """Return the hours in which the outlet was not marked as stopped."""
        return self.measured_hours + self.substituted_hours + self.missing_hours

    @property
    def known_share(self) -> Fraction | None:
        """Return the share of the due hours that are measured or put in; None where none was due."""
        due = self.due_hours
        return Fraction(due - self.missing_hours, due) if due else None

    def __add__(self, other: Amount) -> Amount:
        return Amount(*(getattr(self, name) + getattr(other, name) for name in FIELDS))


FIELDS = ("measured", "substituted", "measured_hours", "substituted_hours", "missing_hours", "stopped_hours")


def added(amounts: Iterable[Amount]) -> Amount:
    """Return the sum of amounts; of months it is the year, of outlets the enterprise."""
    return sum(amounts, Amount())


def by_period(hours: Hours, labels: npt.ArrayLike, milligrams: Fraction) -> dict[int, Amount]:
    """Add hours up by the label of their period.

    Parameters
    ----------
    labels : array_like of int, shape (n,)
        Period of each hour: days, months, quarters as numbers.
    milligrams : Fraction
        Mass of one unit of `Hours.products`.

    Returns
    -------
    dict
        Label → amount. The sum of the hours is exact; it is rounded once, to a milligram.
    """
    marks = np.asarray(labels)
    return {int(label): _amount(hours, marks == label, milligrams) for label in np.unique(marks)}


def _amount(hours: Hours, inside: npt.NDArray[np.bool_], milligrams: Fraction) -> Amount:
    origins = hours.origins[inside]
    units = hours.products[inside]
    counts = {origin: int((origins == origin).sum()) for origin in Origin}
    mass = {
        origin: round_fraction(int(units[(origins == origin) & (units != MISSING)].sum()) * milligrams, 0)
        for origin in (Origin.MEASURED, Origin.SUBSTITUTED)
    }
    return Amount(
        mass[Origin.MEASURED],
        mass[Origin.SUBSTITUTED],
        counts[Origin.MEASURED],
        counts[Origin.SUBSTITUTED],
        counts[Origin.MISSING],
        counts[Origin.STOPPED],
    )


def tonnes(milligrams: int, decimals: int = 6) -> Decimal:
    """Return milligrams as tonnes, rounded by GB/T 8170 to `decimals`; nine lose nothing."""
    return Decimal(round_fraction(Fraction(milligrams, TONNE), decimals)).scaleb(-decimals)


def explain(
    amount: Amount, inputs: Mapping[str, Any], clause: str, tables: tuple[Table, ...] = ()
) -> Explanation:
    """Return how a quantity was found: the formula, the hours by origin, the two parts and their sum.

    Parameters
    ----------
    clause : str
        Standard and rule by which hours were put in; empty where none were.
    """
    steps = [
        Step("emission.step_formula", {}),
        Step("emission.step_measured", {"hours": amount.measured_hours, "tonnes": tonnes(amount.measured)}),
        Step(
            "emission.step_substituted",
            {"hours": amount.substituted_hours, "tonnes": tonnes(amount.substituted)},
            clause if amount.substituted_hours else "",
        ),
        Step("emission.step_stopped", {"hours": amount.stopped_hours}),
        Step("emission.step_missing", {"hours": amount.missing_hours}),
        Step("emission.step_total", {"tonnes": tonnes(amount.total)}),
    ]
    result = {"tonnes": str(tonnes(amount.total)), "at_least": amount.missing_hours > 0}
    return Explanation(inputs, (), tuple(steps), result, tables)
