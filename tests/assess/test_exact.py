"""Exact decimals: the worked examples of GB/T 8170, then agreement with Decimal and Fraction."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess import exact
from huanzhi.assess.exact import MISSING

UNITS = st.integers(-(10**11), 10**11)
MAYBE = st.one_of(st.just(MISSING), UNITS)


def rounded(value: Fraction | Decimal, decimals: int) -> int:
    """Round half to even in Decimal: the independent answer."""
    if isinstance(value, Fraction):
        floor, rest = divmod(value.numerator * 10**decimals, value.denominator)
        twice = 2 * rest
        return floor + (twice > value.denominator or (twice == value.denominator and floor % 2 == 1))
    step = Decimal(1).scaleb(-decimals)
    return int(value.quantize(step, rounding=ROUND_HALF_EVEN).scaleb(decimals))


@pytest.mark.parametrize(
    ("value", "decimals", "wanted"),
    [
        (12.1498, 1, 12.1),
        (12.1498, 0, 12),
        (1268, -0, 1268),
        (1.050, 1, 1.0),
        (0.35, 1, 0.4),
        (-0.035, 2, -0.04),
        (2.675, 2, 2.68),
        (2.665, 2, 2.66),
        (8.35, 1, 8.4),
        (8.25, 1, 8.2),
        (-2.5, 0, -2.0),
        (-3.5, 0, -4.0),
    ],
)
def test_gb_t_8170_rounds_the_decimal_half_to_even(value: float, decimals: int, wanted: float) -> None:
    assert exact.round_decimal([value], decimals).tolist() == [wanted]


def test_missing_stays_missing_everywhere() -> None:
    assert exact.to_scaled([np.nan, np.inf, -np.inf, 1.0], 1).tolist() == [MISSING, MISSING, MISSING, 10]
    assert np.isnan(exact.to_floats([MISSING], 3))[0]
    assert exact.rescale([MISSING, 15], 1, 0).tolist() == [MISSING, 2]
    assert exact.rescale([MISSING, 15], 1, 3).tolist() == [MISSING, 1500]
    assert exact.divide_half_even([MISSING, 7], [2, 0]).tolist() == [MISSING, MISSING]
    assert exact.divide_up([MISSING, 7], 2).tolist() == [MISSING, 4]
    assert exact.mean([[MISSING, MISSING], [MISSING, 3]], 0, 0).tolist() == [MISSING, 3]
    assert exact.percentile([MISSING, MISSING], 95, 0, 0) == MISSING


@given(st.decimals(-99999, 99999, places=6), st.integers(0, 6))
def test_a_float_is_read_as_the_decimal_it_was_written_as(value: Decimal, decimals: int) -> None:
    assert exact.to_scaled([float(value)], decimals).tolist() == [rounded(value, decimals)]


@given(st.lists(UNITS), st.integers(0, 6), st.integers(0, 6))
def test_rescaling_agrees_with_fractions(units: list[int], decimals: int, wanted: int) -> None:
    expected = [rounded(Fraction(unit, 10**decimals), wanted) for unit in units]
    assert exact.rescale(np.array(units, dtype=np.int64), decimals, wanted).tolist() == expected


@given(st.lists(UNITS, min_size=1), st.integers(1, 10**6), st.booleans())
def test_division_agrees_with_fractions(tops: list[int], bottom: int, negative: bool) -> None:
    divisor = -bottom if negative else bottom
    expected = [rounded(Fraction(top, divisor), 0) for top in tops]
    assert exact.divide_half_even(tops, divisor).tolist() == expected


@given(st.lists(UNITS, min_size=1), st.integers(1, 10**6))
def test_division_upwards_agrees_with_decimal(tops: list[int], bottom: int) -> None:
    expected = [-((-top) // bottom) for top in tops]
    assert exact.divide_up(tops, bottom).tolist() == expected
    decimal = [(Decimal(top) / Decimal(bottom)).to_integral_value(ROUND_CEILING) for top in tops]
    assert all(abs(int(a) - b) <= 1 for a, b in zip(decimal, expected, strict=True))


@given(st.lists(MAYBE, min_size=1, max_size=40), st.integers(0, 4), st.integers(0, 4))
def test_mean_agrees_with_fractions_and_skips_missing(units: list[int], decimals: int, wanted: int) -> None:
    present = [unit for unit in units if unit != MISSING]
    mean = exact.mean(units, decimals, wanted)
    expected = Fraction(sum(present), len(present) * 10**decimals) if present else None
    assert int(mean) == (MISSING if expected is None else rounded(expected, wanted))
    assert int(exact.count(units)) == len(present)


@given(st.lists(MAYBE, max_size=40), st.integers(0, 100), st.integers(0, 3), st.integers(0, 3))
def test_percentile_agrees_with_the_formula_in_fractions(
    units: list[int], percent: int, decimals: int, wanted: int
) -> None:
    ordered = sorted(unit for unit in units if unit != MISSING)
    if not ordered:
        assert exact.percentile(np.array(units, dtype=np.int64), percent, decimals, wanted) == MISSING
        return
    k = 1 + Fraction((len(ordered) - 1) * percent, 100)
    s = int(k)
    upper = ordered[min(s, len(ordered) - 1)]
    value = ordered[s - 1] + (upper - ordered[s - 1]) * (k - s)
    expected = rounded(value / 10**decimals, wanted)
    assert exact.percentile(np.array(units, dtype=np.int64), percent, decimals, wanted) == expected


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=60), st.integers(1, 99))
def test_percentile_agrees_with_numpy_linear(units: list[int], percent: int) -> None:
    found = exact.percentile(units, percent, 0, 6)
    assert found / 1e6 == pytest.approx(float(np.percentile(units, percent)), abs=1e-6)


@given(st.permutations(range(30)))
def test_the_mean_does_not_depend_on_the_order(order: list[int]) -> None:
    assert int(exact.mean(np.array(order) ** 5, 3, 2)) == int(exact.mean(np.arange(30) ** 5, 3, 2))
