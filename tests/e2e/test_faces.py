"""The other faces: the enterprise, the stranger, the big screen, the phone, paper."""

import re

import pytest
from playwright.sync_api import expect

BIG = {"bigscreen": (1920, 1080), "bigscreen-wide": (3840, 1080)}
PHONE = {
    "desk": "/",
    "map": "/map",
    "place": "/places/{air_station}",
    "registers": "/registers",
    "network": "/network",
}
SIZE = """() => [document.documentElement.scrollWidth - innerWidth,
  document.documentElement.scrollHeight - innerHeight]"""
A4 = (595, 842)
"""Points."""


@pytest.fixture
def entered(request):
    return getattr(request, "param", "admin")


@pytest.fixture
def view(request):
    width, height = getattr(request, "param", (1440, 900))
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": width, "height": height}}


@pytest.mark.parametrize(("name", "view"), BIG.items(), indirect=["view"])
def test_the_big_screen_fills_its_wall(name, open_room, page, shoot, faults):
    open_room("/screen")
    expect(page.locator(".big-middle")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator(".big-air .number").first).to_be_visible()
    page.wait_for_timeout(1_000)
    shoot(name)
    wide, tall = page.evaluate(SIZE)
    assert wide <= 0
    assert tall <= 0
    assert faults == []


@pytest.mark.parametrize("view", [(390, 844)], indirect=True)
@pytest.mark.parametrize("name", PHONE)
def test_a_phone_shows_it_without_scrolling_sideways(name, known, open_room, page, shoot, faults):
    open_room(PHONE[name].format(**known))
    shoot(f"phone-{name}")
    assert page.evaluate(SIZE)[0] <= 0
    expect(page.locator(".rail-here, .rail .router-link-exact-active, .rail").first).to_be_visible()
    assert faults == []


@pytest.mark.parametrize("entered", ["enterprise"], indirect=True)
def test_an_enterprise_sees_its_own_and_nothing_else(open_room, page, known, shoot, faults):
    open_room("/")
    expect(page.locator(".own-head a").first).to_be_visible()
    shoot("enterprise-face")
    own = page.locator(".own-head a").first.get_attribute("href")
    open_room(own)
    expect(page.locator("h1").first).to_be_visible()
    faults.clear()
    other = known["enterprise"] if known["enterprise"] not in own else "none"
    open_room(f"/enterprises/{other}")
    expect(
        page.locator(
            "[data-state=no_right], [data-state=nothing], [data-state=absent], [data-state=error]"
        ).first
    ).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(known["enterprise_name"])


@pytest.mark.parametrize("entered", ["township"], indirect=True)
def test_a_room_without_a_right_says_so(open_room, page, shoot):
    open_room("/audit")
    expect(page.locator("[data-state=no_right]").first).to_contain_text("无权查看")
    shoot("no-right-audit")


@pytest.mark.parametrize("entered", [""], indirect=True)
def test_a_stranger_sees_what_is_open(open_room, page, faults):
    open_room("/open")
    expect(page.locator("h1").first).to_be_visible()
    assert faults == []


def test_an_address_that_is_not_there_says_so(open_room, page, faults):
    open_room("/nothing/here")
    expect(page.locator("main")).to_contain_text("没有这个页面")
    assert faults == []


@pytest.mark.parametrize("path", ["/rankings?medium=air&by=station", "/network", "/places/{air_station}"])
def test_paper_is_white_a4_and_without_the_frame(path, open_room, page, known, tmp_path):
    open_room(path.format(**known))
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator(".bar")).to_be_hidden()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    width, height = map(float, re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", paper).groups())
    assert sorted((round(width), round(height))) == pytest.approx(A4, abs=2)
