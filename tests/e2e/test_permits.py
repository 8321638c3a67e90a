"""Permits: an execution report is handed in, held against online data, returned; a list is published."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import SCREENS

ASK = """async ([method, path, body]) => {
  const session = await (await fetch('/api/v1/session')).json()
  const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': session.csrf }
  const sent = body ? JSON.stringify(body) : undefined
  const answer = await fetch('/api/v1' + path, { method, headers, body: sent })
  return { status: answer.status, body: await answer.json() }
}"""


@pytest.fixture
def entered():
    return "enterprise"


def other(browser, states, name, view):
    context = browser.new_context(**view, storage_state=states(name))
    context.set_default_timeout(40_000)
    return context.new_page()


def ask(page, method, path, body=None):
    return page.evaluate(ASK, [method, path, body])


def report_to_fill(page, officer):
    """Return a report that the enterprise may fill in, of a period that was measured where there is one.

    The quarter is older than the data of a young city. One that waits for review is returned first.
    """
    own = ask(page, "GET", "/permit-overview")["body"]["own"]
    kinds = "report_quarter,report_month"
    path = f"/permit-duties?enterprise={own}&duty={kinds}&sort=-due"
    found = ask(page, "GET", path)["body"]["items"]
    today = (datetime.now(UTC) + timedelta(hours=8)).date().isoformat()
    over = [one for one in found if one["opens"] <= today and one["state"] != "waived"][:3]
    begun = [(one, ask(page, "POST", f"/permit-duties/{one['code']}/report")["body"]) for one in over]
    begun = [each for each in begun if each[1]["state"] != "accepted"]
    duty, report = next((each for each in begun if measured(each[1])), begun[0])
    if report["state"] == "submitted":
        told = {"verdict": "returned", "words": "请核实"}
        assert ask(officer, "POST", f"/permit-reports/{report['code']}/review", told)["status"] == 200
    return own, duty, report


def measured(report):
    return all(row["online"] for row in report["rows"])


def test_a_report_is_handed_in_and_returned(page, browser, states, view, living, faults):
    officer = other(browser, states, "permits", view)
    officer.goto(f"{living}/permits")
    page.goto(f"{living}/permits")
    own, duty, report = report_to_fill(page, officer)
    code = report["code"]

    page.get_by_role("link", name="本企业许可证").click()
    page.wait_for_url(re.compile(f"/permits/{own}"))
    expect(page.locator(".bars table")).to_contain_text("许可量")
    page.get_by_role("tab", name="义务").click()
    expect(page.get_by_role("tabpanel")).to_contain_text(duty["period"])

    page.goto(f"{living}/permits/reports/{code}")
    quantities = page.locator("input[inputmode=decimal]")
    expect(quantities.first).to_be_visible()
    for number in range(quantities.count()):
        quantities.nth(number).fill("0.9")
    page.get_by_label("合规说明").fill("按证排污，未发生异常")
    page.get_by_role("button", name="提交报告").click()
    expect(page.locator("h1 .tone")).to_have_text("已提交")
    expect(page.locator(".steps")).to_contain_text("提交")

    officer.goto(f"{living}/permits?tab=reports")
    row = officer.locator("tr", has_text=duty["period"]).filter(has=officer.locator(f"a[href*='{own}']"))
    expect(row.first).to_contain_text("已提交")
    row.first.locator("a").first.click()
    officer.wait_for_url(re.compile("/permits/reports/"))
    table = officer.locator("table").first
    expect(table).to_contain_text("0.9")
    expect(table.locator("thead")).to_contain_text("差值")
    if measured(report):
        difference = Decimal("0.9") - Decimal(report["rows"][0]["online"])
        expect(table.locator("tbody tr").first).to_contain_text(str(difference))
    officer.screenshot(path=SCREENS / "permit-report.png")
    officer.get_by_label("审核意见").fill("填报量与在线核算不一致，请核实后重报")
    officer.get_by_role("button", name="退回").click()
    expect(officer.locator("h1 .tone")).to_have_text("已退回")

    page.reload()
    expect(page.locator(".returned")).to_contain_text("填报量与在线核算不一致")
    expect(quantities.first).to_be_visible()
    assert not faults


def test_a_list_of_key_polluters_is_published_by_two_people(page, browser, states, view, living):
    officer = other(browser, states, "permits", view)
    officer.goto(f"{living}/permits?tab=lists")
    lists = ask(officer, "GET", "/key-lists?sort=year")["body"]["items"]
    held = lists[0]["code"]
    officer.get_by_role("link", name=re.compile(held)).first.click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text("环境监管重点单位名录")
    expect(officer.get_by_role("tabpanel")).to_contain_text("公开环境信息")
    if ask(officer, "GET", f"/key-lists/{held}")["body"]["may_publish"]:
        made = ask(officer, "POST", f"/key-lists/{held}/publish", {"words": "异议期满，无异议"})
        assert made["status"] in (201, 409, 422), made
        leader = other(browser, states, "leader", view)
        leader.goto(f"{living}/people?tab=proposals")
        waiting = ask(leader, "GET", "/proposals?limit=200")["body"]["items"]
        number = next(one["id"] for one in waiting if one["subject"] == held and one["state"] == "open")
        assert ask(leader, "POST", f"/proposals/{number}/approve", {"reason": "同意"})["status"] == 200
    officer.reload()
    expect(officer.locator("h1 .tone")).to_have_text("已公布")

    page.goto(f"{living}/permits/lists/{lists[-1]['code']}#objections")
    if lists[-1]["state"] == "notice":
        page.get_by_role("textbox", name="异议", exact=True).fill("本单位已停产两年")
        page.get_by_role("button", name="提出异议").click()
        expect(page.locator(".objection").first).to_contain_text("本单位已停产两年")

    stranger = browser.new_context(**view).new_page()
    stranger.goto(f"{living}/open/key-lists")
    expect(stranger.locator("tbody tr").first).to_contain_text(re.compile("已公布|征求意见"))
