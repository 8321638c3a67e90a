"""Questions of place against brute force; boxes over the date line, empty and huge polygons."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, mapping

from huanzhi.atlas.geodesy import bearings, distances
from huanzhi.atlas.layers import settings
from huanzhi.atlas.places import Place
from huanzhi.atlas.selecting import Tree, area_of
from huanzhi.atlas.wind import Arrow, wind_at
from huanzhi.errors import InputError

LON, LAT = st.floats(-180, 180), st.floats(-89, 89)
SPOTS = np.random.default_rng(7).uniform((-180, -85), (180, 85), (3000, 2))
NEAR = np.random.default_rng(8).uniform((124.1, 28.0), (124.6, 28.4), (2000, 2))


def tree(spots):
    return Tree(tuple(Place(str(n), "", "outlet", x, y) for n, (x, y) in enumerate(spots.tolist())))


GLOBE, CITY = tree(SPOTS), tree(NEAR)


def codes(found):
    return [one.code if isinstance(one, Place) else one.place.code for one in found]


@given(west=LON, east=LON, south=LAT, north=LAT)
def test_a_box_holds_what_lies_in_it_even_over_the_date_line(west, east, south, north):
    south, north = sorted((south, north))
    lon, lat = SPOTS.T
    across = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    wanted = np.flatnonzero(across & (lat >= south) & (lat <= north))
    found = GLOBE.within(area_of({"bbox": [west, south, east, north]}))
    assert codes(found) == [str(n) for n in wanted]


@given(st.lists(st.tuples(st.floats(124.1, 124.6), st.floats(28.0, 28.4)), min_size=3, max_size=9))
def test_a_polygon_holds_what_lies_in_it(corners):
    polygon = Polygon(corners)
    given_ = {"polygon": mapping(polygon)}
    if not polygon.is_valid:
        with pytest.raises(InputError):
            area_of(given_)
        return
    wanted = [str(n) for n, spot in enumerate(NEAR) if polygon.intersects(Point(spot))]
    assert codes(CITY.within(area_of(given_))) == wanted


def test_a_polygon_may_reach_over_the_date_line():
    spots = np.array([[179.5, 10.0], [-179.5, 10.0], [0.0, 10.0]])
    polygon = {"type": "Polygon", "coordinates": [[[179, 9], [181, 9], [181, 11], [179, 11], [179, 9]]]}
    assert codes(tree(spots).within(area_of({"polygon": polygon}))) == ["0", "1"]


def test_an_empty_polygon_holds_nothing_and_the_whole_world_everything():
    assert GLOBE.within(area_of({"polygon": {"type": "Polygon", "coordinates": []}})) == []
    world = [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]
    assert len(GLOBE.within(area_of({"polygon": {"type": "Polygon", "coordinates": world}}))) == len(SPOTS)
    assert tree(np.empty((0, 2))).within(area_of({"bbox": [0, 0, 1, 1]})) == []


def test_a_huge_polygon_is_refused():
    ring = [[math.cos(n / 3000 * math.tau), math.sin(n / 3000 * math.tau)] for n in range(6001)]
    with pytest.raises(InputError):
        area_of({"polygon": {"type": "Polygon", "coordinates": [ring]}})


BOW = [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]


@pytest.mark.parametrize(
    "given_",
    [
        {},
        {"bbox": [0, 0, 1, 1], "polygon": {"type": "Polygon", "coordinates": []}},
        {"bbox": [0, 1, 1, 0]},
        {"bbox": [0, 0, 1]},
        {"bbox": [0, 0, float("nan"), 1]},
        {"bbox": [0, 0, 999, 1]},
        {"polygon": {"type": "Point", "coordinates": [0, 0]}},
        {"polygon": {"type": "Polygon"}},
        {"polygon": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}},
        {"polygon": {"type": "Polygon", "coordinates": [[["a", 0], [1, 1], [1, 0], [0, 0]]]}},
        {"polygon": {"type": "Polygon", "coordinates": 7}},
        {"polygon": {"type": "Polygon", "coordinates": [[[0, 0], [1e9, 1], [1, 0], [0, 0]]]}},
        {"polygon": {"type": "Polygon", "coordinates": BOW}},
        {"polygon": {"type": "MultiPolygon", "coordinates": [[[0]]]}},
    ],
)
def test_what_is_no_area_is_refused(given_):
    with pytest.raises(InputError):
        area_of(given_)


@given(lon=st.floats(124.0, 124.7), lat=st.floats(27.9, 28.5), metres=st.floats(1, 60_000))
def test_a_buffer_holds_what_is_near(lon, lat, metres):
    away = distances(lon, lat, NEAR)
    wanted = [str(n) for n in np.argsort(away, kind="stable") if away[n] <= metres]
    found = CITY.around(lon, lat, metres)
    assert sorted(codes(found)) == sorted(wanted)
    assert [one.metres for one in found] == sorted(away[away <= metres])


@given(lon=LON, lat=st.floats(-89, 89), metres=st.floats(1000, 190_000))
def test_a_buffer_is_right_everywhere_on_the_globe(lon, lat, metres):
    wanted = np.flatnonzero(distances(lon, lat, SPOTS) <= metres)
    assert sorted(map(int, codes(GLOBE.around(lon, lat, metres)))) == wanted.tolist()


@given(lon=LON, lat=LAT, count=st.integers(1, 20))
def test_the_nearest_are_the_nearest(lon, lat, count):
    away = distances(lon, lat, SPOTS)
    found = GLOBE.nearest(lon, lat, count)
    assert [one.metres for one in found] == pytest.approx(np.sort(away)[:count])


def test_the_nearest_are_those_that_may_be_seen():
    found = GLOBE.nearest(0, 0, 5, lambda place: place.code.endswith("7"))
    away = distances(0, 0, SPOTS)
    wanted = [str(n) for n in np.argsort(away) if str(n).endswith("7")][:5]
    assert codes(found) == wanted
    assert GLOBE.nearest(0, 0, 5, lambda _: False) == []
    assert len(CITY.nearest(0, 0, 9999)) == len(NEAR)


@given(
    lon=st.floats(124.2, 124.5),
    lat=st.floats(28.1, 28.3),
    towards=st.floats(0, 360),
    half=st.floats(1, 180),
)
def test_upwind_is_within_the_angle_and_the_distance(lon, lat, towards, half):
    away, angles = distances(lon, lat, NEAR), bearings(lon, lat, NEAR)
    turned = np.abs((angles - towards + 180) % 360 - 180)
    wanted = np.flatnonzero((away <= 20_000) & (turned <= half))
    assert sorted(map(int, codes(CITY.upwind(lon, lat, 20_000, towards, half)))) == wanted.tolist()


def arrow(code, lon, lat, speed, direction):
    return Arrow(code, code, lon, lat, speed, direction, 0)


def test_the_wind_between_stations_is_a_mean_of_vectors():
    east = arrow("e", 124.30, 28.2, 2.0, 350.0)
    west = arrow("w", 124.20, 28.2, 2.0, 10.0)
    found = wind_at(124.25, 28.2, [east, west])
    assert found.direction % 360 == pytest.approx(0, abs=0.1) or found.direction == pytest.approx(
        360, abs=0.1
    )
    assert set(found.stations) == {"e", "w"} and 1.9 < found.speed < 2.0
    assert wind_at(124.3, 28.2, [east, west]).direction == pytest.approx(350, abs=0.1)


def test_a_calm_and_no_station_have_no_upwind_side():
    assert wind_at(124.2, 28.2, []) is None
    calm = float(settings("wind")["calm"]) / 2
    assert wind_at(124.2, 28.2, [arrow("a", 124.2, 28.2, calm, 90.0)]) is None
    opposed = [arrow("a", 124.1, 28.2, 2.0, 90.0), arrow("b", 124.3, 28.2, 2.0, 270.0)]
    assert wind_at(124.2, 28.2, opposed) is None


def test_only_the_nearest_stations_count():
    near = [arrow(str(n), 124.2 + n / 1000, 28.2, 3.0, 90.0) for n in range(3)]
    far = [arrow("far", 125.0, 28.2, 9.0, 180.0)]
    assert wind_at(124.2, 28.2, [*far, *near]).direction == pytest.approx(90)
