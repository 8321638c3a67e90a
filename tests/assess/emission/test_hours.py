"""Hours and quantities: worked by hand first, then what always holds."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.assess.emission.amounts import Amount, added, by_period, explain, tonnes
from huanzhi.assess.emission.hours import Origin, gas_hours, products, water_hours, with_detection
from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_substitution import Step
from huanzhi.errors import InputError

M = MISSING
LADDER = (
    Step("a", Fraction(9, 10), None, None, 24, 3),
    Step("b", Fraction(9, 10), None, 24, None, 5),
    Step("c", Fraction(3, 4), Fraction(9, 10), None, None, 9),
)


def gas(found, valid, operating=None, quarters=None, ladder=LADDER):
    number = len(found)
    runs = [True] * number if operating is None else operating
    return gas_hours(found, valid, runs, quarters or [1] * number, ladder)


def test_an_hour_worked_by_hand():
    """35.0 mg/m³ x 12.50 m³/s for an hour are 437.5 mg/s, 1.575 kg."""
    hours = gas(products([350], [1250]), [True])
    per_unit = Fraction(3600, 10 * 100)
    assert by_period(hours, [1], per_unit)[1] == Amount(1_575_000, 0, 1)
    assert str(tonnes(1_575_000)) == "0.001575"


def test_water_worked_by_hand():
    """40 mg/L x 25 L/s for 24 h: 86.4 kg."""
    hours = water_hours([40] * 24, [25] * 24, [True] * 24, [True] * 24)
    assert by_period(hours, [1] * 24, Fraction(3600))[1].total == 86_400_000


def test_a_short_gap_takes_the_largest_emission_before():
    found = [5, 9, 7, 6] * 10
    valid = [True] * 40
    valid[37] = valid[38] = False
    hours = gas(found, valid)
    assert [int(unit) for unit in hours.products[36:39]] == [5, 7, 7]
    assert hours.gaps[0].rule == "a"
    assert hours.origins[37] == Origin.SUBSTITUTED


def test_the_ladder_follows_the_capture_of_the_quarter():
    found = [4] * 10
    valid = [True] * 8 + [False] * 2
    assert gas(found, valid).gaps[0].rule == "c"
    assert gas(found, [True] * 7 + [False] * 3).gaps[0].value is None
    assert gas(found, [True] * 7 + [False] * 3).origins[-1] == Origin.MISSING


def test_what_is_none_of_the_standard_is_not_put_in():
    hours = gas([4] * 9 + [M], [True] * 9 + [False], ladder=())
    assert hours.origins[-1] == Origin.MISSING and hours.products[-1] == M


def test_a_stopped_hour_is_nothing_and_no_gap():
    hours = gas([4, 4, 4], [True, False, True], [True, False, True])
    assert hours.products.tolist() == [4, 0, 4] and not hours.gaps


def test_water_puts_the_content_in_but_never_the_flow():
    content, flow = [10, 20, M, M, 30], [2, 2, 3, M, 2]
    hours = water_hours(content, flow, [True, True, False, False, True], [True] * 5, "mean_before")
    assert hours.products.tolist() == [20, 40, 45, M, 60]
    assert hours.origins.tolist() == [
        Origin.MEASURED,
        Origin.MEASURED,
        Origin.SUBSTITUTED,
        Origin.MISSING,
        Origin.MEASURED,
    ]


def test_below_detection_counts_as_the_share_and_missing_stays_missing():
    assert with_detection([4, 6, M], [False, True, False], Fraction(1, 2)).tolist() == [8, 6, M]


def test_too_large_is_refused_and_not_rounded():
    with pytest.raises(InputError):
        products([2**40], [2**40])


def test_the_explanation_says_how_many_hours_are_missing():
    told = explain(Amount(10**9, 5 * 10**8, 20, 3, 1, 0), {}, "HJ 75-2017 a").as_dict()
    assert told["result"] == {"tonnes": "1.500000", "at_least": True}
    assert any("1" in step["text"] for step in told["steps"])


units = st.lists(
    st.tuples(st.integers(0, 10**6) | st.just(M), st.integers(0, 10**6), st.booleans()),
    min_size=1,
    max_size=200,
)


@settings(max_examples=60, deadline=None)
@given(units, st.integers(1, 30))
def test_parts_add_up_to_the_whole_and_no_hour_is_lost(rows, length):
    content, flow, stopped = (list(column) for column in zip(*rows, strict=True))
    found = products(content, flow)
    hours = gas_hours(found, np.array(content) != M, ~np.array(stopped), [1] * len(rows), LADDER)
    labels = np.arange(len(rows)) // length
    parts = by_period(hours, labels, Fraction(1))
    whole = by_period(hours, [0] * len(rows), Fraction(1))[0]
    assert added(parts.values()) == whole
    assert whole.due_hours + whole.stopped_hours == len(rows)
    exact = sum(
        int(content[n]) * int(flow[n]) for n in range(len(rows)) if content[n] != M and not stopped[n]
    )
    assert whole.measured == exact


@settings(max_examples=60, deadline=None)
@given(units)
def test_what_is_put_in_is_never_more_than_the_largest_hour_measured(rows):
    content, flow, _ = (list(column) for column in zip(*rows, strict=True))
    hours = gas(products(content, flow), [one != M for one in content])
    measured = hours.products[hours.origins == Origin.MEASURED]
    put_in = hours.products[hours.origins == Origin.SUBSTITUTED]
    assert not put_in.size or put_in.max() <= measured.max()
