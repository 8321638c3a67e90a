"""Routes: load, windows and depot are kept to; the same seed gives the same trips."""

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.ecocode.waste.distance import matrix
from huanzhi.ecocode.waste.routes import Stop, Truck, plan
from huanzhi.errors import InputError

DEPOT = (121.0, 28.5)
TRUCKS = [Truck("A", 1000), Truck("B", 600)]
HOUR = 3600


def stop(number, east, north, kg=200, begins=8, ends=18):
    return Stop(f"S{number:02}", 121.0 + east, 28.5 + north, kg, begins * HOUR, ends * HOUR)


@given(st.lists(st.tuples(st.floats(100, 130), st.floats(-60, 60)), min_size=2, max_size=5, unique=True))
def test_distances_are_geodesics(places):
    found = matrix([lon for lon, _ in places], [lat for _, lat in places])
    for one, (lon, lat) in enumerate(places):
        for other, (east, north) in enumerate(places):
            wanted = Geodesic.WGS84.Inverse(lat, lon, north, east)["s12"]
            assert found[one, other] == pytest.approx(wanted, abs=0.01, rel=1e-6)


@settings(max_examples=10)
@given(
    st.lists(
        st.tuples(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1), st.integers(50, 500), st.integers(8, 14)),
        min_size=1,
        max_size=8,
    )
)
def test_no_trip_breaks_load_or_window(given_):
    stops = [stop(n, east, north, kg, hour, hour + 4) for n, (east, north, kg, hour) in enumerate(given_)]
    found = plan(DEPOT, stops, TRUCKS, 7)
    by, load = {one.number: one for one in stops}, {one.code: one.kilograms for one in TRUCKS}
    taken = [row for trip in found.trips for row in trip["stops"]]
    assert sorted([row["number"] for row in taken] + [row["number"] for row in found.left]) == sorted(by)
    for trip in found.trips:
        assert trip["kg"] <= load[trip["vehicle"]]
        assert all(by[row["number"]].begins <= row["at"] <= by[row["number"]].ends for row in trip["stops"])
    assert plan(DEPOT, stops, TRUCKS, 7) == found


def test_what_cannot_be_taken_says_why():
    stops = [stop(1, 0.01, 0.01), stop(2, 0.02, 0.0, kg=5000), stop(3, 0.0, 0.02, begins=20, ends=22)]
    found = plan(DEPOT, stops, TRUCKS, 7)
    assert {row["number"]: row["why"] for row in found.left} == {"S02": "weight", "S03": "window"}
    with pytest.raises(InputError) as error:
        plan(DEPOT, stops[1:], TRUCKS, 7)
    assert error.value.key == "waste.no_route"
    with pytest.raises(InputError) as error:
        plan(DEPOT, stops, [], 7)
    assert error.value.key == "waste.no_vehicle"


def test_a_search_that_ends_too_early_leaves_the_heaviest_and_goes_on():
    loads = [386, 329, 145, 373, 252, 334, 340, 216]
    found = plan(DEPOT, [stop(n, 0, 0, kg, 8, 12) for n, kg in enumerate(loads)], TRUCKS, 7)
    taken = {row["number"] for trip in found.trips for row in trip["stops"]}
    assert taken and taken.isdisjoint(row["number"] for row in found.left)
    assert len(taken) + len(found.left) == len(loads)


def test_the_same_place_twice_is_no_distance():
    assert np.all(matrix([121.0, 121.0], [28.5, 28.5]) == 0)
