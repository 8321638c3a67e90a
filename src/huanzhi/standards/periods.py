"""Averaging periods 平均时间 and China time.

Inside Huanzhi a time is a number of seconds since 1970-01-01T00:00Z, and an average is labelled by the
**start** of its period. Days, months and years are those of China time (UTC+8).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import overload

CHINA = timezone(timedelta(hours=8), "UTC+8")
HOUR = 3600
DAY = 86400
CHINA_OFFSET = 8 * HOUR


class Period(StrEnum):
    """Averaging time of an observation."""

    INSTANT = "instant"
    MINUTE = "minute"
    TEN_MINUTES = "ten_minutes"
    HOUR = "hour"
    EIGHT_HOURS = "eight_hours"
    DAY = "day"
    DAY_MAX_HOUR = "day_max_hour"
    DAY_MAX_EIGHT_HOURS = "day_max_eight_hours"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def china_date(seconds: int) -> date:
    """Return the China date of an instant."""
    return datetime.fromtimestamp(seconds, CHINA).date()


def from_china(moment: datetime) -> int:
    """Return the seconds of a moment; a naive one is taken as China time."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    return int(aware.timestamp())


def start_of_day(day: date) -> int:
    """Return the seconds at which a China day begins (00:00 UTC+8)."""
    return from_china(datetime(day.year, day.month, day.day))


def to_china(seconds: int) -> datetime:
    """Return an instant as an aware China datetime."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA)


@overload
def stamp(moment: datetime) -> str: ...
@overload
def stamp(moment: datetime | None) -> str | None: ...
def stamp(moment: datetime | None) -> str | None:
    """Return an aware moment as ISO 8601 in China time to the second; None for none."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds") if moment else None
