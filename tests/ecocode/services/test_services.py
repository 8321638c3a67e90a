"""Service firms: scores, grades, warnings, out and back by two people, promises judged by measurement."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.ecocode.services import grading, quality, register, standing
from huanzhi.ecocode.services.effect import Promise, judge
from huanzhi.ecocode.services.models import Firm, Mark, Work
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, Held, visible

GOOD = dict.fromkeys(("complete", "sound", "method", "conclusion", "timely"), "yes")
POOR = dict.fromkeys(GOOD, "no")
PROMISE = {"place": "E1-W1", "parameter": "w01018", "period": "day", "limit": "50", "share": "95"}
PROMISE |= {"first": "2026-01-01", "last": "2026-01-20"}
DAY = date(2026, 3, 1)


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    for code in ("O1", "O2", "F1", "F2"):
        save(SYSTEM, Organisation(code=code, name=code, kind="enterprise", region=city))
    for number in (1, 2):
        body = Organisation.objects.get(code=f"O{number}")
        told = {"code": f"E{number}", "name": f"企业{number}", "region": city, "organisation": body}
        save(SYSTEM, Enterprise(**told, simulated=True))
    return city


def someone(code, role, organisation="B1"):
    return Actor(code, code, (Held(role, "990001/", organisation),), organisation)


@pytest.fixture
def officer(city):
    return someone("permits", "permits")


@pytest.fixture
def leader(city):
    return someone("leader", "leader")


@pytest.fixture
def firm(officer):
    told = {"name": "模拟检测公司", "kind": "testing", "region": "990001", "organisation": "F1"}
    return register.enter_firm(officer, "SIM-F1", told, simulated=True)


def work(officer, firm, **more):
    told = {"firm": firm.code, "enterprise": "E1", "title": "季度监测", "begun": date(2026, 1, 5), **more}
    return register.enter_work(officer, told, DAY)


def key_of(call):
    with pytest.raises(InputError) as caught:
        call()
    return caught.value.key


def test_a_real_firm_needs_a_credit_code(officer):
    told = {"name": "x", "kind": "eia", "region": "990001"}
    assert key_of(lambda: register.enter_firm(officer, "12345", told)) == "services.code"


def test_without_any_checked_work_there_is_no_grade(firm):
    assert grading.grade(firm, DAY).grade == "unknown" and firm.why == {}


def test_works_are_scored_and_the_grade_follows_with_its_reasons(officer, firm):
    one = work(officer, firm)
    assert quality.check(officer, one, GOOD, "", DAY).score == "100"
    grading.grade(firm, DAY)
    assert (firm.grade, firm.score, firm.standing) == ("A", "90", "listed")
    assert firm.why["rulebook"] == "service_grade"


def test_a_poor_work_enters_the_credit_file_and_warns(officer, firm):
    made = quality.check(officer, work(officer, firm), POOR, "数据不全", DAY)
    assert (made.verdict, made.score) == ("poor", "0")
    assert Mark.objects.get(firm=firm).sort == "poor_work"
    grading.grade(firm, DAY)
    assert (firm.grade, firm.standing, firm.advised) == ("D", "warned", "warn")
    later = date(2028, 3, 2)
    quality.check(officer, work(officer, firm), GOOD, "", date(2028, 3, 1))
    grading.grade(firm, later)
    assert (firm.grade, firm.standing) == ("A", "listed"), "a warning is taken back once its cause is old"


def test_a_qualification_that_is_over_warns(officer, firm):
    firm.qualified_until = date(2026, 2, 28)
    save(officer, firm)
    assert grading.grade(firm, DAY).standing == "warned"


def test_falsification_advises_exit_and_twice_a_ban_but_people_decide(officer, leader, firm):
    register.mark(officer, firm, "falsified", DAY, "出具虚假报告")
    assert (grading.grade(firm, DAY).advised, firm.standing) == ("exit", "warned")
    register.mark(officer, firm, "falsified", DAY, "再次出具虚假报告")
    assert (grading.grade(firm, DAY).advised, firm.standing) == ("ban", "warned")
    now = datetime(2026, 3, 2, tzinfo=UTC)
    made = standing.propose_standing(officer, firm, "banned", "两次弄虚作假", now)
    assert key_of(lambda: approve(officer, made.pk, now=now)) == "proposals.same_person"
    approve(leader, made.pk, now=now)
    firm.refresh_from_db()
    assert firm.standing == "banned"
    assert key_of(lambda: work(officer, firm)) == "services.out"
    never = datetime(2046, 3, 2, tzinfo=UTC)
    assert key_of(lambda: standing.propose_standing(officer, firm, "listed", "x", never)) == "services.no_way"
    assert grading.grade(firm, date(2046, 1, 1)).standing == "banned"


def test_who_went_out_comes_back_after_its_time_only(officer, leader, firm):
    out = datetime(2026, 3, 2, tzinfo=UTC)
    approve(leader, standing.propose_standing(officer, firm, "exited", "严重违规", out).pk, now=out)
    firm.refresh_from_db()
    soon, late = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 3, tzinfo=UTC)
    assert (
        key_of(lambda: standing.propose_standing(officer, firm, "listed", "x", soon)) == "services.too_soon"
    )
    approve(leader, standing.propose_standing(officer, firm, "listed", "整改完成", late).pk, now=late)
    firm.refresh_from_db()
    assert firm.standing == "listed"


@pytest.mark.parametrize(
    ("since", "back"),
    [
        (date(2026, 3, 2), date(2027, 3, 2)),
        (date(2028, 2, 29), date(2029, 3, 1)),
        (date(2027, 2, 28), date(2028, 2, 28)),
    ],
)
def test_the_first_day_on_which_somebody_may_come_back_is_told(firm, since, back):
    assert standing.back_from(firm) is None
    firm.standing, firm.standing_since = "exited", since
    assert standing.back_from(firm) == back


def test_a_person_is_banned_apart_from_the_firm(officer, leader, firm):
    person = register.enter_person(officer, "P1", {"name": "李四", "kind": "tester", "firm": firm.code})
    now = datetime(2026, 3, 2, tzinfo=UTC)
    approve(leader, standing.propose_standing(officer, person, "banned", "伪造数据", now).pk, now=now)
    assert key_of(lambda: work(officer, firm, person="P1")) == "services.out"
    assert work(officer, firm).pk


def test_a_promise_is_judged_after_its_last_day_by_what_was_measured(officer, firm):
    one = work(officer, firm, promised=PROMISE)
    values = [Decimal(40)] * 19 + [Decimal(60)]
    early = date(2026, 1, 20)
    assert key_of(lambda: quality.evaluate(officer, one, values, early)) == "services.too_early"
    assert quality.evaluate(officer, one, values, DAY).effect == "achieved"
    assert quality.evaluate(officer, one, [*values[1:], Decimal(60)], DAY).effect == "failed"
    quality.evaluate(officer, one, [*values[1:], Decimal(60)], DAY)
    assert Mark.objects.get(firm=firm).sort == "effect_failed", "judging again marks once"
    assert quality.evaluate(officer, one, [None] * 6 + values[6:], DAY).effect == "unknown"


@pytest.mark.parametrize(
    "wrong", [{"share": "0"}, {"share": "101"}, {"limit": "x"}, {"last": "2025-12-31"}, {"period": "year"}]
)
def test_a_promise_that_cannot_be_judged_is_refused(officer, firm, wrong):
    assert key_of(lambda: work(officer, firm, promised={**PROMISE, **wrong})) == "services.promise"


@given(st.lists(st.one_of(st.none(), st.decimals(0, 100, places=1)), max_size=60), st.integers(1, 100))
def test_missing_readings_never_decide(values, share):
    promise = Promise("p", "w01018", "day", Decimal(50), Decimal(share), date(2026, 1, 1), date(2026, 2, 1))
    found = judge(values, promise, 75)
    valid = [one for one in values if one is not None]
    assert (found.outcome == "unknown") == (not valid or len(valid) * 100 < len(values) * 75)
    if found.outcome != "unknown":
        met = sum(one <= 50 for one in valid) * 100 >= share * len(valid)
        assert (found.outcome == "achieved") is met


def test_firm_client_and_bureau_see_a_work_and_nobody_else(officer, firm):
    one = work(officer, firm)
    mine, client = someone("f1", "operator", "F1"), someone("e1", "enterprise", "O1")
    others = (someone("f2", "operator", "F2"), someone("e2", "enterprise", "O2"), Actor(""))
    for actor in (mine, client, officer):
        assert list(visible(actor, Work.KIND, Work.objects.all())) == [one]
    for actor in others:
        assert not visible(actor, Work.KIND, Work.objects.all()).exists()
        assert visible(actor, Firm.KIND, Firm.objects.all()).count() == 1
    for actor in (mine, client):
        assert key_of(partial(quality.check, actor, one, GOOD, "", DAY)) == "rights.refused"
        assert key_of(partial(register.mark, actor, firm, "praise", DAY, "自夸")) == "rights.refused"
