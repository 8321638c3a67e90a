"""One map: the marks are drawn, clicked, chosen, taken away as a picture."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

PLACES = """code => {
  const map = window.__map
  const layers = map.getStyle().layers.filter(one => one.id.endsWith('.mark')).map(one => one.id)
  const found = map.queryRenderedFeatures({ layers }).find(one => one.properties.code === code)
  if (!found) return null
  const at = map.project(found.geometry.coordinates)
  const box = map.getCanvas().getBoundingClientRect()
  return [box.x + at.x, box.y + at.y]
}"""
CENTRE = "() => [window.__map.getCenter().lng, window.__map.getZoom()]"


def holding(part):
    """Return a pattern of addresses that hold a part."""
    return re.compile(re.escape(part))


@pytest.fixture
def entered():
    return "duty"


def test_a_click_on_a_station_shows_its_curve_and_opens_its_page(open_room, page, known, shoot, faults):
    open_room("/map")
    x, y = page.evaluate(PLACES, known["air_station"])
    page.mouse.move(x, y)
    expect(page.locator(".mark-card")).to_be_visible()
    page.mouse.click(x, y)
    panel = page.locator(".place-panel")
    expect(panel).to_contain_text(known["air_station"])
    expect(panel.locator("canvas, svg").first).to_be_visible()
    expect(page).to_have_url(holding(f"pick={known['air_station']}"))
    shoot("map-picked")
    panel.locator("h2 a").click()
    page.wait_for_url(f"**/places/{known['air_station']}*")
    settle(page)
    expect(page.locator(".chart-box canvas")).to_be_visible()
    assert faults == []


def test_places_in_a_box_become_the_selection_that_every_page_obeys(open_room, page, faults):
    open_room("/map")
    page.locator("[data-tool=box]").click()
    box = page.locator(".map-box").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 500, steps=5)
    page.mouse.up()
    chip = page.locator(".selection-chip").first
    expect(chip).to_be_visible()
    chip.locator("input[type=checkbox]").check()
    expect(page).to_have_url(holding("filter=1"))
    assert faults == []


def test_the_address_of_a_map_gives_the_same_map(open_room, page, faults):
    open_room("/map?c=124.4,28.2&z=12")
    lng, zoom = page.evaluate(CENTRE)
    assert (round(lng, 3), round(zoom, 1)) == (124.4, 12.0)
    assert faults == []


def test_the_map_is_taken_away_as_a_picture(open_room, page, tmp_path, faults):
    open_room("/map")
    page.locator("[data-tool=picture]").click()
    expect(page.locator(".export-picture")).to_be_visible()
    with page.expect_download() as taken:
        page.locator(".export-verbs button").first.click()
    path = tmp_path / "map.png"
    taken.value.save_as(path)
    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert path.stat().st_size > 50_000
    assert faults == []


def test_a_layer_is_switched_on_and_remembered(open_room, page):
    open_room("/map")
    box = page.get_by_role("checkbox", name="地下水井")
    box.check()
    page.reload()
    settle(page)
    expect(page.get_by_role("checkbox", name="地下水井")).to_be_checked()
