"""The page of a service firm: works, proposals and when it may come back; a work is changed with a reason."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from huanzhi.ecocode.services import register
from huanzhi.ecocode.services.models import Firm
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
API = "/api/v1"
QUESTIONS = ("complete", "sound", "method", "conclusion", "timely")


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    for number in (1, 2):
        body = save(
            SYSTEM, Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=city)
        )
        told = {"code": f"E{number}", "name": f"企业{number}", "region": city, "organisation": body}
        save(SYSTEM, Enterprise(**told, simulated=True))
    return city


@pytest.fixture
def officer(city, sign_in):
    return sign_in("wang", city, "permits")


@pytest.fixture
def leader(city, sign_in):
    return sign_in("li", city, "leader")


@pytest.fixture
def firm(officer):
    told = {"name": "模拟检测公司", "kind": "testing", "region": "990001", "organisation": "O2"}
    return register.enter_firm(actor_of(Person.objects.get(code="wang")), "SIM-1", told, simulated=True)


def ask(client, method, path, body=None, revision=None, status=200):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    data = None if body is None else json.dumps(body)
    answer = client.generic(method, f"{API}{path}", data, content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def entered(officer):
    work = {"firm": "SIM-1", "enterprise": "E1", "title": "监测", "begun": "2026-09-01", "contract": "HT-1"}
    return ask(officer, "POST", "/services/works", work, status=201)


def test_the_page_of_a_firm_tells_its_works_to_those_who_see_them(officer, firm, sign_in, city):
    number = entered(officer)["number"]
    told = ask(officer, "GET", "/services/firms/SIM-1")
    assert [(one["number"], one["contract"]) for one in told["newest"]] == [(number, "HT-1")]
    assert told["may_enter"] and told["organisation"] == "O2" and told["back_from"] is None
    client = sign_in("zhao", city, "enterprise", Organisation.objects.get(code="O1"))
    assert [one["number"] for one in ask(client, "GET", "/services/firms/SIM-1")["newest"]] == [number]
    stranger = save(SYSTEM, Organisation(code="O3", name="企业3", kind="enterprise", region=city))
    seen = ask(sign_in("qian", city, "enterprise", stranger), "GET", "/services/firms/SIM-1")
    assert seen["newest"] == [] and seen["works"] == 0 and seen["organisation"] is None
    assert not seen["may_enter"] and seen["proposals"] == []


def test_a_work_is_ended_with_a_reason_and_not_before_it_began(officer, firm):
    made = entered(officer)
    path = f"/services/works/{made['number']}"
    told = {"title": "季度监测", "contract": "HT-2", "ended": "2026-08-31", "reason": "已交付"}
    assert ask(officer, "PUT", path, told, made["revision"], 422)["error"] == "services.ended_first"
    told["ended"] = "2026-10-01"
    ask(officer, "PUT", path, told, made["revision"] + 5, 412)
    changed = ask(officer, "PUT", path, told, made["revision"])
    assert (changed["ended"], changed["contract"]) == ("2026-10-01", "HT-2")
    last = Entry.objects.filter(kind="service_work", key=made["number"]).order_by("seq").last()
    assert json.loads(last.body)["reason"] == "已交付"


def test_a_check_grades_the_firm_and_the_advice_says_why(officer, firm):
    made = entered(officer)
    answers = dict.fromkeys(QUESTIONS, "no")
    path = f"/services/works/{made['number']}/checks"
    checked = ask(officer, "POST", path, {"answers": answers}, made["revision"], 201)
    assert checked["checks"][0]["why"]["rulebook"] == "service_quality"
    told = ask(officer, "GET", "/services/firms/SIM-1")
    assert (told["grade"], told["standing"], told["advised"]) == ("D", "warned", "warn")
    assert told["why"]["advice"]["hits"][0]["reasons"]


def test_an_exit_is_decided_on_the_page_and_tells_when_it_ends(officer, leader, firm):
    told = {"to": "exited", "reason": "出具虚假报告"}
    ask(officer, "POST", "/services/firms/SIM-1/standing", told, firm.revision, 201)
    (mine,) = ask(officer, "GET", "/services/firms/SIM-1")["proposals"]
    assert (mine["to"], mine["reason"], mine["mine"], mine["may_decide"]) == (
        "exited",
        "出具虚假报告",
        True,
        False,
    )
    (theirs,) = ask(leader, "GET", "/services/firms/SIM-1")["proposals"]
    assert theirs["may_decide"]
    ask(leader, "POST", f"/proposals/{theirs['id']}/approve", {"reason": "同意"})
    out = ask(officer, "GET", "/services/firms/SIM-1")
    assert out["standing_words"] == "出具虚假报告" and not out["may_enter"]
    since, back = (datetime.fromisoformat(out[key]) for key in ("standing_since", "back_from"))
    assert (back - since).days in (365, 366)
    body = {"to": "listed", "reason": "整改完成"}
    soon = ask(officer, "POST", "/services/firms/SIM-1/standing", body, out["revision"], 422)
    assert soon["error"] == "services.too_soon"
    held = Firm.objects.get(code="SIM-1")
    Firm.objects.filter(pk=held.pk).update(standing_since=datetime.now(UTC).date() - timedelta(days=400))
    ask(officer, "POST", "/services/firms/SIM-1/standing", body, out["revision"], 201)
    back = ask(leader, "GET", "/services/firms/SIM-1")["proposals"][0]
    ask(leader, "POST", f"/proposals/{back['id']}/approve", {"reason": "同意恢复"})
    assert ask(officer, "GET", "/services/firms/SIM-1")["standing"] == "listed"
