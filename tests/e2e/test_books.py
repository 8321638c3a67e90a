"""Rankings, imports, registers, people, audit: what officers write and why it is as it is."""

import re
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import PASSWORD, enter, settle

CHINA = timezone(timedelta(hours=8))
GOOD = "station,time,parameter,value,unit,simulated\nE2E-W1,2026-01-05T08:00,w01018,12.5,mg/L,1\n"
BAD = GOOD + "E2E-W1,2026-01-05T09:00,w01018,twelve,mg/L,1\n"


@pytest.fixture
def entered():
    return "admin"


def month_before():
    """Return the month before this one, in China."""
    return (datetime.now(CHINA).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def test_a_rank_is_explained_down_to_clause_and_inputs(open_room, page, shoot, faults):
    first = page.locator("tbody td.number strong").first
    for _ in range(100):  # the past of the city is still being filled in
        open_room(f"/rankings?medium=air&by=station&period={month_before()}")
        if first.count() and "1" in first.inner_text():
            break
        page.wait_for_timeout(3_000)
    expect(page.locator("tbody")).to_contain_text("模拟城东站")
    page.locator("tbody .book-link").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".why-steps li").first).to_be_visible()
    expect(drawer).to_contain_text("GB 3095")
    shoot("ranking-why")
    assert faults == []


def hand_in(page, text, name="water.csv"):
    """Hand a file in, and wait for its preview or its refusal."""
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.locator(".drop-input").set_input_files(file)


def test_a_file_that_nobody_can_read_says_why(open_room, page, shoot):
    open_room("/imports")
    hand_in(page, "a,b\n1,2\n")
    fault = page.get_by_role("alert")
    expect(fault).to_contain_text("这个文件没有读进来")
    expect(fault).to_contain_text("库中没有写入任何内容")
    shoot("import-refused")


def test_a_bad_value_is_named_by_row_column_and_expectation(open_room, page, shoot, faults):
    open_room("/imports")
    hand_in(page, BAD)
    page.wait_for_url(re.compile(r"/imports/.+"))
    settle(page)
    line = page.locator(".list-grid tbody tr", has_text="twelve")
    cells = line.locator("td")
    expect(cells.nth(0)).to_have_text("3")
    expect(cells.nth(1)).to_have_text("value")
    expect(cells.nth(2)).to_have_text("twelve")
    expect(cells.nth(3)).not_to_be_empty()
    expect(cells.nth(4)).not_to_be_empty()
    shoot("import-preview-faults")
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".tone")).to_have_text("已撤销")
    assert faults == []


def test_a_good_file_is_accepted_with_a_receipt(open_room, page, shoot, faults):
    open_room("/imports")
    hand_in(page, GOOD.replace("E2E-W1", f"E2E-{uuid4().hex[:6]}"))
    page.get_by_role("button", name="确认导入 1 个数值").click()
    expect(page.locator("main")).to_contain_text("导入回执")
    shoot("import-receipt")
    assert faults == []


def field(page, label):
    """Return the field of a form by the beginning of its label."""
    return page.locator(
        ".schema-form .form-line", has=page.locator(f"label:text-matches('^{label}')")
    ).locator("input, select, textarea")


def test_a_register_says_what_is_wrong_beside_the_field_then_keeps_it(open_room, page, shoot, faults):
    code = f"E2E-{uuid4().hex[:6]}"
    open_room("/registers/river-outfall/new")
    page.locator("button[type=submit]").click()
    wrong = page.locator(".field-wrong")
    expect(wrong.first.locator(".field-fault")).to_have_text("此项必填")
    expect(wrong.first.locator("input, select, textarea").first).to_be_focused()
    shoot("register-fault")
    for line in page.locator(".schema-form .form-line:has(.field-must)").all():
        box = line.locator("input, select, textarea").first
        if box.evaluate("one => one.tagName") == "SELECT":
            box.select_option(index=1)
        else:
            box.fill("990001" if "区" in line.inner_text() else code)
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"**/registers/river-outfall/{code}*")
    settle(page)
    expect(page.locator("h1")).to_contain_text(code)
    shoot("register-record")
    page.goto(page.url.split("/registers")[0] + f"/audit?kind=register:river-outfall&key={code}")
    settle(page)
    expect(page.locator(".book-grid tbody tr").first).to_contain_text("新增")
    assert faults == []


def test_an_inspector_cannot_grant_and_sees_why(page, states, browser, view, living):
    context = browser.new_context(**view, storage_state=states("inspector"))
    other = context.new_page()
    other.goto(f"{living}/people/duty")
    settle(other)
    if (grant := other.get_by_role("button", name="授予角色")).count():
        grant.first.click()
        field(other, "角色").select_option(index=1)
        field(other, "区域代码").fill("990001")
        other.locator(".schema-form button[type=submit]").click()
        expect(other.get_by_role("alert")).to_be_visible()
    else:
        expect(other.locator("[data-state=no_right]")).to_be_visible()
    context.close()


def test_a_new_person_is_granted_a_role_and_changes_the_password(
    open_room, page, browser, view, living, shoot
):
    code = f"e2e{uuid4().hex[:6]}"
    open_room("/people")
    page.get_by_role("button", name="新增人员").click()
    field(page, "用户名").fill(code)
    field(page, "姓名").fill("模拟新人")
    page.locator(".schema-form button[type=submit]").click()
    secret = page.locator(".secret code").inner_text()
    open_room(f"/people/{code}")
    page.get_by_role("button", name="授予角色").click()
    field(page, "角色").select_option("leader")
    field(page, "区域代码").fill("990001")
    page.locator(".schema-form button[type=submit]").click()
    expect(page.locator(".book-grid")).to_contain_text("990001")
    shoot("person-granted")
    open_room("/audit")
    expect(page.locator(".book-grid tbody")).to_contain_text(code)
    changes_its_password(browser.new_context(**view), living, code, secret)


def changes_its_password(context, living, code, secret):
    """A first password leads to nothing but a new one."""
    page = context.new_page()
    enter(page, living, code, secret)
    expect(page).to_have_url(re.compile("/password"))
    expect(page.get_by_role("status")).to_contain_text("须先修改密码")
    new = f"{PASSWORD}-{uuid4().hex[:6]}"
    for name, text in [("old", secret), ("new", new), ("again", new)]:
        page.locator(f"#password-{name}").fill(text)
    page.locator("button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text("值班台")
    context.close()
