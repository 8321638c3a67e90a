"""China time: days, labels and the way there and back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.standards.periods import CHINA, DAY, china_date, from_china, start_of_day, to_china


def test_a_china_day_begins_at_16_hours_utc_of_the_day_before() -> None:
    seconds = start_of_day(date(2026, 3, 1))
    assert datetime.fromtimestamp(seconds, UTC) == datetime(2026, 2, 28, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 2, 28, 16, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1), date(2026, 3, 1)),
    ],
)
def test_the_date_that_counts_is_that_of_china(moment: datetime, day: date) -> None:
    assert china_date(from_china(moment)) == day


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)))
def test_there_and_back(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert to_china(from_china(whole)) == whole.replace(tzinfo=CHINA)


@given(st.dates(date(1980, 1, 1), date(2100, 1, 1)))
def test_every_china_day_has_24_hours(day: date) -> None:
    start = start_of_day(day)
    assert china_date(start) == china_date(start + DAY - 1) == day
    assert china_date(start - 1) < day
