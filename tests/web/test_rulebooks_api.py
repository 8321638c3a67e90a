"""Rulebooks over the API: reading, trying, drafting, proposing, deciding."""

import json

import pytest

from huanzhi import rules
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def city():
    return save(SYSTEM, Region(code="331000", name="台州市", level="city"))


@pytest.fixture
def legal(city, sign_in):
    return sign_in("zhang", city, "legal")


def send(http, method, path, body=None, **headers):
    content = json.dumps(body) if body is not None else ""
    return getattr(http, method)(f"{API}/{path}", content, content_type="application/json", headers=headers)


def test_the_list_tells_what_is_law_and_what_is_ours(legal):
    told = legal.get(f"{API}/rulebooks?place=331000&day=2026-11-22").json()
    held = {each["id"]: each for each in told["items"]}
    assert told["may_draft"] and told["total"] == len(held) >= 13
    ours = held["section_warning"]
    assert not ours["law"] and ours["confidence"] == "DEFAULT, NOT FROM THE DOCUMENTS"
    assert ours["confidence_words"] == "平台默认，非文件规定" and ours["source"] == "shipped"
    assert held["petition_clocks"]["law"] and held["reward"]["place"] == "330000"
    english = legal.get(f"{API}/rulebooks", headers={"Accept-Language": "en"}).json()
    assert next(e for e in english["items"] if e["id"] == "escalation")["title"] == "Escalation ladder"


def test_a_rulebook_reads_as_a_table_in_words(legal):
    told = legal.get(f"{API}/rulebooks/section_warning?place=331000").json()
    assert told["inputs"][0]["name"] == "month_ratio"
    sixth = told["table"][5]
    assert sixth["when"][0] == "> 0.9 且 ≤ 1" and sixth["then"][:2] == ["黄", "5 工作日"]
    assert rules.digest(rules.of_document(told["document"])) == told["digest"]
    assert legal.get(f"{API}/rulebooks/nothing").status_code == 404
    assert legal.get(f"{API}/rulebooks/section_warning?day=2001-01-01").status_code == 422
    versions = legal.get(f"{API}/rulebooks/reward/versions").json()["items"]
    assert {each["place"] for each in versions} == {"", "330000", "330100", "150000"}


def test_trying_it_tells_row_clause_reasons_and_what_is_not_known(legal):
    got = send(legal, "post", "rulebooks/section_warning/run", {"inputs": {"month_ratio": "1.05"}}).json()
    assert (got["row"], got["outputs"]["colour"], got["version"]) == (4, "orange", "1")
    assert got["words"][0] == {"name": "colour", "title": "预警颜色", "value": "橙"}
    assert "1.05" in got["hits"][0]["reasons"][0] and "劣Ⅴ类" in got["unknown_words"]
    wrong = send(legal, "post", "rulebooks/section_warning/run", {"inputs": {"month_ratio": "many"}})
    assert wrong.status_code == 422 and wrong.json()["column"] == "month_ratio"
    told = legal.get(f"{API}/rulebooks/section_warning/examples").json()
    assert told["failed"] == 0 and told["passed"] == len(told["items"]) >= 10


def test_draft_examples_proposal_decision_and_it_is_in_force(legal, city, sign_in):
    made = send(legal, "post", "rulebooks/section_warning/drafts", {"place": "331000"})
    assert made.status_code == 201, made.content.decode()
    draft = made.json()
    path = f"rulebook-versions/{draft['code']}"
    assert draft["may_change"] and draft["state"] == "draft" and draft["unanswered"] == 0
    changed = draft["document"]
    changed["row"][3]["then"]["reply_working_days"] = 4
    body = {"document": changed, "reason": "台州口径"}
    tag = f'"{draft["revision"]}"'
    assert send(legal, "put", path, body, **{"If-Match": tag}).status_code == 200
    assert send(legal, "put", path, body, **{"If-Match": tag}).status_code == 412
    run = legal.get(f"{API}/{path}/examples").json()
    assert run["failed"] == 1 and run["items"][4]["fault"]
    ask = {"effective": "2099-01-01", "reason": "台州口径"}
    refused = send(legal, "post", f"{path}/propose", ask)
    assert refused.status_code == 422 and refused.json()["row"] == 5
    changed["example"][4]["expected"]["reply_working_days"] = 4
    assert send(legal, "put", path, body).status_code == 200
    early = send(legal, "post", f"{path}/propose", ask | {"effective": "2020-01-01"})
    assert early.json()["error"] == "rulebooks.day_over"
    number = send(legal, "post", f"{path}/propose", ask).json()["proposal"]
    assert send(legal, "post", f"proposals/{number}/approve", {}).status_code == 403
    leader = sign_in("li", city, "leader")
    approved = send(leader, "post", f"proposals/{number}/approve", {"reason": "同意"})
    assert approved.status_code == 200, approved.content.decode()
    asked = {"inputs": {"month_ratio": "1.05"}, "place": "331000"}
    then = send(legal, "post", "rulebooks/section_warning/run", asked | {"day": "2099-01-01"}).json()
    assert then["outputs"]["reply_working_days"] == 4 and then["version"] == "2"
    assert send(legal, "post", "rulebooks/section_warning/run", asked).json()["version"] == "1"
    line = legal.get(f"{API}/rulebooks/section_warning/versions").json()["items"][0]
    assert (line["state"], line["author"], line["publisher"]) == ("published", "zhang", "li")


def test_who_may_not_draft_and_who_may_not_see(legal, city, sign_in):
    code = send(legal, "post", "rulebooks/escalation/drafts", {"place": "331000"}).json()["code"]
    elsewhere = save(SYSTEM, Region(code="330200", name="宁波市", level="city"))
    other = sign_in("wang", elsewhere, "legal")
    assert other.get(f"{API}/rulebook-versions/{code}").status_code == 404
    grid = sign_in("sun", city, "grid")
    assert send(grid, "post", "rulebooks/escalation/drafts", {"place": "331000"}).status_code == 403
    assert send(grid, "put", f"rulebook-versions/{code}", {"document": {}}).status_code in (403, 422)
    firm = sign_in("firm", city, "enterprise")
    assert firm.get(f"{API}/rulebooks").status_code == 403
    dropped = send(legal, "delete", f"rulebook-versions/{code}?reason=x")
    assert dropped.json()["state"] == "dropped"


def test_a_draft_of_wrong_form_names_row_and_column(legal):
    draft = send(legal, "post", "rulebooks/escalation/drafts", {"place": "331000"}).json()
    broken = draft["document"]
    broken["row"][1]["when"]["days_late"] = "__import__('os')"
    got = send(legal, "put", f"rulebook-versions/{draft['code']}", {"document": broken})
    assert got.status_code == 422
    assert (got.json()["error"], got.json()["row"], got.json()["column"]) == ("rules.cell", 2, "days_late")
