"""Standings follow from events; one change touches only what depends on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.ecocode.grades.telling import NOW, TODAY, over, penalty, run

from huanzhi.ecocode.grades.events import record
from huanzhi.ecocode.grades.models import Code, Event, EventState, Interval
from huanzhi.ecocode.grades.reckoning import due, reckon, stand
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(*occurrences: Any, known: date = TODAY, **more: Any) -> Any:
    """Record and reckon."""
    done = record(SYSTEM, occurrences, NOW, known=known, **more)
    return done, reckon(SYSTEM, done.touched, known)


def rows(firm: Any, sort: str = "code") -> list[tuple[date, date | None, str]]:
    """Return the stored history."""
    return list(Interval.objects.filter(enterprise=firm, sort=sort).values_list("day", "until", "level"))


def test_an_enterprise_of_which_nothing_is_known_is_unknown_and_never_green(firm: Any) -> None:
    one = firm()
    reckon(SYSTEM, due(TODAY), TODAY)
    levels = dict(Code.objects.filter(enterprise=one).values_list("sort", "level"))
    assert levels == {"code": "unknown", "credit": "unknown"}
    assert rows(one) == []


def test_a_day_over_the_limit_turns_yellow_until_seven_days_in_a_row_are_within(firm: Any) -> None:
    one, day = firm(), date(2026, 11, 1)
    told(run(one, day - 10 * DAY, day), over(one, day), run(one, day + DAY))
    assert rows(one) == [
        (day - 10 * DAY, day, "green"),
        (day, day + 8 * DAY, "yellow"),
        (day + 8 * DAY, None, "green"),
    ]


def test_saying_the_same_again_changes_nothing(firm: Any) -> None:
    one = firm()
    told(over(one, TODAY - DAY), run(one, TODAY - 20 * DAY, TODAY - DAY))
    entries, states = Entry.objects.count(), EventState.objects.count()
    again, reckoned = told(over(one, TODAY - DAY), run(one, TODAY - 20 * DAY, TODAY - DAY))
    assert (again.same, again.new, again.changed, again.touched) == (2, 0, 0, {})
    assert (reckoned.enterprises, Entry.objects.count(), EventState.objects.count()) == (0, entries, states)


def test_one_changed_event_touches_only_its_enterprise_and_only_from_its_day(firm: Any) -> None:
    one, other = firm(1), firm(2)
    days = [date(2026, month, 1) for month in (3, 6, 9)]
    for each in (one, other):
        told(run(each, date(2026, 1, 1)), *(over(each, day) for day in days))
    before = {row.pk: row.run for row in Interval.objects.all()}
    done, reckoned = told(over(one, days[1], row=3))
    after = {row.pk: row for row in Interval.objects.filter(sort="code")}
    touched = [row for pk, row in after.items() if before.get(pk) != row.run]
    assert done.touched == {one.pk: days[1]}
    assert reckoned.enterprises == 1
    assert {row.enterprise_id for row in touched} == {one.pk}
    assert min(row.day for row in touched) == days[1]
    assert [level for _, _, level in rows(one)] == ["green", "yellow", "green", "red"]


def test_what_is_told_no_longer_is_withdrawn_and_its_former_state_is_kept(firm: Any) -> None:
    one, day = firm(), TODAY - 3 * DAY
    told(run(one, TODAY - 30 * DAY), over(one, day), known=TODAY - 2 * DAY)
    assert Code.objects.get(enterprise=one, sort="code").level == "yellow"
    told(run(one, TODAY - 30 * DAY), whole={"exceedance_day": TODAY - 30 * DAY})
    event = Event.objects.get(kind="exceedance_day")
    assert event.state == "withdrawn"
    assert [state.state for state in event.states.all()] == ["standing", "withdrawn"]
    assert Code.objects.get(enterprise=one, sort="code").level == "green"
    _, as_known = stand(one, "code", day, known=TODAY - DAY)
    _, as_it_was = stand(one, "code", day)
    assert (as_known.level, as_it_was.level) == ("yellow", "green")


def test_an_ordinary_penalty_lasts_thirty_days_and_until_it_is_mended(firm: Any) -> None:
    one, day = firm(), date(2026, 9, 1)
    told(run(one, date(2026, 1, 1)), penalty(one, day))
    assert rows(one)[-1] == (day, None, "yellow")
    told(penalty(one, day, until=day + 5 * DAY))
    assert rows(one)[-1] == (day + 30 * DAY, None, "green")
    told(penalty(one, day, until=day + 50 * DAY))
    assert rows(one)[-1] == (day + 50 * DAY, None, "green")


def test_points_of_jiangsu_start_at_nine_and_a_fine_for_air_counts_six_months(firm: Any) -> None:
    one, day = firm(), date(2026, 2, 1)
    fine = penalty(one, day, sanction="fine", medium="air", exceedance=True)
    told(run(one, date(2026, 1, 1)), fine)
    held = Interval.objects.filter(enterprise=one, sort="credit").values_list("day", "level", "score")
    assert list(held) == [
        (date(2026, 1, 1), "blue", "9"),
        (day, "blue", "6"),
        (date(2026, 8, 1), "blue", "9"),
    ]
    assert Code.objects.get(enterprise=one, sort="credit").since == date(2026, 1, 1)


def test_the_code_changes_by_itself_when_its_day_comes(firm: Any) -> None:
    one, day = firm(), TODAY - 2 * DAY
    told(run(one, TODAY - 30 * DAY, day), over(one, day), run(one, day + DAY))
    code = Code.objects.get(enterprise=one, sort="code")
    assert (code.level, code.changes) == ("yellow", day + 8 * DAY)
    later = day + 8 * DAY
    assert one.pk in due(later) and one.pk not in due(later - DAY)
    reckon(SYSTEM, due(later), later)
    code.refresh_from_db()
    assert (code.level, code.changes, code.since) == ("green", None, later)


def test_a_level_that_changes_is_in_the_trail(firm: Any) -> None:
    one = firm()
    told(run(one, TODAY - 30 * DAY))
    told(over(one, TODAY))
    entry = Entry.objects.filter(kind="enterprise_code", key__endswith=":code").order_by("-seq").first()
    assert entry is not None and '"level":"yellow"' in entry.body.replace(" ", "")
