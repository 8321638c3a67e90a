"""Distances, bearings and areas against geographiclib."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from huanzhi.atlas.geodesy import AXIS, FLATTENING, area, bearings, distances, metres_by_degree, sector

geodesic = pytest.importorskip("geographiclib.geodesic")
EARTH = geodesic.Geodesic(AXIS, FLATTENING)
places = st.tuples(st.floats(-180, 180), st.floats(-80, 80))
steps = st.tuples(st.floats(-1, 1), st.floats(-1, 1))


@given(place=places, step=steps)
def test_distances_are_those_of_the_geodesic(place, step):
    lon, lat = place
    other = (lon + step[0], lat + step[1])
    true = EARTH.Inverse(lat, lon, other[1], other[0])["s12"]
    assert abs(distances(lon, lat, [other])[0] - true) <= 1.0 + 1e-6 * true


@given(one=places, other=places)
def test_distances_hold_around_the_globe(one, other):
    true = EARTH.Inverse(one[1], one[0], other[1], other[0])["s12"]
    if true < 1.9e7:
        assert abs(distances(*one, [other])[0] - true) <= 1.0 + 2e-5 * true


@given(place=places, step=steps)
def test_bearings_are_those_of_the_geodesic(place, step):
    lon, lat = place
    other = (lon + step[0], lat + step[1])
    true = EARTH.Inverse(lat, lon, other[1], other[0])
    if true["s12"] > 100:
        assert abs((bearings(lon, lat, [other])[0] - true["azi1"] + 180) % 360 - 180) < 0.3


def test_the_same_place_is_no_distance_away():
    assert distances(121.0, 28.0, [(121.0, 28.0), (481.0, 28.0)]) == pytest.approx([0, 0], abs=1e-6)


@given(west=st.floats(-170, 170), south=st.floats(-70, 69), wide=st.floats(0.01, 0.5))
def test_areas_are_those_of_the_geodesic(west, south, wide):
    corners = [(west, south), (west + wide, south), (west + wide, south + wide), (west, south + wide)]
    polygon = EARTH.Polygon()
    for lon, lat in corners:
        polygon.AddPoint(lat, lon)
    true = abs(polygon.Compute()[2])
    assert area(Polygon(corners)) == pytest.approx(true, rel=1e-4)


def test_holes_are_left_out_and_lines_have_no_area():
    whole, hole = box(120, 28, 121, 29), box(120.4, 28.4, 120.6, 28.6)
    assert area(whole.difference(hole)) == pytest.approx(area(whole) - area(hole), rel=1e-9)
    assert area(Point(1, 2)) == 0


def test_the_globe_has_its_surface():
    halves = [box(-180, -90, 0, 90), box(0, -90, 179.999999, 90)]
    assert sum(area(half) for half in halves) < 5.11e14
    assert metres_by_degree(0.0) == pytest.approx((111319.49, 110574.28), abs=0.1)


def test_a_sector_is_its_share_of_the_circle():
    part, whole = sector(121, 28, 5000, 120, 30), sector(121, 28, 5000, 0, 180)
    assert part.is_valid and whole.is_valid
    assert area(part) / (np.pi * 5000**2 / 6) == pytest.approx(1, abs=0.01)
    assert area(whole) / (np.pi * 5000**2) == pytest.approx(1, abs=0.01)
    assert distances(121, 28, part.exterior.coords).max() == pytest.approx(5000, rel=1e-3)
