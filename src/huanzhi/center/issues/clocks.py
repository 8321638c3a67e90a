"""Clocks 计时: the term of a state, its stops and extensions.

While the clock stands, what is left of the term is kept, and it runs on from the day on which it runs again.
A term whose holidays are not known has no end yet, and the issue says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.table import Clock, table
from huanzhi.library.calendar import Duration, known_end, working_days_between
from huanzhi.standards.periods import CHINA, stamp

UNKNOWN = "issues.due_unknown"


class Timed(Protocol):
    """What has one running term: an issue, a legal term of a case."""

    clock: Any
    due: Any
    due_note: Any
    suspended: Any


def start(issue: Issue, now: datetime, days: int | None = None) -> None:
    """Begin the clock of the state that an issue is in; `days` are calendar days that a decision gave."""
    clock = table().states[issue.state].clock_of(issue.level)
    if clock is None:
        issue.clock, issue.due, issue.due_note = {}, None, ""
        return
    issue.clock = _told(clock, now, days)
    _end(issue, now, Duration(issue.clock["number"], issue.clock["unit"]))


def begin(timed: Timed, now: datetime, clock: Mapping[str, Any]) -> None:
    """Begin a term of law that `clock` tells: number, unit, word, basis, confidence.

    Rights and fees hang on it, so it has no end where that end may yet be moved past holidays.
    """
    timed.clock = {**clock, "exact": True, "started": stamp(now)}
    _end(timed, now, Duration(clock["number"], clock["unit"]))


def stop(issue: Timed, now: datetime) -> None:
    """Let the clock stand; what is left is kept."""
    issue.suspended = True
    issue.clock = {**issue.clock, "left": _left(issue, now), "stopped": stamp(now)}
    issue.due, issue.due_note = None, "issues.due_stopped"


def resume(issue: Timed, now: datetime) -> None:
    """Let the clock run again."""
    issue.suspended = False
    left = issue.clock.pop("left", None)
    issue.clock.pop("stopped", None)
    if left is None:
        _end(issue, now, Duration(issue.clock.get("number", 0), issue.clock.get("unit", "calendar")))
    elif left[1] == "hours":
        issue.due, issue.due_note = now + timedelta(hours=left[0]), ""
    else:
        _end(issue, now, Duration(max(left[0], 0), left[1]))


def extend(issue: Timed, now: datetime, days: int) -> None:
    """Give more calendar days, from the end of the term or from now where it is over; unknown stays so."""
    begin = issue.due if issue.due is not None and issue.due > now else now
    issue.clock = {**issue.clock, "extended": issue.clock.get("extended", 0) + days}
    if issue.due_note != UNKNOWN:
        _end(issue, begin, Duration(days, "calendar"))


def _told(clock: Clock, now: datetime, days: int | None) -> dict[str, Any]:
    given = {"number": days, "unit": "calendar", "basis": "", "confidence": "DECIDED"} if days else {}
    own = {
        "number": clock.number,
        "unit": clock.unit,
        "basis": clock.basis,
        "confidence": clock.confidence,
        "note": clock.note,
    }
    return {**own, **given, "word": clock.word, "started": stamp(now)}


def _end(issue: Timed, begin: datetime, duration: Duration) -> None:
    issue.due, gap = known_end(begin, duration)
    issue.due_note = f"issues.due_{gap}" if gap else ""
    if gap and issue.clock.get("exact"):
        issue.due, issue.due_note = None, UNKNOWN


def _left(issue: Timed, now: datetime) -> list[Any] | None:
    if issue.due is None:
        return None
    unit = issue.clock.get("unit", "calendar")
    if unit == "hours":
        return [max((issue.due - now).total_seconds(), 0) / 3600, "hours"]
    first, last = now.astimezone(CHINA).date(), issue.due.astimezone(CHINA).date()
    if unit == "working":
        return [max(working_days_between(first, last), 0), "working"]
    return [max((last - first).days, 0), "calendar"]
