"""Substitutes for gaps 缺失数据处理 from the store, by HJ 75 for waste gas and HJ 356 for waste water.

A gap is a stretch in which an outlet operates (no marked stop) without a valid value. What is found is only
proposed: a second person approves it in the ledger of reviews.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from huanzhi import standards
from huanzhi.assess.exact import MISSING, Ints
from huanzhi.assess.quality_flags import DeviceFlag, Effect
from huanzhi.assess.quality_series import Mask
from huanzhi.assess.quality_substitution import (
    Filled,
    Step,
    capture_rate,
    emission_rate,
    gaps_to_fill,
    largest_before,
    mean_before,
)
from huanzhi.library.reviews import Ledger, Reviewed, Substitute, reviewed
from huanzhi.library.series import Store
from huanzhi.messages import text
from huanzhi.network.quality.held import newest, series_of
from huanzhi.standards.model import Edition, Row
from huanzhi.standards.parameters import parameter
from huanzhi.standards.periods import DAY, HOUR, Period, china_date, start_of_day
from huanzhi.standards.units import factor

LOOK_BACK = 120 * DAY
"""How far back values are read [s]: the longest ladder step is 2160 valid hours, 90 days without a stop."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap with what is put in; `value` is None where the rule gives none, and a person must decide.

    Attributes
    ----------
    start, end : int
        Seconds UTC, end not included.
    capture : Fraction or None
        Data capture of the quarter, for waste gas.
    used : int
        Valid values that `value` was taken from.
    """

    feature: str
    parameter: str
    start: int
    end: int
    quantity: str
    value: int | None
    decimals: int
    unit: str
    number: str
    rule: str
    used: int
    capture: Fraction | None = None

    def substitutes(self, start: int) -> Iterator[Substitute]:
        """Yield the substitute of every hour of the gap from `start` on."""
        if self.value is None:
            return
        reason = text("quality.why_substituted", number=self.number, rule=self.rule, used=self.used)
        for time in range(max(self.start, start), self.end, HOUR):
            yield Substitute(
                self.feature,
                self.parameter,
                str(Period.HOUR),
                time,
                self.quantity,
                self.value,
                self.decimals,
                self.unit,
                f"{self.number} {self.rule}".strip(),
                reason,
            )


def find_gaps(
    store: Store, ledger: Ledger | None, start: int, end: int, features: Sequence[str] | None = None
) -> list[Gap]:
    """Return the gaps of hourly values of outlets that touch [`start`, `end`), with their substitutes.

    The hours after the newest value of the store are no gap. The rules are those in force on the first day.
    """
    outlets = [feature.code for feature in store.features(kind="outlet", codes=features)]
    horizon = min(end, newest(store, Period.HOUR))
    found: list[Gap] = []
    for code, codes in series_of(store, outlets, None, Period.HOUR).items():
        window = store.window([code], codes, Period.HOUR, start - LOOK_BACK, horizon)
        view = reviewed(window, ledger)
        found += [gap for gap in (*_of_gas(view, start), *_of_water(view, start)) if gap.end > start]
    return found


def _of_gas(view: Reviewed, start: int) -> Iterator[Gap]:
    edition = _edition("HJ 75", start)
    if edition is None:
        return
    ladder = [_step(row) for row in edition.table("substitution").rows]
    for row in edition.table("substituted").rows:
        if {row["parameter"], row["flow"]} <= set(view.window.parameters):
            yield from _rate_gaps(view, row, ladder, edition)


def _rate_gaps(view: Reviewed, row: Row, ladder: Sequence[Step], edition: Edition) -> Iterator[Gap]:
    codes = view.window.parameters
    places = [codes.index(row["parameter"]), codes.index(row["flow"])]
    valid: Mask = np.logical_and.reduce(view.valid[0, places], axis=0)
    operating: Mask = ~_stopped(view, places) & _since_first(view, places)
    gaps = gaps_to_fill(valid, operating)
    captures = [_quarter_capture(view.window.times, valid, operating, int(first)) for first, _ in gaps]
    rates = _emission(view, places, row)
    for filled, capture in zip(largest_before(rates, valid, gaps, captures, ladder), captures, strict=True):
        yield _gap(view, row, filled, edition, "emission_rate", row["decimals"], "kg/h", capture)


def _of_water(view: Reviewed, start: int) -> Iterator[Gap]:
    edition = _edition("HJ 356", start)
    for row in edition.table("substitution").rows if edition else ():
        if edition is None or row["parameter"] not in view.window.parameters:
            continue
        place = view.window.parameters.index(row["parameter"])
        valid = view.valid[0, place]
        gaps = gaps_to_fill(valid, ~_stopped(view, [place]) & _since_first(view, [place]))
        values = np.where(valid, view.window.units[0, place], MISSING)
        for filled in mean_before(values, valid, gaps, ""):
            unit, decimals = parameter(row["parameter"]).unit, view.window.decimals[place]
            yield _gap(view, row, filled, edition, "value", decimals, unit, None)


def _gap(
    view: Reviewed,
    row: Row,
    filled: Filled,
    edition: Edition,
    quantity: str,
    decimals: int,
    unit: str,
    capture: Fraction | None,
) -> Gap:
    times = view.window.times
    span = (int(times[filled.first]), int(times[filled.last - 1]) + HOUR)
    place = (view.window.features[0], row["parameter"], *span, quantity, filled.value, decimals, unit)
    return Gap(*place, edition.number, filled.rule, filled.used, capture)


def _emission(view: Reviewed, places: Sequence[int], row: Row) -> Ints:
    """Return the emission rate [kg/h] at the decimals of the table."""
    one, other = (view.window.units[0, place] for place in places)
    scale = 10 ** sum(view.window.decimals[place] for place in places)
    content = factor(parameter(row["parameter"]).unit, "mg/m³")
    volume = factor(parameter(row["flow"]).unit, "m³/s")
    return emission_rate(one, other, content * volume * Fraction(HOUR, 10**6) / scale, row["decimals"])


def _stopped(view: Reviewed, places: Sequence[int]) -> Mask:
    flags = (view.window.flags[0, places] & int(DeviceFlag.STOPPED)) != 0
    stopped: Mask = (flags | view.has(Effect.SHUTDOWN)[0, places]).any(axis=0)
    return stopped


def _since_first(view: Reviewed, places: Sequence[int]) -> Mask:
    """Return the steps from the first value on: what was never measured is no gap."""
    came: Mask = np.logical_or.accumulate(view.received[0, places].any(axis=0))
    return came


def _quarter_capture(times: Ints, valid: Mask, operating: Mask, at: int) -> Fraction:
    """Return the capture of the quarter of a step, as far as the window goes."""
    first, after = _quarter(china_date(int(times[at])))
    inside = (times >= start_of_day(first)) & (times < start_of_day(after))
    return capture_rate(valid[inside], operating[inside]) or Fraction(0)


def _quarter(day: date) -> tuple[date, date]:
    month = day.month - (day.month - 1) % 3
    last = (day.year + 1, 1) if month == 10 else (day.year, month + 3)
    return date(day.year, month, 1), date(*last, 1)


def _step(row: Row) -> Step:
    least, under = _share(row, "capture_min"), _share(row, "capture_under")
    return Step(row["name"], least, under, row.get("gap_over"), row.get("gap_max"), row.get("hours"))


def _share(row: Row, name: str) -> Fraction | None:
    return Fraction(row[name]) / 100 if name in row else None


def _edition(identity: str, start: int) -> Edition | None:
    """Return the edition in force, None before the standard was."""
    day = china_date(start)
    held = standards.standard(identity).editions
    return next((edition for edition in held if day in edition.interval), None)
