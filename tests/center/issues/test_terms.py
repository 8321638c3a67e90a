"""Terms of every state: working days over holidays and make-up days, hours, stops and extensions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from huanzhi.center.issues import clocks
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.table import table
from huanzhi.library.calendar import Duration, deadline
from huanzhi.standards.periods import CHINA

STARTS = {
    "a Monday": datetime(2026, 3, 2, 2, tzinfo=UTC),
    "before the national day": datetime(2026, 9, 29, 8, tzinfo=UTC),
    "before the spring festival": datetime(2026, 2, 12, 8, tzinfo=UTC),
    "a Sunday at work": datetime(2026, 1, 4, 3, tzinfo=UTC),
}
CLOCKS = [
    (code, level, clock)
    for code, state in table().states.items()
    for level, clock in (("general", state.clock), ("major", state.clock_of("major")))
    if clock is not None
]


def issue(state, level="general"):
    return Issue(number="HZ-1", state=state, level=level)


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize(("state", "level", "clock"), CLOCKS, ids=lambda one: str(one)[:12])
def test_every_state_has_the_term_of_the_table(state, level, clock, start):
    one = issue(state, level)
    clocks.start(one, start)
    assert one.due == deadline(start, Duration(clock.number, clock.unit))
    assert (one.clock["number"], one.clock["unit"], one.clock["confidence"]) == (
        clock.number,
        clock.unit,
        clock.confidence,
    )
    assert one.due > start
    if clock.unit == "hours":
        assert one.due - start == timedelta(hours=clock.number)


def test_states_without_a_term():
    for code, state in table().states.items():
        if state.clock is None:
            one = issue(code)
            clocks.start(one, STARTS["a Monday"])
            assert (one.due, one.due_note, one.clock) == (None, "", {})


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-09-29", 2, "2026-10-08"),  # 1 to 7 October are off: 30 September and 8 October count
        ("2026-09-30", 2, "2026-10-09"),
        ("2026-02-13", 2, "2026-02-24"),  # the spring festival; 14 February is a Saturday at work
        ("2026-01-02", 2, "2026-01-05"),  # 4 January is a Sunday at work
        ("2026-03-06", 1, "2026-03-09"),
    ],
)
def test_working_days_over_holidays(start, days, end):
    begin = datetime.fromisoformat(f"{start}T10:00:00+08:00")
    one = issue("clue")
    one.clock = {"number": days, "unit": "working"}
    clocks._end(one, begin, Duration(days, "working"))
    assert str(one.due.astimezone(CHINA).date()) == end


@pytest.mark.parametrize("state", [code for code, level, clock in CLOCKS if clock.unit == "working"])
def test_a_year_that_no_notice_names_gives_no_end(state):
    one = issue(state)
    clocks.start(one, datetime(2099, 5, 5, 2, tzinfo=UTC))
    unit = table().states[state].clock.unit
    if unit == "working":
        assert (one.due, one.due_note) == (None, "issues.due_unknown")
        clocks.extend(one, datetime(2099, 5, 5, 2, tzinfo=UTC), 5)  # from an end that is not known
        assert (one.due, one.due_note) == (None, "issues.due_unknown")


def test_calendar_days_end_with_their_own_last_day_where_holidays_are_not_known():
    """A term of law has no end then: rights and fees hang on it."""
    start = datetime(2098, 12, 30, 2, tzinfo=UTC)
    one = issue("rectified")
    clocks.start(one, start, days=5)
    assert one.due.astimezone(CHINA).date() == date(2099, 1, 4)
    assert one.due_note == "issues.due_unrolled"
    clocks.begin(one, start, {"number": 5, "unit": "calendar"})
    assert (one.due, one.due_note) == (None, "issues.due_unknown")


@pytest.mark.parametrize(("state", "level", "clock"), CLOCKS, ids=lambda one: str(one)[:12])
def test_a_stop_keeps_what_is_left(state, level, clock):
    begin = STARTS["a Monday"]
    one = issue(state, level)
    clocks.start(one, begin)
    due, half = one.due, begin + timedelta(hours=1)
    clocks.stop(one, half)
    assert (one.suspended, one.due, one.due_note) == (True, None, "issues.due_stopped")
    left = one.clock["left"]
    clocks.resume(one, half)
    assert (one.suspended, one.due_note) == (False, "")
    assert abs(one.due - due) < timedelta(seconds=1)
    clocks.stop(one, half)
    clocks.resume(one, half + timedelta(days=14))
    assert one.due > due
    assert "left" not in one.clock
    if left[1] == "hours":
        assert abs(one.due - due - timedelta(days=14)) < timedelta(seconds=1)


def test_a_stop_after_the_end_leaves_nothing():
    one = issue("dispatched")
    clocks.start(one, STARTS["a Monday"])
    late = one.due + timedelta(days=3)
    clocks.stop(one, late)
    assert one.clock["left"][0] == 0
    clocks.resume(one, late + timedelta(days=1))
    assert one.due <= late + timedelta(days=2)


@pytest.mark.parametrize("days", [1, 30, 200])
def test_an_extension_is_in_calendar_days_from_the_end_or_from_now(days):
    begin = STARTS["a Monday"]
    one = issue("decided")
    clocks.start(one, begin, 10)
    before = one.due
    clocks.extend(one, begin, days)
    assert one.due == deadline(before, Duration(days, "calendar"))
    assert one.clock["extended"] == days
    late = issue("decided")
    clocks.start(late, begin, 1)
    now = begin + timedelta(days=40)
    clocks.extend(late, now, days)
    assert late.due == deadline(now, Duration(days, "calendar"))


def test_a_decision_gives_its_own_days():
    one = issue("decided")
    clocks.start(one, STARTS["before the national day"], 3)
    assert (one.clock["number"], one.clock["unit"], one.clock["confidence"]) == (3, "calendar", "DECIDED")
    assert (
        str(one.due.astimezone(CHINA).date()) == "2026-10-08"
    )  # 2 October is off, so the day after the holiday
