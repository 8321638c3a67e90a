"""Rates of transmission and validity, with counts made by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess.quality_rates import Counts, counts

DAYS = np.arange(48) // 24
NONE = np.zeros(48, dtype=bool)


def hours(*places: int) -> np.ndarray:
    mask = NONE.copy()
    mask[list(places)] = True
    return mask


def test_the_effective_rate_is_the_product() -> None:
    # 48 h due, 42 received, 36 valid: 42/48 × 36/42 = 3/4
    found = counts(~hours(*range(6)), hours(*range(10, 16)), NONE, NONE, DAYS, 0)
    assert found == Counts(48, 42, 36, 0)
    assert (found.transmission, found.validity) == (Fraction(7, 8), Fraction(6, 7))
    assert found.effective == Fraction(3, 4)


def test_marked_stops_are_not_due() -> None:
    found = counts(~hours(*range(12)), NONE, hours(*range(12)), NONE, DAYS, 0)
    assert found == Counts(36, 36, 36, 0)
    assert found.effective == 1


def test_one_standard_sample_check_a_day_takes_no_part() -> None:
    """23 of 24 hours are 95.83 %, and count as 100 %."""
    found = counts(~NONE, NONE, NONE, hours(3, 27), DAYS, 1)
    assert found == Counts(48, 48, 46, 2)
    assert found.validity == 1
    assert counts(~NONE, NONE, NONE, hours(3, 27), DAYS, 0).validity == Fraction(46, 48)


def test_a_second_check_on_a_day_counts_against_it() -> None:
    found = counts(~NONE, NONE, NONE, hours(3, 4), DAYS, 1)
    assert (found.valid, found.apart, found.validity) == (46, 1, Fraction(46, 47))


def test_what_cannot_be_told_is_not_a_number() -> None:
    stopped = counts(NONE, NONE, ~NONE, NONE, DAYS, 0)
    assert (stopped.transmission, stopped.validity, stopped.effective) == (None, None, None)
    silent = counts(NONE, NONE, NONE, NONE, DAYS, 0)
    assert (silent.transmission, silent.validity, silent.effective) == (0, None, 0)


def test_counts_add_up() -> None:
    assert Counts(24, 20, 18, 1) + Counts(24, 24, 24, 0) == Counts(48, 44, 42, 1)


flags = st.lists(st.booleans(), min_size=48, max_size=48).map(np.array)


@given(flags, flags, flags, flags, st.integers(0, 2))
def test_rates_lie_between_nought_and_one(
    came: np.ndarray, invalid: np.ndarray, stopped: np.ndarray, check: np.ndarray, apart: int
) -> None:
    found = counts(came, invalid, stopped, check, DAYS, apart)
    assert 0 <= found.valid <= found.received <= found.due
    for rate in (found.transmission, found.validity, found.effective):
        assert rate is None or 0 <= rate <= 1
