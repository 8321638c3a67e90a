"""Figures of discovery and disposal 发现与处置统计: by channel, area, category and organisation.

Pure but for `sheet_of` and `counted`, which read. Durations are seconds from the opening; a median and a
ninth decile are of those issues that have come so far, and their number stands beside them. A share whose
denominator is none is None, never 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from django.db.models import Case, CharField, Count, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Coalesce

from huanzhi.center.issues.settings import settings
from huanzhi.center.issues.table import table
from huanzhi.standards.periods import CHINA, CHINA_OFFSET, DAY

UNDECIDED, REFUSED, CLOSED = "clue", ("rejected", "joined"), ("written_off", "looked_back")
"""States of what nobody has judged yet, of what was no issue of its own, and of what was cured."""

TERMS = ("accepted", "dispatched", "closed")
"""Steps whose time since the opening is told."""
NONE = -1
"""Stands in the columns of a sheet where there is no duration."""
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Row(NamedTuple):
    """What of an issue is counted; durations are seconds, `NONE` where it has not come so far.

    `opened` is a moment in UTC, ``2026-11-22 02:00:00``, as every database tells it; `alarm` how long before
    the opening a sensor had noticed it; `late` whether its term is over.
    """

    channel: str
    category: str
    region: str
    organisation: int | None
    state: str
    opened: str
    place: str
    alarm: int
    accepted: int
    dispatched: int
    closed: int
    late_steps: int
    reopened: int
    late: int


@dataclass(frozen=True)
class Sheet:
    """Issues as columns.

    Attributes
    ----------
    keys : mapping
        ``channel``, ``category``, ``region``, ``organisation``, ``place``: the words, one an issue.
    opened : ndarray of int64
        Moment of the opening [s UTC].
    durations : mapping
        ``alarm`` and the `TERMS`: seconds, `NONE` where there is none.
    judged, valid, cured, late, on_time, again : ndarray of bool
    """

    keys: Mapping[str, Sequence[Any]]
    opened: Ints
    durations: Mapping[str, Ints]
    judged: Mask
    valid: Mask
    cured: Mask
    late: Mask
    on_time: Mask
    again: Mask

    def of(self, places: Ints) -> Sheet:
        """Return the issues at some places, without their words."""
        masks = (self.judged, self.valid, self.cured, self.late, self.on_time, self.again)
        durations = {name: column[places] for name, column in self.durations.items()}
        return Sheet({}, self.opened[places], durations, *(one[places] for one in masks))


def sheet(rows: Iterable[Row]) -> Sheet:
    """Return issues as columns."""
    columns = list(zip(*rows, strict=True)) or [()] * len(Row._fields)
    held = dict(zip(Row._fields, columns, strict=True))
    kinds = {UNDECIDED: 0, **dict.fromkeys(REFUSED, 1), **dict.fromkeys(CLOSED, 3)}
    kind = np.array([kinds.get(one, 2) for one in held["state"]], dtype=np.int8)
    whole = {name: np.array(held[name], dtype=np.int64) for name in ("alarm", *TERMS)}
    late_steps, reopened, late = (
        np.array(held[name], dtype=np.int64) > 0 for name in ("late_steps", "reopened", "late")
    )
    return Sheet(
        {name: held[name] for name in ("channel", "category", "region", "organisation", "place")},
        np.array([one[:19] for one in held["opened"]], dtype="datetime64[s]").astype(np.int64),
        whole,
        judged=kind > 0,
        valid=kind > 1,
        cured=kind > 2,
        late=late,
        on_time=~late_steps,
        again=reopened,
    )


def sheet_of(issues: Any, first: date, last: date, now: datetime) -> Sheet:
    """Return the issues that were opened from `first` to `last`, days of China, as columns.

    All columns stand in one index (``issues_statistics``), so that the rows themselves are not read.
    """
    begin, end = _midnight(first), _midnight(last + timedelta(days=1))
    found = issues.order_by().filter(opened__gte=begin, opened__lt=end)
    number, none = IntegerField(), Value(NONE)
    late = Q(due__lt=now, state__in=table().open_states())
    told = found.values_list(
        "channel",
        "category",
        "region_id",
        "organisation_id",
        "state",
        Cast("opened", CharField()),
        "place",
        Case(When(sensor=True, then=Coalesce(F("noticed_before"), none)), default=none, output_field=number),
        *(Coalesce(F(f"{name}_after"), none, output_field=number) for name in TERMS),
        "late_steps",
        "reopened",
        Case(When(late, then=Value(1)), default=Value(0), output_field=number),
    )
    return sheet(told)


def figures(found: Sheet) -> dict[str, Any]:
    """Return the figures of some issues."""
    number, judged, holding, closed = (
        len(found.opened),
        *(int(one.sum()) for one in (found.judged, found.valid, found.cured)),
    )
    on_time, again = int((found.cured & found.on_time).sum()), int((found.valid & found.again).sum())
    sensed = found.valid & (found.durations["alarm"] != NONE)
    return {
        "found": number,
        "judged": judged,
        "valid": holding,
        "valid_rate": share(holding, judged),
        "open": holding - closed + number - judged,
        "overdue": int(found.late.sum()),
        "closed": closed,
        "on_time": on_time,
        "on_time_rate": share(on_time, closed),
        "reopened": again,
        "reopened_rate": share(again, holding),
        "accepted": _spread(found, "accepted", found.valid),
        "dispatched": _spread(found, "dispatched", found.valid),
        "closing": _spread(found, "closed", found.cured),
        "alarm_to_disposal": _spread(found, "dispatched", sensed, since_alarm=True),
        "alarm_to_end": _spread(found, "closed", sensed & found.cured, since_alarm=True),
    }


def _spread(found: Sheet, name: str, inside: Mask, *, since_alarm: bool = False) -> dict[str, Any]:
    come = inside & (found.durations[name] != NONE)
    seconds = found.durations[name][come]
    return spread(seconds + found.durations["alarm"][come] if since_alarm else seconds)


def grouped(found: Sheet, codes: Sequence[Hashable]) -> list[dict[str, Any]]:
    """Return the figures of each group, the greatest first; `codes` has the group of each issue."""
    places: dict[Hashable, int] = {}
    labels = np.array([places.setdefault(code, len(places)) for code in codes], dtype=np.int64)
    order = np.argsort(labels, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(labels, minlength=len(places)))[:-1])
    told = [{"code": code, **figures(found.of(part))} for code, part in zip(places, parts, strict=False)]
    return sorted(told, key=lambda one: (-one["found"], str(one["code"])))


def defences(found: Sheet) -> list[str]:
    """Return 人防, 物防 or 技防 of each issue by the table of channels."""
    known = {code: str(one.get("defence", "people")) for code, one in settings()["channel"].items()}
    return [known.get(channel, "people") for channel in found.keys["channel"]]


def repeated(found: Sheet, least: int = 2) -> list[dict[str, Any]]:
    """Return the places at which several issues were opened, the most frequent first."""
    holding = found.judged & ~found.valid
    known = Counter(
        place for place, refused in zip(found.keys["place"], holding.tolist(), strict=True) if not refused
    )
    told = [(place, number) for place, number in known.items() if place and number >= least]
    told.sort(key=lambda one: (-one[1], one[0]))
    return [{"place": place, "number": number} for place, number in told]


def by_day(found: Sheet, first: date, last: date) -> list[dict[str, Any]]:
    """Return how many were found and closed on each day, or in each month of more than ninety days.

    What was closed is counted on the day on which it was closed, if that lies in the period.
    """
    bucket = _month if (last - first).days > LONG else date.isoformat
    ended = found.cured & (found.durations["closed"] != NONE)
    begun, over = _days(found.opened), _days((found.opened + found.durations["closed"])[ended])
    counts = _in_buckets(begun, bucket), _in_buckets(over[over <= (last - EPOCH).days], bucket)
    steps = sorted({bucket(first + timedelta(days=n)) for n in range((last - first).days + 1)})
    return [{"at": step, "found": counts[0][step], "closed": counts[1][step]} for step in steps]


EPOCH = date(1970, 1, 1)


def _days(moments: Ints) -> Ints:
    """Return days since 1970 in China."""
    return (moments + CHINA_OFFSET) // DAY


def _in_buckets(days: Ints, bucket: Callable[[date], str]) -> Counter[str]:
    told: Counter[str] = Counter()
    for day, number in zip(*(one.tolist() for one in np.unique(days, return_counts=True)), strict=True):
        told[bucket(EPOCH + timedelta(days=day))] += number
    return told


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


LONG = 92
"""Days of a period above which its course is told by months. DEFAULT, NOT FROM THE DOCUMENTS."""


def before(first: date, last: date) -> tuple[date, date]:
    """Return the period just before: the month before a whole month, else as many days."""
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        index = first.year * 12 + first.month - 1 - months
        return date(index // 12, index % 12 + 1, 1), first - timedelta(days=1)
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)


def year_before(first: date, last: date) -> tuple[date, date]:
    """Return the same days of the year before; the end of a February stays the end of February."""
    ends = (last + timedelta(days=1)).day == 1
    begin = _in_year(first, first.year - 1)
    if ends:
        after = last + timedelta(days=1)
        return begin, _in_year(after, after.year - 1) - timedelta(days=1)
    return begin, _in_year(last, last.year - 1)


def counted(issues: Any, first: date, last: date, now: datetime) -> dict[str, int]:
    """Return what of the figures is compared with other periods, counted by the database."""
    begin, end = _midnight(first), _midnight(last + timedelta(days=1))
    found = issues.order_by().filter(opened__gte=begin, opened__lt=end)
    told: dict[str, int] = found.aggregate(
        found=Count("pk"),
        valid=Count("pk", filter=~Q(state__in=(UNDECIDED, *REFUSED))),
        closed=Count("pk", filter=Q(state__in=CLOSED)),
        overdue=Count("pk", filter=Q(state__in=table().open_states(), due__lt=now)),
    )
    return told


def compared(now: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of another period and by which share they have changed; None from nothing."""
    names = ("found", "valid", "closed", "overdue")
    changes = {name: share(now[name] - then[name], then[name]) for name in names}
    return {**{name: then[name] for name in names}, "change": changes}


def spread(seconds: Sequence[int] | Ints) -> dict[str, float | int | None]:
    """Return number, median and ninth decile [s] of durations; None of none."""
    if not len(seconds):
        return {"number": 0, "median": None, "p90": None}
    median, p90 = np.percentile(np.asarray(seconds, dtype=np.float64), (50, 90))
    return {"number": len(seconds), "median": round(float(median)), "p90": round(float(p90))}


def share(part: int, whole: int) -> float | None:
    """Return a share; None of nothing."""
    return round(part / whole, 4) if whole else None


def _in_year(day: date, year: int) -> date:
    leap = day.month == 2 and day.day == 29
    return date(year, 2, 28) if leap else day.replace(year=year)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)
