"""Curve 曲线: one series over a span with states, flags and marks; long ones thinned so that peaks stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, Ints
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.library.reviews import Held, Ledger, reviewed
from huanzhi.library.series import Store
from huanzhi.library.series.schema import STEPS
from huanzhi.standards.periods import Period

BREAK = 3
"""Intervals without a moment after which a curve of moments is broken. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(frozen=True)
class Curve:
    """One series.

    Attributes
    ----------
    times : ndarray of int64, shape (n,)
        Starts, seconds UTC.
    units : ndarray of int64, shape (n,)
        Numbers of 10**-`decimals`; ``exact.MISSING`` where there is none.
    states : ndarray of int8, shape (n,)
    flags : ndarray of int32, shape (n,)
        Bits of ``DeviceFlag``.
    substituted : ndarray of bool, shape (n,)
        Where the reviewed view puts another value.
    of : int
        Points before thinning.
    """

    feature: str
    parameter: str
    period: Period
    times: Ints
    units: Ints
    decimals: int
    states: npt.NDArray[np.int8]
    flags: npt.NDArray[np.int32]
    substituted: npt.NDArray[np.bool_]
    of: int

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """Where a value is there, measured or below detection."""
        return np.asarray(self.units != MISSING)

    def take(self, chosen: npt.NDArray[np.int64]) -> Curve:
        """Return some of the points."""
        return replace(
            self,
            times=self.times[chosen],
            units=self.units[chosen],
            states=self.states[chosen],
            flags=self.flags[chosen],
            substituted=self.substituted[chosen],
        )

    def texts(self) -> list[str | None]:
        """Return the values as decimal strings, None where missing."""
        return [shown(units, self.decimals) for units in self.units.tolist()]


def shown(units: int, decimals: int) -> str | None:
    """Return a scaled integer as a decimal string; None where missing.

    >>> shown(-1205, 2), shown(3, 0)
    ('-12.05', '3')
    """
    return None if units == MISSING else f"{Decimal(units).scaleb(-decimals):f}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which the same flags stand; `end` is not included."""

    start: int
    end: int
    flags: DeviceFlag


def curve(
    store: Store,
    ledger: Ledger | None,
    feature: str,
    parameter: str,
    period: Period,
    span: tuple[int, int],
    *,
    review: bool = False,
    as_of: datetime | int | None = None,
) -> Curve:
    """Return one series over a span.

    Parameters
    ----------
    ledger : Ledger, optional
        Marks and substitutes; only the reviewed view needs them.
    span : (int, int)
        Start and end, seconds UTC, end not included.
    review : bool
        The reviewed view: raw where valid, the approved substitute where there is one, else missing.
    as_of : datetime or int, optional
        The store as it was then.
    """
    window = store.window([feature], [parameter], period, *span, as_of=as_of)
    units, states = window.units[0, 0], window.states[0, 0]
    put = np.zeros(units.shape, dtype=bool)
    if review:
        view = reviewed(window, ledger)
        units, put = view.units[0, 0], view.substituted[0, 0]
        states = np.where(put, State.VALUE, np.where(units == MISSING, State.MISSING, states)).astype(np.int8)
    found = Curve(
        feature,
        parameter,
        period,
        window.times,
        units,
        window.decimals[0],
        states,
        window.flags[0, 0],
        put,
        units.size,
    )
    return _broken(found) if period is Period.INSTANT else found


def _broken(found: Curve) -> Curve:
    """Put a missing point into every long silence of a curve of moments."""
    gaps = np.diff(found.times)
    if not gaps.size:
        return found
    usual = int(np.median(gaps))
    places = np.flatnonzero(gaps > BREAK * usual) + 1
    return replace(
        found,
        times=np.insert(found.times, places, found.times[places - 1] + usual),
        units=np.insert(found.units, places, MISSING),
        states=np.insert(found.states, places, np.int8(State.MISSING)),
        flags=np.insert(found.flags, places, np.int32(0)),
        substituted=np.insert(found.substituted, places, False),
    )


def thinned(found: Curve, most: int) -> Curve:
    """Return at most about `most` points: of each stretch the least and the greatest, and its gaps.

    What exceeds a limit stays visible; a stretch without any value stays a gap.
    """
    size = found.units.size
    if size <= most:
        return found
    edges = np.linspace(0, size, max(1, most // 2) + 1).astype(np.int64)
    chosen = {place for low, high in pairwise(edges.tolist()) for place in _extremes(found.units, low, high)}
    return found.take(np.array(sorted(chosen), dtype=np.int64))


def _extremes(units: Ints, low: int, high: int) -> tuple[int, ...]:
    part = units[low:high]
    there = np.flatnonzero(part != MISSING)
    if not there.size:
        return (low,)
    values = part[there]
    return low + int(there[values.argmin()]), low + int(there[values.argmax()])


def flag_stretches(found: Curve) -> list[Stretch]:
    """Return where the device set flags, equal neighbours joined."""
    step = STEPS.get(found.period, 0)
    held = np.flatnonzero(found.flags)
    stretches: list[Stretch] = []
    for place in held.tolist():
        start, flags = int(found.times[place]), DeviceFlag(int(found.flags[place]))
        last = stretches[-1] if stretches else None
        near = last is not None and last.flags == flags and place > 0 and found.flags[place - 1] == int(flags)
        if last is not None and near:
            stretches[-1] = Stretch(last.start, start + step, flags)
        else:
            stretches.append(Stretch(start, start + step, flags))
    return stretches


def marks_of(
    ledger: Ledger | None, feature: str, parameter: str, period: Period, span: tuple[int, int]
) -> Sequence[Held]:
    """Return the marks of checks and people on a series in a span."""
    if ledger is None:
        return ()
    held = ledger.marks([feature], *span, str(period))
    return [one for one in held if one.mark.parameter in ("", parameter)]
