"""The city's own rules held over the store 自建规则: in regular work, and in a trial over the past.

Both read the same window and ask the same kernels: a trial shows what the rule would have raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from huanzhi.assess.exact import MISSING
from huanzhi.assess.states import State
from huanzhi.center.warnings.keeping import release
from huanzhi.center.warnings.models import AirForecast, OwnRule, Warning
from huanzhi.center.warnings.places import where
from huanzhi.center.warnings.raising import NOWHERE, Finding, raise_or_hold
from huanzhi.center.warnings.words import title
from huanzhi.center.watching.declared import (
    Bools,
    Declared,
    Ints,
    beyond,
    bound_of,
    changes,
    declared,
    missing_run,
    n_of_m,
    spells,
)
from huanzhi.library.places.models import Region
from huanzhi.library.series import Feature, Store, Window
from huanzhi.programmes.place.known import known
from huanzhi.programmes.place.limits import NOT_JUDGED, limit_steps
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA, DAY, HOUR, Period, start_of_day

STEP = {"minute": 60, "hour": HOUR, "day": DAY}
LATE = 2
"""Periods by which a newest value may be late and the sign still be of now. Ours."""
SHARE_OF = {"over": "upper", "under": "lower"}


@dataclass(frozen=True, slots=True)
class Spell:
    """A spell of signs of one place: what a trial shows, what regular work raises.

    Attributes
    ----------
    start, last : int
        First and last sign [s UTC].
    """

    place: str
    name: str
    start: int
    last: int
    value: str
    limit: str
    n: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have raised; `looked` places, of which `known` had any value."""

    spells: tuple[Spell, ...]
    looked: int
    known: int


def trial(store: Store, rule: Declared, region: Region, start: int, end: int) -> Trial:
    """Return what a rule would have raised in [`start`, `end`)."""
    if rule.sort == "combination":
        found = tuple(_combined(rule, region, start, end))
        return Trial(found, len(found), len(found))
    if rule.sort == "forecast":
        found = tuple(_forecast(rule, region, datetime.fromtimestamp(end, UTC)))
        return Trial(found, 1, int(AirForecast.objects.filter(region=region).exists()))
    features = places_of(store, rule, region)
    window = _window(store, rule, features, start, end)
    if window is None:
        return Trial((), len(features), 0)
    spelled = [
        one for place in range(len(features)) for one in _spells(store, rule, features[place], window, place)
    ]
    known_ = int((window.units[:, 0, :] != MISSING).any(axis=1).sum())
    within = [one for one in spelled if one.last >= start]
    return Trial(tuple(sorted(within, key=lambda one: -one.start)), len(features), known_)


def places_of(store: Store, rule: Declared, region: Region) -> list[Feature]:
    """Return the places that a rule looks at: those it names, else all of the kind, in its region."""
    found = store.features(rule.kind, codes=list(rule.places) or None)
    return [one for one in found if _lies_in(one, region)]


def _lies_in(feature: Feature, region: Region) -> bool:
    if feature.region_code:
        own = Region.objects.filter(pk=feature.region_code).values_list("path", flat=True).first()
        return (own or f"{feature.region_code}/").startswith(
            region.path
        ) or feature.region_code == region.code
    found = where(feature.code, NOWHERE).region
    return found is not None and found.path.startswith(region.path)


def _window(store: Store, rule: Declared, features: list[Feature], start: int, end: int) -> Window | None:
    """Return the values from so long before `start` that what lasts is seen to last."""
    if not features:
        return None
    step = STEP[rule.period]
    before = max(rule.m, rule.step, rule.periods, rule.release) + 1
    first = start // step * step - before * step
    if rule.period == "day":
        first = start_of_day(datetime.fromtimestamp(first, CHINA).date())
    codes = [one.code for one in features]
    return store.window(codes, [rule.parameter], Period(rule.period), first, end)


def _spells(store: Store, rule: Declared, feature: Feature, window: Window, place: int) -> Iterator[Spell]:
    units, decimals = window.units[place, 0], window.decimals[0]
    judged = (units != MISSING) & (window.states[place, 0] == State.VALUE)
    judged &= (window.flags[place, 0] & int(NOT_JUDGED)) == 0
    bounds, limits = _bounds(store, rule, feature, window, decimals)
    signs = _signs(rule, units, judged, bounds)
    for begin, last in spells(signs, rule.release):
        value = _shown(rule, units, judged, last, decimals)
        yield Spell(
            feature.code,
            feature.name,
            int(window.times[begin]),
            int(window.times[last]),
            value,
            limits[last],
            int(signs[begin : last + 1].sum()),
        )


def _signs(rule: Declared, units: Ints, judged: Bools, bounds: tuple[Ints, Bools]) -> Bools:
    if rule.sort == "lost":
        return missing_run(units != MISSING, rule.periods)
    if rule.sort == "rate":
        return changes(units, judged, rule.step, int(bounds[0][0]) if len(units) else 0, rule.side)
    return n_of_m(beyond(units, judged & bounds[1], bounds[0], rule.side), rule.n, rule.m)


def _bounds(
    store: Store, rule: Declared, feature: Feature, window: Window, decimals: int
) -> tuple[tuple[Ints, Bools], list[str]]:
    """Return the bound at each time and where there is one, with the limits as they are shown."""
    length = len(window.times)
    if rule.sort == "lost":
        return (np.zeros(length, np.int64), np.ones(length, np.bool_)), [str(rule.periods)] * length
    if rule.sort == "rate" or rule.against == "value":
        value = rule.value or Decimal(0)
        bound = bound_of(value, decimals, "over" if rule.sort == "rate" else rule.side)
        return (np.full(length, bound, np.int64), np.ones(length, np.bool_)), [f"{value:f}"] * length
    return _edition_bounds(store, rule, feature, window, decimals)


def _edition_bounds(
    store: Store, rule: Declared, feature: Feature, window: Window, decimals: int
) -> tuple[tuple[Ints, Bools], list[str]]:
    bounds, there = np.zeros(len(window.times), np.int64), np.zeros(len(window.times), np.bool_)
    shown = ["—"] * len(window.times)
    if not len(window.times):
        return (bounds, there), shown
    start, end = int(window.times[0]), int(window.times[-1]) + STEP[rule.period]
    subject = known(feature, store.home).subject
    for one in limit_steps(subject, rule.parameter, Period(rule.period), start, end):
        if one.bound != SHARE_OF[rule.side]:
            continue
        held = (window.times >= one.start) & (window.times < one.end)
        limit = Fraction(one.value) * Fraction(rule.share)
        bounds[held], there[held] = bound_of(limit, decimals, rule.side), True
        for place in np.flatnonzero(held).tolist():
            shown[place] = f"{float(limit):.6g}"
    return (bounds, there), shown


def _shown(rule: Declared, units: Ints, judged: Bools, last: int, decimals: int) -> str:
    if rule.sort == "lost":
        seen = np.flatnonzero(units[: last + 1] != MISSING)
        return str(last - int(seen[-1])) if len(seen) else ""
    number = int(units[last]) - (int(units[last - rule.step]) if rule.sort == "rate" else 0)
    return f"{Decimal(number).scaleb(-decimals):f}"


def _combined(rule: Declared, region: Region, start: int, end: int) -> Iterator[Spell]:
    """Yield where two rules were seen within the minutes, the later of the two the moment of the sign."""
    begun, ended = (datetime.fromtimestamp(one, UTC) for one in (start, end))
    rows: Any = Warning.objects.filter(
        rule__in=(rule.first, rule.second),
        last__gte=begun,
        since__lt=ended,
        region__path__startswith=region.path,
    )
    sides: dict[str, dict[str, list[Warning]]] = {rule.first: {}, rule.second: {}}
    for row in rows.select_related("region"):
        sides[row.rule].setdefault(_same(row, rule.where), []).append(row)
    near = timedelta(minutes=rule.minutes)
    for key, firsts in sides[rule.first].items():
        for one in firsts if key else ():
            other = next((o for o in sides[rule.second].get(key, ()) if _gap(one, o) <= near), None)
            if other is not None:
                later = max(one.since, other.since)
                place = one.place or other.place
                last = int(max(one.last, other.last).timestamp())
                yield Spell(place, one.place_name, int(later.timestamp()), last, "", "", 2)
                break


def _same(row: Warning, how: str) -> str:
    return {"place": row.place, "enterprise": row.enterprise, "region": row.region_id or ""}[how]


def _gap(one: Warning, other: Warning) -> timedelta:
    """Return the time between two warnings; nothing where they stood at once."""
    apart = max(one.since, other.since) - min(one.last, other.last)
    return max(apart, timedelta(0))


def _forecast(rule: Declared, region: Region, now: datetime) -> Iterator[Spell]:
    today = now.astimezone(CHINA).date()
    last = today + timedelta(days=rule.m)
    days = list(AirForecast.objects.filter(region=region, day__gt=today, day__lte=last).order_by("day"))
    value = rule.value or Decimal(0)
    hit = [one for one in days if (one.high > value if rule.side == "over" else one.high < value)]
    if len(hit) >= rule.n:
        worst = max(hit, key=lambda one: one.high)
        begun = int(hit[0].issued.timestamp())
        yield Spell("", region.name, begun, int(now.timestamp()), str(worst.high), f"{value:f}", len(hit))


def run(store: Store, now: datetime) -> dict[str, int]:
    """Hold every rule that is on; raise, hold and release their warnings."""
    rules = list(OwnRule.objects.filter(state="on").select_related("region"))
    seen = sum(_hold(store, one, now) for one in rules)
    _end_stopped({one.rule for one in rules}, now)
    return {"rules": len(rules), "seen": seen}


def _end_stopped(on: set[str], now: datetime) -> None:
    """End the warnings of rules that were turned off."""
    for row in Warning.objects.filter(rule__startswith="own:", state="open").exclude(rule__in=on):
        release(row, now, "rule_off")


def _hold(store: Store, row: OwnRule, now: datetime) -> int:
    rule = declared(row.published["spec"])
    step = timedelta(seconds=STEP.get(rule.period, HOUR))
    moment = int(now.timestamp())
    recent = (LATE + rule.release) * STEP.get(rule.period, HOUR)
    found = trial(store, rule, row.region, moment - recent, moment)
    fresh = moment - (LATE + 1) * STEP.get(rule.period, HOUR)
    signs = [one for one in found.spells if one.last >= fresh or rule.sort in ("combination", "forecast")]
    subjects = set()
    for one in signs:
        finding = finding_of(row, rule, one)
        subjects.add(finding.subject)
        raise_or_hold(finding, now)
    silent = now - step * (rule.release + LATE)
    for warning in Warning.objects.filter(rule=row.rule, state="open", last__lt=silent):
        if warning.subject not in subjects:
            release(warning, now)
    return len(signs)


def finding_of(row: OwnRule, rule: Declared, spell: Spell) -> Finding:
    """Return what a spell of signs says, for a warning."""
    held: Mapping[str, Any] = row.published or {"level": row.level, "spec": row.spec}
    words = {language: _words(rule, spell, language) for language in ("zh", "en")}
    return Finding(
        row.rule,
        spell.place,
        datetime.fromtimestamp(spell.start, UTC),
        (rule.parameter,) if rule.parameter else (),
        _float(spell.value) if rule.sort in ("compare", "forecast") else None,
        _float(spell.limit) if rule.sort in ("compare", "forecast") else None,
        {"n": spell.n, "m": rule.m, "hours": rule.step, "minutes": rule.minutes},
        subject=spell.place or f"{row.code}@{row.region_id}",
        version=str(row.version),
        level=str(held.get("level", row.level)),
        title=row.name,
        judged={"sort": rule.sort, "spec": rule.as_dict(), "words": words, "side": SIDE_OF[rule.side]},
        region=None if spell.place else row.region,
        simulated=row.simulated,
    )


SIDE_OF = {"over": "max", "under": "min"}


def _words(rule: Declared, spell: Spell, language: str) -> dict[str, str]:
    sides = {"zh": {"over": "高于", "under": "低于"}, "en": {"over": "above", "under": "below"}}
    known_ = all_parameters().get(rule.parameter)
    named = {"item": "AQI", "unit": ""} if rule.sort == "forecast" else {}
    if known_ is not None:
        named = {"item": known_.name_en if language == "en" else known_.name, "unit": known_.unit}
    told = {"value": spell.value, "limit": spell.limit, "side": sides[language][rule.side]}
    if rule.sort == "combination":
        told |= {"first": title(rule.first, language), "second": title(rule.second, language)}
    return {**named, **told}


def _float(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None
