"""An enterprise discloses with its commitment, the patrol finds it late, and the public reads it."""

import json

import pytest
from playwright.sync_api import expect


@pytest.fixture
def opened(browser, living, states, view):
    """Return pages by who looks at them; nobody in particular for the public."""
    contexts = []

    def page(name=""):
        context = browser.new_context(**view, storage_state=states(name) if name else None)
        context.set_default_timeout(40_000)
        contexts.append(context)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


def asked(page, living, path):
    """Read a list of the API as the person of the page."""
    answer = page.request.get(f"{living}/api/v1/{path}")
    assert answer.ok, answer.text()
    return json.loads(answer.text())


def test_an_enterprise_discloses_the_patrol_finds_it_late_and_the_public_reads_it(opened, living):
    mine = opened("enterprise")
    rows = asked(mine, living, "disclosure/items?kind=annual&sort=year")["items"]
    item = rows[0]
    mine.goto(f"{living}/disclosure")
    mine.get_by_role("link", name=item["title"]).first.click()
    mine.get_by_role("button", name="填报").or_(mine.get_by_role("button", name="更正")).first.click()
    form = mine.locator(".report-form")
    form.get_by_label("企业名称").fill(item["enterprise_name"])
    form.get_by_label("统一社会信用代码").fill(item["enterprise"])
    form.get_by_label("化学需氧量排放量").fill("12.5")
    form.get_by_role("button", name="保存草稿").click()
    expect(form.get_by_text("只有本企业可见")).to_be_visible()
    form.get_by_role("button", name="承诺并披露").click()
    expect(form.get_by_text("须作出真实性承诺方可披露").first).to_be_visible()
    form.get_by_text("我单位作出以上承诺").click()
    form.get_by_label("承诺人").fill("模拟法人")
    form.get_by_label("职务").fill("法定代表人")
    if form.get_by_label("更正原因").count():
        form.get_by_label("更正原因").fill("核算更正（模拟）")
    form.get_by_role("button", name="承诺并披露").click()
    expect(mine.get_by_text("校验相符")).to_be_visible()
    expect(mine.get_by_text("12.5")).to_be_visible()

    desk = opened("duty")
    desk.goto(f"{living}/disclosure?tab=findings")
    desk.get_by_role("button", name="立即巡检").click()
    expect(desk.get_by_text("巡检完成")).to_be_visible()
    late = asked(desk, living, f"disclosure/findings?item={item['code']}&finding=annual_late")["items"]
    desk.goto(f"{living}/disclosure/findings/{late[0]['number']}")
    expect(desk.get_by_role("heading", name="年度报告逾期披露")).to_be_visible()

    public = opened()
    public.goto(f"{living}/open/disclosure")
    public.get_by_role("searchbox").fill(item["enterprise"])
    public.get_by_role("button", name="查找").click()
    public.get_by_role("link", name=item["enterprise_name"]).first.click()
    public.get_by_role("link", name="第 1 版").last.click()
    expect(public.get_by_text("真实性承诺").first).to_be_visible()
    expect(public.get_by_text("模***")).to_be_visible()


def test_firms_and_exchanges_are_seen_by_those_who_may(opened, living):
    desk = opened("duty")
    desk.goto(f"{living}/services")
    desk.get_by_role("link", name="模拟恒测在线运维有限公司").first.click()
    expect(desk.get_by_text("建议退出").or_(desk.get_by_text("退出")).first).to_be_visible()
    desk.goto(f"{living}/exchange?tab=targets")
    target = desk.locator("section", has_text="city_brain")
    row = target.locator("li", has_text="环境治理指标")
    row.get_by_role("button", name="预览").click()
    expect(row.get_by_text("没有送出任何内容")).to_be_visible()
    row.get_by_role("button", name="送出").click()
    expect(desk.get_by_text("已送出")).to_be_visible()
    expect(desk.get_by_text("SM3")).to_be_visible()
    public = opened()
    public.goto(f"{living}/open/services")
    public.get_by_role("link", name="模拟恒测在线运维有限公司").click()
    expect(public.get_by_text("弄虚作假").first).to_be_visible()
