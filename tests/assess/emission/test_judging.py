"""Gas states, allowance, screening with ties, agreement."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess.emission.agreement import Tolerance, agreement
from huanzhi.assess.emission.allowance import Level, forecast, share_of_span, standing
from huanzhi.assess.emission.gas import StandardState, dry_concentration, dry_flow, standard_flow
from huanzhi.assess.emission.screening import leading
from huanzhi.errors import InputError
from huanzhi.standards.emission import to_reference_oxygen

LEVELS = (Level("good", 3, Fraction(9, 10)), Level("fair", 1, Fraction(3, 4)))
STATE = StandardState(Fraction("273.15"), Fraction("101.325"))
SHARE = Fraction(65, 100)


def test_dry_gas_worked_by_hand():
    """90 mg/m³ in wet gas with 10 % of water are 100 mg/m³ in dry gas; 50 m³ of wet gas are 45 m³."""
    assert dry_concentration(90, 10) == 100
    assert dry_flow(50, 10) == 45


def test_a_quantity_is_the_same_in_wet_and_dry_gas():
    assert dry_concentration(90, 7) * dry_flow(50, 7) == 90 * 50


def test_the_standard_state_worked_by_hand():
    """At 136.575 °C (one and a half times 273.15 K) and 101.325 kPa the volume shrinks to two thirds."""
    assert standard_flow(30, Decimal("136.575"), 0, Decimal("101.325"), STATE) == 20


def test_the_reference_oxygen_worked_by_hand():
    """40 mg/m³ at 11 % of oxygen are 40 x (21 - 9) / (21 - 11) = 48 mg/m³ at 9 %."""
    assert to_reference_oxygen(40, 11, 9, date(2026, 1, 1)) == 48


@pytest.mark.parametrize("moisture", [-1, 100, 130])
def test_impossible_moisture_is_refused(moisture):
    with pytest.raises(InputError):
        dry_flow(1, moisture)


def test_impossible_states_are_refused():
    with pytest.raises(InputError):
        standard_flow(1, -300, 0, 101, STATE)


def test_a_forecast_worked_by_hand():
    """Ten days of 1, ten of 3, ten of 2; 20 days left: 60 + 20 x 2, from 60 + 20 x 1 to 60 + 20 x 3."""
    days = [Fraction(1)] * 10 + [Fraction(3)] * 10 + [Fraction(2)] * 10
    found = forecast(days, 20, 10, Fraction(95, 100), LEVELS)
    assert (found.likely, found.low, found.high, found.blocks) == (100, 80, 120, 3)
    assert found.confidence == "good"
    assert forecast(days, 20, 10, Fraction(1, 2), LEVELS).confidence == "poor"


def test_no_forecast_without_a_whole_block():
    assert forecast([Fraction(1)] * 9, 5, 10, None, LEVELS) is None


def test_states_of_an_allowance():
    ahead = forecast([Fraction(1)] * 10 + [Fraction(3)] * 10, 20, 10, Fraction(1), LEVELS)
    assert (ahead.likely, ahead.high, ahead.low) == (100, 100, 60)
    assert standing(Fraction(40), Fraction(120), Fraction(1, 2), ahead).state == "within"
    assert standing(Fraction(40), Fraction(99), Fraction(1, 2), ahead).state == "likely_over"
    assert standing(Fraction(100), Fraction(99), Fraction(1, 2), ahead).state == "over"
    assert standing(Fraction(40), Fraction(99), Fraction(1, 2), None).state == "unknown"
    falling = forecast([Fraction(3)] * 10 + [Fraction(1)] * 10, 20, 10, Fraction(1), LEVELS)
    assert standing(Fraction(40), Fraction(70), Fraction(1, 2), falling).state == "may_pass"


def test_a_lower_bound_may_pass_a_permit_but_never_keeps_it():
    ahead = forecast([Fraction(1)] * 20, 20, 10, Fraction(1, 4), LEVELS)
    assert standing(Fraction(20), Fraction(99), Fraction(1, 2), ahead, whole=False).state == "unknown"
    assert standing(Fraction(20), Fraction(19), Fraction(1, 2), ahead, whole=False).state == "over"
    assert standing(Fraction(20), Fraction(39), Fraction(1, 2), ahead, whole=False).state == "likely_over"


def test_used_up_exactly_is_not_over_and_nothing_permitted_has_no_share():
    found = standing(Fraction(5), Fraction(5), Fraction(1), None)
    assert (found.left, found.share, found.state) == (0, 1, "unknown")
    assert standing(Fraction(1), Fraction(0), Fraction(1), None).share is None


def test_the_share_of_a_year():
    year = (date(2026, 1, 1), date(2027, 1, 1))
    assert share_of_span(*year, date(2026, 1, 1)) == 0
    assert share_of_span(*year, date(2026, 7, 2)) == Fraction(182, 365)
    assert share_of_span(*year, date(2030, 1, 1)) == 1


def marked(amounts):
    return {one.code for one in leading({k: Fraction(v) for k, v in amounts.items()}, SHARE) if one.leading}


def test_screening_worked_by_hand():
    """40 and 25 of 100 reach 65 % exactly; the third is not needed."""
    assert marked({"a": 40, "b": 25, "c": 20, "d": 15}) == {"a", "b"}
    assert marked({"a": 40, "b": 24, "c": 21, "d": 15}) == {"a", "b", "c"}


def test_whoever_ties_with_the_last_one_is_marked_too():
    assert marked({"a": 40, "b": 25, "c": 25, "d": 10}) == {"a", "b", "c"}
    assert marked({"a": 10, "b": 10, "c": 10}) == {"a", "b", "c"}
    places = leading({"a": Fraction(9), "b": Fraction(5), "c": Fraction(5), "d": Fraction(1)}, SHARE)
    assert [one.rank for one in places] == [1, 2, 2, 4]


def test_who_emits_nothing_is_never_marked():
    assert marked({"a": 0, "b": 0}) == set()
    assert marked({}) == set()
    assert marked({"a": 1, "b": 0}) == {"a"}


def test_a_negative_quantity_is_refused():
    with pytest.raises(InputError):
        leading({"a": Fraction(-1)}, SHARE)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 50), max_size=20))
def test_the_marked_reach_the_share_and_none_below_them_is_larger(amounts):
    places = leading({k: Fraction(v) for k, v in amounts.items()}, SHARE)
    inside = [one.amount for one in places if one.leading]
    outside = [one.amount for one in places if not one.leading]
    assert sum(inside) >= SHARE * sum(one.amount for one in places)
    assert not inside or not outside or min(inside) > max(outside)
    if inside:
        without_the_last = [amount for amount in inside if amount > min(inside)]
        assert sum(without_the_last) < SHARE * sum(one.amount for one in places)


TOLERANCE = Tolerance(Fraction(1, 10), Fraction(1, 100), Fraction(3, 4))


@pytest.mark.parametrize(
    ("reported", "measured", "known", "state"),
    [
        (11, 10, 1, "agrees"),
        (Fraction(1101, 100), 10, 1, "higher"),
        (8, 10, 1, "lower"),
        (8, 10, Fraction(1, 2), "unknown"),
        (None, 10, 1, "unknown"),
        (0, None, 1, "unknown"),
        (Fraction(1, 100), 0, 1, "agrees"),
    ],
)
def test_agreement(reported, measured, known, state):
    given = [None if one is None else Fraction(one) for one in (reported, measured, known)]
    assert agreement(*given, TOLERANCE).state == state
