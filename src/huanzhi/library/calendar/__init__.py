"""Calendar 日历: working days of China and the deadlines that are counted by them.

The tables of holidays 节假日 and make-up days 调休 are data with source and confidence; a city enters the
notice of a further year with ``huanzhi calendar add``. A year that no table holds is refused, never guessed.
"""

from __future__ import annotations

from huanzhi.library.calendar.days import (
    Calendar,
    add_working_days,
    is_working_day,
    known_years,
    shipped,
    working_days_between,
)
from huanzhi.library.calendar.deadlines import Duration, deadline, known_end, parse_duration

__all__ = [
    "Calendar",
    "Duration",
    "add_working_days",
    "deadline",
    "is_working_day",
    "known_end",
    "known_years",
    "parse_duration",
    "shipped",
    "working_days_between",
]
