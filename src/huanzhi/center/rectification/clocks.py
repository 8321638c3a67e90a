"""Clocks 计时: the terms of states and of publications, with the basis on which they stand."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from huanzhi.center.issues.table import Clock
from huanzhi.center.rectification.models import Task
from huanzhi.center.rectification.settings import settings, table
from huanzhi.library.calendar import Duration, known_end
from huanzhi.standards.periods import CHINA, stamp


def start(task: Task, now: datetime) -> None:
    """Begin the clock of the state that a task is in."""
    run(task, table().states[task.state].clock, now)


def run(row: Any, clock: Clock | None, now: datetime) -> None:
    """Begin a clock on a row that has ``clock``, ``due`` and ``due_note``.

    A term that needs a year whose holidays are not known has no end yet, and the row says so.
    """
    if clock is None:
        row.clock, row.due, row.due_note = {}, None, ""
        return
    row.clock = {
        "number": clock.number,
        "unit": clock.unit,
        "word": clock.word,
        "basis": clock.basis,
        "confidence": clock.confidence,
        "note": clock.note,
        "started": stamp(now),
    }
    row.due, gap = known_end(now, Duration(clock.number, clock.unit))  # type: ignore[arg-type]
    row.due_note = f"issues.due_{gap}" if gap else ""


def publication_clock() -> Clock:
    """Return the term of a publication; no document names it."""
    told = settings()["publication"]
    note = f"{told['found']}; {told['least_seen']}"
    return Clock(told["working_days"], "working", "公示", told["basis"], told["confidence"], note)


def end_of(day: date) -> datetime:
    """Return the last moment of a day in China."""
    return datetime.combine(day, time(23, 59, 59), CHINA)


def today(now: datetime) -> date:
    """Return the day in China."""
    return now.astimezone(CHINA).date()
