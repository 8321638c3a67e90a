"""Issues through the one door: opening, steps, deadlines with stops, joins, the ladder, write-off by two."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from huanzhi.center.issues.duplicates import alike, dismiss
from huanzhi.center.issues.evidence import attach
from huanzhi.center.issues.ladder import next_rung
from huanzhi.center.issues.models import Issue, Step
from huanzhi.center.issues.moving import allowed, move
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.issues.proof import Cure
from huanzhi.center.issues.writing_off import propose_write_off
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve, refuse
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.library.trail.exporting import verify_all
from huanzhi.library.trail.models import Entry
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 18, 2, tzinfo=UTC)  # a Friday, 10:00 in China


def somebody(code, role, path="330200/"):
    return Actor(code, code, (Held(role, path),), "bureau")


DUTY, INSPECTOR, LEADER = (
    somebody(*one) for one in [("zhang", "duty"), ("wang", "inspector"), ("li", "leader")]
)
READER, ELSEWHERE = somebody("chen", "reader"), somebody("zhao", "duty", "330300/")


@pytest.fixture
def city(db):
    made = Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")
    Organisation.objects.create(code="branch", name="分局", kind="branch", region=made)
    return made


def draft(**more):
    told = {"title": "化工厂废水超标", "category": "outlet_water", "channel": "handed", "region": "330200"}
    return Draft(**told | more)


def step(actor, issue, name, now=NOW, **outputs):
    return move(actor, issue, name, outputs, now=now)


def refused(call, key):
    with pytest.raises(InputError) as caught, transaction.atomic():
        call()
    assert caught.value.key == key
    return caught.value


def proof(good):
    return lambda issue: Cure(good, "P", "w01018", "hour", "", 30, 0, 30 if good else 3, 1.0, 24, 0.75, "50")


def worked(city, sensor=False):
    issue = open_issue(SYSTEM, draft(sensor=sensor), now=NOW)
    issue = step(DUTY, issue, "accept", category="outlet_water", level="general")
    issue = step(DUTY, issue, "dispatch", lead="branch", requirement="查清来源")
    attach(INSPECTOR, issue, b"photo", "a.jpg", "photo")
    issue = step(INSPECTOR, issue, "investigate", finding="偷排", cause="阀门", traced="管网")
    issue = step(DUTY, issue, "decide", decision="order", requirement="改正", days=10)
    attach(INSPECTOR, issue, b"after", "b.jpg", "photo")
    issue = step(INSPECTOR, issue, "rectify", measures="封堵", done_on="2026-09-18")
    attach(DUTY, issue, b"check", "c.jpg", "photo")
    return issue


def test_numbers_of_a_day(city):
    numbers = [open_issue(DUTY, draft(), now=NOW).number for _ in range(3)]
    assert numbers == ["HZ-20260918-0001", "HZ-20260918-0002", "HZ-20260918-0003"]


def test_one_source_is_one_issue(city):
    one = open_issue(DUTY, draft(channel="warning", source_ref="w-1"), now=NOW)
    assert open_issue(SYSTEM, draft(channel="warning", source_ref="w-1"), now=NOW).pk == one.pk
    assert Issue.objects.count() == 1


def test_only_who_may(city):
    refused(lambda: open_issue(READER, draft(), now=NOW), "rights.refused")
    refused(lambda: open_issue(ELSEWHERE, draft(), now=NOW), "rights.refused")
    issue = open_issue(DUTY, draft(), now=NOW)
    for actor in (READER, ELSEWHERE, INSPECTOR):
        refused(lambda a=actor: step(a, issue, "accept", category="odour", level="general"), "rights.refused")
    assert [one.name for one in allowed(DUTY, issue)] == ["accept", "join"]
    assert allowed(READER, issue) == []


def test_drafts_that_name_what_is_not_there(city):
    refused(lambda: open_issue(DUTY, draft(category="x"), now=NOW), "issues.choice")
    refused(lambda: open_issue(DUTY, draft(channel="x"), now=NOW), "issues.choice")
    refused(lambda: open_issue(DUTY, draft(region="1"), now=NOW), "issues.no_region")
    refused(lambda: open_issue(DUTY, draft(title=" "), now=NOW), "issues.no_title")


def test_deadlines_of_states_in_working_days(city):
    issue = open_issue(DUTY, draft(), now=NOW)
    assert issue.due == datetime(2026, 9, 21, 23, 59, 59, tzinfo=CHINA)  # 20 September is made up
    assert issue.clock["confidence"] == "PROPOSAL"
    issue = step(DUTY, issue, "accept", category="odour", level="major")
    assert issue.due == NOW + timedelta(hours=4)


def test_a_term_over_unknown_holidays_has_no_end_yet(city):
    issue = open_issue(DUTY, draft(), now=datetime(2026, 12, 31, 2, tzinfo=UTC))
    assert (issue.due, issue.due_note) == (None, "issues.due_unknown")


def test_the_clock_stops_and_runs_on(city):
    issue = step(DUTY, open_issue(DUTY, draft(), now=NOW), "accept", category="odour", level="general")
    assert issue.due.astimezone(CHINA).date().isoformat() == "2026-09-22"  # three working days
    later = NOW + timedelta(days=2)  # Sunday, made up: two working days are left
    issue = step(DUTY, issue, "suspend", later, stop_ground="appraisal")
    assert (issue.due, issue.due_note, issue.clock["left"]) == (None, "issues.due_stopped", [2, "working"])
    refused(lambda: step(DUTY, issue, "dispatch", lead="branch", requirement="x"), "issues.stopped")
    issue = step(DUTY, issue, "resume", NOW + timedelta(days=10))  # Monday 28 September
    assert issue.due.astimezone(CHINA).date().isoformat() == "2026-09-30"
    issue = step(DUTY, issue, "extend", NOW + timedelta(days=10), days=5, stop_ground="complex")
    assert issue.due.astimezone(CHINA).date().isoformat() == "2026-10-08"  # 5 October is off


def test_the_decision_gives_the_term(city):
    issue = worked(city)
    due = Step.objects.get(issue=issue, transition="decide").due
    assert due.astimezone(CHINA).date().isoformat() == "2026-09-28"


def test_who_did_the_work_may_not_verify_it(city):
    issue = worked(city)
    refused(lambda: step(INSPECTOR, issue, "verify", method="site", finding="好"), "issues.same_person")
    assert step(DUTY, issue, "verify", method="site", finding="好").state == "verified"


def test_a_cure_is_proved_by_the_same_sensor(city):
    issue = worked(city, sensor=True)
    told = {"method": "data", "finding": "好"}
    error = refused(
        lambda: move(DUTY, issue, "verify", told, now=NOW, prover=proof(False)), "issues.no_proof"
    )
    assert "24" in str(error)
    refused(lambda: move(DUTY, issue, "verify", told, now=NOW), "issues.no_proof")  # no store, no proof
    done = move(DUTY, issue, "verify", told, now=NOW, prover=proof(True))
    assert Step.objects.get(issue=done, transition="verify").outputs["proof"]["run"] == 30


def test_two_people_write_off(city):
    issue = worked(city)
    refused(lambda: propose_write_off(DUTY, issue, "完成", now=NOW), "issues.not_now")
    issue = step(DUTY, issue, "verify", method="site", finding="好")
    refused(lambda: step(DUTY, issue, "write_off", conclusion="完成"), "issues.two_people")
    made = propose_write_off(DUTY, issue, "完成", now=NOW)
    refused(lambda: approve(DUTY, made.pk, now=NOW), "proposals.same_person")
    approve(LEADER, made.pk, now=NOW)
    done = Issue.objects.get(pk=issue.pk)
    assert (done.state, done.closed) == ("written_off", NOW)
    assert Step.objects.filter(issue=done).last().actor == "li"
    done = step(DUTY, done, "reopen", relapse="relapsed", finding="又超标")
    assert (done.state, done.closed, done.reopened) == ("accepted", None, 1)
    assert verify_all().whole


def test_the_second_person_may_refuse(city):
    issue = step(DUTY, worked(city), "verify", method="site", finding="好")
    made = propose_write_off(DUTY, issue, "完成", now=NOW)
    refuse(LEADER, made.pk, reason="证据不足", now=NOW)
    assert Issue.objects.get(pk=issue.pk).state == "verified"
    back = step(LEADER, issue, "send_back", finding="再改")
    assert back.state == "decided"


def test_a_proposal_overtaken_by_a_step_does_nothing(city):
    issue = step(DUTY, worked(city), "verify", method="site", finding="好")
    made = propose_write_off(DUTY, issue, "完成", now=NOW)
    step(LEADER, issue, "send_back", finding="再改")
    refused(lambda: approve(LEADER, made.pk, now=NOW), "issues.not_now")


def test_two_people_at_one_issue(city):
    mine = open_issue(DUTY, draft(), now=NOW)
    theirs = Issue.objects.get(pk=mine.pk)
    step(DUTY, mine, "accept", category="odour", level="general")
    refused(lambda: step(DUTY, theirs, "accept", category="noise", level="major"), "records.stale")
    assert Issue.objects.get(pk=mine.pk).category == "odour"


def test_likeness_is_proposed_and_decided(city):
    place = {"lon": 121.5, "lat": 29.9}
    one = open_issue(DUTY, draft(**place), now=NOW)
    two = open_issue(DUTY, draft(title="化工厂废水排放超标", **place), now=NOW + timedelta(hours=3))
    far = open_issue(DUTY, draft(title="别处废水", lon=122.9, lat=29.9), now=NOW)
    (found,) = alike(one)
    assert {found.issue.pk, found.other.pk} == {one.pk, two.pk}
    assert found.reasons["place"] == found.reasons["category"] == 1
    dismiss(DUTY, one, two, "两根管子")
    assert alike(two)[0].state == "dismissed"
    refused(lambda: dismiss(DUTY, one, far), "issues.not_alike")
    joined = step(DUTY, two, "join", target=one.number)
    assert (joined.state, joined.joined_to, joined.due) == ("joined", one, None)
    assert alike(one)[0].state == "joined"
    refused(lambda: step(DUTY, one, "join", target=one.number), "issues.no_target")
    refused(lambda: step(DUTY, one, "join", target=two.number), "issues.no_target")
    assert step(DUTY, joined, "separate", finding="两件事").state == "accepted"


def test_split_makes_an_issue_of_its_own(city):
    issue = step(DUTY, open_issue(DUTY, draft(), now=NOW), "accept", category="odour", level="general")
    step(DUTY, issue, "split", part_title="另一个排口")
    part = Issue.objects.get(split_from=issue)
    assert (part.title, part.state) == ("另一个排口", "clue")


def test_the_ladder_opens_by_time(city):
    issue = step(DUTY, open_issue(DUTY, draft(), now=NOW), "accept", category="odour", level="general")
    issue = step(DUTY, issue, "dispatch", lead="branch", requirement="x")
    late = issue.due + timedelta(days=1)
    assert next_rung(issue, NOW) == ""
    told = {"ladder_step": "check", "finding": "未办"}
    refused(lambda: step(DUTY, issue, "escalate", NOW, **told), "issues.ladder")
    issue = step(DUTY, issue, "escalate", late, **told)
    assert next_rung(issue, late) == ""
    later = issue.due + timedelta(days=31)
    talk = {"ladder_step": "talk", "finding": "仍未办"}
    refused(lambda: step(DUTY, issue, "escalate", later, **talk), "issues.talk")
    issue = step(DUTY, issue, "escalate", later, **talk, attendees="分局", commitments="十日内办结")
    assert next_rung(issue, issue.due + timedelta(days=61)) == "inspection"


def test_every_step_is_in_the_trail_and_in_the_chain(city):
    issue = worked(city)
    steps = list(Step.objects.filter(issue=issue).values_list("transition", flat=True))
    assert steps == ["open", "accept", "dispatch", "investigate", "decide", "rectify"]
    kept = Entry.objects.filter(kind="issue", key=issue.number).order_by("seq")
    assert [one.action for one in kept if one.action != "attach"] == steps
    assert verify_all().whole
