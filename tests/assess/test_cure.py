"""The cure: enough valid values in a row within the limit, few gaps, and nothing proves nothing."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess.cure import healed

SHARE = Fraction(3, 4)


def judged(values, limit=50, need=24, step=3600, valid=None, low=None):
    units = np.array([0 if one is None else one for one in values], dtype=np.int64)
    known = np.array([one is not None for one in values], dtype=np.bool_)
    if valid is not None:
        known &= np.array(valid, dtype=np.bool_)
    times = np.arange(len(values), dtype=np.int64) * max(step, 1)
    return healed(units, known, times, low=low, high=limit, need=need, step=step, share=SHARE)


def test_a_day_within_the_limit_is_a_cure():
    found = judged([80, 70, *[50] * 24])
    assert (found.proved, found.valid, found.over, found.run, found.share) == (True, 26, 2, 24, 1)
    assert not judged([*[50] * 23]).proved
    assert not judged([*[40] * 30, 51]).proved
    assert not judged([*[40] * 10, 51, *[40] * 23]).proved


def test_what_is_missing_or_doubted_proves_nothing():
    assert not judged([]).proved
    assert not judged([None] * 100).proved
    assert not judged([40] * 100, valid=[False] * 100).proved
    sparse = [40 if place % 2 == 0 else None for place in range(60)]
    assert (judged(sparse).run, judged(sparse).proved) == (30, False)
    assert judged(sparse, step=0).proved


def test_a_doubted_exceedance_does_not_count():
    values = [*[40] * 12, 90, *[40] * 12]
    assert judged(values, valid=[place != 12 for place in range(25)]).proved


def test_limits_from_below_and_both_sides():
    assert judged([6] * 24, limit=9, low=6).proved
    assert not judged([5] * 24, limit=9, low=6).proved
    assert judged([5] * 24, limit=None, low=5).proved
    assert judged([5] * 24, limit=None).proved


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), max_size=80), st.integers(1, 30))
def test_a_cure_never_ends_with_an_exceedance(values, need):
    found = judged(values, need=need)
    known = [one for one in values if one is not None]
    assert found.valid == len(known)
    if found.proved:
        assert len(known) >= need
        assert all(one <= 50 for one in known[-need:])
    worse = judged([*values, 51], need=need)
    assert not worse.proved


@given(st.lists(st.integers(0, 100), max_size=60))
def test_a_lower_limit_never_heals_more(values):
    assert judged(values, limit=50).run >= judged(values, limit=40).run
