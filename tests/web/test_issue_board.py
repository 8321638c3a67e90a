"""The board, many at once, tracing, what the enterprise sees, and words that are searched."""

import json

import pytest

from huanzhi.center.issues.models import Issue, Wording
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1/issues"


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    save(SYSTEM, Region(code="990011", name="甲区", level="county", parent=city))
    body = save(SYSTEM, Organisation(code="ENT", name="化工厂", kind="enterprise", region=city))
    save(SYSTEM, Organisation(code="BR", name="分局", kind="branch", region=city))
    works = Enterprise(
        code="91990001SIM0000001",
        name="化工厂",
        region=city,
        organisation=body,
        lon=121.5,
        lat=29.9,
        simulated=True,
    )
    save(SYSTEM, works)
    outlet = Outlet(
        code="P1", name="总排口", enterprise=works, medium="water", lon=121.5, lat=29.9, simulated=True
    )
    save(SYSTEM, outlet)
    return city


@pytest.fixture
def duty(city, sign_in):
    return sign_in("zhang", city, "duty")


def post(client, path, body=None, **headers):
    return client.post(path, json.dumps(body or {}), content_type="application/json", headers=headers)


def opened(client, **more):
    told = {"title": "河边异味", "category": "odour", "region": "990011", "lon": 121.5, "lat": 29.9}
    answer = post(client, API, told | more)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def moved(client, issue, transition, **outputs):
    body = {"transition": transition, "outputs": outputs}
    answer = post(client, f"{API}/{issue['number']}/moves", body, **{"If-Match": f'"{issue["revision"]}"'})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def attached(client, issue, content=b"x"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    told = {"file": SimpleUploadedFile("a.jpg", content, "image/jpeg"), "kind": "photo"}
    answer = client.post(f"{API}/{issue['number']}/evidence", told)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def test_columns_of_the_board(duty):
    issues = [opened(duty, title=f"异味{n}") for n in range(3)]
    moved(duty, issues[0], "accept", category="odour", level="major")
    columns = {one["state"]: one for one in duty.get(f"{API}/columns?cards=1").json()["columns"]}
    assert list(columns)[:2] == ["clue", "accepted"]
    assert (columns["clue"]["total"], len(columns["clue"]["cards"])) == (2, 1)
    card = columns["accepted"]["cards"][0]
    assert (card["number"], card["level"], card["overdue"]) == (issues[0]["number"], "major", False)
    filtered = duty.get(f"{API}/columns?category=dust").json()["columns"]
    assert sum(one["total"] for one in filtered) == 0


def test_many_at_once_each_for_itself(duty):
    issues = [opened(duty, title=f"异味{n}") for n in range(3)]
    moved(duty, issues[0], "accept", category="odour", level="general")
    asked = [{"number": one["number"], "revision": one["revision"]} for one in issues]
    asked.append({"number": "HZ-1", "revision": 1})
    body = {"issues": asked, "transition": "accept", "reason": "早会统一受理"}
    answer = post(duty, f"{API}/moves", body).json()
    assert (answer["done"], answer["refused"]) == (2, 2)
    faults = [one["fault"]["error"] for one in answer["items"] if one["fault"]]
    assert faults == ["records.stale", "issues.none"]
    assert Issue.objects.filter(state="accepted").count() == 3
    step = duty.get(f"{API}/{issues[1]['number']}").json()["steps"][-1]
    assert (step["transition"], step["reason"]) == ("accept", "早会统一受理")
    ready = [{"number": one.number, "revision": one.revision} for one in Issue.objects.all()]
    outputs = {"lead": "BR", "requirement": "查清来源"}
    body = {"issues": ready, "transition": "dispatch", "outputs": outputs, "reason": "同一区域"}
    assert post(duty, f"{API}/moves", body).json()["done"] == 3
    ready = [{"number": one.number, "revision": one.revision} for one in Issue.objects.all()]
    body = {
        "issues": ready,
        "transition": "supervise",
        "outputs": {"requirement": "报进展"},
        "reason": "超期",
    }
    assert post(duty, f"{API}/moves", body).json()["done"] == 3
    assert Issue.objects.filter(supervised=True).count() == 3


@pytest.mark.parametrize(
    ("transition", "reason", "key"),
    [("write_off", "好", "issues.bulk_step"), ("accept", "  ", "issues.bulk_reason")],
)
def test_what_is_not_done_for_many(duty, transition, reason, key):
    issue = opened(duty)
    asked = [{"number": issue["number"], "revision": issue["revision"]}]
    answer = post(duty, f"{API}/moves", {"issues": asked, "transition": transition, "reason": reason})
    assert (answer.status_code, answer.json()["error"]) == (422, key)
    assert Issue.objects.get().state == "clue"


def test_many_by_whom_may_not(city, duty, sign_in):
    issue = opened(duty)
    reader = sign_in("du", city, "reader")
    asked = [{"number": issue["number"], "revision": issue["revision"]}]
    answer = post(reader, f"{API}/moves", {"issues": asked, "transition": "accept", "reason": "x"}).json()
    assert answer["items"][0]["fault"]["error"] == "rights.refused"
    assert Issue.objects.get().state == "clue"


def test_the_enterprise_sees_its_own_from_the_decision_on(city, duty, sign_in):
    inspector = sign_in("wang", city, "inspector")
    works = sign_in("qiye", city, "enterprise", Organisation.objects.get(code="ENT"))
    issue = opened(duty, enterprise="91990001SIM0000001", words="李某住在隔壁，夜里有异味")
    issue = moved(duty, issue, "accept", category="odour", level="general")
    issue = moved(duty, issue, "dispatch", lead="BR", requirement="夜间暗查")
    taken = attached(inspector, issue, b"night")
    issue = moved(inspector, issue, "investigate", finding="异味明显", cause="密封不严", traced="上风向")
    assert works.get(API).json()["total"] == 0
    assert works.get(f"{API}/{issue['number']}").status_code == 404
    issue = moved(duty, issue, "decide", decision="order", requirement="三日内修复密封", days=3)
    assert works.get(API).json()["total"] == 1
    answer = works.get(f"{API}/{issue['number']}")
    seen = answer.json()
    assert "李某" not in answer.content.decode()
    assert "暗查" not in answer.content.decode()
    assert [step["transition"] for step in seen["steps"]] == ["decide"]
    assert (seen["outside"], seen["words"], seen["evidence"]) == (True, "", [])
    assert {move["name"] for move in seen["moves"]} == {"rectify", "report"}
    for path in ("/bundle", "/order", "/trace", "/leads"):
        assert works.get(f"{API}/{issue['number']}{path}").status_code == 403
    assert works.get(f"{API}/{issue['number']}/evidence/{taken['id']}").status_code == 404
    mine = attached(works, issue, b"repaired")
    issue = moved(
        works, {**issue, "revision": seen["revision"]}, "rectify", measures="更换密封", done_on="2026-11-20"
    )
    assert issue["state"] == "rectified"
    assert works.get(f"{API}/{issue['number']}/evidence/{mine['id']}").status_code == 200
    other = sign_in("bieren", city, "enterprise", Organisation.objects.get(code="BR"))
    assert (
        other.get(f"{API}/{issue['number']}").json().get("outside", False) is False
    )  # it leads, so all is seen


def test_words_are_searched_as_written(duty):
    opened(duty, title="Ａ厂 COD超标 100%_")
    opened(duty, title="扬尘", category="dust")
    for words, number in [
        ("cod", 1),
        ("a厂", 1),
        ("100%_", 1),
        ("1000", 0),
        ("超标 A厂", 1),
        ("尘", 1),
        ("%", 1),
    ]:
        assert duty.get(API, {"q": words}).json()["total"] == number, words
    assert Wording.objects.count() == 2


def test_many_words_found(duty, monkeypatch):
    from huanzhi.center.issues import searching

    monkeypatch.setattr(searching, "FEW", 1)
    for n in range(4):
        opened(duty, title=f"异味{n}")
    page = duty.get(f"{API}?q=异味&limit=2").json()
    assert (page["total"], len(page["items"])) == (4, 2)
    assert duty.get(f"{API}?q=异味&state=accepted").json()["total"] == 0


def test_totals_are_exact_after_a_step(duty):
    issue = opened(duty)
    assert duty.get(f"{API}?state=clue").json()["total"] == 1
    moved(duty, issue, "accept", category="odour", level="general")
    assert duty.get(f"{API}?state=clue").json()["total"] == 0
    assert duty.get(f"{API}?state=accepted").json()["total"] == 1
    opened(duty)
    assert duty.get(API).json()["total"] == 2


def test_a_trace_is_told_and_kept(duty):
    issue = opened(duty, title="河水发黑", category="surface_water", lon=121.501)
    told = duty.get(f"{API}/{issue['number']}/trace").json()
    assert (told["method"], told["confidence"]) == ("around", "PROPOSAL")
    first = told["suspects"][0]
    assert (first["code"], first["enterprise"]) == ("P1", "91990001SIM0000001")
    assert first["parts"]["data"] is None
    assert 0 < first["score"] < 1
    kept = post(duty, f"{API}/{issue['number']}/trace")
    assert kept.status_code == 201
    body = json.loads(duty.get(f"{API}/{issue['number']}/evidence/{kept.json()['id']}").content)
    assert body["suspects"][0]["code"] == "P1"


def test_where_it_came_from_and_the_ladder(duty):
    issue = opened(duty)
    assert issue["source_link"] is None
    assert [one["code"] for one in issue["ladder"]] == ["search", "assign", "check", "talk", "inspection"]
    assert [one["reached"] for one in issue["ladder"]] == [True, False, False, False, False]
