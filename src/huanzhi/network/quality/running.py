"""A run of the checks over the store: read, check, and take the marks into the ledger of reviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huanzhi import standards
from huanzhi.assess.quality_series import runs
from huanzhi.errors import InputError
from huanzhi.library.reviews import Cover, Ledger, Mark, Renewal
from huanzhi.library.series import Store, Window
from huanzhi.library.series.schema import STEPS
from huanzhi.network.quality.checks import CHECKS
from huanzhi.network.quality.held import begun_before, is_main
from huanzhi.network.quality.places import Place, near, place
from huanzhi.network.quality.readings import read_checks
from huanzhi.network.quality.scene import Hit, Scene
from huanzhi.standards import Edition
from huanzhi.standards.periods import DAY, Period, china_date

STANDARD = "QUALITY CHECKS"
WHO = "huanzhi"
"""Who makes the marks of the checks."""

COARSE, FINE = Period.HOUR, Period.TEN_MINUTES
"""Hourly checks also look at ten-minute values of meters that send no others."""

GROUP = 50
"""Features that are read at a time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run looks at.

    Attributes
    ----------
    start, end : int
        Seconds UTC, end not included.
    features : sequence of str, optional
        All of the store where None.
    checks : sequence of str
        Names of :data:`CHECKS`.
    permits : mapping
        Feature → permitted limits, from the device register.
    """

    start: int
    end: int
    period: Period = Period.HOUR
    features: Sequence[str] | None = None
    checks: Sequence[str] = tuple(CHECKS)
    permits: Mapping[str, Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found: marks by check and finding, what that changed, and the series looked at."""

    version: str
    series: int
    findings: Mapping[tuple[str, str], int]
    renewal: Renewal


def run_checks(store: Store, ledger: Ledger, plan: Plan, at: datetime) -> Outcome:
    """Run the checks and keep their marks.

    Each check sees the days before `plan.start` that its table of context asks for, so that a run over a day
    knows what is usual; only what it finds in [start, end) is kept. The edition of the thresholds is the one
    in force on the first day.

    Raises
    ------
    InputError
        If a check or a feature is unknown, or the period has no dense axis.
    """
    _check_plan(store, plan)
    edition = standards.in_force(STANDARD, china_date(plan.start))
    opening = plan.start - int(edition.table("context").row("days")["value"]) * DAY
    held = _held(store, plan, opening)
    wanted = tuple(plan.features if plan.features is not None else held.places)
    marks = [
        mark
        for scene in _scenes(store, plan, edition, held, wanted, opening)
        for mark in _marks(scene, plan, edition)
    ]
    names = tuple(f"{name}/{edition.id}" for name in plan.checks)
    cover = Cover(wanted, str(plan.period), plan.start, plan.end, names, edition.id, held.revision)
    renewal = ledger.renew(cover, marks, WHO, at)
    findings = Counter((mark.check, mark.kind) for mark in marks)
    chosen = set(wanted)
    number = sum(code in chosen for code, _ in held.series)
    return Outcome(edition.id, number, findings, renewal)


def _check_plan(store: Store, plan: Plan) -> None:
    for name in plan.checks:
        if name not in CHECKS:
            raise InputError("quality.no_check", value=name, expected=", ".join(CHECKS))
    if plan.period not in STEPS:
        raise InputError("quality.period", value=str(plan.period), expected=", ".join(STEPS))
    known = {feature.code for feature in store.features()}
    for code in plan.features or ():
        if code not in known:
            raise InputError("quality.no_feature", value=code)


@dataclass(frozen=True, slots=True)
class _Held:
    """What the store holds, read once: places, series of the period, and where its values end."""

    places: Mapping[str, Place]
    series: frozenset[tuple[str, str]]
    begun: frozenset[tuple[str, str]]
    horizon: int
    revision: int


def _held(store: Store, plan: Plan, opening: int) -> _Held:
    """Read what the store holds; `opening` is where the windows will begin."""
    revision = store.revision()
    last = store.last(as_of=revision).to_pydict()
    rows = zip(last["feature"], last["parameter"], last["period"], last["time"], strict=True)
    ours = [row for row in rows if row[2] == str(plan.period)]
    permits = plan.permits or {}
    return _Held(
        {feature.code: place(feature, permits.get(feature.code)) for feature in store.features()},
        frozenset((feature, parameter) for feature, parameter, _, _ in ours if is_main(parameter)),
        begun_before(store, plan.period, opening, revision),
        max((time for *_, time in ours), default=plan.start) + STEPS[plan.period],
        revision,
    )


def _scenes(
    store: Store, plan: Plan, edition: Edition, held: _Held, wanted: Sequence[str], opening: int
) -> Iterator[Scene]:
    """Yield the features a group at a time, with their neighbours and meters."""
    reach = max(float(row["reach"]) for row in edition.table("neighbours").rows)
    end = min(plan.end, held.horizon)
    still = int(edition.table("context").row("still_percent")["value"])
    for first in range(0, len(wanted), GROUP):
        group = tuple(wanted[first : first + GROUP])
        features = list(dict.fromkeys([*group, *_related(held.places, group, reach)]))
        read = set(features)
        codes = sorted({parameter for feature, parameter in held.series if feature in read})
        window = store.window(features, codes, plan.period, opening, end, as_of=held.revision)
        fine = _fine(store, held, features, (opening, end)) if plan.period is COARSE else None
        readings = read_checks(store, held.places, group, window, held.revision)
        yield Scene(window, held.places, group, held.series, held.begun, fine, readings, still)


def _fine(store: Store, held: _Held, features: Sequence[str], span: tuple[int, int]) -> Window | None:
    """Return the shorter steps of meters that send no values of the period."""
    wanted = {
        (meter.feature, meter.parameter)
        for code in features
        for meter in (*held.places[code].production, *held.places[code].treatment)
        if (meter.feature, meter.parameter) not in held.series
    }
    if not wanted:
        return None
    places, codes = (sorted({pair[axis] for pair in wanted}) for axis in (0, 1))
    return store.window(places, codes, FINE, *span, as_of=held.revision)


def _related(places: Mapping[str, Place], group: Sequence[str], reach: float) -> Iterator[str]:
    """Yield neighbours and meters of the features of a group."""
    for code in group:
        here = places[code]
        if here.scope("") == "ambient":
            yield from (other for other in near(places.values(), here, reach) if other in places)
        yield from (meter.feature for meter in (*here.production, *here.treatment))


def _marks(scene: Scene, plan: Plan, edition: Edition) -> Iterator[Mark]:
    step = STEPS[plan.period]
    inside = scene.window.times >= plan.start
    for name in plan.checks:
        for hit in CHECKS[name](scene, edition.table(name)):
            mask = hit.mask & inside
            if mask.any():
                yield from _stretches(hit, scene, plan, f"{name}/{edition.id}", runs(mask), step)


def _stretches(hit: Hit, scene: Scene, plan: Plan, check: str, stretches: Any, step: int) -> Iterator[Mark]:
    times = scene.window.times
    for first, last in stretches.tolist():
        yield Mark(
            hit.feature,
            hit.parameter,
            str(plan.period),
            int(times[first]),
            int(times[last - 1]) + step,
            hit.finding.name or "",
            hit.effect,
            check,
        )
