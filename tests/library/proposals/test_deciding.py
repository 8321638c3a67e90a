"""Two people: who proposes never decides; what is decided is done with the approval, or neither is."""

from datetime import UTC, datetime, timedelta

import pytest

from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.proposals import kinds as known
from huanzhi.library.proposals.deciding import approve, expire, propose, refuse, withdraw
from huanzhi.library.proposals.kinds import kinds, register
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.rights import ANYONE, SYSTEM, Actor, Held
from huanzhi.library.rights.matrix import group_of, rules
from huanzhi.library.trail.exporting import verify_all
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, tzinfo=UTC)
DONE = []


def somebody(code, role, organisation="bureau", path="330200/"):
    return Actor(code, code, (Held(role, path),), organisation)


DUTY, LEADER = somebody("zhang", "duty"), somebody("li", "leader", "government")


def effect(actor, proposal):
    if proposal.payload.get("fails"):
        Region.objects.create(code="990000", name="half", level="city", path="990000/")
        raise InputError("people.no_region", value="x")
    DONE.append((actor.code, proposal.subject, proposal.payload))
    return {"done": proposal.subject}


@pytest.fixture(autouse=True)
def effects(monkeypatch):
    monkeypatch.setattr(known, "_effects", {})
    monkeypatch.setattr(known, "_refusals", {})
    for code in ("write_off", "publish_ranking"):
        register(code, effect)
    DONE.clear()


@pytest.fixture
def city(db):
    return Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")


def proposed(city, actor=DUTY, kind="write_off", **more):
    return propose(actor, kind, "issue", "I-1", reason="mended", now=NOW, region=city, **more)


def refused(call, key):
    with pytest.raises(InputError) as error:
        call()
    assert error.value.key == key


def test_a_second_person_approves_and_it_is_done(city):
    made = proposed(city, payload={"note": "ok"})
    assert DONE == []
    approve(LEADER, made.pk, reason="seen", now=NOW)
    assert DONE == [("li", "I-1", {"note": "ok"})]
    found = Proposal.objects.get()
    assert (found.state, found.decider, found.outcome) == (State.APPROVED, "li", {"done": "I-1"})
    assert list(Entry.objects.filter(kind="proposal").order_by("seq").values_list("action", "actor")) == [
        ("propose", "zhang"),
        ("approve", "li"),
    ]
    assert verify_all().whole


def test_the_same_person_may_not_decide_whatever_the_roles(city):
    both = Actor("zhang", "zhang", (Held("duty"), Held("leader")), "government")
    made = proposed(city, both)
    for decide in (approve, refuse):
        refused(lambda d=decide: d(both, made.pk, reason="x", now=NOW), "proposals.same_person")
    assert DONE == []


def test_who_has_no_right_neither_proposes_nor_decides(city):
    refused(lambda: proposed(city, somebody("x", "reader")), "rights.refused")
    made = proposed(city)
    refused(lambda: approve(somebody("wang", "duty", "other"), made.pk, now=NOW), "rights.refused")
    elsewhere = somebody("wang", "leader", "other", "330300/")
    refused(lambda: approve(elsewhere, made.pk, now=NOW), "rights.refused")


def test_another_organisation_where_that_is_asked_for(city):
    made = proposed(city)
    for organisation in ("bureau", ""):
        boss = somebody("wang", "leader", organisation)
        refused(lambda b=boss: approve(b, made.pk, now=NOW), "proposals.same_organisation")
    ranking = proposed(city, somebody("m", "monitoring"), "publish_ranking")
    assert approve(somebody("wang", "leader", "bureau"), ranking.pk, now=NOW).state == State.APPROVED


@pytest.mark.parametrize("actor", [SYSTEM, ANYONE, Actor("key:1", "", (Held("key"),), "", ("places:read",))])
def test_both_are_people(city, actor):
    refused(lambda: proposed(city, actor), "proposals.person_only")
    made = proposed(city)
    refused(lambda: approve(actor, made.pk, now=NOW), "proposals.person_only")


def test_an_effect_that_fails_leaves_the_proposal_open_and_nothing_done(city):
    made = proposed(city, payload={"fails": True})
    refused(lambda: approve(LEADER, made.pk, now=NOW), "people.no_region")
    assert Proposal.objects.get().state == State.OPEN
    assert not Region.objects.filter(pk="990000").exists()
    assert Entry.objects.filter(kind="proposal").count() == 1


def test_it_expires(city):
    made = proposed(city)
    late = NOW + timedelta(days=kinds()["write_off"].days)
    refused(lambda: approve(LEADER, made.pk, now=late), "proposals.closed")
    assert expire(late) == 1 and expire(late) == 0
    assert Proposal.objects.get().state == State.EXPIRED
    assert proposed(city).pk != made.pk


def test_it_is_decided_once(city):
    made = proposed(city)
    approve(LEADER, made.pk, now=NOW)
    for decide in (approve, refuse):
        refused(lambda d=decide: d(LEADER, made.pk, reason="x", now=NOW), "proposals.closed")
    assert len(DONE) == 1


def test_it_is_refused_with_a_reason_or_taken_back_by_its_maker(city):
    made = proposed(city)
    refused(lambda: refuse(LEADER, made.pk, reason=" ", now=NOW), "proposals.no_reason")
    refused(lambda: withdraw(LEADER, made.pk, now=NOW), "proposals.not_yours")
    assert withdraw(DUTY, made.pk, now=NOW).state == State.WITHDRAWN
    assert refuse(LEADER, proposed(city).pk, reason="not mended", now=NOW).state == State.REFUSED
    assert DONE == []


def test_the_same_is_not_proposed_twice(city):
    proposed(city)
    refused(lambda: proposed(city), "proposals.open_already")


def test_what_is_unknown_or_not_in_use_is_refused(city):
    refused(lambda: proposed(city, kind="nothing"), "proposals.no_kind")
    refused(lambda: proposed(city, somebody("i", "inspector"), "exempt_penalty"), "proposals.no_effect")
    refused(lambda: approve(LEADER, 10_000, now=NOW), "proposals.none")


def test_every_kind_has_rights_to_propose_and_to_approve():
    for code in kinds():
        group = group_of(f"proposal:{code}")
        actions = {action for rule in rules() if group in rule.groups for action in rule.actions}
        assert group != "other" and {"propose", "approve", "read"} <= actions, code
