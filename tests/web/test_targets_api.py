"""Targets over the API: bound from a document, judged from data, frozen by two, with both citations."""

import io
import json
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from tests.programmes.indicators.made import PLAN, fill

from huanzhi.library.indicators.models import Target
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import open_store

pytestmark = pytest.mark.django_db
API = "/api/v1"


class Reads:
    """Stands for the readers of the service."""

    def __init__(self, home):
        self.home = home

    async def run(self, work):
        with open_store("read", self.home) as store:
            return work(store)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    levels = {2023: 45, 2024: 43, 2025: 41, 2026: 36}
    return fill(tmp_path_factory.mktemp("targets"), levels, date(2026, 9, 30))


@pytest.fixture
def city(db, monkeypatch, tmp_path, home):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    parts = SimpleNamespace(readers=Reads(home))
    monkeypatch.setattr("huanzhi.web.api.indicator_reading.parts_of", lambda request: parts)
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    for code, name in (("990011", "东区"), ("990012", "西区")):
        save(SYSTEM, Region(code=code, name=name, level="county", parent=city, simulated=True))
    save(SYSTEM, Organisation(code="bureau", name="模拟市生态环境局", kind="bureau", region=city))
    return city


@pytest.fixture
def duty(city, sign_in):
    return sign_in("duty", city, "duty", Organisation.objects.get(code="bureau"))


@pytest.fixture
def leader(city, sign_in):
    return sign_in("leader", city, "leader", Organisation.objects.get(code="bureau"))


def call(client, method, path, given=None, revision=None, status=200):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    send = getattr(client, method)
    answer = send(API + path, json.dumps(given or {}), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200, **headers):
    answer = client.get(API + path, headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


@pytest.fixture
def plan(duty):
    file = SimpleUploadedFile("计划.txt", PLAN.encode(), "text/plain")
    answer = duty.post(f"{API}/plans", {"file": file})
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def desk(client, plan):
    return {one["words"]: one for one in get(client, f"/plans/{plan['number']}/targets")["items"]}


def accept(client, plan, one):
    path = f"/plans/{plan['number']}/items/{one['place']}"
    return call(client, "post", path, {"review": "accepted"}, one["revision"])


def bind(client, plan, name, status=201, **told):
    one = desk(client, plan)[name]
    if one["review"] == "open":
        accept(client, plan, one)
        one = desk(client, plan)[name]
    told = {"indicator": one["candidates"][0]["code"], **told}
    return call(
        client, "post", f"/plans/{plan['number']}/targets/{one['place']}", told, one["revision"], status
    )


def proposed(client, subject):
    rows = get(client, "/proposals?state=open")["items"]
    (found,) = [one for one in rows if one["subject"] == subject]
    return found


def test_an_item_is_offered_its_indicator_and_a_damaged_one_cannot_be_bound(duty, plan):
    items = desk(duty, plan)
    fine = items["细颗粒物(PM2.5)平均浓度"]
    assert fine["candidates"][0]["code"] == "pm25_mean"
    assert fine["candidates"][0]["same"] and fine["candidates"][0]["unit_fits"]
    assert fine["obstacle"]  # not accepted yet
    lost = next(one for one in items.values() if "value" in one["told"]["damaged"])
    assert "残缺" in lost["obstacle"]
    path = f"/plans/{plan['number']}/targets/{lost['place']}"
    refused = call(duty, "post", path, {"indicator": "wetland_protection"}, lost["revision"], 422)
    assert refused["error"] == "indicators.bind_no"
    assert not Target.objects.exists()


def test_what_is_not_accepted_cannot_be_bound(duty, plan):
    one = desk(duty, plan)["细颗粒物(PM2.5)平均浓度"]
    path = f"/plans/{plan['number']}/targets/{one['place']}"
    assert (
        call(duty, "post", path, {"indicator": "pm25_mean"}, one["revision"], 422)["error"]
        == "indicators.bind_no"
    )


def test_a_unit_of_another_quantity_is_refused(duty, plan):
    refused = bind(duty, plan, "细颗粒物(PM2.5)平均浓度", 422, indicator="good_day_rate")
    assert refused["error"] == "indicators.unit"


def test_a_bound_target_is_judged_and_cites_document_and_data(duty, plan):
    made = bind(duty, plan, "细颗粒物(PM2.5)平均浓度")
    assert (made["value"], made["stretch"], made["op"], made["year"]) == ("35", "33", "≤", 2026)
    basis = made["basis"]
    assert PLAN[basis["start"] : basis["end"]] == basis["quote"]
    assert len(basis["sha256"]) == 64
    done = call(duty, "post", f"/targets/{made['number']}/judge", {"day": "2026-09-30"}, made["revision"])
    judged = done["judged"]
    assert judged["verdict"] in ("on_track", "at_risk")
    figure = judged["measured"]
    assert figure["count"] == 273 and figure["left"] == 92
    assert [one["number"] for one in figure["basis"]["editions"]][:2] == ["HJ 663-2013", "HJ 663-2026"]
    cited = figure["basis"]["files"]
    assert [one["name"] for one in cited] == ["days-2026.csv"]
    assert (cited[0]["first_row"], cited[0]["last_row"]) == (1098, 1370)
    assert "余下 92 天最高可平均" in judged["allowance"]["words"]
    assert judged["outlook"]["years"] == 3
    assert done["simulated"]
    english = get(duty, f"/targets/{made['number']}", **{"Accept-Language": "en"})["judged"]
    assert "92 days that remain" in english["allowance"]["words"]


def test_the_report_is_a_word_file_with_both_citations(duty, plan):
    bind(duty, plan, "细颗粒物(PM2.5)平均浓度")
    bind(duty, plan, "空气质量优良天数比率")
    answer = duty.get(f"{API}/targets/report?region=990001&year=2026&day=2026-09-30")
    assert answer.status_code == 200, answer.content.decode()
    said = "\n".join(paragraph.text for paragraph in Word(io.BytesIO(answer.content)).paragraphs)
    assert "下降到35微克/立方米" in said
    assert "空气质量优良天数比率达到85%以上" in said
    assert "days-2026.csv" in said
    assert "HJ 633-2026" in said and "模拟" in said


def test_good_days_say_how_many_bad_ones_are_affordable(duty, plan):
    made = bind(duty, plan, "空气质量优良天数比率")
    done = call(duty, "post", f"/targets/{made['number']}/judge", {"day": "2026-09-30"}, made["revision"])
    # ten bad days in January: 365 days at 84.95 % need 311 good ones, so 54 bad ones in all.
    assert done["judged"]["allowance"]["number"] == "44"
    assert done["judged"]["measured"]["part"] == 263


def test_an_item_is_bound_once(duty, plan):
    bind(duty, plan, "空气质量优良天数比率")
    assert bind(duty, plan, "空气质量优良天数比率", 422)["error"] == "indicators.bind_twice"


def test_a_path_is_frozen_by_two_people_and_its_revisions_stay(duty, leader, plan):
    made = bind(duty, plan, "细颗粒物(PM2.5)平均浓度", base_year=2023, base_value="45")
    assert [one["value"] for one in made["path"]] == ["41.7", "38.3", "35"]
    path = f"/targets/{made['number']}"
    asked = call(duty, "post", f"{path}/freeze", {"reason": "年度计划"}, made["revision"], 201)
    assert asked["path_state"] == "proposed"
    (waiting,) = [
        one for one in get(duty, "/proposals?state=open")["items"] if one["subject"] == made["number"]
    ]
    own = call(duty, "post", f"/proposals/{waiting['id']}/approve", {"reason": "同意"}, status=403)
    assert own["error"] in ("proposals.same_person", "rights.refused")
    call(leader, "post", f"/proposals/{waiting['id']}/approve", {"reason": "同意"})
    frozen = get(duty, path)
    assert frozen["path_state"] == "frozen"
    assert frozen["path_steps"][0]["proposer"] == "duty" and frozen["path_steps"][0]["decider"] == "leader"
    rows = [{"day": "2025-12-31", "value": "38"}, {"day": "2026-12-31", "value": "35"}]
    silent = call(duty, "put", f"{path}/path", {"milestones": rows}, frozen["revision"], 422)
    assert silent["error"] == "indicators.path_reason"
    told = {"milestones": rows, "reason": "调整"}
    laid = call(duty, "put", f"{path}/path", told, frozen["revision"])
    assert laid["path_state"] == "draft" and len(laid["path_steps"]) == 1


def test_a_milestone_judges_the_years_before(duty, leader, plan):
    made = bind(duty, plan, "细颗粒物(PM2.5)平均浓度", base_year=2023, base_value="45")
    path = f"/targets/{made['number']}"
    early = call(duty, "post", f"{path}/judge", {"day": "2025-12-31"}, made["revision"])
    assert early["judged"]["verdict"] == "unknown"  # the path is a draft
    call(duty, "post", f"{path}/freeze", {"reason": "年度计划"}, early["revision"], 201)
    (waiting,) = [
        one for one in get(duty, "/proposals?state=open")["items"] if one["subject"] == made["number"]
    ]
    call(leader, "post", f"/proposals/{waiting['id']}/approve", {"reason": "同意"})
    frozen = get(duty, path)
    done = call(duty, "post", f"{path}/judge", {"day": "2025-12-31"}, frozen["revision"])
    assert done["judged"]["goal"] == "38.3"
    assert done["judged"]["verdict"] == "not_met"


def test_a_path_must_end_on_the_target(duty, plan):
    made = bind(duty, plan, "细颗粒物(PM2.5)平均浓度")
    told = {"milestones": [{"day": "2026-12-31", "value": "36"}]}
    refused = call(duty, "put", f"/targets/{made['number']}/path", told, made["revision"], 422)
    assert refused["error"] == "indicators.path_end"


def test_a_stale_change_is_refused(duty, plan):
    made = bind(duty, plan, "细颗粒物(PM2.5)平均浓度")
    call(duty, "post", f"/targets/{made['number']}/judge", {"day": "2026-09-30"}, made["revision"])
    call(duty, "post", f"/targets/{made['number']}/judge", {"day": "2026-09-30"}, made["revision"], 412)


def test_parts_weigh_or_it_cannot_be_said(duty):
    told = {"indicator": "pm25_mean", "year": 2026, "op": "≤"}
    whole = call(duty, "post", "/targets", {**told, "region": "990001", "value": "35"}, status=201)
    first = {**told, "region": "990011", "value": "36", "parent": whole["number"]}
    call(duty, "post", "/targets", first, status=201)
    found = get(duty, f"/targets/breakdown/{whole['number']}")["consistency"]
    assert found["holds"] is None
    assert any("西区" in reason for reason in found["reasons"])


def test_a_year_out_of_reach_names_no_places(duty, city):
    told = {"indicator": "pm25_mean", "region": "990001", "year": 2019, "op": "≤", "value": "35"}
    made = call(duty, "post", "/targets", told, status=201)
    done = call(duty, "post", f"/targets/{made['number']}/judge", {"day": "2026-09-30"}, made["revision"])
    assert done["judged"]["verdict"] == "unknown"


def test_others_may_not_make_targets(city, sign_in):
    reader = sign_in("reader", city, "reader")
    told = {"indicator": "pm25_mean", "region": "990001", "year": 2026, "op": "≤", "value": "35"}
    call(reader, "post", "/targets", told, status=403)


def test_targets_of_another_region_are_not_seen(duty, city, sign_in):
    told = {"indicator": "pm25_mean", "region": "990012", "year": 2026, "op": "≤", "value": "35"}
    made = call(duty, "post", "/targets", told, status=201)
    other = sign_in("east", Region.objects.get(pk="990011"), "branch")
    get(other, f"/targets/{made['number']}", 404)
    assert get(other, "/targets")["total"] == 0


def test_the_curve_and_the_figure_of_an_indicator(duty):
    figure = get(duty, "/indicators/pm25_mean/figure?region=990001&year=2025&day=2025-12-31")
    assert figure["count"] == 365 and figure["value"] == "43"
    curve = get(duty, "/indicators/good_day_rate/curve?region=990001&year=2026&day=2026-03-10")
    assert [one["month"] for one in curve["points"]] == ["2026-01", "2026-02", "2026-03"]
    assert curve["points"][0]["value"] == "67.7"
    assert curve["points"][1]["so_far"] == "83.1"


def test_a_reported_value_counts_once_another_person_confirmed_it(duty, leader, city):
    file = SimpleUploadedFile("佐证.pdf", b"proof", "application/pdf")
    told = {"region": "990001", "first": "2026-01-01", "last": "2026-06-30", "value": "93.5", "unit": "%"}
    answer = duty.post(f"{API}/indicators/farmland_safe_use/values", {**told, "file": file})
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json()
    assert made["state"] == "proposed"
    figure = get(duty, "/indicators/farmland_safe_use/figure?region=990001&year=2026&day=2026-09-30")
    assert figure["value"] is None
    (waiting,) = [
        one for one in get(duty, "/proposals?state=open")["items"] if one["subject"] == made["code"]
    ]
    call(leader, "post", f"/proposals/{waiting['id']}/approve", {"reason": "同意"})
    figure = get(duty, "/indicators/farmland_safe_use/figure?region=990001&year=2026&day=2026-09-30")
    assert figure["value"] == "93.5"
    proof = duty.get(f"{API}/indicator-values/{made['code'].replace('#', '%23')}/evidence/0")
    assert b"".join(proof) == b"proof"


def test_a_value_without_evidence_or_of_a_reckoned_indicator_is_refused(duty):
    told = {"region": "990001", "first": "2026-01-01", "last": "2026-06-30", "value": "30"}
    file = SimpleUploadedFile("佐证.pdf", b"proof", "application/pdf")
    answer = duty.post(f"{API}/indicators/pm25_mean/values", {**told, "file": file})
    assert answer.json()["error"] == "indicators.not_reported"
    assert duty.post(f"{API}/indicators/forest_cover/values", told).status_code == 422


def test_a_city_adds_an_indicator(city, sign_in):
    admin = sign_in("admin2", city, "data_admin")
    told = {
        "code": "charging_posts",
        "region": "990001",
        "name": "充电桩数量",
        "definition": "在用公共充电桩",
        "unit": "个",
        "formula": {"name": "reported"},
    }
    call(admin, "post", "/indicators", told, status=201)
    assert get(admin, "/indicators?q=充电桩")["items"][0]["own"]
    call(admin, "post", "/indicators", told, status=422)
    wrong = {**told, "code": "other", "formula": {"name": "air_mean"}}
    assert call(admin, "post", "/indicators", wrong, status=422)["error"] == "indicators.no_formula"


def test_lists_leave_as_sheets(duty, plan):
    bind(duty, plan, "空气质量优良天数比率")
    for path in ("/indicators", "/targets", "/indicator-values"):
        assert duty.get(f"{API}{path}?format=csv").status_code == 200
        assert duty.get(f"{API}{path}?format=xlsx").content[:2] == b"PK"
