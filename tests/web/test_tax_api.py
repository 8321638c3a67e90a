"""The environmental tax over the API: draft, confirmation, amendment, review, exchange, rates."""

import hashlib
import json
from datetime import date

import pytest

from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1"
QUARTER = "2026Q3"


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    for number in (1, 2):
        body = save(
            SYSTEM, Organisation(code=f"O{number}", name=f"企业{number}", kind="enterprise", region=city)
        )
        told = {"code": f"E{number}", "name": f"企业{number}", "region": city, "organisation": body}
        enterprise = save(SYSTEM, Enterprise(**told, simulated=True))
        outlet = save(SYSTEM, Outlet(code=f"DA{number}", name="废气口", medium="air", enterprise=enterprise))
        for month in (7, 8, 9):
            for parameter, kg in (("a21026", 190), ("a21002", 95), ("a34013", 218)):
                told = {"outlet": outlet, "parameter": parameter, "year": 2026, "month": month, "through": 1}
                MonthAmount.objects.create(**told, measured=kg * 10**6)
    return city


@pytest.fixture
def officer(city, sign_in):
    return sign_in("chen", city, "permits")


@pytest.fixture
def own(city, sign_in):
    return sign_in("own", city, "enterprise", Organisation.objects.get(code="O1"))


@pytest.fixture
def other(city, sign_in):
    return sign_in("other", city, "enterprise", Organisation.objects.get(code="O2"))


def post(client, path, body=None, status=200, revision=None):
    headers = {} if revision is None else {"If-Match": f'"{revision}"'}
    answer = client.post(API + path, json.dumps(body or {}), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def step(client, held, name, status=200, words=""):
    path = f"/tax-declarations/{held['number']}/steps"
    return post(client, path, {"step": name, "words": words}, status, held["revision"])


@pytest.fixture
def held(officer):
    return post(officer, "/tax-declarations", {"enterprise": "E1", "quarter": QUARTER}, 201)


def test_a_draft_from_online_data_shows_every_step(held, own):
    assert (held["total"], held["due"], held["state"]) == ("1440.00", "2026-10-15", "drafted")
    assert held["result"]["months"] == {"2026-07": "480.00", "2026-08": "480.00", "2026-09": "480.00"}
    line = next(one for one in held["result"]["lines"] if one["item"] == "二氧化硫")
    assert (line["number"], line["rank"], line["tax"]) == ("200", 1, "240.00")
    assert "190 kg ÷ 0.95 = 200" in line["steps"][0]["zh"] and line["steps"][0]["clause"] == "附表二 五"
    assert held["result"]["rates"]["confidence"] == "CONFIRMED"
    assert get(own, f"/tax-declarations/{held['number']}")["allowed"] == ["confirm", "amend"]


def test_the_taxpayer_confirms_the_bureau_reviews_and_it_is_sent(held, own, officer):
    assert step(officer, held, "confirm", 403)["error"] == "tax.not_yours"
    step(officer, held, "agree", 409)
    held = step(own, held, "confirm")
    step(own, held, "agree", 403)
    held = step(officer, held, "agree")
    assert (held["state"], held["differences"]) == ("agreed", [])
    answer = officer.post(f"{API}/tax-exchange?quarter={QUARTER}")
    assert answer.status_code == 200
    sent = json.loads(answer.content)
    body = json.dumps(sent["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.new("sm3", body.encode()).hexdigest() == sent["sm3"]
    assert sent["content"]["declarations"][0]["total"] == "1440.00"
    held = get(officer, f"/tax-declarations/{held['number']}")
    assert (held["state"], held["sent_digest"], held["allowed"]) == ("sent", sent["sm3"], [])
    assert officer.post(f"{API}/tax-exchange?quarter={QUARTER}").status_code == 422


def test_an_amendment_needs_a_reason_and_shows_in_the_review(held, own, officer):
    path = f"/tax-declarations/{held['number']}/rows"
    place = next(n for n, row in enumerate(held["rows"]) if row["item"] == "二氧化硫")
    post(own, path, {"row": place, "values": {"quantity": "95"}, "reason": " "}, 422)
    post(officer, path, {"row": place, "values": {"quantity": "95"}, "reason": "x"}, 403)
    bad = post(own, path, {"row": place, "values": {"quantity": "many"}, "reason": "x"}, 422)
    assert (bad["error"], bad["column"], bad["row"]) == ("tax.cell", "quantity", place + 1)
    held = post(own, path, {"row": place, "values": {"quantity": "95"}, "reason": "设备比对不合格"}, 200)
    assert (held["state"], held["total"]) == ("amended", "1320.00")
    told = held["steps"][-1]
    assert (told["before"]["quantity"], told["after"]["quantity"]) == ("190", "95")
    (found,) = held["differences"]
    assert (found["declared"], found["online"], found["percent"], found["lower"]) == (
        "95",
        "190",
        "-50.0",
        True,
    )
    held = step(own, held, "confirm")
    step(officer, held, "doubt", 422)
    held = step(officer, held, "doubt", words="二氧化硫申报量低于在线监测")
    assert held["state"] == "doubtful"
    held = post(
        own, path, {"row": len(held["rows"]), "values": held["rows"][0] | {"place": "DA9"}, "reason": "补报"}
    )
    assert len(held["rows"]) == 10
    held = post(own, path, {"row": 9, "values": None, "reason": "误报"})
    assert len(held["rows"]) == 9


def test_rows_may_be_given_and_are_refused_with_their_place(officer):
    rows = [
        {"kind": "水", "place": "DW1", "month": "2026年7月", "item": "COD", "quantity": 100},
        {"kind": "噪声", "place": "厂区", "month": "2026-07", "part": "夜间", "exceeded": "4.5", "days": 20},
        {
            "kind": "固体废物",
            "place": "厂区",
            "month": "2026-07",
            "item": "炉渣",
            "quantity": 10,
            "reused": 8,
        },
    ]
    held = post(officer, "/tax-declarations", {"enterprise": "E2", "quarter": QUARTER, "rows": rows}, 201)
    assert held["total"] == "890.00"
    wrong = [*rows, {**rows[0], "month": "2026-04"}]
    answer = post(officer, "/tax-declarations", {"enterprise": "E2", "quarter": QUARTER, "rows": wrong}, 422)
    assert (answer["error"], answer["row"]) == ("tax.month", 4)
    post(officer, "/tax-declarations", {"enterprise": "E2", "quarter": "2099Q1", "rows": rows}, 422)
    post(officer, "/tax-declarations", {"enterprise": "E2", "quarter": "third", "rows": rows}, 422)


def test_a_quarter_that_was_confirmed_is_not_drafted_again(held, own, officer):
    again = post(officer, "/tax-declarations", {"enterprise": "E1", "quarter": QUARTER}, 201)
    step(own, again, "confirm")
    post(officer, "/tax-declarations", {"enterprise": "E1", "quarter": QUARTER}, 409)


def test_an_enterprise_sees_its_own_only(held, other, own):
    assert get(other, "/tax-declarations")["total"] == 0
    get(other, f"/tax-declarations/{held['number']}", 404)
    assert other.get(f"{API}/tax-declarations/{held['number']}/file").status_code == 404
    asked = {"quarter": QUARTER}
    errors = [post(other, "/tax-declarations", {"enterprise": code, **asked}, 422) for code in ("E1", "NONE")]
    assert {one["error"] for one in errors} == {"issues.no_enterprise"}, "an enterprise of others is as none"
    assert get(own, "/tax-declarations")["total"] == 1


def test_a_declaration_comes_as_a_file(held, own):
    for form in ("xlsx", "docx"):
        answer = own.get(f"{API}/tax-declarations/{held['number']}/file?form={form}")
        assert answer.status_code == 200 and answer.content[:2] == b"PK"
    lines = own.get(f"{API}/tax-declarations/{held['number']}/file?form=csv").content.decode("utf-8-sig")
    assert "190 kg ÷ 0.95 = 200" in lines


def test_rates_that_the_city_enters_go_before_those_that_ship(officer, city):
    rows = [{"kind": "air", "place": "a", "month": "2026-07", "item": "SO2", "quantity": "95"}]
    asked = {"province": "江苏省", "quarter": QUARTER, "rows": rows}
    answer = post(officer, "/tax-computations", asked, 422)
    assert answer["error"] == "tax.no_rates" and "1.2–12" in answer["message"]
    told = {"province": "江苏省", "basis": "省人大常委会决定", "valid_from": "2018-01-01"}
    post(officer, "/tax-rates", {**told, "medium": "air", "yuan": "12.5"}, 422)
    for medium, yuan in (("air", "4.8"), ("water", "5.6")):
        post(officer, "/tax-rates", {**told, "medium": medium, "yuan": yuan}, 201)
    assert post(officer, "/tax-computations", asked)["total"] == "480.00"
    assert get(officer, "/tax-rates?province=江苏")["total"] == 2


def test_rates_are_entered_by_those_who_keep_them(own):
    told = {"province": "江苏", "medium": "air", "yuan": "4.8", "basis": "x", "valid_from": "2018-01-01"}
    post(own, "/tax-rates", told, 403)


def test_shipped_rates_carry_their_confidence(officer):
    held = get(officer, "/tax-tables")["rates"]
    assert {(row["province"], row["confidence"]) for row in held} == {
        ("浙江", "CONFIRMED"),
        ("内蒙古", "MEMORY ONLY"),
    }
    assert get(officer, "/tax-words")["review"]["confidence"] == "NOT FOUND"
    assert date.fromisoformat(held[0]["from"])


def test_a_reduction_that_was_proposed_is_accepted_by_the_bureau_only(officer, own, monkeypatch):
    month = {"month": "2026-07", "place": "DA1", "item": "二氧化硫"}
    told = {**month, "state": "proposed", "mean": "30", "limit": "100", "within": True, "verdict": "proposed"}
    monkeypatch.setattr("huanzhi.web.api.tax.proposals", lambda *_: [told])
    held = post(officer, "/tax-declarations", {"enterprise": "E1", "quarter": QUARTER}, 201)
    assert held["total"] == "1440.00" and "accept" in held["allowed"]
    path = f"/tax-declarations/{held['number']}/reductions"
    post(own, path, {**month, "step": "accept"}, 403, held["revision"])
    post(officer, path, {**month, "step": "accept"}, 412, held["revision"] + 3)
    post(officer, path, {**month, "month": "2026-08", "step": "accept"}, 422, held["revision"])
    post(officer, path, {**month, "step": "decline"}, 422, held["revision"])
    done = post(officer, path, {**month, "step": "accept"}, 200, held["revision"])
    assert done["total"] == "1320.00" and done["result"]["reductions"][0]["state"] == "accepted"
