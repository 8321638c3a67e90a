"""督察整改: the second person refuses a write-off with his reason; another is approved; the chart changes."""

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle


@pytest.fixture
def view():
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1920, "height": 1080}}


@pytest.fixture
def desk(browser, living, view, states):
    """Return what opens a page for somebody who has signed in."""
    contexts = []

    def opened(name):
        contexts.append(browser.new_context(**view, storage_state=states(name)))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def filed(page, living):
    """Return two tasks that wait to be written off; a city has some, and each run takes one or two."""
    rows = page.request.get(f"{living}/api/v1/rectification?state=filing&limit=50").json()["items"]
    tasks = [page.request.get(f"{living}/api/v1/rectification/{row['number']}").json() for row in rows]
    free = [
        one["number"]
        for one in tasks
        if not any(each["state"] == "open" for each in one["write_off"])
        and one["organisation"] != "990001-branch"
    ]
    if len(free) < 2:
        pytest.skip("no two tasks wait to be written off in this city")
    return free[:2]


def propose(page, living, number):
    page.goto(f"{living}/rectification/{number}")
    settle(page)
    page.locator("[data-test=move-write_off]").click()
    page.get_by_label("销号结论").fill("五项标准均已落实")
    page.locator(".do button[type=submit]").click()
    expect(page.locator(".write-off")).to_contain_text("待第二人审批")


def done(page, living):
    """Return how many tasks the wall says are written off, and its chart's last sum."""
    page.goto(f"{living}/rectification")
    settle(page)
    number = int(page.locator("[data-figure=done]").inner_text())
    wall = page.request.get(f"{living}/api/v1/rectification/wall").json()
    sums = [one["done_sum"] for one in wall["months"] if one["done_sum"] is not None]
    expect(page.locator(".wall canvas").first).to_be_visible()
    return number, sums[-1]


def test_a_write_off_is_refused_then_another_approved_and_the_chart_changes(desk, living, shoot):
    duty, second = desk("duty"), desk("supervisor")
    first, other = filed(duty, living)
    before = done(duty, living)

    propose(duty, living, first)
    expect(duty.locator(".write-off textarea")).to_have_count(0)
    second.goto(f"{living}/rectification/{first}")
    settle(second)
    second.get_by_role("button", name="不予销号").click()
    expect(second.locator(".write-off [role=alert]")).to_contain_text("理由")
    second.locator(".write-off textarea").fill("长效机制没有建立，退回整改")
    second.get_by_role("button", name="不予销号").click()
    expect(second.locator(".write-off")).to_contain_text("长效机制没有建立")
    expect(second.locator("h1")).to_contain_text("整改中")
    assert done(duty, living) == before

    propose(duty, living, other)
    second.goto(f"{living}/rectification/{other}")
    settle(second)
    second.get_by_role("button", name="同意销号").click()
    expect(second.locator("h1")).to_contain_text("已销号")
    issue = second.request.get(f"{living}/api/v1/rectification/{other}").json()["issue"]
    assert second.request.get(f"{living}/api/v1/issues/{issue}").json()["state"] == "written_off"
    assert done(duty, living) == (before[0] + 1, before[1] + 1)
