"""Reading 取数: outlets with their limits from the register, their values from the store, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from huanzhi.assess.exact import MISSING
from huanzhi.assess.states import State
from huanzhi.library.enterprises.models import Outlet, PermitLimit
from huanzhi.library.series import Feature, Store
from huanzhi.library.series.model import Window
from huanzhi.programmes.enterprise_file.judging import Bools, Column
from huanzhi.programmes.enterprise_file.quarters import Quarter, judging
from huanzhi.programmes.place.limits import CONVERTED, LimitStep, limit_steps
from huanzhi.programmes.place.subject import PermitTerm, Subject
from huanzhi.standards.periods import DAY, Period, start_of_day

AVERAGINGS = {"hour": Period.HOUR, "day": Period.DAY}
_OVER = ("expired", "revoked", "suspended")


@dataclass(frozen=True, slots=True)
class Judged:
    """An outlet and what judges it; `subject` holds the permitted limits of all times."""

    row: Outlet
    subject: Subject

    def parameters(self) -> tuple[str, ...]:
        """Return the parameters that the permits limit."""
        return tuple(sorted({term.parameter for term in self.subject.permits}))

    def there(self, first: date, number: int) -> Bools:
        """Return on which of the days the outlet was there."""
        days = np.arange(number)
        begun = (self.row.valid_from - first).days if self.row.valid_from else 0
        ended = (self.row.valid_to - first).days if self.row.valid_to else number
        return np.asarray((days >= begun) & (days < ended))


def judged_outlets(outlets: Iterable[Outlet], features: Mapping[str, Feature]) -> list[Judged]:
    """Return outlets with their limits; one that the store does not know is judged as well, as unknown."""
    rows = list(outlets)
    terms = _terms(rows)
    return [
        Judged(
            row, Subject(features.get(row.code) or _feature(row), terms.get(row.pk) or _listed(features, row))
        )
        for row in rows
    ]


def _feature(row: Outlet) -> Feature:
    return Feature(row.code, row.name, "outlet", simulated=row.simulated)


def _listed(features: Mapping[str, Feature], row: Outlet) -> tuple[PermitTerm, ...]:
    """Return the limits that the register of devices holds, where the permits have none."""
    from huanzhi.programmes.place.known import known

    feature = features.get(row.code)
    return known(feature).subject.permits if feature is not None else ()


def _terms(outlets: Sequence[Outlet]) -> dict[int, tuple[PermitTerm, ...]]:
    """Return the permitted limits of outlets, those of permits that are over with them."""
    rows = PermitLimit.objects.filter(outlet__in=[one.pk for one in outlets], measure="concentration")
    found: dict[int, list[PermitTerm]] = {}
    for row in rows.select_related("permit").order_by("code"):
        term = _term(row)
        if row.outlet_id is not None and (row.permit.status not in _OVER or term.last is not None):
            found.setdefault(row.outlet_id, []).append(term)
    return {outlet: tuple(terms) for outlet, terms in found.items()}


def _term(row: Any) -> PermitTerm:
    first = max((day for day in (row.valid_from, row.permit.valid_from) if day), default=None)
    last = min((day for day in (row.valid_to, row.permit.valid_to) if day), default=None)
    return PermitTerm(
        row.parameter,
        row.averaging,
        Decimal(row.value) if row.value else None,
        Decimal(row.value_least) if row.value_least else None,
        row.unit,
        row.standard,
        row.clause,
        first,
        last,
    )


def steps_of(one: Judged, parameter: str, start: int, end: int) -> tuple[LimitStep, ...]:
    """Return the limits that judge a parameter, each with the averaging by which it is judged.

    A limit without averaging is judged by that of ``[unstated]``; one of a month or a moment judges no day.
    """
    usual = judging()["unstated"]["averaging"]
    found: dict[LimitStep, None] = {}
    for averaging, period in AVERAGINGS.items():
        for step in limit_steps(one.subject, parameter, period, start, end):
            if step.applies and (step.averaging or usual) == averaging:
                found[replace(step, averaging=averaging)] = None
    return tuple(found)


class Values:
    """Daily and hourly values of many outlets over one quarter, read from the store once."""

    def __init__(
        self,
        store: Store,
        outlets: Sequence[Judged],
        quarter: Quarter,
        today: date,
        as_of: datetime | int | None = None,
    ) -> None:
        self._store, self._as_of = store, as_of
        self.span = quarter.span(today)
        self.number = (self.span[1] - self.span[0]) // DAY
        self._codes = [one.row.code for one in outlets]
        self._parameters = _both(outlets)
        self._windows: dict[Period, Window] = {}

    def column(self, outlet: str, parameter: str, period: Period) -> Column:
        """Return one series; the converted concentration 折算浓度 where the device sends it."""
        window = self._window(period)
        row = window.features.index(outlet)
        converted = f"{parameter}-{CONVERTED}"
        name = parameter
        if converted in window.parameters:
            place = window.parameters.index(converted)
            name = converted if (window.states[row, place] != State.MISSING).any() else parameter
        at = window.parameters.index(name)
        return Column(
            window.units[row, at], window.decimals[at], window.states[row, at], window.flags[row, at]
        )

    def _window(self, period: Period) -> Window:
        if period not in self._windows:
            self._windows[period] = self._store.window(
                self._codes, self._parameters, period, *self.span, as_of=self._as_of
            )
        return self._windows[period]


def _both(outlets: Sequence[Judged]) -> list[str]:
    """Return the parameters of outlets, and their converted concentrations for gas."""
    plain = {(code, one.row.medium) for one in outlets for code in one.parameters()}
    converted = {f"{code}-{CONVERTED}" for code, medium in plain if medium == "gas"}
    return sorted({code for code, _ in plain} | converted)


def nothing(number: int) -> Column:
    """Return a column without values."""
    states = np.full(number, State.MISSING, np.int8)
    return Column(np.full(number, MISSING, np.int64), 0, states, np.zeros(number, np.int32))


def day_after(day: date) -> int:
    """Return the begin of the day after a day [seconds UTC]."""
    return start_of_day(day + timedelta(days=1))
