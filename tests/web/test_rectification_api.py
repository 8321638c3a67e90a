"""Rectification over the API: a document becomes lines, a line a task; two people write it off."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region

pytestmark = pytest.mark.django_db
API = "/api/v1"
PLAN = """重点是3项整改任务。
年12月底前完成整改任务2项(1项已完成),需要立行立改、长期坚持的整改任务1项。
04主要措施
1.深化碧水行动。到年,改造管网。"""
SIX = ("problem", "policy", "target", "accountability", "quality", "disclosure")
SHARED = Path(__file__).parents[3] / "shared" / "documents"


@pytest.fixture
def city(db):
    made = Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")
    for code, kind in (("water", "department"), ("office", "government"), ("branch", "branch")):
        Organisation.objects.create(code=code, name=code, kind=kind, region=made)
    return made


def body(code):
    return Organisation.objects.get(code=code)


@pytest.fixture
def people(city, sign_in):
    return {
        "duty": sign_in("duty", city, "duty"),
        "worker": sign_in("worker", city, "department", body("water")),
        "checker": sign_in("checker", city, "inspector"),
        "branch": sign_in("branch", city, "branch", body("branch")),
        "supervisor": sign_in("supervisor", city, "supervisor", body("office")),
        "reader": sign_in("reader", city, "reader"),
    }


def send(client, path, told=None, method="post", status=200, **headers):
    answer = getattr(client, method)(f"{API}/{path}", told, content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path):
    answer = client.get(f"{API}/{path}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def batch(client, code="B1"):
    return send(
        client,
        "rectification-batches",
        {"code": code, "name": "第二轮", "origin": "central", "region": "330200"},
        status=201,
    )


def opened(people, **more):
    told = {"batch": "B1", "title": "管网错接", "lead": "water", "target": "分流", "in_charge": "王"}
    told |= {"measures": ["改造"], "term": "2026-12-31", "category": "surface_water"}
    return send(people["duty"], "rectification", told | more, status=201)["number"]


def move(client, number, name, status=200, **outputs):
    return send(
        client, f"rectification/{number}/moves", {"transition": name, "outputs": outputs}, status=status
    )


def attach(client, number, use, words=b"photo"):
    file = SimpleUploadedFile("a.jpg", words)
    answer = client.post(
        f"{API}/rectification/{number}/evidence", {"kind": "photo", "use": use, "file": file}
    )
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()["id"]


def accepted(people, number):
    worker, checker, supervisor = people["worker"], people["checker"], people["supervisor"]
    move(worker, number, "submit_plan", summary="方案")
    move(people["duty"], number, "approve_plan", requirement="按期")
    send(worker, f"rectification/{number}/measures/1", {"done_on": "2026-11-20", "result": "完成"})
    attach(worker, number, "after", f"after {number}".encode())
    move(worker, number, "rectify", measures="改造", done_on="2026-11-20")
    move(checker, number, "self_check", method="site", finding="属实")
    move(people["branch"], number, "precheck", method="site", finding="属实")
    piece = attach(supervisor, number, "check", f"check {number}".encode())
    words = get(supervisor, "rectification/words")
    for item in words["item"]:
        told = {"item": item["value"], "passed": True, "words": "符合", "exhibit": piece}
        send(supervisor, f"rectification/{number}/findings", told)
    told = {"at": "2026-11-21T09:00:00+08:00", "people": "三人", "words": "属实"}
    send(supervisor, f"rectification/{number}/site-checks", told)
    move(supervisor, number, "accept", method="site", finding="合格")
    return move(people["duty"], number, "publish", channel="website", public_words="已分流")


def end_publication(number):
    from huanzhi.center.rectification.models import Publication

    over = datetime.now(UTC) - timedelta(minutes=1)
    Publication.objects.filter(task__number=number).update(ends=over)


def filed(people, number):
    accepted(people, number)
    end_publication(number)
    return move(people["duty"], number, "file", filed_with="省整改办")


def test_a_document_becomes_lines_that_keep_what_is_missing(people):
    duty = people["duty"]
    batch(duty)
    file = SimpleUploadedFile("plan.txt", PLAN.encode())
    answer = duty.post(f"{API}/rectification-batches/B1/read", {"file": file})
    assert answer.status_code == 200, answer.content.decode()
    told = answer.json()
    assert told["expected"] == 3 and told["clues"]["agrees"]
    lines = get(duty, "rectification-items?batch=B1")["items"]
    assert [one["missing"] for one in lines] == [["title", "year"], ["title", "year"], ["title"]]
    assert lines[0]["term"] is None and lines[0]["term_words"] == "年12月底前"
    assert lines[0]["offset"] == PLAN.index("年12月底前") and "整改任务2项" in lines[0]["quote"]
    code = lines[0]["code"]
    send(duty, f"rectification-items/{code}/confirm", {}, status=422)
    send(duty, f"rectification-items/{code}", {"title": "码头扬尘", "term": "2026-12-31"}, "patch", 422)
    send(duty, f"rectification-items/{code}", {"title": "码头扬尘"}, "patch")
    number = send(duty, f"rectification-items/{code}/confirm", {})["task"]
    task = get(duty, f"rectification/{number}")
    assert task["term_state"] == "missing" and task["missing"] == ["year"] and task["term"] is None
    assert task["tone"] == "missing" and task["quote"] == lines[0]["quote"]
    assert get(duty, f"issues/{task['issue']}")["channel"] == "supervision"
    assert get(duty, "rectification/wall")["figures"]["missing"] == 1
    again = duty.post(
        f"{API}/rectification-batches/B1/read", {"file": SimpleUploadedFile("b", PLAN.encode())}
    )
    assert again.status_code == 409
    send(duty, f"rectification-items/{lines[1]['code']}/drop", {"words": "重复"})


def test_document_002_gives_twelve_lines(people):
    found = list(SHARED.glob("002_*"))
    if not found:
        pytest.skip("the source documents are not on this machine")
    batch(people["duty"])
    file = SimpleUploadedFile("002.txt", found[0].read_bytes())
    told = people["duty"].post(f"{API}/rectification-batches/B1/read", {"file": file}).json()
    assert told["expected"] == 12 and told["items_open"] == 12
    lines = get(people["duty"], "rectification-items?batch=B1")["items"]
    assert sum("year" in one["missing"] for one in lines) == 8 and sum(one["standing"] for one in lines) == 4
    assert all(one["term"] is None and "title" in one["missing"] for one in lines)


def test_a_sheet_is_shown_before_it_is_taken(people):
    duty = people["duty"]
    batch(duty)
    raw = duty.get(f"{API}/tables/rectification_item/template").content
    book = load_workbook(BytesIO(raw))
    sheet = book.worksheets[0]
    heads = [cell.value.rstrip("*") for cell in sheet[1]]
    for row, (title, class_) in enumerate([("码头扬尘", "短期"), ("油泥处置", "不知道")], 2):
        for name, value in (
            ("督察批次", "B1"),
            ("整改任务", title),
            ("时限类别", class_),
            ("牵头单位", "water"),
        ):
            sheet.cell(row, heads.index(name) + 1, value)
    out = BytesIO()
    book.save(out)
    given = duty.post(
        f"{API}/tables/rectification_item/imports", {"file": SimpleUploadedFile("a.xlsx", out.getvalue())}
    )
    told = given.json()
    assert given.status_code == 201 and (told["new"], told["wrong"]) == (1, 1)
    assert told["errors"][0]["row"] == 3 and told["errors"][0]["column"] == "时限类别"
    sheet.cell(3, heads.index("时限类别") + 1, "中期")
    out = BytesIO()
    book.save(out)
    told = duty.post(
        f"{API}/tables/rectification_item/imports", {"file": SimpleUploadedFile("a.xlsx", out.getvalue())}
    ).json()
    duty.post(f"{API}/tables/rectification_item/imports/{told['id']}/accept")
    lines = get(duty, "rectification-items?batch=B1")["items"]
    assert [(one["title"], one["organisation"]) for one in lines] == [
        ("码头扬尘", "water"),
        ("油泥处置", "water"),
    ]


def test_refused_by_the_second_person_then_written_off(people):
    batch(people["duty"])
    number = opened(people)
    filed(people, number)
    told = send(people["duty"], f"rectification/{number}/write-off", {"conclusion": "具备"}, status=201)
    proposal = told["write_off"][0]["id"]
    send(people["duty"], f"proposals/{proposal}/refuse", {"reason": "x"}, status=403)
    send(people["supervisor"], f"proposals/{proposal}/refuse", {"reason": "长效机制未建立"})
    task = get(people["duty"], f"rectification/{number}")
    assert task["state"] == "rectifying" and task["write_off"][0]["reason"] == "长效机制未建立"
    attach(people["worker"], number, "after", b"again")
    move(people["worker"], number, "rectify", measures="建立机制", done_on="2026-11-21")
    assert get(people["duty"], "open/rectification")["items"] == []


def test_what_was_published_is_open_to_everybody_and_nothing_else(people):
    client = Client()
    batch(people["duty"])
    number = opened(people, problem="内部情况")
    accepted(people, number)
    rows = get(client, "open/rectification")["items"]
    assert [row["number"] for row in rows] == [number]
    assert rows[0]["words"] == "已分流" and "内部情况" not in str(rows) and "王" not in str(rows)
    assert client.get(f"{API}/rectification/{number}").status_code == 401
    assert client.get(f"{API}/open/rectification?format=csv").status_code == 200


def test_steps_say_what_is_missing(people):
    batch(people["duty"])
    number = opened(people, measures=[], target="")
    task = get(people["worker"], f"rectification/{number}")
    plan = next(one for one in task["moves"] if one["name"] == "submit_plan")
    assert [one["en"] for one in plan["blocked"]] == ["no target is set yet", "no measures are listed yet"]
    assert get(people["reader"], f"rectification/{number}")["moves"] == []
    assert (
        move(people["worker"], number, "submit_plan", 422, summary="x")["error"]
        == "rectification.need_target"
    )


def test_a_stale_change_is_refused(people):
    batch(people["duty"])
    number = opened(people)
    old = {"If-Match": '"1"'}
    send(people["worker"], f"rectification/{number}", {"target": "新目标"}, "patch")
    send(people["worker"], f"rectification/{number}", {"target": "别的"}, "patch", 412, **old)
    assert get(people["worker"], f"rectification/{number}")["target"] == "新目标"


def test_lists_ledger_and_report(people):
    batch(people["duty"])
    number = opened(people, term="2026-01-31", problem="错接")
    duty = people["duty"]
    assert get(duty, "rectification?late=true")["total"] == 1
    assert get(duty, "rectification?late=false")["total"] == 0
    assert duty.get(f"{API}/rectification?format=csv").status_code == 200
    book = load_workbook(BytesIO(duty.get(f"{API}/rectification/ledger").content))
    assert book.sheetnames == ["问题清单", "任务清单", "责任清单"]
    assert "逾期" in str([cell.value for row in book["任务清单"].rows for cell in row])
    made = send(duty, f"rectification/{number}/papers", status=201)
    again = duty.get(f"{API}/rectification/{number}/papers/{made['id']}")
    assert again["X-SM3"] == made["sm3"] and again.content[:2] == b"PK"


def test_letters_returns_talks_and_sweeps(people, city):
    from huanzhi.center.rectification.regular import daily
    from huanzhi.library.enterprises.models import Enterprise

    batch(people["duty"])
    number = opened(people, term="2026-01-31")
    now = datetime.now(UTC)
    assert daily(now)["asked"] == 1 and daily(now)["asked"] == 0
    task = get(people["duty"], f"rectification/{number}")
    assert [one["kind"] for one in task["letters"] if one["state"] == "proposed"] == ["press"]
    send(people["worker"], f"rectification/{number}/letters", {"kind": "press"}, status=403)
    task = send(people["duty"], f"rectification/{number}/letters", {"kind": "press", "words": "请整改"})
    assert task["ladder"] == "press" and task["rung"] == "check"
    month = task["returns"][0]["month"]
    path = f"rectification/{number}/returns/{month}"
    send(people["worker"], path, {"items": {"problem": "x"}}, status=422)
    items = dict.fromkeys(
        ("problem", "policy", "target", "accountability", "quality", "disclosure"), "有进展"
    )
    assert send(people["worker"], path, {"items": items, "progress": 60})["state"] == "submitted"
    talk = send(
        people["duty"],
        "talks",
        {"task": number, "trigger": "overdue", "level": "unit", "matter": "逾期"},
        status=201,
    )
    assert talk["moves"][0]["name"] == "notify"
    place = {"region": city, "simulated": True, "revision": 1}
    for code in ("E1", "E2"):
        Enterprise.objects.create(code=code, name=code, industry="造船", **place)
    told = get(people["duty"], f"rectification/{number}/alike?industry=造船")
    assert told["number"] == 2 and "雨污分流是否到位" not in told["checks"]
    sweep = send(people["duty"], f"rectification/{number}/sweeps", {"industry": "造船"}, status=201)
    path = f"rectification/sweeps/{sweep['code']}"
    send(people["worker"], f"{path}/objects/E1", {"result": "clean"})
    found = send(people["worker"], f"{path}/objects/E2", {"result": "found", "words": "同类错接"})
    row = next(one for one in found["items"] if one["enterprise"] == "E2")
    child = get(people["duty"], f"rectification/{row['task']}")
    assert child["parent"] == number and child["level"] == "municipal" and child["nature"] == "sweep"
    assert get(people["duty"], f"issues/{row['issue']}")["enterprise"] == "E2"
    send(people["duty"], f"{path}/close", {"words": "已排查"})


def test_referrals_are_for_their_handlers_only(people, city, sign_in):
    batch(people["duty"])
    number = opened(people)
    leader = sign_in("leader", city, "leader")
    other = sign_in("leader2", city, "leader")
    talk = send(
        people["duty"],
        "talks",
        {"task": number, "trigger": "falsified", "level": "government", "matter": "弄虚作假"},
        status=201,
    )["number"]
    told = {"receiver": "纪委监委", "persons": "某某", "facts": "伪造验收材料"}
    send(people["duty"], f"talks/{talk}/referrals", told, status=403)
    made = send(leader, f"talks/{talk}/referrals", told, status=201)
    assert get(leader, "referrals")["total"] == 1
    for client in (other, people["duty"], people["supervisor"]):
        assert get(client, "referrals")["total"] == 0
        assert client.get(f"{API}/referrals/{made['code']}").status_code == 404
        assert "伪造" not in client.get(f"{API}/talks/{talk}").content.decode()
    assert (
        send(leader, f"referrals/{made['code']}/result", {"result": "已立案", "closed": True})["state"]
        == "closed"
    )


def test_samples_come_out_the_same(people):
    batch(people["duty"])
    number = opened(people)
    filed(people, number)
    proposal = send(people["duty"], f"rectification/{number}/write-off", {"conclusion": "x"}, status=201)[
        "write_off"
    ][0]
    send(people["supervisor"], f"proposals/{proposal['id']}/approve", {})
    today = datetime.now(UTC).date()
    told = {"first": f"{today - timedelta(days=2)}", "last": f"{date(2030, 1, 1)}", "seed": "2026"}
    made = send(people["duty"], "rectification/draws", told, status=201)
    assert made["items"] == [number] and made["again"]
    query = "&".join(f"{name}={value}" for name, value in told.items())
    assert get(people["reader"], f"rectification/sample?{query}")["items"] == [number]
    assert get(people["reader"], "rectification/draws")["items"][0]["again"]
    wall = get(people["duty"], "rectification/wall")
    assert wall["figures"]["done"] == 1 and sum(one["done"] or 0 for one in wall["months"]) == 1


def test_who_reads_nothing_here_meets_nothing(people, city, sign_in):
    from huanzhi.center.rectification.regular import daily

    batch(people["duty"])
    number = opened(people, term="2026-01-31", title="外人看不到的任务")
    daily(datetime.now(UTC))
    elsewhere = Region.objects.create(code="330300", name="温州市", level="city", path="330300/")
    firm = Organisation.objects.create(code="firm", name="firm", kind="enterprise", region=city)
    strangers = [sign_in("far", elsewhere, "duty"), sign_in("firm", city, "enterprise", firm)]
    lists = ("rectification", "rectification/returns", "rectification/sweeps", "rectification/draws")
    lists += ("rectification-batches", "rectification-items", "talks", "referrals")
    for client in strangers:
        for path in lists:
            assert get(client, path)["total"] == 0, path
        assert get(client, "rectification/wall")["figures"]["all"] == 0
        book = load_workbook(BytesIO(client.get(f"{API}/rectification/ledger").content))
        assert "外人看不到" not in str([cell.value for sheet in book for row in sheet.rows for cell in row])
        for path in (f"rectification/{number}", f"rectification/{number}/alike", "rectification-batches/B1"):
            assert client.get(f"{API}/{path}").status_code == 404
