"""Issues over the API: from an alert to the write-off, lists in every form, and nobody's work is lost."""

import io
import json
import zipfile
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huanzhi.center.issues.models import Issue
from huanzhi.library.duties.models import Duty
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import Feature
from huanzhi.web.api import issues as views

pytestmark = pytest.mark.django_db
API = "/api/v1/issues"
ALERT = {
    "kind": "exceedance",
    "feature": "P1",
    "name": "总排口",
    "subject": "w01018",
    "parameter": "w01018",
    "period": "hour",
    "since": "2026-09-18T08:00:00+08:00",
    "value": "81.3",
    "unit": "mg/L",
    "limit": {"value": "50", "bound": "max", "standard": "GB 18918-2002"},
    "flags": [],
    "why": "COD 81.3 mg/L，超过 50",
    "why_en": "COD over",
    "simulated": True,
}


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    save(SYSTEM, Region(code="990011", name="甲区", level="county", parent=city))
    save(SYSTEM, Region(code="990012", name="乙区", level="county", parent=city))
    branch = Organisation(code="BR", name="甲区分局", kind="branch", region=Region.objects.get(pk="990011"))
    save(SYSTEM, branch)
    save(
        SYSTEM,
        Duty(code="D1", organisation=branch, region=branch.region, matter="废水排放监管", basis="职责清单"),
    )
    return city


@pytest.fixture
def duty(city, sign_in):
    return sign_in("zhang", city, "duty")


@pytest.fixture
def alerts(monkeypatch):
    """Let one alert stand."""
    alert = SimpleNamespace(feature="P1", form=lambda: ALERT)
    feature = Feature("P1", "总排口", "outlet", region_code="990011", lon=121.5, lat=29.9, simulated=True)
    news = SimpleNamespace(
        alerts=SimpleNamespace(standing={("exceedance", "P1", "w01018", "hour"): alert}),
        audience=lambda who: SimpleNamespace(sees=lambda code: any(h.role != "reader" for h in who.held)),
        picture=SimpleNamespace(features={"P1": feature}),
    )
    monkeypatch.setattr(views, "parts_of", lambda request: SimpleNamespace(news=news))
    return news


def post(client, path, body=None, **headers):
    return client.post(path, json.dumps(body or {}), content_type="application/json", headers=headers)


def opened(client, **more):
    told = {"title": "河边异味", "category": "odour", "region": "990011", "lon": 121.5, "lat": 29.9}
    answer = post(client, API, told | more)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def moved(client, issue, transition, **outputs):
    number, revision = issue["number"], issue["revision"]
    body = {"transition": transition, "outputs": outputs}
    answer = post(client, f"{API}/{number}/moves", body, **{"If-Match": f'"{revision}"'})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def proof(client, number, content):
    file = SimpleUploadedFile("现场.jpg", content, "image/jpeg")
    told = {"file": file, "kind": "photo", "taken_at": "2026-09-18T09:30:00", "lon": 121.5, "lat": 29.9}
    answer = client.post(f"{API}/{number}/evidence", told)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def test_an_alert_becomes_an_issue(duty, alerts):
    wanted = {"alert": {"kind": "exceedance", "feature": "P1", "subject": "w01018", "period": "hour"}}
    made = post(duty, API, wanted).json()
    assert (made["category"], made["channel"], made["region"]) == ("outlet_water", "warning", "990011")
    assert (made["place"], made["parameter"], made["sensor"], made["simulated"]) == (
        "P1",
        "w01018",
        True,
        True,
    )
    assert made["facts"]["limit"]["value"] == "50"
    assert made["since"] == "2026-09-18T08:00:00+08:00"
    assert "超标" in made["title"]
    ALERT["since"] = "2026-09-18T10:00:00+08:00"
    assert post(duty, API, wanted).json()["number"] == made["number"]
    wanted["alert"]["feature"] = "P9"
    gone = post(duty, API, wanted)
    assert (gone.status_code, gone.json()["error"]) == (404, "issues.no_alert")


def test_the_whole_way(city, sign_in, duty):
    inspector, leader = sign_in("wang", city, "inspector"), sign_in("li", city, "leader")
    issue = opened(duty)
    assert [one["name"] for one in issue["moves"]] == ["accept", "join"]
    issue = moved(duty, issue, "accept", category="outlet_water", level="serious")
    lead = duty.get(f"{API}/{issue['number']}/leads").json()["items"][0]
    assert (lead["organisation"], len(lead["reasons"])) == ("BR", 2)
    issue = moved(duty, issue, "dispatch", lead="BR", requirement="查清来源")
    assert issue["organisation_name"] == "甲区分局"
    piece = proof(inspector, issue["number"], b"pipe")
    issue = moved(inspector, issue, "investigate", finding="偷排", cause="阀门", traced="管网")
    issue = moved(duty, issue, "decide", decision="order", requirement="改正")
    proof(inspector, issue["number"], b"closed pipe")
    issue = moved(inspector, issue, "rectify", measures="封堵", done_on="2026-09-20")
    proof(duty, issue["number"], b"seen")
    assert "verify" not in [one["name"] for one in inspector.get(f"{API}/{issue['number']}").json()["moves"]]
    issue = moved(duty, issue, "verify", method="site", finding="已封堵")
    again = post(duty, f"{API}/{issue['number']}/write-off", {"conclusion": "完成"})
    assert again.json()["write_off"]
    number = again.json()["write_off"]
    assert post(duty, f"/api/v1/proposals/{number}/approve").status_code == 403
    assert post(leader, f"/api/v1/proposals/{number}/approve", {"reason": "同意"}).status_code == 200
    done = leader.get(f"{API}/{issue['number']}").json()
    assert (done["state"], done["steps"][-1]["actor"], done["open"]) == ("written_off", "li", False)
    assert done["evidence"][0]["sm3"] == piece["sm3"]
    sample = leader.get(f"{API}/sample?first=2020-01-01&last=2100-01-01&seed=2026Q4").json()
    assert sample["items"] == [issue["number"]]
    got = duty.get(f"{API}/{issue['number']}/evidence/{piece['id']}")
    assert (got.content, got["X-SM3"]) == (b"pipe", piece["sm3"])
    assert zipfile.ZipFile(io.BytesIO(duty.get(f"{API}/{issue['number']}/bundle").content)).namelist()
    order = zipfile.ZipFile(io.BytesIO(duty.get(f"{API}/{issue['number']}/order").content))
    words = order.read("word/document.xml").decode()
    assert all(one in words for one in ("交办单", issue["number"], "甲区分局", "封堵", "默认值，非法定期限"))


def test_nobodys_work_is_lost(city, sign_in, duty):
    other = sign_in("chen", city, "duty")
    issue = opened(duty)
    moved(duty, issue, "accept", category="odour", level="general")
    late = {"transition": "accept", "outputs": {"category": "noise", "level": "major"}}
    answer = post(other, f"{API}/{issue['number']}/moves", late, **{"If-Match": f'"{issue["revision"]}"'})
    assert (answer.status_code, answer.json()["error"]) == (412, "records.stale")
    assert duty.get(f"{API}/{issue['number']}").json()["category"] == "odour"


def test_what_a_step_lacks(duty):
    issue = opened(duty)
    path = f"{API}/{issue['number']}/moves"
    for body, status, error in [
        ({"transition": "accept"}, 422, "issues.output"),
        ({"transition": "fly"}, 422, "issues.no_transition"),
        ({"transition": "write_off", "outputs": {"conclusion": "好"}}, 409, "issues.not_now"),
        ({"transition": "verify"}, 409, "issues.not_now"),
    ]:
        answer = post(duty, path, body)
        assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert duty.get(f"{API}/HZ-1").status_code == 404


def test_lists_in_every_form(duty):
    one = opened(duty)
    opened(duty, title="扬尘", category="dust", region="990012")
    listed = duty.get(f"{API}?category=dust").json()
    assert (listed["total"], listed["items"][0]["title"]) == (1, "扬尘")
    assert duty.get(f"{API}?region=990011&q=异味&open=true&sort=-due").json()["total"] == 1
    assert duty.get(f"{API}?overdue=true").json()["total"] == 0
    assert "河边异味" in duty.get(f"{API}?format=csv&headings=words").content.decode()
    assert duty.get(f"{API}?format=xlsx").content[:2] == b"PK"
    points = duty.get(f"{API}?format=geojson&box=121,29,122,30").json()["features"]
    assert {point["geometry"]["coordinates"][0] for point in points} == {121.5}
    assert duty.get(f"{API}?nothing=1").status_code == 200
    assert duty.get(f"{API}?sort=words").status_code == 422
    board = duty.get(f"{API}/board").json()
    assert (board["open"], board["overdue"]) == (2, 0)
    assert {each["state"]: each["number"] for each in board["states"]}["clue"] == 2
    assert sum(each["number"] for each in board["ages"]) == 2
    assert [each["number"] for each in board["defences"]] == [2, 0, 0]
    assert duty.get(f"{API}/{one['number']}").json()["alike"] == []
    drawn = duty.get(f"{API}/map?box=121,29,122,30&open=true").json()
    assert (drawn["clustered"], len(drawn["features"])) == (False, 2)
    assert duty.get(f"{API}/map?box=1,2").status_code == 422
    words = duty.get(f"{API}/words").json()
    assert len(words["states"]) == 11
    assert words["states"][0]["clock"]["confidence"] == "PROPOSAL"


def test_only_of_ones_own_area(city, sign_in, duty):
    issue = opened(duty)
    elsewhere = sign_in("zhao", Region.objects.get(pk="990012"), "branch")
    reader = sign_in("du", city, "reader")
    assert elsewhere.get(API).json()["total"] == 0
    assert elsewhere.get(f"{API}/board").json()["open"] == 0
    for path in ("", "/leads", "/order", "/bundle", "/cure", "/evidence/1"):
        assert elsewhere.get(f"{API}/{issue['number']}{path}").status_code == 404
    refused = post(elsewhere, f"{API}/{issue['number']}/moves", {"transition": "accept"})
    assert refused.status_code == 404
    mine = {"transition": "accept", "outputs": {"category": "odour", "level": "general"}}
    assert post(reader, f"{API}/{issue['number']}/moves", mine).status_code == 403
    assert post(reader, API, {"title": "x", "category": "odour", "region": "990001"}).status_code == 403
    assert Issue.objects.count() == 1


def test_two_reports_of_one_thing(duty):
    one, two = opened(duty), opened(duty, title="河边有异味")
    joined = moved(duty, two, "join", target=one["number"])
    assert (joined["state"], joined["joined_to"]) == ("joined", one["number"])
    three = opened(duty, title="河边的异味")
    path = f"{API}/{three['number']}/alike/{one['number']}/dismiss"
    assert post(duty, path, {"reason": "两处"}).json()["alike"][0]["decided"] == "dismissed"
