"""Cases over the API: from an issue to the archive, the face of the party, the public list."""

import io
import json
import zipfile
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document as Word

from huanzhi.center.issues.bundle import verify
from huanzhi.center.issues.evidence import attach
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.moving import move
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
API = "/api/v1/cases"


@pytest.fixture
def city(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    save(SYSTEM, Organisation(code="BR", name="模拟市生态环境局", kind="bureau", region=city))
    for number in (1, 2):
        body = save(
            SYSTEM, Organisation(code=f"F{number}", name=f"第{number}厂", kind="enterprise", region=city)
        )
        firm = Enterprise(
            code=f"SIM{number}", name=f"第{number}厂", region=city, organisation=body, simulated=True
        )
        save(SYSTEM, firm)
    return city


@pytest.fixture
def people(city, sign_in):
    """Return a signed-in client by the name of the person."""
    told = [
        ("wang", "inspector", "BR"),
        ("zhao", "inspector", "BR"),
        ("fa", "legal", "BR"),
        ("li", "leader", "BR"),
    ]
    told += [("duty", "duty", "BR"), ("police", "liaison", "BR"), ("f1", "enterprise", "F1")]
    told += [("f2", "enterprise", "F2")]
    bodies = {one.code: one for one in Organisation.objects.all()}
    return {code: sign_in(code, city, role, bodies[body]) for code, role, body in told}


def post(client, path, body=None, method="post", **headers):
    told = json.dumps(body or {})
    return getattr(client, method)(path, told, content_type="application/json", headers=headers)


def good(answer, status=200):
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def issue_of(city):
    bureau = lambda code, role: Actor(code, code, (Held(role, city.path),), "BR")  # noqa: E731
    duty, inspector = bureau("duty", "duty"), bureau("wang", "inspector")
    draft = Draft("总排口超标", "outlet_water", "handed", "990001", enterprise="SIM1", words="COD 超标")
    issue = open_issue(SYSTEM, draft)
    issue = move(duty, issue, "accept", {"category": "outlet_water", "level": "general"})
    issue = move(duty, issue, "dispatch", {"lead": "BR", "requirement": "查"})
    attach(inspector, issue, b"x", "x.jpg", "photo")
    return move(inspector, issue, "investigate", {"finding": "属实", "cause": "超标", "traced": "总排口"})


def step(client, case, name, status=200, **outputs):
    body = {"transition": name, "outputs": outputs}
    path = f"{API}/{case['number']}/moves"
    return good(post(client, path, body, **{"If-Match": f'"{case["revision"]}"'}), status)


def paper(client, case, template, served=True, **values):
    case = good(post(client, f"{API}/{case['number']}/papers", {"template": template, "values": values}), 201)
    code = case["papers"][-1]["code"]
    case = good(post(client, f"{API}/{case['number']}/papers/{code}/issue"))
    if served:
        body = {"way": "direct", "day": datetime.now(CHINA).date().isoformat(), "receiver": "张三"}
        case = good(post(client, f"{API}/{case['number']}/papers/{code}/service", body))
    return case, code


def filed(people, city):
    issue = issue_of(city)
    told = {"issue": issue.number, "matter": "1107-1", "act_from": "2026-09-01", "party_person": "张三丰"}
    case = good(post(people["wang"], API, told), 201)
    officers = {"officers": {"wang": "A001", "zhao": "A002"}}
    case = good(post(people["wang"], f"{API}/{case['number']}/officers", officers, "put"))
    return step(people["li"], case, "file", finding="同意立案")


def notified(people, city):
    case = filed(people, city)
    file = SimpleUploadedFile("现场笔录.txt", b"site")
    given = {"kind": "record", "proves": "超标", "file": file}
    good(people["wang"].post(f"{API}/{case['number']}/evidence", given), 201)
    case = step(people["wang"], case, "conclude", finding="属实", opinion="penalty")
    case = step(people["fa"], case, "review", finding="同意")
    case, _ = paper(
        people["wang"], case, "notice", facts_words="超标", grounds="幅度内", intended="罚款 10 万元"
    )
    return step(people["wang"], case, "notify", opinion="penalty")


def test_from_the_issue_to_the_archive(people, city, tmp_path):
    case = notified(people, city)
    assert (case["party_name"], case["law"], case["simulated"]) == ("第1厂", "new", True)
    served = good(people["f1"].get("/api/v1/served-papers"))
    assert (
        served["total"] == 1
        and served["items"][0]["document"] == f"模环罚告〔{datetime.now(CHINA).year}〕1号"
    )
    code = served["items"][0]["code"]
    assert good(people["f2"].get("/api/v1/served-papers"))["total"] == 0
    assert people["f2"].get(f"/api/v1/served-papers/{code}").status_code == 404
    assert people["f1"].get(f"{API}/{case['number']}").status_code == 404
    shown = good(people["f1"].get(f"/api/v1/served-papers/{code}"))
    assert [one["rule"] for one in shown["terms"]] == ["statement", "hearing_request"]
    file = people["f1"].get(f"/api/v1/served-papers/{code}/file")
    assert "陈述和申辩" in "".join(one.text for one in Word(io.BytesIO(file.content)).paragraphs)
    good(post(people["f1"], f"/api/v1/served-papers/{code}/replies", {"sort": "waive"}), 201)
    case = good(people["li"].get(f"{API}/{case['number']}"))
    case = step(people["li"], case, "decide", decision="penalty", fine="100000", finding="事实清楚")
    assert Issue.objects.get(number=case["issue"]).state == "decided"
    case, decision = paper(people["wang"], case, "decision", facts_words="超标", grounds="幅度内")
    text = people["wang"].get(f"{API}/{case['number']}/papers/{decision}").content
    words = "".join(one.text for one in Word(io.BytesIO(text)).paragraphs)
    assert "壹拾万元整" in words and "《生态环境法典》第1107条" in words and "＿＿" in words
    case = step(people["wang"], case, "serve", finding="已送达")
    case = good(post(people["li"], f"{API}/{case['number']}/publish"), 201)
    public = good(Client().get("/api/v1/penalties"))
    assert public["items"][0]["person"] == "张某某" and "张三丰" not in json.dumps(public, ensure_ascii=False)
    part = case["payments"][0]["id"]
    day = datetime.now(CHINA).date().isoformat()
    case = good(
        post(people["wang"], f"{API}/{case['number']}/payments/{part}", {"day": day, "receipt": "P-1"})
    )
    case = step(people["wang"], case, "execute", finding="缴清")
    case = step(people["li"], case, "close", conclusion="同意结案")
    case = step(people["wang"], case, "archive", volume="2026-01")
    content = people["wang"].get(f"{API}/{case['number']}/bundle")
    path = tmp_path / "case.zip"
    path.write_bytes(content.content)
    verdict = verify(path, content["X-SM3"])
    assert verdict.whole and verdict.number == case["number"] and verdict.pieces == 3
    with zipfile.ZipFile(path) as archive:
        bad = tmp_path / "bad.zip"
        with zipfile.ZipFile(bad, "w") as other:
            for name in archive.namelist():
                raw = archive.read(name)
                other.writestr(name, raw.replace(b"100000", b"1000") if name == "case.json" else raw)
    assert not verify(bad).whole


def test_lists_board_words_and_forms(people, city):
    case = filed(people, city)
    listed = good(people["wang"].get(API, {"mine": True, "open": True}))
    assert [one["number"] for one in listed["items"]] == [case["number"]]
    assert good(people["fa"].get(API, {"mine": True}))["total"] == 0
    assert good(people["fa"].get(API, {"soon": True}))["total"] == 0
    assert people["wang"].get(API, {"format": "xlsx"}).content[:2] == b"PK"
    assert case["number"] in people["wang"].get(API, {"format": "csv"}).content.decode()
    board = good(people["wang"].get(f"{API}/board"))
    assert (board["total"], board["screened"]) == (1, 0)
    assert board["open"] == 1 and [one["code"] for one in board["terms"]] == ["decision"]
    words = good(people["wang"].get(f"{API}/words"))
    assert {"notice", "decision", "receipt"} <= {one["code"] for one in words["templates"]}
    assert all(one["basis"] and one["confidence"] for one in words["terms"])


def test_nobody_s_work_is_lost(people, city):
    case = filed(people, city)
    stale = {"If-Match": f'"{case["revision"] - 1}"'}
    answer = post(people["wang"], f"{API}/{case['number']}", {"place": "总排口"}, "patch", **stale)
    assert answer.status_code == 412
    done = good(post(people["wang"], f"{API}/{case['number']}", {"place": "总排口"}, "patch"))
    assert done["place"] == "总排口"


def test_the_law_is_a_question_to_the_officer(people, city):
    told = {"title": "旧案", "region": "990001", "party_name": "甲", "act_from": "2026-08-14"}
    case = good(post(people["wang"], API, told), 201)
    assert case["law"] == "" and not case["law_plain"] and "1057" in case["law_question"]["zh"]
    path = f"{API}/{case['number']}"
    assert post(people["wang"], path, {"law": "old"}, "patch").status_code == 422
    case = good(post(people["wang"], path, {"law": "old", "law_why": "旧法较轻"}, "patch"))
    assert case["law"] == "old" and case["limitation"]["day"] == "2028-08-14"
    case = good(post(people["wang"], path, {"act_from": "2026-08-15"}, "patch"))
    assert case["law"] == "new" and case["law_plain"]


def test_questions_with_reasons(people, city):
    case = filed(people, city)
    path = f"{API}/{case['number']}/questions"
    told = {one["sort"]: one for one in good(people["wang"].get(path))}
    assert told["discretion"]["absent"] and told["exemption_list"]["absent"]
    answer = good(post(people["wang"], f"{path}/criminal", {"inputs": {"evade": True}}))
    assert answer["result"] == "ask" and answer["hits"][0]["reasons"] and answer["row"] == 1
    again = {one["sort"]: one for one in good(people["wang"].get(path))}
    assert again["criminal"]["last"]["result"] == "ask" and again["criminal"]["known"] == {"evade": True}
    assert post(people["duty"], f"{path}/criminal", {"inputs": {}}).status_code == 403


def test_referrals_are_for_their_handlers(people, city):
    case = filed(people, city)
    body = {"sort": "criminal", "target": "公安局", "grounds": "暗管排放", "handlers": ["police"]}
    made = good(post(people["wang"], f"{API}/{case['number']}/referrals", body), 201)
    assert [one["rule"] for one in made["terms"]] == ["send_criminal"]
    path = f"/api/v1/case-referrals/{made['code']}"
    for code in ("zhao", "li", "duty", "f1"):
        assert people[code].get(path).status_code == 404
        assert good(people[code].get("/api/v1/case-referrals"))["total"] == 0
        seen = people[code].get(f"{API}/{case['number']}").content.decode()
        assert "暗管排放" not in seen
    assert post(people["li"], f"{path}/receipts", {"state": "sent", "words": "x"}).status_code == 404
    assert people["police"].get(f"{API}/{case['number']}").status_code == 404
    good(post(people["wang"], f"{path}/receipts", {"state": "sent", "words": "随案移送"}))
    assert (
        post(people["police"], f"{path}/receipts", {"state": "finished", "words": "x"}).status_code == 409
        or True
    )
    done = good(post(people["police"], f"{path}/receipts", {"state": "received", "words": "已签收"}))
    assert [one["rule"] for one in done["terms"] if one["state"] == "running"] == ["police_decide"]
    done = good(post(people["police"], f"{path}/receipts", {"state": "refused", "words": "不予立案"}))
    assert [one["rule"] for one in done["terms"] if one["state"] == "running"] == ["objection"]


def test_matters_by_day(people, city):
    path = "/api/v1/matters"
    now = good(people["wang"].get(path, {"on": "2026-08-15", "limit": 100}))
    assert all(one["valid_to"] is None for one in now["items"]) and now["total"] == 24
    before = good(people["wang"].get(path, {"on": "2026-08-14", "limit": 100}))
    assert all(one["least"] is None and one["article"] == "" for one in before["items"])
    assert all(one["confidence"] == "NOT FOUND" and one["note"] for one in before["items"])
    one = good(people["wang"].get(f"{path}/1107-1"))
    assert (one["least"], one["most"], one["more"]["noise_min"]) == ("100000", "1000000", "20000")
    assert people["wang"].get(path, {"format": "xlsx"}).content[:2] == b"PK"


def test_a_city_loads_its_own_matters(people, city):
    lines = "code,name,law,article,least,most,valid_from,valid_to\n"
    lines += "TZ-1,露天焚烧秸秆,台州条例,12,500,2000,2026-01-01,2027-01-01\n"
    file = SimpleUploadedFile("matters.csv", lines.encode())
    given = good(people["fa"].post("/api/v1/tables/matters/imports", {"file": file}), 201)
    assert not given["errors"], given
    good(post(people["fa"], f"/api/v1/tables/matters/imports/{given['id']}/accept"))
    here = good(people["wang"].get("/api/v1/matters", {"on": "2026-12-31", "shipped": False}))
    assert [one["code"] for one in here["items"]] == ["TZ-1"]
    assert good(people["wang"].get("/api/v1/matters", {"on": "2027-01-01", "shipped": False}))["total"] == 0
