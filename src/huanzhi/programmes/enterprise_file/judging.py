"""Judging 判定: days and quarters of one outlet and parameter by the limits in force on each day.

Pure: columns of values in, verdicts out. A limit of hours is judged by hours, one of days by daily means; a
daily mean that the device did not send is the mean of the hours, where enough of them are valid. A value
below detection complies, a value under a flag of `NOT_JUDGED` does not count, a day of standstill is not due.
What is missing is never compliant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.programmes.enterprise_file.quarters import share
from huanzhi.programmes.place.limits import NOT_JUDGED, LimitStep
from huanzhi.standards.periods import DAY, HOUR, china_date

Bools = npt.NDArray[np.bool_]
HOURS = DAY // HOUR


@dataclass(frozen=True)
class Column:
    """Values of one series on a dense axis.

    Attributes
    ----------
    units : ndarray of int64, shape (n,)
        Numbers of 10**-`decimals`; ``exact.MISSING`` where there is none.
    states, flags : ndarray, shape (n,)
    """

    units: npt.NDArray[np.int64]
    decimals: int
    states: npt.NDArray[np.int8]
    flags: npt.NDArray[np.int32]

    @property
    def stopped(self) -> Bools:
        """Where the device says that the plant stands still."""
        return np.asarray((self.flags & int(DeviceFlag.STOPPED)) != 0)

    @property
    def below(self) -> Bools:
        """Where a value is below detection and counts."""
        return np.asarray((self.states == State.BELOW_DETECTION) & self._sound)

    @property
    def measured(self) -> Bools:
        """Where a measured value is there and counts."""
        return np.asarray((self.states == State.VALUE) & (self.units != MISSING) & self._sound)

    @property
    def counts(self) -> Bools:
        """Where a value is there and counts."""
        return np.asarray(self.measured | self.below)

    @property
    def empty(self) -> bool:
        """Whether nothing was ever said."""
        return bool((self.states == State.MISSING).all() and not self.flags.any())

    @property
    def _sound(self) -> Bools:
        return np.asarray((self.flags & int(NOT_JUDGED | DeviceFlag.STOPPED)) == 0)


@dataclass(frozen=True, slots=True)
class Exceeding:
    """One day beyond a limit: the value farthest beyond it, and how far, as a multiple 超标倍数."""

    day: date
    period: str
    value: Decimal
    limit: Decimal
    bound: str
    unit: str
    times: Decimal

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "day": self.day.isoformat(),
            "period": self.period,
            "value": f"{self.value:f}",
            "limit": f"{self.limit:f}",
            "bound": self.bound,
            "unit": self.unit,
            "times": f"{self.times:f}",
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a quarter stands.

    Attributes
    ----------
    state : str
        ``compliant``, ``exceeding``, ``unknown`` or ``not_applicable``.
    days : tuple of str
        For each day ``none`` (no limit), ``within``, ``over``, ``missing`` or ``stopped``.
    needed : int
        Valid days without which nothing is said.
    """

    state: str
    days: tuple[str, ...]
    over: tuple[Exceeding, ...]
    needed: int

    def count(self, word: str) -> int:
        """Return how many days stand so."""
        return self.days.count(word)

    @property
    def due(self) -> int:
        """Days on which a limit held."""
        return len(self.days) - self.count("none")

    @property
    def valid(self) -> int:
        """Days with a valid value."""
        return self.count("within") + self.count("over")


@dataclass
class _Days:
    """Masks over the days."""

    due: Bools
    fit: Bools
    over: Bools
    stopped: Bools

    @classmethod
    def empty(cls, number: int) -> _Days:
        return cls(*(np.zeros(number, dtype=bool) for _ in range(4)))


def judge(
    start: int,
    number: int,
    steps: Sequence[LimitStep],
    day: Column,
    hour: Column | None = None,
    there: Bools | None = None,
) -> Verdict:
    """Judge the days of a quarter and the quarter.

    Parameters
    ----------
    start, number : int
        Begin of the first day [seconds UTC], and days.
    steps : sequence of LimitStep
        Limits that judge, each with the averaging ``hour`` or ``day``, see `judged_by`.
    day, hour : Column
        Daily values, shape (number,), and hourly values, shape (number * 24,).
    there : ndarray of bool, optional
        Days on which the outlet was there; all by default.
    """
    standing = np.ones(number, dtype=bool) if there is None else there
    found: dict[int, Exceeding] = {}
    parts = []
    for averaging in ("day", "hour"):
        chosen = [step for step in steps if step.averaging == averaging]
        if chosen:
            column = _daily(day, hour, number) if averaging == "day" else hour
            parts.append(_part(start, number, chosen, column, averaging, found, standing))
    return _verdict(parts, number, tuple(found[place] for place in sorted(found)))


def _part(
    start: int,
    number: int,
    steps: Sequence[LimitStep],
    column: Column | None,
    averaging: str,
    found: dict[int, Exceeding],
    there: Bools,
) -> _Days:
    """Judge by the limits of one averaging; note in `found` what lies farthest beyond on each day."""
    days = _Days.empty(number)
    each = HOURS if averaging == "hour" else 1
    for step in steps:
        first, last = _places(step, start, number)
        held = np.zeros(number, dtype=bool)
        held[first:last] = True
        held &= there
        days.due |= held
        if column is not None:
            beyond = _beyond(step, column) & np.repeat(held, each)
            _note(found, step, column, beyond, start, each)
            days.over |= beyond.reshape(number, each).any(axis=1)
    if column is not None:
        _completeness(days, column, number, each)
    return days


def _places(step: LimitStep, start: int, number: int) -> tuple[int, int]:
    first = max(0, -(-(step.start - start) // DAY))
    last = min(number, -(-(step.end - start) // DAY))
    return min(first, number), max(0, last)


def _beyond(step: LimitStep, column: Column) -> Bools:
    """Return where measured values lie beyond a limit; in integers, so exact."""
    limit = Fraction(step.value) * 10**column.decimals
    if step.bound == "upper":
        return np.asarray(column.measured & (column.units > floor(limit)))
    return np.asarray(column.measured & (column.units < ceil(limit)))


def _note(
    found: dict[int, Exceeding], step: LimitStep, column: Column, beyond: Bools, start: int, each: int
) -> None:
    for place in np.flatnonzero(beyond).tolist():
        value = Decimal(int(column.units[place])).scaleb(-column.decimals)
        times = _times(Fraction(value), Fraction(step.value), step.bound)
        number = place // each
        day = china_date(start + number * DAY)
        made = Exceeding(day, step.averaging, value, step.value, step.bound, step.unit, times)
        if number not in found or found[number].times < times:
            found[number] = made


def _times(value: Fraction, limit: Fraction, bound: str) -> Decimal:
    by = (value - limit if bound == "upper" else limit - value) / (limit or 1)
    return Decimal(round(by * 100)).scaleb(-2)


def _completeness(days: _Days, column: Column, number: int, each: int) -> None:
    """Say which days have enough valid values, and on which the plant stood still."""
    counts = column.counts.reshape(number, each).sum(axis=1)
    stopped = column.stopped.reshape(number, each).sum(axis=1)
    running = each - stopped
    wanted = share("day", "hours_share")
    needed = -(-running * wanted.numerator // wanted.denominator)
    days.fit |= (counts >= needed) & (counts > 0)
    days.stopped |= running == 0


def _daily(day: Column, hour: Column | None, number: int) -> Column:
    """Return daily values, with means of hours where the device sent no daily value.

    Hours below detection count with half of the detection limit, as in `assess.water_means`.
    """
    if hour is None:
        return day
    counts = hour.counts.reshape(number, HOURS)
    measured = hour.measured.reshape(number, HOURS)
    twice = np.where(hour.measured, 2, 1) * np.where(hour.units == MISSING, 0, hour.units)
    silent = hour.stopped.reshape(number, HOURS).sum(axis=1)
    wanted = share("day", "hours_share")
    enough = counts.sum(axis=1) >= -(-(HOURS - silent) * wanted.numerator // wanted.denominator)
    lacking = ~day.counts & ~day.stopped
    use = lacking & enough & counts.any(axis=1)
    decimals = max(day.decimals, hour.decimals) + 2
    units = _rescaled(day, decimals)
    states, flags = day.states.copy(), day.flags.copy()
    for place in np.flatnonzero(use).tolist():
        values = twice.reshape(number, HOURS)[place][counts[place]]
        states[place] = State.VALUE if measured[place].any() else State.BELOW_DETECTION
        flags[place] = 0
        units[place] = _mean(values, hour.decimals, decimals)
    flags[lacking & (silent == HOURS)] |= int(DeviceFlag.STOPPED)
    return Column(units, decimals, states, flags)


def _rescaled(column: Column, decimals: int) -> npt.NDArray[np.int64]:
    scaled = column.units * 10 ** (decimals - column.decimals)
    return np.where(column.units == MISSING, MISSING, scaled).astype(np.int64)


def _mean(twice: npt.NDArray[np.int64], decimals: int, wanted: int) -> int:
    """Return half the mean, rounded half to even 四舍六入五成双 to the wanted decimals."""
    return round(Fraction(int(twice.sum()) * 10 ** (wanted - decimals), 2 * int(twice.size)))


def _verdict(parts: Sequence[_Days], number: int, over: tuple[Exceeding, ...]) -> Verdict:
    """Put the averagings together: a day is beyond if any says so, valid if all that are due are."""
    total = _Days.empty(number)
    total.fit |= True
    total.stopped |= True
    for part in parts:
        total.due |= part.due
        total.over |= part.over
        total.fit &= part.fit | ~part.due
        total.stopped &= part.stopped | ~part.due
    days = tuple(
        _word(bool(total.due[at]), bool(total.over[at]), bool(total.fit[at]), bool(total.stopped[at]))
        for at in range(number)
    )
    return _of_days(days, over)


def _word(due: bool, over: bool, fit: bool, stopped: bool) -> str:
    if not due:
        return "none"
    if over:
        return "over"
    return "within" if fit else "stopped" if stopped else "missing"


def _of_days(days: tuple[str, ...], over: tuple[Exceeding, ...]) -> Verdict:
    """Return the verdict of a quarter from its days."""
    wanted = share("quarter", "valid_share")
    running = len(days) - days.count("none") - days.count("stopped")
    needed = -(-running * wanted.numerator // wanted.denominator)
    valid = days.count("within") + days.count("over")
    if not running:
        state = "not_applicable"
    elif "over" in days:
        state = "exceeding"
    else:
        state = "compliant" if valid >= needed else "unknown"
    return Verdict(state, days, over, needed)


def days_from(first: date, number: int) -> list[date]:
    """Return so many days from the first."""
    return [first + timedelta(days=at) for at in range(number)]
