"""Times as SensorThings writes them: moments and intervals of ISO 8601 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from huanzhi.library.series.schema import MONTHS, STEPS
from huanzhi.standards.periods import CHINA, HOUR, Period

_LENGTHS = {**STEPS, Period.EIGHT_HOURS: 8 * HOUR, Period.INSTANT: 0}


def iso(seconds: int) -> str:
    """Return a moment."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def interval(period: str, start: int) -> str:
    """Return the time of an observation: an interval, or a moment where its period has no length."""
    first, end = period_of_row(period, start)
    return iso(first) if first == end else f"{iso(first)}/{iso(end)}"


def period_of_row(period: str, start: int) -> tuple[int, int]:
    """Return start and end of an observation, seconds UTC."""
    known = Period(period)
    if known in _LENGTHS:
        return start, start + _LENGTHS[known]
    begun = datetime.fromtimestamp(start, CHINA)
    months = begun.year * 12 + begun.month - 1 + MONTHS[known]
    return start, int(begun.replace(year=months // 12, month=months % 12 + 1).timestamp())
