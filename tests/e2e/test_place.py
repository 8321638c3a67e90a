"""The page of a place: the curve with its limit, the date by the one clock, why, and files."""

import io
import re
from datetime import datetime, timedelta, timezone

import openpyxl
import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

CHINA = timezone(timedelta(hours=8))


@pytest.fixture
def entered():
    return "duty"


@pytest.fixture
def place(open_room, page, known):
    open_room(f"/places/{known['air_station']}")
    expect(page.locator(".chart-box canvas")).to_be_visible()
    return page


def test_the_curve_has_its_limit_by_edition_and_clause(place, faults):
    expect(place.locator(".chart-box")).to_have_attribute("aria-label", re.compile(r"有效值 \d+ 个"))
    expect(place.locator(".curve-laws")).to_contain_text("GB 3095")
    assert faults == []


def test_the_clock_looks_at_a_past_moment_on_every_panel(place, faults):
    then = (datetime.now(CHINA) - timedelta(days=1)).replace(minute=0)
    place.locator(".clock .bar-button").nth(1).click()
    field = place.locator(".clock-set input").first
    field.fill(f"{then:%Y-%m-%dT%H:%M}")
    field.press("Tab")
    expect(place).to_have_url(re.compile(f"at={then:%Y-%m-%dT%H}(:|%3A)00"))
    expect(place.locator(".clock-mark")).to_have_text("历史")
    settle(place)
    expect(place.locator(".chart-box")).to_have_attribute("aria-label", re.compile(f"至 {then:%Y-%m-%d}"))
    place.keyboard.press("Escape")
    place.keyboard.press("g")
    place.keyboard.press("n")
    expect(place).to_have_url(re.compile(r"/network.*at="))
    assert faults == []


def test_why_leads_to_the_inputs_and_the_clause(place, faults):
    place.locator("[data-tab=why]").click()
    settle(place)
    expect(place.locator(".why-steps li").first).to_be_visible()
    expect(place.locator(".origins tbody tr").first).to_be_visible()
    assert faults == []


def download(page, format_name):
    """Return the bytes of a file of the chart."""
    page.locator(".chart-tools .export-menu button").click()
    with page.expect_download() as taken:
        page.get_by_role("menuitem", name=format_name).click()
    return taken.value.path().read_bytes()


def test_the_curve_is_taken_away_as_csv_xlsx_and_png(place):
    lines = download(place, "CSV").decode("utf-8-sig").splitlines()
    assert lines[0] == "# 模拟"
    csv = lines[1:]
    assert len(csv) > 24
    assert len({line.count(",") for line in csv}) == 1
    sheet = openpyxl.load_workbook(io.BytesIO(download(place, "XLSX"))).active
    assert sheet.max_row >= len(csv)
    assert download(place, "PNG")[:4] == b"\x89PNG"


def test_another_place_stands_beside(place, known):
    place.goto(f"{place.url.split('?')[0]}?with=SIMAQ02")
    settle(place)
    expect(place.locator(".chart-box canvas")).to_be_visible()
    place.locator(".chart-tools .chip").click()
    expect(place.locator(".chart table")).to_contain_text("模拟城西站")
