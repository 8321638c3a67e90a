"""Disclosure, service firms and exchange over the API: the whole way, and who sees what."""

import json
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huanzhi.ecocode.disclosure import lists, patrolling
from huanzhi.ecocode.disclosure.known import NOTHING
from huanzhi.ecocode.disclosure.models import Finding
from huanzhi.ecocode.services import quality, register
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.network.exchange.models import Target

pytestmark = pytest.mark.django_db
API = "/api/v1"
SECRET = "zqdraftsecret"
REPORT = {"content": {"basic": {"name": "企业1", "code": "E1"}, "other": {"words": "已披露内容"}}}
REPORT |= {"agreed": True, "person": "张三丰", "position": "法定代表人"}


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    for number in (1, 2):
        body = Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=city)
        save(SYSTEM, body)
        told = {"code": f"E{number}", "name": f"企业{number}", "region": city, "organisation": body}
        save(SYSTEM, Enterprise(**told, key_unit=True, simulated=True))
    return city


@pytest.fixture
def boss(city, sign_in):
    return sign_in("boss", city, "enterprise", Organisation.objects.get(code="O1"))


@pytest.fixture
def other(city, sign_in):
    return sign_in("other", city, "enterprise", Organisation.objects.get(code="O2"))


@pytest.fixture
def officer(city, sign_in):
    return sign_in("wang", city, "duty")


@pytest.fixture
def leader(city, sign_in):
    return sign_in("li", city, "leader")


@pytest.fixture
def listed(officer, leader):
    """Let the list of 2025 be published in its time."""
    who, head = (actor_of(Person.objects.get(code=code)) for code in ("wang", "li"))
    held = lists.draw_up(who, "990001", 2025, NOTHING, at(2025, 3, 1))
    lists.open_notice(who, held, at(2025, 3, 3))
    made = lists.propose_publish(who, held, "公示期满", at(2025, 3, 20))
    approve(head, made.pk, now=at(2025, 3, 21))


def at(*parts):
    return datetime(*parts, 4, tzinfo=UTC)


def ask(client, method, path, body=None, revision=None, status=200):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    told = None if body is None else json.dumps(body)
    call = getattr(client, method.lower())
    more = {} if told is None else {"data": told, "content_type": "application/json"}
    answer = call(API + path, headers=headers, **more)
    assert answer.status_code == status, answer.content.decode()
    return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.content


def test_an_enterprise_writes_attaches_commits_and_the_public_reads(listed, boss, officer):
    (item,) = ask(boss, "GET", "/disclosure/items")["items"]
    path = f"/disclosure/items/{item['code']}"
    shown = ask(boss, "GET", path)
    assert shown["overdue"] and shown["may_disclose"] and "basic" in shown["schema"]["properties"]
    ask(boss, "PUT", f"{path}/draft", {"content": {"basic": {"name": SECRET}}})
    file = SimpleUploadedFile("报告.pdf", b"%PDF-1.4 x", "application/pdf")
    assert boss.post(f"{API}{path}/attachments", {"file": file}).status_code == 201
    assert ask(boss, "GET", path)["draft"]["content"]["basic"]["name"] == SECRET
    assert SECRET not in json.dumps(ask(officer, "GET", path))
    fault = ask(boss, "POST", f"{path}/reports", {**REPORT, "agreed": False}, shown["revision"], 422)
    assert (fault["error"], fault["column"]) == ("disclosure.no_commitment", "agreed")
    assert ask(boss, "POST", f"{path}/reports", REPORT, 99, 412)["error"] == "records.stale"
    made = ask(boss, "POST", f"{path}/reports", REPORT, shown["revision"], 201)
    assert made["late"] and made["sound"] and made["commitment"]["person"] == "张三丰"
    public = Client()
    assert ask(public, "GET", "/open/disclosure")["total"] == 2
    page = ask(public, "GET", "/open/disclosure/E1")
    assert page["items"][0]["late"] and page["items"][0]["versions"][0]["number"] == 1
    read = ask(public, "GET", f"/open/disclosure-reports/{item['code']}/1")
    assert read["commitment"]["person"] == "张**" and "已披露内容" in json.dumps(read, ensure_ascii=False)
    bytes_ = ask(
        public,
        "GET",
        f"/open/disclosure-reports/{item['code']}/1/attachments/{read['attachments'][0]['sm3']}",
    )
    assert bytes_ == b"%PDF-1.4 x"
    fault = ask(boss, "POST", f"{path}/reports", REPORT, None, 422)
    assert fault["error"] == "disclosure.no_reason"


def test_the_patrol_its_notice_its_reply_and_the_bulletin(listed, boss, officer, other):
    assert ask(officer, "POST", "/disclosure/patrol", {})["found"] == 2
    ask(boss, "POST", "/disclosure/patrol", {}, status=403)
    (finding,) = ask(boss, "GET", "/disclosure/findings")["items"]
    path = f"/disclosure/findings/{finding['number']}"
    assert ask(boss, "GET", path)["moves"] == []
    ask(other, "GET", path, status=404)
    told = {"move": "notice", "words": "请补报"}
    noticed = ask(officer, "POST", f"{path}/moves", told, finding["revision"])
    assert noticed["state"] == "noticed" and noticed["reply_by"]
    assert [one["name"] for one in ask(boss, "GET", path)["moves"]] == ["reply"]
    ask(boss, "POST", f"{path}/moves", {"move": "reply", "words": "正在编制"}, noticed["revision"])
    assert ask(officer, "POST", f"{path}/moves", told, 1, 412)["error"] == "records.stale"
    span = "region=990001&first=2026-01-01&last=2026-12-31"
    document = ask(officer, "GET", f"/disclosure/bulletin?{span}")
    assert document[:2] == b"PK"
    ask(boss, "GET", f"/disclosure/bulletin?{span}", status=403)


def test_the_list_is_drawn_up_opened_and_proposed(officer, leader, boss):
    made = ask(officer, "POST", "/disclosure/lists", {"region": "990001", "year": 2027}, status=201)
    assert (made["entries"], made["state"]) == (2, "draft")
    ask(boss, "POST", "/disclosure/lists", {"region": "990001", "year": 2028}, status=403)
    opened = ask(officer, "POST", f"/disclosure/lists/{made['code']}/notice", {}, made["revision"])
    assert opened["state"] == "notice" and opened["notice_until"]
    early = ask(officer, "POST", f"/disclosure/lists/{made['code']}/publish", {"reason": "急"}, status=422)
    assert early["error"] == "disclosure.notice_runs"
    entry = ask(boss, "GET", "/disclosure/entries")["items"][0]
    told = ask(
        boss, "POST", f"/disclosure/entries/{entry['code']}/objections", {"words": "已停产"}, status=201
    )
    answer = {"state": "upheld", "words": "核实停产"}
    ask(officer, "POST", f"/disclosure/objections/{told['number']}/answer", answer)
    assert ask(boss, "GET", f"/disclosure/entries/{entry['code']}")["state"] == "removed"


@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
@pytest.mark.parametrize(
    "path",
    [
        *(
            f"/disclosure/{name}"
            for name in ("lists", "entries", "objections", "traits", "items", "findings")
        ),
        *(f"/services/{name}" for name in ("firms", "people", "works", "marks")),
        *(f"/exchange/{name}" for name in ("targets", "entries")),
    ],
)
def test_no_list_tells_another_enterprise_of_the_first(listed, officer, other, boss, path, form):
    who = actor_of(Person.objects.get(code="wang"))
    lists.set_trait(who, Enterprise.objects.get(code="E1"), {"listed": True, "words": "仅一企业"})
    patrolling.patrol(NOTHING, at(2026, 5, 1))
    firm = register.enter_firm(
        who, "SIM-1", {"name": "机构", "kind": "testing", "region": "990001"}, simulated=True
    )
    told = {"firm": firm.code, "enterprise": "E1", "title": "成果", "begun": at(2026, 1, 1).date()}
    work = register.enter_work(who, told, at(2026, 2, 1).date())
    quality.check(
        who,
        work,
        dict.fromkeys(("complete", "sound", "method", "conclusion", "timely"), "yes"),
        "",
        at(2026, 2, 1).date(),
    )
    save(SYSTEM, Target(code="t", name="对象", region=Region.objects.get(), payloads=[], purpose="x"))
    answer = other.get(f"{API}{path}?format={form}&limit=100")
    assert answer.status_code == 200
    if form == "json":
        words = answer.content.decode()
        assert "E1" not in words and "企业1" not in words
        if path.startswith("/exchange"):
            assert answer.json()["total"] == 0
    assert officer.get(f"{API}{path}").json()["total"] >= (
        0 if path.endswith(("objections", "entries", "people", "marks")) else 1
    )
    assert Client().get(f"{API}{path}").status_code == 401
    assert Finding.objects.exists()


def test_firms_are_entered_checked_graded_put_out_and_searched(officer, leader, boss):
    told = {"name": "模拟检测公司", "kind": "testing", "region": "990001", "phone": "13800000000"}
    assert ask(officer, "PUT", "/services/firms/123", told, status=422)["error"] == "services.code"
    who = actor_of(Person.objects.get(code="wang"))
    register.enter_firm(who, "SIM-1", told, simulated=True)
    work = {"firm": "SIM-1", "enterprise": "E1", "title": "监测", "begun": "2026-09-01"}
    made = ask(officer, "POST", "/services/works", work, status=201)
    answers = dict.fromkeys(("complete", "sound", "method", "conclusion", "timely"), "yes")
    checked = ask(
        officer,
        "POST",
        f"/services/works/{made['number']}/checks",
        {"answers": answers},
        made["revision"],
        201,
    )
    assert (checked["score"], checked["verdict"]) == ("100", "good")
    firm = ask(officer, "POST", "/services/firms/SIM-1/grade", {})
    assert (firm["grade"], firm["phone"]) == ("A", "13800000000") and firm["why"]["hits"]
    seen = ask(boss, "GET", "/services/firms/SIM-1")
    assert seen["grade"] == "A" and seen["phone"] is None
    ask(
        boss,
        "POST",
        "/services/firms/SIM-1/marks",
        {"kind": "praise", "day": "2026-10-01", "words": "x"},
        status=403,
    )
    falsified = {"kind": "falsified", "day": "2026-10-01", "words": "虚假报告"}
    assert ask(officer, "POST", "/services/firms/SIM-1/marks", falsified, status=201)["standing"] == "warned"
    proposed = ask(
        officer, "POST", "/services/firms/SIM-1/standing", {"to": "exited", "reason": "造假"}, status=201
    )
    approve(actor_of(Person.objects.get(code="li")), proposed["proposal"], now=datetime.now(UTC))
    open_ = ask(Client(), "GET", "/open/services?q=模拟")
    assert open_["items"][0]["standing"] == "exited" and "13800000000" not in json.dumps(open_)
    assert ask(Client(), "GET", "/open/services/SIM-1")["marks"][0]["words"] == "虚假报告"


def test_targets_are_agreed_rows_previewed_sent_pulled_and_files_fetched(city, sign_in, officer, boss):
    data = sign_in("data", city, "data_admin")
    told = {"name": "城市大脑", "region": "990001", "payloads": ["indicators"], "purpose": "试"}
    ask(officer, "PUT", "/exchange/targets/brain", told, status=403)
    made = ask(data, "PUT", "/exchange/targets/brain", told)
    assert not made["has_secret"]
    wrong = {**told, "way": "http", "address": "file:///etc/passwd"}
    assert ask(data, "PUT", "/exchange/targets/brain", wrong, status=422)["error"] == "exchange.address"
    secret = ask(data, "POST", "/exchange/targets/brain/secret", {})["secret"]
    assert len(secret) == 64 and ask(data, "GET", "/exchange/targets/brain")["has_secret"]
    ask(officer, "POST", "/exchange/targets/brain/secret", {}, status=403)
    preview = ask(officer, "GET", "/exchange/targets/brain/preview/indicators")
    sent = ask(officer, "POST", "/exchange/entries", {"target": "brain", "payload": "indicators"}, status=201)
    assert (sent["state"], sent["rows"]) == ("sent", preview["total"])
    file = ask(officer, "GET", f"/exchange/entries/{sent['number']}/file")
    assert file[:2] == b"PK"
    ask(boss, "GET", f"/exchange/entries/{sent['number']}/file", status=404)
    ask(officer, "GET", "/exchange/targets/brain/pull/indicators")
    assert ask(officer, "GET", "/exchange/entries?direction=pull")["total"] == 1
    bad = officer.post(f"{API}/exchange/files", {"file": SimpleUploadedFile("x.zip", b"no")})
    assert bad.status_code == 422 and bad.json()["error"] == "exchange.not_parcel"
    for path in ("/exchange/targets", "/exchange/entries", f"/exchange/entries/{sent['number']}"):
        assert secret not in data.get(API + path).content.decode()
