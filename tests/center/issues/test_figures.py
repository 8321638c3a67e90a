"""Figures of finding and disposal: shares, medians, periods to compare with."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.center.issues.figures import (
    NONE,
    Row,
    before,
    by_day,
    compared,
    defences,
    figures,
    grouped,
    repeated,
    share,
    sheet,
    spread,
    year_before,
)

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


def row(**more):
    told = {
        "channel": "warning",
        "category": "odour",
        "region": "990001",
        "organisation": None,
        "state": "clue",
        "opened": NOW - timedelta(days=3),
        "place": "P1",
        "alarm": 600,
        "accepted": NONE,
        "dispatched": NONE,
        "closed": NONE,
        "late_steps": 0,
        "reopened": 0,
        "late": 0,
    }
    told |= more
    told["opened"] = told["opened"].astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return Row(**told)


def test_figures_by_hand():
    rows = [
        row(),
        row(state="rejected", closed=50),
        row(state="dispatched", accepted=100, dispatched=400, late=1),
        row(state="written_off", accepted=300, dispatched=800, closed=4000),
        row(
            state="looked_back",
            accepted=200,
            dispatched=600,
            closed=2000,
            late_steps=2,
            reopened=1,
        ),
    ]
    told = figures(sheet(rows))
    assert (told["found"], told["judged"], told["valid"], told["valid_rate"]) == (5, 4, 3, 0.75)
    assert (told["open"], told["overdue"], told["closed"]) == (2, 1, 2)
    assert (told["on_time"], told["on_time_rate"]) == (1, 0.5)
    assert told["reopened_rate"] == round(1 / 3, 4)
    assert told["accepted"] == {"number": 3, "median": 200, "p90": 280}
    assert told["closing"]["median"] == 3000
    assert told["alarm_to_disposal"]["median"] == 1200
    assert told["alarm_to_end"]["number"] == 2


def test_nothing_is_no_share():
    told = figures(sheet([]))
    assert told["valid_rate"] is told["on_time_rate"] is told["accepted"]["median"] is None
    assert share(0, 0) is None
    assert spread([])["number"] == 0
    assert (
        compared(figures(sheet([row()])), {"found": 0, "valid": 0, "closed": 0, "overdue": 0})["change"][
            "found"
        ]
        is None
    )


def test_groups_and_places_that_come_again():
    rows = [row(), row(channel="petition"), row(channel="patrol", place="P2"), row(state="joined")]
    found = sheet(rows)
    told = grouped(found, defences(found))
    assert [(one["code"], one["found"]) for one in told] == [("people", 2), ("technique", 2)]
    assert grouped(sheet([]), []) == []
    assert repeated(found) == [{"place": "P1", "number": 2}]


@pytest.mark.parametrize(
    ("first", "last", "earlier", "year"),
    [
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-31")),
        ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31"), ("2025-01-01", "2025-03-31")),
        ("2025-02-01", "2025-02-28", ("2025-01-01", "2025-01-31"), ("2024-02-01", "2024-02-29")),
        ("2024-02-29", "2024-02-29", ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
        ("2026-11-16", "2026-11-22", ("2026-11-09", "2026-11-15"), ("2025-11-16", "2025-11-22")),
    ],
)
def test_periods_to_compare_with(first, last, earlier, year):
    span = date.fromisoformat(first), date.fromisoformat(last)
    assert tuple(map(str, before(*span))) == earlier
    assert tuple(map(str, year_before(*span))) == year


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 500))
def test_the_period_before_ends_the_day_before(first, days):
    last = first + timedelta(days=days)
    earlier = before(first, last)
    assert earlier[1] == first - timedelta(days=1)
    assert earlier[0] <= earlier[1]
    assert year_before(first, last)[0].year == first.year - 1


def test_the_course_by_day_and_by_month():
    rows = [
        row(opened=datetime(2026, 11, 1, 16, tzinfo=UTC)),
        row(state="written_off", opened=datetime(2026, 11, 1, 3, tzinfo=UTC), closed=86_400),
    ]
    days = by_day(sheet(rows), date(2026, 11, 1), date(2026, 11, 3))
    assert [(one["at"], one["found"], one["closed"]) for one in days] == [
        ("2026-11-01", 1, 0),
        ("2026-11-02", 1, 1),
        ("2026-11-03", 0, 0),
    ]
    months = by_day(sheet(rows), date(2026, 1, 1), date(2026, 11, 30))
    assert (len(months), months[-1]["found"]) == (11, 2)
