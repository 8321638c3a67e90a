"""A warning that stands becomes a dispatched issue in two clicks, and is seen among the issues."""

import time

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

PATIENT = 40_000
WAITING = ("clue", "accepted")


def items(page, path):
    return page.evaluate("path => fetch(path).then(answer => answer.json())", path).get("items", [])


def waits(page, row):
    """Say whether a warning has no issue yet, or one that was not dispatched."""
    if not row["issue"]:
        return bool(row["region"])
    found = page.evaluate("path => fetch(path).then(one => one.json())", f"/api/v1/issues/{row['issue']}")
    return found.get("state") in WAITING


def standing(page, seconds=20):
    """Return a warning that stands and waits for an officer."""
    ending = time.monotonic() + seconds
    while time.monotonic() < ending:
        for row in items(page, "/api/v1/warnings?state=open&heads=true&limit=50"):
            if waits(page, row):
                return row["code"]
        page.wait_for_timeout(2000)
    return None


def test_a_warning_becomes_a_dispatched_issue_in_two_clicks(page, living, sign_in, shoot):
    sign_in("duty")
    code = standing(page)
    if code is None:
        pytest.skip("no warning stands in this city now")
    page.goto(f"{living}/warnings")
    settle(page)
    link = page.get_by_role("link", name=code)
    expect(link).to_be_visible(timeout=PATIENT)
    link.click()
    settle(page)
    page.locator(".warn-dispatch").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("textarea").first).not_to_have_value("", timeout=PATIENT)
    shoot("warning-dispatch")
    dialog.locator("button[type=submit]").click()
    done = page.locator(".warn-done a")
    expect(done).to_be_visible(timeout=PATIENT)
    number = done.inner_text()
    assert number.startswith("HZ-")
    shoot("warning-dispatched")
    page.goto(f"{living}/issues?state=dispatched")
    settle(page)
    expect(page.get_by_role("link", name=number)).to_be_visible(timeout=PATIENT)
    told = page.evaluate("path => fetch(path).then(one => one.json())", f"/api/v1/warnings/{code}")
    assert told["issue"] == number and told["handling_minutes"] is not None
    assert "dispatched" in [one["kind"] for one in told["changes"]]


@pytest.mark.parametrize("room", ["", "/sections", "/air", "/rules", "/rules/new"])
def test_the_rooms_of_warnings_open_without_faults(living, sign_in, open_room, faults, page, room):
    sign_in("duty")
    open_room(f"/warnings{room}")
    expect(page.locator("h1")).to_be_visible()
    assert page.locator('[data-state="error"], [data-state="no_right"]').count() == 0
    assert faults == []


def test_an_episode_that_is_over_lies_beside_the_days_around_it(living, sign_in, open_room, faults, page):
    sign_in("leader")
    open_room("/warnings/air")
    told = page.evaluate("() => fetch('/api/v1/warnings/air').then(answer => answer.json())")
    begun = [one["code"] for one in told["episodes"] if one["started"]]
    assert begun
    page.locator(f'a[href$="/warnings/air/effects/{begun[-1]}"]').click(timeout=PATIENT)
    expect(page.locator("h1")).to_be_visible(timeout=PATIENT)
    expect(page.locator(".effect-means tbody tr")).to_have_count(3, timeout=PATIENT)
    assert page.locator('[data-state="error"], [data-state="no_right"]').count() == 0
    assert faults == []
