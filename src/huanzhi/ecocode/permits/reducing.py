"""Emission reduction 总量减排: what projects have reduced and what the monitors say, against the target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from huanzhi.assess.emission.amounts import tonnes
from huanzhi.ecocode.permits.models import MonthAmount, ReductionProject, ReductionTarget


@dataclass(frozen=True, slots=True)
class Progress:
    """How a target stands [t].

    Attributes
    ----------
    achieved : Decimal
        Sum of the accepted projects of the years after the base year up to that of the target.
    planned : Decimal
        The same with projects that are not accepted yet.
    left : Decimal
        What is still to be reduced; 0 where the target is reached.
    online : Decimal or None
        What the monitors had of the year of the target; None where nobody measured.
    """

    achieved: Decimal
    planned: Decimal
    left: Decimal
    online: Decimal | None


def progress(
    target: ReductionTarget, projects: Iterable[ReductionProject], months: Iterable[MonthAmount]
) -> Progress:
    """Return how a target stands by the projects and months of its region and pollutant."""
    path = target.region.path
    mine = [
        one
        for one in projects
        if one.parameter == target.parameter
        and target.base_year < one.year <= target.year
        and one.region.path.startswith(path)
    ]
    achieved = sum((Decimal(one.quantity) for one in mine if one.accepted), Decimal(0))
    planned = sum((Decimal(one.quantity) for one in mine), Decimal(0))
    masses = [
        one.measured + one.substituted
        for one in months
        if one.parameter == target.parameter
        and one.year == target.year
        and one.outlet.region.path.startswith(path)
    ]
    left = max(Decimal(target.target) - achieved, Decimal(0))
    return Progress(achieved, planned, left, tonnes(sum(masses)) if masses else None)
