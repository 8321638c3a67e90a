"""A bulletin is drafted, published by a second person, read by citizens, corrected; who has reported."""

import time
import uuid

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import SCREENS

CITY = "990001"


@pytest.fixture
def entered():
    return "publicity"


def other(browser, states, name, view):
    context = browser.new_context(**view, storage_state=states(name) if name else None)
    context.set_default_timeout(40_000)
    return context.new_page()


def settled(page, living):
    """Return a month whose ranking by water stands still, since its history is there."""
    address = f"{living}/api/v1/rankings/water"
    ending = time.monotonic() + 60
    while time.monotonic() < ending:
        month = page.context.request.get(f"{living}/api/v1/assess/latest").json().get("month")
        asked = {"period": month or "2026-10", "by": "township", "region": CITY}
        first, again = [], []
        if month:
            first = page.context.request.get(address, params=asked).json().get("rows", [])
            page.wait_for_timeout(1500)
            again = page.context.request.get(address, params=asked).json().get("rows", [])
        if first and first == again:
            return month
        page.wait_for_timeout(1000)
    return None


def token(page, living):
    return {"X-CSRFToken": page.context.request.get(f"{living}/api/v1/session").json()["csrf"]}


def tidy(page, living, sort):
    """Give up drafts of a kind that an earlier run left."""
    held = page.context.request.get(f"{living}/api/v1/publications?kind={sort}&state=draft").json()["items"]
    for one in held:
        page.context.request.post(
            f"{living}/api/v1/publications/{one['number']}/drop",
            data={"reason": "x"},
            headers=token(page, living),
        )


def publish(page, leader, living, number):
    """Propose as the first person, publish as the second, both on the screen."""
    page.goto(f"{living}/publications/{number}")
    page.get_by_label("提请理由").fill("请审定")
    page.get_by_role("button", name="提请审定").click()
    expect(page.get_by_text("待审定").first).to_be_visible()
    leader.goto(f"{living}/publications/{number}")
    leader.get_by_label("审定意见").fill("同意")
    leader.get_by_role("button", name="同意发布").click()
    expect(leader.get_by_text("已发布").first).to_be_visible()


def test_a_bulletin_from_the_draft_to_the_citizen_and_its_correction(
    page, browser, states, view, living, faults
):
    month = settled(page, living)
    if month is None:
        pytest.skip("the history of this city is still being filled")
    tidy(page, living, "water_ranking")
    leader, citizen = other(browser, states, "leader", view), other(browser, states, "", view)
    found = page.context.request.get(
        f"{living}/api/v1/publications?kind=water_ranking&state=published"
    ).json()
    mine = [one for one in found["items"] if one["period"] == month]
    if not mine:
        page.goto(f"{living}/rankings?medium=water&by=township&period={month}")
        page.get_by_role("link", name="起草通报").click()
        page.get_by_role("button", name="生成草稿").click()
        page.wait_for_url("**/publications/GK-*")
        expect(page.get_by_text("地表水环境质量排名通报").first).to_be_visible()
        first = page.url.rpartition("/")[2].partition("#")[0]
        publish(page, leader, living, first)
    else:
        first = mine[0]["number"]
    page.screenshot(path=SCREENS / "publication.png")

    citizen.goto(f"{living}/open/publications")
    citizen.locator(f'a[href$="{first}"]').click()
    expect(citizen.get_by_text("指数相同的名次并列")).to_be_visible()
    expect(citizen.locator("figure img").first).to_be_visible()
    citizen.screenshot(path=SCREENS / "open-publication.png")
    feed = citizen.context.request.get(f"{living}/api/v1/open/feed/rss").text()
    assert first in feed

    said = f"本段已更正 {uuid.uuid4().hex[:6]}"
    page.goto(f"{living}/publications/{first}")
    page.get_by_label("更正或撤回理由").fill("文字有误")
    page.get_by_role("button", name="更正", exact=True).click()
    page.wait_for_url(lambda address: first not in address)
    second = page.url.rpartition("/")[2].partition("#")[0]
    page.get_by_role("button", name="改写第 0 段").click()
    page.get_by_label("正文").fill(said)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".paper").get_by_text(said)).to_be_visible()
    publish(page, leader, living, second)

    citizen.goto(f"{living}/open/corrections")
    expect(citizen.get_by_text(said)).to_be_visible()
    expect(citizen.get_by_text("文字有误").first).to_be_visible()
    citizen.goto(f"{living}/open/publications/{first}")
    expect(citizen.get_by_text("这一版已被更正")).to_be_visible()
    assert "更正" in citizen.context.request.get(f"{living}/api/v1/open/feed/atom").text()
    for one in (leader, citizen):
        one.context.close()
    assert faults == []


def test_a_township_is_missing_then_has_reported(browser, states, view, living):
    duty, branch = other(browser, states, "duty", view), other(browser, states, "leader", view)
    held = duty.context.request.get(f"{living}/api/v1/region-reports/words").json()
    township = [one for one in held["regions"] if one["level"] == "township"][-1]
    period = free_month(duty, living, township["code"])
    duty.goto(f"{living}/reports/coverage?period={period}")
    row = duty.locator("tr", has_text=township["name"])
    expect(row).to_contain_text("未编制")
    row.get_by_role("button", name="催报").click()
    expect(row).to_contain_text("1 (")
    row.get_by_role("button", name="编制").click()
    duty.wait_for_url("**/reports/regions/ZK-*")
    duty.get_by_role("button", name="改写第 1 段").click()
    duty.get_by_label("正文").fill("本期情况（核对后改写）")
    duty.get_by_role("button", name="保存").click()
    expect(duty.locator(".paper").get_by_text("本期情况（核对后改写）")).to_be_visible()
    branch.goto(duty.url)
    branch.get_by_role("button", name="审核通过").click()
    expect(branch.get_by_text("已审核").first).to_be_visible()
    duty.reload()
    duty.get_by_role("button", name="上报").click()
    expect(duty.get_by_text("已上报").first).to_be_visible()
    duty.goto(f"{living}/reports/coverage?period={period}")
    expect(duty.locator("tr", has_text=township["name"])).to_contain_text("已上报")
    duty.screenshot(path=SCREENS / "report-coverage.png")
    for one in (duty, branch):
        one.context.close()


def free_month(page, living, code):
    """Return a month for which this township has not begun: an earlier run may have used the newest."""
    found = page.context.request.get(f"{living}/api/v1/region-reports?region={code}&limit=1000").json()[
        "items"
    ]
    used = {one["period"] for one in found}
    months = [f"{year}-{month:02d}" for year in (2026, 2025, 2024, 2023) for month in range(10, 0, -1)]
    return next(one for one in months if one not in used)
