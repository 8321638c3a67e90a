"""Averages: completeness at its edges, the China air day, then agreement with fractions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess import averaging, exact
from huanzhi.assess.exact import MISSING
from huanzhi.errors import StandardError
from huanzhi.standards import air
from huanzhi.standards.air import Item

OLD, NEW = standards.standard("HJ 663").editions
RULE = air.validity(OLD)
O3_LIMIT = Decimal(160)
MAYBE = st.one_of(st.just(MISSING), st.integers(0, 5000))


def holed(values: list[int], *holes: int) -> np.ndarray:
    """Return values with missing ones at `holes`."""
    array = np.array(values, dtype=np.int64)
    array[list(holes)] = MISSING
    return array


@pytest.mark.parametrize(("valid", "mean"), [(24, 10), (20, 10), (19, MISSING), (0, MISSING)])
def test_a_day_needs_twenty_hours(valid: int, mean: int) -> None:
    hours = holed([10] * 24, *range(valid, 24))
    assert averaging.daily(hours, 0, air.statistics(OLD)[Item.PM25], RULE, O3_LIMIT).tolist() == [mean]


def test_the_air_day_is_the_hours_that_begin_at_0_to_23() -> None:
    """The platform's 01:00 to 24:00: the hour that begins at 00:00 opens the day, the next one closes it."""
    hours = np.array([24] + [0] * 23 + [48] + [0] * 23)
    days = averaging.daily(hours, 0, air.statistics(OLD)[Item.NO2], RULE, O3_LIMIT)
    assert days.tolist() == [1, 2]
    with pytest.raises(ValueError, match="reshape"):
        averaging.by_day(np.zeros(25))


def test_a_mean_is_rounded_once_half_to_even() -> None:
    assert averaging.mean_of([[10, 11], [11, 12]], 0, 0, 2).tolist() == [10, 12]
    assert averaging.mean_of([[10, 11]], 0, 1, 2).tolist() == [105]


def test_eight_hour_windows_end_at_8_to_24() -> None:
    """A high value in the first hour is only in the window 01-08; windows of the day before do not count."""
    hours = np.array([80] + [0] * 23)
    assert averaging.day_max_eight_hours(hours, 0, 0, RULE, O3_LIMIT) == 10
    means = averaging.moving_mean(hours, 0, 0, 8, 6)
    assert means.tolist() == [MISSING] * 5 + [13, 11, 10] + [0] * 16


@pytest.mark.parametrize(("missing", "valid"), [(2, True), (3, False)])
def test_an_eight_hour_mean_needs_six_hours(missing: int, valid: bool) -> None:
    hours = holed([50] * 8, *range(missing))
    mean = averaging.moving_mean(hours, 0, 0, RULE.window, RULE.eight_hours)[-1]
    assert mean == (50 if valid else MISSING)


def test_fourteen_eight_hour_means_make_a_day_unless_the_limit_is_exceeded() -> None:
    """Windows ending 08 to 24 are 17; hours 01-05 lost keeps 14 of them, hours 01-06 loses one more."""
    for value, fewer in ((100, MISSING), (160, MISSING), (161, 161)):
        fourteen = holed([value] * 24, *range(5))
        thirteen = holed([value] * 24, *range(6))
        count = exact.count(averaging.moving_mean(fourteen, 0, 0, 8, 6)[7:])
        assert count == 14
        assert averaging.day_max_eight_hours(fourteen, 0, 0, RULE, O3_LIMIT) == value
        assert averaging.day_max_eight_hours(thirteen, 0, 0, RULE, O3_LIMIT) == fewer


def test_a_lost_day_is_missing() -> None:
    assert averaging.day_max_eight_hours(np.full(24, MISSING), 0, 0, RULE, O3_LIMIT) == MISSING
    assert averaging.day_max_hour(np.full((2, 24), MISSING)).tolist() == [MISSING, MISSING]
    assert averaging.day_max_hour(holed(list(range(24)), 23)) == 22


@pytest.mark.parametrize(
    ("first", "days", "lost", "valid"),
    [
        (date(2019, 1, 1), 31, 4, True),
        (date(2019, 1, 1), 31, 5, False),
        (date(2019, 2, 1), 28, 3, True),
        (date(2019, 2, 1), 28, 4, False),
        (date(2020, 2, 1), 29, 4, True),
        (date(2019, 4, 1), 30, 3, True),
        (date(2019, 4, 1), 30, 4, False),
    ],
)
def test_a_month_needs_27_days_and_february_25(first: date, days: int, lost: int, valid: bool) -> None:
    found = averaging.month_means(holed([10] * days, *range(lost)), first, 0, 0, RULE)
    assert found.starts == (first,)
    assert found.days.tolist() == [days - lost]
    assert found.units.tolist() == [10 if valid else MISSING]


@pytest.mark.parametrize(("lost", "valid"), [(41, True), (42, False)])
def test_a_year_needs_324_days(lost: int, valid: bool) -> None:
    days = np.stack([holed([10] * 365, *range(lost)), np.full(365, 20)])
    found = averaging.year_means(days, date(2019, 1, 1), 0, 0, RULE)
    assert found.units.tolist() == [[10 if valid else MISSING], [20]]


def test_months_and_quarters_fall_where_the_calendar_puts_them() -> None:
    days = np.arange(366)
    months = averaging.month_means(days, date(2020, 1, 1), 0, 1, RULE)
    assert months.starts == tuple(date(2020, month, 1) for month in range(1, 13))
    assert months.units[1] == (31 + 59) * 10 // 2
    quarters = averaging.quarter_means(days, date(2020, 1, 1), 0, 1, RULE)
    assert quarters.starts[1] == date(2020, 4, 1)
    assert quarters.days.tolist() == [91, 91, 92, 92]
    assert quarters.units[0] == 450


def test_a_quarter_with_a_month_that_is_not_valid_is_missing() -> None:
    days = holed(list(range(366)), *range(31, 36))
    assert averaging.quarter_means(days, date(2020, 1, 1), 0, 0, RULE).units.tolist()[0] == MISSING
    assert averaging.quarter_means(np.arange(60), date(2020, 1, 1), 0, 0, RULE).units.tolist() == [MISSING]


@given(st.lists(st.lists(MAYBE, min_size=7, max_size=7), min_size=1, max_size=5), st.integers(0, 100))
def test_percentiles_of_many_series_agree_with_one_by_one(rows: list[list[int]], percent: int) -> None:
    found = averaging.percentiles(rows, percent, 1, 2)
    assert found.tolist() == [exact.percentile(row, percent, 1, 2) for row in rows]


def test_percentiles_need_their_minimum() -> None:
    assert averaging.percentiles([[1, 2, MISSING]], 50, 0, 0, minimum=3).tolist() == [MISSING]
    assert averaging.percentiles([[1, 2, 4]], 50, 0, 0, minimum=3).tolist() == [2]


@given(st.lists(MAYBE, min_size=1, max_size=60), st.integers(1, 12), st.integers(1, 8))
def test_moving_means_agree_with_fractions(hours: list[int], window: int, minimum: int) -> None:
    found = averaging.moving_mean(hours, 1, 1, window, minimum).tolist()
    for place, value in enumerate(found):
        seen = [h for h in hours[max(0, place - window + 1) : place + 1] if h != MISSING]
        enough = len(seen) >= minimum
        assert value == (exact.round_fraction(Fraction(sum(seen), len(seen)), 0) if enough else MISSING)


@pytest.mark.parametrize(
    ("points", "valid", "mean"), [(4, 3, 10), (4, 2, MISSING), (3, 2, 10), (3, 1, MISSING)]
)
def test_a_city_needs_three_quarters_of_its_points(points: int, valid: int, mean: int) -> None:
    values = np.array([[10]] * valid + [[MISSING]] * (points - valid))
    assert averaging.city_mean(values, 0, 0, OLD).tolist() == [mean]


def test_three_years_move_only_in_the_edition_that_knows_them() -> None:
    found = averaging.years_mean([30, 33, 31, MISSING, 29], 0, 1, NEW)
    assert found.tolist() == [MISSING, MISSING, 313, MISSING, MISSING]
    with pytest.raises(StandardError):
        averaging.years_mean([30, 33, 31], 0, 1, OLD)
