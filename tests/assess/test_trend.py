"""Rank correlation of Spearman."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess.exact import MISSING
from huanzhi.assess.trend import coefficient, ranks, trend, trend_row
from huanzhi.errors import InputError

MEASURES = standards.in_force("环办22号", date(2026, 2, 4))
CRITICAL = MEASURES.table("spearman")


def test_a_steady_rise_has_the_coefficient_one():
    found = trend([1, 2, 3, 4, 5], CRITICAL)
    assert (found.coefficient, found.critical, found.direction) == (1, Decimal("0.900"), 1)
    assert trend_row(found, MEASURES)["name"] == "上升趋势"


def test_a_textbook_series():
    assert coefficient([35, 23, 47, 17, 10]) == Fraction(-7, 10)
    assert trend([35, 23, 47, 17, 10], CRITICAL).direction == 0


def test_at_the_critical_value_there_is_no_trend():
    found = trend([2, 1, 3, 4, 5], CRITICAL)
    assert (found.shown(), found.direction) == (Decimal("0.900"), 0)


def test_equal_values_share_their_rank():
    assert ranks([5, 5, 1]) == (Fraction(5, 2), Fraction(5, 2), 1)
    assert trend([3, 3, 3, 3, 3, 3], CRITICAL).direction == 0


def test_missing_periods_are_left_out_and_the_stricter_value_is_taken():
    found = trend([1, MISSING, *range(2, 12)], CRITICAL)
    assert (found.periods, found.tabulated, found.critical) == (11, 10, Decimal("0.564"))
    assert trend(range(40), CRITICAL).tabulated == 30


def test_fewer_than_five_periods_are_refused():
    with pytest.raises(InputError):
        trend([1, 2, 3, 4, MISSING], CRITICAL)


@given(st.lists(st.integers(0, 1000), min_size=5, max_size=30, unique=True))
def test_reversing_time_reverses_the_sign(values):
    assert coefficient(values) == -coefficient(values[::-1])
    assert -1 <= coefficient(values) <= 1
