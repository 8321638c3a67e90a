"""Figures of discovery and disposal 发现与处置统计: by channel, area, category and organisation.

Pure but for `rows_of` and `counted`, which read. Durations are seconds from the opening; a median and a ninth
decile are of those issues that have come so far, and their number stands beside them. A share whose
denominator is none is None, never 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Count, Q

from huanzhi.center.issues.settings import settings
from huanzhi.center.issues.table import table
from huanzhi.standards.periods import CHINA

FIELDS = (
    "channel",
    "category",
    "region_id",
    "organisation_id",
    "state",
    "opened",
    "place",
    "noticed_before",
    "accepted_after",
    "dispatched_after",
    "closed_after",
    "late_steps",
    "reopened",
    "sensor",
    "due",
)
UNDECIDED, REFUSED, CLOSED = "clue", ("rejected", "joined"), ("written_off", "looked_back")
"""States of what nobody has judged yet, of what was no issue of its own, and of what was cured."""

TERMS = ("accepted", "dispatched", "closed")
"""Steps whose time since the opening is told."""


class Row(NamedTuple):
    """What of an issue is counted; durations are seconds, None where it has not come so far."""

    channel: str
    category: str
    region: str
    organisation: int | None
    state: str
    opened: datetime
    place: str
    noticed_before: int | None
    accepted_after: int | None
    dispatched_after: int | None
    closed_after: int | None
    late_steps: int
    reopened: int
    sensor: bool
    due: datetime | None

    @property
    def defence(self) -> str:
        """Return 人防, 物防 or 技防 by the table of channels."""
        return str(settings()["channel"].get(self.channel, {}).get("defence", "people"))


def rows_of(issues: Any, first: date, last: date) -> list[Row]:
    """Return the rows of the issues that were opened from `first` to `last`, days of China."""
    begin, end = _midnight(first), _midnight(last + timedelta(days=1))
    found = issues.order_by().filter(opened__gte=begin, opened__lt=end)
    return [Row._make(one) for one in found.values_list(*FIELDS)]


def figures(rows: Sequence[Row], now: datetime) -> dict[str, Any]:
    """Return the figures of some issues."""
    judged = [one for one in rows if one.state != UNDECIDED]
    valid = [one for one in judged if one.state not in REFUSED]
    closed = [one for one in valid if one.state in CLOSED]
    still = [one for one in valid if one.state not in CLOSED]
    late = [one for one in rows if _overdue(one, now)]
    sensed = [one for one in valid if one.sensor and one.noticed_before is not None]
    return {
        "found": len(rows),
        "judged": len(judged),
        "valid": len(valid),
        "valid_rate": share(len(valid), len(judged)),
        "open": len(still) + len(rows) - len(judged),
        "overdue": len(late),
        "closed": len(closed),
        "on_time": sum(not one.late_steps for one in closed),
        "on_time_rate": share(sum(not one.late_steps for one in closed), len(closed)),
        "reopened": sum(one.reopened > 0 for one in valid),
        "reopened_rate": share(sum(one.reopened > 0 for one in valid), len(valid)),
        **{name: spread(_after(valid, f"{name}_after")) for name in TERMS[:2]},
        "closing": spread(_after(closed, "closed_after")),
        "alarm_to_disposal": spread(_since_alarm(sensed, "dispatched_after")),
        "alarm_to_end": spread(_since_alarm([one for one in sensed if one.state in CLOSED], "closed_after")),
    }


def grouped(rows: Iterable[Row], key: Callable[[Row], Hashable], now: datetime) -> list[dict[str, Any]]:
    """Return the figures of each group, the greatest first."""
    groups: dict[Hashable, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    told = [{"code": code, **figures(own, now)} for code, own in groups.items()]
    return sorted(told, key=lambda one: (-one["found"], str(one["code"])))


def repeated(rows: Iterable[Row], least: int = 2) -> list[dict[str, Any]]:
    """Return the places at which several issues were opened, the most frequent first."""
    known = Counter(one.place for one in rows if one.place and one.state not in REFUSED)
    return [{"place": place, "number": number} for place, number in known.most_common() if number >= least]


def by_day(rows: Iterable[Row], first: date, last: date) -> list[dict[str, Any]]:
    """Return how many were found and closed on each day, or in each month of more than ninety days.

    What was closed is counted on the day on which it was closed, if that lies in the period.
    """
    monthly = (last - first).days > LONG
    found: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    for row in rows:
        found[_bucket(row.opened.astimezone(CHINA).date(), monthly=monthly)] += 1
        if row.state in CLOSED and row.closed_after is not None:
            ended = (row.opened + timedelta(seconds=row.closed_after)).astimezone(CHINA).date()
            if ended <= last:
                closed[_bucket(ended, monthly=monthly)] += 1
    steps = sorted(
        {_bucket(first + timedelta(days=n), monthly=monthly) for n in range((last - first).days + 1)}
    )
    return [{"at": step, "found": found[step], "closed": closed[step]} for step in steps]


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


def spread(seconds: Sequence[int]) -> dict[str, float | int | None]:
    """Return number, median and ninth decile [s] of durations; None of none."""
    if not seconds:
        return {"number": 0, "median": None, "p90": None}
    median, p90 = np.percentile(np.asarray(seconds, dtype=np.float64), (50, 90))
    return {"number": len(seconds), "median": round(float(median)), "p90": round(float(p90))}


def share(part: int, whole: int) -> float | None:
    """Return a share; None of nothing."""
    return round(part / whole, 4) if whole else None


def _after(rows: Iterable[Row], name: str) -> list[int]:
    return [value for one in rows if (value := getattr(one, name)) is not None]


def _since_alarm(rows: Iterable[Row], name: str) -> list[int]:
    return [value + (one.noticed_before or 0) for one in rows if (value := getattr(one, name)) is not None]


def _overdue(row: Row, now: datetime) -> bool:
    return row.due is not None and row.due < now and table().states[row.state].open


def _bucket(day: date, *, monthly: bool) -> str:
    return f"{day:%Y-%m}" if monthly else day.isoformat()


def _in_year(day: date, year: int) -> date:
    leap = day.month == 2 and day.day == 29
    return date(year, 2, 28) if leap else day.replace(year=year)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)
