"""Judging days and quarters: limits in force on each day, missing is never compliant, exact at the limit."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.programmes.enterprise_file.judging import Column, judge
from huanzhi.programmes.enterprise_file.quarters import Quarter, last_quarters
from huanzhi.programmes.place.limits import LimitStep
from huanzhi.standards.periods import DAY, start_of_day

FIRST = date(2026, 7, 1)
START = start_of_day(FIRST)
DAYS = 10


def step(value="50", averaging="day", first=0, last=DAYS, bound="upper"):
    where = {"start": START + first * DAY, "end": START + last * DAY}
    told = {"unit": "mg/L", "standard": "GB 8978-1996", "edition": "", "clause": "4.1", "grade": "许可"}
    told |= {"basis": "permit", "applies": True, "confidence": "", "bound": bound, "averaging": averaging}
    return LimitStep(value=Decimal(value), **where, **told)


def column(values, decimals=0, flags=None):
    """Return a column; None is missing, "<" below detection."""
    named = {None: State.MISSING, "<": State.BELOW_DETECTION}
    states = [named.get(v, State.VALUE) for v in values]
    units = [MISSING if v in (None, "<") else v for v in values]
    return Column(
        np.array(units, np.int64),
        decimals,
        np.array(states, np.int8),
        np.array(flags or [0] * len(values), np.int32),
    )


def test_a_quarter_within_its_limit_is_compliant_and_at_the_limit_too():
    found = judge(START, DAYS, [step()], column([50] * DAYS))
    assert (found.state, found.valid, found.due, found.needed) == ("compliant", 10, 10, 8)


def test_one_day_beyond_makes_it_exceed_even_where_most_are_missing():
    found = judge(START, DAYS, [step()], column([None] * 9 + [601], 1))
    assert found.state == "exceeding" and found.days[-1] == "over"
    (one,) = found.over
    assert (one.value, one.limit, one.times) == (Decimal("60.1"), Decimal("50"), Decimal("0.20"))
    assert one.day == date(2026, 7, 10)


def test_too_few_valid_days_are_unknown_never_compliant():
    assert judge(START, DAYS, [step()], column([10] * 7 + [None] * 3)).state == "unknown"
    assert judge(START, DAYS, [step()], column([10] * 8 + [None] * 2)).state == "compliant"
    assert judge(START, DAYS, [step()], column([None] * DAYS)).state == "unknown"


def test_without_a_limit_or_outside_the_life_of_the_outlet_it_does_not_apply():
    assert judge(START, DAYS, [], column([10] * DAYS)).state == "not_applicable"
    there = np.zeros(DAYS, bool)
    assert judge(START, DAYS, [step()], column([99] * DAYS), None, there).state == "not_applicable"


def test_each_day_is_judged_by_its_own_limit():
    steps = [step("50", last=5), step("30", first=5)]
    found = judge(START, DAYS, steps, column([40] * DAYS))
    assert found.days == ("within",) * 5 + ("over",) * 5


def test_a_lower_limit_is_beyond_below():
    found = judge(START, DAYS, [step("6", bound="lower")], column([6] * 9 + [5]))
    assert found.days[-1] == "over" and found.over[0].times == Decimal("0.17")


def test_days_of_standstill_are_not_due():
    stop = int(DeviceFlag.STOPPED)
    found = judge(START, DAYS, [step()], column([10] * 4 + [None] * 6, flags=[0] * 4 + [stop] * 6))
    assert (found.state, found.count("stopped"), found.needed) == ("compliant", 6, 3)
    every = judge(START, DAYS, [step()], column([None] * DAYS, flags=[stop] * DAYS))
    assert every.state == "not_applicable"


def test_values_under_maintenance_neither_comply_nor_exceed():
    flags = [int(DeviceFlag.MAINTENANCE)] * 3 + [0] * 7
    found = judge(START, DAYS, [step()], column([99] * 3 + [10] * 7, flags=flags))
    assert found.days[:3] == ("missing",) * 3 and found.state == "unknown"


def test_below_detection_complies():
    assert judge(START, DAYS, [step()], column(["<"] * DAYS)).state == "compliant"


def test_an_hourly_limit_is_judged_by_hours():
    hours = [10] * (24 * DAYS)
    hours[30] = 60
    found = judge(START, DAYS, [step(averaging="hour")], column([10] * DAYS), column(hours))
    assert found.days == ("within", "over") + ("within",) * 8
    assert found.over[0].period == "hour"


@pytest.mark.parametrize(("valid", "state"), [(18, "within"), (17, "missing")])
def test_a_day_needs_enough_hours(valid, state):
    hours = ([10] * valid + [None] * (24 - valid)) * DAYS
    found = judge(START, DAYS, [step(averaging="hour")], column([None] * DAYS), column(hours))
    assert set(found.days) == {state}


def test_a_daily_mean_that_was_not_sent_is_made_of_hours():
    hours = [40] * 12 + [61] * 12 + [10] * 24 * (DAYS - 1)
    found = judge(START, DAYS, [step()], column([None] * DAYS), column(hours))
    assert found.days[0] == "over" and found.over[0].value == Decimal("50.50")


def test_hours_and_days_are_judged_together():
    steps = [step("50"), step("80", averaging="hour")]
    found = judge(START, DAYS, steps, column([10] * DAYS), column([10] * 24 * (DAYS - 1) + [None] * 24))
    assert found.days[-1] == "missing" and found.valid == 9


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=1, max_size=92))
def test_the_counts_of_the_days_add_up_and_compliance_needs_data(values):
    found = judge(START, len(values), [step(last=len(values))], column(values))
    assert found.valid + found.count("missing") + found.count("stopped") == found.due == len(values)
    assert (found.state == "exceeding") == any(v is not None and v > 50 for v in values)
    if found.state == "compliant":
        assert 4 * found.valid >= 3 * found.due


@given(st.lists(st.integers(0, 100), min_size=4, max_size=40), st.data())
def test_losing_data_never_turns_a_quarter_compliant(values, data):
    whole = judge(START, len(values), [step(last=len(values))], column(values))
    kept = [v if data.draw(st.booleans()) else None for v in values]
    less = judge(START, len(values), [step(last=len(values))], column(kept))
    if whole.state == "exceeding" and less.state == "compliant":
        assert all(v is None or v <= 50 for v in kept) and 4 * less.valid >= 3 * less.due
    assert not (whole.state == "compliant" and less.state == "exceeding")


def test_quarters_follow_each_other():
    assert [one.name for one in last_quarters(date(2026, 2, 1), 3)] == ["2025Q3", "2025Q4", "2026Q1"]
    assert Quarter.parse("2026q4").after == date(2027, 1, 1)
    assert Quarter.parse("2026Q3").over_by(date(2026, 8, 5)) == date(2026, 8, 5)
