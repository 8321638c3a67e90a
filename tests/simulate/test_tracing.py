"""Tracing: ways of the water, wind, and scores, first by hand, then as properties."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.simulate.tracing import (
    Parts,
    River,
    Shown,
    Spot,
    apart,
    basin,
    bearing,
    data_weight,
    load_shares,
    locate,
    nearest,
    river_weight,
    score,
    turned,
    way,
    wind_weight,
)

DEGREE = 111_320.0
MAIN = River("R1", "江", [(121.0, 0.0), (121.1, 0.0), (121.2, 0.0)], 0.5)
SIDE = River("R2", "溪", [(121.1, 0.05), (121.1, 0.001)], 0.25)
FAR = River("R3", "河", [(122.0, 1.0), (122.1, 1.0)], 1.0)
KNOWN = basin([MAIN, SIDE, FAR], 500.0)
WEIGHTS = {"place": 0.4, "data": 0.4, "load": 0.2}


def test_a_tributary_joins_where_its_end_lies():
    river, along = KNOWN.joins["R2"]
    assert river == "R1"
    assert along == pytest.approx(0.1 * DEGREE, rel=1e-6)
    assert set(KNOWN.joins) == {"R2"}


def test_the_way_of_the_water_over_a_confluence():
    section = nearest(KNOWN, 121.2, 0.0)
    source = nearest(KNOWN, 121.1001, 0.03)
    assert (section.river, source.river) == ("R1", "R2")
    gone = way(KNOWN, source, section)
    side, main = 0.029 * DEGREE, 0.1 * DEGREE
    assert gone.metres == pytest.approx(side + main, rel=1e-3)
    assert gone.seconds == pytest.approx(side / 0.25 + main / 0.5, rel=1e-3)
    assert way(KNOWN, section, source) is None
    assert way(KNOWN, Spot("R3", 0.0, 0.0), section) is None
    assert way(KNOWN, section, section) is None


def test_a_place_beside_a_river():
    spot = locate(MAIN, 121.05, 0.01)
    assert spot.along == pytest.approx(0.05 * DEGREE, rel=1e-3)
    assert spot.off == pytest.approx(0.01 * DEGREE, rel=1e-3)
    assert nearest(basin([], 1.0), 121.0, 0.0) is None


@pytest.mark.parametrize(
    ("one", "other", "angle"), [(350, 10, 20), (0, 180, 180), (90, 90, 0), (270, 80, 170)]
)
def test_angles(one, other, angle):
    assert turned(one, other) == turned(other, one) == angle


def test_directions_and_distances():
    assert bearing(121.0, 30.0, 121.0, 30.1) == pytest.approx(0.0, abs=1e-6)
    assert bearing(121.0, 30.0, 121.1, 30.0) == pytest.approx(90.0, abs=0.1)
    assert apart(121.0, 0.0, 121.0, 0.1) == pytest.approx(0.1 * DEGREE)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_farther_is_never_likelier(one, other):
    near, far = sorted((one, other))
    assert 0 <= river_weight(far, 15_000) <= river_weight(near, 15_000) <= 1
    assert wind_weight(far, 10, 25, 6_000) <= wind_weight(near, 10, 25, 6_000)
    assert wind_weight(near, 0, 25, 6_000) >= wind_weight(near, 25, 25, 6_000)


@pytest.mark.parametrize(
    ("shown", "weight"),
    [
        (Shown(), None),
        (Shown(silent=True), 0.4),
        (Shown(over=0.5), 0.0),
        (Shown(over=1.0), 0.5),
        (Shown(over=2.0), 1.0),
        (Shown(over=9.0), 1.0),
        (Shown(over=0.2, unusual=3.0), 1.0),
        (Shown(over=0.2, unusual=0.9), 0.0),
    ],
)
def test_what_a_sources_own_data_say(shown, weight):
    found = data_weight(shown, 0.4)
    assert found == (None if weight is None else pytest.approx(weight))


def test_shares_of_a_load():
    assert load_shares([30.0, None, 10.0]) == [0.75, None, 0.25]
    assert load_shares([None, None]) == [None, None]
    assert load_shares([0.0, 0.0]) == [None, None]


PART = st.none() | st.floats(0, 1)


@given(st.floats(0, 1), PART, PART)
def test_scores_are_shares_and_more_evidence_never_lowers_them(place, data, load):
    found = score(Parts(place, data, load), WEIGHTS)
    assert 0 <= found <= 1
    if data is not None:
        assert score(Parts(place, 1.0, load), WEIGHTS) >= found
    assert score(Parts(place, 1.0, 1.0), WEIGHTS) >= score(Parts(place, None, None), WEIGHTS) - 1e-9


def test_who_lets_go_too_much_comes_before_who_stands_nearer():
    near = score(Parts(math.exp(-0.1), 0.0, 0.1), WEIGHTS)
    guilty = score(Parts(math.exp(-0.6), 1.0, 0.6), WEIGHTS)
    assert guilty > near
