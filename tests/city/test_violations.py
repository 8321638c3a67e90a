"""Violations: 14 kinds, visible where the truth says, and the truth log the same every time."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from huanzhi.city import instruments, rivers, world
from huanzhi.city.devices import devices
from huanzhi.city.ledgers import emitted, emitted_before, waste_days
from huanzhi.city.model import Section
from huanzhi.city.simulation import Simulation, lawful, simulate
from huanzhi.city.telegrams import telegrams
from huanzhi.city.truth import truth
from huanzhi.city.violations import Schedule, Violation, kinds, schedule
from huanzhi.standards.periods import DAY, HOUR


def first_of(town: Simulation, kind: str, medium: str = "") -> Violation:
    return next(
        v for v in town.schedule.of_kind(kind) if not medium or town.city.outlets[v.place].medium == medium
    )


def test_there_are_fourteen_kinds_and_a_month_has_them_all(town: Simulation) -> None:
    assert len(kinds()) == 14
    found = Counter(violation.kind for violation in town.schedule.violations)
    assert set(found) == set(kinds())
    assert max(found.values()) - min(found.values()) <= 3


def test_the_same_seed_commits_the_same_and_another_seed_something_else() -> None:
    one, same, other = (schedule(world.build(seed, 60, days=10)).violations for seed in (5, 5, 6))
    assert one == same != other


def test_more_enterprises_commit_more() -> None:
    few, many = (len(schedule(world.build(1, count, days=10)).violations) for count in (60, 600))
    assert many > 3 * few


def test_a_culprit_commits_one_thing_at_a_time_and_rests(town: Simulation) -> None:
    by_culprit = defaultdict(list)
    for violation in town.schedule.violations:
        by_culprit[violation.culprit].append(violation)
    for mine in by_culprit.values():
        mine.sort(key=lambda violation: violation.start)
        assert all(after.start - before.end >= 6 * HOUR for before, after in pairwise(mine))


def test_hours_and_sizes_are_those_of_the_table(town: Simulation) -> None:
    for violation in town.schedule.violations:
        table = kinds()[violation.kind]
        assert table["hours"][0] - 0.02 <= (violation.end - violation.start) / HOUR <= table["hours"][1]
        assert table["size"][0] <= violation.size <= table["size"][1]
        assert violation.start >= town.city.start


def test_the_truth_log_is_the_same_every_time_and_says_that_it_is_simulated(town: Simulation) -> None:
    records = list(truth(town))
    assert records == list(truth(simulate(world.build(7, 60, days=30))))
    assert all(record["simulated"] for record in records)
    assert [record["start"] for record in records] == sorted(record["start"] for record in records)
    for record in records:
        if record["kind"] in ("bypass", "night_discharge", "treatment_off", "daily_exceedance"):
            assert sum(record["excess_kg"].values()) > 0, record


@pytest.mark.parametrize("kind", ["short_exceedance", "daily_exceedance", "night_discharge", "treatment_off"])
def test_an_open_exceedance_is_shown_over_the_limit(town: Simulation, kind: str) -> None:
    violation = first_of(town, kind)
    outlet = town.city.outlets[violation.place]
    middle = (violation.start + violation.end) // 2
    shown = instruments.shown(town, outlet, middle // HOUR * HOUR)
    minute = middle % HOUR // 60
    assert any(shown[i.code][minute] > float(i.limit.value) for i in outlet.items if i.limit)


@pytest.mark.parametrize("kind", ["constant_data", "clipped_data", "copied_data", "instrument_drift"])
def test_a_trick_is_shown_under_the_limit(town: Simulation, kind: str) -> None:
    violation = first_of(town, kind)
    outlet = town.city.outlets[violation.place]
    for hour in range(violation.start // HOUR * HOUR + HOUR, violation.end - HOUR, HOUR):
        shown = instruments.shown(town, outlet, hour)
        for item in outlet.items:
            if item.limit:
                assert shown[item.code].max() < float(item.limit.value)
                if kind != "instrument_drift":
                    true = town.discharge(outlet, hour).items[item.code]
                    assert true.max() > float(item.limit.value) or true.max() == item.idle


def test_constant_data_do_not_change_at_all(town: Simulation) -> None:
    violation = first_of(town, "constant_data")
    outlet = town.city.outlets[violation.place]
    shown = instruments.shown(town, outlet, violation.start // HOUR * HOUR + HOUR)
    assert all(np.ptp(series) == 0 for series in shown.values())


def test_copied_data_are_those_of_the_day_before(town: Simulation) -> None:
    violation = first_of(town, "copied_data")
    outlet = town.city.outlets[violation.place]
    hour = violation.start // HOUR * HOUR + HOUR
    today, before = (instruments.shown(town, outlet, h) for h in (hour, hour - DAY))
    assert all(today[code] == pytest.approx(before[code]) for code in today)


def test_clipped_data_stay_just_under_the_limit(town: Simulation) -> None:
    violation = first_of(town, "clipped_data")
    outlet = town.city.outlets[violation.place]
    shown = instruments.shown(town, outlet, violation.start // HOUR * HOUR + HOUR)
    item = next(item for item in outlet.items if item.limit)
    assert item.limit is not None
    share = shown[item.code] / float(item.limit.value)
    assert share.min() > 0.95 and share.max() < 0.99 and share.std() < 0.01


def test_a_drifting_instrument_reads_its_standard_wrong(town: Simulation) -> None:
    violation = first_of(town, "instrument_drift")
    outlet = town.city.outlets[violation.place]
    times = np.array([violation.start - HOUR, violation.start + 20 * HOUR], dtype=np.int64)
    item = next(item for item in outlet.items if item.limit)
    assert item.limit is not None
    good, bad = instruments.responses(town, outlet, times)[item.code] / float(item.limit.value)
    assert good == pytest.approx(1, abs=0.03)
    assert bad == pytest.approx(1 + 20 * violation.size, abs=0.03)


def test_an_outlet_that_is_switched_off_sends_nothing_but_its_meter_does(town: Simulation) -> None:
    violation = first_of(town, "offline")
    loggers = {device.subject.code: device for device in devices(town.city) if device.kind != "meter"}
    meters = {device.subject.code: device for device in devices(town.city) if device.kind == "meter"}
    span = (violation.start, violation.end)
    assert list(telegrams(town, loggers[violation.place], *span)) == []
    assert len(list(telegrams(town, meters[violation.culprit], *span))) > 60


def test_a_bypass_shows_in_the_river_not_at_the_outlet(town: Simulation, honest: Simulation) -> None:
    violation = first_of(town, "bypass")
    outlet = town.city.outlets[violation.place]
    middle = (violation.start + violation.end) // 2 // HOUR * HOUR
    shown, usual = (instruments.shown(each, outlet, middle) for each in (town, honest))
    assert all(shown[item.code] == pytest.approx(usual[item.code]) for item in outlet.items)
    assert _seen_downstream(town, honest, violation) > 0.15


def _seen_downstream(town: Simulation, honest: Simulation, violation: Violation) -> float:
    """Return by how much the permanganate index rises at the nearest section [mg/L]."""

    def way(section: Section) -> float:
        found = [w.seconds for w in rivers.upstream(town.city, section) if w.outlet == violation.place]
        return found[0] if found else 1e9

    section = min(town.city.sections, key=way)
    hour = int((violation.start + violation.end) / 2 + way(section)) // HOUR * HOUR
    after, before = (rivers.truth(each, section, hour)["w01019"] for each in (town, honest))
    return float((after - before).max())


def test_the_permit_is_used_up_when_the_violation_begins(town: Simulation) -> None:
    violation = first_of(town, "over_permit")
    outlet = town.city.outlets[violation.place]
    item = next(item for item in outlet.items if item.yearly)
    before = emitted_before(town, outlet, item)
    until = emitted(town, outlet, item, town.city.start, violation.start)
    assert before + until == pytest.approx(item.yearly, abs=0.002)


def test_nobody_else_uses_up_the_permit_within_the_days_of_the_city(town: Simulation) -> None:
    over = {violation.place for violation in town.schedule.of_kind("over_permit")}
    for outlet in town.city.outlets.values():
        for item in outlet.items:
            if item.yearly and outlet.code not in over:
                assert emitted_before(town, outlet, item) < 0.8 * item.yearly


def test_waste_adds_up_but_for_the_violation(town: Simulation) -> None:
    wrong = {v.culprit: v for v in town.schedule.of_kind("waste_imbalance")}
    for owner in town.city.enterprises:
        if not owner.waste:
            continue
        stored, shares = 0.0, []
        for day in waste_days(town, owner):
            stored += day.made - day.moved
            assert day.stored == pytest.approx(stored, abs=3.0)
            shares.append(day.made / (owner.waste * day.power_kwh))
        if owner.code in wrong:
            assert min(shares) == pytest.approx(1 - wrong[owner.code].size, abs=0.05)
        else:
            assert min(shares) > 0.96


def test_a_city_without_violations_has_none() -> None:
    assert lawful(world.build(1, 10)).schedule.violations == ()
    assert list(truth(lawful(world.build(1, 10)))) == []


def test_a_schedule_finds_what_touches_the_times_asked_for() -> None:
    event = Violation("V1", "offline", "E", "O", 100, 200, 1.0)
    found = Schedule([event])
    times = np.array([50, 100, 199, 200], dtype=np.int64)
    assert [mask.tolist() for _, mask in found.of("O", times)] == [[False, True, True, False]]
    assert list(found.of("O", times[:1])) == [] == list(found.of("O", times, "bypass"))
    assert [v for v, _ in found.of("E", times, "offline")] == [event]
