"""Registers and ledgers 台账类指标: shares counted from issues, tasks, measures, permits and stations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from django.db.models import Q

from huanzhi.assess.allowance import share
from huanzhi.assess.exact import MISSING
from huanzhi.library.indicators.registry import Definition
from huanzhi.library.series import Store
from huanzhi.programmes.indicators.measured import SHARE, Basis, Measured, Sort, nothing
from huanzhi.programmes.indicators.places import Region, of_kinds
from huanzhi.programmes.indicators.provenance import cited
from huanzhi.programmes.indicators.said import Said
from huanzhi.programmes.spans import Span
from huanzhi.standards.air import Item
from huanzhi.standards.periods import Period, start_of_day

MOST_NAMED = 200
"""Rows that a figure names. DEFAULT, NOT FROM THE DOCUMENTS."""

NEEDS_PERMIT = ("key", "simplified")
"""Classes of permit management that need a permit; those that only register do not."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Good ones of a whole, and the rows that are not good."""

    part: int
    whole: int
    bad: tuple[tuple[str, str], ...] = ()
    simulated: bool = False


def registers(definition: Definition, region: Region, path: str, span: Span, until: date) -> Measured:
    """Reckon an indicator over the registers for a region given by its path."""
    last = min(until, span.last)
    sort = Sort(SHARE, 1 if definition.decimals is None else definition.decimals)
    made = _COUNTS[definition.formula["name"]](path, span.first, last)
    if not made.whole:
        return nothing(definition, region.name, span, last, sort, "indicators.nothing_counted")
    value = share(made.part, made.whole, sort.decimals)
    basis = Basis(places=made.bad[:MOST_NAMED], simulated=made.simulated)
    rows = tuple({"code": code, "name": name, "good": False} for code, name in made.bad[:MOST_NAMED])
    left = (span.last - last).days
    return Measured(
        definition,
        region.name,
        span,
        last,
        sort,
        value,
        count=made.whole,
        part=made.part,
        left=left,
        basis=basis,
        rows=rows,
    )


def capture(store: Store, definition: Definition, region: Region, span: Span, until: date) -> Measured:
    """Reckon how many hourly values arrived from the stations in force, of those that were due."""
    taken = Span("days", span.first, min(until, span.last))
    sort = Sort(SHARE, 1 if definition.decimals is None else definition.decimals)
    code = Item(definition.formula["item"]).parameter.code
    due = came = 0
    places = of_kinds(store, region, ("air_station",))
    for one in places:
        row = region.roster.get(one.code)
        first = max(taken.first, row.first or taken.first) if row else taken.first
        end = min(taken.end, start_of_day(row.end)) if row and row.end else taken.end
        window = store.window(
            [one.code], [code], Period.HOUR, start_of_day(first), max(end, start_of_day(first))
        )
        due += len(window.times)
        came += int((np.asarray(window.units) != MISSING).sum())
    if not due:
        return nothing(definition, region.name, span, until, sort, "indicators.no_data", period=span.code())
    value = share(came, due, sort.decimals)
    basis = Basis(
        places=tuple((one.code, one.name) for one in places),
        cited=tuple(cited(store, places, [code], taken)),
        revision=store.revision(),
        notes=(Said.of("indicators.stands_in", data=region.name, region=region.stands_for),)
        if region.stands_for
        else (),
        simulated=any(one.simulated for one in places),
    )
    return Measured(definition, region.name, span, taken.last, sort, value, count=due, part=came, basis=basis)


def day_begins(day: date) -> datetime:
    """Return when a day of China begins."""
    return datetime.fromtimestamp(start_of_day(day), UTC)


def _bounds(name: str, first: date, last: date) -> dict[str, Any]:
    end = date.fromordinal(last.toordinal() + 1)
    return {f"{name}__gte": day_begins(first), f"{name}__lt": day_begins(end)}


def _counted(rows: Any, good: Q, name: str = "title") -> Counted:
    bad = tuple(rows.exclude(good).order_by("number").values_list("number", name)[:MOST_NAMED])
    return Counted(
        rows.filter(good).count(), rows.count(), bad, simulated=rows.filter(simulated=True).exists()
    )


def _issues_closed(path: str, first: date, last: date) -> Counted:
    from huanzhi.center.issues.models import Issue

    rows = Issue.objects.filter(region__path__startswith=path, **_bounds("opened", first, last))
    end = date.fromordinal(last.toordinal() + 1)
    return _counted(rows.filter(joined_to=None), Q(closed__isnull=False, closed__lt=day_begins(end)))


def _issues_in_time(path: str, first: date, last: date) -> Counted:
    from huanzhi.center.issues.models import Issue

    rows = Issue.objects.filter(region__path__startswith=path, **_bounds("closed", first, last))
    return _counted(rows.filter(joined_to=None), Q(late_steps=0))


def _rectified(path: str, first: date, last: date) -> Counted:
    from huanzhi.center.rectification.models import Task

    rows = Task.objects.filter(
        region__path__startswith=path, standing=False, nature="task", term__isnull=False, term__lte=last
    )
    return _counted(rows, Q(state__in=("written_off", "looked_back")))


def _measures(path: str, first: date, last: date) -> Counted:
    from huanzhi.center.plans.models import Measure

    rows = Measure.objects.filter(region__path__startswith=path, due__isnull=False, due__lte=last)
    return _counted(rows, Q(state="finished"))


def _permits(path: str, first: date, last: date) -> Counted:
    from huanzhi.library.enterprises.models import Enterprise, Permit

    every = Enterprise.objects.filter(
        region__path__startswith=path, management__in=NEEDS_PERMIT, status="operating"
    )
    every = every.filter(_valid(last))
    held = Permit.objects.filter(_valid(last), status="valid").values("enterprise_id")
    bad = tuple(every.exclude(pk__in=held).order_by("code").values_list("code", "name")[:MOST_NAMED])
    simulated = every.filter(simulated=True).exists()
    return Counted(every.filter(pk__in=held).count(), every.count(), bad, simulated)


def _valid(day: date) -> Q:
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


_COUNTS: Mapping[str, Callable[[str, date, date], Counted]] = {
    "issue_close_rate": _issues_closed,
    "issue_on_time_rate": _issues_in_time,
    "rectification_rate": _rectified,
    "measure_rate": _measures,
    "permit_coverage": _permits,
}
COUNTS = frozenset(_COUNTS)
