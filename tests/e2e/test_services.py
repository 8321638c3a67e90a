"""Service firms: entered, a work scored, warned with a reason, out by two people, too soon to come back.

Can be run again and again: each run registers a firm of its own.
"""

import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

from huanzhi.library.enterprises.codes import check_character, organisation_check


@pytest.fixture
def entered():
    return "permits"


@pytest.fixture
def leader(browser, view, states):
    """Open a page of the second person."""
    context = browser.new_context(**view, storage_state=states("leader"))
    yield context.new_page()
    context.close()


@pytest.fixture
def code():
    """Return a credit code that no run before has used."""
    organisation = f"{time.time_ns() // 1_000_000 % 10**8:08d}"
    stem = f"91999901{organisation}{organisation_check(organisation)}"
    return stem + check_character(stem)


def send(form):
    form.locator("button[type=submit]").click()


def register(page, living, code):
    page.goto(f"{living}/services")
    settle(page)
    page.locator("[data-test=new-firm]").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("统一社会信用代码").fill(code)
    dialog.get_by_label("机构", exact=False).first.fill(f"演练检测 {code[-6:]}")
    dialog.get_by_label("类别").select_option("testing")
    dialog.get_by_label("资质", exact=True).fill("检验检测机构资质认定（演练）")
    dialog.get_by_label("联系人").fill("演练联系人")
    send(dialog)
    page.wait_for_url(f"**/services/firms/{code}")
    settle(page)


def enter_work(page, known):
    begun = date.today() - timedelta(days=30)
    page.locator("[data-test=new-work]").click()
    form = page.locator("[data-test=work-form]")
    form.locator("[data-test=work-enterprise]").fill(known["enterprise"])
    form.locator("[data-test=work-title]").fill("季度监测报告（演练）")
    form.locator("[data-test=work-contract]").fill("HT-演练-01")
    form.locator("[data-test=work-begun]").fill(begun.isoformat())
    send(form)
    page.wait_for_url("**/services/works/FW-*")
    settle(page)
    expect(page.get_by_text("HT-演练-01")).to_be_visible()


def end_work(page):
    page.locator("[data-test=change-work]").click()
    form = page.locator("[data-test=change-form]")
    form.locator("[data-test=ended]").fill((date.today() - timedelta(days=2)).isoformat())
    form.locator("[data-test=change-reason]").fill("成果已交付")
    send(form)
    expect(form).to_have_count(0)


def check_work(page, answer):
    page.locator("[data-test=check]").click()
    form = page.locator("[data-test=check-form]")
    for name in ("complete", "sound", "method", "conclusion", "timely"):
        form.locator(f"[data-test=check-{name}]").select_option(answer)
    send(form)
    expect(form).to_have_count(0)


def mark(page, kind, words):
    page.locator("[data-test=new-mark]").click()
    form = page.locator("[data-test=mark-form]")
    form.get_by_label("类别").select_option(kind)
    form.get_by_label("内容").fill(words)
    send(form)
    expect(form).to_have_count(0)


def propose(page, to, reason):
    page.locator(f"[data-test=to-{to}]").click()
    form = page.locator("[data-test=standing-form]")
    form.get_by_label("理由").fill(reason)
    send(form)


def test_a_firm_from_its_entry_to_its_exit(page, leader, living, known, code, shoot, faults):
    register(page, living, code)
    firm = f"{living}/services/firms/{code}"
    standing = page.locator(".detail-head .tone").first
    expect(standing).to_have_text("在册")
    expect(page.get_by_text("暂无评价").first).to_be_visible()
    enter_work(page, known)
    end_work(page)
    check_work(page, "yes")
    expect(page.locator(".detail-head .tone").first).to_have_text("合格")
    shoot("services-work")
    page.goto(firm)
    settle(page)
    expect(page.get_by_text("A 优秀").first).to_be_visible()
    mark(page, "falsified", "出具虚假监测报告（演练）")
    expect(standing).to_have_text("预警")
    expect(page.get_by_text("规则建议：建议退出")).to_be_visible()
    shoot("services-firm-warned")
    propose(page, "exited", "出具虚假报告")
    expect(page.locator("[data-test=proposal-open]")).to_contain_text("出具虚假报告")
    expect(page.locator("[data-test=approve]")).to_have_count(0)
    leader.goto(firm)
    settle(leader)
    leader.locator("[data-test=decision-reason]").fill("同意退出")
    leader.locator("[data-test=approve]").click()
    expect(leader.locator(".detail-head .tone").first).to_have_text("退出")
    page.reload()
    settle(page)
    expect(standing).to_have_text("退出")
    expect(page.locator("[data-test=new-work]")).to_have_count(0)
    assert faults == []
    propose(page, "listed", "整改完成")
    expect(page.get_by_role("alert")).to_contain_text("不能恢复")
    shoot("services-firm-exited")
    page.locator("[data-test=works] a").first.click()
    page.wait_for_url("**/services/works/FW-*")


def test_a_poor_work_is_warned_of_with_its_reason(page, living, known, code):
    register(page, living, code)
    enter_work(page, known)
    check_work(page, "no")
    page.goto(f"{living}/services/firms/{code}")
    settle(page)
    expect(page.locator(".detail-head .tone").first).to_have_text("预警")
    expect(page.get_by_text("质量检查不合格").first).to_be_visible()
