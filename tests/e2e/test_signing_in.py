"""Signing in with a real browser."""

from uuid import uuid4

from playwright.sync_api import expect


def test_a_stranger_sees_the_sign_in_page_and_nothing_from_outside(page, living, outside, shoot):
    page.goto(f"{living}/map")
    expect(page).to_have_url(f"{living}/signin?next=/map")
    shoot("signin")


def test_a_wrong_password_is_told_in_words(page, living, outside):
    page.goto(f"{living}/signin")
    page.locator("input[autocomplete=username]").fill("admin")
    page.locator("input[autocomplete=current-password]").fill("not this")
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("密码")


def test_who_signs_in_comes_to_the_desk(page, sign_in, shoot, faults):
    sign_in("admin")
    expect(page.locator("h1").first).to_contain_text("值班台")
    shoot("desk")
    assert faults == []


def test_who_guesses_is_kept_waiting_in_words(page, living, outside):
    page.goto(f"{living}/signin")
    page.locator("input[autocomplete=username]").fill(f"nobody{uuid4().hex[:6]}")
    for _ in range(6):
        page.locator("input[autocomplete=current-password]").fill("a guess")
        with page.expect_response("**/api/v1/session") as answer:
            page.locator("button[type=submit]").click()
    assert answer.value.status == 429
    expect(page.get_by_role("alert")).to_contain_text("分钟")
