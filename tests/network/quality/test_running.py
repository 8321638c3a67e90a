"""Runs over a store: each check finds its fault at its hours, clean places stay clean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_flags import DeviceFlag, Effect
from huanzhi.errors import InputError
from huanzhi.library.reviews import Ledger, Mark, open_ledger
from huanzhi.library.series import Feature, Store
from huanzhi.network.quality.running import Plan, run_checks
from huanzhi.standards.periods import Period

from .conftest import HOUR, HOURS, OCTOBER, START, momentary, table, wave, write

NOW = datetime(2026, 11, 2, tzinfo=UTC)
PLAN = Plan(START + OCTOBER * HOUR, START + HOURS * HOUR)
AT = OCTOBER + 100
"""An hour of October at which faults are put in."""


@pytest.fixture
def ledger(store: Store) -> Iterator[Ledger]:
    with open_ledger("write", store.home) as opened:
        yield opened


def hours(marks: list[Mark], kind: str, parameter: str | None = None) -> list[tuple[int, int]]:
    """Return first hour and hour after the last of the marks of a kind."""
    return [
        ((mark.start - START) // HOUR, (mark.end - START) // HOUR)
        for mark in marks
        if mark.kind == kind and parameter in (None, mark.parameter)
    ]


def run(store: Store, ledger: Ledger, plan: Plan = PLAN) -> list[Mark]:
    run_checks(store, ledger, plan, NOW)
    return [held.mark for held in ledger.marks()]


OUTLET = Feature(
    "O1", "一号排放口", "outlet", attributes={"limits": {"w01018": {"value": 50, "unit": "mg/L"}}}
)


def water(**faults: np.ndarray) -> list:
    """Return a clean waste-water outlet, with series replaced by faulty ones."""
    clean = {
        "w01018": (wave(1, 300, 40, 25), 1),
        "w21003": (wave(2, 1500, 200, 130), 3),
        "w21001": (wave(3, 900, 90, 60), 2),
        "w00000": (wave(4, 2000, 400, 120), 2),
    }
    return [
        table("O1", code, faults.get(code, values), decimals) for code, (values, decimals) in clean.items()
    ]


def test_a_clean_outlet_gets_no_mark(store: Store, ledger: Ledger) -> None:
    write(store, water(), [OUTLET], "clean")
    assert run(store, ledger) == []


def test_a_flat_line_a_spike_and_a_copy_are_found_at_their_hours(store: Store, ledger: Ledger) -> None:
    cod, ammonia = wave(1, 300, 40, 25), wave(2, 1500, 200, 130)
    cod[AT : AT + 30] = 333
    cod[AT + 200] = 4000
    ammonia[AT : AT + 48] = ammonia[200:248]
    write(store, water(w01018=cod, w21003=ammonia), [OUTLET], "faults")
    marks = run(store, ledger)
    assert hours(marks, "FLAT") == [(AT, AT + 30)]
    assert hours(marks, "RATE") == [(AT + 200, AT + 201)]
    assert hours(marks, "REPEATED") == [(AT, AT + 48)]
    assert {mark.effect for mark in marks} == {Effect.SUSPECT}
    assert {mark.check for mark in marks} == {"flat/1", "rate/1", "repeated/1"}


def test_clipping_is_found_with_the_permitted_limit(store: Store, ledger: Ledger) -> None:
    cod = wave(1, 460, 60, 50)
    over = cod > 500
    cod[over] = 500 - np.arange(int(over.sum())) % 5
    write(store, water(w01018=cod), [OUTLET], "clipped")
    found = hours(run(store, ledger), "CLIPPED")
    marked = {hour for first, last in found for hour in range(first, last)}
    assert set(np.flatnonzero(over[OCTOBER:]) + OCTOBER) <= marked


def test_a_limit_of_the_register_goes_before_that_of_the_feature(store: Store, ledger: Ledger) -> None:
    cod = wave(1, 460, 60, 50)
    over = cod > 500
    cod[over] = 500 - np.arange(int(over.sum())) % 5
    write(store, water(w01018=cod), [OUTLET], "clipped")
    assert hours(run(store, ledger, replace(PLAN, permits={"O1": {"w01018": 80}})), "CLIPPED") == []


def test_ammonia_above_total_nitrogen_and_an_odd_ratio(store: Store, ledger: Ledger) -> None:
    ammonia = wave(2, 1500, 200, 130)
    ammonia[AT : AT + 5] = 30000
    write(store, water(w21003=ammonia), [OUTLET], "above")
    marks = run(store, ledger)
    assert hours(marks, "CONTRADICTION", "w21003") == [(AT, AT + 5)]
    assert hours(marks, "CONTRADICTION", "w21001") == [(AT, AT + 5)]
    assert hours(marks, "RATIO", "w01018") == [(AT, AT + 5)]


def test_much_water_with_little_in_it(store: Store, ledger: Ledger) -> None:
    flow, cod = wave(4, 2000, 400, 120), wave(1, 300, 40, 25)
    flow[AT : AT + 6], cod[AT : AT + 6] = 9000, [60, 62, 58, 61, 63, 59]
    write(store, water(w00000=flow, w01018=cod), [OUTLET], "diluted")
    assert hours(run(store, ledger), "DILUTED") == [(AT, AT + 6)]


def test_a_still_probe_without_flow_is_no_flat_line(store: Store, ledger: Ledger) -> None:
    flow, cod = wave(4, 2000, 400, 120), wave(1, 300, 40, 25)
    flow[AT : AT + 40], cod[AT : AT + 40] = 0, 333
    write(store, water(w00000=flow, w01018=cod), [OUTLET], "still")
    marks = run(store, ledger)
    assert hours(marks, "FLAT") == []


def test_lost_hours_are_found_and_hours_to_come_are_not(store: Store, ledger: Ledger) -> None:
    cod = wave(1, 300, 40, 25)
    cod[AT : AT + 4] = MISSING
    write(store, water(w01018=cod), [OUTLET], "lost")
    later = replace(PLAN, end=PLAN.end + 30 * 24 * HOUR)
    marks = run(store, ledger, later)
    assert hours(marks, "LOST") == [(AT, AT + 4)]
    assert marks[0].effect is Effect.MISSING


def test_a_series_is_not_lost_before_it_began(store: Store, ledger: Ledger) -> None:
    cod = wave(1, 300, 40, 25)
    cod[: OCTOBER + 50] = MISSING
    write(store, water(w01018=cod), [OUTLET], "young")
    assert hours(run(store, ledger), "LOST") == []


def test_a_series_that_fell_silent_before_is_lost_all_along(store: Store, ledger: Ledger) -> None:
    cod = wave(1, 300, 40, 25)
    cod[10:] = MISSING
    write(store, water(w01018=cod), [OUTLET], "silent")
    november = replace(PLAN, start=START + 1440 * HOUR)
    assert hours(run(store, ledger, november), "LOST") == [(1440, HOURS)]


def test_what_the_device_says_itself_is_marked_and_not_searched_further(store: Store, ledger: Ledger) -> None:
    cod = wave(1, 300, 40, 25)
    cod[AT : AT + 30] = 333
    flags = {at: int(DeviceFlag.CALIBRATION) for at in range(AT, AT + 30)}
    flags |= {AT + 60: int(DeviceFlag.MAINTENANCE), AT + 80: int(DeviceFlag.STOPPED)}
    write(store, [table("O1", "w01018", cod, 1, flags)], [OUTLET], "flags")
    marks = run(store, ledger)
    assert hours(marks, "CALIBRATION") == [(AT, AT + 30)]
    assert hours(marks, "MAINTENANCE") == [(AT + 60, AT + 61)]
    assert hours(marks, "STOPPED") == [(AT + 80, AT + 81)]
    assert hours(marks, "FLAT") == []
    assert {mark.effect for mark in marks} == {Effect.CHECK, Effect.INVALID, Effect.SHUTDOWN}


def powered(flow: np.ndarray, production: np.ndarray, treatment: np.ndarray) -> tuple[list, list[Feature]]:
    attributes = {
        "production": [{"feature": "E1", "parameter": "hz-line", "rated": 100}],
        "treatment": ["E1/hz-treatment"],
        "facility": "火电",
    }
    tables = [
        table("O1", "a00000", flow, 2),
        table("E1", "hz-line", production, 0),
        table("E1", "hz-treatment", treatment, 0),
    ]
    return tables, [Feature("O1", "烟囱", "outlet", attributes=attributes), Feature("E1", "电表", "other")]


def test_treatment_off_and_a_silent_outlet_are_told_from_electricity(store: Store, ledger: Ledger) -> None:
    flow, production, treatment = wave(5, 3000, 200, 100), wave(6, 90, 0, 5), wave(7, 40, 0, 2)
    treatment[AT : AT + 12] = 1
    flow[AT + 50 : AT + 60] = 0
    write(store, *powered(flow, production, treatment), "power")
    marks = run(store, ledger, replace(PLAN, checks=("power",)))
    assert hours(marks, "TREATMENT_OFF") == [(AT, AT + 12)]
    assert hours(marks, "OUTLET_SILENT") == [(AT + 50, AT + 60)]
    assert {(mark.feature, mark.parameter) for mark in marks} == {("O1", "")}


def test_a_bypass_shows_in_the_flow_for_the_electricity(store: Store, ledger: Ledger) -> None:
    load = wave(6, 900, 100, 20)
    flow, treatment = load * 3 + wave(5, 50, 0, 20), wave(7, 40, 0, 2)
    flow[AT : AT + 3] = flow[AT : AT + 3] * 6 // 10
    tables, places = powered(flow, load, treatment)
    write(store, tables, places, "bypass")
    marks = run(store, ledger, replace(PLAN, checks=("out_of_step", "power")))
    assert hours(marks, "OUT_OF_STEP", "a00000") == [(AT, AT + 3)]
    assert len(marks) == 1


def test_an_outlet_that_rests_with_its_production_is_not_silent(store: Store, ledger: Ledger) -> None:
    flow, production, treatment = wave(5, 3000, 200, 100), wave(6, 90, 0, 5), wave(7, 40, 0, 2)
    for values in (flow, production, treatment):
        values[AT : AT + 48] = 0
    write(store, *powered(flow, production, treatment), "rest")
    marks = run(store, ledger, replace(PLAN, checks=("power", "working_state")))
    assert hours(marks, "OUTLET_SILENT") == []
    # a power plant: four hours of start-up, one of stopping
    assert hours(marks, "STOPPING") == [(AT - 1, AT)]
    assert hours(marks, "START_UP") == [(AT + 48, AT + 52)]
    assert {mark.effect for mark in marks} == {Effect.EXEMPT}


def stations(own: np.ndarray) -> tuple[list, list[Feature]]:
    shared = wave(8, 60, 10, 6)
    rng = np.random.default_rng(9)
    series = [shared + np.rint(rng.normal(0, 2, HOURS)).astype(np.int64) for _ in range(4)]
    places = [Feature(f"A{n}", f"{n}号站", "air_station", lon=120.0 + n / 50, lat=30.0) for n in range(5)]
    series.append(own + shared)
    return [
        table(place.code, "a34004", values, 0) for place, values in zip(places, series, strict=True)
    ], places


def test_a_station_apart_from_its_neighbours(store: Store, ledger: Ledger) -> None:
    noise = np.rint(np.random.default_rng(10).normal(0, 2, HOURS)).astype(np.int64)
    noise[AT : AT + 8] += 90
    write(store, *stations(noise), "stations")
    marks = run(store, ledger)
    assert [(mark.feature, mark.kind) for mark in marks if mark.kind == "NEIGHBOURS"] == [
        ("A4", "NEIGHBOURS")
    ]
    assert hours(marks, "NEIGHBOURS") == [(AT, AT + 8)]


def test_pm25_above_pm10_at_a_station(store: Store, ledger: Ledger) -> None:
    fine, coarse = wave(11, 40, 8, 5), wave(12, 75, 10, 7)
    fine[AT : AT + 3] = 140
    place = Feature("A1", "一号站", "air_station")
    write(store, [table("A1", "a34004", fine, 0), table("A1", "a34002", coarse, 0)], [place], "upside")
    assert hours(run(store, ledger), "CONTRADICTION", "a34004") == [(AT, AT + 3)]


def test_no2_above_nox_with_other_decimals(store: Store, ledger: Ledger) -> None:
    no2, nox = wave(13, 30, 5, 3), wave(14, 600, 60, 40)
    no2[AT] = 95
    place = Feature("A1", "一号站", "air_station")
    write(store, [table("A1", "a21004", no2, 0), table("A1", "a21002", nox, 1)], [place], "no2")
    assert hours(run(store, ledger), "CONTRADICTION", "a21004") == [(AT, AT + 1)]


def test_values_outside_of_the_range(store: Store, ledger: Ledger) -> None:
    ph, cod = wave(15, 720, 10, 5), wave(1, 300, 40, 25)
    ph[AT] = 1500
    cod[AT + 1] = -5
    ranged = Feature("O1", "排放口", "outlet", attributes={"ranges": {"w21003": [0, 1.6]}})
    tables = [table("O1", "w01001", ph, 2), *water(w01018=cod)]
    write(store, tables, [ranged], "range")
    marks = run(store, ledger, replace(PLAN, checks=("range",)))
    assert hours(marks, "RANGE", "w01001") == [(AT, AT + 1)]
    assert hours(marks, "RANGE", "w01018") == [(AT + 1, AT + 2)]
    assert len(hours(marks, "RANGE", "w21003")) > 10
    assert {mark.effect for mark in marks if mark.parameter == "w01001"} == {Effect.INVALID}


def test_a_run_again_changes_nothing_and_a_corrected_value_ends_its_mark(
    store: Store, ledger: Ledger
) -> None:
    cod = wave(1, 300, 40, 25)
    spike = cod.copy()
    spike[AT] = 4000
    write(store, water(w01018=spike), [OUTLET], "spike")
    first = run_checks(store, ledger, PLAN, NOW).renewal
    again = run_checks(store, ledger, PLAN, NOW).renewal
    assert (first.new, again.new, again.kept) == (1, 0, 1)
    write(store, water(w01018=cod), [OUTLET], "corrected")
    last = run_checks(store, ledger, PLAN, NOW).renewal
    assert (last.found, last.ended) == (0, 1)


def test_a_day_is_judged_by_what_was_usual_before(store: Store, ledger: Ledger) -> None:
    cod = wave(1, 300, 40, 25)
    cod[AT : AT + 30] = 333
    write(store, water(w01018=cod), [OUTLET], "day")
    day = AT // 24 * 24
    marks = run(store, ledger, replace(PLAN, start=START + day * HOUR, end=START + (day + 24) * HOUR))
    assert hours(marks, "FLAT") == [(AT, day + 24)]


def test_a_plan_names_what_it_does_not_know(store: Store, ledger: Ledger) -> None:
    write(store, water(), [OUTLET], "clean")
    for plan, key in (
        (replace(PLAN, checks=("flatness",)), "quality.no_check"),
        (replace(PLAN, features=("O9",)), "quality.no_feature"),
    ):
        with pytest.raises(InputError) as refused:
            run_checks(store, ledger, plan, NOW)
        assert refused.value.key == key


@pytest.mark.parametrize(
    "attributes",
    [
        {"limits": {"w01018": "viel"}},
        {"ranges": {"w01018": "0-9"}},
        {"production": ["E1"]},
        {"treatment": [3]},
    ],
)
def test_an_attribute_in_a_wrong_shape_is_refused_by_name(
    store: Store, ledger: Ledger, attributes: dict[str, object]
) -> None:
    write(store, water(), [Feature("O1", "排放口", "outlet", attributes=attributes)], "bad")
    with pytest.raises(InputError) as refused:
        run_checks(store, ledger, PLAN, NOW)
    assert refused.value.key == "quality.attribute"


def test_ten_minute_meters_and_checks_serve_hourly_values(store: Store, ledger: Ledger) -> None:
    """The meter sends ten-minute values alone; the daily check stands in the momentary values of COD."""
    flow = wave(5, 3000, 200, 100)
    power = np.repeat(wave(6, 90, 0, 5), 6)
    treatment = np.repeat(wave(7, 40, 0, 2), 6)
    treatment[6 * AT : 6 * (AT + 12)] = 1
    cod = wave(1, 300, 40, 25)
    at_check = {at: int(DeviceFlag.CALIBRATION) for at in range(2, HOURS, 24)}
    failed = max(at for at in at_check if at < AT)
    read = np.full(HOURS, MISSING)
    read[list(at_check)] = 250
    read[failed] = 290
    attributes = {
        "production": ["E1/hz-line"],
        "treatment": ["E1/hz-treatment"],
        "limits": {"w01018": {"value": 50, "unit": "mg/L"}},
        "check_standard": {"w01018": "25"},
    }
    tables = [
        table("O1", "w00000", flow, 2),
        table("O1", "w01018", cod, 1, at_check),
        momentary("O1", "w01018", read, 1, at_check),
        table("E1", "hz-line", power, 0, period=Period.TEN_MINUTES),
        table("E1", "hz-treatment", treatment, 0, period=Period.TEN_MINUTES),
    ]
    places = [Feature("O1", "排放口", "outlet", attributes=attributes), Feature("E1", "电表", "other")]
    write(store, tables, places, "fine")
    marks = run(store, ledger)
    assert hours(marks, "TREATMENT_OFF") == [(AT, AT + 12)]
    assert hours(marks, "DRIFT") == [(failed - 23, failed + 1)]
    assert {mark.kind for mark in marks} == {"TREATMENT_OFF", "DRIFT", "CALIBRATION"}


def test_an_outlet_off_line_during_production_is_silent_and_lost(store: Store, ledger: Ledger) -> None:
    flow, production, treatment = wave(5, 3000, 200, 100), wave(6, 90, 0, 5), wave(7, 40, 0, 2)
    flow[AT : AT + 6] = MISSING
    write(store, *powered(flow, production, treatment), "offline")
    marks = run(store, ledger)
    assert hours(marks, "OUTLET_SILENT") == hours(marks, "LOST") == [(AT, AT + 6)]


def test_minima_and_totals_beside_a_value_are_no_series_of_their_own(store: Store, ledger: Ledger) -> None:
    extra = table("O1", "w01018-Max", np.full(HOURS, 7), 0)
    write(store, [*water(), extra], [OUTLET], "kinds")
    assert run(store, ledger) == []
