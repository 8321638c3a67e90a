"""What a place's page shows: limits that step, curves that keep their peaks, spans beside spans."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.library.series import Feature
from huanzhi.programmes import place
from huanzhi.programmes.place.comparison import before, change, year_before
from huanzhi.programmes.place.curve import Curve, Stretch, flag_stretches, thinned
from huanzhi.programmes.place.legend import legend
from huanzhi.programmes.place.now import exceedance
from huanzhi.programmes.place.subject import PermitTerm
from huanzhi.programmes.place.wind import _sectors
from huanzhi.standards.periods import DAY, HOUR, Period, from_china, start_of_day

PM25, O3, COD, DO = "a34004", "a05024", "w01018", "w01009"


def subject(kind, **attributes):
    return place.Subject(Feature("X", "X", kind, attributes=attributes))


def at(*parts):
    return from_china(datetime(*parts))


def curve_of(units, decimals=0, start=0, states=None, flags=None):
    units = np.array(units, dtype=np.int64)
    states = np.where(units == MISSING, State.MISSING, State.VALUE) if states is None else np.array(states)
    flags = np.zeros(units.size) if flags is None else np.array(flags)
    times = start + HOUR * np.arange(units.size, dtype=np.int64)
    none = np.zeros(units.size, dtype=bool)
    return Curve(
        "X",
        "x",
        Period.HOUR,
        times,
        units,
        decimals,
        states.astype(np.int8),
        flags.astype(np.int32),
        none,
        units.size,
    )


def test_the_limit_of_a_day_of_pm25_steps_on_the_first_of_march_2026():
    steps = place.limit_steps(subject("air_station"), PM25, Period.DAY, at(2026, 2, 27), at(2026, 3, 3))
    assert [(one.value, one.standard, one.start) for one in steps] == [
        (Decimal(75), "GB 3095-2012", at(2026, 2, 27)),
        (steps[1].value, "GB 3095-2026", at(2026, 3, 1)),
    ]
    assert steps[0].end == steps[1].start and steps[1].value < 75 and steps[0].grade == "二级"


def test_a_function_area_of_class_1_has_the_limits_of_class_1():
    steps = place.limit_steps(
        subject("air_station", function_area="一类"), O3, Period.HOUR, at(2025, 1, 1), at(2025, 1, 2)
    )
    assert [(one.value, one.grade) for one in steps] == [(Decimal(160), "一级")]


def test_hours_of_pm25_are_not_judged_by_the_limit_of_a_day():
    (step,) = place.limit_steps(subject("air_station"), PM25, Period.HOUR, at(2025, 1, 1), at(2025, 1, 2))
    assert (step.averaging, step.applies) == ("day", False)


def test_a_section_is_bounded_by_its_target_and_else_by_class_3_for_reference():
    span = (at(2025, 1, 1), at(2025, 1, 2))
    (known,) = place.limit_steps(subject("section", target="Ⅱ类"), COD, Period.HOUR, *span)
    (unknown,) = place.limit_steps(subject("section"), COD, Period.HOUR, *span)
    assert (known.value, known.basis, known.grade) == (Decimal(15), "target", "Ⅱ")
    assert (unknown.value, unknown.basis, unknown.grade) == (Decimal(20), "reference", "Ⅲ")


def test_dissolved_oxygen_has_a_lower_limit():
    (step,) = place.limit_steps(subject("section"), DO, Period.HOUR, at(2025, 1, 1), at(2025, 1, 2))
    assert (step.bound, step.exceeded(4), step.exceeded(5)) == ("lower", True, False)


def test_the_limit_of_an_outlet_is_that_of_the_permit_that_holds():
    terms = (
        PermitTerm(COD, "day", Decimal(50), None, "mg/L", "GB 18918-2002", "表1", None, date(2025, 7, 1)),
        PermitTerm(COD, "day", Decimal(40), None, "mg/L", "GB 18918-2002", "表1", date(2025, 7, 1), None),
    )
    outlet = place.Subject(Feature("X", "X", "outlet"), terms)
    steps = place.limit_steps(outlet, COD, Period.DAY, at(2025, 6, 30), at(2025, 7, 3))
    assert [(one.value, one.start) for one in steps] == [(50, at(2025, 6, 30)), (40, at(2025, 7, 1))]
    hours = place.limit_steps(outlet, COD, Period.HOUR, at(2025, 6, 30), at(2025, 7, 3))
    assert not any(one.applies for one in hours)


def test_an_outlet_without_permit_is_bounded_by_the_standard_that_it_names():
    outlet = subject("outlet", emission_standard={"id": "GB 18918", "grade": "一级A"})
    (step,) = place.limit_steps(outlet, COD, Period.DAY, at(2025, 6, 30), at(2025, 7, 3))
    assert (step.value, step.standard, step.basis) == (Decimal(50), "GB 18918-2002", "standard")
    assert place.limit_steps(subject("outlet"), COD, Period.DAY, at(2025, 6, 30), at(2025, 7, 3)) == ()


def test_each_hour_is_judged_by_the_limit_of_its_own_time():
    terms = (
        PermitTerm(COD, "", Decimal(50), None, "mg/L", "S", "", None, date(2025, 7, 1)),
        PermitTerm(COD, "", Decimal(40), None, "mg/L", "S", "", date(2025, 7, 1), None),
    )
    outlet = place.Subject(Feature("X", "X", "outlet"), terms)
    start = at(2025, 6, 30, 22)
    found = curve_of([45, 45, 45, 45], start=start)
    steps = place.limit_steps(outlet, COD, Period.HOUR, start, start + 4 * HOUR)
    counted = exceedance(found, steps)
    assert (counted.judged, counted.exceeding, counted.limit) == (4, 2, Decimal(40))
    assert counted.multiple == Decimal("0.12")


def test_maintenance_missing_and_below_detection_are_no_exceedance():
    (step,) = place.limit_steps(subject("section"), COD, Period.HOUR, at(2025, 1, 1), at(2025, 1, 2))
    states = [State.VALUE, State.VALUE, State.MISSING, State.BELOW_DETECTION]
    flags = [0, int(DeviceFlag.MAINTENANCE), 0, 0]
    found = curve_of([30, 30, MISSING, 30], start=at(2025, 1, 1), states=states, flags=flags)
    counted = exceedance(found, [step])
    assert (counted.judged, counted.exceeding) == (1, 1)


@given(
    st.lists(st.one_of(st.just(MISSING), st.integers(-999, 999)), min_size=1, max_size=300),
    st.integers(2, 40),
)
def test_thinning_keeps_the_peaks(units, most):
    found = curve_of(units)
    less = thinned(found, most)
    there, kept = found.units[found.units != MISSING], less.units[less.units != MISSING]
    assert there.size == 0 or (there.min(), there.max()) == (kept.min(), kept.max())
    assert set(less.times.tolist()) <= set(found.times.tolist())
    assert less.times.size <= most


def test_a_stretch_without_values_stays_a_gap():
    less = thinned(curve_of([1] * 50 + [MISSING] * 50 + [2] * 50), 30)
    assert MISSING in less.units.tolist()


def test_equal_flags_are_one_stretch_and_a_gap_parts_them():
    found = curve_of([1] * 5, flags=[2, 2, 0, 2, 8])
    assert flag_stretches(found) == [
        Stretch(0, 2 * HOUR, DeviceFlag.MAINTENANCE),
        Stretch(3 * HOUR, 4 * HOUR, DeviceFlag.MAINTENANCE),
        Stretch(4 * HOUR, 5 * HOUR, DeviceFlag.FAULT),
    ]


@pytest.mark.parametrize(
    ("span", "wanted"),
    [
        (((2026, 3, 1), (2026, 4, 1)), ((2026, 2, 1), (2026, 3, 1))),
        (((2026, 1, 1), (2027, 1, 1)), ((2025, 1, 1), (2026, 1, 1))),
        (((2026, 3, 2), (2026, 3, 4)), ((2026, 2, 28), (2026, 3, 2))),
    ],
)
def test_the_span_before_a_month_is_a_month(span, wanted):
    assert before((at(*span[0]), at(*span[1]))) == (at(*wanted[0]), at(*wanted[1]))


def test_the_year_before_a_leap_day_is_the_28th():
    assert year_before((at(2024, 2, 29), at(2024, 3, 1))) == (at(2023, 2, 28), at(2023, 3, 1))


def test_a_change_on_nothing_is_no_change():
    assert (change(None, Decimal(1)), change(Decimal(1), Decimal(0)), change(Decimal(3), Decimal(2))) == (
        None,
        None,
        Decimal("50.0"),
    )


def test_wind_from_the_north_is_the_first_sector_on_both_sides():
    wind = np.array([[20, 20, 20, 1, MISSING], [0, 349, 12, 90, 90]])
    assert _sectors(wind, (1, 0)).tolist() == [0, 0, 1, 16, -1]


def test_the_legend_has_the_official_colours():
    assert next(row["hex"] for row in legend("air", date(2026, 4, 1))) == "#00E400"
    assert [row["colour"] for row in legend("water", date(2026, 4, 1))] == ["蓝", "绿", "黄", "橙", "红"]


def station(town, kind="air_station"):
    return place.Subject(town.features(kind)[0])


def test_a_station_of_the_town_stands_somewhere(town):
    one = station(town)
    last = place.last_values(town, one)
    found = place.standing(town, one, 0, last)
    assert found.kind == "aqi" and int(found.value) > 0 and found.hex.startswith("#")


def test_days_of_a_calendar_agree_with_the_days_of_the_ranking(town):
    from huanzhi.programmes.air_cities import read_cities
    from huanzhi.programmes.place.air_days import concentrations
    from huanzhi.programmes.spans import Span

    one = station(town)
    newest = max(town.last([one.code]).column("time").to_pylist())
    last = date.fromtimestamp(newest)
    span = Span("days", last.replace(day=1), last)
    cities = read_cities(town, span, by="station", source="stations")
    same = next(each for each in cities if each.features[0].code == one.code)
    assert np.array_equal(concentrations(town, one.feature, span), same.concentrations(), equal_nan=True)


def test_a_section_of_the_town_has_a_class_and_says_why(town):
    one = station(town, "section")
    last = [each for each in place.last_values(town, one) if each.parameter == COD]
    found = place.standing(town, one, 0, place.last_values(town, one))
    assert found.kind == "class" and found.value
    reason = place.reason(town, one, COD, last[0].period, last[0].time)
    assert reason.origins[-1].file and reason.explanation.steps[0].sentence()


def test_the_mean_of_a_month_asks_for_the_days_of_hj_663(town):
    one = station(town)
    newest = max(town.last([one.code]).column("time").to_pylist())
    day = date.fromtimestamp(newest).replace(day=1)
    span = (
        start_of_day(day),
        start_of_day((day.replace(day=28) + (date(2000, 1, 5) - date(2000, 1, 1))).replace(day=1)),
    )
    found = place.compared(town, one, PM25, Period.HOUR, span)
    assert found.counted == "day" and found.now.needed in (25, 27) and "HJ 663" in found.now.rule


def test_the_24_hours_of_the_day_count_every_value(town):
    one = station(town)
    newest = max(town.last([one.code]).column("time").to_pylist())
    span = (newest - 10 * DAY, newest + HOUR)
    hours = place.diurnal(town, one.code, PM25, span)
    there = place.curve(town, None, one.code, PM25, Period.HOUR, span).present.sum()
    assert len(hours) == 24 and sum(one.number for one in hours) == there
