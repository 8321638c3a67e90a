"""Plans over the API: taken in, reviewed, accepted, assigned, reported on, overdue, written off by two."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huanzhi.center.plans.models import Document, Measure
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1"
TEXT = """模拟市治水三年计划(2023-2025年)
一、工作目标
到2025年,全市断面达标率达到95%以上,湿地保护率达到%。
附件
序号
任务
重点举措
牵头部门
1
完善治水机制
1
建立水质三色预警机制(2023年)
市水利局、市生态环境局
2
健全河湖健康评价制度(2023-2099年)
市生态环境局
3
修订管网运维办法
市住建局
"""


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    for code, name in (("water", "模拟市水利局"), ("bureau", "模拟市生态环境局"), ("fire", "模拟市消防局")):
        save(SYSTEM, Organisation(code=code, name=name, kind="department", region=city))
    return city


def body(code):
    return Organisation.objects.get(code=code)


@pytest.fixture
def duty(city, sign_in):
    return sign_in("duty", city, "duty", body("bureau"))


@pytest.fixture
def water(city, sign_in):
    return sign_in("water", city, "department", body("water"))


@pytest.fixture
def fire(city, sign_in):
    return sign_in("fire", city, "department", body("fire"))


@pytest.fixture
def leader(city, sign_in):
    return sign_in("leader", city, "leader", body("bureau"))


def call(client, method, path, given=None, revision=None, status=200):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    send = getattr(client, method)
    answer = send(API + path, json.dumps(given or {}), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def take_in(client, text=TEXT, status=201):
    file = SimpleUploadedFile("计划.txt", text.encode(), "text/plain")
    answer = client.post(f"{API}/plans", {"file": file})
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def decide(client, plan, item, review, status=200, **told):
    path = f"/plans/{plan['number']}/items/{item['place']}"
    return call(client, "post", path, {"review": review, **told}, item["revision"], status)


def items(client, plan, category):
    return get(client, f"/plans/{plan['number']}/items?category={category}")["items"]


@pytest.fixture
def plan(duty):
    return take_in(duty)


@pytest.fixture
def measure(duty, plan):
    """Return the first measure, accepted, its lead confirmed."""
    for name in plan["bodies"][:2]:
        told = {"organisation": name["organisation"]}
        call(duty, "put", f"/plans/{plan['number']}/bodies/{name['place']}", told, name["revision"])
    decide(duty, plan, items(duty, plan, "measure")[0], "accepted")
    (row,) = get(duty, "/plan-measures")["items"]
    return get(duty, f"/plan-measures/{row['number']}")


def moved(client, measure, name, status=200, **told):
    path = f"/plan-measures/{measure['number']}/moves"
    return call(client, "post", path, {"move": name, **told}, measure["revision"], status)


def attach(client, measure, status=201):
    file = SimpleUploadedFile("印发稿.pdf", b"%PDF made up", "application/pdf")
    answer = client.post(f"{API}/plan-measures/{measure['number']}/evidence", {"file": file})
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_document_is_kept_with_its_items_and_its_bodies_are_matched(duty, plan):
    assert (plan["title"], plan["region"], plan["text"]) == (
        "模拟市治水三年计划(2023-2025年)",
        "990001",
        TEXT,
    )
    found = {each["name"]: (each["organisation"], each["confirmed"]) for each in plan["bodies"]}
    assert found == {"市水利局": ("water", False), "市生态环境局": ("bureau", False), "市住建局": ("", False)}
    for item in get(duty, f"/plans/{plan['number']}/items")["items"]:
        assert TEXT[item["start"] : item["end"]] == item["quote"]
    assert [item["words"] for item in items(duty, plan, "measure")] == [
        "建立水质三色预警机制",
        "健全河湖健康评价制度",
        "修订管网运维办法",
    ]


def test_the_same_file_twice_is_one_document(duty, plan):
    assert take_in(duty)["number"] == plan["number"]
    assert Document.objects.count() == 1


def test_what_cannot_be_read_is_refused_and_nothing_is_kept(duty):
    told = take_in(duty, "", status=422)
    assert told["error"] == "plans.no_text"
    assert take_in(duty, "无名计划,没有地区。", status=422)["error"] == "center_plans.no_region"
    assert Document.objects.count() == 0


def test_rejecting_and_changing_take_reasons_and_a_lost_value_is_not_accepted(duty, plan):
    good, lost = items(duty, plan, "target")
    assert decide(duty, plan, good, "rejected", status=422)["error"] == "center_plans.reason"
    assert decide(duty, plan, lost, "accepted", status=422)["error"] == "center_plans.lost"
    done = decide(duty, plan, lost, "edited", reason="查原件补录", changes={"value": 60})
    assert (done["review"], done["told"]["value"], done["damaged"]) == ("edited", 60, "")
    refused = decide(duty, plan, good, "edited", status=422, reason="x", changes={"quote": "y"})
    assert refused["error"] == "center_plans.choice"
    assert decide(duty, plan, good, "rejected", reason="重复")["reason"] == "重复"
    assert Measure.objects.count() == 0


def test_an_old_revision_is_refused(duty, plan):
    item = items(duty, plan, "target")[0]
    decide(duty, plan, item, "accepted")
    assert decide(duty, plan, item, "rejected", status=412, reason="晚了")["error"] == "records.stale"


def test_an_accepted_measure_enters_the_ledger_and_is_not_reviewed_again(duty, plan, measure):
    assert (measure["title"], measure["lead"], measure["due"]) == (
        "建立水质三色预警机制",
        "water",
        "2023-12-31",
    )
    assert measure["joint"] == [{"name": "市生态环境局", "code": "bureau"}]
    assert (measure["task"], measure["overdue"]) == ("完善治水机制", True)
    item = items(duty, plan, "measure")[0]
    assert decide(duty, plan, item, "rejected", status=422, reason="x")["error"] == "center_plans.decided"


def test_a_body_confirmed_later_is_put_into_the_measures_that_wait(duty, plan):
    decide(duty, plan, items(duty, plan, "measure")[0], "accepted")
    name = plan["bodies"][0]
    call(
        duty,
        "put",
        f"/plans/{plan['number']}/bodies/{name['place']}",
        {"organisation": "water"},
        name["revision"],
    )
    assert get(duty, "/plan-measures")["items"][0]["lead"] == "water"


def test_all_sound_items_are_accepted_at_once(duty, plan):
    assert call(duty, "post", f"/plans/{plan['number']}/sound", {"sort": "target"}) == {"accepted": 1}
    assert call(duty, "post", f"/plans/{plan['number']}/sound", {"sort": "measure"}) == {"accepted": 3}
    board = get(duty, "/plan-measures/board?by=lead")
    assert board["totals"]["total"] == 3
    assert get(duty, "/plan-measures?overdue=true")["total"] == 1
    assert get(duty, "/plan-measures?unassigned=true")["total"] == 3


def test_the_whole_way_to_the_write_off_by_two(duty, water, leader, measure):
    measure = moved(water, measure, "split", deliverables=["制定办法", "上线运行"])
    measure = moved(water, measure, "report", percent=60, words="办法已印发", done=[0])
    assert (measure["state"], measure["percent"]) == ("under_way", 60)
    assert measure["deliverables"][0]["done"] and not measure["deliverables"][1]["done"]
    assert moved(water, measure, "done", status=422, words="完成")["error"] == "center_plans.no_evidence"
    attach(water, measure)
    assert moved(water, measure, "done", status=422, words="完成")["error"] == "center_plans.left"
    measure = moved(water, measure, "report", percent=90, words="已上线", done=[1])
    measure = moved(water, measure, "done", words="全部完成")
    assert (measure["state"], measure["percent"], measure["overdue"]) == ("reported", 100, False)
    path = f"/plan-measures/{measure['number']}/finish"
    call(duty, "post", path, {"conclusion": "制度已执行"}, measure["revision"], 201)
    (proposal,) = get(leader, "/proposals?state=open")["items"]
    call(leader, "post", f"/proposals/{proposal['id']}/approve", {"reason": "同意"})
    done = get(duty, f"/plan-measures/{measure['number']}")
    assert (done["state"], done["moves"], done["steps"][-1]["move"]) == ("finished", [], "finish")


def test_a_refused_write_off_goes_back_and_asks_for_new_evidence(duty, water, leader, measure):
    measure = moved(water, measure, "report", percent=90, words="快完成")
    attach(water, measure)
    measure = moved(water, measure, "done", words="完成")
    call(duty, "post", f"/plan-measures/{measure['number']}/finish", {"conclusion": "可销"}, status=201)
    (proposal,) = get(leader, "/proposals?state=open")["items"]
    call(leader, "post", f"/proposals/{proposal['id']}/refuse", {"reason": "缺执行记录"})
    measure = get(water, f"/plan-measures/{measure['number']}")
    assert (measure["state"], measure["steps"][-1]["words"]) == ("under_way", "缺执行记录")
    assert moved(water, measure, "done", status=422, words="完成")["error"] == "center_plans.no_evidence"


def test_supervision_and_assignment_are_of_those_who_command(duty, water, fire, measure):
    assert moved(water, measure, "supervise", status=403, words="催办")["error"] == "rights.refused"
    measure = moved(duty, measure, "supervise", words="已超期,请十日内报送")
    assert measure["supervised"]
    assert moved(fire, measure, "report", status=403, percent=1, words="x")["error"] == "rights.refused"
    measure = moved(duty, measure, "assign", lead="fire", due="2099-06-30")
    assert (measure["lead"], measure["due"], measure["overdue"]) == ("fire", "2099-06-30", False)
    assert moved(fire, measure, "report", percent=5, words="启动")["percent"] == 5


def test_boards_and_sheets(duty, plan, measure):
    by_task = get(duty, "/plan-measures/board?by=task")["groups"]
    assert [(g["name"], g["total"], g["overdue"]) for g in by_task] == [("完善治水机制", 1, 1)]
    assert get(duty, "/plan-measures/board?by=due")["groups"][0]["code"] == "2023"
    sheet = duty.get(f"{API}/plan-measures?format=xlsx")
    assert sheet.status_code == 200
    assert sheet.content[:2] == b"PK"
    assert date.fromisoformat(measure["due"]).year == 2023


def test_nobody_without_the_right_takes_documents_in(water):
    assert take_in(water, status=403)["error"] == "rights.refused"


def test_another_region_and_the_enterprises_see_nothing_of_it(city, duty, plan, measure, sign_in):
    elsewhere = save(SYSTEM, Region(code="990002", name="他市", level="city"))
    for stranger in (sign_in("far", elsewhere, "duty"), sign_in("firm", city, "enterprise")):
        assert get(stranger, "/plans")["total"] == 0
        assert get(stranger, "/plan-measures")["total"] == 0
        assert get(stranger, "/plan-measures/board")["totals"]["total"] == 0
        get(stranger, f"/plans/{plan['number']}", 404)
        get(stranger, f"/plans/{plan['number']}/items", 404)
        get(stranger, f"/plan-measures/{measure['number']}", 404)
