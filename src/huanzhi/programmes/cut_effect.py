"""Before and after of cuts 减排前后对比: the air and the emission of an episode beside what was before it.

Both are laid side by side and nothing more is said: weather, load and season change as well, so no
difference is put down to the cuts. Emission counts hours that were measured or in which the plant stood
still; hours that were put in by a rule are those of other days and stay out. What is not known is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from huanzhi.assess.emission.hours import Origin
from huanzhi.assess.exact import round_fraction
from huanzhi.center.warnings.cut_models import CutTask
from huanzhi.center.warnings.models import AirForecast, Episode
from huanzhi.center.warnings.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Outlet
from huanzhi.library.reviews import Ledger
from huanzhi.library.series import Store
from huanzhi.programmes.emission.keeping import LAG, wanted
from huanzhi.programmes.emission.reading import Reckoned, days_of, medium_of, reckon
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA, HOUR, stamp

PHASES = ("before", "during", "after")
KNOWN = (Origin.MEASURED, Origin.STOPPED)
HOURS, PERCENT = 24, 100
MILLIGRAMS = 10**6
"""Milligrams in a kilogram."""
DECIMALS, SHARE_DECIMALS = 4, 1


@dataclass(frozen=True, slots=True)
class Spans:
    """The spans that are compared [s UTC, whole hours, ends exclusive]; one that has not begun is empty."""

    before: tuple[int, int]
    during: tuple[int, int]
    after: tuple[int, int]

    @property
    def whole(self) -> tuple[int, int]:
        """From the first hour to the last."""
        return self.before[0], max(self.before[1], self.during[1], self.after[1])


def spans_of(row: Episode, now: datetime) -> Spans:
    """Return what is compared of an episode; hours count two hours after they are over.

    Raises
    ------
    InputError
        ``warnings.cut_unbegun`` where the episode never was in force.
    """
    if row.started is None:
        raise InputError("warnings.cut_unbegun", value=row.code)
    table, last = settings()["cut_effect"], int(now.timestamp()) // HOUR * HOUR - LAG
    start = -(-int(row.started.timestamp()) // HOUR) * HOUR
    over = int(row.ended.timestamp()) // HOUR * HOUR if row.ended is not None else last
    after = -(-int(row.ended.timestamp()) // HOUR) * HOUR if row.ended is not None else last
    days = {name: table[f"days_{name}"] * HOURS * HOUR for name in ("before", "after")}
    ends = min(after + days["after"], last) if row.ended is not None else after
    return Spans(
        (start - days["before"], min(start, last)),
        (start, max(start, min(over, last))),
        (after, max(after, ends)),
    )


def air(row: Episode, now: datetime) -> dict[str, Any]:
    """Return the observed AQI of every day before, during and after, and the mean of each phase.

    A day belongs to the episode as soon as the warning was in force on it for an hour.
    """
    days = _days(row, now)
    kept = AirForecast.objects.filter(region=row.region, source="observed", day__in=[day for day, _ in days])
    known = {one.day: one for one in kept}
    told = [_day(day, phase, known.get(day)) for day, phase in days]
    means = {phase: _mean([one["aqi"] for one in told if one["phase"] == phase]) for phase in PHASES}
    return {"days": told, "aqi": means}


def _day(day: date, phase: str, row: AirForecast | None) -> dict[str, Any]:
    held = {"aqi": row.high, "primary": row.primary} if row is not None else {"aqi": None, "primary": ""}
    return {"day": day.isoformat(), "phase": phase, **held}


def _days(row: Episode, now: datetime) -> list[tuple[date, str]]:
    spans, table = spans_of(row, now), settings()["cut_effect"]
    today = now.astimezone(CHINA).date()
    start, yesterday = _date(spans.during[0]), today - timedelta(days=1)
    end = last = max(start, yesterday)
    if row.ended is not None:
        end = row.ended.astimezone(CHINA).date()
        last = max(start, min(end + timedelta(days=table["days_after"]), yesterday))
    first = start - timedelta(days=table["days_before"])
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [(day, "before" if day < start else "during" if day <= end else "after") for day in every]


def _date(moment: int) -> date:
    return datetime.fromtimestamp(moment, CHINA).date()


def _mean(values: Sequence[int | None]) -> dict[str, Any]:
    known = [one for one in values if one is not None]
    mean = _text(Fraction(sum(known), len(known)), SHARE_DECIMALS) if known else None
    return {"mean": mean, "known": len(known), "days": len(values)}


def emission(
    store: Store | None, ledger: Ledger | None, tasks: Sequence[CutTask], now: datetime
) -> list[dict[str, Any]]:
    """Return what each enterprise let go into the air before, during and after [kg/h], by pollutant.

    Where an enterprise has several outlets with monitors they are added, hour means over the hours known of
    each; a pollutant is unknown in a span as soon as one of them is. Outlets of which nothing ever came are
    named, and not counted.

    Parameters
    ----------
    tasks : sequence of CutTask
        Of one or more episodes that were in force.
    """
    outlets = _outlets(tasks)
    wishes = wanted([one.code for rows in outlets.values() for one in rows])
    return [_task(store, ledger, task, outlets.get(task.enterprise_id, []), wishes, now) for task in tasks]


def _outlets(tasks: Sequence[CutTask]) -> dict[int, list[Outlet]]:
    found: dict[int, list[Outlet]] = {}
    rows = Outlet.objects.filter(
        enterprise__in={task.enterprise_id for task in tasks}, medium__in=("gas", "air")
    )
    for row in rows.order_by("code"):
        found.setdefault(row.enterprise_id, []).append(row)
    return found


def _task(
    store: Store | None,
    ledger: Ledger | None,
    task: CutTask,
    outlets: Sequence[Outlet],
    wishes: Mapping[str, Sequence[str]],
    now: datetime,
) -> dict[str, Any]:
    spans = spans_of(task.episode, now)
    heard: dict[str, list[Reckoned]] = {}
    silent = []
    for outlet in outlets:
        codes = [one for one in wishes.get(outlet.code, ()) if medium_of(one) == "gas"]
        gas = outlet.attributes.get("gas") or {}
        found = reckon(store, ledger, outlet.code, codes, *spans.whole, gas, look_back=0) if store else []
        silent += [] if found else [outlet.code]
        for one in found:
            heard.setdefault(one.parameter, []).append(one)
    days = _days(task.episode, now)
    return {
        "outlets": [one.code for one in outlets if one.code not in silent],
        "silent": silent,
        "items": [_item(code, rows, spans) for code, rows in sorted(heard.items())],
        "days": [
            {"day": day.isoformat(), "phase": phase}
            | {"values": {code: _of_day(rows, day) for code, rows in sorted(heard.items())}}
            for day, phase in days
        ],
    }


def _item(code: str, rows: Sequence[Reckoned], spans: Spans) -> dict[str, Any]:
    told = {phase: _phase(rows, *getattr(spans, phase)) for phase in PHASES}
    first, then = told["before"][0], told["during"][0]
    change = _text((then - first) / first * PERCENT, SHARE_DECIMALS) if first and then is not None else None
    known = all_parameters().get(code)
    shown = {
        phase: {"mean": None if mean is None else _text(mean, DECIMALS), "known": hours, "hours": whole}
        for phase, (mean, hours, whole) in told.items()
    }
    return {"parameter": code, "symbol": known.symbol if known else code, **shown, "change": change}


def _phase(rows: Sequence[Reckoned], start: int, end: int) -> tuple[Fraction | None, int, int]:
    """Return the mean [kg/h] of a span, and of its hours the fewest that an outlet is known of."""
    whole, means, least = (end - start) // HOUR, [], None
    for one in rows:
        inside = (one.times >= start) & (one.times < end) & np.isin(one.hours.origins, KNOWN)
        hours = int(inside.sum())
        least = hours if least is None else min(least, hours)
        if whole and hours * PERCENT >= whole * settings()["cut_effect"]["needed"] and hours:
            total = sum(one.hours.products[inside].tolist()) * one.milligrams
            means.append(total / hours / MILLIGRAMS)
    complete = bool(means) and len(means) == len(rows)
    return (sum(means, Fraction(0)) if complete else None), least or 0, whole


def _of_day(rows: Sequence[Reckoned], day: date) -> str | None:
    """Return what was let go on a day [kg]; None where an hour of it is not known of every outlet."""
    total, label = Fraction(0), (day - date(1970, 1, 1)).days
    for one in rows:
        inside = (days_of(one.times) == label) & np.isin(one.hours.origins, KNOWN)
        if int(inside.sum()) < HOURS:
            return None
        total += sum(one.hours.products[inside].tolist()) * one.milligrams
    return _text(total / MILLIGRAMS, DECIMALS)


def _text(value: Fraction, decimals: int) -> str:
    units = round_fraction(Fraction(value), decimals)
    sign, digits = "-" if units < 0 else "", f"{abs(units):0{decimals + 1}d}"
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def told_spans(row: Episode, now: datetime) -> dict[str, dict[str, str | None]]:
    """Return the spans as moments in China time."""
    spans = spans_of(row, now)
    return {
        phase: {"start": stamp(_moment(span[0])), "end": stamp(_moment(span[1]))}
        for phase in PHASES
        if (span := getattr(spans, phase))
    }


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
