"""Neighbours still share their borders after simplification; labels lie within what they name."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from huanzhi.atlas.simplify import label_point, simplify
from huanzhi.city.terrain import terrain
from huanzhi.errors import InputError


@pytest.mark.parametrize("tolerance", [0.0002, 0.001, 0.004])
def test_neighbours_share_their_borders_before_and_after(tolerance):
    before = np.array([one.shape for one in terrain(7).of("township")], dtype=object)
    after = np.array(simplify(list(before), tolerance), dtype=object)
    assert shapely.coverage_is_valid(before) and shapely.coverage_is_valid(after)
    assert shapely.get_num_coordinates(after).sum() < shapely.get_num_coordinates(before).sum()
    touching = [(a, b) for a in range(9) for b in range(a) if before[a].intersection(before[b]).length > 0]
    assert touching
    for a, b in touching:
        assert after[a].intersection(after[b]).length > 0
        assert after[a].intersection(after[b]).area == 0
    assert shapely.union_all(after).area == pytest.approx(sum(shapely.area(after)), rel=1e-9)


def test_nothing_moves_without_a_tolerance_and_nothing_vanishes_with_a_large_one():
    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 1), Polygon([(5, 5), (5.001, 5), (5, 5.001)])]
    assert simplify(shapes, 0) == shapes
    assert not any(one.is_empty for one in simplify(shapes, 0.5))


def test_lines_are_simplified_and_points_stay():
    line, point = LineString([(0, 0), (1, 0.001), (2, 0)]), Point(3, 3)
    done = simplify([line, point], 0.01)
    assert len(done[0].coords) == 2 and done[1] == point


@pytest.mark.parametrize("tolerance", [-1.0, float("nan")])
def test_a_tolerance_below_zero_is_refused(tolerance):
    with pytest.raises(InputError):
        simplify([box(0, 0, 1, 1)], tolerance)


@given(
    west=st.floats(-10, 10),
    south=st.floats(-10, 10),
    wide=st.floats(0.01, 5),
    high=st.floats(0.01, 5),
)
def test_a_label_lies_in_the_largest_part(west, south, wide, high):
    large = box(west, south, west + wide, south + high)
    small = box(west + 20, south, west + 20 + wide / 3, south + high / 3)
    assert large.covers(Point(label_point(MultiPolygon([small, large]))))


def test_a_label_of_a_crescent_lies_within_it():
    crescent = Point(0, 0).buffer(2).difference(Point(0.8, 0).buffer(1.9))
    assert crescent.covers(Point(label_point(crescent)))


def test_a_label_of_a_line_lies_halfway_along():
    assert label_point(LineString([(0, 0), (4, 0)])) == (2, 0)
