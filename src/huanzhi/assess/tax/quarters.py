"""Quarters 季度: the months that are declared together, and the last day of the declaration (art. 18)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from huanzhi.assess.tax.tables import Law
from huanzhi.errors import InputError

_QUARTER = re.compile(r"(20\d\d)\s*[-年]?\s*[Qq第]?([1-4])(?:季度)?")


def quarter_of(written: str) -> str:
    """Return a quarter as ``2026Q3``.

    >>> quarter_of("2026q3"), quarter_of("2026年第3季度")
    ('2026Q3', '2026Q3')

    Raises
    ------
    InputError
        ``tax.quarter``.
    """
    found = _QUARTER.fullmatch(written.strip())
    if found is None:
        raise InputError("tax.quarter", column="quarter", value=written[:20], expected="2026Q3")
    return f"{found[1]}Q{found[2]}"


def months_of(quarter: str) -> tuple[str, str, str]:
    """Return the three months.

    >>> months_of("2026Q3")
    ('2026-07', '2026-08', '2026-09')
    """
    year, number = quarter[:4], int(quarter[5])
    first, second, third = (f"{year}-{month:02d}" for month in range(3 * number - 2, 3 * number + 1))
    return first, second, third


def last_day(quarter: str) -> date:
    """Return the last day of a quarter."""
    year, number = int(quarter[:4]), int(quarter[5])
    after = date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)
    return after - timedelta(days=1)


def due_day(quarter: str) -> date:
    """Return the last day of the declaration; days off are not moved past.

    >>> due_day("2026Q3")
    datetime.date(2026, 10, 15)
    """
    end = last_day(quarter)
    return end + timedelta(days=int(Law.on(end).table("declaring").row("quarter")["days"]))


def quarter_at(day: date) -> str:
    """Return the quarter that a day lies in."""
    return f"{day.year}Q{(day.month + 2) // 3}"
