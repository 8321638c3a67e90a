"""Keeping 指标留存: values and judgements with what they stand on, on demand and nightly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import huanzhi
from huanzhi.errors import StoreError
from huanzhi.library.indicators import paths, registry
from huanzhi.library.indicators.models import Target, Value
from huanzhi.library.indicators.registry import REPORTED, Definition
from huanzhi.library.places.models import Region as Row
from huanzhi.library.places.targets import targets_on
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor
from huanzhi.library.series import Store, open_store
from huanzhi.programmes.indicators.counting import COUNTS
from huanzhi.programmes.indicators.judging import Goal, Judged, judge
from huanzhi.programmes.indicators.measured import Measured
from huanzhi.programmes.indicators.measuring import measure
from huanzhi.programmes.indicators.places import Region, roster_of
from huanzhi.programmes.indicators.said import Said
from huanzhi.programmes.spans import Span, parse_span
from huanzhi.standards.periods import CHINA

Reading = Callable[[Callable[[Store], Any]], Any]
"""Runs a read of the store; None where there is no store."""


def from_store(definition: Definition) -> bool:
    """Return whether an indicator comes out of the store; the others out of the business database."""
    return definition.formula.get("name") not in (REPORTED, *COUNTS)


def region_of(row: Row, day: date, data_region: str = "") -> Region:
    """Return whose places count for a region on a day, with their versioned lists and targets."""
    codes = frozenset(Row.objects.filter(path__startswith=row.path).values_list("pk", flat=True))
    told: dict[str, Any] = {"roster": roster_of(), "targets": targets_on(day)}
    if not data_region:
        return Region(row.name, codes, **told)
    own = frozenset([data_region]) if data_region.isdigit() else frozenset()
    return Region(data_region, own, stands_for=row.name, **told)


def measured(
    definition: Definition,
    row: Row,
    span: Span,
    day: date,
    read: Reading,
    *,
    data_region: str = "",
    history: bool = True,
) -> Measured:
    """Reckon an indicator for a region up to a day; registers here, the store through `read`."""
    place = region_of(row, min(day, span.last), data_region)
    if not from_store(definition):
        return measure(None, definition, place, span, day, path=row.path)
    try:
        found: Measured = read(lambda store: measure(store, definition, place, span, day, history=history))
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        return measure(None, definition, place, span, day)
    return found


def directly(work: Callable[[Store], Any]) -> Any:
    """Run a read of the store here, for commands and regular work."""
    with open_store("read") as store:
        return work(store)


def goal_of(target: Target, year: int) -> Goal:
    """Return what a target asks in a year: itself in its own, before it the milestone of a frozen path."""
    told = (target.upper, target.stretch)
    upper, stretch = (Decimal(one) if one else None for one in told)
    own = Goal(target.op, Decimal(target.value), target.year, upper, stretch)
    if year >= target.year or target.path_state != "frozen":
        return own
    aimed = paths.goal(paths.read(target.path), date(year, 12, 31))
    if aimed is None or aimed.day.year != year:
        return own
    return replace(own, value=aimed.value, upper=None, stretch=None, milestone=aimed.day)


def judged(target: Target, day: date, read: Reading) -> Judged:
    """Say how a target stands on a day: its own year, or the year under way before it."""
    definition = registry.definition(target.indicator)
    year = min(day.year, target.year)
    span = parse_span(str(year))
    found = measured(
        definition, target.region, span, min(day, span.last), read, data_region=target.data_region
    )
    return judge(goal_of(target, year), found)


def keep_judgement(actor: Actor, target: Target, day: date, read: Reading, now: datetime) -> Target:
    """Judge a target and keep the judgement with it.

    Raises
    ------
    InputError
        If the actor may not.
    """
    made = judged(target, day, read)
    target.judged = {
        **made.as_dict(Said.both),
        "day": day.isoformat(),
        "as_of": now.astimezone(CHINA).isoformat(timespec="seconds"),
        "version": huanzhi.__version__,
        "by": actor.code,
    }
    act(actor, target, "judge", str(day), right="run")
    return target


def keep_value(actor: Actor, found: Measured, row: Row, now: datetime) -> Value:
    """Keep a reckoned value; the same span again is a change of the same row, and its history stays."""
    code = f"{found.definition.code}@{row.pk}@{found.span.code()}"
    kept = Value.objects.filter(code=code).first() or Value(
        code=code, indicator=found.definition.code, region=row
    )
    kept.first, kept.last = found.span.first, found.until
    kept.value = "" if found.value is None else f"{found.value:f}"
    kept.unit, kept.part, kept.whole = found.definition.unit, found.part, found.count
    kept.source = "store" if from_store(found.definition) else "registers"
    kept.reason = "" if found.reason is None else str(found.reason)
    kept.inputs = found.as_dict(Said.both)
    kept.as_of, kept.version = now, huanzhi.__version__
    kept.simulated = found.basis.simulated or row.simulated
    act(actor, kept, "reckon", found.until.isoformat())
    return kept


def reckon(actor: Actor, row: Row, day: date, read: Reading, now: datetime) -> int:
    """Reckon every indicator of a region for the year and the month of a day; return how many are known."""
    known = 0
    for definition in registry.definitions().values():
        if definition.formula.get("name") == REPORTED:
            continue
        for span in _spans(definition, day):
            found = measured(definition, row, span, day, read, history=False)
            if found.value is not None:
                keep_value(actor, found, row, now)
                known += 1
    return known


def _spans(definition: Definition, day: date) -> Iterator[Span]:
    yield parse_span(str(day.year))
    if "month" in definition.cycle:
        yield parse_span(f"{day:%Y-%m}")


def nightly(actor: Actor, now: datetime) -> dict[str, int]:
    """Judge every active target up to yesterday, and reckon the values of their regions."""
    day = date.fromordinal(now.astimezone(CHINA).date().toordinal() - 1)
    rows = list(Target.objects.filter(state="active", year__gte=day.year).select_related("region"))
    for target in rows:
        keep_judgement(actor, target, day, directly, now)
    regions = Row.objects.filter(pk__in={target.region.pk for target in rows}).order_by("pk")
    values = sum(reckon(actor, row, day, directly, now) for row in regions)
    return {"targets": len(rows), "values": values}
