"""Outlook of a year 年度预估: where a running mean or share will end, from the same days of earlier years.

A simple stated method, no model: the rest of the year is taken to be as it was in earlier years, moved by a
part of what this year so far differs from them. The range comes from how far the same method was off for
each earlier year when that year was left out. It is a forecast, so it runs in floats and is never a
regulated figure.

The share of the difference that is carried on (`CARRIED`) was chosen on open data of twelve cities, see
``benchmarks/outlook.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean

CARRIED = 0.75
"""Part of this year's difference that is carried into the rest. DEFAULT, NOT FROM THE DOCUMENTS."""

FEWEST_YEARS = 2
"""Earlier years without which nothing is foreseen. DEFAULT, NOT FROM THE DOCUMENTS."""

WIDTH = 2.5
"""Standard errors on each side: on open data the range held 83 to 94 of 100 years, see the benchmark.
DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(frozen=True, slots=True)
class YearParts:
    """An earlier year cut at the same day: the means before and after, and the days behind them."""

    before: float
    after: float
    days_before: int
    days_after: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where the year will end.

    Attributes
    ----------
    central, low, high : float
    years : int
        Earlier years that it stands on.
    rest : float
        What the rest of the year is taken to be.
    """

    central: float
    low: float
    high: float
    years: int
    rest: float


def outlook(
    so_far: float, count: int, left: int, earlier: Sequence[YearParts], carried: float = CARRIED
) -> Outlook | None:
    """Return where a mean will end; None with too few earlier years.

    Parameters
    ----------
    so_far, count : float, int
        Mean of the valid days so far and their number.
    left : int
        Days that remain.
    earlier : sequence of YearParts
        Years cut at the same day of the year; those without days on either side do not count.
    """
    known = [year for year in earlier if year.days_before and year.days_after]
    if len(known) < FEWEST_YEARS or count == 0:
        return None
    rest = _rest(so_far, known, carried)
    central = (so_far * count + rest * left) / (count + left)
    spread = _error(known, carried) * WIDTH * left / (count + left)
    return Outlook(central, central - spread, central + spread, len(known), rest)


def _rest(so_far: float, known: Sequence[YearParts], carried: float) -> float:
    usual_before, usual_after = mean(y.before for y in known), mean(y.after for y in known)
    return usual_after + carried * (so_far - usual_before)


def _error(known: Sequence[YearParts], carried: float) -> float:
    """Return the standard error of the rest, from leaving each year out, widened for few years."""
    misses = []
    for place, year in enumerate(known):
        others = [one for number, one in enumerate(known) if number != place]
        misses.append(year.after - _rest(year.before, others, carried))
    return sqrt(mean(miss * miss for miss in misses) * (1 + 1 / len(known)))
