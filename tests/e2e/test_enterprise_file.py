"""The enterprise file: its own enterprise explains an exceedance, an officer answers, an inspector reads why.

Can be run again and again: the answer is a refusal, after which the day may be explained again.
"""

import json
import time

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

WAIT = 90
"""Seconds in which the history of the city must hold a day beyond a limit."""


@pytest.fixture
def entered():
    return "enterprise"


def asked(page, living):
    """Return what asks the platform as the person of a page."""

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


def explicable(ask):
    """Return the enterprise and the days that it may explain, once its history has any."""
    code = ask("GET", "/enterprises?limit=1")["items"][0]["code"]
    ending = time.monotonic() + WAIT
    while time.monotonic() < ending:
        ask("POST", f"/enterprise-files/{code}/grid")
        rows = ask("GET", f"/enterprise-files/{code}/exceedances?limit=200")["items"]
        open_rows = [row for row in rows if row["statement_state"] not in ("filed", "accepted")]
        if open_rows:
            return code, open_rows
        time.sleep(3)
    raise AssertionError("no day of the own enterprise lay beyond a limit")


def other(browser, states, name, view):
    context = browser.new_context(**view, storage_state=states(name))
    context.set_default_timeout(40_000)
    return context.new_page()


def test_an_exceedance_is_explained_and_answered(page, browser, states, view, living, shoot, faults):
    code, _ = explicable(asked(page, living))
    page.goto(f"{living}/?part=file")
    settle(page)
    page.locator("[data-test=explain]").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("select").select_option("process")
    words = f"来料浓度波动（演练 {int(time.time())}）"
    dialog.locator("textarea").fill(words)
    dialog.locator("[data-test=evidence]").set_input_files(
        [{"name": "记录.csv", "mimeType": "text/csv", "buffer": words.encode()}]
    )
    dialog.get_by_role("button", name="提交").click()
    expect(dialog).to_be_hidden()
    page.goto(f"{living}/?part=appeals")
    settle(page)
    shoot("enterprise-appeals")
    number = asked(page, living)("GET", "/statements?limit=1")["items"][0]["number"]

    officer = other(browser, states, "monitoring", view)
    officer.goto(f"{living}/statements")
    officer.get_by_role("button", name=number).click()
    statement = officer.locator("[data-test=statement]")
    expect(statement).to_contain_text(words)
    expect(statement).to_contain_text("记录.csv")
    statement.locator("[data-test=move-refuse]").click()
    statement.locator("textarea").fill("佐证材料不足以说明原因（演练）")
    statement.get_by_role("button", name="不予采纳").click()
    expect(statement).to_contain_text("不予采纳")
    officer.context.close()

    page.goto(f"{living}/enterprises/{code}#exceedances")
    row = page.locator("#exceedances tr", has_text=number)
    expect(row).to_contain_text("不予采纳")
    row.locator("[data-test=open-statement]").click()
    expect(page.get_by_role("dialog")).to_contain_text("佐证材料不足以说明原因（演练）")


def test_an_inspector_reads_why_and_prints(page, browser, states, view, living, shoot):
    code, _ = explicable(asked(page, living))
    inspector = other(browser, states, "inspector", view)
    inspector.goto(f"{living}/enterprises/{code}")
    settle(inspector)
    inspector.locator("[data-test=grid-cell][data-state=exceeding]").first.click()
    why = inspector.locator("[data-test=grid-why]")
    expect(why).to_contain_text("有超标日：超标")
    expect(why.locator(".why-steps a").first).to_be_visible()
    inspector.keyboard.press("Escape")
    with inspector.expect_download() as fetched:
        inspector.locator("[data-test=paper]").click()
    assert fetched.value.suggested_filename.endswith(".docx")
    inspector.emulate_media(media="print")
    expect(inspector.locator(".file-nav")).to_be_hidden()
    expect(inspector.locator("[data-section=limits] table")).to_be_attached()
    inspector.context.close()


def test_an_enterprise_opens_no_other_file(page, living):
    mine = asked(page, living)("GET", "/enterprises?limit=50")["items"]
    assert len(mine) == 1
    answer = page.request.get(f"{living}/api/v1/enterprise-files/91990001SIM0000001")
    assert answer.status == 404 or mine[0]["code"] == "91990001SIM0000001"
