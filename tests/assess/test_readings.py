"""Readings: measured, below detection, missing."""

from fractions import Fraction

import numpy as np

from huanzhi.assess.exact import MISSING
from huanzhi.assess.readings import UNBOUNDED, from_floats, from_texts, readings
from huanzhi.assess.states import State


def test_a_value_below_detection_lies_between_zero_and_its_limit():
    column = from_texts(["0.05", "<0.01", ""])
    assert column.low.tolist() == [5, 0, MISSING]
    assert column.high.tolist() == [5, 1, MISSING]
    assert column.measured.tolist() == [True, False, False]
    assert [column.text(row) for row in range(3)] == ["0.05", "<0.01", ""]


def test_below_detection_without_a_limit_has_no_upper_end():
    column = readings([MISSING], 2, [State.BELOW_DETECTION])
    assert column.high.tolist() == [UNBOUNDED]
    assert column.text(0) == "ND"


def test_withdrawn_values_are_missing():
    assert not readings([5], 0, [State.WITHDRAWN]).present.any()


def test_a_change_of_unit_only_shifts_the_decimals():
    micrograms = from_texts(["60"])
    assert micrograms.shifted(3).exact(0) == Fraction(6, 100)
    assert micrograms.shifted(-3).text(0) == "60000"


def test_floats_are_read_as_the_decimals_they_stand_for():
    column = from_floats([0.3, np.nan])
    assert column.exact(0) == Fraction(3, 10)
    assert column.present.tolist() == [True, False]
