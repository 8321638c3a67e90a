"""Replies: owed, given, judged; what is not answered rises; holidays are no working days."""

from datetime import UTC, datetime, timedelta

import pytest

from huanzhi.center.issues.models import Issue
from huanzhi.center.warnings import answering
from huanzhi.center.warnings.answering import Given, escalate, judge, lateness, reply
from huanzhi.center.warnings.dispatching import Order, dispatch, proposal
from huanzhi.center.warnings.models import Reply, Warning
from huanzhi.center.warnings.raising import Finding, raise_or_hold, release_unseen
from huanzhi.center.warnings.switches import switch
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region, Section
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 28, 9, 0, tzinfo=CHINA).astimezone(UTC)
OWNER = "91110000000000000A"


@pytest.fixture
def city():
    region = Region(code="331000", name="台州市", path="331000/", level="city")
    region.save()
    Organisation(code="B1", name="市局", kind="bureau", region=region).save()
    return region


@pytest.fixture
def owner(city):
    body = Organisation(code="E1", name="甲厂", kind="enterprise", region=city)
    body.save()
    Enterprise(code=OWNER, name="甲厂", region=city, organisation=body).save()


@pytest.fixture
def section(city):
    Section(code="D1", name="断面", kind="river", region=city).save()


def hour(now=NOW, colour="orange"):
    return raise_or_hold(
        Finding("outlet_hour", OWNER, now, ("w01018",), 80.0, 50.0, {"value": 80.0}, colour=colour), now
    )


def coloured(now=NOW, days=3):
    judged = {"rulebook": "section_warning", "outputs": {"reply_working_days": days}}
    return raise_or_hold(Finding("section_colour", "D1", now, colour="orange", judged=judged), now)


def officer(code="zhang"):
    return Actor(code, code, (Held("duty", "331000/", "B1"),), "B1")


def fresh(row):
    return Warning.objects.get(pk=row.pk)


def test_an_hour_clock_runs_through_the_night(owner):
    row = hour()
    assert row.reply_due == NOW + timedelta(hours=4) and row.reply_clock["rulebook"] == "warning_reply"
    assert not lateness(row, NOW + timedelta(hours=4))
    assert lateness(row, NOW + timedelta(hours=9)) == {"hours_late": 5}


def test_a_clock_in_working_days_stands_over_the_holidays(section):
    row = coloured(days=2)  # 28 September 2026 is a Monday; 1 to 7 October are holidays
    assert row.reply_due.astimezone(CHINA).date() == datetime(2026, 9, 30).date()
    for day, late in ((1, 0), (4, 0), (7, 0), (8, 1), (9, 2)):
        moment = datetime(2026, 10, day, 12, tzinfo=CHINA)
        assert lateness(row, moment) == {"days_late": late}, day
    assert escalate(datetime(2026, 10, 1, 12, tzinfo=CHINA)) == 1
    for day in (2, 3, 5, 7):
        assert escalate(datetime(2026, 10, day, 12, tzinfo=CHINA)) == 0
    assert fresh(row).ladder == "remind" and fresh(row).level == "warning"
    assert escalate(datetime(2026, 10, 8, 12, tzinfo=CHINA)) == 1
    assert (fresh(row).ladder, fresh(row).level) == ("raise", "serious")


def test_a_year_without_known_holidays_has_no_term_yet(section):
    row = coloured(datetime(2026, 12, 30, 9, tzinfo=CHINA).astimezone(UTC), days=5)
    assert row.reply_due is None and row.reply_clock["note"] == "issues.due_unknown"
    assert escalate(datetime(2027, 3, 1, tzinfo=CHINA)) == 0


def test_the_ladder_is_climbed_once_a_step_and_ends_in_an_issue(owner):
    row, due = hour(), NOW + timedelta(hours=4)
    steps = []
    for after in (0, 1, 2, 4, 5, 23, 24, 30):
        escalate(due + timedelta(hours=after, minutes=1))
        steps.append(fresh(row).ladder)
    assert steps == ["remind", "remind", "remind", "raise", "raise", "raise", "issue", "issue"]
    row = fresh(row)
    assert row.level == "serious" and Issue.objects.get().number == row.issue
    assert [one["told"] for one in row.told] == ["duty", "branch", "leader"]


def test_after_a_long_stop_the_highest_step_is_taken_alone(owner):
    row = hour()
    assert escalate(NOW + timedelta(days=5)) == 1
    assert fresh(row).ladder == "issue" and len(fresh(row).told) == 1
    assert escalate(NOW + timedelta(days=6)) == 0


def test_what_is_muted_does_not_rise(owner):
    row = hour()
    Warning.objects.update(muted=True)
    assert escalate(NOW + timedelta(days=5)) == 0 and fresh(row).ladder == ""


def test_a_reply_is_judged_by_somebody_else_and_ends_the_clock(owner):
    row = hour()
    enterprise = Actor("wang", "王", (Held("enterprise", "331000/", "E1"),), "E1")
    made = reply(enterprise, row, Given("maintenance", "更换采样泵"), NOW + timedelta(hours=1))
    assert made.number == 1 and fresh(row).reply_state == "given"
    assert escalate(NOW + timedelta(days=3)) == 0
    with pytest.raises(InputError):
        judge(enterprise, fresh(row), True, "", NOW)
    done = judge(officer(), fresh(row), True, "情况属实", NOW + timedelta(hours=2))
    assert done.reply_state == "accepted" and done.handled == NOW + timedelta(hours=2)
    assert done.handled_by == "reply" and Reply.objects.get().state == "accepted"


def test_a_refused_reply_is_owed_anew(owner):
    row = hour()
    reply(officer("li"), row, Given("other", "原因不明"), NOW)
    with pytest.raises(InputError):
        judge(officer(), fresh(row), False, " ", NOW)
    done = judge(officer(), fresh(row), False, "未说明原因", NOW + timedelta(hours=1))
    assert done.reply_state == "refused" and done.reply_due == NOW + timedelta(hours=5)
    assert reply(officer("li"), fresh(row), Given("fault", "泵故障"), NOW).number == 2


def test_nobody_answers_for_another_enterprise(owner, city):
    Organisation(code="E2", name="乙厂", kind="enterprise", region=city).save()
    row = hour()
    other = Actor("zhao", "赵", (Held("enterprise", "331000/", "E2"),), "E2")
    with pytest.raises(InputError) as refused:
        reply(other, row, Given("fault", "泵故障"), NOW)
    assert refused.value.key == "rights.refused" and not Reply.objects.exists()
    assert fresh(row).reply_state == "owed"


def test_what_may_be_tampering_is_not_told_to_the_enterprise(owner):
    row = raise_or_hold(Finding("suspect_data", OWNER, NOW, facts={"marks": 3}), NOW)
    assert row.organisation == "" and row.reply_state == "" and row.enterprise == OWNER


def test_a_worse_colour_is_owed_a_reply_anew_and_a_milder_one_changes_nothing(owner):
    row = hour(colour="yellow")
    assert (row.level, row.reply_clock["number"]) == ("notice", 24)
    row = hour(NOW + timedelta(hours=1), "red")
    assert (row.level, row.colour, row.reply_clock["number"]) == ("serious", "red", 2)
    assert hour(NOW + timedelta(hours=2), "yellow").colour == "red"
    assert Warning.objects.count() == 1


def test_it_is_released_only_when_unseen_for_long_enough(owner):
    row = hour()
    assert release_unseen("outlet_hour", [], NOW + timedelta(minutes=180)) == 0
    assert release_unseen("outlet_hour", [OWNER], NOW + timedelta(days=1)) == 0
    assert release_unseen("outlet_hour", [], NOW + timedelta(minutes=181)) == 1
    assert fresh(row).state == "released" and fresh(row).handled is None


def test_a_rule_that_is_off_raises_nothing_there(owner, city):
    switch(SYSTEM, "outlet_hour", city, False, "试点")
    assert hour() is None and not Warning.objects.exists()
    switch(SYSTEM, "outlet_hour", city, True, "恢复")
    assert hour() is not None


def test_dispatching_opens_accepts_and_hands_over_or_does_nothing(owner):
    row = hour()
    found = proposal(row, NOW.date())
    assert found.open and found.leads[0].organisation.code == "B1" and "甲厂" in found.requirement
    with pytest.raises(InputError):
        dispatch(officer(), fresh(row), Order("nobody", "核查"), NOW)
    assert not Issue.objects.exists() and fresh(row).issue == ""
    issue = dispatch(officer(), fresh(row), Order("B1", "核查"), NOW + timedelta(minutes=7))
    assert issue.state == "dispatched" and issue.organisation.code == "B1"
    row = fresh(row)
    assert (row.issue, row.handled_by) == (issue.number, "dispatch")
    with pytest.raises(InputError) as again:
        dispatch(officer(), row, Order("B1", "核查"), NOW)
    assert again.value.key == "warnings.dispatched"


def test_the_history_tells_every_turn(owner):
    row = hour()
    escalate(NOW + timedelta(hours=5))
    reply(officer("li"), fresh(row), Given("fault", "泵故障"), NOW + timedelta(hours=6))
    judge(officer(), fresh(row), True, "", NOW + timedelta(hours=7))
    kinds = [one.kind for one in row.changes.all()]
    assert kinds == ["raised", "owed", "remind", "replied", "accepted"]


def test_every_word_of_the_tables_is_known():
    for table in ("cause", "part", "told"):
        for words in answering.replies()[table].values():
            assert words["zh"] and words["en"]
