"""Now 当前值: the newest value of every series of a place with its limit, and hours beyond it 超标小时."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.library.series import Store
from huanzhi.network.quality.held import is_main
from huanzhi.programmes.place.curve import Curve, shown
from huanzhi.programmes.place.limits import NOT_JUDGED, LimitStep, beyond, limit_steps
from huanzhi.programmes.place.subject import Subject
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import Period


@dataclass(frozen=True, slots=True)
class LastValue:
    """The newest value of one series.

    Attributes
    ----------
    units : int
        Number of 10**-`decimals`; ``exact.MISSING`` where it is missing.
    limit : LimitStep or None
        What bounds it then.
    exceeds : bool
        Whether it lies beyond a limit that judges it.
    """

    parameter: str
    period: Period
    time: int
    units: int
    decimals: int
    state: State
    flags: DeviceFlag
    limit: LimitStep | None
    exceeds: bool

    @property
    def symbol(self) -> str:
        """Symbol of the parameter."""
        known = all_parameters().get(self.parameter)
        return known.symbol if known else self.parameter

    @property
    def judgeable(self) -> bool:
        """Whether its flags let it be judged."""
        return not self.flags & NOT_JUDGED

    def text(self) -> str | None:
        """Return the value as a decimal string; None where missing."""
        return shown(self.units, self.decimals)


def last_values(store: Store, subject: Subject) -> list[LastValue]:
    """Return the newest value of every series of a place, by parameter and period."""
    table = store.last([subject.code]).to_pydict()
    names = ("parameter", "period", "time", "value", "decimals", "state", "flag")
    rows = zip(*(table[name] for name in names), strict=True)
    return [_last(subject, *row) for row in rows if is_main(row[0])]


def _last(
    subject: Subject,
    parameter: str,
    period: str,
    time: int,
    value: int | None,
    decimals: int,
    state: int,
    flag: int,
) -> LastValue:
    averaging, units = Period(period), MISSING if value is None else value
    steps = limit_steps(subject, parameter, averaging, time, time + 1)
    over = None
    if state == State.VALUE:
        over = beyond(steps, time, Fraction(units, 10**decimals))
    limit = over or (steps[-1] if steps else None)
    return LastValue(
        parameter, averaging, time, units, decimals, State(state), DeviceFlag(flag), limit, over is not None
    )


@dataclass(frozen=True, slots=True)
class Exceedance:
    """How often and how far a series lies beyond the limits that judge it.

    Attributes
    ----------
    judged, exceeding : int
        Values that were judged, and those beyond. Values below detection comply; flagged ones are not judged.
    highest : Decimal or None
        The value farthest beyond, and `time`, `limit` and `multiple` 超标倍数 of it.
    """

    judged: int
    exceeding: int
    highest: Decimal | None = None
    time: int = 0
    limit: Decimal | None = None
    multiple: Decimal | None = None


def exceedance(found: Curve, steps: Iterable[LimitStep]) -> Exceedance:
    """Count the values of a curve beyond the limits that judge it, each by the limit of its own time."""
    applying = [step for step in steps if step.applies]
    fit = (found.states == State.VALUE) & (found.units != MISSING) & ((found.flags & int(NOT_JUDGED)) == 0)
    over, judged = np.zeros(fit.shape, dtype=bool), np.zeros(fit.shape, dtype=bool)
    worst: tuple[Fraction, int, LimitStep] | None = None
    for step in applying:
        inside = fit & (found.times >= step.start) & (found.times < step.end)
        judged |= inside
        limit = Fraction(step.value) * 10**found.decimals
        sign = 1 if step.bound == "upper" else -1
        part = inside & (sign * found.units.astype(object) > sign * limit) if inside.any() else inside
        part = part.astype(bool)
        over |= part
        for place in np.flatnonzero(part).tolist():
            by = sign * (Fraction(int(found.units[place])) - limit) / (limit or 1)
            if worst is None or by > worst[0]:
                worst = (by, place, step)
    if worst is None:
        return Exceedance(int(judged.sum()), 0)
    by, place, step = worst
    value = Decimal(int(found.units[place])).scaleb(-found.decimals)
    multiple = Decimal(round(by * 100)).scaleb(-2)
    return Exceedance(
        int(judged.sum()), int(over.sum()), value, int(found.times[place]), step.value, multiple
    )
