"""Inspections: pools, commitment, reveal, verified draw, check list on a phone, a finding becomes an issue.

Can be run again and again: each run makes a plan of its own.
"""

import json
import re
import time
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

CHINA = timezone(timedelta(hours=8))
BEACON = "03 08 14 19 27 31 + 06"


@pytest.fixture
def entered():
    return "duty"


@pytest.fixture
def api(page, living):
    """Return what asks the platform as the person of the page."""

    def ask(method, path, body=None):
        token = page.request.get(f"{living}/api/v1/session").json()["csrf"]
        answer = page.request.fetch(
            f"{living}/api/v1{path}",
            method=method,
            data=json.dumps(body) if body is not None else None,
            headers={"Content-Type": "application/json", "X-CSRFToken": token},
        )
        assert answer.ok, answer.text()
        return answer.json()

    return ask


def drawn_plan(page, living, api):
    """Make a plan on the screen and commit to a draw whose public value comes at once."""
    page.goto(f"{living}/inspections/plans")
    settle(page)
    page.locator("[data-test=make-plan]").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("名称").fill(f"双随机演练 {int(time.time())}")
    dialog.get_by_role("button", name="制定计划").click()
    page.wait_for_url(re.compile(r"/inspections/plans/JH-"))
    number = page.url.rpartition("/")[2].partition("#")[0].partition("?")[0]
    due = (datetime.now(CHINA) + timedelta(seconds=3)).isoformat(timespec="seconds")
    quarter = (datetime.now(CHINA).month - 1) // 3 + 1
    told = {"plan": number, "quarter": quarter, "source": "公开彩票（演练）", "due": due}
    draw = api("POST", "/inspection-draws", told)
    time.sleep(4)
    return draw


def test_from_the_pools_to_an_issue(page, living, api, shoot, faults):
    draw = drawn_plan(page, living, api)
    assert draw["counts"]["objects"] > 0 and draw["counts"]["inspectors"] >= 2
    page.goto(f"{living}/inspections/draws/{draw['number']}")
    settle(page)
    page.locator("[data-test=beacon]").fill(BEACON)
    page.locator("[data-test=reveal]").click()
    expect(page.locator("[data-test=drawn]")).to_be_visible()
    page.locator("[data-test=verify]").click()
    expect(page.locator("[data-test=verdict]")).to_contain_text("一致")
    shoot("inspections-draw")
    with page.expect_download() as got:
        page.locator("[data-test=paper]").click()
    paper = json.loads(got.value.path().read_text(encoding="utf-8"))
    assert paper["reveal"]["beacon"] == BEACON
    tasks = api("GET", f"/inspection-draws/{draw['number']}")["tasks"]
    assert tasks and not any(one["subject"] in json.dumps(paper, ensure_ascii=False) for one in tasks)

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{living}/inspections/{tasks[0]['number']}")
    settle(page)
    items = api("GET", f"/inspections/{tasks[0]['number']}")["items"]
    for item in items:
        answer = "不符合" if item["code"] == "waste" else "符合"
        page.locator(f"[data-test=item-{item['code']}]").get_by_text(answer, exact=True).click()
    found = page.locator("[data-test=item-waste] textarea")
    found.fill("危废贮存间未设标识")
    found.blur()
    page.locator("[data-test=conclusion]").fill("发现一处问题")
    shoot("inspections-visit")
    page.locator("[data-test=file-visit]").click()
    expect(page.locator("article.detail header")).to_contain_text("待确认")
    link = page.locator("[data-test=item-waste] a")
    expect(link).to_contain_text("HZ-")
    issue = api("GET", f"/issues/{link.inner_text().split()[-1]}")
    assert (issue["channel"], issue["category"]) == ("draw", "solid_waste")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults == []


def test_a_danger_is_reported_by_the_enterprise_and_rechecked_by_an_officer(browser, view, living, states):
    contexts = {
        name: browser.new_context(**view, storage_state=states(name)) for name in ("enterprise", "inspector")
    }
    try:
        boss = contexts["enterprise"].new_page()
        boss.goto(f"{living}/hazards")
        settle(boss)
        boss.locator("[data-test=report]").click()
        dialog = boss.get_by_role("dialog")
        dialog.get_by_label("隐患", exact=True).or_(dialog.get_by_label(re.compile("^隐患"))).first.fill(
            "围堰破损（演练）"
        )
        dialog.get_by_label(re.compile("^类别")).select_option("facility")
        dialog.get_by_role("button", name="上报隐患").click()
        boss.wait_for_url(re.compile(r"/hazards/YH-"))
        expect(boss.locator("article.detail header")).to_contain_text("待定措施")
        officer = contexts["inspector"].new_page()
        officer.goto(boss.url)
        settle(officer)
        expect(officer.locator("article.detail header")).to_contain_text("围堰破损")
    finally:
        for context in contexts.values():
            context.close()


def test_a_stranger_verifies_the_draws(browser, living):
    context = browser.new_context()
    listed = context.request.get(f"{living}/api/v1/inspection-draws").json()["items"]
    for one in listed[:3]:
        verdict = context.request.get(f"{living}/api/v1/inspection-draws/{one['number']}/verification").json()
        assert verdict["whole"], verdict
    context.close()
