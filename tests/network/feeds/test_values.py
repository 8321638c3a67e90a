"""Cells become exact integers with a state; what is no value is told apart, never guessed."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess.exact import MISSING
from huanzhi.assess.states import State
from huanzhi.network.feeds.values import parse_column, parse_number

ANY_TEXT = st.text(max_size=30)


@pytest.mark.parametrize(
    "text", ["", " ", "--", "—", "-", "NA", "n/a", "null", "NaN", "/", "_", "缺测", "　"]
)
def test_missing_is_missing(text: str) -> None:
    column = parse_column([text])
    assert column.states[0] == State.MISSING
    assert column.units[0] == MISSING
    assert not column.bad


@pytest.mark.parametrize(
    "text", ["<0.01", "＜0.01", "＜０．０１", "0.01L", "0.01l", "< 0.01", "<0.01L", "﹤0.01"]
)
def test_below_detection_keeps_its_limit(text: str) -> None:
    column = parse_column([text])
    assert column.states[0] == State.BELOW_DETECTION
    assert (column.units[0], column.decimals, column.reported[0]) == (1, 2, 2)


@pytest.mark.parametrize("text", ["ND", "未检出", "N.D."])
def test_not_detected_without_a_limit_has_no_number(text: str) -> None:
    column = parse_column([text])
    assert (column.states[0], column.units[0]) == (State.BELOW_DETECTION, MISSING)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.50", "12.50"), ("１２．５", "12.5"), ("1,234.5", "1234.5"), ("1.2e3", "1200"),
        ("1.2E-2", "0.012"),
        ("1.2×10^4", "12000"), ("-3.5", "-3.5"), ("+7", "7"), (".5", "0.5"), ("5.", "5"), ("007", "7"),
    ],
)  # fmt: skip
def test_spellings_of_numbers(text: str, number: str) -> None:
    column = parse_column([text])
    assert Decimal(int(column.units[0])).scaleb(-column.decimals) == Decimal(number)
    assert column.states[0] == State.VALUE


@pytest.mark.parametrize(
    "text", ["abc", "1.2.3", "12 34", "1,23", "inf", "1e30", "0x10", "<", "<-1", "L", "5mg", "①"]
)
def test_what_is_no_value_is_bad_and_missing(text: str) -> None:
    column = parse_column(["1", text])
    assert column.bad == {1: text}
    assert column.states[1] == State.MISSING
    assert column.units[1] == MISSING


def test_the_decimals_of_the_column_are_the_most_that_any_cell_has() -> None:
    column = parse_column(["1", "2.50", "<0.001"])
    assert column.decimals == 3
    assert column.units.tolist() == [1000, 2500, 1]
    assert column.reported.tolist() == [0, 2, 3]


def test_digits_beyond_nine_decimals_are_rounded_half_to_even() -> None:
    assert parse_number("12.3333333333333339") == Decimal("12.333333333")
    assert parse_number("0.1234567885") == Decimal("0.123456788")
    assert parse_number("0.00000000012345") is None


def test_a_number_that_does_not_fit_beside_the_others_is_bad() -> None:
    column = parse_column(["9000000000000000000", "0.5"])
    assert column.bad == {0: "9000000000000000000"}
    assert column.units.tolist() == [MISSING, 5]


def test_an_empty_column() -> None:
    column = parse_column([])
    assert len(column) == 0
    assert column.decimals == 0


@given(
    st.lists(
        st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
    )
)
def test_numbers_come_back_exactly(numbers: list[Decimal]) -> None:
    column = parse_column([format(number, "f") for number in numbers])
    assert not column.bad
    back = [Decimal(int(units)).scaleb(-column.decimals) for units in column.units]
    assert back == numbers


@given(st.lists(ANY_TEXT, max_size=20))
def test_no_text_breaks_the_parser(texts: list[str]) -> None:
    column = parse_column(texts)
    assert len(column) == len(texts)
    assert set(np.unique(column.states)) <= {State.VALUE, State.MISSING, State.BELOW_DETECTION}
    assert all(column.states[index] == State.MISSING for index in column.bad)
