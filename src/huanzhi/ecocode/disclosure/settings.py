"""Words, clocks and contents of disclosure, from ``data``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.calendar import Duration, known_end
from huanzhi.standards.periods import CHINA


@cache
def _table(name: str) -> Mapping[str, Any]:
    file = resources.files("huanzhi.ecocode.disclosure") / "data" / f"{name}.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def settings() -> Mapping[str, Any]:
    """Return words, clocks and limits by name."""
    return _table("settings")


def sections(sort: str, reasons: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return the declared sections of a sort of report for an enterprise with its reasons."""
    rows = _table("contents")["annual" if sort == "annual" else "temporary"]
    return [row for row in rows if "only" not in row or set(row["only"]) & set(reasons)]


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it; InputError ``disclosure.choice`` otherwise."""
    words = settings()[table]
    if name not in words:
        raise InputError("disclosure.choice", column=column, value=name, expected=", ".join(words))
    return name


def day_in(name: str, year: int) -> date:
    """Return the day of a year that a clock names by month and day."""
    month, day = settings()["clock"][name]["before"].split("-")
    return date(year, int(month), int(day))


def end_of(day: date) -> datetime:
    """Return the last moment of a day in China."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=CHINA)


def due_after(name: str, start: datetime) -> tuple[datetime, str]:
    """Return the end of a clock that begins at `start`, and a note where holidays are not known.

    A year whose holidays are not in the table is not guessed: calendar days are counted, as the note says.
    """
    row = settings()["clock"][name]
    end, gap = known_end(start, Duration(row["number"], row["unit"]))
    own = end or end_of(start.astimezone(CHINA).date() + timedelta(days=row["number"]))
    return own, "disclosure.unrolled" if gap else ""
