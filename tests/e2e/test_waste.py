"""Waste: a small firm books, the collector plans, weighs and issues, the receiver finds a difference.

Can be run again and again: each run books a pick-up of its own.
"""

import json
import re
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

CHINA = timezone(timedelta(hours=8))
OIL = "900-249-08"


@pytest.fixture
def opened(browser, view, states, living):
    """Return a page of somebody who has signed in."""
    kept = []

    def go(name, path):
        context = browser.new_context(**view, storage_state=states(name))
        kept.append(context)
        page = context.new_page()
        page.goto(f"{living}{path}")
        settle(page)
        return page

    yield go
    for context in kept:
        context.close()


def asked(page, living, method, path, body, status=True):
    """Ask the platform as the person of a page."""
    token = page.request.get(f"{living}/api/v1/session").json()["csrf"]
    answer = page.request.fetch(
        f"{living}/api/v1{path}",
        method=method,
        data=json.dumps(body),
        headers={"Content-Type": "application/json", "X-CSRFToken": token},
    )
    assert answer.ok is status, answer.text()
    return answer.json()


def pressed(page, move, verb):
    """Choose a step and take it."""
    page.locator(f"[data-test=move-{move}]").click()
    page.get_by_role("button", name=verb, exact=True).click()


def test_from_the_booking_to_the_difference(opened, living):
    day = (datetime.now(CHINA) + timedelta(days=1)).date().isoformat()
    firm = opened("workshop", "/waste?part=pickups")
    firm.locator("[data-test=book]").click()
    dialog = firm.get_by_role("dialog")
    dialog.get_by_label("废物代码").fill(OIL)
    dialog.get_by_label("数量").fill("40")
    dialog.get_by_role("button", name="预约收运").click()
    firm.wait_for_url(re.compile(r"/waste/bookings/YY-"))
    number = firm.url.rpartition("/")[2].partition("#")[0]

    collector = opened("collector", "/waste?part=pickups")
    collector.locator("[data-test=plan-route]").click()
    collector.get_by_role("dialog").get_by_role("button", name="排线").click()
    collector.wait_for_url(re.compile(r"/waste/routes/XL-"))
    settle(collector)
    expect(collector.get_by_text("大地线")).to_be_visible()
    assert day in collector.get_by_role("heading", level=1).inner_text()

    collector.goto(f"{living}/waste/bookings/{number}")
    settle(collector)
    pressed(collector, "weigh", "称重")
    expect(collector.locator("[data-test=move-manifest]")).to_be_visible()
    pressed(collector, "manifest", "开具联单")
    collector.wait_for_url(re.compile(r"/waste/manifests/\d{14}"))
    manifest = collector.url.rpartition("/")[2].partition("#")[0]
    settle(collector)
    pressed(collector, "deliver", "送达")
    expect(collector.get_by_text("已送达").first).to_be_visible()

    receiver = opened("disposal", f"/waste/manifests/{manifest}")
    expect(receiver.locator("[data-test=party-generator]")).to_contain_text("模拟小微机修厂")
    receiver.locator("[data-test=move-accept]").click()
    receiver.get_by_label(re.compile(OIL)).fill("9")
    receiver.get_by_role("button", name="确认接受", exact=True).click()
    expect(receiver.locator("[data-test=difference]")).to_contain_text("31 kg")

    firm.goto(f"{living}/waste?part=findings")
    settle(firm)
    expect(firm.get_by_role("link", name=manifest)).to_be_visible()


def test_a_firm_acts_for_itself_only(opened, living):
    firm = opened("workshop", "/waste")
    expect(firm.get_by_text("只显示本单位")).to_be_visible()
    row = {"waste": OIL, "day": "2026-01-05", "kind": "generated", "kg": 1, "enterprise": "99990001WASTECOLL"}
    assert asked(firm, living, "POST", "/waste/entries", row, False)["error"] == "waste.no_enterprise"
