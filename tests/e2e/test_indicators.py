"""A document's targets become judged ones: imported, accepted, bound, judged; both citations are seen."""

import re
import uuid

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import SCREENS


@pytest.fixture
def entered():
    return "duty"


@pytest.fixture
def document(tmp_path):
    """Return a plan of a year that no target has yet, so that each run can bind."""
    year = 2030 + uuid.uuid4().int % 70
    text = (
        f"模拟市空气改善计划(2026-{year}年)\n一、主要目标\n"
        f"到{year}年,全市PM2.5平均浓度下降到25微克/立方米,空气质量优良天数比率达到95%以上,"
        f"湿地保护率达到%。\n{uuid.uuid4()}\n"
    )
    file = tmp_path / "空气改善计划.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_from_the_document_to_the_verdict(page, living, document, faults):
    page.goto(f"{living}/plans")
    page.locator("input[type=file]").first.set_input_files(document)
    page.get_by_label("地区代码").fill("990001")
    page.get_by_role("button", name="导入", exact=True).click()
    page.wait_for_url(re.compile("/plans/WJ-"))
    page.get_by_role("button", name=re.compile("^目标 ")).click()
    page.get_by_role("button", name=re.compile("采纳其余无残缺的")).click()
    expect(page.locator(".review-list li").first).to_contain_text("已采纳")
    page.get_by_role("button", name="目标绑定").click()
    expect(page.get_by_text("残缺").first).to_be_visible()
    fine = page.locator(".bind li", has_text="PM2.5平均浓度")
    expect(fine.locator("select")).to_contain_text("同名")
    fine.get_by_role("button", name="绑定").click()
    expect(fine).to_contain_text("已绑定")
    page.screenshot(path=SCREENS / "targets-bind.png")
    fine.get_by_role("link", name=re.compile("^MB-")).click()
    page.wait_for_url(re.compile("/targets/MB-"))
    expect(page.locator("blockquote")).to_contain_text("下降到25微克/立方米")
    page.get_by_role("button", name="判定", exact=True).click()
    expect(page.get_by_role("heading", name="为什么")).to_be_visible()
    expect(page.get_by_role("heading", name="数据依据")).to_be_visible()
    expect(page.get_by_text("SHA-256").first).to_be_visible()
    page.screenshot(path=SCREENS / "targets-target.png", full_page=True)
    page.goto(f"{living}/targets")
    expect(page.get_by_text("2026年判定报告").first).to_be_visible()
    page.goto(f"{living}/scores")
    expect(page.get_by_text("平台默认").first).to_be_visible()
    assert faults == []
