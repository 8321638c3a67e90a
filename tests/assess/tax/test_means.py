"""Means of a month and what article 13 takes off of them, worked by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess.exact import MISSING
from huanzhi.assess.tax import Law
from huanzhi.assess.tax.means import month_means, propose
from huanzhi.assess.tax.model import Discharge

LAW = Law.on(date(2026, 9, 30))
DAYS = np.repeat(np.arange(30), 24)


def means(medium, contents, limits=None, running=None, decimals=0, days=DAYS):
    values = np.asarray(contents, dtype=np.int64)
    ran = np.ones(values.size, dtype=bool) if running is None else np.asarray(running)
    held = dict.fromkeys(range(30), Decimal(100)) if limits is None else limits
    return month_means(medium, values, decimals, ran, days[: values.size], held)


def proposed(medium, found):
    row = Discharge("DA001", "2026-09", medium, "二氧化硫" if medium == "air" else "化学需氧量", Decimal(95))
    return propose(row, found, LAW, "mg/m³")


def month(value):
    return np.full(720, value)


@pytest.mark.parametrize(
    ("mean", "pays", "verdict"),
    [
        (71, 1, "not_low"),
        (70, Fraction(3, 4), "proposed"),
        (51, Fraction(3, 4), "proposed"),
        (50, Fraction(1, 2), "proposed"),
        (10, Fraction(1, 2), "proposed"),
    ],
)
def test_thirty_and_fifty_percent_below_the_limit(mean, pays, verdict):
    """第十三条: 70 of 100 is 30 % below and pays 75 %; 50 of 100 is 50 % below and pays half."""
    made = proposed("air", means("air", month(mean)))
    assert (made.pays, made.verdict) == (pays, verdict)
    assert made.steps[0].values["mean"] == str(mean) and made.steps[0].clause


def test_the_mean_of_hours_is_exact_and_says_its_arithmetic():
    """An hour each of 40, 45 and 50 within 100: mean 45, 55 % below, half is paid."""
    found = means("air", np.tile([40, 45, 50], 240))
    assert (found.mean, found.due, found.known, found.within) == (Decimal(45), 720, 720, True)
    made = proposed("air", found)
    assert made.pays == Fraction(1, 2) and made.steps[-1].values["percent"] == "55"


def test_one_hour_over_takes_every_reduction_away():
    contents = month(40)
    contents[7] = 101
    found = means("air", contents)
    assert (found.over, found.within) == (1, False)
    assert (proposed("air", found).verdict, proposed("air", found).pays) == ("over", 1)


def test_an_hour_over_its_limit_in_a_day_within_it_does_not_matter_for_water():
    """实施条例 第十条: water is held by daily means; an hour of 120 in a day of 40 is none above 100."""
    contents = month(40)
    contents[7] = 120
    found = means("water", contents)
    assert (found.due, found.over, found.within) == (30, 0, True)
    assert proposed("water", found).verdict == "proposed"
    contents[:24] = 120
    assert means("water", contents).within is False


@pytest.mark.parametrize("medium", ["air", "water"])
def test_a_missing_hour_is_never_assumed(medium):
    contents = month(40)
    contents[100] = MISSING
    found = means(medium, contents)
    assert (found.within, found.missing) == (None, 1)
    made = proposed(medium, found)
    assert (made.verdict, made.pays) == ("unknown", 1)
    assert any(step.key == "tax.step_hours_missing" for step in made.steps)


def test_an_hour_that_is_known_to_exceed_decides_even_where_others_are_missing():
    contents = month(40)
    contents[100], contents[101] = MISSING, 130
    assert means("air", contents).within is False


def test_hours_that_stood_still_are_not_due():
    contents, running = month(40), np.ones(720, dtype=bool)
    contents[:48], running[:48] = MISSING, False
    found = means("air", contents, running=running)
    assert (found.due, found.stopped, found.missing, found.within) == (672, 48, 0, True)
    assert means("water", contents, running=running).due == 28
    stood = means("air", month(MISSING), running=np.zeros(720, dtype=bool))
    assert (stood.mean, stood.within) == (None, None)
    assert proposed("air", stood).verdict == "no_data"


def test_each_day_is_held_against_the_limit_in_force_on_it():
    """From 100 to 50 on day 15: 60 exceeds afterwards only, and the stricter limit counts for the month."""
    limits = {day: Decimal(100 if day < 15 else 50) for day in range(30)}
    assert means("air", month(60), limits).over == 15 * 24
    found = means("air", month(30), limits)
    assert (found.limit, found.within) == (Decimal(50), True)
    assert proposed("air", found).pays == Fraction(3, 4), "40 % below 50, though 70 % below 100"


def test_a_day_without_a_limit_leaves_it_unknown():
    limits = dict.fromkeys(range(29), Decimal(100))
    found = means("air", month(10), limits)
    assert (found.limit, found.within) == (None, None)
    assert (proposed("air", found).verdict, proposed("air", found).pays) == ("unknown", 1)


def test_decimals_of_the_store_count():
    found = means("air", month(351), dict.fromkeys(range(30), Decimal("50")), decimals=1)
    assert found.mean == Decimal("35.1")
    assert proposed("air", found).verdict == "not_low", "35.1 of 50 is 29.8 % below"


@given(
    st.lists(st.one_of(st.just(int(MISSING)), st.integers(0, 150)), min_size=1, max_size=96),
    st.sampled_from(["air", "water"]),
)
def test_nothing_is_proposed_but_of_what_is_whole_and_within(values, medium):
    found = means(medium, values)
    made = proposed(medium, found)
    if made.pays < 1:
        assert found.missing == 0 and found.over == 0 and found.mean <= found.limit * Decimal("0.7")
    if int(MISSING) in values:
        assert made.pays == 1
