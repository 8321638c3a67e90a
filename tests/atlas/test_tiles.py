"""Tiles are decoded by another library and hold what they should."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, box, shape

from huanzhi.atlas.tiles import CELL, EXTENT, MARGIN, Tile, TileLayer
from huanzhi.errors import InputError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    decoder = pytest.importorskip("mapbox_vector_tile")

CITY = Tile(10, 865, 428)


def decoded(layer):
    return decoder.decode(layer.encoded(), default_options={"y_coord_down": True})[layer.name]


def middle(tile):
    west, south, east, north = tile.bounds(0)
    return (west + east) / 2, (south + north) / 2


def test_a_tile_lies_where_the_tile_matrix_says():
    assert Tile(0, 0, 0).bounds(0) == pytest.approx((-180, -85.0511287798, 180, 85.0511287798))
    west, south, east, north = CITY.bounds(0)
    assert west <= 124.3 <= east and south <= 28.2 <= north
    assert CITY.grid(np.array([[west, north], [east, south]])).tolist() == [[0, 0], [EXTENT, EXTENT]]


@pytest.mark.parametrize("place", [(-1, 0, 0), (23, 0, 0), (1, 2, 0), (1, 0, -1)])
def test_a_tile_that_is_none_is_refused(place):
    with pytest.raises(InputError):
        Tile(*place)


def test_properties_of_every_kind_come_back():
    told = {"name": "断面", "level": -3, "share": 0.5, "simulated": True, "big": 1 << 40, "none": None}
    layer = TileLayer("sections", CITY).points(np.array([middle(CITY)]), [told])
    (found,) = decoded(layer)["features"]
    assert found["properties"] == {name: value for name, value in told.items() if value is not None}
    assert found["geometry"]["type"] == "Point" and decoded(layer)["extent"] == EXTENT


@given(
    spots=st.lists(
        st.tuples(st.floats(124.0, 124.6), st.floats(28.0, 28.6)), min_size=1, max_size=30, unique=True
    )
)
def test_points_in_the_tile_are_there_and_no_others(spots):
    layer = TileLayer("a", CITY).points(np.array(spots), [{"n": n} for n in range(len(spots))])
    west, south, east, north = CITY.bounds()
    wanted = {n for n, (x, y) in enumerate(spots) if west < x < east and south < y < north}
    if not layer.features:
        assert len(wanted) == 0 and layer.encoded() == b""
        return
    steps = CITY.grid(np.array(spots))
    for one in decoded(layer)["features"]:
        n = one["properties"]["n"]
        assert one["geometry"]["coordinates"] == steps[n].tolist()
        wanted.discard(n)
    edge = {n for n in wanted if (np.abs(steps[n] - EXTENT / 2) > EXTENT / 2 + MARGIN - 2).any()}
    assert wanted == edge


def test_areas_are_cut_at_the_margin_and_keep_their_holes():
    x, y = middle(CITY)
    whole = box(x - 1, y - 1, x + 1, y + 1).difference(box(x - 0.02, y - 0.02, x + 0.02, y + 0.02))
    (found,) = decoded(TileLayer("a", CITY).shape(whole, {"code": "1"}))["features"]
    drawn = shape(found["geometry"])
    assert drawn.is_valid and len(drawn.interiors) == 1
    assert drawn.bounds == pytest.approx((-MARGIN, -MARGIN, EXTENT + MARGIN, EXTENT + MARGIN), abs=2)
    assert drawn.exterior.is_ccw != drawn.interiors[0].is_ccw


def test_many_parts_lines_and_points_come_back():
    x, y = middle(CITY)
    two = MultiPolygon([box(x, y, x + 0.01, y + 0.01), box(x + 0.02, y, x + 0.03, y + 0.01)])
    layer = TileLayer("a", CITY)
    layer.shape(two, {"n": 1}).shape(LineString([(x - 2, y), (x + 2, y)]), {"n": 2})
    layer.shape(MultiPoint([(x, y), (x + 0.01, y)]), {"n": 3})
    kinds = [one["geometry"]["type"] for one in decoded(layer)["features"]]
    assert kinds == ["MultiPolygon", "LineString", "MultiPoint"]


def test_what_is_not_in_the_tile_or_too_small_to_see_is_left_out():
    layer = TileLayer("a", Tile(3, 0, 0))
    layer.shape(box(124, 28, 125, 29), {}).shape(LineString([(-179, 80), (-179 + 1e-9, 80)]), {})
    assert layer.encoded() == b""
    assert TileLayer("a", CITY).shape(Point(0, 0), {}).encoded() == b""


def test_of_points_in_one_cell_the_heaviest_stands_for_all():
    rng = np.random.default_rng(7)
    spots = rng.uniform((124.2, 28.1), (124.4, 28.3), (5000, 2))
    weights = rng.integers(0, 7, 5000)
    tile = Tile(6, 54, 26)
    chosen, stood_for = TileLayer("a", tile).thinned(spots, weights)
    cells = list(map(tuple, (tile.grid(spots) // CELL).tolist()))
    assert stood_for.sum() == 5000 and len(set(cells)) == len(chosen)
    heaviest = {}
    for cell, weight in zip(cells, weights.tolist(), strict=True):
        heaviest[cell] = max(weight, heaviest.get(cell, -1))
    assert all(weights[n] == heaviest[cells[n]] for n in chosen.tolist())
