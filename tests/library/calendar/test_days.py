"""Working days: the years of the notices, counting in both directions, and years that nobody knows."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.errors import InputError, StandardError
from huanzhi.library.calendar import (
    Duration,
    add_working_days,
    deadline,
    is_working_day,
    known_years,
    parse_duration,
    working_days_between,
)
from huanzhi.standards.periods import CHINA

DAYS = st.dates(date(2024, 5, 1), date(2026, 8, 1))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # Saturday, made up for Spring Festival
        (date(2026, 2, 16), False),
        (date(2026, 2, 28), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2026, 9, 20), True),
        (date(2026, 9, 25), False),
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), True),
        (date(2025, 10, 8), False),
        (date(2024, 2, 18), True),
    ],
)
def test_days_of_the_notices(day, works):
    assert is_working_day(day) is works


@pytest.mark.parametrize(("year", "months"), [
    (2024, [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22]),
    (2025, [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]),
    (2026, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]),
])  # fmt: skip
def test_working_days_of_each_month(year, months):
    first = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    every = [first[0] + timedelta(days=n) for n in range((first[-1] - first[0]).days)]
    assert [sum(is_working_day(d) for d in every if d.month == m) for m in range(1, 13)] == months


def test_years_carry_their_source():
    assert [(one.year, one.confidence) for one in known_years()] == [
        (2024, "CONFIRMED"),
        (2025, "CONFIRMED"),
        (2026, "CONFIRMED"),
    ]
    assert all("通知" in one.source for one in known_years())


@pytest.mark.parametrize("day", [date(2027, 1, 4), date(2023, 5, 1)])
def test_an_unknown_year_is_refused(day):
    with pytest.raises(StandardError) as caught:
        is_working_day(day)
    assert caught.value.key == "calendar.no_year"
    with pytest.raises(StandardError):
        add_working_days(date(2026, 12, 30), 5)


@given(DAYS, st.integers(0, 60))
def test_adding_lands_on_a_working_day_and_counts_back(day, number):
    end = add_working_days(day, number)
    assert is_working_day(end)
    if number:
        assert working_days_between(day, end) == number


@given(DAYS, DAYS, DAYS)
def test_counting_adds_up(one, two, three):
    whole = working_days_between(one, three)
    assert working_days_between(one, two) + working_days_between(two, three) == whole
    assert working_days_between(three, one) == -whole


@given(DAYS, st.integers(1, 40))
def test_adding_back(day, number):
    assert working_days_between(add_working_days(day, -number), day) in (
        number,
        number - 1 + is_working_day(day),
    )


def test_deadlines():
    friday = datetime(2026, 9, 18, 17, 0, tzinfo=CHINA)
    assert deadline(friday, Duration(2, "working")) == datetime(2026, 9, 21, 23, 59, 59, tzinfo=CHINA)
    assert deadline(friday, Duration(7, "calendar")).date() == date(2026, 9, 28)  # 25 to 27 are off
    assert deadline(friday, Duration(7, "calendar"), roll=False).date() == date(2026, 9, 25)
    assert deadline(friday, Duration(48, "hours")) == datetime(2026, 9, 20, 17, tzinfo=CHINA)
    assert deadline(datetime(2026, 8, 31, 9, tzinfo=CHINA), Duration(1, "months")).date() == date(2026, 9, 30)


def test_durations_in_words():
    assert parse_duration("5 working") == Duration(5, "working")
    for wrong in ("5 moons", "-1 hours", "", "five working"):
        with pytest.raises(InputError) as caught:
            parse_duration(wrong)
        assert caught.value.key == "calendar.duration"
