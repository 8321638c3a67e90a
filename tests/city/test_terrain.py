"""The ground of the test city fits what stands on it, and is the same for the same seed."""

import pytest
import shapely
from shapely.geometry import Point

from huanzhi.city.model import description
from huanzhi.city.terrain import collections, terrain
from huanzhi.city.world import build

SEEDS = [7, 8, 2026]


def spot(place):
    return Point(place.lon, place.lat)


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_of_the_city_stands_on_its_land_in_a_township(seed):
    city, ground = build(seed=seed, enterprises=300), terrain(seed)
    places = [one.place for one in (*city.enterprises, *city.sections, *city.stations, *city.wells)]
    places += [one.place for one in (*city.manholes, *city.workshops)]
    assert all(ground.township_at(place.lon, place.lat) for place in places)
    assert ground.township_at(124.5, 28.2) == ""


@pytest.mark.parametrize("seed", SEEDS)
def test_townships_cover_the_district_without_gap_or_overlap(seed):
    ground = terrain(seed)
    (district,) = ground.of("district")
    shapes = [one.shape for one in ground.of("township")]
    assert len(shapes) == len(description("terrain")["township"]) == len(set(ground.of("township")))
    assert shapely.coverage_is_valid(shapes)
    assert sum(one.area for one in shapes) == pytest.approx(district.shape.area, rel=1e-6)
    assert district.shape.geom_type == "Polygon" and not district.shape.interiors
    assert all(one.parent == district.code for one in ground.of("township"))


@pytest.mark.parametrize("seed", SEEDS)
def test_rivers_pass_their_sections_and_end_in_the_sea_or_in_each_other(seed):
    city, ground = build(seed=seed, enterprises=5), terrain(seed)
    rivers = {one.code: one.shape for one in ground.of("river")}
    for section in city.sections:
        assert rivers[section.river].distance(spot(section.place)) < 1e-5
    mouth = Point(rivers["R1"].coords[-1])
    assert ground.of("coast")[0].shape.distance(mouth) < 1e-5
    for code in ("R2", "R3"):
        assert rivers["R1"].distance(Point(rivers[code].coords[-1])) < 0.005


@pytest.mark.parametrize("seed", SEEDS)
def test_land_and_sea_do_not_overlap_and_everything_is_sound(seed):
    ground = terrain(seed)
    (district,), (sea,) = ground.of("district"), ground.of("sea")
    assert district.shape.intersection(sea.shape).area < 1e-6 * district.shape.area
    assert all(thing.shape.is_valid and not thing.shape.is_empty for thing in ground.things)
    assert all(district.shape.covers(lake.shape) for lake in ground.of("lake"))
    assert all(district.shape.contains(park.shape) for park in ground.of("park"))


def test_the_same_seed_gives_the_same_ground_and_another_seed_another():
    assert collections(7) == collections(7) != collections(8)


def test_everything_is_marked_as_simulated_and_named_so():
    for collection in collections().values():
        for feature in collection["features"]:
            assert feature["properties"]["simulated"] is True
            assert "模拟" in feature["properties"]["name"]


def test_enterprises_of_a_park_stand_in_it():
    city, parks = build(seed=7, enterprises=300), {one.code: one.shape for one in terrain(7).of("park")}
    held = [one for one in city.enterprises if one.park]
    assert sum(parks[one.park].covers(spot(one.place)) for one in held) == len(held)
