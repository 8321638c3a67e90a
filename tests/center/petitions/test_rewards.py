"""Rewards: by the rulebook, approved by another, fetched by a code once, paid by a third."""

from datetime import UTC, date, datetime, timedelta

import pytest

from huanzhi.center.petitions import progress
from huanzhi.center.petitions.moving import move
from huanzhi.center.rewards import amounts, awarding
from huanzhi.center.rewards.models import Entry, Reward
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import approve, refuse
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.trail.models import Entry as TrailEntry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 14, 2, tzinfo=UTC)


@pytest.fixture
def founded(people, tell):
    receipt = tell()
    petition = move(
        people["petitions"], receipt.petition, "accept", {"category": "odour", "level": "general"}, now=NOW
    )
    done = {"verdict": "true", "finding": "属实", "measures": "已处罚"}
    return move(people["petitions"], petition, "handle", done, now=NOW), receipt.code


@pytest.mark.parametrize(
    ("place", "fine", "amount"),
    [
        ("330100", 99_999, 10_000),
        ("330100", 200_000, 30_000),
        ("331000", 300_000, 15_000),
        ("150000", 200_000, 6_000),
    ],
)
def test_amounts_follow_the_rulebook_of_the_place(db, place, fine, amount):
    assert amounts.quote(fine, date(2026, 9, 14), place).amount == amount


def test_the_cap_holds_and_the_default_says_so(db):
    found = amounts.quote(50_000_000, date(2026, 9, 14), "")
    assert (found.amount, found.most) == (100_000, 500_000)
    assert found.rule["confidence"] == "DEFAULT, NOT FROM THE DOCUMENTS"
    assert found.rule["law"] is False


def test_a_reward_takes_three_people_and_is_paid_once(people, founded):
    petition, code = founded
    reward = awarding.apply(people["petitions"], petition, 200_000, "查实并处罚", now=NOW)
    assert reward.amount == 10_000
    with pytest.raises(InputError):
        awarding.tell_code(petition, now=NOW)
    approve(people["leader"], Proposal.objects.get().pk, now=NOW)
    followed = progress.follow(petition.number, code)
    _, secret = awarding.tell_code(followed, now=NOW)
    with pytest.raises(InputError):
        awarding.tell_code(followed, now=NOW)
    assert secret not in repr([*Reward.objects.values(), *TrailEntry.objects.values()])
    with pytest.raises(InputError, match="不得兑付"):
        awarding.redeem(people["petitions"], secret, now=NOW)
    with pytest.raises(InputError, match="不正确"):
        awarding.redeem(people["duty"], "A" * 16, now=NOW)
    shown = "-".join(secret[at : at + 4] for at in range(0, 16, 4)).lower()
    paid = awarding.redeem(people["duty"], shown, now=NOW + timedelta(days=1))
    assert (paid.state, paid.paid_by) == ("paid", "duty")
    with pytest.raises(InputError, match="不正确"):
        awarding.redeem(people["duty"], secret, now=NOW)
    assert awarding.balance(Reward.objects.all()) == {
        "approved": 10_000,
        "paid": 10_000,
        "lapsed": 0,
        "owed": 0,
    }
    with pytest.raises(InputError):
        Entry.objects.first().save()


def test_what_is_not_founded_or_told_by_another_first_earns_nothing(people, tell, founded):
    petition, _ = founded
    fresh = tell(words="又一件").petition
    with pytest.raises(InputError, match="未查实"):
        awarding.apply(people["petitions"], fresh, 1000, "x", now=NOW)
    awarding.apply(people["petitions"], petition, 200_000, "x", now=NOW)
    with pytest.raises(InputError, match="已经申请"):
        awarding.apply(people["petitions"], petition, 200_000, "x", now=NOW)


def test_more_than_the_rule_allows_is_refused_and_a_refusal_lets_it_begin_anew(people, founded):
    petition, _ = founded
    with pytest.raises(InputError, match="超出规则"):
        awarding.apply(people["petitions"], petition, 200_000, "特别重大", amount=600_000, now=NOW)
    first = awarding.apply(people["petitions"], petition, 200_000, "特别重大", amount=300_000, now=NOW)
    assert first.exceptional
    refuse(people["leader"], Proposal.objects.get().pk, reason="过高", now=NOW)
    awarding.settle()
    assert Reward.objects.get().state == "refused"
    again = awarding.apply(people["petitions"], petition, 200_000, "改按规则", now=NOW)
    assert (again.code, again.amount) == (first.code, 10_000)


def test_what_nobody_fetches_lapses(people, founded):
    petition, _ = founded
    awarding.apply(people["petitions"], petition, 200_000, "x", now=NOW)
    approve(people["leader"], Proposal.objects.get().pk, now=NOW)
    assert awarding.lapse(NOW + timedelta(days=181)) == 1
    assert awarding.balance(Reward.objects.all())["owed"] == 0
    with pytest.raises(InputError):
        awarding.tell_code(petition, now=NOW + timedelta(days=181))
