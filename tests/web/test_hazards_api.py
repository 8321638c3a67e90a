"""Hidden dangers over the API: self-checks, rechecks, and late major ones that become issues."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huanzhi.center.hazards.keeping import escalate
from huanzhi.center.hazards.models import Hazard
from huanzhi.center.issues.models import Issue, Step
from huanzhi.center.issues.moving import move as move_issue
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1"
MAJOR = {"title": "事故应急池渗漏", "kind": "facility", "told": {"complex": True}}


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    for number in (1, 2):
        body = save(
            SYSTEM, Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=city)
        )
        enterprise = {"code": f"E{number}", "name": f"企业{number}", "region": city, "organisation": body}
        save(SYSTEM, Enterprise(**enterprise, key_unit=True, simulated=True))
    return city


@pytest.fixture
def boss(city, sign_in):
    return sign_in("boss", city, "enterprise", Organisation.objects.get(code="O1"))


@pytest.fixture
def other(city, sign_in):
    return sign_in("other", city, "enterprise", Organisation.objects.get(code="O2"))


@pytest.fixture
def officer(city, sign_in):
    return sign_in("wang", city, "inspector")


def post(client, path, body=None, revision=None, status=200):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    answer = client.post(API + path, json.dumps(body or {}), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def moved(client, hazard, name, status=200, **told):
    return post(
        client, f"/hazards/{hazard['number']}/moves", {"move": name, **told}, hazard["revision"], status
    )


def shown(client, hazard):
    file = SimpleUploadedFile("治理后.jpg", hazard["number"].encode(), "image/jpeg")
    answer = client.post(f"{API}/hazards/{hazard['number']}/evidence", {"file": file})
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def test_the_whole_way(boss, officer, other):
    hazard = post(boss, "/hazards", MAJOR, status=201)
    assert (hazard["source"], hazard["grade"], hazard["enterprise"]) == ("self_check", "major", "E1")
    assert hazard["why"]["rulebook"] == "hazard_grade" and hazard["why"]["row"] == 1
    assert hazard["term"]["confidence"] == "PROPOSAL" and hazard["due"]
    hazard = moved(boss, hazard, "plan", measure="更换防渗层", responsible="李四")
    assert moved(boss, hazard, "rectify", 422, words="已更换")["error"] == "hazards.no_evidence"
    shown(boss, hazard)
    hazard = moved(boss, hazard, "rectify", words="已更换")
    assert "recheck" not in [one["name"] for one in hazard["moves"]]
    moved(boss, hazard, "recheck", 403, words="合格")
    hazard = moved(officer, hazard, "fail", words="仍有渗漏")
    assert hazard["state"] == "rectifying"
    assert moved(boss, hazard, "rectify", 422, words="又更换")["error"] == "hazards.no_evidence"
    piece = SimpleUploadedFile("二次.jpg", b"again", "image/jpeg")
    boss.post(f"{API}/hazards/{hazard['number']}/evidence", {"file": piece, "kind": "photo"})
    hazard = moved(boss, hazard, "rectify", words="又更换")
    hazard = moved(officer, hazard, "recheck", words="合格")
    assert (hazard["state"], bool(hazard["closed"])) == ("closed", True)
    assert get(officer, "/hazard-statistics")["in_time"] == 1.0
    get(other, f"/hazards/{hazard['number']}", 404)


def test_an_enterprise_tells_of_itself_only(boss, other):
    post(boss, "/hazards", MAJOR | {"enterprise": "E2"}, status=403)
    mine = post(boss, "/hazards", MAJOR, status=201)
    assert get(other, "/hazards")["total"] == 0
    post(other, f"/hazards/{mine['number']}/moves", {"move": "plan"}, status=404)


def test_what_is_not_told_is_neither_major_nor_excluded(boss, officer):
    hazard = post(boss, "/hazards", {"title": "标识缺失", "kind": "waste"}, status=201)
    assert hazard["grade"] == "general"
    assert set(hazard["why"]["unknown"]) >= {"complex", "serious_event"}
    hazard = moved(officer, hazard, "regrade", grade="major", words="涉及水源地")
    assert hazard["grade"] == "major"
    assert get(officer, f"/hazards/{hazard['number']}")["term"]["number"] == 90


def test_a_late_major_one_becomes_an_issue_once_and_is_told_again(boss, officer):
    hazard = post(boss, "/hazards", MAJOR, status=201)
    plain = post(boss, "/hazards", {"title": "台账不全", "kind": "management"}, status=201)
    now = datetime.now(UTC)
    assert escalate(now) == {"opened": 0, "told": 0}
    later = now + timedelta(days=120)
    assert escalate(later) == {"opened": 1, "told": 0}
    assert escalate(later) == {"opened": 0, "told": 0}
    issue = Issue.objects.get()
    assert (issue.channel, issue.category, issue.level, issue.enterprise) == (
        "self_check",
        "hazard",
        "major",
        "E1",
    )
    assert issue.opened_by == "system"
    assert get(officer, f"/hazards/{hazard['number']}")["issue"] == issue.number
    assert get(officer, f"/hazards/{plain['number']}")["issue"] == ""
    move_issue(SYSTEM, issue, "accept", {"category": "hazard", "level": "major"})
    assert escalate(later + timedelta(days=16)) == {"opened": 0, "told": 1}
    assert Step.objects.filter(issue=issue, transition="report").count() == 1
    assert escalate(later + timedelta(days=17)) == {"opened": 0, "told": 0}


def test_checks_are_registered_and_late_ones_are_named(boss, officer, city):
    late = get(officer, "/hazard-statistics")["late_checks"]
    assert {(one["code"], one["check"]) for one in late} >= {("E1", "comprehensive"), ("E2", "daily")}
    today = datetime.now(UTC).date().isoformat()
    made = post(boss, "/hazard-checks", {"day": today, "kind": "comprehensive", "areas": "罐区"}, status=201)
    assert made["source"] == "self_check"
    late = get(officer, "/hazard-statistics")["late_checks"]
    assert ("E1", "comprehensive") not in {(one["code"], one["check"]) for one in late}
    ahead = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    assert (
        post(boss, "/hazard-checks", {"day": ahead, "kind": "daily"}, status=422)["error"] == "hazards.future"
    )
    hazard = post(officer, "/hazards", MAJOR | {"enterprise": "E1", "check": made["number"]}, status=201)
    assert (hazard["check"], hazard["source"]) == (made["number"], "officer")


def test_somebody_was_quicker_and_steps_out_of_turn(boss, officer):
    hazard = post(boss, "/hazards", MAJOR, status=201)
    assert moved(officer, hazard, "recheck", 409, words="x")["error"] == "hazards.not_now"
    moved(boss, hazard, "plan", measure="m", responsible="r")
    assert moved(boss, hazard, "plan", 412, measure="m", responsible="r")["error"] == "records.stale"
    assert moved(boss, get(boss, f"/hazards/{hazard['number']}"), "plan", 422)["error"] == "hazards.missing"
    assert Hazard.objects.get().revision == 2


def test_extensions_have_a_bound(boss, officer, city, sign_in):
    duty = sign_in("zhang", city, "duty")
    hazard = post(boss, "/hazards", MAJOR, status=201)
    hazard = moved(boss, hazard, "plan", measure="m", responsible="r")
    before = hazard["due"]
    hazard = moved(duty, hazard, "extend", days=100, words="设备交货延误")
    assert hazard["due"] > before and hazard["extended"] == 100
    assert moved(duty, hazard, "extend", 422, days=100, words="再延")["error"] == "hazards.extension"
    moved(boss, hazard, "extend", 403, days=1, words="x")
