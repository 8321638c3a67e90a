"""Signs: kernels over many series; NaN is missing and never a sign."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huanzhi.assess import signs

NAN = float("nan")
SERIES = arrays(
    float, st.tuples(st.integers(1, 4), st.integers(2, 12)), elements=st.floats(0, 100) | st.just(NAN)
)


def test_over_counts_and_ends_over():
    values = np.array([[1, 9, 9, 9], [9, 9, 9, 1], [9, NAN, NAN, 9], [9, NAN, 9, 9]])
    assert signs.over(values, np.full(4, 5.0), 3).tolist() == [True, False, False, True]


def test_equal_runs_tell_zero_apart():
    same, nothing = signs.equal_run(np.array([[2, 2, 2], [0, 0, 0], [2, 2, 3], [2, NAN, NAN]]), 2)
    assert same.tolist() == [True, True, False, False] and nothing.tolist() == [False, True, False, False]


def test_calm_under_takes_the_limit_itself_and_no_value_above():
    values = np.array([[9.9, 10.0, 9.9], [9.9, 10.1, 9.9], [9.0, 9.9, 9.9], [9.9, NAN, NAN]])
    found = signs.calm_under(values, np.full(4, 10.0), 0.05, 0.01, 3)
    assert found.tolist() == [True, False, False, False]


def test_copied_asks_for_enough_different_pairs():
    values = np.array([[1.0, 2, 3, 4], [1, 1, 1, 1], [1, 2, 3, 5], [1, NAN, NAN, NAN]])
    earlier = np.array([[1.0, 2, 3, 4], [1, 1, 1, 1], [1, 2, 3, 4], [1, 2, 3, 4]])
    found, compared = signs.copied(values, earlier, 4, 3)
    assert found.tolist() == [True, False, False, False] and compared.tolist() == [True, True, True, False]


def test_under_usual_needs_a_usual():
    ratio = np.array([[1.0] * 8 + [0.5] * 3, [1.0] * 8 + [0.5, NAN, 0.5], [NAN] * 8 + [0.5] * 3])
    assert signs.under_usual(ratio, 3, 0.8, 5).tolist() == [True, False, False]


def test_deviation_is_relative_to_the_standard():
    found = signs.deviation(np.array([[24.0, 24.0], [NAN, 24.0]]), np.array([25.0, 25.0]), 2)
    assert found[0] == pytest.approx(-0.04) and np.isnan(found[1])


@given(SERIES)
def test_nothing_but_missing_values_is_never_a_sign(values):
    empty, limits = np.full_like(values, NAN), np.full(len(values), 5.0)
    assert not signs.over(empty, limits, 1).any()
    assert not signs.equal_run(empty, 1)[0].any()
    assert not signs.calm_under(empty, limits, 0.1, 0.1, 1).any()
    assert not signs.copied(empty, values, 1, 1)[0].any()
    assert not signs.under_usual(empty, 1, 0.8, 1).any()


@given(SERIES, st.integers(0, 11))
def test_a_minute_that_is_lost_never_makes_a_sign_of_exceedance(values, place):
    limits = np.full(len(values), 50.0)
    fewer = values.copy()
    fewer[:, place % values.shape[1]] = NAN
    assert not (
        signs.over(fewer, limits, 2) & ~signs.over(values, limits, 2) & ~np.isnan(values[:, -1])
    ).any()
