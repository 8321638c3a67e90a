"""A case through its whole way: what each step asks for, and that none can be left out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from tests.center.enforcement.ways import (
    DUTY,
    FIRM,
    LEADER,
    LEGAL,
    NOW,
    OTHER,
    RIVAL,
    WANG,
    city,
    concluded,
    decided,
    fresh,
    notified,
    opened,
    served,
    step,
)

from huanzhi.center.enforcement import exempting, judging, papers, paying, replies, serving
from huanzhi.center.enforcement.evidence import attach
from huanzhi.center.enforcement.models import Case, CaseStep, Paper, Payment, Term
from huanzhi.center.enforcement.moving import allowed, assign
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.trail.exporting import verify_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(db):
    return city()


def refused(call, key):
    with pytest.raises(InputError) as caught, transaction.atomic():
        call()
    assert caught.value.key == key
    return caught.value


def test_numbers_of_a_year():
    assert [opened().number for _ in range(2)] == ["AJ-2026-0001", "AJ-2026-0002"]


def test_the_whole_way_of_a_penalty():
    case, later = decided()
    assert (case.state, case.fine, case.decided_on) == ("decided", Decimal("150000"), date(2026, 9, 11))
    case = served(case, "decision", later, facts_words="超标", grounds="幅度内")
    case = step(WANG, case, "serve", later, finding="已送达")
    owed = Payment.objects.get(case=case)
    assert (owed.amount, owed.due) == (
        Decimal("150000.00"),
        date(2026, 9, 28),
    )  # the 26th is off
    refused(lambda: step(WANG, case, "execute", later, finding="完"), "cases.all_paid")
    paid = later + timedelta(days=12)
    case = paying.pay(WANG, fresh(case), owed.pk, paid.date(), "票据-1", now=paid)
    case = step(WANG, case, "execute", paid, finding="已缴清")
    case = step(LEADER, case, "close", paid, conclusion="结案")
    case = step(WANG, case, "archive", paid, volume="2026-1")
    assert (
        case.state == "archived" and not Term.objects.filter(case=case, rule="pay", state="running").exists()
    )
    assert verify_all().whole


def test_two_officers_with_numbers_of_their_own():
    case = opened()
    refused(lambda: assign(WANG, fresh(case), {"wang": "A1", "zhao": "A1"}), "cases.certificates")
    case = assign(WANG, fresh(case), {"wang": "A001"})
    refused(lambda: step(LEADER, case, "file", finding="立案"), "cases.two_officers")


def test_an_officer_relieved_later_stops_the_decision():
    case = notified()
    case = assign(WANG, fresh(case), {"wang": "A001"})
    later = NOW + timedelta(days=10)
    call = lambda: step(LEADER, case, "decide", later, decision="penalty", fine="150000", finding="x")  # noqa: E731
    refused(call, "cases.two_officers")


def test_nothing_is_decided_without_notice_or_before_its_terms_are_over():
    case = concluded()
    case = step(LEGAL, case, "review", finding="同意")
    refused(lambda: step(WANG, case, "notify", opinion="penalty"), "cases.notice_served")
    refused(lambda: step(LEADER, case, "decide", decision="order", finding="x"), "issues.not_now")
    case = served(case, "notice")
    case = step(WANG, case, "notify", opinion="penalty")
    for days, key in [(1, "cases.statement_over"), (6, "cases.statement_over")]:
        now = NOW + timedelta(days=days)
        refused(lambda now=now: step(LEADER, case, "decide", now, decision="order", finding="x"), key)
    assert (
        step(LEADER, case, "decide", NOW + timedelta(days=8), decision="order", finding="x").state
        == "decided"
    )


def test_a_waiver_ends_the_terms():
    case = notified()
    replies.file_reply(FIRM, case, "waive", "", now=NOW + timedelta(hours=1))
    done = step(LEADER, fresh(case), "decide", NOW + timedelta(hours=2), decision="order", finding="x")
    assert done.state == "decided"


def test_a_defence_is_weighed_and_a_hearing_is_held():
    case = notified()
    when = NOW + timedelta(days=2)
    replies.file_reply(FIRM, case, "statement", "设备故障", now=when)
    replies.file_reply(FIRM, case, "hearing", "要求听证", now=when)
    later = NOW + timedelta(days=10)
    decide = {"decision": "penalty", "fine": "250000", "finding": "x"}
    case = fresh(case)
    refused(lambda: step(LEADER, case, "decide", later, **decide), "cases.defence_weighed")
    case = step(WANG, case, "rehear", later, finding="不成立", adopted="no")
    refused(lambda: step(LEADER, case, "decide", later, **decide), "cases.hearing_done")
    hear = {"held_on": "2026-09-22", "host": "fa", "finding": "维持"}
    refused(lambda: step(LEGAL, case, "hear", later, **hear), "cases.hearing_notice")
    case = served(case, "hearing_notice", later)
    refused(
        lambda: step(LEGAL, case, "hear", later, **{**hear, "held_on": "2026-09-21"}), "cases.hearing_notice"
    )
    at = later + timedelta(days=14)
    case = step(LEGAL, case, "hear", at, **hear)
    refused(lambda: step(LEADER, case, "decide", at, **decide), "cases.discussed")
    case = step(OTHER, case, "deliberate", at, members="甲乙丙", held_on="2026-09-24", finding="同意")
    assert step(LEADER, case, "decide", at, **decide).fine == Decimal("250000")


def test_who_may_not_take_part():
    case = opened()
    refused(lambda: step(DUTY, case, "file", finding="x"), "rights.refused")
    case = concluded()
    refused(lambda: step(WANG, case, "review", finding="x"), "rights.refused")
    from huanzhi.library.rights import Actor, Held

    both = Actor("wang", "wang", (Held("legal", "330200/"), Held("leader", "330200/")), "bureau")
    refused(lambda: step(both, case, "review", finding="x"), "cases.same_person")
    zhao = Actor("zhao", "zhao", (Held("legal", "330200/"),), "bureau")
    refused(lambda: step(zhao, case, "review", finding="x"), "cases.not_officer")


@pytest.mark.parametrize(
    ("fine", "more", "good"),
    [("100000", {}, True), ("1000000", {}, True), ("1000000.01", {}, False), ("0", {}, False),
     ("", {}, False),
     ("-5", {}, False), ("NaN", {}, False), ("abc", {}, False), ("19999", {}, False),
     ("19999", {"light_ground": "merit"}, True)],
)  # fmt: skip
def test_the_fine_lies_within_the_range(fine, more, good):
    case = notified()
    later = NOW + timedelta(days=10)
    case = step(OTHER, case, "deliberate", later, members="甲", held_on="2026-09-10", finding="同意")
    told = {"decision": "penalty", "fine": fine, "finding": "x", **more}
    if good:
        assert step(LEADER, case, "decide", later, **told).decision == "penalty"
    else:
        refused(lambda: step(LEADER, case, "decide", later, **told), "cases.fine_fits")


def test_an_order_has_no_fine():
    case = notified()
    later = NOW + timedelta(days=10)
    refused(
        lambda: step(LEADER, case, "decide", later, decision="order", fine="1", finding="x"),
        "cases.fine_fits",
    )


def test_a_send_back_asks_for_a_new_notice():
    case = notified()
    case = step(LEGAL, case, "send_back", NOW + timedelta(hours=1), finding="补充")
    later = NOW + timedelta(days=20)
    case = step(WANG, case, "conclude", later, finding="补充完毕", opinion="penalty")
    case = step(LEGAL, case, "review", later, finding="同意")
    refused(lambda: step(WANG, case, "notify", later, opinion="penalty"), "cases.notice_served")


def test_an_exemption_takes_a_tested_list_and_two_people():
    case = notified()
    later = NOW + timedelta(days=10)
    call = lambda: exempting.propose_exemption(WANG, fresh(case), "轻微", now=later)  # noqa: E731
    refused(call, "cases.exemption_tested")
    told = {"minor": True, "corrected": True, "harm": "more", "first": True}
    judging.ask(WANG, case, "exemption", told, now=later)
    refused(call, "cases.exemption_tested")
    found = judging.ask(WANG, case, "exemption", {**told, "harm": "none"}, now=later)
    assert found.answer["rulebook"] == "penalty_exemption" and found.answer["row"] == 2
    refused(
        lambda: step(LEADER, fresh(case), "decide", later, decision="exempt", finding="x"), "cases.two_people"
    )
    refused(lambda: step(LEADER, fresh(case), "exempt", later, finding="x"), "cases.two_people")
    proposal = call()
    approve(LEADER, proposal.pk, now=later)
    done = fresh(case)
    assert (done.state, done.decision, done.fine) == ("decided", "exempt", None)
    assert CaseStep.objects.filter(case=done).last().outputs["finding"] == "轻微"


def test_an_officer_of_the_case_may_not_approve_the_exemption():
    case = notified()
    later = NOW + timedelta(days=10)
    judging.ask(WANG, case, "exemption", {"minor": True, "corrected": True, "harm": "none"}, now=later)
    proposal = exempting.propose_exemption(WANG, fresh(case), "轻微", now=later)
    from huanzhi.library.rights import Actor, Held

    zhao = Actor("zhao", "zhao", (Held("leader", "330200/"),), "bureau")
    refused(lambda: approve(zhao, proposal.pk, now=later), "cases.not_officer")


def test_the_party_sees_and_answers_only_what_was_served_on_it():
    from huanzhi.library.rights import visible

    case = concluded()
    papers.make(WANG, fresh(case), "investigation")
    assert not visible(FIRM, Paper.KIND, Paper.objects.all()).exists()
    assert not visible(FIRM, Case.KIND, Case.objects.all()).exists()
    refused(lambda: replies.file_reply(FIRM, case, "statement", "x", now=NOW), "cases.nothing_served")
    case = step(LEGAL, fresh(case), "review", finding="同意")
    case = served(case, "notice")
    assert [one.template for one in visible(FIRM, Paper.KIND, Paper.objects.all())] == ["notice"]
    assert not visible(RIVAL, Paper.KIND, Paper.objects.all()).exists()
    assert replies.file_reply(FIRM, case, "statement", "x", now=NOW + timedelta(days=1)).in_time
    refused(
        lambda: replies.file_reply(RIVAL, case, "statement", "x", now=NOW + timedelta(days=1)),
        "rights.refused",
    )


def test_ways_of_service():
    case = concluded()
    case = step(LEGAL, case, "review", finding="同意")
    draft = papers.make(WANG, fresh(case), "notice", now=NOW)
    give = serving.Given
    refused(lambda: serving.serve(WANG, draft, give("direct", NOW.date()), now=NOW), "cases.not_issued")
    paper = papers.issue(WANG, draft, now=NOW)
    for given, key in [
        (give("direct", date(2026, 8, 31)), "cases.service_day"),
        (give("direct", date(2026, 9, 2)), "cases.service_day"),
        (give("post", NOW.date()), "cases.service_proof"),
        (give("pigeon", NOW.date()), "issues.choice"),
    ]:
        refused(lambda given=given: serving.serve(WANG, paper, given, now=NOW), key)
    proof = attach(WANG, case, b"receipt", "回执.jpg", "receipt", now=NOW)
    refused(
        lambda: serving.serve(WANG, paper, give("electronic", NOW.date(), proof=proof.pk), now=NOW),
        "cases.service_consent",
    )
    done = serving.serve(WANG, paper, give("public", NOW.date(), proof=proof.pk), now=NOW)
    assert done.effective == date(2026, 10, 1)
    statement = Term.objects.get(case=case, rule="statement")
    assert statement.due.date() == date(2026, 10, 13)  # after the holiday, with 10 October worked


def test_a_step_lost_the_race_changes_nothing():
    case = opened()
    stale = fresh(case)
    step(LEADER, case, "file", finding="立案")
    refused(lambda: step(LEADER, stale, "decline", decline_ground="minor", finding="x"), "records.stale")


def test_what_may_be_done_now_says_what_is_missing():
    case = concluded()
    told = {one.name: missing for one, missing in allowed(LEGAL, case)}
    assert told["review"] == []
    case = step(LEGAL, case, "review", finding="同意")
    told = {one.name: missing for one, missing in allowed(WANG, case)}
    assert told["notify"] == ["cases.notice_served"]
