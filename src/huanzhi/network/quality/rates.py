"""Rates of transmission and validity 传输率、有效率、有效传输率 by outlet, parameter and month, from the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from huanzhi import standards
from huanzhi.assess.quality_flags import DeviceFlag, Effect
from huanzhi.assess.quality_rates import Counts, counts
from huanzhi.library.reviews import Ledger, Reviewed, reviewed
from huanzhi.library.series import Store
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

    Every series that the store holds for the period is due at every step, but for marked stops. The rules
    are those in force on the first day.
    """
    edition = standards.in_force(STANDARD, china_date(start))
    last = store.last(features, parameters).to_pydict()
    rows = zip(last["feature"], last["parameter"], last["period"], strict=True)
    series: dict[str, list[str]] = {}
    for feature, parameter, held in rows:
        if held == str(period):
            series.setdefault(feature, []).append(parameter)
    found = []
    for feature, codes in series.items():
        view = reviewed(store.window([feature], codes, period, start, end), ledger)
        found += _of_feature(feature, view, edition)
    return found


def _of_feature(feature: str, view: Reviewed, edition: Edition) -> Iterator[Rate]:
    target = _target(edition)
    whole = [Counts(), Counts()]
    for place, parameter in enumerate(view.window.parameters):
        pair = _counts(view, place, _apart(edition, parameter))
        whole = [one + other for one, other in zip(whole, pair, strict=True)]
        yield Rate(feature, parameter, *pair, target)
    yield Rate(feature, "", *whole, target)


def _counts(view: Reviewed, place: int, apart: int) -> tuple[Counts, Counts]:
    """Return the counts with values sent again, and without."""
    flags = view.window.flags[0, place]
    days = (view.window.times + CHINA_OFFSET) // DAY
    stopped = view.has(Effect.SHUTDOWN)[0, place] | ((flags & int(DeviceFlag.STOPPED)) != 0)
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
