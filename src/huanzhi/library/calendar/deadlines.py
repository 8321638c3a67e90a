"""Deadlines 期限: from a moment and a duration in working days, calendar days, months or hours."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from huanzhi.errors import InputError, StandardError
from huanzhi.library.calendar.days import Calendar, add_working_days
from huanzhi.standards.periods import CHINA

Unit = Literal["working", "calendar", "months", "hours"]
Gap = Literal["", "unrolled", "unknown"]
_END = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: `number` of ``working`` days, ``calendar`` days, ``months`` or ``hours``.

    Raises
    ------
    InputError
        If the number is negative or the unit unknown.
    """

    number: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.number < 0 or self.unit not in get_args(Unit):
            expected = ", ".join(get_args(Unit))
            raise InputError("calendar.duration", value=f"{self.number} {self.unit}", expected=expected)


def parse_duration(words: str) -> Duration:
    """Return a duration written as ``"5 working"``."""
    number, _, unit = words.strip().partition(" ")
    if not number.isdigit():
        raise InputError("calendar.duration", value=words, expected="5 working")
    return Duration(int(number), unit.strip())  # type: ignore[arg-type]


def deadline(
    start: datetime, duration: Duration, calendar: Calendar | None = None, *, roll: bool = True
) -> datetime:
    """Return the last moment of a term that begins at `start`, in China time.

    The day of the beginning does not count; a term in days or months ends with its last day, and if that is a
    day off and `roll` is set, with the next working day (民法典 第203条). Hours run without a stop.

    Raises
    ------
    StandardError
        ``calendar.no_year`` where the holidays of a year that is needed are not known.
    """
    begun = start.astimezone(CHINA)
    if duration.unit == "hours":
        return begun + timedelta(hours=duration.number)
    return datetime.combine(_last_day(begun.date(), duration, calendar, roll), _END, CHINA)


def known_end(start: datetime, duration: Duration) -> tuple[datetime | None, Gap]:
    """Return the end of a term as far as the holidays are known, and what is not known of it.

    In a year whose holidays are not in the table a term in working days has no end yet (``unknown``). One in
    days or months ends with its own last day (``unrolled``), which is never later than the right one.
    """
    try:
        return deadline(start, duration), ""
    except StandardError as error:
        if error.key != "calendar.no_year":
            raise
    if duration.unit == "working":
        return None, "unknown"
    return deadline(start, duration, roll=False), "unrolled"


def _last_day(day: date, duration: Duration, calendar: Calendar | None, roll: bool) -> date:
    if duration.unit == "working":
        return add_working_days(day, duration.number, calendar)
    months = duration.unit == "months"
    last = _months_later(day, duration.number) if months else day + timedelta(days=duration.number)
    return add_working_days(last, 0, calendar) if roll else last


def _months_later(day: date, number: int) -> date:
    years, month = divmod(day.month - 1 + number, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
