"""Terms and steps: by channel and rulebook, extension, objection, review, joining, escalation, network."""

from datetime import UTC, date, datetime, timedelta

import pytest

from huanzhi.center.issues.models import Issue
from huanzhi.center.petitions import extending, informants, matters, progress, replying, statistics
from huanzhi.center.petitions.escalating import escalate
from huanzhi.center.petitions.models import Petition, Step, Term
from huanzhi.center.petitions.moving import allowed, move
from huanzhi.center.petitions.settings import table
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 14, 2, tzinfo=UTC)
ACCEPT = {"category": "odour", "level": "general"}
HANDLED = {"verdict": "true", "finding": "属实", "measures": "已整改"}


def due(petition, step):
    found = Term.objects.get(petition=petition, step=step)
    return found.due.astimezone(UTC).date() if found.due else None


def answered(people, petition, now=NOW):
    petition = move(people["petitions"], petition, "handle", HANDLED, now=now)
    proposal = replying.propose_reply(people["petitions"], petition, "已查处", now=now)
    approve(people["leader"], proposal.pk, now=now)
    return Petition.objects.get(pk=petition.pk)


@pytest.mark.parametrize(
    ("channel", "step", "until"),
    [
        ("phone", "accept", date(2026, 9, 29)),
        ("phone", "forward", date(2026, 9, 17)),
        ("wechat", "accept", date(2026, 9, 16)),
        ("letter", "accept", date(2026, 9, 29)),
        ("letter", "dispatch", date(2026, 9, 29)),
    ],
)
def test_terms_from_receipt_follow_the_channel(tell, channel, step, until):
    assert due(tell(channel=channel).petition, step) == until


def test_confidence_and_basis_go_with_each_term(tell):
    letter = tell(channel="letter").petition
    assert Term.objects.get(petition=letter, step="dispatch").confidence == "MEMORY ONLY"
    assert "信访工作条例" in Term.objects.get(petition=letter, step="accept").basis


def test_sixty_days_from_acceptance_and_a_local_rule_goes_first(people, tell):
    petition = move(people["petitions"], tell().petition, "accept", ACCEPT, now=NOW)
    assert due(petition, "handle") == date(2026, 11, 13)
    assert petition.due_step == "forward"


def test_a_term_beyond_the_known_holidays_ends_on_its_own_last_day(people, tell):
    late = datetime(2026, 11, 22, 2, tzinfo=UTC)
    petition = move(people["petitions"], tell(now=late).petition, "accept", ACCEPT, now=late)
    assert due(petition, "handle") == date(2027, 1, 21)


def test_an_extension_is_approved_by_another_once_and_told_with_its_reason(people, tell):
    receipt = tell()
    petition = move(people["petitions"], receipt.petition, "accept", ACCEPT, now=NOW)
    with pytest.raises(InputError):
        extending.propose_extension(people["petitions"], petition, 31, "检测", now=NOW)
    with pytest.raises(InputError):
        move(people["petitions"], petition, "extend", {"days": 30, "finding": "检测"}, now=NOW)
    proposal = extending.propose_extension(people["petitions"], petition, 30, "须委托检测", now=NOW)
    approve(people["leader"], proposal.pk, now=NOW)
    petition = Petition.objects.get(pk=petition.pk)
    assert due(petition, "handle") >= date(2026, 12, 13)
    told = progress.told(petition, NOW)["steps"][-1]
    assert told["outputs"] == {"days": 30, "finding": "须委托检测"}
    with pytest.raises(InputError):
        extending.propose_extension(people["petitions"], petition, 5, "再延", now=NOW)


def test_what_is_urgent_cannot_be_refused_and_a_ground_is_needed(people, tell):
    urgent = tell(urgent="incident").petition
    refusal = {"ground": "not_ours", "notice": "请向城管反映"}
    with pytest.raises(InputError, match="受理规则"):
        move(people["petitions"], urgent, "reject", refusal, now=NOW)
    plain = tell(words="占道经营").petition
    with pytest.raises(InputError):
        move(people["petitions"], plain, "reject", {"notice": "x"}, now=NOW)
    done = move(people["petitions"], plain, "reject", refusal, now=NOW)
    assert done.state == "rejected"
    assert not Issue.objects.exists()
    assert Term.objects.get(petition=done, step="accept").met == NOW


def test_an_objection_holds_for_five_working_days_on_petitions(people, tell):
    petition = move(people["petitions"], tell(channel="letter").petition, "accept", ACCEPT, now=NOW)
    petition = move(
        people["petitions"], petition, "dispatch", {"lead": "TOWN", "requirement": "核查"}, now=NOW
    )
    assert petition.steps.last().outputs["direction"] == "down"
    with pytest.raises(InputError, match="异议"):
        late = NOW + timedelta(days=15)
        move(people["township"], petition, "return", {"finding": "不属本镇"}, now=late)
    back = move(people["township"], petition, "return", {"finding": "不属本镇"}, now=NOW + timedelta(days=2))
    assert (back.state, back.organisation.code) == ("accepted", "BUR")


def test_the_network_goes_down_up_sideways_and_to_mediation(people, tell):
    petition = move(people["petitions"], tell().petition, "accept", ACCEPT, now=NOW)
    petition = move(people["petitions"], petition, "dispatch", {"lead": "BR", "requirement": "x"}, now=NOW)
    for lead, way in (("TOWN", "down"), ("BR", "up"), ("MED", "mediation")):
        outputs = {"lead": lead, "requirement": "x", "way": "mediate" if lead == "MED" else "handle"}
        petition = move(people["petitions"], petition, "transfer", outputs, now=NOW)
        assert petition.steps.last().outputs["direction"] == way
    with pytest.raises(InputError, match="调解"):
        outputs = {"lead": "BR", "requirement": "x", "way": "mediate"}
        move(people["petitions"], petition, "transfer", outputs, now=NOW)


def test_a_joined_petition_is_answered_with_the_one_it_joined(people, tell):
    point = {"lon": 121.5, "lat": 29.9}
    first, second = tell(**point), tell(words="工厂夜间排放刺鼻气味，又来了", **point)
    head = move(people["petitions"], first.petition, "accept", ACCEPT, now=NOW)
    assert second.petition.number in [one.number for one, _ in matters.alike(head, Petition.objects.all())]
    joined = move(people["petitions"], second.petition, "join", {"target": head.number}, now=NOW)
    assert joined.issue == head.issue
    answered(people, head)
    other = Petition.objects.get(pk=joined.pk)
    assert (other.state, other.reply) == ("replied", "已查处")
    assert progress.told(progress.follow(other.number, second.code), NOW)["may_rate"]
    assert Term.objects.get(petition=other, step="handle").met == NOW


def test_who_is_not_satisfied_may_be_handled_again_or_supervised(people, tell):
    receipt = tell()
    petition = move(people["petitions"], receipt.petition, "accept", ACCEPT, now=NOW)
    petition = progress.rate(answered(people, petition), 1, "no", "还在排", now=NOW)
    with pytest.raises(InputError, match="评价过"):
        progress.rate(petition, 5, "yes", "", now=NOW)
    names = {one.name for one in allowed(people["petitions"], petition, NOW)}
    assert {"reopen", "supervise", "call_back"} <= names
    assert "rate" not in names
    again = move(
        people["petitions"], petition, "reopen", {"relapse": "unsatisfied", "finding": "仍排放"}, now=NOW
    )
    assert (again.state, again.score) == ("accepted", None)


def test_review_and_recheck_are_for_petitions_in_time_by_others_and_then_it_ends(people, tell):
    phone = move(people["petitions"], tell().petition, "accept", ACCEPT, now=NOW)
    with pytest.raises(InputError, match="复查"):
        progress.ask(answered(people, phone), "review", "不服", now=NOW)
    letter = move(people["petitions"], tell(channel="letter").petition, "accept", ACCEPT, now=NOW)
    letter = answered(people, letter)
    with pytest.raises(InputError, match="复查"):
        progress.ask(letter, "review", "不服", now=NOW + timedelta(days=40))
    letter = progress.ask(letter, "review", "不服", now=NOW + timedelta(days=3))
    opinion = {"opinion": "uphold", "reply": "维持原答复"}
    with pytest.raises(InputError):
        move(people["leader"], letter, "review_decide", opinion, now=NOW)  # approved the reply
    letter = move(people["legal"], letter, "review_decide", opinion, now=NOW + timedelta(days=9))
    assert letter.state == "reviewed"
    letter = progress.ask(letter, "recheck", "仍不服", now=NOW + timedelta(days=12))
    with pytest.raises(InputError):
        move(people["legal"], letter, "recheck_decide", opinion, now=NOW)
    letter = move(people["supervisor"], letter, "recheck_decide", opinion, now=NOW + timedelta(days=20))
    assert letter.state == "closed"
    with pytest.raises(InputError):
        progress.ask(letter, "review", "再次", now=NOW + timedelta(days=21))


def test_who_is_late_is_reminded_urged_and_supervised_by_the_platform(tell):
    tell(channel="wechat")
    assert escalate(NOW) == 0
    steps = [escalate(NOW + timedelta(days=days)) for days in (1, 3, 9, 10)]
    assert steps == [1, 1, 1, 0]
    petition = Petition.objects.get()
    assert (petition.escalation, petition.supervised) == ("supervise", True)
    assert {one.actor for one in Step.objects.filter(transition="escalate")} == {"system"}


def test_repeats_are_counted_by_who_and_what_and_gather_to_hot_spots(tell):
    who = {"phone": "13812345678"}
    counts = [tell(informant={"phone": "138-1234-5678"}, lon=121.5, lat=29.9).petition.again]
    counts += [tell(informant=who, lon=121.5001, lat=29.9).petition.again for _ in range(2)]
    counts.append(tell(informant=who, category="noise", lon=121.5, lat=29.9).petition.again)
    assert counts == [1, 2, 3, 1]
    (spot,) = matters.hot_spots(Petition.objects.all(), NOW)
    assert (spot["number"], spot["again"], spot["category"]) == (3, 2, "odour")


def test_the_same_number_of_a_channel_is_one_petition(tell):
    first = tell(channel="wechat", external="W-1")
    again = tell(channel="wechat", external="W-1")
    assert (again.fresh, again.petition.pk, again.code) == (False, first.petition.pk, "")


def test_figures_count_what_was_on_time(people, tell):
    petition = move(people["petitions"], tell().petition, "accept", ACCEPT, now=NOW)
    progress.rate(answered(people, petition), 4, "yes", "", now=NOW)
    tell(channel="wechat")
    found = statistics.statistics(Petition.objects.all(), NOW + timedelta(days=5))
    terms = {one["step"]: one for one in found["terms"]}
    assert (terms["accept"]["ended"], terms["accept"]["on_time"]) == (2, 1)
    assert (found["total"], found["answered"], found["score"]) == (2, 1, 4.0)
    board = statistics.board(Petition.objects.all(), NOW + timedelta(days=5))
    assert (board["open"], board["overdue"]) == (1, 1)


def test_who_accepts_a_web_report_becomes_its_only_handler(people, tell):
    receipt = tell(actor=SYSTEM, channel="web", informant={"phone": "13812345678"})
    petition = receipt.petition
    assert petition.steps.get().actor == "citizen"
    assert not any(informants.may_read(one, petition) for one in people.values())
    petition = move(people["petitions"], petition, "accept", ACCEPT, now=NOW)
    assert [name for name, one in people.items() if informants.may_read(one, petition)] == ["petitions"]
    with pytest.raises(InputError):
        informants.hand_over(people["leader"], petition, "head", "自己看")
    informants.hand_over(people["leader"], petition, "other", "交接")
    assert informants.may_read(people["other"], petition)


def test_two_people_at_once_lose_nothing(people, tell):
    petition = tell().petition
    stale = Petition.objects.get(pk=petition.pk)
    move(people["petitions"], petition, "accept", ACCEPT, now=NOW)
    with pytest.raises(InputError, match=r"修改|已被"):
        move(people["other"], stale, "withdraw", {"finding": "撤"}, now=NOW)


def test_every_step_of_the_table_can_be_taken_by_somebody():
    reached = {"received"}
    for _ in table().states:
        reached |= {one.to for one in table().transitions.values() if one.to and one.origins & reached}
    assert reached == set(table().states)
