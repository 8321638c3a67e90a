"""The duty desk and what stands around every room: live values, language, theme, keys, sharing."""

import re
import time

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

TWO_MINUTES = 120_000


@pytest.fixture
def entered():
    return "duty"


def test_a_value_on_the_screen_changes_by_itself(open_room, page, known, faults):
    open_room(f"/places/{known['air_station']}")
    values = page.locator(".last-value b")
    before = values.all_inner_texts()
    assert before
    ending = time.monotonic() + TWO_MINUTES / 1000
    while values.all_inner_texts() == before and time.monotonic() < ending:
        page.wait_for_timeout(500)
    assert values.all_inner_texts() != before
    assert faults == []


def test_the_desk_counts_by_itself(open_room, page, faults):
    open_room("/")
    figures = page.locator("[data-figure='devices'] .figure-value")
    expect(figures).to_contain_text("%")
    frames = page.locator(".desk-figures")
    before = frames.inner_text()
    expect(frames).not_to_have_text(before, timeout=TWO_MINUTES)
    assert faults == []


def test_an_alert_is_handed_over_in_two_clicks(open_room, page, shoot, faults):
    open_room("/")
    page.locator(".desk-hand").first.click()
    form = page.get_by_role("dialog")
    expect(form.locator("textarea, input").first).to_be_visible()
    shoot("hand-over")
    form.locator("button[type=submit]").click()
    handed = page.locator(".desk-handed a")
    expect(handed).to_be_visible()
    handed.click()
    settle(page)
    expect(page.locator("main")).to_contain_text("线索")
    assert faults == []


def test_the_language_is_switched_and_kept(open_room, page):
    open_room("/")
    expect(page.locator("h1")).to_contain_text("值班台")
    page.locator(".bar-wide", has_text="English").click()
    expect(page.locator("h1")).to_contain_text("Duty desk")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.locator("h1")).to_contain_text("Duty desk")


def test_the_night_theme_is_kept(open_room, page):
    open_room("/")
    day = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    page.locator(".bar-me").click()
    page.get_by_role("menuitem", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") != day


def test_patterns_for_colour_vision_are_switched_on(open_room, page):
    open_room("/")
    page.locator(".bar-me").click()
    page.get_by_role("menuitem", name="打开色觉辅助纹理").click()
    assert page.evaluate("() => localStorage['huanzhi.patterns']") == "yes"


def test_the_keyboard_alone_goes_from_desk_to_station_to_map(open_room, page, known, faults):
    open_room("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("/")
    box = page.locator(".search-box")
    expect(box).to_be_focused()
    page.keyboard.type("mncbz")
    expect(page.locator("#search-0")).to_contain_text("模拟城北站")
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/SIMAQ04*")
    settle(page)
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/map*")
    assert faults == []


def test_the_search_finds_names_codes_clauses_and_pages(open_room, page, known, shoot):
    open_room("/")
    page.keyboard.press("/")
    for words, found in [("SIMAQ01", "模拟城东站"), ("GB 3095", "GB 3095"), ("paiming", "排名")]:
        page.locator(".search-box").fill(words)
        expect(page.locator(".search-hits")).to_contain_text(found)
    page.locator(".search-box").fill(known["enterprise"])
    expect(page.locator(".search-hits")).to_contain_text(known["enterprise_name"])
    shoot("search")


def test_what_is_shared_is_seen_by_others(open_room, page, known, living):
    open_room(f"/places/{known['air_station']}?span=24h")
    page.locator(".detail .share-button").click()
    address = page.locator(".share-address").last
    expect(page.locator(".share-code").last).to_be_visible()
    dark = page.locator(".share-code .share-dark").last.get_attribute("d")
    assert dark.count("M") > 100
    other = page.context.new_page()
    other.goto(address.input_value())
    settle(other)
    expect(other.locator(".tools-spans [aria-pressed=true]")).to_have_text("24 小时")
    assert re.sub(r"#.*", "", other.url) == re.sub(r"#.*", "", page.url)
    other.close()
