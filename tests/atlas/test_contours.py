"""Bands between stations: no holes, no overlaps, right at the stations, within the district."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from huanzhi.atlas.contours import Method, bands
from huanzhi.city.terrain import terrain

METHOD = Method(nearest=8, power=2.0, cells=60)
AREA = terrain(7).of("district")[0].shape
EDGES = [50.5, 100.5, 150.5, 200.5, 300.5]
spots_of = st.lists(
    st.tuples(st.floats(124.22, 124.44), st.floats(28.12, 28.26), st.integers(0, 500)),
    min_size=3,
    max_size=12,
    unique_by=lambda row: (round(row[0], 2), round(row[1], 2)),
)


@settings(max_examples=30)
@given(rows=spots_of)
def test_the_bands_fill_the_district_once(rows):
    spots = [(x, y) for x, y, _ in rows]
    found = bands(spots, [value for *_, value in rows], EDGES, AREA, METHOD)
    assert len(found) == len(EDGES) + 1
    total = sum(band.area for band in found)
    assert total == pytest.approx(AREA.area, rel=1e-6)
    assert shapely.union_all(found).area == pytest.approx(total, rel=1e-6)
    assert all(band.is_valid for band in found)


def test_every_station_lies_in_or_beside_its_own_band():
    rng = np.random.default_rng(7)
    spots = rng.uniform((124.24, 28.13), (124.42, 28.25), (10, 2))
    values = rng.integers(0, 400, 10)
    fine = Method(nearest=8, power=2.0, cells=200)
    found = bands(spots, values, EDGES, AREA, fine)
    for spot, value in zip(spots, values, strict=True):
        own = found[int(np.searchsorted(EDGES, value))]
        assert own.distance(Point(spot)) < 0.004


def test_the_same_everywhere_is_one_band_even_beyond_the_outer_edges():
    spots = [(124.25, 28.15), (124.4, 28.15), (124.3, 28.25)]
    for value, place in ((0, 0), (75, 1), (500, 5)):
        found = bands(spots, [value] * 3, EDGES, AREA, METHOD)
        assert [not band.is_empty for band in found] == [n == place for n in range(6)]
        assert found[place].area == pytest.approx(AREA.area)


def test_two_stations_or_missing_values_make_no_contour():
    spots = [(124.25, 28.15), (124.4, 28.15), (124.3, 28.25)]
    assert all(band.is_empty for band in bands(spots, [1, 2, np.nan], EDGES, AREA, METHOD))
    assert all(band.is_empty for band in bands([], [], EDGES, AREA, METHOD))
    assert all(band.is_empty for band in bands(spots, [1, 2, 3], EDGES, Polygon(), METHOD))


def test_values_stay_between_the_lowest_and_the_highest():
    spots = [(124.25, 28.15), (124.4, 28.15), (124.3, 28.25), (124.35, 28.2)]
    found = bands(spots, [60, 70, 80, 90], [60 - 1e-9, 90 + 1e-9], box(124, 28, 124.6, 28.4), METHOD)
    assert [band.is_empty for band in found] == [True, False, True]
