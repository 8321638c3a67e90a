"""An enterprise appeals against its colour; an officer repairs credit; anybody checks a signed code."""

import json
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

API = "/api/v1"


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
    """Read the API as the person of the page."""
    answer = page.request.get(f"{living}{API}/{path}")
    assert answer.ok, answer.text()
    return json.loads(answer.text())


def entered(page, living, enterprise, kind):
    """Let an officer enter an event of today."""
    token = asked(page, living, "session")["csrf"]
    body = {
        "enterprise": enterprise,
        "kind": kind,
        "day": (date.today() - timedelta(days=1)).isoformat(),
        "words": "模拟登记",
    }
    answer = page.request.post(f"{living}{API}/code-events", data=body, headers={"X-CSRFToken": token})
    assert answer.ok, answer.text()
    return json.loads(answer.text())


def test_an_enterprise_appeals_against_its_colour_and_the_bureau_decides(opened, living):
    mine, desk, officer = opened("enterprise"), opened("legal"), opened("permits")
    own = asked(mine, living, "codes?which=code")["items"][0]["enterprise"]
    entered(officer, living, own, "data_fraud")
    mine.goto(f"{living}/codes/{own}")
    expect(mine.locator('[data-test="level"]')).to_have_text("红码")
    reason = mine.locator('[data-test="reason-data_fraud"]').first
    reason.locator('[data-test="appeal"]').click()
    form = mine.get_by_role("dialog")
    form.get_by_label("申诉理由").fill("当日设备校准，数据已备案（模拟）")
    form.get_by_role("button", name="提交申诉").click()
    expect(form).to_be_hidden()
    made = asked(desk, living, "code-appeals?state=open&sort=-filed")["items"][0]
    desk.goto(f"{living}/codes/appeals/{made['number']}")
    desk.get_by_label("结论").select_option(label="成立，事件不计")
    desk.get_by_label("理由").fill("校准备案属实（模拟）")
    desk.get_by_role("button", name="审定").click()
    expect(desk.get_by_text("段历史")).to_be_visible()
    row = asked(mine, living, f"code-appeals/{made['number']}")
    assert row["state"] == "accepted" and row["outcome"]["after"]["state"] == "struck"


def test_an_officer_repairs_credit_where_the_conditions_are_met(opened, living):
    officer, desk = opened("permits"), opened("legal")
    rows = asked(officer, living, "code-events?kind=penalty&sort=-day")["items"]
    published = [one for one in rows if one["published"] and not one["repaired"] and one["until"]]
    if not published:
        pytest.skip("every published penalty of the living city is repaired already")
    event = published[0]
    officer.goto(f"{living}/codes/{event['enterprise']}?which=credit")
    held = asked(officer, living, f"credit-repairs?event={event['code']}&state=open")["items"]
    if not held:
        token = asked(officer, living, "session")["csrf"]
        body = {"grade": "ordinary", "duty_done": event["until"], "commitment": True, "proof": "缴款凭证"}
        path = f"{living}{API}/code-events/{event['code']}/repair"
        answer = officer.request.post(path, data=body, headers={"X-CSRFToken": token})
        assert answer.ok, answer.text()
        held = [json.loads(answer.text())]
    desk.goto(f"{living}/codes/repairs/{held[0]['number']}")
    expect(desk.locator('[data-test="conditions"]')).to_have_text("条件满足")
    desk.get_by_label("结论").select_option(label="准予修复")
    desk.get_by_label("理由").fill("条件满足，准予修复（模拟）")
    desk.get_by_role("button", name="审定").click()
    expect(desk.get_by_text("已修复").first).to_be_visible()
    assert asked(desk, living, f"code-events/{event['code']}")["repaired"]


def test_anybody_checks_a_signed_code(opened, living):
    mine, public = opened("enterprise"), opened()
    own = asked(mine, living, "codes?which=code")["items"][0]["enterprise"]
    token = asked(mine, living, f"codes/{own}/token")["token"]
    public.goto(f"{living}/open/code/{token}")
    expect(public.locator('[data-test="checked"]')).to_contain_text("核验通过")
    public.goto(f"{living}/open/code/{token[:-6]}AAAAAA")
    expect(public.locator('[data-test="forged"]')).to_contain_text("核验不通过")
