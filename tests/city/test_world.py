"""The city: the same for the same seed, marked simulated, permits from the law, geography that holds."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest

from huanzhi.city import geometry, world
from huanzhi.city.model import Place, description
from huanzhi.city.simulation import Simulation
from huanzhi.city.weather import weather


def test_the_same_seed_builds_the_same_city_and_another_seed_another() -> None:
    assert world.build(3, 60) == world.build(3, 60)
    assert world.build(3, 60).enterprises != world.build(4, 60).enterprises


@pytest.mark.parametrize("count", [1, 60, 700])
def test_a_city_has_as_many_enterprises_as_asked_for(count: int) -> None:
    city = world.build(1, count)
    assert len(city.enterprises) == count
    assert len(city.outlets) >= count
    assert len({owner.code for owner in city.enterprises}) == count


def test_every_name_says_that_it_is_simulated(town: Simulation) -> None:
    city = town.city
    things = (*city.enterprises, *city.sections, *city.stations, *city.wells, *city.manholes)
    assert all("模拟" in thing.name for thing in things)
    assert all("模拟" in river.name for river in city.rivers.values())


def test_limits_of_permits_are_those_of_the_standards(town: Simulation) -> None:
    limits = {
        (owner.industry, item.code): (item.limit.value, item.limit.standard)
        for owner in town.city.enterprises
        for outlet in owner.outlets
        for item in outlet.items
        if item.limit
    }
    assert limits["dyeing", "w01018"] == (Decimal(100), "GB 8978-1996")
    assert limits["WWTP", "w01018"] == (Decimal(50), "GB 18918-2002")
    assert limits["coating", "a24088"] == (Decimal(120), "GB 16297-1996")


def test_outlets_stand_in_their_park_and_discharge_at_the_nearest_point_of_the_river(
    town: Simulation,
) -> None:
    parks = {park["code"]: park for park in description()["park"]}
    for outlet in town.city.outlets.values():
        if outlet.park:
            assert abs(outlet.place.x - parks[outlet.park]["at"][0]) <= parks[outlet.park]["radius"]
        if outlet.river:
            foot = geometry.place_at(town.city.rivers[outlet.river].points, outlet.chainage)
            assert geometry.distance(foot, outlet.place) < 3.0


def test_tributaries_join_the_river_where_they_end(town: Simulation) -> None:
    for river in town.city.rivers.values():
        if river.joins:
            mouth = geometry.place_at(town.city.rivers[river.joins].points, river.joins_at)
            assert geometry.distance(mouth, river.points[-1]) < 0.5


def test_coordinates_are_degrees_in_the_sea() -> None:
    assert (Place(0, 0).lon, Place(0, 0).lat) == (124.2, 28.1)
    assert Place(0, 10).lat == pytest.approx(28.19009)


def test_the_start_is_cut_to_the_minute_in_any_zone() -> None:
    moment = datetime(2026, 5, 1, 3, 4, 59, tzinfo=UTC)
    assert world.build(1, 1, moment).start == int(moment.timestamp()) - 59


def test_weather_stays_within_what_weather_can_be() -> None:
    air = weather(7, 1_788_000_000 + 600 * np.arange(20_000, dtype=np.int64))
    assert air.wind.min() >= 0.6 and air.wind.max() < 8
    assert air.wind_from.min() >= 0 and air.wind_from.max() < 360
    assert air.temperature.min() > 5 and air.temperature.max() < 40
    assert 0.02 < (air.rain > 0).mean() < 0.3
    assert air.humidity.max() <= 99


def test_all_media_and_editions_of_treatment_are_there(town: Simulation) -> None:
    media = Counter(outlet.medium for outlet in town.city.outlets.values())
    assert media["water"] > 20 and media["gas"] > 15
