"""Series 监测曲线: ``/series``, what a place measured, with limits, flags, marks, comparison and reasons."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import partial
from time import time as clock
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from huanzhi.errors import InputError
from huanzhi.library.recent import Recent
from huanzhi.library.series import Store
from huanzhi.messages import language, text
from huanzhi.programmes import place as shown
from huanzhi.programmes.place.comparison import before, mean_of_span, year_before
from huanzhi.programmes.place.curve import flag_stretches, marks_of
from huanzhi.programmes.place.days import read_from
from huanzhi.programmes.place.known import Known
from huanzhi.programmes.place.legend import legend
from huanzhi.programmes.place.reasons import raw_frames
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR, Period, china_date, start_of_day
from huanzhi.web.api import series_answers as out
from huanzhi.web.api.actors import here
from huanzhi.web.api.lists import document, encoded, json_of
from huanzhi.web.api.papers import paper
from huanzhi.web.api.series_asking import (
    Asked,
    first_of,
    held_of,
    home_of,
    ledger_of,
    may_see_frames,
    moment_of,
    permitted,
    reading,
    revision_of,
    settled,
)
from huanzhi.web.api.series_shapes import (
    AvailableOut,
    CalendarOut,
    CurveOut,
    CurvesOut,
    DiurnalOut,
    ReasonOut,
    RoseOut,
    SummaryOut,
)

router = Router(tags=["series"], auth=here)

MOST_CURVES = 8
MOST_ROWS = 100_000
"""Curves of one request, rows of an exported file. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST_BYTES, MOST_SUMMARIES = 64 << 20, 1000
"""Bytes of the answers, and number of the summaries, that are kept. DEFAULT, NOT FROM THE DOCUMENTS."""

_kept: Recent[bytes] = Recent(MOST_BYTES, len)
_summaries: Recent[dict[str, Any]] = Recent(MOST_SUMMARIES)


class What(Schema):
    """Which series over which span; a time without a zone is China time, `end` is not included."""

    parameter: str = Field("", max_length=60, description="parameter code; by default the first of the place")
    period: str = Field("", max_length=30, description="averaging time; by default hours where there are any")
    start: str = Field("", max_length=40)
    end: str = Field("", max_length=40)


class How(What):
    """How a curve is given."""

    view: Literal["raw", "reviewed"] = "raw"
    as_of: str = Field("", max_length=40, description="revision, or moment: the store as it was then")
    points: int = Field(
        4000, ge=100, le=200_000, description="most points of a curve; longer ones are thinned"
    )
    format: Literal["json", "csv", "xlsx"] = "json"


class Several(How):
    """Which curves stand beside each other."""

    features: str = Field(min_length=1, max_length=1000, description="codes of places between commas")
    against: str = Field(
        "", max_length=40, description="a second span as long: year, before, or the moment at which it begins"
    )


@router.get("series/{feature}", response=CurveOut, url_name="series")
async def get_series(request: HttpRequest, feature: str, how: Query[How]) -> HttpResponse:
    """Return one series of a place with the limits in force at each moment, flags and marks."""
    found = await permitted(request, feature, "read" if how.format == "json" else "export")
    if how.format != "json":
        return await _file(request, found, how)
    return encoded(
        request, await reading(request, partial(_curve, found=found, how=how, home=home_of(request)))
    )


@router.get("series", response=CurvesOut, url_name="series_beside")
async def compare_series(request: HttpRequest, several: Query[Several]) -> HttpResponse:
    """Return several series beside each other: of several places, or of two spans."""
    codes = list(dict.fromkeys(filter(None, several.features.split(","))))
    if not 0 < len(codes) <= MOST_CURVES:
        raise InputError("series_api.too_many", value=len(codes), expected=f"1–{MOST_CURVES}")
    places = [await permitted(request, code) for code in codes]
    home = home_of(request)
    return document(
        request, {"curves": await reading(request, lambda store: _beside(store, places, several, home))}
    )


def _beside(store: Store, places: list[Known], several: Several, home: Any) -> list[dict[str, Any]]:
    first = settled(store, places[0], several.parameter, several.period, several.start, several.end)
    spans = [("", first.span)]
    if several.against:
        spans.append((several.against, _against(several.against, first.span)))
    return [
        _one_curve(store, Asked(found, first.parameter, first.period, span), several, home, name)
        for name, span in spans
        for found in places
    ]


def _against(written: str, span: tuple[int, int]) -> tuple[int, int]:
    named = {"year": year_before, "before": before}
    if written in named:
        return named[written](span)
    start = moment_of(written)
    return start, start + span[1] - span[0]


def _curve(store: Store, found: Known, how: How, home: Any) -> bytes:
    """Return a curve as JSON; made anew where anything that it is made from has changed."""
    asked = settled(store, found, how.parameter, how.period, how.start, how.end)

    def make() -> bytes:
        return json_of(_one_curve(store, asked, how, home, ""))

    if how.as_of or how.view != "raw":
        return make()
    with ledger_of(home) as ledger:
        marks = marks_of(ledger, found.subject.code, asked.parameter, asked.period, asked.span)
    parts = store.parts_of(asked.period, *asked.span)
    return _kept.made(("curve", *_settled_key(asked), how.points, repr(marks), parts), make)


def _settled_key(asked: Asked) -> tuple[Hashable, ...]:
    return asked.known, language(), asked.parameter, asked.period, asked.span


def _one_curve(store: Store, asked: Asked, how: How, home: Any, against: str) -> dict[str, Any]:
    subject = asked.known.subject
    with ledger_of(home) as ledger:
        whole = shown.curve(
            store,
            ledger,
            subject.code,
            asked.parameter,
            asked.period,
            asked.span,
            review=how.view == "reviewed",
            as_of=revision_of(how.as_of),
        )
        marks = marks_of(ledger, subject.code, asked.parameter, asked.period, asked.span)
    thin = shown.thinned(whole, how.points)
    left_out = thin.times.size < whole.times.size
    steps = shown.limit_steps(subject, asked.parameter, asked.period, *asked.span)
    return {
        "feature": subject.code,
        "name": subject.feature.name,
        "simulated": subject.feature.simulated,
        "parameter": out.parameter(asked.parameter),
        "period": str(asked.period),
        "view": how.view,
        "start": out.moment(asked.span[0]),
        "end": out.moment(asked.span[1]),
        "against": against,
        "revision": store.revision(),
        "note": text("series_api.thinned", number=whole.times.size, shown=thin.times.size)
        if left_out
        else "",
        **out.columns(thin),
        "flags": [out.stretch(one) for one in flag_stretches(whole)],
        "marks": [out.mark(held) for held in marks],
        "limits": [out.step(one) for one in steps],
    }


async def _file(request: HttpRequest, found: Known, how: How) -> HttpResponse:
    home = home_of(request)
    return await reading(request, lambda store: _paper(store, found, how, home))


def _paper(store: Store, found: Known, how: How, home: Any) -> HttpResponse:
    asked = settled(store, found, how.parameter, how.period, how.start, how.end)
    subject = found.subject
    with ledger_of(home) as ledger:
        whole = shown.curve(
            store,
            ledger,
            subject.code,
            asked.parameter,
            asked.period,
            asked.span,
            review=how.view == "reviewed",
            as_of=revision_of(how.as_of),
        )
        marks = marks_of(ledger, subject.code, asked.parameter, asked.period, asked.span)
    if whole.times.size > MOST_ROWS:
        raise InputError("series_api.too_long", value=int(whole.times.size), expected=f"≤ {MOST_ROWS}")
    steps = shown.limit_steps(subject, asked.parameter, asked.period, *asked.span)
    made = out.table(found, whole, steps, marks)
    mark = text("series_api.simulated") if subject.feature.simulated else ""
    form: Literal["csv", "xlsx"] = "csv" if how.format == "csv" else "xlsx"
    return paper([made], form, f"{subject.code}-{asked.parameter}-{asked.period}", mark=mark)


@router.get("series/{feature}/available", response=AvailableOut, url_name="series_available")
async def get_available(request: HttpRequest, feature: str, count: bool = False) -> HttpResponse:
    """Return what a place is, and which parameters and periods it has, each with its newest value.

    With `count`, also the first day and the number of values, which takes longer.
    """
    found = await permitted(request, feature)
    work = partial(_available, found=found, count=count)
    return document(request, {"place": out.place(found), **await reading(request, work)})


def _available(store: Store, found: Known, count: bool) -> dict[str, Any]:
    last = store.last([found.subject.code]).to_pydict()
    keys = list(zip(last["parameter"], last["period"], last["time"], strict=True))
    counted = _counted(store, found.subject.code, {Period(each) for _, each, _ in keys}) if count else {}
    series = [
        {
            "parameter": out.parameter(name),
            "main": name in all_parameters(),
            "period": period,
            "last": out.moment(time),
            **counted.get((name, period), {}),
        }
        for name, period, time in keys
    ]
    return {"first": first_of(found, held_of(store, found.subject.code)), "series": series}


def _counted(store: Store, code: str, periods: set[Period]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return first day and number of the values of each series."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for period in periods:
        days = store.aggregate(None, period, step="day", features=[code]).to_pydict()
        rows = zip(days["parameter"], days["time"], days["count"], days["below_count"], strict=True)
        for name, day, values, below in rows:
            held = found.setdefault((name, str(period)), {"first": out.moment(day), "number": 0})
            held["number"] += values + below
    return found


@router.get("series/{feature}/summary", response=SummaryOut, url_name="series_summary")
async def get_summary(request: HttpRequest, feature: str, what: Query[What]) -> HttpResponse:
    """Return how a place stands: newest values with age, AQI or class, comparison, hours beyond the limit."""
    found = await permitted(request, feature)
    now = int(clock())
    kept = await reading(request, lambda store: _summary(store, found, what))
    values = [{**one, "age": max(0, now - time)} for time, one in kept["values"]]
    return document(request, {**kept, "now": out.moment(now), "values": values})


def _summary(store: Store, found: Known, what: What) -> dict[str, Any]:
    """Return a summary; its values come with their times, since their ages are not known yet."""
    rows = store.last([found.subject.code]).to_pylist()
    days = [china_date(max((row["time"] for row in rows), default=0) + shift * DAY) for shift in (-1, 1)]
    asked = settled(store, found, what.parameter, what.period, what.start, what.end) if rows else None
    key = ("summary", found, language(), repr(rows), read_from(store, *days), _figures_key(store, asked))
    return _summaries.made(key, lambda: _made_summary(store, found, asked))


def _figures_key(store: Store, asked: Asked | None) -> tuple[Hashable, ...]:
    """Return what the figures of a span and of those that it is compared with are made from."""
    if asked is None:
        return ()
    spans = (asked.span, year_before(asked.span), before(asked.span))
    periods = {asked.period, Period.HOUR, Period.DAY, Period.DAY_MAX_EIGHT_HOURS}
    parts = (store.parts_of(period, *span) for period in sorted(periods) for span in spans)
    return (*_settled_key(asked), *parts)


def _made_summary(store: Store, found: Known, asked: Asked | None) -> dict[str, Any]:
    last = shown.last_values(store, found.subject)
    answer: dict[str, Any] = {
        "place": out.place(found),
        "now": "",
        "standing": out.standing(shown.standing(store, found.subject, 0, last)),
        "values": [(one.time, out.last_value(one, 0)) for one in last],
        "comparison": None,
        "exceedance": None,
        "day": None,
    }
    if asked is None or not last:
        return answer
    made = shown.curve(store, None, found.subject.code, asked.parameter, asked.period, asked.span)
    steps = shown.limit_steps(found.subject, asked.parameter, asked.period, *asked.span)
    compared = shown.compared(store, found.subject, asked.parameter, asked.period, asked.span)
    return {
        **answer,
        "comparison": out.comparison(compared),
        "exceedance": out.exceeding(shown.exceedance(made, steps)),
        "day": _day(store, found, asked),
    }


def _day(store: Store, found: Known, asked: Asked) -> dict[str, Any]:
    """Return least, mean and greatest of the last 24 hours of the span."""
    span = (asked.span[1] - DAY, asked.span[1])
    hours = shown.curve(store, None, found.subject.code, asked.parameter, asked.period, span)
    there = hours.units[hours.present]
    ends = (int(there.min()), int(there.max())) if there.size else None
    mean = mean_of_span(store, found.subject, asked.parameter, asked.period, span)
    return {
        "lowest": None if ends is None else out.text_of(ends[0], hours.decimals),
        "highest": None if ends is None else out.text_of(ends[1], hours.decimals),
        "mean": None if mean.value is None else f"{mean.value:f}",
        "number": int(there.size),
        "due": int(hours.of),
    }


@router.get("series/{feature}/calendar", response=CalendarOut, url_name="series_calendar")
async def get_calendar(request: HttpRequest, feature: str, year: int = 0) -> HttpResponse:
    """Return every day of a year with its AQI, class or verdict and the official colours."""
    found = await permitted(request, feature)
    return encoded(request, await reading(request, lambda store: _calendar(store, found, year)))


def _calendar(store: Store, found: Known, year: int) -> bytes:
    """Return a calendar as JSON; made anew where anything that it is made from has changed."""
    chosen = year or _last_year(store, found)
    if not 1970 < chosen < 2200:
        raise InputError("series_api.span", value=chosen)
    span = date(chosen, 1, 1), date(chosen, 12, 31)
    key = ("calendar", found, language(), chosen, read_from(store, *span))
    return _kept.made(key, lambda: json_of(_made_calendar(store, found, chosen, span)))


def _made_calendar(store: Store, found: Known, year: int, span: tuple[date, date]) -> dict[str, Any]:
    return {
        "feature": found.subject.code,
        "year": year,
        "legend": legend(found.subject.family, span[1]),
        "days": [out.day_cell(one) for one in shown.calendar(store, found.subject, *span)],
    }


def _last_year(store: Store, found: Known) -> int:
    times = store.last([found.subject.code]).column("time").to_pylist()
    newest = max(times, default=start_of_day(date.today()))
    return int(date.fromordinal(date(1970, 1, 1).toordinal() + (newest + CHINA_OFFSET) // DAY).year)


@router.get("series/{feature}/rose", response=RoseOut, url_name="series_rose")
async def get_rose(request: HttpRequest, feature: str, what: Query[What]) -> HttpResponse:
    """Return the mean concentration by wind direction, with the wind of this or the nearest station."""
    found = await permitted(request, feature)
    return document(request, await reading(request, lambda store: _rose(store, found, what)))


def _rose(store: Store, found: Known, what: What) -> dict[str, Any]:
    asked = settled(store, found, what.parameter, Period.HOUR, what.start, what.end)
    rose = shown.wind_rose(store, found.subject, asked.parameter, asked.span)
    return {
        **_named(asked),
        "wind_station": rose.station,
        "wind_name": rose.name,
        "distance_km": rose.distance,
        "counts": list(rose.counts),
        "means": list(rose.means),
        "calm_count": rose.calm_count,
        "calm_mean": rose.calm_mean,
    }


def _named(asked: Asked) -> dict[str, Any]:
    return {
        "feature": asked.known.subject.code,
        "parameter": out.parameter(asked.parameter),
        "start": out.moment(asked.span[0]),
        "end": out.moment(asked.span[1]),
    }


@router.get("series/{feature}/diurnal", response=DiurnalOut, url_name="series_diurnal")
async def get_diurnal(request: HttpRequest, feature: str, what: Query[What]) -> HttpResponse:
    """Return the mean of each hour of the day, also of workdays and weekends apart."""
    found = await permitted(request, feature)
    return document(request, await reading(request, lambda store: _diurnal(store, found, what)))


def _diurnal(store: Store, found: Known, what: What) -> dict[str, Any]:
    asked = settled(store, found, what.parameter, Period.HOUR, what.start, what.end)
    hours = shown.diurnal(store, found.subject.code, asked.parameter, asked.span)
    steps = shown.limit_steps(
        found.subject, asked.parameter, Period.HOUR, asked.span[1] - HOUR, asked.span[1]
    )
    return {
        **_named(asked),
        "hours": [out.hour_of_day(one) for one in hours],
        "limits": [out.step(one) for one in steps],
    }


@router.get("series/{feature}/why", response=ReasonOut, url_name="series_why")
async def get_why(
    request: HttpRequest, feature: str, time: str, parameter: str, period: str = "hour"
) -> HttpResponse:
    """Return why a value is judged as it is: steps, clauses, files and rows, and its frames."""
    found = await permitted(request, feature)
    allowed = may_see_frames(request, found)
    home = home_of(request)
    answer = await reading(
        request,
        lambda store: _why(store, found, parameter, period, moment_of(time), home if allowed else None),
    )
    if not allowed:
        answer["frames"] = []
    return document(request, {**answer, "frames_allowed": allowed})


def _why(store: Store, found: Known, parameter: str, period: str, at: int, home: Any) -> dict[str, Any]:
    if period not in list(Period):
        raise InputError("series.unknown_period", value=period, expected=", ".join(Period))
    averaging = Period(period)
    reason = shown.reason(store, found.subject, parameter, averaging, at)
    frames = raw_frames(home, reason.origins[-1], found.devices, averaging)
    return {
        "feature": found.subject.code,
        "parameter": out.parameter(parameter),
        "time": out.moment(at),
        **out.why(reason),
        "frames": [out.frame(one) for one in frames],
    }
