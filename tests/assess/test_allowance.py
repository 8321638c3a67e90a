"""Remaining allowance: examples by hand; what is allowed is fed back and meets, a step more does not."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess import allowance, exact
from huanzhi.assess.allowance import (
    bounds,
    days_above_allowed,
    failures_allowed,
    gap,
    joint_mean,
    joint_mean_allowance,
    mean_allowance,
    meets,
    occurrences_allowed,
    rounded,
    share,
)

D = Decimal


@pytest.mark.parametrize(
    ("total", "count", "left", "target", "decimals", "limit", "mean"),
    [
        # 200 days at 40 are 8000; 365 days at 35 are 12775; 4775 over 165 days is 28.94. Rounded, a year of
        # 35.5 becomes 36 (half to even), so less than 12957.5 may come: 4957.4 / 165 = 30.04, as a whole 30.
        (8000, 200, 165, "35", 0, "30", Fraction(4775, 165)),
        # The same year against 36: 36.5 becomes 36, so 36.5 × 365 − 8000 = 5322.5 / 165 = 32.26.
        (8000, 200, 165, "36", 0, "32", Fraction(5140, 165)),
        # Half and half: 100 days at 30, 100 left, target 31 at one decimal: 31.05 rounds to 31.0 (half to
        # even, 310 is even), so 32.1 exactly still meets.
        (3000, 100, 100, "31", 1, "32.1", Fraction(32)),
        # Already beyond: 300 days at 60, 65 left, target 35: the rest would have to be below nothing.
        (18000, 300, 65, "35", 0, "-78", Fraction(12775 - 18000, 65)),
    ],
)
def test_what_the_rest_of_the_year_may_average(total, count, left, target, decimals, limit, mean):
    found = mean_allowance(Fraction(total), count, left, "≤", D(target), decimals)
    assert found.limit == D(limit)
    assert found.exact == mean
    assert found.possible == (D(limit) >= 0)


@pytest.mark.parametrize(
    ("good", "count", "left", "target", "bad"),
    [
        # 365 days, 94 %: 93.95 × 365 / 100 = 342.9175, so 343 good days (93.97 → 94.0) and 22 bad ones.
        (0, 0, 365, "94", 22),
        # 300 days with 20 bad ones, 65 left: 22 − 20 = 2 more.
        (280, 300, 65, "94", 2),
        # 30 bad days already: 8 too many.
        (270, 300, 65, "94", -8),
        # 83 % of 366 days: 82.95 % is 303.597, so 304 good days and 62 bad ones.
        (0, 0, 366, "83", 62),
    ],
)
def test_how_many_more_bad_days_are_affordable(good, count, left, target, bad):
    assert failures_allowed(good, count, left, "≥", D(target), 1) == bad


def test_a_half_is_rounded_to_the_even_side():
    assert bounds("≤", D(35), 0).high == Fraction(71, 2)
    assert not bounds("≤", D(35), 0).high_in  # 35.5 → 36
    assert bounds("≤", D(36), 0).high_in  # 36.5 → 36
    assert bounds("≥", D(94), 0).low_in  # 93.5 → 94
    assert not bounds("≥", D(93), 0).low_in  # 92.5 → 92


def test_a_target_finer_than_the_report_is_met_by_the_last_step_below_it():
    assert bounds("≤", D("35.7"), 0) == bounds("≤", D(35), 0)
    assert bounds("≥", D("35.2"), 0) == bounds("≥", D(36), 0)
    assert bounds("=", D("35.5"), 0).empty


def test_an_operator_without_bounds_is_refused():
    with pytest.raises(ValueError, match="≈"):
        bounds("≈", D(92), 0)


def test_gaps_say_what_is_lacking_or_spare():
    assert gap(D(38), "≤", D(35)) == D(3)
    assert gap(D("95.2"), "≥", D(94)) == D("-1.2")
    assert gap(D(9), "~", D(5), D(8)) == D(1)
    assert meets(D(8), "~", D(5), D(8))
    assert not meets(D(5), "<", D(5))


def test_a_share_of_nothing_is_unknown():
    assert share(0, 0, 1) is None
    assert share(2, 3, 1) == D("66.7")
    assert share(1, 8, 1) == D("12.5")


def test_nothing_remains_at_the_end_of_the_year():
    assert mean_allowance(Fraction(12775), 365, 0, "≤", D(35), 0) is None
    assert failures_allowed(343, 365, 0, "≥", D(94), 1) == 0
    assert failures_allowed(342, 365, 0, "≥", D(94), 1) == -1


ops = st.sampled_from(["≤", "<", "≥", ">"])
targets = st.decimals(0, 400, places=2, allow_nan=False)


@given(st.integers(0, 200000), st.integers(0, 366), st.integers(1, 366), ops, targets, st.integers(0, 2))
def test_the_mean_that_is_allowed_meets_and_the_next_step_does_not(total, count, left, op, target, decimals):
    found = mean_allowance(Fraction(total, 10), count, left, op, target, decimals)
    step = Decimal(1).scaleb(-decimals)

    def year(rest):
        return rounded((Fraction(total, 10) + Fraction(rest) * left) / (count + left), decimals)

    assert meets(year(found.limit), op, target)
    worse = found.limit + step if op in ("≤", "<") else found.limit - step
    assert not meets(year(worse), op, target)
    assert (Fraction(total, 10) + found.exact * left) / (count + left) == Fraction(target)


@given(st.integers(0, 366), st.data(), st.integers(0, 366), st.decimals(0, 100, places=1))
def test_the_bad_days_that_are_allowed_meet_and_one_more_does_not(count, data, left, target):
    good = data.draw(st.integers(0, count))
    spare = failures_allowed(good, count, left, "≥", target, 1)

    def rate(bad):
        return share(good + left - bad, count + left, 1)

    if count + left == 0:
        return
    if 0 <= spare <= left:
        assert meets(rate(spare), "≥", target)
    if -1 <= spare < left:
        assert not meets(rate(spare + 1), "≥", target)


@given(st.integers(0, 200), st.data(), st.integers(1, 200), st.decimals(0, 100, places=1))
def test_the_inferior_sections_that_are_allowed_meet_and_one_more_does_not(count, data, left, target):
    bad = data.draw(st.integers(0, count))
    spare = occurrences_allowed(bad, count, left, "≤", target, 1)
    if 0 <= spare <= left:
        assert meets(share(bad + spare, count + left, 1), "≤", target)
    if 0 <= spare + 1 <= left:
        assert not meets(share(bad + spare + 1, count + left, 1), "≤", target)


@given(st.lists(st.integers(0, 300), min_size=0, max_size=60), st.integers(0, 60), st.integers(40, 250))
def test_days_above_keep_the_percentile_whatever_they_are(days, left, target):
    spare = days_above_allowed([Fraction(d) for d in days], left, 90, "≤", D(target), 0)
    if spare is None or not spare >= 0:
        return
    worst = [*days, *([10_000] * min(spare, left)), *([target] * max(0, left - spare))]
    assert exact.percentile(np.array(worst), 90, 0, 0) <= target


@given(st.integers(-10000, 10000), st.integers(1, 997), targets, st.sampled_from(["≤", "<", "≥", ">", "="]))
def test_bounds_say_what_rounding_and_comparing_says(top, bottom, target, op):
    value = Fraction(top, bottom)
    assert bounds(op, target, 1).holds(value) == meets(rounded(value, 1), op, target)


def test_every_operator_is_known():
    assert set(allowance.OPERATORS) == {"≤", "<", "≥", ">", "=", "~"}


def test_two_cities_may_average_what_brings_the_mean_of_their_means_to_the_target():
    # 100 days at 40 and 100 days at 30, 100 days left, target 33 at whole numbers: with 31 the years are 35.5
    # and 30.5, which round to 36 and 30 (half to even), mean 33; with 32 they are 36 and 31, mean 33.5, which
    # rounds to 34.
    found = joint_mean_allowance([(Fraction(4000), 100), (Fraction(3000), 100)], 100, "≤", D("33"), 0)
    assert found is not None
    assert (found.exact, found.limit) == (Fraction(31), D("31"))


@given(
    parts=st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 300)), min_size=1, max_size=5),
    left=st.integers(1, 200),
    op=st.sampled_from(["≤", "<", "≥", ">"]),
    target=st.integers(1, 900),
    decimals=st.integers(0, 1),
)
def test_what_several_cities_may_average_meets_and_a_step_more_does_not(parts, left, op, target, decimals):
    sums = [(Fraction(total, 10) * count, count) for total, count in parts]
    found = joint_mean_allowance(sums, left, op, D(target) / 10, decimals)
    assert found is not None
    step = Fraction(1, 10**decimals) * (1 if op in ("≤", "<") else -1)

    def met(rest: Fraction) -> bool:
        whole = [(total + rest * left, count + left) for total, count in sums]
        return meets(joint_mean(whole, decimals), op, D(target) / 10)

    assert met(Fraction(found.limit))
    assert not met(Fraction(found.limit) + step)


@given(total=st.integers(0, 40000), count=st.integers(1, 300), left=st.integers(1, 200))
def test_one_city_alone_is_its_own_mean(total, count, left):
    alone = mean_allowance(Fraction(total), count, left, "≤", D("35"), 0)
    joint = joint_mean_allowance([(Fraction(total), count)], left, "≤", D("35"), 0)
    assert alone == joint
