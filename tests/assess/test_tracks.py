"""Measuring tracks: known lengths first, then what is left out, then properties."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess.tracks import Limits, measure, steps

LIMITS = Limits(accuracy_m=60, speed_ms=40, still_m=6)
SURE = 5.0


def walk(lon, lat, seconds=None, accuracy=SURE):
    at = np.arange(len(lon)) * 10.0 if seconds is None else np.asarray(seconds, float)
    return measure(at, lon, lat, np.full(len(lon), accuracy), LIMITS)


def test_a_second_of_latitude_and_longitude_on_the_ellipsoid():
    """Lengths of one second of arc of CGCS2000 at the equator and at 45° (known to the millimetre)."""
    second = 1 / 3600
    assert steps([0, second], [0, 0])[0] == pytest.approx(30.922, abs=1e-3)
    assert steps([0, 0], [0, second])[0] == pytest.approx(30.715, abs=1e-3)
    assert steps([0, second], [45, 45])[0] == pytest.approx(21.902, abs=1e-3)
    assert steps([0, 0], [45, 45 + second])[0] == pytest.approx(30.870, abs=1e-3)


def test_a_straight_walk():
    track = walk([121.5, 121.501, 121.502], [29.9, 29.9, 29.9])
    assert track.metres == pytest.approx(193.1, abs=0.2)
    assert (track.seconds, track.used, track.left_out, track.gap_s) == (20.0, 3, 0, 10.0)


def test_standing_still_is_no_way():
    shake = np.tile([0.0, 0.00003], 200)
    assert walk(121.5 + shake, np.full(400, 29.9)).metres == 0


def test_a_jump_that_nobody_can_make_is_left_out():
    track = walk([121.5, 122.5, 121.501], [29.9, 29.9, 29.9])
    assert track.kept.tolist() == [True, False, True]
    assert track.metres == pytest.approx(96.5, abs=0.2)


def test_uncertain_points_and_times_that_go_back_are_left_out():
    lon, lat = [121.5, 121.501, 121.502, 121.503], [29.9] * 4
    track = measure([0, 10, 5, 20], lon, lat, [5, 500, 5, math.nan], LIMITS)
    assert track.kept.tolist() == [True, False, True, True]
    again = measure([0, 10, 5, 20], lon, lat, [5, 5, 5, 5], LIMITS)
    assert again.kept.tolist() == [True, True, False, True]


@pytest.mark.parametrize("count", [0, 1])
def test_less_than_two_points_are_no_track(count):
    track = walk([121.5] * count, [29.9] * count)
    assert (track.metres, track.seconds, track.used) == (0.0, 0.0, count)


places = st.lists(
    st.tuples(st.floats(121, 122, allow_nan=False), st.floats(29, 30, allow_nan=False)),
    min_size=2,
    max_size=30,
)


@given(places)
def test_a_way_is_never_shorter_than_straight_nor_longer_than_all_steps(spots):
    lon, lat = (np.array(each) for each in zip(*spots, strict=True))
    at = np.arange(len(lon)) * 100_000.0
    track = walk(lon, lat, at)
    straight = steps(lon[[0, -1]], lat[[0, -1]])[0]
    assert track.used == len(lon)
    assert straight - LIMITS.still_m <= track.metres + 1 or track.metres == 0
    assert track.metres <= steps(lon, lat).sum() * 1.000001 + LIMITS.still_m * len(lon)


@given(places)
def test_the_way_back_is_as_long(spots):
    lon, lat = (np.array(each) for each in zip(*spots, strict=True))
    assert steps(lon, lat).sum() == pytest.approx(steps(lon[::-1], lat[::-1]).sum(), rel=1e-9)
