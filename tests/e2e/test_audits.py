"""A responsibility audit: an inspector judges an item against the archive; another person may finish it.

Can be run again and again: nothing is finished, and each run changes one finding in words of its own.
"""

import re
import uuid

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle


@pytest.fixture
def entered():
    return "inspector"


@pytest.fixture
def working(page, living):
    """Return the number of the audit that is at work."""
    rows = page.request.get(f"{living}/api/v1/audits?limit=1000").json()["items"]
    return next(one["number"] for one in rows if one["state"] == "working")


@pytest.fixture
def leader(browser, view, states):
    """Open a page of the person who finishes."""
    context = browser.new_context(**view, storage_state=states("leader"))
    yield context.new_page()
    context.close()


def test_an_item_is_judged_and_another_person_may_finish(page, leader, living, working, shoot, faults):
    why = f"现场核实不涉及 {uuid.uuid4().hex[:6]}"
    page.goto(f"{living}/audits")
    settle(page)
    page.get_by_role("link", name=working, exact=True).click()
    page.wait_for_url(f"**/audits/{working}*")
    settle(page)
    item = page.locator("li.item").last
    item.locator("[data-test=change]").click()
    form = item.locator("form.judge")
    form.get_by_label("结论").select_option("not_applicable")
    form.get_by_label(re.compile("^理由")).fill(why)
    form.locator("[data-test=judge]").click()
    expect(form).to_have_count(0)
    expect(item).to_contain_text(why)
    expect(item.locator(".tone").last).to_have_text("不适用")
    expect(page.locator("[data-test=finish]")).to_have_count(0)
    shoot("audit-judged")

    leader.goto(f"{living}/audits/{working}")
    settle(leader)
    expect(leader.locator("li.item").last).to_contain_text(why)
    expect(leader.locator("[data-test=finish]")).to_be_visible()
    expect(leader.locator("[data-test=change]")).to_have_count(0)
    assert faults == []
