"""Rates of transmission and validity 传输率、有效率、有效传输率 by outlet and parameter, from the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from huanzhi import standards
from huanzhi.assess.quality_flags import DeviceFlag, Effect
from huanzhi.assess.quality_rates import Counts, counts
from huanzhi.assess.quality_series import Mask
from huanzhi.library.reviews import Ledger, Reviewed, reviewed
from huanzhi.library.series import Store
from huanzhi.network.quality.held import begun_before, newest, series_of
from huanzhi.standards import Edition
from huanzhi.standards.periods import CHINA_OFFSET, DAY, Period, china_date

STANDARD = "TRANSMISSION RATE"


@dataclass(frozen=True, slots=True)
class Rate:
    """Rates of one series, or of a feature where `parameter` is empty.

    Attributes
    ----------
    completed : Counts
        补全: with values sent again later.
    immediate : Counts
        即时: without them.
    target : Fraction or None
        The rate that is asked for.
    """

    feature: str
    parameter: str
    completed: Counts
    immediate: Counts
    target: Fraction | None

    @property
    def met(self) -> bool | None:
        """Whether the effective transmission rate reaches the target; None where there is none to compare."""
        rate = self.completed.effective
        return None if rate is None or self.target is None else rate >= self.target


def rates(
    store: Store,
    ledger: Ledger | None,
    start: int,
    end: int,
    *,
    features: Sequence[str] | None = None,
    parameters: Sequence[str] | None = None,
    period: Period = Period.HOUR,
) -> list[Rate]:
    """Return the rates over [`start`, `end`): for each feature its series, then the feature as a whole.

    Every series that the store holds for the period is due at every step from its first value on, but for
    marked stops; the time after the newest value of the store is not due yet. The rules are those in force
    on the first day.
    """
    edition = standards.in_force(STANDARD, china_date(start))
    until, begun = min(end, newest(store, period)), begun_before(store, period, start)
    found: list[Rate] = []
    for feature, codes in series_of(store, features, parameters, period).items():
        view = reviewed(store.window([feature], codes, period, start, until), ledger)
        found += _of_feature(feature, view, edition, begun)
    return found


def _of_feature(
    feature: str, view: Reviewed, edition: Edition, begun: frozenset[tuple[str, str]]
) -> Iterator[Rate]:
    target = _target(edition)
    whole = (Counts(), Counts())
    for place, parameter in enumerate(view.window.parameters):
        since = None if (feature, parameter) in begun else view.received[0, place]
        completed, immediate = _counts(view, place, _apart(edition, parameter), since)
        whole = (whole[0] + completed, whole[1] + immediate)
        yield Rate(feature, parameter, completed, immediate, target)
    yield Rate(feature, "", *whole, target)


def _counts(view: Reviewed, place: int, apart: int, since: Mask | None) -> tuple[Counts, Counts]:
    """Return the counts with values sent again, and without; nothing is due before the first of `since`."""
    flags = view.window.flags[0, place]
    days = (view.window.times + CHINA_OFFSET) // DAY
    stopped = view.has(Effect.SHUTDOWN)[0, place] | ((flags & int(DeviceFlag.STOPPED)) != 0)
    if since is not None:
        stopped |= ~np.logical_or.accumulate(since)
    unfit = view.has(Effect.INVALID)[0, place]
    check = view.has(Effect.CHECK)[0, place] | ((flags & int(DeviceFlag.STANDARD_CHECK)) != 0)
    came = view.received[0, place]
    at_once = came & ((flags & int(DeviceFlag.RESENT)) == 0)
    completed = counts(came, unfit, stopped, check, days, apart)
    return completed, counts(at_once, unfit, stopped, check, days, apart)


def _apart(edition: Edition, parameter: str) -> int:
    for row in edition.table("standard_sample").rows:
        if row["parameter"] == parameter:
            return int(row["hours"])
    return 0


def _target(edition: Edition) -> Fraction | None:
    row = edition.table("target").rows[0]
    return Fraction(row["value"]) / 100
