"""Substitution by HJ 75 and HJ 356, worked by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from huanzhi import standards
from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_substitution import (
    Step,
    capture_rate,
    day_is_valid,
    emission_rate,
    gaps_to_fill,
    largest_before,
    mean_before,
)

LADDER = [
    Step("a", Fraction(9, 10), None, None, 24, 180),
    Step("b", Fraction(9, 10), None, 24, None, 720),
    Step("c", Fraction(3, 4), Fraction(9, 10), None, None, 2160),
    Step("manual", None, Fraction(3, 4), None, None, None),
]


def filled(gap: int, capture: Fraction):
    """A gap after 3000 hours whose largest values stand 100, 500, 2000 and 2900 hours back."""
    units = np.full(3000 + gap, 10)
    for back, value in ((100, 20), (500, 30), (2000, 40), (2900, 50)):
        units[3000 - back] = value
    valid = np.arange(3000 + gap) < 3000
    return largest_before(units, valid, [[3000, 3000 + gap]], [capture], LADDER)[0]


@pytest.mark.parametrize(
    ("gap", "capture", "rule", "value"),
    [
        (24, Fraction(95, 100), "a", 20),
        (25, Fraction(95, 100), "b", 30),
        (24, Fraction(90, 100), "a", 20),
        (24, Fraction(899, 1000), "c", 40),
        (100, Fraction(75, 100), "c", 40),
        (1, Fraction(749, 1000), "manual", None),
    ],
)
def test_the_ladder_of_hj75(gap: int, capture: Fraction, rule: str, value: int | None) -> None:
    found = filled(gap, capture)
    assert (found.rule, found.value) == (rule, value)


def test_hours_that_are_not_valid_are_not_looked_at() -> None:
    units = np.array([99, 5, 7, 0])
    found = largest_before(units, [False, True, True, False], [[3, 4]], [Fraction(1)], LADDER)[0]
    assert (found.value, found.used) == (7, 2)


def test_a_gap_with_nothing_before_it_is_left_to_people() -> None:
    found = largest_before(np.array([0, 5]), [False, True], [[0, 1]], [Fraction(1)], LADDER)[0]
    assert (found.value, found.used, found.rule) == (None, 0, "a")


def test_the_mean_of_as_many_values_before() -> None:
    units = np.array([100, 1, 4, 2, 3, 0, 0, 0, 0])
    valid = np.array([True, True, True, True, True, False, False, False, False])
    found = mean_before(units, valid, [[5, 9]], "")[0]
    assert (found.value, found.used) == (2, 4)  # 10 / 4 = 2.5, half to even
    assert mean_before(units[3:], valid[3:], [[2, 6]], "")[0].value is None


def test_gaps_are_hours_of_operation_without_a_valid_value() -> None:
    valid = [True, False, False, True, False]
    operating = [True, True, True, True, False]
    assert gaps_to_fill(valid, operating).tolist() == [[1, 3]]


def test_capture_counts_operation_only() -> None:
    assert capture_rate([True, True, False, True], [True, True, True, False]) == Fraction(2, 3)
    assert capture_rate([True], [False]) is None


def test_an_emission_rate_is_exact() -> None:
    # 35 mg/m³ × 10.00 m³/s × 3600 / 10⁶ = 1.26 kg/h; 10⁶ from mg to kg, 100 from the decimals of the flow
    factor = Fraction(3600, 10**6) / 100
    rates = emission_rate([35, MISSING, 36], [1000, 1000, MISSING], factor, 4)
    assert rates.tolist() == [12600, MISSING, MISSING]


def test_a_day_needs_its_share_of_the_hours_of_operation() -> None:
    assert day_is_valid(18, 24, Fraction(75)) is True
    assert day_is_valid(17, 24, Fraction(75)) is False
    assert day_is_valid(9, 12, Fraction(75)) is True
    assert day_is_valid(0, 0, Fraction(75)) is None


def test_the_ladder_that_ships_is_this_one() -> None:
    rows = standards.in_force("HJ 75", date(2026, 1, 1)).table("substitution").rows
    names = ("capture_min", "capture_under", "gap_over", "gap_max", "hours")
    assert [tuple(row.get(name) for name in names) for row in rows] == [
        (90, None, None, 24, 180),
        (90, None, 24, None, 720),
        (75, 90, None, None, 2160),
        (None, 75, None, None, None),
    ]
