"""Inspections over the API: pools, commitment, reveal, visit, findings, publication; and what is refused."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huanzhi.center.inspections import drawing
from huanzhi.center.inspections.models import Draw, DrawSecret, Inspector, Subject, Task
from huanzhi.center.issues.models import Issue
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry
from huanzhi.rules import draws

pytestmark = pytest.mark.django_db
API = "/api/v1"
BEACON = "03 07 11 19 25 30 + 12"
COUNT = 20


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    for code, name in (("990011", "甲区"), ("990012", "乙区")):
        save(SYSTEM, Region(code=code, name=name, level="county", parent=city))
    for number in range(COUNT):
        region = Region.objects.get(pk=("990011", "990012")[number % 2])
        body = save(
            SYSTEM, Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=region)
        )
        enterprise = Enterprise(
            code=f"E{number:02}",
            name=f"企业{number}",
            region=region,
            organisation=body,
            key_unit=number < 8,
            simulated=True,
        )
        save(SYSTEM, enterprise)
        save(SYSTEM, Outlet(code=f"W{number}", name="总排口", medium="water", enterprise=enterprise))
    return city


@pytest.fixture
def duty(city, sign_in):
    return sign_in("zhang", city, "duty")


@pytest.fixture
def team(city, duty, sign_in):
    """Make six inspectors of the bureau, each with a session."""
    bureau = Organisation.objects.get(code="B990001")
    clients = {}
    for number in range(6):
        clients[f"P{number}"] = sign_in(f"wang{number}", city, "inspector", bureau)
        person = Person.objects.get(code=f"wang{number}")
        made = Inspector(
            code=f"P{number}",
            name=f"检查员{number}",
            organisation=bureau,
            person=person,
            skills="water,air",
            simulated=True,
        )
        save(SYSTEM, made)
    return clients


@pytest.fixture
def leader(city, sign_in):
    return sign_in("li", city, "leader")


def post(client, path, body=None, revision=None, status=200):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    answer = client.post(API + path, json.dumps(body or {}), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def planned(client, kind="random", **more):
    told = {
        "kind": kind,
        "title": "2026 年检查",
        "begins": "2026-01-01",
        "ends": "2026-12-31",
        "region": "990001",
        "checklist": "look_back" if kind == "look_back" else "general",
    }
    return post(client, "/inspection-plans", told | more, status=201)


def committed(client, plan, **more):
    due = datetime.now(UTC) + timedelta(hours=2)
    told = {"plan": plan["number"], "quarter": 4, "source": "双色球 2026134", "due": due.isoformat()}
    return post(client, "/inspection-draws", told | more, status=201)


def pass_time(number, monkeypatch):
    """Let the moment of the public value pass: the clock of the API stands a day later."""
    from huanzhi.web.api import draws as views

    class Later(datetime):
        @classmethod
        def now(cls, zone=None):
            return datetime.now(zone) + timedelta(days=1)

    monkeypatch.setattr(views, "datetime", Later)


@pytest.fixture
def drawn(duty, team, monkeypatch):
    draw = committed(duty, planned(duty))
    pass_time(draw["number"], monkeypatch)
    path = f"/inspection-draws/{draw['number']}/reveal"
    return post(duty, path, {"beacon": BEACON}, draw["revision"])


def filled(client, task, **found):
    """Arrive and answer every item; `found` holds the items that are not met."""
    task = post(client, f"/inspections/{task['number']}/moves", {"move": "begin"}, task["revision"])
    answers = {item["code"]: {"result": "ok"} for item in task["items"]}
    answers |= {code: {"result": "not_met", "words": words} for code, words in found.items()}
    path = f"/inspections/{task['number']}/answers"
    return post(client, path, {"answers": answers}, task["revision"])


def mine_of(team, drawn):
    """Return a task and the session of one of its inspectors."""
    task = Task.objects.filter(draw__number=drawn["number"]).order_by("number").first()
    client = team[task.inspectors.order_by("code").first().code]
    return get(client, f"/inspections/{task.number}"), client


def test_the_plan_says_what_a_quarter_asks_and_on_what_basis(duty, team):
    from huanzhi.center.inspections.pools import refresh

    refresh(datetime.now(UTC))
    plan = planned(duty)
    quotas = {row["class"]: row for row in plan["quotas"]}
    assert (quotas["key"]["objects"], quotas["key"]["take"]) == (8, 2)
    assert quotas["general"]["objects"] == 12
    assert quotas["key"]["confidence"].startswith("DEFAULT")
    assert quotas["key"]["floor"]["confidence"] == "ONE SOURCE"
    assert quotas["general"]["floor"]["objects_per_inspector"] == 5
    assert quotas["general"]["take"] == max(1, quotas["general"]["floor"]["number"])


def test_the_whole_way(duty, team, leader, monkeypatch):
    plan = planned(duty)
    draw = committed(duty, plan)
    paper = Client().get(f"{API}/inspection-draws/{draw['number']}/paper").json()
    assert draws.verify(paper, commitment=draw["commitment"]).state == "committed"
    words = json.dumps(paper, ensure_ascii=False)
    assert "企业" not in words and DrawSecret.objects.get().seed not in words
    early = post(duty, f"/inspection-draws/{draw['number']}/reveal", {"beacon": BEACON}, status=422)
    assert early["error"] == "draws.early"
    pass_time(draw["number"], monkeypatch)
    path = f"/inspection-draws/{draw['number']}/reveal"
    drawn = post(duty, path, {"beacon": BEACON}, draw["revision"])
    assert (drawn["state"], drawn["beacon"]) == ("drawn", BEACON)
    name = Person.objects.get(code="zhang").name
    assert (drawn["made_by"], drawn["revealed_by"]) == (name, name)
    assert get(Client(), f"/inspection-draws/{draw['number']}")["made_by"] == plan["organisation_name"]
    verdict = get(
        Client(), f"/inspection-draws/{draw['number']}/verification?beacon=03+07+11+19+25+30+%2B+12"
    )
    assert (verdict["whole"], verdict["state"]) == (True, "drawn")
    assert (
        get(Client(), f"/inspection-draws/{draw['number']}/verification?beacon=1")["fault"]
        == "draws.other_beacon"
    )
    task, inspector = mine_of(team, drawn)
    assert task["state"] == "assigned" and len(task["team"]) == 2 and task["due"]
    task = filled(inspector, task, water_outlet="外排水呈黄色")
    file = SimpleUploadedFile("现场.jpg", b"picture", "image/jpeg")
    told = "kind=photo&item=water_outlet&lon=121.5&lat=29.9"
    proof = f"{API}/inspections/{task['number']}/evidence?{told}"
    assert inspector.post(proof, {"file": file}).status_code == 201
    path = f"/inspections/{task['number']}/moves"
    body = {"move": "file", "conclusion": "发现一处问题", "signed_by": "检查员"}
    task = post(inspector, path, body, task["revision"])
    assert (task["state"], task["result"], task["findings"]) == ("filed", "found", 1)
    issue = Issue.objects.get(number=task["answers"]["water_outlet"]["issue"])
    assert (issue.channel, issue.category, issue.enterprise) == ("draw", "outlet_water", task["enterprise"])
    assert issue.evidence.get().name == "现场.jpg"
    assert "confirm" not in [one["name"] for one in task["moves"]]
    task = get(leader, f"/inspections/{task['number']}")
    task = post(leader, path, {"move": "confirm"}, task["revision"])
    assert task["publish_due"] or task["publish_note"]
    assert get(Client(), "/inspection-results")["total"] == 0
    post(leader, path, {"move": "publish", "words": "发现问题，已立案整改"}, task["revision"])
    public = get(Client(), "/inspection-results")
    assert public["items"][0]["public_words"] == "发现问题，已立案整改"
    assert "enterprise" not in public["items"][0]
    opened = Client().get(f"{API}/inspection-draws/{draw['number']}/paper").json()
    assert task["subject"] in json.dumps(opened, ensure_ascii=False)
    assert draws.verify(opened).names == 3


def test_nobody_else_knows_whom_a_secret_visit_concerns(city, duty, team, leader, drawn, sign_in):
    task, inspector = mine_of(team, drawn)
    owner = Organisation.objects.get(code=f"O{int(task['enterprise'][1:])}")
    enterprise = sign_in("boss", owner.region, "enterprise", owner)
    others = [code for code in team if code not in [one["code"] for one in task["team"]]]
    for client in (enterprise, leader, team[others[0]], sign_in("x", city, "audit")):
        get(client, f"/inspections/{task['number']}", 404)
        assert task["subject"] not in client.get(f"{API}/inspections?limit=100").content.decode()
        assert task["subject"] not in client.get(f"{API}/inspection-draws/{drawn['number']}").content.decode()
    get(Client(), "/inspections", 401)
    filled(inspector, task)
    assert get(enterprise, f"/inspections/{task['number']}")["number"] == task["number"]
    assert "risk_score" not in get(enterprise, f"/inspections/{task['number']}")
    get(leader, f"/inspections/{task['number']}")


def test_the_secret_is_in_no_entry_of_the_trail(duty, team, drawn):
    seed = DrawSecret.objects.get().seed
    salts = [one["salt"] for one in DrawSecret.objects.get().openings]
    bodies = "".join(Entry.objects.values_list("body", flat=True))
    assert seed not in bodies
    assert not any(salt in bodies for salt in salts)


def test_one_open_draw_a_quarter_and_a_given_up_one_stays(duty, team):
    plan = planned(duty)
    draw = committed(duty, plan)
    due = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    again = {"plan": plan["number"], "quarter": 4, "source": "xx", "due": due}
    assert post(duty, "/inspection-draws", again, status=409)["error"] == "inspections.draw_open"
    path = f"/inspection-draws/{draw['number']}/abandon"
    assert post(duty, path, {"reason": " "}, status=422)["error"] == "inspections.no_reason"
    post(duty, path, {"reason": "名录有误"}, draw["revision"])
    other = committed(duty, plan)
    listed = get(Client(), "/inspection-draws")["items"]
    assert [(one["number"], one["state"], one["reason"]) for one in listed] == [
        (other["number"], "committed", ""),
        (draw["number"], "abandoned", "名录有误"),
    ]
    assert other["paper"]["terms"]["previous"] == draw["commitment"]


def test_a_public_value_of_the_past_is_refused(duty, team):
    told = {
        "plan": planned(duty)["number"],
        "quarter": 4,
        "source": "双色球",
        "due": "2026-01-01T21:15:00+08:00",
    }
    assert post(duty, "/inspection-draws", told, status=422)["error"] == "draws.past"
    assert not Draw.objects.exists()


def test_conflicts_keep_people_away(duty, team, monkeypatch):
    for enterprise in Enterprise.objects.all():
        body = {"inspector": "P0", "enterprise": enterprise.code, "kind": "relative"}
        post(duty, "/inspection-conflicts", body, status=201)
    draw = committed(duty, planned(duty))
    pass_time(draw["number"], monkeypatch)
    post(duty, f"/inspection-draws/{draw['number']}/reveal", {"beacon": "1"})
    sent = set(Task.objects.values_list("inspectors__code", flat=True))
    assert "P0" not in sent and len(sent) > 1
    plan = planned(duty, "special")
    body = {"enterprises": ["E00"], "inspectors": ["P0", "P1"]}
    refused = post(duty, f"/inspection-plans/{plan['number']}/tasks", body, status=422)
    assert refused["error"] == "inspections.conflict"


def test_nobody_visits_twice_in_a_row(duty, team):
    plan = planned(duty, "special", secret=False)
    path = f"/inspection-plans/{plan['number']}/tasks"
    made = post(duty, path, {"enterprises": ["E00"], "inspectors": ["P0", "P1"]}, status=201)["items"][0]
    filled(team["P0"], get(team["P0"], f"/inspections/{made['number']}"))
    refused = post(duty, path, {"enterprises": ["E00"], "inspectors": ["P1", "P2"]}, status=422)
    assert (refused["error"], refused["expected"]) == ("inspections.conflict", "last_visit")
    post(duty, path, {"enterprises": ["E00"], "inspectors": ["P2", "P3"]}, status=201)
    pairs = drawing.conflicts(
        Inspector.objects.all(),
        Subject.objects.all() or [Subject(code="E00", enterprise=Enterprise.objects.get(code="E00"))],
    )
    assert ("P2", "E00", "last_visit") not in pairs and ("P0", "E00", "last_visit") in pairs


def test_teams_are_of_two_and_the_stranger_may_not_file(duty, team, leader):
    plan = planned(duty, "unannounced", secret=False)
    path = f"/inspection-plans/{plan['number']}/tasks"
    assert (
        post(duty, path, {"enterprises": ["E01"], "inspectors": ["P0"]}, status=422)["error"]
        == "inspections.few"
    )
    number = post(duty, path, {"enterprises": ["E01"], "inspectors": ["P0", "P1"]}, status=201)["items"][0][
        "number"
    ]
    refused = post(team["P5"], f"/inspections/{number}/moves", {"move": "begin"}, status=403)
    assert refused["error"] == "inspections.not_yours"
    post(leader, f"/inspections/{number}/moves", {"move": "begin"}, status=403)


def test_what_is_compulsory_is_asked_for(duty, team):
    plan = planned(duty, "special", secret=False)
    body = {"enterprises": ["E02"], "inspectors": ["P0", "P1"]}
    number = post(duty, f"/inspection-plans/{plan['number']}/tasks", body, status=201)["items"][0]["number"]
    path = f"/inspections/{number}"
    early = post(team["P0"], f"{path}/answers", {"answers": {"permit": {"result": "ok"}}}, status=409)
    assert early["error"] == "inspections.not_now"
    task = post(team["P0"], f"{path}/moves", {"move": "begin"}, 1)
    bare = post(team["P0"], f"{path}/moves", {"move": "file", "conclusion": "好"}, status=422)
    assert bare["error"] == "inspections.unanswered"
    wrong = {"answers": {"nothing": {"result": "ok"}}}
    assert post(team["P0"], f"{path}/answers", wrong, status=422)["error"] == "inspections.no_item"
    answers = {item["code"]: {"result": "ok"} for item in task["items"]} | {"permit": {"result": "not_met"}}
    post(team["P0"], f"{path}/answers", {"answers": answers}, task["revision"])
    stale = post(team["P1"], f"{path}/answers", {"answers": answers}, task["revision"], status=412)
    assert stale["error"] == "records.stale"
    told = post(team["P0"], f"{path}/moves", {"move": "file", "conclusion": "差"}, status=422)
    assert told["error"] == "inspections.no_words"
    done = {"move": "file", "result": "closed", "conclusion": "已搬迁"}
    assert post(team["P0"], f"{path}/moves", done)["result"] == "closed"
    assert not Issue.objects.exists()


def test_who_visited_may_not_confirm(city, duty, team, sign_in):
    plan = planned(duty, "special", secret=False)
    body = {"enterprises": ["E03"], "inspectors": ["P0", "P1"]}
    number = post(duty, f"/inspection-plans/{plan['number']}/tasks", body, status=201)["items"][0]["number"]
    task = filled(team["P0"], get(team["P0"], f"/inspections/{number}"))
    post(duty, f"/inspections/{number}/moves", {"move": "file", "conclusion": "代为提交"}, task["revision"])
    refused = post(duty, f"/inspections/{number}/moves", {"move": "confirm"}, status=403)
    assert refused["error"] == "inspections.same_person"


def test_another_team_is_sent_with_a_reason(duty, team, drawn):
    task, inspector = mine_of(team, drawn)
    spare = [code for code in team if code not in [one["code"] for one in task["team"]]][:2]
    seen = get(duty, f"/inspections/{task['number']}")
    assert seen["may_substitute"]
    path = f"/inspections/{task['number']}/team"
    post(duty, path, {"inspectors": spare, "reason": ""}, status=422)
    done = post(duty, path, {"inspectors": spare, "reason": "原检查人员病假"}, seen["revision"])
    assert [one["code"] for one in done["team"]] == spare
    get(inspector, f"/inspections/{task['number']}", 404)
    assert get(Client(), f"/inspection-draws/{drawn['number']}/verification")["whole"]


def test_a_relapse_opens_the_issue_again(city, duty, team):
    from huanzhi.center.issues.opening import Draft, open_issue

    issue = open_issue(SYSTEM, Draft("旧问题", "odour", "handed", "990011", enterprise="E04"))
    Issue.objects.filter(pk=issue.pk).update(state="written_off", closed=datetime.now(UTC))
    plan = planned(duty, "look_back", secret=False)
    day = datetime.now(UTC).date()
    span = {"first": (day - timedelta(days=3)).isoformat(), "last": (day + timedelta(days=1)).isoformat()}
    body = {**span, "seed": "2026", "inspectors": ["P0", "P1"]}
    made = post(duty, f"/inspection-plans/{plan['number']}/look-back", body, status=201)["items"]
    assert len(made) == 1
    task = filled(team["P0"], get(team["P0"], f"/inspections/{made[0]['number']}"), mended="异味再现")
    done = {"move": "file", "conclusion": "反弹"}
    task = post(team["P0"], f"/inspections/{task['number']}/moves", done, task["revision"])
    assert task["result"] == "relapsed"
    issue.refresh_from_db()
    assert (issue.state, issue.reopened) == ("accepted", 1)


def test_first_frequency_and_hits(duty, team, drawn):
    first = get(duty, "/inspection-first?region=990001")
    assert first["items"][0]["score"] >= first["items"][-1]["score"]
    assert first["items"][0]["reasons"] and first["total"] == COUNT
    task, inspector = mine_of(team, drawn)
    task = filled(inspector, task, waste="危废未贴标签")
    done = {"move": "file", "conclusion": "有问题"}
    post(inspector, f"/inspections/{task['number']}/moves", done, task["revision"])
    hits = get(duty, "/inspection-first")["hits"]
    assert hits["listed"]["visits"] + hits["other"]["visits"] == 1
    assert hits["sorts"][0]["precision"] == 1.0
    rows = {row["code"]: row for row in get(duty, "/inspection-frequency?limit=100")["items"]}
    assert rows[task["enterprise"]]["actual"] == 1
    assert rows["E00"]["year"] == "1"
    groups = {row["code"]: row for row in get(duty, "/inspection-frequency/groups")["kind"]}
    assert (
        groups["key"]["objects"]
        + groups["general"]["objects"]
        + groups.get("special", {"objects": 0})["objects"]
        == COUNT
    )


def test_the_credit_grade_changes_weight_and_share(duty, team):
    from huanzhi.center.inspections.pools import refresh

    refresh(datetime.now(UTC))
    plain = Subject.objects.get(code="E00")
    answer = duty.patch(
        f"{API}/inspection-objects/E00", json.dumps({"credit": "poor"}), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content.decode()
    refresh(datetime.now(UTC))
    worse = Subject.objects.get(code="E00")
    assert worse.share_ppm == 2 * plain.share_ppm
    assert worse.score > plain.score
    told = get(duty, "/inspection-objects/E00/why")
    assert told["share"]["outputs"]["share"] == "0.5"
    assert refresh(datetime.now(UTC)) == 0


def test_lists_go_out_as_files(duty, team, drawn):
    for path in ("inspections", "inspection-plans", "inspection-draws", "inspectors", "inspection-objects"):
        for form in ("csv", "xlsx"):
            assert duty.get(f"{API}/{path}?format={form}").status_code == 200
    assert get(duty, "/inspection-words")["terms"]["publish"]["confidence"] == "MEMORY ONLY"
