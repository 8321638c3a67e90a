"""A policy document becomes a ledger: imported, reviewed, assigned, reported on, overdue, written off by two.

The real document is used where ``../shared/documents`` is there, a made-up one of the same kind elsewhere.
"""

import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import SCREENS

SHARED = Path(__file__).parents[2] / "../shared/documents"
MADE_UP = """模拟市环境治理实施意见
一、目标要求
到2025年,环境治理效能充分显现,全市河道断面达标率达到95%以上。
附件
重点举措清单
序号
主要
任务
重点举措和完成时限
牵头部门
1
健全责任体系
1
建立环境质量综合排名制度(2020年)
市生态环境局
2
完善河湖长责任体系(2020-2021年)
市水利局、市生态环境局
2
健全监管体系
3
建立问题发现机制
市生态环境局
"""


@pytest.fixture
def entered():
    return "duty"


@pytest.fixture
def document(tmp_path):
    """Return the document, with a line of its own so that each run takes in another file."""
    found = sorted(SHARED.glob("000_*.txt"))
    text = found[0].read_text(encoding="utf-8") if found else MADE_UP
    file = tmp_path / "实施意见.txt"
    file.write_text(f"{text}\n{uuid.uuid4()}\n", encoding="utf-8")
    return file, bool(found)


def other(browser, states, name, view):
    context = browser.new_context(**view, storage_state=states(name))
    context.set_default_timeout(40_000)
    return context.new_page()


def test_from_the_document_to_the_write_off(page, browser, states, view, living, document, faults):
    file, real = document
    page.goto(f"{living}/plans")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("地区代码").fill("990001")
    page.get_by_role("button", name="导入", exact=True).click()
    page.wait_for_url(re.compile("/plans/WJ-"))
    expect(page.locator(".review-tabs button").first).to_contain_text("73" if real else "3")
    first = page.locator(".review-list li").first
    expect(first).to_contain_text("建立环境质量综合排名制度")
    expect(page.locator('mark[data-on="true"]')).to_contain_text("建立环境质量综合排名制度")

    page.get_by_role("button", name="责任单位").click()
    row = page.locator(".bodies tr", has_text=re.compile("^市生态环境局"))
    row.locator("select").select_option(label="模拟市生态环境局")
    row.get_by_role("button", name="确认").click()
    expect(row).to_contain_text("已确认")

    page.get_by_role("button", name="举措").first.click()
    page.keyboard.press("a")
    expect(first).to_contain_text("已采纳")
    page.keyboard.press("x")
    page.get_by_label("理由").fill("已并入上一项")
    page.get_by_role("button", name="舍弃").click()
    expect(page.locator(".review-list li").nth(1)).to_contain_text("已舍弃")
    page.screenshot(path=SCREENS / "plans-review.png")

    number = page.url.rpartition("/")[2].partition("?")[0]
    ledger = page.context.request.get(f"{living}/api/v1/plan-measures?document={number}").json()
    assert [one["title"] for one in ledger["items"]] == [
        "建立环境质量综合排名制度、环境质量改善幅度排名制度" if real else "建立环境质量综合排名制度"
    ]
    measure = ledger["items"][0]["number"]
    page.goto(f"{living}/plan-measures/{measure}")
    expect(page.get_by_text("超期").first).to_be_visible()
    page.get_by_role("button", name="督办").click()
    page.get_by_label("说明").fill("已超期,请尽快报送")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已超期,请尽快报送")).to_be_visible()
    page.get_by_role("button", name="分派").click()
    page.get_by_label("牵头单位").select_option(label="模拟市水利局")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("模拟市水利局").first).to_be_visible()

    water = other(browser, states, "department", view)
    water.goto(f"{living}/plan-measures/{measure}")
    water.get_by_role("button", name="报送进展").click()
    water.get_by_label("进度").fill("80")
    water.get_by_label("说明").fill("制度已起草")
    water.get_by_role("button", name="提交").click()
    expect(water.get_by_text("制度已起草")).to_be_visible()
    water.locator("input[type=file]").set_input_files(file)
    water.get_by_role("button", name="上传").click()
    expect(water.get_by_role("link", name="实施意见.txt")).to_be_visible()
    water.get_by_role("button", name="报告完成").click()
    water.get_by_label("说明").fill("制度已印发")
    water.get_by_role("button", name="提交").click()
    expect(water.get_by_text("待核销").first).to_be_visible()
    water.context.close()

    page.reload()
    page.get_by_role("button", name="提请销号").click()
    page.get_by_label("销号结论").fill("制度已印发并执行")
    page.get_by_role("button", name="提请", exact=True).click()

    leader = other(browser, states, "leader", view)
    leader.goto(f"{living}/people?tab=proposals")
    token = leader.context.request.get(f"{living}/api/v1/session").json()
    found = leader.context.request.get(f"{living}/api/v1/proposals?state=open&limit=1000").json()["items"]
    proposal = next(one for one in found if one["subject"] == measure)
    answer = leader.context.request.post(
        f"{living}/api/v1/proposals/{proposal['id']}/approve",
        data={"reason": "同意"},
        headers={"X-CSRFToken": token["csrf"]},
    )
    assert answer.ok, answer.text()
    leader.context.close()

    page.reload()
    expect(page.get_by_text("已销号").first).to_be_visible()
    page.screenshot(path=SCREENS / "plans-measure.png")
    page.goto(f"{living}/plans?tab=board")
    expect(page.get_by_text("模拟市水利局").first).to_be_visible()
    assert faults == []
