"""True physics: mass is kept, travel takes its time, plumes go with the wind, the lawful keep the law."""

from __future__ import annotations

import numpy as np
import pytest

from huanzhi.city import air, electricity, groundwater, instruments, rivers, sewers
from huanzhi.city.blocks import Kept, minutes
from huanzhi.city.model import Outlet, Place, Well
from huanzhi.city.processes import discharge, production
from huanzhi.city.simulation import Simulation, hour_times
from huanzhi.city.violations import Schedule, Violation
from huanzhi.city.weather import Weather
from huanzhi.city.world import City
from huanzhi.standards.periods import DAY, HOUR


def steady_air(wind: float, wind_from: float) -> Weather:
    same = [np.full(60, value) for value in (wind, wind_from, 20.0, 60.0, 101.0, 0.0)]
    return Weather(*same)


def hours(city: City, count: int, first: int = 0) -> range:
    return range(city.start + first * HOUR, city.start + (first + count) * HOUR, HOUR)


def test_no_outlet_of_a_lawful_city_is_ever_over_its_limit(honest: Simulation) -> None:
    for outlet in honest.city.outlets.values():
        for hour in hours(honest.city, 24):
            shown = instruments.shown(honest, outlet, hour)
            for item in outlet.items:
                if item.limit:
                    assert shown[item.code].max() < float(item.limit.value), (outlet.code, item.code)


def test_a_block_of_an_hour_is_the_same_however_it_is_asked_for(town: Simulation) -> None:
    city, outlet = town.city, next(iter(town.city.outlets.values()))
    times = minutes(city.start, city.start + 3 * HOUR)
    whole = discharge(city, town.schedule, outlet, times)
    parts = [town.discharge(outlet, hour) for hour in hours(city, 3)]
    assert (np.concatenate([part.flow for part in parts]) == whole.flow).all()


def test_production_follows_the_shift_and_never_is_less_than_nothing(honest: Simulation) -> None:
    city = honest.city
    times = minutes(city.start, city.start + 7 * DAY)
    clock = (times + 8 * HOUR) % DAY // HOUR
    for owner in city.enterprises:
        level = production(city, honest.schedule, owner, times)
        assert level.min() >= 0 and level.max() < 1.2
        if owner.shift == "day":
            assert level[(clock < 8) | (clock >= 18)].max() == 0
            assert level[clock == 13].max() > 0.5


def test_waste_water_flows_with_production(honest: Simulation) -> None:
    city = honest.city
    times = minutes(city.start, city.start + 2 * DAY)
    for owner in city.enterprises[1:12]:
        for outlet in owner.outlets:
            level = production(city, honest.schedule, owner, times)
            flow = discharge(city, honest.schedule, outlet, times).flow
            assert np.corrcoef(level, flow)[0, 1] > 0.6 or level.std() < 0.12


def water_outlet(city: City, river: str) -> Outlet:
    return next(o for o in city.outlets.values() if o.river == river and o.park)


def with_bypass(simulation: Simulation, outlet: Outlet, hour: int) -> Simulation:
    event = Violation("V1", "bypass", outlet.enterprise, outlet.code, hour, hour + 2 * HOUR, 4.0)
    return Simulation(simulation.city, Schedule([event]))


@pytest.mark.parametrize("river", ["R1", "R2", "R3"])
def test_all_that_goes_past_an_outlet_arrives_downstream_after_its_travel_time(
    honest: Simulation, river: str
) -> None:
    city, outlet = honest.city, water_outlet(honest.city, river)
    section = next(s for s in city.sections if s.river == river and s.chainage > outlet.chainage + 1)
    begin = city.start + 6 * HOUR
    wrong = with_bypass(honest, outlet, begin)
    way = next(way for way in rivers.upstream(city, section) if way.outlet == outlet.code)
    arrived, moments = 0.0, 0.0
    for hour in range(begin, begin + 16 * HOUR, HOUR):
        clean, dirty = (rivers.truth(each, section, hour)["w01014"] for each in (honest, wrong))
        flow = rivers.discharge_at(honest, section, hour) * 1000.0
        more = (dirty - clean) * flow * 60.0
        arrived += float(more.sum())
        moments += float((more * hour_times(hour)).sum())
    times = minutes(begin, begin + 2 * HOUR)
    item = outlet.item("w01014")
    assert item is not None
    gone = discharge(city, wrong.schedule, outlet, times)
    usual = discharge(city, honest.schedule, outlet, times)
    let_go = float((gone.bypass * item.raw + (gone.flow - usual.flow) * usual.items["w01014"]).sum()) * 60.0
    assert arrived == pytest.approx(let_go, rel=0.02)
    assert moments / arrived == pytest.approx(begin + HOUR + way.seconds, abs=15 * 60)


def test_nothing_runs_upstream(honest: Simulation) -> None:
    city, outlet = honest.city, water_outlet(honest.city, "R1")
    for section in city.sections:
        ways = {way.outlet for way in rivers.upstream(city, section)}
        if section.river == "R1":
            assert (outlet.code in ways) == (outlet.chainage < section.chainage)
        else:
            assert outlet.code not in ways


def test_the_flux_of_a_plume_is_its_emission() -> None:
    sources, heights = np.array([[0.0, 0.0]]), np.array([0.0])
    across = np.linspace(-3.0, 3.0, 601)
    wind = 3.0
    flux = 0.0
    for y in across:
        ground = air.dilution(sources, heights, Place(1.0, float(y)), steady_air(wind, 270.0))[0, 0]
        flux += ground * wind * 10.0
    high = 0.12 * 1000.0
    assert flux * high * np.sqrt(np.pi / 2) == pytest.approx(1.0, rel=0.01)


def test_a_plume_goes_where_the_wind_goes() -> None:
    source, height = np.array([[5.0, 5.0]]), np.array([10.0])
    east = air.dilution(source, height, Place(6.0, 5.0), steady_air(3.0, 270.0))[0, 0]
    west = air.dilution(source, height, Place(4.0, 5.0), steady_air(3.0, 270.0))[0, 0]
    aside = air.dilution(source, height, Place(6.0, 6.0), steady_air(3.0, 270.0))[0, 0]
    assert east > 0 and west == 0 and aside < east / 100


def test_a_workshop_shows_at_a_station_downwind_only_while_it_works(honest: Simulation) -> None:
    city = honest.city
    shop, begin = city.workshops[0], city.start + 2 * HOUR
    event = Violation("V1", "unpermitted_workshop", shop.code, shop.code, begin, begin + 12 * HOUR, 1.5)
    wrong = Simulation(city, Schedule([event]))
    more = {
        station.code: max(
            float((air.shown(wrong, station, h)["a24088"] - air.shown(honest, station, h)["a24088"]).max())
            for h in range(begin, begin + 12 * HOUR, HOUR)
        )
        for station in city.stations
        if station.fence
    }
    assert max(more.values()) > 0.1
    before = [
        (
            air.shown(wrong, station, begin - HOUR)["a24088"],
            air.shown(honest, station, begin - HOUR)["a24088"],
        )
        for station in city.stations
        if station.fence
    ]
    assert all((one == other).all() for one, other in before)


def test_stations_never_show_more_fine_dust_than_dust(town: Simulation) -> None:
    for station in town.city.stations[:4]:
        for hour in hours(town.city, 12):
            shown = air.shown(town, station, hour)
            assert (shown["a34004"] <= shown["a34002"]).all()
            assert set(shown) == set(air.items(station))


def test_power_follows_production_and_treatment_off_shows_at_its_meter(honest: Simulation) -> None:
    city = honest.city
    owner = next(
        o for o in city.enterprises[1:] if o.shift == "continuous" and o.outlets[0].medium == "water"
    )
    outlet, hour = owner.outlets[0], city.start + 3 * HOUR
    event = Violation("V1", "treatment_off", owner.code, outlet.code, hour, hour + HOUR, 0.8)
    wrong = Simulation(city, Schedule([event]))
    before, after = (electricity.shown(each, owner, hour) for each in (honest, wrong))
    assert after[outlet.treatment].max() < 0.1 * before[outlet.treatment].min()
    assert (after["hzd101"] > 0.3 * owner.lines["hzd101"]).all()
    limited = next(item for item in outlet.items if item.limit)
    assert wrong.discharge(outlet, hour).items[limited.code].min() > float(limited.limit.value)  # type: ignore[union-attr]


def test_a_sewer_holds_what_flows_into_it(honest: Simulation) -> None:
    for manhole in honest.city.manholes:
        shown = sewers.shown(honest, manhole, honest.city.start)
        own = sum(
            honest.discharge(o, honest.city.start).flow
            for o in honest.city.outlets.values()
            if o.park == manhole.park and not o.river and o.medium == "water"
        )
        assert (shown["w00000"] > own).all()
        assert 40 < shown["w01018"].mean() < 400


def test_an_old_plume_reaches_wells_downstream_only() -> None:
    place = Place(1, 1)
    shares = [groundwater.plume_share(Well("W", "W", place, along, 0.0)) for along in (-0.5, 0.1, 0.4, 5.0)]
    assert shares[0] == shares[3] == 0 and shares[1] > shares[2] > 0


def test_wells_show_their_items(town: Simulation) -> None:
    for well in town.city.wells:
        shown = groundwater.shown(town, well, town.city.start)
        assert tuple(shown) == groundwater.ITEMS
        assert all(len(series) == 60 for series in shown.values())


def test_what_is_kept_is_bounded() -> None:
    kept: Kept[int] = Kept(3)
    made = [kept.get(number, lambda number=number: number) for number in (1, 2, 3, 4, 4)]  # type: ignore[misc]
    assert made == [1, 2, 3, 4, 4]
    assert kept.get(4, lambda: 99) == 4
    assert kept.get(1, lambda: 99) == 99
