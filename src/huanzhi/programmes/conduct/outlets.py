"""Outlets 排放口: their last days judged by the limits in force on each, as occurrences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Q

from huanzhi.center.issues.models import Issue
from huanzhi.ecocode.grades.models import Event
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.library.enterprises.models import Outlet
from huanzhi.library.series import Store
from huanzhi.programmes.conduct.days import EXCEEDANCE, RUN, Excess, OutletDays, exceedances, runs
from huanzhi.programmes.conduct.settings import settings
from huanzhi.programmes.enterprise_file.judging import Verdict, judge
from huanzhi.programmes.enterprise_file.reading import Judged, Values, judged_outlets, steps_of
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA, Period, china_date, start_of_day

TOGETHER = 100
"""Outlets that are read together. Ours."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` until before `end`, in the shape of a quarter."""

    first: date
    end: date

    def span(self, today: date) -> tuple[int, int]:
        """Return begin and end [seconds UTC], not beyond the last whole day."""
        return start_of_day(self.first), start_of_day(min(self.end, today))


@dataclass(frozen=True, slots=True)
class Told:
    """What the outlets tell: everything from `since` on, and what is older and goes on or has ended."""

    since: date
    occurrences: tuple[Occurrence, ...]


def told(store: Store, today: date, *, since: date | None = None) -> Told:
    """Return the days over and the runs within, of the last days or from `since`."""
    back, margin = int(settings()["days"]["back"]), int(settings()["days"]["margin"])
    first = _first_day(store)
    if first is None:
        return Told(today, ())
    new = not Event.objects.filter(kind__in=(EXCEEDANCE, RUN)).exists()
    begin = since or (first if new else today - timedelta(days=back))
    begin = min(max(begin, first), today)
    span = Span(max(first, begin - timedelta(days=margin)), today)
    found = list(_told(store, span, begin, margin, today))
    return Told(begin, (*found, *_ended(begin)))


def _first_day(store: Store) -> date | None:
    periods = store.summary().periods
    starts = [periods[word][1] for word in ("day", "hour") if word in periods]
    return china_date(min(starts)) if starts else None


def _told(store: Store, span: Span, begin: date, most: int, today: date) -> Iterator[Occurrence]:
    features = {one.code: one for one in store.features(kind="outlet")}
    names = {code: (one.name, one.name_en) for code, one in all_parameters().items()}
    open_runs = _open_runs(begin)
    ends = _ends()
    every = iter(Outlet.objects.select_related("enterprise").order_by("code"))
    while batch := list(islice(every, TOGETHER)):
        for days in judged_days(store, judged_outlets(batch, features), span, today):
            for one in exceedances(days, begin, most, names):
                yield _with_end(one, ends)
            yield from runs(days, begin, open_runs.get(days.outlet))


def judged_days(store: Store, outlets: Sequence[Judged], span: Span, today: date) -> Iterator[OutletDays]:
    """Yield the outlets that sent anything, each with a word for every day and parameter."""
    values = Values(store, outlets, span, today)  # type: ignore[arg-type]
    if values.number <= 0:
        return
    for one in outlets:
        words: dict[str, tuple[str, ...]] = {}
        excess: dict[tuple[str, date], Excess] = {}
        for parameter in one.parameters():
            verdict, standard = _verdict(one, parameter, values, span)
            words[parameter] = verdict.days
            for over in verdict.over:
                excess[parameter, over.day] = Excess(
                    f"{over.value:f}", f"{over.limit:f}", over.unit, f"{over.times:f}", standard
                )
        if words:
            yield OutletDays(
                one.row.enterprise.code,
                one.row.code,
                one.row.name,
                span.first,
                words,
                excess,
                one.row.simulated,
            )


def _verdict(one: Judged, parameter: str, values: Values, span: Span) -> tuple[Verdict, str]:
    """Judge the days of one parameter by limits of days; hours are read where daily values are lacking."""
    steps = [step for step in steps_of(one, parameter, *values.span) if step.averaging == "day"]
    day = values.column(one.row.code, parameter, Period.DAY)
    lacking = steps and not day.counts.all()
    hour = values.column(one.row.code, parameter, Period.HOUR) if lacking else None
    verdict = judge(values.span[0], values.number, steps, day, hour, one.there(span.first, values.number))
    return verdict, f"{steps[-1].standard} {steps[-1].clause}".strip() if steps else ""


def _open_runs(begin: date) -> dict[str, date]:
    """Return by outlet the first day of a run that reaches a day."""
    rows = Event.objects.filter(kind=RUN, day__lt=begin, state="standing")
    rows = rows.filter(Q(until__isnull=True) | Q(until__gte=begin))
    return {str(one.facts.get("outlet")): one.day for one in rows.order_by("day")}


Ends = dict[str, list[tuple[date, date]]]


def _ends() -> Ends:
    """Return by outlet the issues of its exceedances that were mended: first day and last."""
    rows = Issue.objects.filter(channel="warning", closed__isnull=False).exclude(place="")
    found: Ends = {}
    for place, opened, since, closed in rows.values_list("place", "opened", "since", "closed"):
        begun = (since or opened).astimezone(CHINA).date() - timedelta(days=1)
        found.setdefault(place, []).append((begun, closed.astimezone(CHINA).date()))
    return {place: sorted(held, key=lambda one: one[1]) for place, held in found.items()}


def _with_end(one: Occurrence, ends: Ends) -> Occurrence:
    """Return an exceedance with the day on which its issue was written off 整改验收."""
    end = _end_of(str(one.facts["outlet"]), one.day, ends)
    if end is None:
        return one
    return Occurrence(
        one.enterprise, one.kind, one.source, one.day, end, one.facts, one.title, one.address, one.simulated
    )


def _end_of(outlet: str, day: date, ends: Ends) -> date | None:
    return next(
        (max(end, day + timedelta(days=1)) for begun, end in ends.get(outlet, ()) if begun <= day <= end),
        None,
    )


def _ended(begin: date) -> Iterator[Occurrence]:
    """Yield older exceedances whose issue was written off since they were told."""
    ends = _ends()
    rows = Event.objects.filter(kind=EXCEEDANCE, state="standing", until__isnull=True, day__lt=begin)
    for event in rows.select_related("enterprise"):
        end = _end_of(str(event.facts.get("outlet")), event.day, ends)
        if end is not None:
            yield again(event, until=end)


def again(event: Event, until: date | None) -> Occurrence:
    """Return a stored event as an occurrence with an end."""
    facts: dict[str, Any] = event.facts
    title = (event.title_zh, event.title_en)
    return Occurrence(
        event.enterprise.code,
        event.kind,
        event.source,
        event.day,
        until,
        facts,
        title,
        event.address,
        event.simulated,
    )
