"""Tasks through the one door: the way to the write-off, the second person, relapse, and the issue."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from tests.center.rectification.way import (
    CHECKER,
    CITY,
    DUTY,
    ELSEWHERE,
    LATER,
    LEADER,
    NOW,
    READER,
    SUPERVISOR,
    WORKER,
    accepted,
    checked,
    done,
    filed,
    found,
    fresh,
    opened,
    published,
    shown,
    step,
    to_work,
)

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.moving import allowed as issue_steps
from huanzhi.center.issues.moving import move as move_issue
from huanzhi.center.issues.writing_off import propose_write_off as propose_issue
from huanzhi.center.rectification.driving import issue_of
from huanzhi.center.rectification.models import Publication
from huanzhi.center.rectification.moving import allowed
from huanzhi.center.rectification.publishing import open_rows
from huanzhi.center.rectification.writing_off import propose_write_off
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import approve, refuse
from huanzhi.library.records.stepping import whole
from huanzhi.library.trail.exporting import verify_all

pytestmark = pytest.mark.django_db


def refused(call, key):
    with pytest.raises(InputError) as caught, transaction.atomic():
        call()
    assert caught.value.key == key
    return caught.value


def issue_state(task):
    return issue_of(fresh(task)).state


def test_a_task_and_its_issue_go_together_to_the_write_off(batch):
    task = opened(batch)
    assert task.number == "ZG-2026-0001" and task.state == "assigned" and task.level == "provincial"
    assert issue_state(task) == "dispatched"
    assert issue_of(task).channel == "supervision" and issue_of(task).organisation.code == "water"
    to_work(task)
    assert issue_state(task) == "decided" and issue_of(task).due.date() == date(2026, 12, 31)
    done(task)
    assert issue_state(task) == "rectified"
    accepted(checked(task))
    assert fresh(task).state == "publication" and issue_state(task) == "verified"
    published(task)
    step(DUTY, task, "file", LATER, filed_with="省整改办")
    proposal = propose_write_off(DUTY, fresh(task), "具备销号条件", now=LATER)
    approve(SUPERVISOR, proposal.pk, now=LATER)
    task = fresh(task)
    assert task.state == "written_off" and task.closed == LATER
    assert issue_state(task) == "written_off"
    assert whole(task.steps)
    assert verify_all().whole


def test_the_city_accepts_its_own_list(municipal):
    task = opened(municipal)
    assert task.level == "municipal"
    done(to_work(task))
    refused(
        lambda: step(CHECKER, task, "self_check", method="site", finding="x"),
        "rectification.level_provincial",
    )
    assert checked(task).state == "acceptance"


def test_a_plan_needs_lead_person_target_and_measures(batch):
    bare = {"lead": "", "measures": [], "target": "", "in_charge": ""}
    task = opened(batch, **bare)
    assert issue_state(task) == "accepted"
    refused(lambda: step(WORKER, task, "submit_plan", summary="x"), "rectification.need_lead")
    from huanzhi.center.rectification.planning import arrange, set_measures

    arrange(WORKER, fresh(task), {"organisation": "water", "target": "达标", "in_charge": "王"}, now=NOW)
    refused(lambda: step(WORKER, task, "submit_plan", summary="x"), "rectification.need_measures")
    set_measures(WORKER, fresh(task), [{"words": "改造"}])
    to_work(task)
    assert issue_state(task) == "decided"


def test_nobody_checks_his_own_work(batch):
    task = to_work(opened(batch))
    done(task)
    refused(lambda: step(WORKER, task, "self_check", method="site", finding="x"), "rights.refused")
    step(CHECKER, task, "self_check", method="site", finding="x")
    refused(lambda: step(CHECKER, task, "precheck", method="site", finding="x"), "rectification.same_person")
    step(CITY, task, "precheck", method="site", finding="x")
    found(task)
    refused(lambda: step(CHECKER, task, "accept", method="site", finding="x"), "rectification.same_person")


def test_acceptance_needs_five_items_and_a_check_on_site(batch):
    task = checked(done(to_work(opened(batch))))
    shown(task, SUPERVISOR, "check")
    accept = lambda: step(SUPERVISOR, task, "accept", method="site", finding="x")  # noqa: E731
    refused(accept, "rectification.need_items")
    found(task)
    from huanzhi.center.rectification.planning import find

    find(SUPERVISOR, fresh(task), "effect", False, "未达标", task.exhibits.last().pk, NOW)
    refused(accept, "rectification.need_items")


def test_findings_of_before_count_no_more_after_a_return(batch):
    task = accepted(checked(done(to_work(opened(batch)))))
    step(SUPERVISOR, task, "send_back", finding="现场复查不符")
    assert fresh(task).state == "rectifying" and issue_state(task) == "decided"
    shown(task)
    step(WORKER, task, "rectify", measures="再改", done_on="2026-09-18")
    checked(task)
    shown(task, SUPERVISOR, "check")
    refused(lambda: step(SUPERVISOR, task, "accept", method="site", finding="x"), "rectification.need_items")


def test_a_publication_runs_ten_working_days_and_says_that_this_is_ours(batch):
    task = published(accepted(checked(done(to_work(opened(batch))))))
    assert task.clock["number"] == 10 and task.clock["confidence"] == "PROPOSAL"
    # from Friday 18 September 2026: 20 September is worked, 25-27 September and 1-7 October are off
    assert task.due.date() == date(2026, 10, 9)
    refused(lambda: step(DUTY, task, "file", NOW, filed_with="省"), "rectification.publication_over")
    assert step(DUTY, task, "file", task.due + timedelta(seconds=1), filed_with="省").state == "filing"


def test_an_objection_stops_the_publication(batch):
    task = published(accepted(checked(done(to_work(opened(batch))))))
    ends = task.due
    later = NOW + timedelta(days=3)
    task = step(DUTY, task, "suspend", later, objection="仍有异味")
    assert task.suspended and task.due is None
    refused(lambda: step(DUTY, task, "file", LATER, filed_with="省"), "issues.stopped")
    resumed = later + timedelta(days=10)
    task = step(SUPERVISOR, task, "resume", resumed, objection_outcome="dismissed", finding="复查合格")
    assert not task.suspended and task.due > ends
    assert step(DUTY, task, "file", LATER, filed_with="省").state == "filing"


def test_an_objection_that_holds_sends_back_to_the_work(batch):
    task = published(accepted(checked(done(to_work(opened(batch))))))
    step(DUTY, task, "suspend", objection="仍有异味")
    task = step(SUPERVISOR, task, "resume", objection_outcome="upheld", finding="确有异味")
    assert task.state == "rectifying" and not task.suspended and task.round == 2
    assert issue_state(task) == "decided"
    assert open_rows() == []
    assert Publication.objects.get().state == "withdrawn"


def test_the_second_person_refuses_with_reasons_and_the_task_goes_back(batch):
    task = filed(opened(batch))
    proposal = propose_write_off(DUTY, fresh(task), "具备销号条件", now=LATER)
    refuse(SUPERVISOR, proposal.pk, reason="长效机制没有建立", now=LATER)
    task = fresh(task)
    assert task.state == "rectifying" and task.round == 2
    assert task.steps.last().outputs["finding"] == "长效机制没有建立"
    assert issue_state(task) == "decided"
    refused(lambda: propose_write_off(DUTY, task, "再次", now=LATER), "issues.not_now")


def test_the_second_person_is_of_another_organisation(batch):
    task = filed(opened(batch))
    proposal = propose_write_off(DUTY, fresh(task), "具备", now=LATER)
    refused(lambda: approve(LEADER, proposal.pk, now=LATER), "proposals.same_organisation")
    refused(lambda: approve(DUTY, proposal.pk, now=LATER), "proposals.same_person")
    same_as_lead = SUPERVISOR.__class__("x", "x", SUPERVISOR.held, "water")
    refused(lambda: approve(same_as_lead, proposal.pk, now=LATER), "rectification.other_organisation")
    assert fresh(task).state == "filing" and issue_state(task) == "verified"


def test_writing_off_by_a_step_is_refused(batch):
    task = filed(opened(batch))
    for actor in (DUTY, SUPERVISOR, LEADER):
        refused(
            lambda one=actor: step(one, task, "write_off", LATER, conclusion="x"),
            "rectification.other_organisation",
        )
    refused(
        lambda: step(SUPERVISOR, task, "refuse_write_off", LATER, finding="x"), "rectification.by_proposal"
    )


def test_relapse_reopens_task_and_issue(batch):
    task = filed(opened(batch))
    approve(SUPERVISOR, propose_write_off(DUTY, fresh(task), "具备", now=LATER).pk, now=LATER)
    shown(task, CHECKER, "look_back")
    step(CHECKER, task, "look_back", LATER, method="unannounced", finding="问题反弹")
    assert issue_state(task) == "looked_back"
    task = step(DUTY, task, "reopen", LATER, relapse="relapsed", finding="又排污")
    assert task.state == "relapsed" and task.reopened == 1 and task.closed is None
    assert issue_state(task) == "accepted" and issue_of(task).reopened == 1
    assert open_rows() == []
    task = step(DUTY, task, "reassign", LATER, requirement="重新整改", term="2027-03-31")
    assert task.state == "assigned" and task.term == date(2027, 3, 31)
    assert issue_state(task) == "dispatched"
    to_work(task)
    assert issue_state(task) == "decided"


def test_the_issue_cannot_be_moved_by_hand(batch):
    task = to_work(opened(batch))
    issue = issue_of(task)
    refused(lambda: move_issue(DUTY, issue, "suspend", {"stop_ground": "season"}), "issues.driven")
    refused(lambda: propose_issue(DUTY, issue, "x"), "issues.driven")
    assert [one.name for one in issue_steps(DUTY, issue)] == ["report"]
    loose = Issue(channel="supervision", source_ref="other", state="dispatched")
    loose.pk = issue.pk
    assert "adopt" not in [one.name for one in issue_steps(DUTY, loose)]


def test_only_who_may(batch):
    task = opened(batch)
    refused(lambda: opened_by(READER, batch), "rights.refused")
    refused(lambda: opened_by(ELSEWHERE, batch), "rights.refused")
    refused(lambda: step(READER, task, "submit_plan", summary="x"), "rights.refused")
    assert allowed(READER, fresh(task), NOW) == []


def opened_by(actor, batch):
    from huanzhi.center.rectification.opening import Draft, open_task

    return open_task(actor, batch, Draft("x"), now=NOW)


def test_a_stale_copy_is_refused(batch):
    task = opened(batch)
    old = fresh(task)
    step(WORKER, task, "submit_plan", summary="x")
    from huanzhi.center.rectification.moving import move

    refused(
        lambda: move(DUTY, old, "approve_plan", {"requirement": "x"}),
        "issues.not_now" if False else "records.stale",
    )


def test_a_lost_term_stays_lost_until_a_person_settles_it_on_a_basis(batch):
    task = opened(batch, term=None, term_words="年12月底前", missing=["year"])
    assert task.term_state == "missing" and task.late_days(date(2030, 1, 1)) == 0
    assert issue_of(task).due is None and issue_of(task).due_note == "rectification.term_not_settled"
    refused(
        lambda: step(DUTY, task, "extend", term="2027-01-01", stop_ground="season", basis="x"),
        "rectification.term_known",
    )
    refused(lambda: step(DUTY, task, "set_term", term="2026-12-31"), "issues.output")
    task = step(DUTY, task, "set_term", term="2026-12-31", basis="台环督〔2026〕1号")
    assert task.term_state == "known" and task.missing == ["year"] and task.term_basis == "台环督〔2026〕1号"
    assert issue_of(task).due.date() == date(2026, 12, 31)
