"""Allowance 许可量余额: used, left, share of the year, and a forecast of the year's end with its range.

The forecast is ours: what is used, and for each day that is left the mean day of the last block of days; the
range takes the lowest and the highest block of the year instead. It says nothing of planned changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from huanzhi.errors import InputError


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will have left by the end of the period [the unit of the days]; low to high.

    Attributes
    ----------
    blocks : int
        Whole blocks of days that the range was taken from.
    confidence : str
        ``good``, ``fair`` or ``poor``, by the blocks and by the share of hours that are known.
    """

    likely: Fraction
    low: Fraction
    high: Fraction
    blocks: int
    confidence: str

    def over(self, size: int) -> Forecast:
        """Return the forecast in a unit that is `size` times as large."""
        return replace(self, likely=self.likely / size, low=self.low / size, high=self.high / size)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a permitted quantity stands; `left` is below 0 where it is used up.

    Attributes
    ----------
    state : str
        ``over``: used up; ``likely_over``: the forecast passes the permit; ``may_pass``: the high end does;
        ``within``; ``unknown`` without a forecast.
    """

    used: Fraction
    permitted: Fraction
    left: Fraction
    share: Fraction | None
    year_share: Fraction
    state: str
    forecast: Forecast | None


def forecast(
    days: Sequence[Fraction] | Sequence[int],
    left: int,
    block: int,
    known: Fraction | None,
    levels: Sequence[Level],
) -> Forecast | None:
    """Forecast the sum at the end of a period.

    Parameters
    ----------
    days : sequence of Fraction or int
        What left on each day that is over, the first day of the period first.
    left : int
        Days that are still to come.
    block : int
        Days of a block.
    known : Fraction or None
        Share of the due hours that are known; None where none was due.
    levels : sequence of Level
        The first that fits gives the confidence.

    Returns
    -------
    Forecast or None
        None while there is no whole block.

    Raises
    ------
    InputError
        ``emission.days`` if the numbers of days are none.
    """
    if block < 1 or left < 0:
        raise InputError("emission.days", value=f"{block}, {left}")
    number = len(days) // block
    if number == 0:
        return None
    used = Fraction(sum(days))
    end = len(days)
    means = [Fraction(sum(days[end - (n + 1) * block : end - n * block])) / block for n in range(number)]
    share = known if known is not None else Fraction(1)
    level = next((one.name for one in levels if number >= one.blocks and share >= one.known), "poor")
    return Forecast(used + means[0] * left, used + min(means) * left, used + max(means) * left, number, level)


@dataclass(frozen=True, slots=True)
class Level:
    """From how many blocks and which share of known hours a forecast has this confidence."""

    name: str
    blocks: int
    known: Fraction


def standing(
    used: Fraction,
    permitted: Fraction,
    year_share: Fraction,
    ahead: Forecast | None,
    *,
    whole: bool = True,
) -> Standing:
    """Return how a permitted quantity stands; a permitted quantity of 0 has no share.

    Parameters
    ----------
    whole : bool
        False where too much of what is over is not known: `used` is then a lower bound, which may say that a
        permit is passed but never that it is kept.
    """
    share = used / permitted if permitted > 0 else None
    state = _state(used, permitted, ahead)
    state = "unknown" if state == "within" and not whole else state
    return Standing(used, permitted, permitted - used, share, year_share, state, ahead)


def _state(used: Fraction, permitted: Fraction, ahead: Forecast | None) -> str:
    if used > permitted:
        return "over"
    if ahead is None:
        return "unknown"
    if ahead.likely > permitted:
        return "likely_over"
    return "may_pass" if ahead.high > permitted else "within"


def share_of_span(first: date, after: date, day: date) -> Fraction:
    """Return the share of the days of [`first`, `after`) that are over when `day` begins, 0 to 1."""
    whole = (after - first).days
    over = min(max((day - first).days, 0), whole)
    return Fraction(over, whole) if whole else Fraction(1)
