"""Unified social credit codes, by the algorithm of GB 32100-2015."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.library.enterprises.codes import (
    ALPHABET,
    check_character,
    is_credit_code,
    organisation_check,
)

stems = st.text(ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "92371000MA3MXH0E3W"])
def test_published_codes_hold(code):
    assert is_credit_code(code)


def test_the_organisation_code_within_has_its_own_check_character():
    assert organisation_check("M000100Y") == "4"


@given(stems)
def test_a_made_code_holds(stem):
    assert is_credit_code(stem + check_character(stem))


@given(stems, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(stem, place, character):
    code = stem + check_character(stem)
    wrong = code[:place] + character + code[place + 1 :]
    assert is_credit_code(wrong) == (wrong == code)


@given(stems, st.integers(0, 15))
def test_two_exchanged_neighbours_are_found(stem, place):
    code = stem + check_character(stem)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_credit_code(wrong) == (wrong == code)


@given(st.text(max_size=25))
def test_any_text_is_judged(text):
    assert is_credit_code(text) in (True, False)


def test_letters_that_look_like_digits_are_in_no_code():
    assert not set("IOSVZ") & set(ALPHABET)
    assert not is_credit_code("9135010OM000100Y43")
