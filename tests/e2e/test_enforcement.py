"""An issue becomes a case: notice, decision, service, payment, archive; the bundle verifies offline."""

import io
import json
import uuid
from datetime import datetime

import pytest
from docx import Document as Word
from playwright.sync_api import expect
from tests.e2e.conftest import SCREENS

from huanzhi.center.issues.bundle import verify
from huanzhi.standards.periods import CHINA

API = "/api/v1"


class Person:
    """Somebody signed in, who asks the API as the screens do."""

    def __init__(self, browser, living, states, name):
        self.living = living
        self.context = browser.new_context(storage_state=states(name))
        self.token = self.context.request.get(f"{living}{API}/session").json()["csrf"]

    def get(self, path):
        return self.context.request.get(f"{self.living}{API}{path}")

    def send(self, path, body=None, method="POST", revision=None):
        headers = {"X-CSRFToken": self.token, "Referer": self.living}
        headers |= {"If-Match": f'"{revision}"'} if revision is not None else {}
        told = json.dumps(body or {})
        headers["Content-Type"] = "application/json"
        answer = self.context.request.fetch(
            f"{self.living}{API}{path}", method=method, headers=headers, data=told
        )
        assert answer.ok, answer.text()
        return answer.json()

    def attach(self, path, name, content, **told):
        file = {"name": name, "mimeType": "text/plain", "buffer": content}
        headers = {"X-CSRFToken": self.token, "Referer": self.living}
        answer = self.context.request.post(
            f"{self.living}{API}{path}", headers=headers, multipart={**told, "file": file}
        )
        assert answer.ok, answer.text()
        return answer.json()


@pytest.fixture
def people(browser, living, states):
    """Return a person by name."""
    found = {}

    def of(name):
        if name not in found:
            found[name] = Person(browser, living, states, name)
        return found[name]

    yield of
    for one in found.values():
        one.context.close()


def investigated(people):
    """Open an issue and bring it to where a case can begin."""
    mark, duty, inspector = uuid.uuid4().hex[:6], people("duty"), people("inspector")
    firm = people("leader").get("/enterprises?limit=1&q=").json()["items"][0]
    told = {"title": f"总排口超标 {mark}", "category": "outlet_water", "enterprise": firm["code"]}
    issue = duty.send("/issues", {**told, "region": firm["region"], "words": "自动监测显示超标"})
    lead = duty.get(f"/issues/{issue['number']}/leads").json()["items"]
    lead = lead[0]["organisation"] if lead else "990001-bureau"
    steps = [
        (duty, "accept", {"category": "outlet_water", "level": "general"}),
        (duty, "dispatch", {"lead": lead, "requirement": "查清"}),
        (inspector, "investigate", {"finding": "属实", "cause": "超标", "traced": "总排口"}),
    ]
    for who, name, outputs in steps:
        if name == "investigate":
            inspector.attach(f"/issues/{issue['number']}/evidence", "a.txt", mark.encode(), kind="record")
        issue = people("duty").get(f"/issues/{issue['number']}").json()
        body = {"transition": name, "outputs": outputs}
        who.send(f"/issues/{issue['number']}/moves", body, revision=issue["revision"])
    return issue["number"]


def step(who, number, name, **outputs):
    case = who.get(f"/cases/{number}").json()
    body = {"transition": name, "outputs": outputs}
    return who.send(f"/cases/{number}/moves", body, revision=case["revision"])


def test_an_issue_becomes_a_case_and_ends_in_the_archive(people, page, sign_in, living, faults, tmp_path):
    inspector, leader, legal = people("inspector"), people("leader"), people("legal")
    issue = investigated(people)

    sign_in("inspector")
    page.goto(f"{living}/enforcement?issue={issue}")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("案由").select_option("1107-1")
    dialog.get_by_label("违法开始日").fill("2026-09-01")
    dialog.get_by_role("button", name="登记案件").click()
    page.wait_for_url("**/enforcement/AJ-*")
    number = page.url.rsplit("/", 1)[1].split("#")[0]
    page.get_by_role("tab", name="案情").click()
    for place, (name, paper) in enumerate([("inspector", "E2E-001"), ("inspector2", "E2E-002")], 1):
        page.get_by_label(f"承办人 {place}").select_option(name)
        page.get_by_label("执法证号").nth(place - 1).fill(paper)
    page.get_by_role("button", name="确定承办人").click()
    expect(page.locator(".detail-facts")).to_contain_text("E2E-002")

    step(leader, number, "file", finding="同意立案")
    told = {"kind": "record", "proves": "超标排放"}
    inspector.attach(f"/cases/{number}/evidence", "现场笔录.txt", number.encode(), **told)
    step(inspector, number, "conclude", finding="属实", opinion="penalty")
    step(legal, number, "review", finding="同意")

    page.goto(f"{living}/enforcement/{number}#papers")
    page.reload()
    page.get_by_label("制作文书").select_option("notice")
    page.get_by_label("理由和裁量说明").fill("在法定幅度内")
    page.get_by_label("拟作处理").fill("罚款 10 万元")
    page.get_by_role("button", name="制作文书").click()
    page.get_by_role("button", name="制发").click()
    page.get_by_role("button", name="登记送达").click()
    page.get_by_role("dialog").get_by_role("button", name="登记送达").click()
    row = page.get_by_role("row", name="行政处罚事先")
    expect(row).to_contain_text("已送达")
    page.get_by_role("tab", name="期限").click()
    expect(page.get_by_role("row", name="陈述申辩")).to_contain_text("已核实")
    page.screenshot(path=SCREENS / "enforcement-terms.png")

    step(inspector, number, "notify", opinion="penalty")
    case = leader.get(f"/cases/{number}").json()
    missing = {one["name"]: [each["key"] for each in one["missing"]] for one in case["moves"]}
    assert "cases.statement_over" in missing["decide"]
    inspector.send(f"/cases/{number}/replies", {"sort": "waive", "words": "书面放弃"})
    step(leader, number, "decide", decision="penalty", fine="100000", finding="事实清楚")
    assert people("duty").get(f"/issues/{issue}").json()["state"] == "decided"

    case = inspector.send(
        f"/cases/{number}/papers", {"template": "decision", "values": {"facts_words": "超标"}}
    )
    code = case["papers"][-1]["code"]
    inspector.send(f"/cases/{number}/papers/{code}/issue")
    content = inspector.get(f"/cases/{number}/papers/{code}").body()
    assert "壹拾万元整" in "".join(one.text for one in Word(io.BytesIO(content)).paragraphs)
    day = datetime.now(CHINA).date().isoformat()
    case = inspector.send(f"/cases/{number}/papers/{code}/service", {"way": "direct", "day": day})
    step(inspector, number, "serve", finding="已送达")
    part = case["payments"][0]["id"]
    inspector.send(f"/cases/{number}/payments/{part}", {"day": day, "receipt": "E2E"})
    step(inspector, number, "execute", finding="缴清")
    step(leader, number, "close", conclusion="同意结案")
    step(inspector, number, "archive", volume=number)
    page.reload()
    expect(page.locator("h1")).to_contain_text("归档")
    with page.expect_download() as taken:
        page.get_by_role("link", name="案卷包").click()
    taken.value.save_as(tmp_path / "case.zip")
    verdict = verify(tmp_path / "case.zip")
    assert verdict.whole and verdict.number == number and verdict.pieces == 3
    assert faults == []
