"""What a check sees: a window of the store with the places, and the thresholds in the window's units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

import numpy as np

from huanzhi.assess.exact import MISSING, Ints, mean
from huanzhi.assess.quality_flags import DeviceFlag, Effect, Finding
from huanzhi.assess.quality_series import Mask
from huanzhi.assess.states import State
from huanzhi.library.series import Window
from huanzhi.library.series.schema import STEPS
from huanzhi.network.quality.places import Place
from huanzhi.standards.model import Row, Table
from huanzhi.standards.periods import HOUR

EXPLAINED = (
    DeviceFlag.STOPPED
    | DeviceFlag.MAINTENANCE
    | DeviceFlag.FAULT
    | DeviceFlag.CALIBRATION
    | DeviceFlag.OVER_RANGE
    | DeviceFlag.LINK_BROKEN
    | DeviceFlag.POWER
    | DeviceFlag.ABNORMAL
    | DeviceFlag.STANDARD_CHECK
)
"""What the device has explained itself: such values are not searched for faults of their shape."""

FLOWS = {"water": "w00000", "gas": "a00000"}
"""Parameter of the flow by scope of an outlet."""


@dataclass(frozen=True)
class Hit:
    """What a check found in one series."""

    feature: str
    parameter: str
    mask: Mask
    finding: Finding
    effect: Effect = Effect.SUSPECT


@dataclass(frozen=True)
class Scene:
    """A window with the places in it.

    Attributes
    ----------
    targets : tuple of str
        Features to be checked; the window holds their neighbours and meters too.
    series : frozenset of (feature, parameter)
        Series that the store holds; others are not expected.
    begun : frozenset of (feature, parameter)
        Series with rows before the window: a gap at its beginning is one.
    fine : Window, optional
        The same time in shorter steps: meters that send no values of the period.
    readings : mapping
        (feature, parameter) → what the instrument read of a standard, by step, and its decimals.
    still_percent : int
        Share of its 95th percentile under which a flow is taken for none.
    """

    window: Window
    places: Mapping[str, Place]
    targets: tuple[str, ...]
    series: frozenset[tuple[str, str]]
    begun: frozenset[tuple[str, str]] = frozenset()
    fine: Window | None = None
    readings: Mapping[tuple[str, str], tuple[Ints, int]] = field(default_factory=dict)
    still_percent: int = 0

    @cached_property
    def _feature_at(self) -> Mapping[str, int]:
        return {code: number for number, code in enumerate(self.window.features)}

    @cached_property
    def _parameter_at(self) -> Mapping[str, int]:
        return {code: number for number, code in enumerate(self.window.parameters)}

    @cached_property
    def _clean(self) -> Ints:
        explained = (self.window.flags & int(EXPLAINED)) != 0
        usable = (self.window.states == State.VALUE) & ~explained
        return np.where(usable, self.window.units, MISSING)

    def each(self) -> Iterator[tuple[Place, str]]:
        """Yield every series that is to be checked."""
        for code in self.targets:
            for parameter in self.window.parameters:
                if (code, parameter) in self.series:
                    yield self.places[code], parameter

    def holds(self, feature: str, parameter: str) -> bool:
        """Return whether the window has the series."""
        return (feature, parameter) in self.series and feature in self._feature_at

    def clean(self, feature: str, parameter: str) -> Ints:
        """Return measured values that the device does not explain away, shape (t,)."""
        return self._series(self._clean, feature, parameter, MISSING)

    def flowing(self, feature: str, parameter: str) -> Ints:
        """Return `clean` values; of an outlet only where it flows: a still probe repeats itself."""
        values = self.clean(feature, parameter)
        flow = FLOWS.get(self.places[feature].scope(parameter), "")
        if not flow or not self.holds(feature, flow):
            return values
        return np.where(self._still(self.clean(feature, flow)), MISSING, values)

    def _still(self, flow: Ints) -> Mask:
        there = np.sort(flow[flow != MISSING])
        usual = int(there[int(0.95 * (there.size - 1))]) if there.size else 0
        still: Mask = (flow != MISSING) & (
            np.where(flow == MISSING, 0, flow) * 100 <= self.still_percent * usual
        )
        return still

    def meter(self, feature: str, parameter: str) -> tuple[Ints, int]:
        """Return the values of a meter with their decimals; means of its shorter steps where need be."""
        if self.holds(feature, parameter) or self.fine is None:
            return self.clean(feature, parameter), self.decimals(parameter)
        place = _place(self.fine, feature, parameter)
        if place is None:
            return self.clean(feature, parameter), self.decimals(parameter)
        known = self.fine.states[place] == State.VALUE
        decimals = int(self.fine.decimals[place[1]])
        values = np.where(known, self.fine.units[place], MISSING)
        return mean(self._in_steps(values), decimals, decimals), decimals

    def _in_steps(self, values: Ints) -> Ints:
        """Return values of the fine window by the steps of the window, shape (t, fine steps in one)."""
        assert self.fine is not None
        number = STEPS[self.window.period] // STEPS[self.fine.period]
        whole = np.full((self.window.times.size, number), MISSING, dtype=np.int64)
        at = np.searchsorted(self.fine.times, self.window.times)
        for column in range(number):
            inside = at + column < values.size
            whole[inside, column] = values[at[inside] + column]
        return whole

    def states(self, feature: str, parameter: str) -> Ints:
        """Return the states, shape (t,)."""
        return self._series(self.window.states, feature, parameter, State.MISSING)

    def flags(self, feature: str, parameter: str) -> Ints:
        """Return the device flags, shape (t,)."""
        return self._series(self.window.flags, feature, parameter, 0)

    def decimals(self, parameter: str) -> int:
        """Return the decimals of a parameter in the window."""
        place = self._parameter_at.get(parameter)
        return 0 if place is None else int(self.window.decimals[place])

    def steps(self, hours: Any) -> int:
        """Return how many steps of the window a number of hours is, at least one."""
        return max(ceil(Fraction(hours) * HOUR / STEPS[self.window.period]), 1)

    def scaled(self, parameter: str, number: Any, *, up: bool = False) -> int:
        """Return a threshold of the table in the units of the window, rounded down or up."""
        exact: Fraction = Fraction(number) * 10 ** self.decimals(parameter)
        return ceil(exact) if up else floor(exact)

    def _series(self, cube: Any, feature: str, parameter: str, blank: int) -> Ints:
        row, column = self._feature_at.get(feature), self._parameter_at.get(parameter)
        if row is None or column is None:
            return np.full(self.window.times.shape, blank, dtype=np.int64)
        values: Ints = cube[row, column].astype(np.int64)
        return values


def _place(window: Window, feature: str, parameter: str) -> tuple[int, int] | None:
    if feature not in window.features or parameter not in window.parameters:
        return None
    return window.features.index(feature), window.parameters.index(parameter)


def row_for(table: Table, parameter: str, scope: str) -> Row | None:
    """Return the thresholds for a series: its own row before the general one; None where there are none."""
    for wanted in (parameter, ""):
        for row in table.rows:
            here = row.get("parameter", "") == wanted and scope in row.get("scope", (scope,))
            if here and parameter.startswith(tuple(row.get("prefix", ("",)))):
                return row
    return None


def chance(row: Row) -> float:
    """Return the accepted chance of a false finding of a row."""
    return float(Decimal(row["alpha"]))
