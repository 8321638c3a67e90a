"""What is owed: periods as the calendar has them, counted by their last day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.center.patrols.owing import Span, Terms, counted, span_of, spans

PERIODS = ("day", "week", "ten_days", "half_month", "month", "quarter")
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("per", "day", "start", "end"),
    [
        ("week", "2026-11-22", "2026-11-16", "2026-11-23"),
        ("ten_days", "2026-02-28", "2026-02-21", "2026-03-01"),
        ("ten_days", "2026-11-10", "2026-11-01", "2026-11-11"),
        ("half_month", "2026-11-15", "2026-11-01", "2026-11-16"),
        ("half_month", "2026-12-16", "2026-12-16", "2027-01-01"),
        ("month", "2024-02-29", "2024-02-01", "2024-03-01"),
        ("quarter", "2026-12-31", "2026-10-01", "2027-01-01"),
        ("day", "2026-11-22", "2026-11-22", "2026-11-23"),
    ],
)
def test_periods(per, day, start, end):
    assert span_of(per, date.fromisoformat(day)) == Span(date.fromisoformat(start), date.fromisoformat(end))


@given(st.sampled_from(PERIODS), days)
def test_periods_lie_side_by_side(per, day):
    span = span_of(per, day)
    assert day in span and span.end not in span
    assert span_of(per, span.end).start == span.end
    assert all(
        span_of(per, span.start + timedelta(days=n)) == span for n in range((span.end - span.start).days)
    )


def test_a_period_counts_when_it_is_over():
    terms = Terms("month", 1)
    assert len(list(spans(terms, date(2026, 10, 1), date(2026, 11, 22)))) == 1
    assert len(list(spans(terms, date(2026, 10, 1), date(2026, 11, 30)))) == 2


def test_months_and_term_of_office():
    akqi = Terms("month", 1, "3-12")
    assert counted(akqi, date(2026, 1, 1), date(2026, 12, 31), [])[0] == 10
    winter = Terms("month", 2, "11-2")
    assert counted(winter, date(2026, 1, 1), date(2026, 12, 31), [])[0] == 8
    came = Terms("month", 1, begin=date(2026, 6, 15), end=date(2026, 9, 30))
    assert [span.start.month for span in spans(came, date(2026, 1, 1), date(2026, 12, 31))] == [6, 7, 8]


def test_what_is_done_beyond_does_not_make_good_what_is_missing():
    terms = Terms("month", 2)
    done = [date(2026, 9, 3), date(2026, 9, 5), date(2026, 9, 9), date(2026, 10, 1)]
    assert counted(terms, date(2026, 9, 1), date(2026, 10, 31), done) == (4, 3, 1)


@given(st.sampled_from(PERIODS), st.integers(1, 4), st.lists(days, max_size=40))
def test_never_more_done_than_owed(per, times, done):
    owed, met, beyond = counted(Terms(per, times), date(2025, 1, 1), date(2026, 12, 31), done)
    inside = sum(date(2024, 12, 30) <= day <= date(2026, 12, 31) for day in done)
    assert 0 <= met <= owed and met + beyond <= inside
